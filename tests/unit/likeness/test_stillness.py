"""Stillness: one photograph through any edit lies still; a second photograph does not."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import sitter
from places import ROOT, SHARED

from catchlight.analysis.scene import Scene
from catchlight.images import open_picture
from catchlight.likeness.observation import Observation
from catchlight.likeness.observe import observe_photo, observe_scene
from catchlight.likeness.register import pair_up
from catchlight.likeness.stillness import STILL_MM, measure_stillness
from catchlight.pixels import filters

sys.path.insert(0, str(ROOT / "tools"))
import planted_edits as planted

LONDON = SHARED / "london"
MM = 2.0


def drawn(seed: int = 0) -> np.ndarray:
    """Strands and spots, log luminance, at 2 pixels a millimetre."""
    noise = np.random.default_rng(seed).standard_normal((300, 240)).astype(np.float32)
    return filters.blur(noise, 1.5) * 2


def inside() -> np.ndarray:
    mask = np.zeros((300, 240), np.float32)
    cv2.ellipse(mask, (120, 150), (80, 110), 0, 0, 360, 1.0, -1)
    return mask


def test_nothing_moved_and_all_moved_together_is_one() -> None:
    still = measure_stillness(drawn(), drawn(), inside(), MM)
    assert still.one
    assert still.face == pytest.approx(0, abs=0.02)
    shifted = np.roll(drawn(), 2, axis=1)
    assert measure_stillness(drawn(), shifted, inside(), MM).face < 0.05


def test_a_face_that_moved_within_itself_is_two() -> None:
    y, x = np.mgrid[0:300, 0:240].astype(np.float32)
    bend = 2.5 * np.sin(y / 25) + 2.0 * np.cos(x / 20)
    rough = drawn() + 0.25 * drawn(1)
    moved = cv2.remap(rough, x + bend, y + bend[::-1], cv2.INTER_LINEAR)
    found = measure_stillness(drawn(), moved, inside(), MM)
    assert found.face > STILL_MM
    assert found.one is False


def test_with_nothing_to_see_nothing_is_said() -> None:
    flat = np.zeros((300, 240), np.float32)
    assert measure_stillness(flat, flat, inside(), MM).one is None


@pytest.mark.parametrize("name", ["file", "light", "ground", "beauty"])
def test_one_photograph_is_one_through_any_edit(near_scene: Scene, name: str) -> None:
    before = observe_scene(near_scene)
    edits = {
        "file": lambda: planted.save_jpeg(before, 60),
        "light": lambda: sitter.shade_side(before.pixels, before.seen, 1.0, edge=1.0),
        "ground": lambda: planted.grind_skin(before, 1.0),
        "beauty": lambda: planted.slim_nose(
            planted.edited(before, planted.enlarge_eyes(before, 0.1), "eyes"), 0.1
        ),
    }
    after = planted.edited(before, edits[name](), name)
    assert pair_up(before, after, same_frame=None, warp=None) is not None


def studio_pairs() -> list[tuple[Path, Path]]:
    if not (LONDON / "index.csv").is_file():
        return []
    with (LONDON / "index.csv").open() as file:
        rows = list(csv.DictReader(file))
    # The stillest of them all (005, 017), and every fifth.
    rows = [r for i, r in enumerate(rows) if r["person"] in {"005", "017"} or i % 5 == 0]
    return [(LONDON / r["neutral"], LONDON / r["smiling"]) for r in rows]


@pytest.mark.skipif(not studio_pairs(), reason="no photographs of ../shared/london")
@pytest.mark.parametrize("pair", studio_pairs(), ids=lambda p: p[0].stem)
def test_smiling_and_neutral_in_one_studio_are_two(
    pair: tuple[Path, Path], need_models: None
) -> None:
    a, b = (observe_photo(open_picture(path)) for path in pair)
    assert isinstance(a, Observation)
    assert pair_up(a, b, same_frame=None, warp=None) is None
    assert pair_up(b, a, same_frame=None, warp=None) is None
