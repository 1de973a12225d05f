"""Geometry of the plane: transforms invert, resampling keeps what it should."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catchlight.pixels import geometry

scale = st.floats(0.1, 5)
degrees = st.floats(-180, 180)
place = st.tuples(st.floats(-200, 200), st.floats(-200, 200)).map(np.array)


@given(scale, degrees, place, place)
def test_a_similarity_does_what_it_says(s: float, d: float, a: np.ndarray, b: np.ndarray) -> None:
    t = geometry.similarity(s, d, a, b)
    assert geometry.apply(t, a[None])[0] == pytest.approx(b, abs=1e-3)
    assert geometry.scale_of(t) == pytest.approx(s)
    # Clockwise on screen: with d = 90, right goes down.
    right = geometry.apply(t, (a + np.array([1, 0]))[None])[0] - geometry.apply(t, a[None])[0]
    turn = np.degrees(np.arctan2(t[1, 0], t[0, 0]))
    assert abs((turn - d + 180) % 360 - 180) < 1e-6
    assert np.linalg.norm(right) == pytest.approx(s, rel=0.01, abs=1e-3)


def test_clockwise_is_clockwise() -> None:
    t = geometry.similarity(1, 90, np.zeros(2), np.zeros(2))
    assert geometry.apply(t, np.array([[1, 0]]))[0] == pytest.approx([0, 1], abs=1e-6)


@given(scale, degrees, place, place)
def test_invert_and_apply_round_trip(s: float, d: float, a: np.ndarray, b: np.ndarray) -> None:
    t = geometry.similarity(s, d, a, b)
    points = np.array([[0, 0], [100, 3], [-7, 55]], np.float64)
    back = geometry.apply(geometry.invert(t), geometry.apply(t, points))
    assert np.abs(back - points).max() < 1e-2
    twice = geometry.invert(geometry.invert(t))
    assert np.abs(twice - t).max() < 1e-6


@given(scale, degrees, place, place, st.integers(0, 99))
def test_a_similarity_is_found_again(
    s: float, d: float, a: np.ndarray, b: np.ndarray, seed: int
) -> None:
    t = geometry.similarity(s, d, a, b)
    points = np.random.default_rng(seed).uniform(-50, 50, (9, 2))
    found = geometry.estimate_similarity(points, geometry.apply(t, points))
    assert np.abs(found - t).max() < 1e-2


def textured(h: int, w: int) -> np.ndarray:
    rng = np.random.default_rng(1)
    x = rng.random((h, w, 3)).astype(np.float32)
    return cv2.GaussianBlur(x, (0, 0), 1.5)


def test_resampling_by_nothing_is_the_picture() -> None:
    x = textured(41, 57)
    out = geometry.resample(x, np.array([[1.0, 0, 0], [0, 1, 0]]), 57, 41)
    assert np.abs(out - x).max() < 1e-6


@pytest.mark.parametrize("t", [(3, 0), (0, -4), (5, 2)])
def test_resampling_by_whole_pixels_moves_them(t: tuple[int, int]) -> None:
    x = textured(40, 50)
    dx, dy = t
    out = geometry.resample(x, np.array([[1.0, 0, dx], [0, 1, dy]]), 50, 40)
    inner = out[10:30, 12:38]
    assert np.abs(inner - x[10 - dy : 30 - dy, 12 - dx : 38 - dx]).max() < 1e-6


@pytest.mark.parametrize("scale", [0.2, 0.5, 0.74, 0.76, 1.0, 1.7, 3.0])
@pytest.mark.parametrize("turn", [0.0, 13.0, -90.0])
def test_resampling_puts_a_spot_where_the_transform_does(scale: float, turn: float) -> None:
    """Centres at whole numbers, at every scale: half a pixel off would misplace mesh and matte."""
    y, x = np.mgrid[0:160, 0:200]
    spot = np.array([113.0, 71.0])
    picture = np.exp(-((x - spot[0]) ** 2 + (y - spot[1]) ** 2) / (2 * 9.0**2)).astype(np.float32)
    size = round(260 * scale)
    target = np.array([size * 0.52, size * 0.47])
    t = geometry.similarity(scale, turn, spot, target)
    out = geometry.resample(picture, t, size, size, border="zero").astype(np.float64)
    yy, xx = np.mgrid[0:size, 0:size]
    found = np.array([(out * xx).sum(), (out * yy).sum()]) / out.sum()
    assert np.abs(found - target).max() < 0.08
    # Light is kept: a spot s times as large is s^2 times as heavy.
    assert out.sum() == pytest.approx(picture.sum() * scale**2, rel=0.02)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.15, 3), degrees)
def test_a_flat_picture_stays_flat(s: float, d: float) -> None:
    x = np.full((60, 60), 0.3, np.float32)
    t = geometry.similarity(s, d, np.array([30, 30]), np.array([20, 20]))
    out = geometry.resample(x, t, 40, 40)
    assert np.abs(out - 0.3).max() < 1e-4


def test_a_polygon_has_its_area() -> None:
    square = np.array([[9.5, 9.5], [29.5, 9.5], [29.5, 39.5], [9.5, 39.5]], np.float32)
    mask = geometry.fill_polygon(square, 60, 50)
    assert mask.shape == (50, 60)
    assert mask[25, 20] == 1
    assert mask[5, 20] == 0
    # OpenCV paints the outline too: about 0.7 pixels more on each side.
    assert 20 * 30 <= mask.sum() <= 21.5 * 31.5
    assert geometry.fill_polygon(square[:2], 60, 50).sum() == 0


def test_coverage_is_where_the_picture_is() -> None:
    t = np.array([[1.0, 0, 5], [0, 1, -3]])
    seen = geometry.coverage((20, 30, 3), t, 40, 40)
    assert seen[0, 5] == 1
    assert seen[0, 4] == 0
    assert seen[16, 34] == 1
    assert seen[17, 34] == 0
    assert seen[16, 35] == 0


def test_an_enlarged_edge_has_no_rim() -> None:
    x = np.full((20, 20, 3), 0.02, np.float32)
    x[:, 10:] = 0.9
    out = geometry.resample(x, geometry.scaling(4, 4), 80, 80)
    assert out.min() >= 0.02 - 1e-6
    assert out.max() <= 0.9 + 1e-6
    # Held, not softened: from one tone to the other within three pixels of the source.
    assert ((out[40, :, 0] > 0.03) & (out[40, :, 0] < 0.89)).sum() <= 12
