"""The sides of an edge: what is continued into it, and where a sample lies between the two."""

from __future__ import annotations

import numpy as np
import pytest

from catchlight.analysis.cutout.sides import measure_calm, see_sides

SIZE = 120
WALL, HAIR = np.float32([0.8, 0.75, 0.7]), np.float32([0.2, 0.15, 0.12])


def test_before_a_calm_wall_the_place_of_a_sample_is_its_alpha() -> None:
    alpha = np.clip((60 - np.arange(SIZE, dtype=np.float32)) / 8 + 0.5, 0, 1)[None]
    alpha = np.repeat(alpha, SIZE, 0)[..., None]
    code = np.sqrt(alpha * HAIR**2 + (1 - alpha) * WALL**2).astype(np.float32)
    got = see_sides(code, alpha[..., 0])
    assert got.shape == (SIZE, SIZE, 11)
    assert got.dtype == np.float32
    edge = np.s_[20:100, 54:67]
    for place in (got[..., 9], got[..., 10]):
        assert place[edge] == pytest.approx(alpha[..., 0][edge], abs=0.03)
    assert got[edge][..., :3] == pytest.approx(np.broadcast_to(WALL, (80, 13, 3)), abs=0.02)
    assert got[edge][..., 6:9] == pytest.approx(np.broadcast_to(HAIR, (80, 13, 3)), abs=0.02)


def test_a_curl_that_the_decision_lost_is_told_by_the_ground_further_off() -> None:
    person = np.zeros((SIZE, SIZE), np.float32)
    person[:, :50] = 1
    code = np.where(person[..., None] > 0, HAIR, WALL)
    code[50:60, 50:64] = HAIR  # it reaches further than what is looked at as the edge
    got = see_sides(code, person)
    assert got[55, 62, 9] < 0.5, "beside it the ground is the curl itself"
    assert got[55, 62, 10] > 0.95


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_with_one_side_alone_there_is_an_answer(value: float) -> None:
    code = np.full((SIZE, SIZE, 3), 0.5, np.float32)
    got = see_sides(code, np.full((SIZE, SIZE), value, np.float32))
    assert np.isfinite(got).all()
    assert got.min() >= 0
    assert got.max() <= 1


def stage_leaves(depth: float, ground: np.ndarray, hair: np.ndarray) -> tuple[np.ndarray, ...]:
    """A person to the left of a ground of stripes that are ``depth`` deep."""
    person = np.zeros((SIZE, SIZE), np.float32)
    person[:, :50] = 1
    stripes = np.where(np.arange(SIZE) // 3 % 2, depth, -depth).astype(np.float32)[None, :, None]
    code = np.where(person[..., None] > 0, hair, ground + stripes).astype(np.float32)
    return code, person


@pytest.mark.parametrize(
    ("depth", "ground", "hair", "calm"),
    [
        (0.0, WALL, HAIR, 1.0),
        (0.002, WALL, HAIR, 1.0),
        (0.15, WALL, HAIR, 0.0),
        # Steps that are nothing behind dark hair on a wall are leaves where all is dark.
        (0.01, HAIR + np.float32(0.02), HAIR, 0.0),
    ],
)
def test_a_wall_is_calm_and_leaves_are_not(
    depth: float, ground: np.ndarray, hair: np.ndarray, calm: float
) -> None:
    code, person = stage_leaves(depth, ground, hair)
    got = measure_calm(code, person, see_sides(code, person))
    assert got[20:100, 40:60] == pytest.approx(calm, abs=0.02)
