"""Filters: a slow reference beside each fast one, and the properties callers rely on."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from catchlight.pixels import blend, colour, filters

field = arrays(np.float32, (14, 17), elements=st.floats(0, 1, width=32))


def mean_reflect(x: np.ndarray, radius: int) -> np.ndarray:
    """Mean over (2 radius + 1)^2 windows by two loops, the border doubled (edge pixel twice)."""
    padded = np.pad(np.asarray(x, np.float64), radius, mode="symmetric")
    out = np.empty(x.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[i, j] = padded[i : i + 2 * radius + 1, j : j + 2 * radius + 1].mean()
    return out


def guided_slowly(guide: np.ndarray, p: np.ndarray, radius: int, eps: float) -> np.ndarray:
    """He, Sun, Tang 2010, equations 5, 6 and 8, window by window."""
    mean_g, mean_p = mean_reflect(guide, radius), mean_reflect(p, radius)
    var = mean_reflect(guide.astype(np.float64) ** 2, radius) - mean_g**2
    cov = mean_reflect(guide.astype(np.float64) * p, radius) - mean_g * mean_p
    a = cov / (var + eps)
    return mean_reflect(a, radius) * guide + mean_reflect(mean_p - a * mean_g, radius)


@settings(max_examples=15, deadline=None)
@given(field, field, st.integers(1, 4), st.sampled_from([1e-2, 0.1, 0.5]))
def test_guided_filter_is_its_equations(
    guide: np.ndarray, p: np.ndarray, radius: int, eps: float
) -> None:
    fast = filters.guided_filter(guide, p, radius, eps)
    assert np.abs(fast - guided_slowly(guide, p, radius, eps)).max() < 1e-4


def gauss_slowly(x: np.ndarray, sigma: float) -> np.ndarray:
    n = int(np.ceil(5 * sigma))
    t = np.arange(-n, n + 1)
    k = np.exp(-0.5 * (t / sigma) ** 2)
    k /= k.sum()
    padded = np.pad(x.astype(np.float64), n, mode="edge")
    rows = np.apply_along_axis(lambda r: np.convolve(r, k, "valid"), 1, padded)
    return np.apply_along_axis(lambda c: np.convolve(c, k, "valid"), 0, rows)


@pytest.mark.parametrize(
    ("sigma", "tolerance"), [(0.7, 0.01), (2.0, 0.01), (9.0, 0.02), (14.0, 0.02)]
)
def test_blur_is_a_gaussian(sigma: float, tolerance: float) -> None:
    """Also where it runs on a reduced copy (sigma of 8 and more)."""
    rng = np.random.default_rng(2)
    x = np.zeros((120, 130), np.float32)
    x[30:70, 40:90] = 1
    x += rng.random(x.shape).astype(np.float32) * 0.2
    assert np.abs(filters.blur(x, sigma) - gauss_slowly(x, sigma)).max() < tolerance


@given(st.floats(0, 1, width=32), st.floats(0.1, 30))
@settings(max_examples=25)
def test_a_flat_field_stays_flat(value: float, sigma: float) -> None:
    flat = np.full((40, 50), value, np.float32)
    assert np.abs(filters.blur(flat, sigma) - value).max() < 1e-5
    some = np.zeros_like(flat)
    some[10:30, 5:25] = 1
    assert np.abs(filters.blur_inside(flat, some, sigma) - value).max() < 2e-3
    assert np.abs(filters.fill_outside(flat, some, 1.0) - value).max() < 1e-5


def test_blur_inside_is_a_normalised_convolution() -> None:
    """Knutsson & Westin 1993: the blurred product over the blurred weight, where there is any."""
    rng = np.random.default_rng(6)
    x = rng.random((50, 60)).astype(np.float32)
    mask = (rng.random((50, 60)) > 0.6).astype(np.float32)
    mask[:, 40:] = 0
    weight = gauss_slowly(mask, 3.0)
    slow = gauss_slowly(x * mask, 3.0) / np.maximum(weight, 1e-9)
    sure = weight > 0.1
    assert np.abs(filters.blur_inside(x, mask, 3.0) - slow)[sure].max() < 5e-3


def test_blur_inside_never_sees_the_outside() -> None:
    x = np.zeros((60, 60), np.float32)
    mask = np.zeros_like(x)
    mask[:, :30] = 1
    x[:, :30] = 0.5
    x[:, 30:] = 1000
    assert np.abs(filters.blur_inside(x, mask, 5.0)[:, :34] - 0.5).max() < 2e-3


@settings(max_examples=20)
@given(arrays(np.float32, (12, 15, 3), elements=st.floats(0, 1, width=32)))
def test_filling_keeps_what_is_known_and_invents_no_extremes(x: np.ndarray) -> None:
    mask = np.zeros((12, 15), np.float32)
    mask[3:8, 4:11] = 1
    out = filters.fill_outside(x, mask, 0.0)
    known = mask == 1
    assert np.allclose(out[known], x[known], atol=1e-6)
    for c in range(3):
        assert out[..., c].min() >= x[known][:, c].min() - 1e-4
        assert out[..., c].max() <= x[known][:, c].max() + 1e-4


@pytest.mark.parametrize("near", [1.0, 4.0])
def test_a_half_that_knows_nothing_is_filled_with_what_is_known_and_not_with_black(
    near: float,
) -> None:
    field = np.full((120, 120, 3), 0.9, np.float32)
    mask = np.zeros((120, 120), np.float32)
    mask[:, :54] = 1
    field[:, :54] = 0.5
    assert filters.fill_outside(field, mask, 0.0, near=near) == pytest.approx(0.5, abs=1e-5)


@given(field, st.integers(3, 40), st.integers(3, 40))
@settings(max_examples=40)
def test_resize_stays_in_range(x: np.ndarray, w: int, h: int) -> None:
    out = filters.resize(x, w, h)
    assert out.shape == (h, w)
    assert out.min() >= x.min() - 1e-5
    assert out.max() <= x.max() + 1e-5


def test_resize_shrinks_by_area() -> None:
    x = np.arange(64, dtype=np.float32).reshape(8, 8)
    assert np.allclose(filters.resize(x, 4, 4), x.reshape(4, 2, 4, 2).mean(axis=(1, 3)))
    assert filters.resize(x, 8, 8) is x


@given(st.floats(-2, 2), st.floats(-2, 2))
def test_smoothstep_rises_or_falls(low: float, high: float) -> None:
    if abs(low - high) < 1e-3:
        return
    t = np.linspace(-3, 3, 101)
    y = filters.smoothstep(t, low, high)
    assert (np.diff(y) * np.sign(high - low) >= -1e-6).all()
    assert filters.smoothstep(np.array([low, high]), low, high) == pytest.approx([0, 1])


stops = arrays(np.float32, (6, 7), elements=st.floats(-3, 3, width=32))
light = arrays(np.float32, (6, 7, 3), elements=st.floats(0, 1.5, width=32))


@given(light, stops)
def test_a_gain_is_its_formula_and_is_undone_by_its_negative(x: np.ndarray, g: np.ndarray) -> None:
    e = float(blend.EPSILON)
    out = blend.apply_stops(x, g)
    slow = np.maximum((x.astype(np.float64) + e) * 2.0 ** g.astype(np.float64)[..., None] - e, 0)
    assert np.abs(out - slow).max() < 1e-5
    back = blend.apply_stops(out, -g)
    alive = out > 0
    assert np.abs(back - x)[alive].max(initial=0) < 2e-5
    assert np.array_equal(blend.apply_stops(x, g * 0), x)


@given(light, light)
def test_composite_of_all_and_nothing(f: np.ndarray, b: np.ndarray) -> None:
    assert np.allclose(blend.composite(f, b, np.ones((6, 7), np.float32)), f, atol=1e-6)
    assert np.array_equal(blend.composite(f, b, np.zeros((6, 7), np.float32)), b)


def test_grain_has_its_size_and_keeps_the_light() -> None:
    grey = np.full((300, 400, 3), 0.25, np.float32)
    out = blend.add_grain(grey, 0.01, size=0.0, seed=3)
    assert np.sqrt(out.mean(axis=2)).std() == pytest.approx(0.01, rel=0.05)
    assert out.mean() == pytest.approx(0.25, rel=2e-3)
    assert np.array_equal(blend.add_grain(grey, 0.0, size=1.0, seed=3), grey)
    assert np.array_equal(out, blend.add_grain(grey, 0.01, size=0.0, seed=3))


def test_blending_in_strips_is_that_of_the_whole() -> None:
    """By the formulas of the docstrings, over more rows than a strip or a tile of grain has."""
    rng = np.random.default_rng(12)
    f, b = (rng.random((700, 301, 3), np.float32) for _ in range(2))
    a = cv2.GaussianBlur(rng.random((700, 301)).round().astype(np.float32), (0, 0), 4.0)
    assert np.abs(blend.composite(f, b, a) - (b + a[..., None] * (f - b))).max() < 1e-6
    tile = np.tile(np.random.default_rng(4).standard_normal((256, 256)), (3, 2))[:700, :301]
    root = np.sqrt(np.maximum(colour.luminance(f), 1e-4))
    slow = f * np.square(np.maximum(1 + 0.02 * tile / root, 0))[..., None]
    assert np.abs(blend.add_grain(f, 0.02, size=0.0, seed=4) - slow).max() < 1e-5
    # Light around the edge: where alpha is nothing it need not be added, as nothing shows.
    wide = filters.resize(a, 301, 700)
    wide[:, :60] = 0
    lit = blend.wrap_light(0.2 * f, b, wide, reach=9.0, amount=0.3)
    factor = 480 / 700
    size = (round(301 * factor), 480)
    small, behind, edge = (filters.resize(x, *size) for x in (0.2 * f, b, wide))
    lift = blend.measure_wrap(small, behind, edge, reach=9.0 * factor, amount=0.3)
    slow = 0.2 * f + filters.resize(lift, 301, 700)
    assert np.abs(lit - slow)[wide > 0].max() < 2e-5
    assert np.abs(slow - 0.2 * f)[wide > 0].max() > 0.01
