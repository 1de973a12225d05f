"""Truth for the refiner: people keyed before a plain wall (tools/training/keying.py)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType

import cv2
import numpy as np
import pytest
from places import ROOT

MM = 3.2
WALL, HAIR, SKIN = (
    np.float32(c) for c in ([0.73, 0.75, 0.74], [0.2, 0.17, 0.16], [0.75, 0.6, 0.52])
)


@pytest.fixture
def keying(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(ROOT / "tools" / "training"))
    import keying

    yield keying
    sys.modules.pop("keying", None)


def draw(*, strands: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A face in dark hair before a wall: root codes, alpha, what is surely the person."""
    h, w = 520, 480
    hair, face = np.zeros((h, w), np.float32), np.zeros((h, w), np.float32)
    cv2.ellipse(hair, (240, 260), (150, 190), 0, 0, 360, 1, -1, cv2.LINE_AA)
    cv2.ellipse(face, (240, 290), (95, 130), 0, 0, 360, 1, -1, cv2.LINE_AA)
    if strands:
        for x in range(60, 430, 24):
            cv2.line(hair, (x, 300), (x - 30, 40), 0.6, 1, cv2.LINE_AA)
        # A window of wall between locks, with a web of fine hair before it.
        cv2.ellipse(hair, (125, 300), (14, 40), 0, 0, 360, 0.25, -1, cv2.LINE_AA)
    # As a lens does, and as lines of floats are not smoothed when they are drawn.
    hair = cv2.GaussianBlur(hair, (0, 0), 0.8)
    alpha = np.maximum(hair, face)[..., None]
    rng = np.random.default_rng(2)
    colour = HAIR + face[..., None] * (SKIN - HAIR)
    root = np.sqrt(alpha * colour**2 + (1 - alpha) * WALL**2)
    root = root + rng.normal(0, 0.004, root.shape)
    return root.astype(np.float32), alpha[..., 0], cv2.erode(face, np.ones((25, 25))) > 0.9


def key(keying: ModuleType, root: np.ndarray, firm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    ground = np.broadcast_to(WALL, root.shape).astype(np.float32)
    differs = np.linalg.norm(cv2.GaussianBlur(root - ground, (0, 0), 0.7), axis=-1)
    noise = float(np.percentile(differs[:40], 99))
    studio = keying.Studio(root, ground, differs, noise, 0.006, firm, firm, 260, MM)
    return keying.draw_alpha(studio, (240, 290))


@pytest.mark.parametrize("strands", [False, True])
def test_hair_is_keyed_without_the_wall(keying: ModuleType, strands: bool) -> None:
    root, true, firm = draw(strands=strands)
    alpha, own = key(keying, root, firm)
    edge = cv2.dilate(((true > 0.05) & (true < 0.95)).astype(np.uint8), np.ones((9, 9))) > 0
    assert np.abs(alpha - true)[edge].mean() < 0.12
    assert np.abs(alpha - true)[~edge].mean() < 0.005
    if strands:
        hole = cv2.erode((np.abs(true - 0.25) < 0.01).astype(np.uint8), np.ones((5, 5))) > 0
        assert hole.sum() > 500 and alpha[hole].mean() < 0.5
        # The colour beside a hair is hair's, not the wall's.
        outside = (true > 0.2) & (true < 0.5) & (np.arange(len(true))[:, None] < 200)
        assert np.abs(own[outside] - HAIR).mean() < 0.05


def test_shine_shut_into_hair_is_the_person(keying: ModuleType) -> None:
    root, _, firm = draw(strands=False)
    cv2.ellipse(root, (240, 125), (40, 10), 0, 0, 360, [0.55, 0.56, 0.56], -1, cv2.LINE_AA)
    alpha, _ = key(keying, root, firm)
    assert alpha[115:135, 205:275].min() > 0.95
