"""What leans: a head over level shoulders, a whole photo, and a pose that misleads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawn_sitter import draw_sitter, make_face

from catchlight.analysis.face.mesh import Pose
from catchlight.analysis.framing.level import (
    judge_stance,
    measure_lean,
    measure_lines,
    measure_shoulders,
)


@pytest.mark.parametrize("lean", [-30.0, -4.0, 0.0, 12.0])
def test_the_lean_of_a_head_is_that_of_its_eyes(lean: float) -> None:
    assert measure_lean(make_face(100, 100, 40, lean)) == pytest.approx(lean, abs=0.1)


def test_of_eyes_and_pose_the_lesser_counts() -> None:
    """A roll of 20 degrees was read off a head whose eyes lay level to 4."""
    face = make_face(100, 100, 40, 4.0)
    assert measure_lean(replace(face, pose=Pose(30, -20, 20.0))) == pytest.approx(4, abs=0.1)
    assert measure_lean(replace(face, pose=Pose(30, -20, -9.0))) == 0


@pytest.mark.parametrize("body", [-12.0, 0.0, 12.0])
@pytest.mark.parametrize("lean", [-8.0, 0.0, 8.0])
def test_shoulders_are_read_whatever_the_head_does(lean: float, body: float) -> None:
    drawn = draw_sitter(500, 700, 250, 250, 30, lean=lean, body=body)
    found = measure_shoulders(drawn.subject.face, drawn.cutout.alpha)
    assert found == pytest.approx(body, abs=5)


def test_one_shoulder_says_nothing() -> None:
    drawn = draw_sitter(200, 700, 60, 250, 30)
    assert measure_shoulders(drawn.subject.face, drawn.cutout.alpha) is None


def draw_room(angle: float, count: int) -> np.ndarray:
    import cv2

    view = np.full((480, 480, 3), 170, np.uint8)
    slope = np.tan(np.radians(angle))
    for x in np.linspace(30, 450, count):
        cv2.line(
            view, (round(x + 240 * slope), 0), (round(x - 240 * slope), 480), (70, 60, 50), 3,
            cv2.LINE_AA,
        )  # fmt: skip
    return view


@pytest.mark.parametrize("angle", [-15.0, -3.0, 0.0, 6.0, 20.0])
def test_upright_lines_tell_how_the_room_leans(angle: float) -> None:
    nobody = np.zeros((480, 480), np.float32)
    assert measure_lines(draw_room(angle, 6), nobody) == pytest.approx(angle, abs=1)


def test_a_wall_without_lines_says_nothing() -> None:
    nobody = np.zeros((480, 480), np.float32)
    blank = np.full((480, 480, 3), 120, np.uint8)
    assert measure_lines(blank, nobody) is None
    noise = np.random.default_rng(0).integers(0, 255, (480, 480, 3), dtype=np.uint8)
    assert measure_lines(noise, nobody) is None


def test_lines_on_the_sitter_are_none_of_the_rooms() -> None:
    everybody = np.ones((480, 480), np.float32)
    assert measure_lines(draw_room(8.0, 6), everybody) is None


@pytest.mark.parametrize(("lean", "taken"), [(-30.0, 0.0), (44.0, 0.0), (60.0, 37.5)])
def test_a_head_that_leans_alone_is_a_pose_as_far_as_necks_bend(lean: float, taken: float) -> None:
    """Before a plain wall, without shoulders: a pillar leant for it once."""
    nobody = np.zeros((330, 330), np.float32)
    blank = np.full((330, 330, 3), 120, np.uint8)
    stance = judge_stance(make_face(165, 140, 22, lean), nobody, blank, nobody)
    assert (stance.lines, stance.shoulders) == (None, None)
    assert stance.askew == pytest.approx(taken, abs=0.2)
    assert f"leans by {abs(lean):.0f} degrees" in stance.said
