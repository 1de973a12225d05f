"""Smooth surfaces over a square of the plane: bicubic splines, fitted and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Float, as_float

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Square:
    """Where a surface lies: ``reach`` either way from 0, with knots ``knot`` apart, in one unit."""

    reach: float
    knot: float

    @property
    def count(self) -> int:
        """How many splines there are along a side."""
        return round(2 * self.reach / self.knot) + 3

    def weights(self, at: Array) -> tuple[NDArray[np.intp], Array]:
        """First of the four cubic B-splines that a place (k,) feels, and their weights (k, 4)."""
        t = (at + self.reach) / self.knot
        first = np.floor(t).astype(np.intp).clip(0, self.count - 4)
        f = t - first
        parts = ((1 - f) ** 3, 3 * f**3 - 6 * f**2 + 4, -3 * f**3 + 3 * f**2 + 3 * f + 1, f**3)
        return first, np.stack(parts, 1) / 6

    def rows(self, at: Array) -> Array:
        """(k, count) what each spline weighs at the places ``at`` (k,); 0 beyond the square."""
        first, weights = self.weights(at)
        out = np.zeros((len(at), self.count))
        weights[np.abs(at) > self.reach] = 0
        np.put_along_axis(out, first[:, None] + np.arange(4), weights, 1)
        return out


def fit(
    square: Square, at: Array, value: Array, weight: Array, *, slope: float, bend: float
) -> Array:
    """Fit a smooth surface to ``value`` (k,) at places (k, 2; x, y): (count, count) coefficients.

    A bicubic spline whose coefficients have penalties on their differences (Eilers and Marx 1996),
    solved as one band. Drawn at xs and ys it is ``rows(ys) @ coefficients @ rows(xs).T``.

    Parameters
    ----------
    slope, bend : float
        Stiffness against first and second differences, where a place weighs ``weight`` (k,).
    """
    # 0.1 s that nobody waits for before the first network.
    from scipy.linalg import solveh_banded
    from scipy.sparse import csr_array

    n = square.count
    column, across = square.weights(at[:, 0])
    row, down = square.weights(at[:, 1])
    steps = np.arange(4)
    index = (row[:, None] + steps)[:, :, None] * n + (column[:, None] + steps)[:, None, :]
    part = (down * weight[:, None] ** 0.5)[:, :, None] * across[:, None, :]
    starts = np.arange(len(at) + 1) * 16
    seen = csr_array((part.ravel(), index.ravel(), starts), shape=(len(at), n * n))
    normal = (seen.T @ seen).tocoo()
    lower = normal.row >= normal.col
    band = _stiffness(n, slope, bend).copy()
    i, j = normal.row[lower], normal.col[lower]
    band[i - j, j] += normal.data[lower]
    right = as_float(seen.T @ (value * weight**0.5))
    # In float32: that moves the lens by 0.0002 mm at most.
    found = solveh_banded(band, right, overwrite_ab=True, lower=True, check_finite=False)
    return np.asarray(found, np.float64).reshape(n, n)


@lru_cache(maxsize=2)
def _stiffness(n: int, slope: float, bend: float) -> Float:
    """Penalties on slope and bend of (n, n) coefficients, the lower band (3 n + 4, n n)."""
    size = n * n
    columns, rows = np.meshgrid(np.arange(n), np.arange(n))
    laplace: dict[int, Array] = {0: np.zeros(size)}
    for step, free in ((1, columns < n - 1), (n, rows < n - 1)):
        beside = np.where(free.ravel(), 1.0, 0.0)
        laplace[step] = -beside
        laplace[0] += beside
        laplace[0][step:] += beside[:-step]
    for step in (1, n):
        laplace[-step] = np.concatenate([np.zeros(step), laplace[step][:-step]])
    band = np.zeros((3 * n + 4, size))
    for a, first in laplace.items():
        if a >= 0:
            band[a] += slope * first
        for b, second in laplace.items():
            # (L L)[c + b + a, c] = L[c + b + a, c + b] L[c + b, c]
            if a + b >= 0:
                moved = np.zeros(size)
                low, high = max(0, -b), size - max(0, b)
                moved[low:high] = first[low + b : high + b]
                band[a + b] += bend * moved * second
    stiff = as_float(band)
    stiff.setflags(write=False)
    return stiff


def smooth_rows(at: Array, count: int) -> Array:
    """(k, count) weights that read a smooth row of ``count`` samples, 0 to count - 1, at ``at``.

    Cubic B-splines over samples sharpened by (-1, 8, -1) / 6, which is exact for cubics: the result
    has a steady slope and bend, reaches three samples far, and is 0 where the samples are.
    """
    sharp = np.eye(count) * 8 / 6 - (np.eye(count, k=1) + np.eye(count, k=-1)) / 6
    middle = (count - 1) / 2
    splines = Square(middle + 1, 1.0).rows(at - middle)
    return splines[:, 2 : count + 2] @ sharp
