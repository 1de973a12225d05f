"""Overshoot: a reduced picture is trusted, one that was sharpened since is not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from catchlight.analysis.restoration.overshoot import measure_overshoot, measure_trust
from catchlight.pixels import filters


@pytest.fixture(scope="module")
def reduced() -> np.ndarray:
    """Soft discs of many tones and fine texture, drawn large and reduced by area, (h, w, 3)."""
    rng = np.random.default_rng(5)
    large = np.full((1200, 1000), 0.55, np.float32)
    for _ in range(60):
        centre = (int(rng.integers(0, 1000)), int(rng.integers(0, 1200)))
        cv2.circle(large, centre, int(rng.integers(30, 160)), float(rng.uniform(0.1, 0.9)), -1)
    large = filters.blur(large, 2.0) + 0.02 * filters.blur(
        rng.standard_normal(large.shape).astype(np.float32), 4.0
    )
    small = cv2.resize(large, (250, 300), interpolation=cv2.INTER_AREA)
    return np.repeat(small[..., None], 3, 2).clip(0, 1)


def sharpen(codes: np.ndarray, amount: float) -> np.ndarray:
    return np.clip(codes + amount * (codes - filters.blur(codes, 1.0)), 0, 1)


def test_a_reduced_picture_is_trusted(reduced: np.ndarray) -> None:
    assert measure_trust(reduced, 50.0) > 0.95


@pytest.mark.parametrize("ied", [35.0, 50.0, 90.0])
def test_a_sharpened_one_is_trusted_less_the_more_it_is(reduced: np.ndarray, ied: float) -> None:
    trusts = [measure_trust(sharpen(reduced, amount), ied) for amount in (0.0, 2.0, 4.0)]
    assert trusts[0] > trusts[1] >= trusts[2]
    assert trusts[2] < 0.4


def test_a_face_of_few_pixels_is_enlarged_with_half_the_trust(reduced: np.ndarray) -> None:
    assert measure_trust(reduced, 22.0) < 0.75 < measure_trust(reduced, 34.0)


def test_overshoot_is_told_as_a_share_of_the_step() -> None:
    """A step of 0.4 with a line of 0.1 beyond each of its tones, two pixels wide."""
    luma = np.where(np.arange(120) < 60, 0.3, 0.7).astype(np.float32)[None].repeat(100, 0)
    assert measure_overshoot(luma) == pytest.approx(0.0, abs=1e-3)
    luma[:, 57:59] -= 0.1
    luma[:, 61:63] += 0.1
    assert 0.15 < measure_overshoot(luma) < 0.6


def test_without_edges_nothing_is_said() -> None:
    assert measure_overshoot(np.full((80, 80), 0.4, np.float32)) == 0
    assert measure_trust(np.full((80, 80, 3), 0.4, np.float32), 60.0) == 1
