"""What the fuzzer found, each kept; and a little of the fuzzing itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from places import ROOT

from catchlight.analysis.light import tone


def test_skin_of_a_few_pixels_all_alike_has_a_tone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Percentiles of equal numbers are rounded, so that none lay between them (shots 44)."""
    pixels = np.full((8, 8, 3), 0.0, np.float32)
    skin = np.zeros((8, 8), np.float32)
    skin[2:4, 2:5] = 1
    regions = cast(Any, {"face_skin": skin})
    monkeypatch.setattr(tone, "sample_sites", lambda _face, _shape: skin)
    for value in np.random.default_rng(0).random((200, 3), np.float32):
        pixels[:] = value
        found = tone.measure_tone(pixels, cast(Any, None), regions)
        assert np.isfinite(found.ita)


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
