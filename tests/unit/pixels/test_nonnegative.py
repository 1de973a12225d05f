"""Least squares of what is 0 or more: the one solution, whatever the way there."""

from __future__ import annotations

import numpy as np
import pytest

from catchlight.pixels.nonnegative import solve_nonnegative


@pytest.mark.parametrize("n", [1, 2, 7, 55])
@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_solution_of_scipy(n: int, seed: int) -> None:
    from scipy.optimize import nnls

    rng = np.random.default_rng(seed)
    matrix, seen = rng.normal(size=(3 * n, n)), rng.normal(size=3 * n)
    if seed % 2:  # columns nearly alike, as neighbouring lamps are
        matrix[:, 1:] = matrix[:, :1] + 0.05 * matrix[:, 1:]
    found = solve_nonnegative(matrix.T @ matrix, matrix.T @ seen)
    wanted, _ = nnls(matrix, seen)
    assert np.allclose(found, wanted, atol=1e-8 * max(1.0, np.abs(wanted).max()))
    assert (found >= 0).all()


def test_what_is_free_to_be_anything_is_solved_as_if_it_were() -> None:
    square = np.array([[2.0, 0.5], [0.5, 1.0]])
    x = np.array([0.3, 4.0])
    assert np.allclose(solve_nonnegative(square, square @ x), x)
    assert np.allclose(solve_nonnegative(square, np.array([-1.0, -2.0])), 0)
