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
from catchlight.pixels import matting

SIZE = 470


def stage(mm: float = 1.2) -> tuple[Mask, Face]:
    """A decision with an upright edge in its middle, and a face."""
    person = np.zeros((SIZE, SIZE), np.float32)
    person[:, 100:350] = 1
    return person, make_face(235, 190, 63 * mm)


def answer(value: float) -> Callable[[str, np.ndarray], np.ndarray]:
    def run(name: str, x: np.ndarray) -> np.ndarray:
        assert name == "matte_fringe"
        assert x.shape[:2] == (1, 15)
        assert all(side % 16 == 0 and side >= 96 for side in x.shape[2:])
        assert x.min() >= 0
        assert x.max() <= 1
        return np.full((1, 1, *x.shape[2:]), value, np.float32)

    return run


def draw_ground(kind: str, hair: int = 350) -> np.ndarray:
    """A wall, or leaves, and dark hair from column 100 to ``hair``: root code."""
    ground = np.full((SIZE, SIZE, 3), 0.5, np.float32)
    if kind == "busy":
        ground[::4] += 0.3
        ground[:, ::4] -= 0.3
    ground[:, 100:hair] = 0.1
    return ground


def draw(code: np.ndarray, person: np.ndarray, alpha: np.ndarray, face: Face) -> np.ndarray:
    """The fringe as the edge has it drawn."""
    return fringe.draw_fringe(fringe.ask_fringe(code, person, face), person, alpha, face)


@pytest.mark.parametrize("mm", [0.95, 1.2])
def test_before_a_wall_it_draws_beside_the_outline_above_the_chin_alone(
    monkeypatch: pytest.MonkeyPatch, mm: float
) -> None:
    person, face = stage(mm)
    edge = round(235 + 96 * mm)  # beside the face, and well within the window
    person[:, edge:] = 0
    monkeypatch.setattr(fringe, "run_own", answer(1.0))
    # Hair that the decision lost, wider than it may draw.
    wall = draw_ground("calm", edge + 10)
    got = draw(wall, person, person.copy(), face)
    chin, reach = round(float(face.points[CHIN, 1])), round(5 * mm)
    eyes = round(float(face.eyes[:, 1].mean()))
    changed = np.abs(got - person) > 0.01
    assert changed[eyes, edge : edge + reach - 1].all()
    assert not changed[:, edge + reach + 2 :].any()
    assert not changed[chin + round(15 * mm) + 1 :].any()
    # The rest of it is the closed form's: a tenth, and a little more as the hair is unrest.
    assert got[eyes, edge + 1] == pytest.approx(0.87, abs=0.04)


def test_the_network_sees_no_more_than_what_counts_and_what_is_around_it() -> None:
    person = np.zeros((480, 416), np.float32)
    cv2.ellipse(person, (200, 230), (90, 130), 0, 0, 360, 1.0, -1)
    person[330:, 20:400] = 1  # shoulders, from 35 samples above the chin on
    rows, columns = fringe._find_part(person, 365.0)
    assert rows == slice(48, 432)  # the crown is at row 100, the chin's reach at 383
    assert columns == slice(0, 416)  # the shoulders' tops are above that
    person[330:] = 0
    assert fringe._find_part(person, 365.0)[1] == slice(64, 336)
    # Without an edge, all of it.
    assert fringe._find_part(person * 0, 365.0) == np.s_[0:480, 0:416]


@pytest.mark.parametrize(("kind", "mm"), [("busy", 1.2), ("calm", 0.6)])
def test_before_leaves_and_in_a_tiny_photo_it_adds_nothing_where_the_closed_form_sees_nothing(
    monkeypatch: pytest.MonkeyPatch, kind: str, mm: float
) -> None:
    person, face = stage(mm)
    monkeypatch.setattr(fringe, "run_own", answer(1.0))
    assert (draw(draw_ground(kind), person, person.copy(), face) == person).all()


def test_before_a_busy_ground_it_opens_nothing_that_is_solid(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person, face = stage()
    eyes = round(float(face.eyes[:, 1].mean()))
    monkeypatch.setattr(fringe, "run_own", answer(0.4))
    busy = draw_ground("busy")
    assert (draw(busy, person, person.copy(), face) == person).all()
    # Where the closed form itself is unsure, it may take away.
    half = person.copy()
    half[:, 345:350] = 0.6
    got = draw(busy, person, half, face)
    assert got[eyes, 347] == pytest.approx(0.4 * 0.6 + 0.6 * 0.4, abs=0.02)
    # Before a wall a haze may be hair, where the light says so; no more is opened than a loop.
    for hair, more in ((360, 0.34), (350, 0.05)):
        got = draw(draw_ground("calm", hair), person, person.copy(), face)
        assert got[eyes, 352] == pytest.approx(more, abs=0.03)
        assert (got[:, 100:350] == person[:, 100:350]).all()


def test_before_a_calm_ground_a_gap_between_curls_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person, face = stage()
    eyes = round(float(face.eyes[:, 1].mean()))
    run = answer(1.0)
    monkeypatch.setattr(fringe, "_find_part", lambda *_: np.s_[0:480, 0:416])

    def say(name: str, x: np.ndarray) -> np.ndarray:
        out = run(name, x)
        # Two gaps within the outline, at the height of the eyes and above: 17 and 140 mm2.
        out[0, 0, 247:253, 319:323] = 0
        out[0, 0, 150:200, 319:323] = 0
        return out

    monkeypatch.setattr(fringe, "run_own", say)
    shift = np.round(np.array(fringe.EYES) - face.eyes.mean(0)).astype(int)
    for kind, opened in (("calm", True), ("busy", False)):
        ground = draw_ground(kind)
        ground[:, 319 - shift[0] : 323 - shift[0]] = 0.5  # the wall is seen through them
        got = draw(ground, person, person.copy(), face)
        assert (got[eyes, 321 - shift[0]] < 0.5) == opened
        assert got[175 - shift[1], 321 - shift[0]] == 1


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
    got = draw(matting.root_code(pixels), soft, person * 0 + (soft > 0.6), face)
    box = np.s_[30:200, 350:354]
    strands = hair[box] > 0.5
    assert got[box][strands].mean() > got[box][~strands].mean() + 0.1
