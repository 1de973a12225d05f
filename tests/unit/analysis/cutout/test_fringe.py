"""The fringe: where a network of our own may draw, and that it finds hair that a decision lost."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from drawn_sitter import make_face

from catchlight.analysis.cutout import fringe
from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Mask

SIZE = 470


def stage(mm: float = 1.2) -> tuple[Mask, Face]:
    """A decision with an upright edge in its middle, and a face."""
    person = np.zeros((SIZE, SIZE), np.float32)
    person[:, 100:350] = 1
    return person, make_face(235, 190, 63 * mm)


def answer(value: float) -> Callable[[str, np.ndarray], np.ndarray]:
    def run(name: str, x: np.ndarray) -> np.ndarray:
        assert name == "matte_fringe"
        assert x.shape == (1, 4, 480, 416)
        assert x.min() >= 0
        assert x.max() <= 1
        return np.full((1, 1, 480, 416), value, np.float32)

    return run


@pytest.mark.parametrize("mm", [0.7, 1.2])
def test_it_draws_beside_the_outline_above_the_chin_alone(
    monkeypatch: pytest.MonkeyPatch, mm: float
) -> None:
    person, face = stage(mm)
    grey = np.full((SIZE, SIZE, 3), 0.3, np.float32)
    monkeypatch.setattr(fringe, "run_own", answer(1.0))
    got = fringe.draw_fringe(grey, person, person.copy(), face)
    chin, reach = round(float(face.points[CHIN, 1])), round(3 * mm)
    eyes = round(float(face.eyes[:, 1].mean()))
    changed = np.abs(got - person) > 0.01
    assert changed[eyes, 350 : 350 + reach].all()
    assert not changed[:, 350 + reach + 2 :].any()
    assert not changed[chin + round(15 * mm) + 1 :].any()
    # The rest of it is the closed form's.
    assert got[eyes, 351] == pytest.approx(0.6, abs=0.01)


def test_it_adds_no_haze_and_opens_nothing_that_is_solid(monkeypatch: pytest.MonkeyPatch) -> None:
    person, face = stage()
    grey = np.full((SIZE, SIZE, 3), 0.3, np.float32)
    eyes = round(float(face.eyes[:, 1].mean()))
    monkeypatch.setattr(fringe, "run_own", answer(0.4))
    assert (fringe.draw_fringe(grey, person, person.copy(), face) == person).all()
    # Where the closed form itself is unsure, it may take away.
    half = person.copy()
    half[:, 345:350] = 0.6
    got = fringe.draw_fringe(grey, person, half, face)
    assert got[eyes, 347] == pytest.approx(0.4 * 0.6 + 0.6 * 0.4, abs=0.02)


def test_hair_that_the_decision_lost_comes_back_before_a_striped_ground() -> None:
    person, face = stage()
    hair = np.zeros((SIZE, SIZE), np.float32)
    hair[:, 100:347] = 1
    for y in range(20, 220, 6):  # single hairs, a sample wide
        cv2.line(hair, (345, y), (356, y - 5), 1.0, 1, cv2.LINE_AA)
    ground = np.zeros((SIZE, SIZE, 3), np.float32) + np.float32([0.5, 0.55, 0.3])
    ground[:, ::9] = np.float32([0.3, 0.5, 0.25])
    pixels = ground + hair[..., None] * (np.float32([0.02, 0.015, 0.01]) - ground)
    soft = cv2.GaussianBlur(person, (0, 0), 2)
    # The closed form saw none of them.
    got = fringe.draw_fringe(pixels, soft, person * 0 + (soft > 0.6), face)
    box = np.s_[30:200, 350:354]
    strands = hair[box] > 0.5
    assert got[box][strands].mean() > got[box][~strands].mean() + 0.1
