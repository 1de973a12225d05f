"""Channels: what OpenCV sums and compares is what NumPy would."""

import numpy as np
import pytest

from catchlight.pixels import channels


@pytest.fixture
def field() -> np.ndarray:
    return np.random.default_rng(3).normal(size=(13, 7, 3)).astype(np.float32)


def test_they_are_joined_as_numpy_joins_them(field: np.ndarray) -> None:
    assert np.array_equal(channels.find_most(field), field.max(axis=2))
    assert np.array_equal(channels.find_least(field), field.min(axis=2))
    for count in (2, 3):
        part = field[..., :count]
        assert np.allclose(channels.add_up(part), part.sum(axis=2), rtol=0, atol=1e-6)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_they_are_weighed_and_shared_out(field: np.ndarray, count: int) -> None:
    part = field[..., :count] if count else field[..., 0]
    weight = np.random.default_rng(4).uniform(0.1, 1, field.shape[:2]).astype(np.float32)
    many = weight[..., None] if count else weight
    for made, asked in (
        (channels.weigh(part, weight), part * many),
        (channels.share_out(part, weight), part / many),
    ):
        assert made.shape == part.shape
        assert np.array_equal(made, asked)
