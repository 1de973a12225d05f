"""Tiles: which parts of a picture there is something to do in."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from catchlight.arrays import as_float
from catchlight.pixels.tiles import enlarge_part, enlarge_rows, find_tiles, widen


@pytest.mark.parametrize("shape", [(300, 411), (64, 64), (1000, 37)])
@pytest.mark.parametrize("reduced", [1, 3])
def test_tiles_hold_all_that_there_is_once(shape: tuple[int, int], reduced: int) -> None:
    h, w = (-(-n // reduced) for n in shape)
    where = np.zeros((h, w), bool)
    rng = np.random.default_rng(shape[1] + reduced)
    where[rng.integers(0, h, 9), rng.integers(0, w, 9)] = True
    seen = np.zeros(shape, int)
    for box in find_tiles(where, shape, side=32):
        seen[box] += 1
        assert box[1].stop - box[1].start <= 128
    assert seen.max() == 1
    # All that enlarging by lines makes of it.
    blurred = cv2.resize(where.astype(np.float32), shape[::-1], interpolation=cv2.INTER_LINEAR)
    assert (seen[blurred > 0] == 1).all()
    if min(shape) > 200:
        assert seen.mean() < 0.8


def test_nothing_to_do_has_no_tiles() -> None:
    assert not list(find_tiles(np.zeros((50, 60), bool), (500, 600)))


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_a_part_enlarged_is_a_part_of_the_enlarged(channels: int) -> None:
    small = np.random.default_rng(1).random((64, 51, channels)).astype(np.float32)
    small = small[..., 0] if channels == 1 else small
    whole = cv2.resize(small, (160, 200), interpolation=cv2.INTER_LINEAR)
    for box in (np.s_[0:70, 0:64], np.s_[128:200, 96:160], np.s_[33:90, 17:160]):
        # OpenCV before 5 takes the place of a pixel to a 32nd of a pixel.
        exact = int(cv2.__version__.split(".")[0]) >= 5
        off = np.abs(enlarge_part(small, (200, 160), box) - whole[box])
        assert off.max() < (1e-4 if exact else 0.04)


def test_widened_boxes_stay_inside() -> None:
    assert widen(np.s_[0:10, 90:95], 7, (12, 100)) == np.s_[0:12, 83:100]


@pytest.mark.parametrize("shape", [(480, 384, 2000, 1600), (333, 480, 1777, 2561), (5, 3, 64, 40)])
def test_rows_enlarged_one_strip_at_a_time_are_those_of_the_whole(
    shape: tuple[int, int, int, int],
) -> None:
    h, w, height, width = shape
    small = np.random.default_rng(5).random((h, w, 3), np.float32)
    whole = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    narrow = as_float(cv2.resize(small, (width, h), interpolation=cv2.INTER_LINEAR))
    rows = [slice(top, min(top + 20, height)) for top in range(0, height, 20)]
    found = np.concatenate([enlarge_rows(narrow, height, r) for r in rows])
    assert np.abs(found - whole).max() < 1e-6
