"""Grids: what they carry to a frame, against a slow reference, and where nothing may arrive."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catchlight.pixels import filters, geometry
from catchlight.pixels.grid import Grid, find_box

W, H = 90, 120


def turned(scale: float, degrees: float, width: int = 50, height: int = 60) -> Grid:
    """A grid laid across the middle of the frame."""
    source = np.array([width / 2, height / 2], np.float32)
    target = np.array([W / 2, H / 2], np.float32)
    return Grid.through(width, height, geometry.similarity(scale, degrees, source, target))


def whole(grid: Grid, field: np.ndarray, box: tuple[int, int, int, int]) -> np.ndarray:
    """The slow way: the box laid into its whole grid, averaged, and carried to the whole frame."""
    x0, y0, x1, y1 = box
    laid = np.zeros((grid.height, grid.width, *field.shape[2:]), np.float32)
    laid[y0:y1, x0:x1] = field
    laid = np.pad(laid, [(40, 40), (40, 40)] + [(0, 0)] * (field.ndim - 2))
    if grid.scale < 0.7:
        laid = filters.blur(laid, 0.5 * np.sqrt(1 / grid.scale**2 - 1))
    matrix = geometry.chain(geometry.translation(-40, -40), grid.matrix)
    return cv2.warpAffine(laid, matrix, (W, H), flags=cv2.INTER_LINEAR)


def laid_out(box: tuple[int, int, int, int], field: np.ndarray) -> np.ndarray:
    out = np.zeros((H, W, *field.shape[2:]), np.float32)
    out[box[1] : box[3], box[0] : box[2]] = field
    return out


@pytest.mark.parametrize("channels", [(), (3,)])
@pytest.mark.parametrize(("scale", "degrees"), [(1.3, 12.0), (1.0, 0.0), (0.8, -30.0), (0.4, 8.0)])
def test_what_is_carried_is_what_the_slow_way_carries(
    scale: float, degrees: float, channels: tuple[int, ...]
) -> None:
    grid, box = turned(scale, degrees), (11, 7, 38, 51)
    field = np.random.default_rng(1).standard_normal((44, 27, *channels)).astype(np.float32)
    got = laid_out(*grid.carry(field, box, W, H))
    want = whole(grid, field, box)
    # OpenCV rounds places to 1/32 of a pixel, from another origin in each.
    assert np.abs(got - want).max() < 0.12
    assert np.abs(got - want).mean() < 0.01


@given(
    x0=st.integers(0, 40),
    y0=st.integers(0, 50),
    w=st.integers(1, 10),
    h=st.integers(1, 10),
    degrees=st.floats(-40, 40),
    scale=st.floats(0.3, 2),
)
@settings(max_examples=60, deadline=None)
def test_outside_the_box_that_is_named_nothing_arrives(
    x0: int, y0: int, w: int, h: int, degrees: float, scale: float
) -> None:
    """The light that is carried is all there is of it: none lies beyond the box."""
    grid, box = turned(scale, degrees), (x0, y0, x0 + w, y0 + h)
    field = np.ones((h, w), np.float32)
    got = laid_out(*grid.carry(field, box, W, H))
    want = whole(grid, field, box)
    assert np.abs(got.sum() - want.sum()) <= 0.03 * want.sum() + 0.5
    assert got.min() >= 0


def test_a_grid_over_the_whole_frame_is_resized() -> None:
    grid = Grid.over((H, W), (30, 40))
    assert grid.covers(W, H)
    assert not turned(1.0, 0.0).covers(W, H)
    field = np.random.default_rng(2).random((40, 30)).astype(np.float32)
    box, got = grid.carry(field, (0, 0, 30, 40), W, H)
    assert box == (0, 0, W, H)
    assert np.array_equal(got, filters.resize(field, W, H))


def test_what_lies_off_the_frame_is_left_out() -> None:
    away = Grid.through(8, 8, geometry.translation(500, 500))
    _, got = away.carry(np.ones((8, 8, 3), np.float32), (0, 0, 8, 8), W, H)
    assert got.size == 0


def test_a_chained_grid_lies_in_the_smaller_frame() -> None:
    grid = turned(1.0, 20.0)
    half = grid.chained(geometry.rescaling((H, W), (H // 2, W // 2)))
    corner = np.array([[49.0, 59.0]], np.float32)
    there = geometry.apply(grid.matrix, corner)
    assert geometry.apply(half.matrix, corner) == pytest.approx((there + 0.5) / 2 - 0.5, abs=1e-3)
    assert half == grid.chained(geometry.rescaling((H, W), (H // 2, W // 2)))
    assert hash(half) != hash(grid)


@given(st.integers(0, 9), st.integers(0, 9), st.booleans())
def test_the_box_of_a_field_holds_all_of_it(x: int, y: int, colour: bool) -> None:
    field = np.zeros((10, 10, 3) if colour else (10, 10), np.float32)
    assert find_box(field) is None
    field[y, x] = -1e-6
    field[4, 5] = 1
    x0, y0, x1, y1 = find_box(field)
    rest = field.copy()
    rest[y0:y1, x0:x1] = 0
    assert not rest.any()
    assert (x1 - x0) * (y1 - y0) == (abs(x - 5) + 1) * (abs(y - 4) + 1)
