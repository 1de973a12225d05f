"""A little of the fuzzing itself: tools/fuzz.py, and the same files every time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from places import ROOT


def test_some_damaged_files_end_in_a_picture_or_a_sentence(tmp_path: Path) -> None:
    """400 files by tools/fuzz.py, in a child under limits; the evidence run has 130 000."""
    out = tmp_path / "fuzz.json"
    command = [sys.executable, str(ROOT / "tools" / "fuzz.py"), "decode", "--count", "400"]
    done = subprocess.run(
        [*command, "--start", "1000000", "--out", str(out)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    state = json.loads(out.read_text())
    assert state["next"] == 1000400
    assert state["faults"] == []
    assert sum(n for k, n in state["seen"].items() if k.endswith("read")) > 40
