"""The page of the adjustments is what the catalogue says now, and its pictures are small."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from catchlight.adjustments.catalogue import NAMES

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_of_the_adjustments_is_current() -> None:
    script = ROOT / "tools" / "adjustments_page.py"
    done = subprocess.run(
        [sys.executable, script, "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"make docs: docs/adjustments.md is not current. {done.stderr}"


def test_every_adjustment_has_a_small_picture() -> None:
    for name in NAMES:
        picture = ROOT / "docs" / "adjustments" / f"{name}.jpg"
        assert picture.is_file(), f"make docs: {picture.name} is missing"
        assert picture.stat().st_size < 60_000
