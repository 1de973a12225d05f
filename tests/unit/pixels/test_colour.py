"""Colour science against the literature, round trips, and properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from catchlight.pixels import colour, geometry
from catchlight.pixels.colour import hex_to_p3

# Sharma, Wu, Dalal 2005, table 1: L1 a1 b1, L2 a2 b2, difference.
SHARMA = """
50 2.6772 -79.7751 50 0 -82.7485 2.0425
50 3.1571 -77.2803 50 0 -82.7485 2.8615
50 2.8361 -74.0200 50 0 -82.7485 3.4412
50 -1.3802 -84.2814 50 0 -82.7485 1.0000
50 -1.1848 -84.8006 50 0 -82.7485 1.0000
50 -0.9009 -85.5211 50 0 -82.7485 1.0000
50 0 0 50 -1 2 2.3669
50 -1 2 50 0 0 2.3669
50 2.49 -0.001 50 -2.49 0.0009 7.1792
50 2.49 -0.001 50 -2.49 0.0010 7.1792
50 2.49 -0.001 50 -2.49 0.0011 7.2195
50 2.49 -0.001 50 -2.49 0.0012 7.2195
50 -0.001 2.49 50 0.0009 -2.49 4.8045
50 -0.001 2.49 50 0.0010 -2.49 4.8045
50 -0.001 2.49 50 0.0011 -2.49 4.7461
50 2.5 0 50 0 -2.5 4.3065
50 2.5 0 73 25 -18 27.1492
50 2.5 0 61 -5 29 22.8977
50 2.5 0 56 -27 -3 31.9030
50 2.5 0 58 24 15 19.4535
50 2.5 0 50 3.1736 0.5854 1.0000
50 2.5 0 50 3.2972 0 1.0000
50 2.5 0 50 1.8634 0.5757 1.0000
50 2.5 0 50 3.2592 0.3350 1.0000
60.2574 -34.0099 36.2677 60.4626 -34.1751 39.4387 1.2644
63.0109 -31.0961 -5.8663 62.8187 -29.7946 -4.0864 1.2630
61.2901 3.7196 -5.3901 61.4292 2.2480 -4.9620 1.8731
35.0831 -44.1164 3.7933 35.0232 -40.0716 1.5901 1.8645
22.7233 20.0904 -46.6940 23.0331 14.9730 -42.5619 2.0373
36.4612 47.8580 18.3852 36.2715 50.5065 21.2231 1.4146
90.8027 -2.0831 1.4410 91.1528 -1.6435 0.0447 1.4441
90.9257 -0.5406 -0.9208 88.6381 -0.8985 -0.7239 1.5381
6.7747 -0.2908 -2.4247 5.8714 -0.0985 -2.2286 0.6377
2.0776 0.0795 -1.1350 0.9033 -0.0636 -0.5514 0.9082
"""
PAIRS = np.array([[float(v) for v in row.split()] for row in SHARMA.strip().splitlines()])


@pytest.mark.parametrize("number", range(34))
def test_ciede2000_of_sharma(number: int) -> None:
    *lab, expected = PAIRS[number]
    one, two = np.array(lab[:3]), np.array(lab[3:])
    assert colour.ciede2000(one, two) == pytest.approx(expected, abs=1e-4)
    assert colour.ciede2000(two, one) == pytest.approx(expected, abs=1e-4)


def test_ciede2000_takes_pictures() -> None:
    lab = PAIRS[:32].reshape(4, 8, 7)
    assert np.allclose(colour.ciede2000(lab[..., :3], lab[..., 3:6]), lab[..., 6], atol=1e-4)
    assert (colour.ciede2000(lab[..., :3], lab[..., :3]) == 0).all()


light = arrays(np.float32, (5, 7, 3), elements=st.floats(0, 1.5, width=32))


@given(arrays(np.float32, 32, elements=st.floats(-1, 2, width=32)))
def test_codes_round_trip(codes: np.ndarray) -> None:
    back = colour.linear_to_srgb(colour.srgb_to_linear(codes))
    assert np.abs(back - codes).max() < 1e-5


def test_srgb_anchors() -> None:
    """IEC 61966-2-1: middle grey, and the two sides of the toe meet."""
    assert colour.srgb_to_linear(np.float32(0.5)) == pytest.approx(0.2140411, abs=1e-6)
    assert colour.linear_to_srgb(np.float32(0.18)) == pytest.approx(0.4613561, abs=1e-6)
    low, high = colour.srgb_to_linear(np.array([0.040449, 0.040451], np.float32))
    assert abs(float(high - low)) < 1e-6


def test_all_8_bit_codes_survive() -> None:
    codes = np.arange(256, dtype=np.float32) / 255
    back = np.rint(colour.linear_to_srgb(colour.srgb_to_linear(codes)) * 255)
    assert np.array_equal(back, np.arange(256))


@given(light)
def test_lab_round_trip(pixels: np.ndarray) -> None:
    back = colour.lab_to_p3(colour.p3_to_lab(pixels))
    assert np.abs(back - pixels).max() < 2e-5


def test_lab_anchors() -> None:
    """White, black and grey; the primaries of sRGB (colour-science 0.4.4, D65)."""
    grey = colour.p3_to_lab(np.full((1, 1, 3), 0.18418651851244416, np.float32))[0, 0]
    assert grey == pytest.approx([50, 0, 0], abs=2e-3)
    white = colour.p3_to_lab(np.ones((1, 1, 3), np.float32))[0, 0]
    assert white == pytest.approx([100, 0, 0], abs=2e-3)
    black = colour.p3_to_lab(np.zeros((1, 1, 3), np.float32))[0, 0]
    assert black == pytest.approx([0, 0, 0], abs=1e-5)
    red = colour.p3_to_lab(hex_to_p3("#ff0000")[None, None])[0, 0]
    assert red == pytest.approx([53.24, 80.09, 67.20], abs=0.02)
    blue = colour.p3_to_lab(hex_to_p3("#0000ff")[None, None])[0, 0]
    assert blue == pytest.approx([32.30, 79.19, -107.86], abs=0.03)


def test_the_matrices_are_inverse_and_keep_white() -> None:
    for there, back in (
        (colour.P3_TO_XYZ, colour.XYZ_TO_P3),
        (colour.SRGB_TO_XYZ, colour.XYZ_TO_SRGB),
        (colour.SRGB_TO_P3, colour.P3_TO_SRGB),
    ):
        assert np.abs(there @ back - np.eye(3)).max() < 1e-9
    assert (colour.SRGB_TO_P3 @ np.ones(3)) == pytest.approx(np.ones(3), abs=1e-6)
    # D65 of IEC 61966-2-1: x = 0.3127, y = 0.3290.
    assert colour.D65 / colour.D65.sum() == pytest.approx([0.3127, 0.3290, 0.3583], abs=1e-4)


@given(light)
def test_luminance_is_the_y_of_lab(pixels: np.ndarray) -> None:
    y = colour.luminance(pixels)
    lightness = colour.p3_to_lab(pixels)[..., 0]
    f = np.where(y > 216 / 24389, np.cbrt(y), y * (841 / 108) + 4 / 29)
    assert np.abs(116 * f - 16 - lightness).max() < 5e-3


def test_hue_and_ita_are_angles() -> None:
    lab = np.array([[60, 10, 10], [60, -10, 10], [40, 10, 10], [50, 0, -5]], np.float32)
    assert colour.lab_to_hue(lab) == pytest.approx([45, 135, 45, 270])
    assert colour.lab_to_ita(lab)[:3] == pytest.approx([45, 45, -45])


@given(light, st.floats(0.25, 4))
def test_hue_does_not_depend_on_exposure(pixels: np.ndarray, gain: float) -> None:
    before = colour.p3_to_lab(pixels)
    after = colour.p3_to_lab((pixels * np.float32(gain)).astype(np.float32))
    # Only well above the linear toe, and only of colours that have a hue.
    sure = (np.hypot(before[..., 1], before[..., 2]) > 8) & (
        pixels.min(axis=2) * min(gain, 1) > 0.02
    )
    turn = (colour.lab_to_hue(after) - colour.lab_to_hue(before) + 180) % 360 - 180
    assert np.abs(turn[sure]).max(initial=0) < 0.1


white = arrays(np.float64, 3, elements=st.floats(0.3, 1.5))


@given(white, white)
def test_adaptation_takes_one_white_to_the_other(a: np.ndarray, b: np.ndarray) -> None:
    there = colour.adaptation_matrix(a, b)
    back = colour.adaptation_matrix(b, a)
    made = there.astype(np.float64) @ a
    assert np.abs(made - b).max() < 1e-4
    assert np.abs(there.astype(np.float64) @ back - np.eye(3)).max() < 1e-3
    assert np.abs(colour.adaptation_matrix(a, a) - np.eye(3)).max() < 1e-5


wide = arrays(np.float32, (6, 6, 3), elements=st.floats(-0.5, 2.5, width=32))


@settings(max_examples=60)
@given(wide)
def test_gamut_compression(pixels: np.ndarray) -> None:
    before = pixels.copy()
    out = colour.compress_gamut(pixels)
    assert np.array_equal(pixels, before), "the input was written to"
    assert out.min() >= 0
    assert out.max() <= 1
    inside = (pixels.min(axis=2) >= 0) & (pixels.max(axis=2) <= 1)
    assert np.array_equal(out[inside], pixels[inside])
    # Luminance is kept where white and black allow it, and the direction of the colour with it.
    y = pixels @ colour.P3_LUMINANCE
    assert np.abs(out @ colour.P3_LUMINANCE - np.clip(y, 0, 1)).max() < 1e-5
    a, b = pixels - y[..., None], out - np.clip(y, 0, 1)[..., None]
    possible = (y > 0) & (y < 1)
    cross = np.cross(a, b)[possible]
    assert np.abs(cross).max(initial=0) < 1e-5
    assert ((a * b).sum(axis=2)[possible] >= -1e-6).all()


def test_gamut_compression_leaves_a_picture_that_fits() -> None:
    pixels = np.random.default_rng(0).random((4, 4, 3)).astype(np.float32)
    assert colour.compress_gamut(pixels) is pixels


@pytest.mark.parametrize("scale", [0.5, 0.25, 1 / 3, 0.11])
@pytest.mark.parametrize("turn", [0.0, 7.0])
def test_a_checkerboard_shrinks_to_half_the_light(scale: float, turn: float) -> None:
    """Half of the light is code 188, not 128: resampling runs on light, and never aliases."""
    side = 360
    board = (np.indices((side, side)).sum(axis=0) % 2).astype(np.float32)
    picture = np.repeat(board[..., None], 3, axis=2)
    n = round(side * scale)
    middle = np.array([(side - 1) / 2] * 2, np.float32)
    t = geometry.similarity(scale, turn, middle, np.array([(n - 1) / 2] * 2, np.float32))
    out = geometry.resample(picture, t, n, n)
    edge = max(2, n // 6)
    codes = colour.linear_to_srgb(out[edge:-edge, edge:-edge]) * 255
    assert abs(codes - 188).max() <= 1, f"{codes.min():.1f} to {codes.max():.1f}"


@pytest.mark.parametrize(("scale", "limit"), [(0.52, 1.0), (0.55, 2.0), (0.6, 6.0)])
def test_less_than_an_octave_is_prefiltered_too(scale: float, limit: float) -> None:
    """Between 0.5 and 1 aliasing is traded for sharpness; unfiltered it is 80 codes and more."""
    side = 360
    board = (np.indices((side, side)).sum(axis=0) % 2).astype(np.float32)
    n = round(side * scale)
    t = np.array([[scale, 0, 0.3], [0, scale, 0.1]])
    out = geometry.resample(board, t, n, n)[n // 6 : -n // 6, n // 6 : -n // 6]
    codes = colour.linear_to_srgb(out) * 255
    assert abs(codes - 188).max() <= limit, f"{codes.min():.1f} to {codes.max():.1f}"


def test_codes_by_table_are_those_of_the_curve() -> None:
    rng = np.random.default_rng(1)
    light = rng.uniform(-0.1, 1.1, (97, 1301, 3)).astype(np.float32) ** 3
    exact = 255 * colour.linear_to_srgb(
        np.clip(light.astype(np.float64) @ colour.P3_TO_SRGB.T, 0, 1)
    )
    codes = colour.p3_to_srgb_codes(light)
    assert codes.dtype == np.uint8 and codes.shape == light.shape
    assert np.abs(codes - exact).max() < 0.505
    # Every code is reached, and grey stays grey.
    grey = colour.srgb_to_linear(np.arange(256)[None, :, None].repeat(3, 2) / 255)
    assert (colour.p3_to_srgb_codes(grey)[0] == np.arange(256)[:, None]).all()
