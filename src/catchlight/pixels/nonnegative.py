"""Least squares whose unknowns are 0 or more, for a few dozen of them.

SciPy has the same (``scipy.optimize.nnls``); importing it takes 0.3 s of processor time, a fifth of
what a small photo takes from the first to the last.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: How often all that is wrong changes sides at once without there being less of it.
_PATIENCE = 3
#: Rounds after which a matrix is called unsound: of 55 unknowns 15 were the most.
_ROUNDS = 1000


def solve_nonnegative(square: Array, right: Array) -> Array:
    """The x >= 0 that makes x' A x / 2 - x' b least.

    Parameters
    ----------
    square : (n, n) float64, A, positive definite: of least squares M' M
    right : (n,) float64, b: of least squares M' y

    Returns
    -------
    (n,) float64, the one solution

    Raises
    ------
    ValueError
        ``square`` is not positive definite.

    Notes
    -----
    Block principal pivoting (Portugal, Judice, Vicente 1994, "A comparison of block pivoting and
    interior-point algorithms for linear least squares problems with nonnegative variables"): each
    unknown is free or 0; those on the wrong side change it, all at once while that helps, else the
    last alone, which cannot go in circles (Murty 1974). Exact to rounding, whatever the way there.
    """
    n = len(right)
    free = np.ones(n, bool)
    fewest, patience = n + 1, _PATIENCE
    for _ in range(_ROUNDS):
        x, slope = np.zeros(n), np.zeros(n)
        x[free] = np.linalg.solve(square[np.ix_(free, free)], right[free])
        held = ~free
        slope[held] = square[np.ix_(held, free)] @ x[free] - right[held]
        wrong = np.flatnonzero((x < 0) | (slope < 0))
        if len(wrong) == 0:
            return x
        if len(wrong) < fewest:
            fewest, patience = len(wrong), _PATIENCE
        elif patience > 0:
            patience -= 1
        else:
            wrong = wrong[-1:]
        free[wrong] = ~free[wrong]
    raise ValueError("the matrix is not positive definite: nothing is least")
