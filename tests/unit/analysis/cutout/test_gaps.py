"""A plain wall seen through hair is wall; whatever else looks like it is not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from drawn_sitter import make_face

from catchlight.analysis.cutout.edges import solve_edge
from catchlight.analysis.cutout.gaps import find_gaps
from catchlight.analysis.face.mesh import Face

PALE, DARK, HAIR = (0.55, 0.52, 0.48), (0.03, 0.03, 0.03), (0.02, 0.015, 0.012)


@pytest.fixture(scope="module")
def face() -> Face:
    return make_face(235, 190, 63 * 1.2)


def draw(face: Face, wall: tuple[float, ...], hole: tuple[float, float]) -> tuple[np.ndarray, ...]:
    """Wide hair before a wall, with a hole in it, (x, y) in mm from the eyes; person and hole."""
    h, w = 470, 470
    x, y = (float(v) for v in face.eyes.mean(axis=0))
    mm = face.px_per_mm
    person = np.zeros((h, w), np.float32)
    cv2.circle(person, (round(x), round(y)), round(115 * mm), 1.0, -1)
    pixels = np.where(person[..., None] > 0.5, np.float32(HAIR), np.float32(wall))
    gap = np.zeros((h, w), np.uint8)
    cv2.circle(gap, (round(x + hole[0] * mm), round(y + hole[1] * mm)), round(5 * mm), 1, -1)
    pixels[gap > 0] = wall
    noise = np.random.default_rng(3).normal(0, 0.003, pixels.shape)
    return (pixels + noise).clip(0, 1).astype(np.float32), person, gap > 0


def test_a_gap_at_the_side_of_the_head_is_wall(face: Face) -> None:
    pixels, person, gap = draw(face, PALE, (100.0, 10.0))
    found = find_gaps(pixels, person, face)
    assert found[gap].mean() > 0.35
    assert not found[~cv2.dilate(gap.astype(np.uint8), np.ones((5, 5))).astype(bool)].any()
    assert solve_edge(pixels, person, face)[gap].mean() < 0.25


@pytest.mark.parametrize(
    ("wall", "hole"),
    [
        (DARK, (100.0, 10.0)),  # the shadows of hair have a dark wall's colour
        (PALE, (0.0, -95.0)),  # a scalp that shines
        (PALE, (40.0, 0.0)),  # an ear, a temple
        (PALE, (0.0, 108.0)),  # below the chin: clothes
    ],
)
def test_what_may_be_something_else_stays(
    wall: tuple[float, ...], hole: tuple[float, float], face: Face
) -> None:
    pixels, person, gap = draw(face, wall, hole)
    assert not find_gaps(pixels, person, face)[gap].any()


def test_a_restless_wall_says_nothing(face: Face) -> None:
    pixels, person, gap = draw(face, PALE, (100.0, 10.0))
    y, x = np.mgrid[0:470, 0:470]
    pixels[person < 0.5] *= np.where((x // 8 + y // 8) % 2, 1.0, 0.4)[person < 0.5][:, None]
    assert not find_gaps(pixels, person, face)[gap].any()


def test_nobody_and_everybody(face: Face) -> None:
    pixels = np.full((470, 470, 3), 0.5, np.float32)
    for person in (np.zeros((470, 470), np.float32), np.ones((470, 470), np.float32)):
        assert not find_gaps(pixels, person, face).any()
