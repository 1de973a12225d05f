"""Strands beside an outline: found where the ground is plain, joined, never instead of alpha."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from catchlight.pixels import filters
from catchlight.pixels.strands import find_strands

H, W, MM = 300, 300, 1.5
HAIR, WALL = np.float32([0.03, 0.02, 0.015]), np.float32([0.42, 0.45, 0.5])


@pytest.fixture(scope="module")
def head() -> np.ndarray:
    y, x = np.mgrid[0:H, 0:W].astype(np.float32)
    return filters.smoothstep(np.hypot(x - 150, y - 170) / 80, 1.02, 0.98)


def lay(head: np.ndarray, wall: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A head with a strand of 5 mm that alpha lacks, before a wall; and where the strand is."""
    strand = np.zeros((H, W), np.float32)
    cv2.line(strand, (150, 92), (153, 84), 1.0, 2, cv2.LINE_AA)
    share = np.maximum(head, strand)[..., None]
    return (HAIR * share + wall * (1 - share)).astype(np.float32), strand > 0.9


def test_a_strand_before_a_plain_wall_is_found(head: np.ndarray) -> None:
    pixels, strand = lay(head, np.broadcast_to(WALL, (H, W, 3)))
    found = find_strands(pixels, head, MM)
    assert found[strand].min() > 0.8
    assert (found >= head).all() and found.max() <= 1


def test_before_a_ground_of_the_hairs_own_tones_nothing_is(head: np.ndarray) -> None:
    y, x = np.mgrid[0:H, 0:W]
    wall = np.where(((x // 4 + y // 4) % 2 > 0)[..., None], HAIR, WALL)
    pixels, strand = lay(head, wall)
    found = find_strands(pixels, head, MM)
    assert found[strand & (head < 0.01)].max(initial=0.0) < 0.05
    assert found[:60].max() == 0


def test_what_is_joined_to_nobody_is_left_out(head: np.ndarray) -> None:
    pixels, _ = lay(head, np.broadcast_to(WALL, (H, W, 3)))
    cv2.circle(pixels, (60, 120), 3, HAIR.tolist(), -1)
    found = find_strands(pixels, head, MM)
    assert found[112:128, 52:66].max() < 0.01


def test_who_fills_the_picture_or_is_not_there_stays() -> None:
    pixels = np.full((40, 30, 3), 0.3, np.float32)
    for alpha in (np.zeros((40, 30), np.float32), np.ones((40, 30), np.float32)):
        assert (find_strands(pixels, alpha, MM) == alpha).all()
