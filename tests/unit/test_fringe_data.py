"""Crops that the fringe's network learns from (tools/training/fringe_data.py)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace

import cv2
import numpy as np
import pytest
from places import ROOT


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(ROOT / "tools" / "training"))
    import fringe_data

    yield fringe_data
    sys.modules.pop("fringe_data", None)


@pytest.fixture
def pool() -> SimpleNamespace:
    """One red head with a soft edge, whose lower half is not to be trusted; one green paper."""
    alpha = np.zeros((400, 360), np.uint8)
    cv2.circle(alpha, (180, 200), 120, 255, -1)
    alpha = cv2.GaussianBlur(alpha, (0, 0), 3)
    trust = np.zeros_like(alpha)
    trust[:250] = 255
    fore = np.zeros((400, 360, 3), np.uint8) + np.uint8([160, 30, 30])
    paper = np.zeros((500, 700, 3), np.float32) + np.float32([0.02, 0.4, 0.02])
    head = [alpha, trust, fore]
    return SimpleNamespace(heads=[head], sharp=[head], papers=[paper])


def test_a_crop_lies_on_a_trusted_outline_and_its_decision_errs(
    data: ModuleType, pool: SimpleNamespace
) -> None:
    errors, bands = [], []
    for seed in range(30):
        picture, guess, alpha, trust = data.draw_crop(np.random.default_rng(seed), pool)
        assert picture.shape == (144, 144, 3)
        assert picture.dtype == guess.dtype == alpha.dtype == trust.dtype == np.uint8
        soft = (alpha > 50) & (alpha < 205)
        assert soft.any()
        assert trust[soft].max() > 200
        off = np.abs(guess.astype(int) - alpha)
        errors.append(off[soft].mean())
        bands.append(off[cv2.dilate(soft.astype(np.uint8), np.ones((41, 41))) == 0].mean())
    assert np.mean(errors) > 15
    # It errs beside the outline, not anywhere.
    assert np.nanmean(bands) < np.mean(errors) / 3


def test_what_was_decided_far_from_the_truth_is_heeded_less(data: ModuleType) -> None:
    shown = np.zeros((4, 480, 416), np.uint8)
    target = np.zeros((3, 480, 416), np.uint8)
    target[0, 100:300, 100:300] = 255  # the person is wider than was decided
    target[1:] = 255
    shown[3, 100:300, 100:200] = 255
    store = SimpleNamespace(draw=lambda rng: (shown.copy(), target.copy()))
    shown[3, 100:300, 200] = 120
    for seed in range(10):
        _, guess, _, trust = data.draw_decided(np.random.default_rng(seed), store)
        near = cv2.dilate((guess > 25).astype(np.uint8), np.ones((49, 49))) > 0
        assert trust[~near].max(initial=0) < 100
        assert trust.max() > 200
