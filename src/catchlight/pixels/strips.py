"""Strips: work on a large picture a few rows at a time, two strips at once.

A step over 4 megapixels asks the system for 48 MB of fresh pages for each passing result, which can
cost more than the sum itself; a strip's stay in the processor's cache. NumPy and OpenCV let go of
the interpreter while they work, so that threads help.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Mask
from catchlight.pixels.halves import to_half, weigh

T = TypeVar("T")

# Pixels in a strip: three channels of float32 are 384 KB.
_PIXELS = 1 << 15
#: Threads beyond this gain little on strips: memory is what they wait for.
_MOST_THREADS = 4


def strips(height: int, width: int) -> Iterator[slice]:
    """Slices of rows, from top to bottom, of about 33 000 pixels each."""
    rows = max(1, _PIXELS // max(1, width))
    for top in range(0, height, rows):
        yield slice(top, min(top + rows, height))


def over_strips(work: Callable[[slice], None], height: int, width: int) -> None:
    """Do ``work`` on each strip of a picture, on as many threads as OpenCV may use.

    Parameters
    ----------
    work : callable
        Takes a slice of rows; writes what it makes into an array of its own. No two strips share a
        row, so no two calls touch the same memory.
    height, width : int
    """
    over_parts(work, list(strips(height, width)))


def over_parts(work: Callable[[T], None], parts: Sequence[T]) -> None:
    """Do ``work`` on each of some parts that share no pixel, on as many threads as OpenCV may."""
    threads = min(cv2.getNumThreads(), _MOST_THREADS, len(parts))
    if threads < 2:
        for part in parts:
            work(part)
        return
    with ThreadPoolExecutor(threads) as pool:
        # Taken out one by one, so that what a part raises is raised here.
        for _ in pool.map(work, parts):
            pass


def measure_largest(field: NDArray[np.floating]) -> float:
    """The largest size in a field, a strip at a time: NumPy compares half floats slowly."""
    rows = field.reshape(field.shape[0], -1)
    found = 0.0
    for part in strips(*rows.shape):
        low, high, *_ = cv2.minMaxLoc(weigh(rows[part]))
        found = max(found, high, -low)
    return found


def lay_mask(field: NDArray[np.floating], mask: Mask) -> tuple[NDArray[np.float16], float]:
    """A field (h, w[, 3]) times its mask (h, w) as half floats, and the largest size in it."""
    half = np.empty(field.shape, np.float16)
    most = 0.0
    for rows in strips(*mask.shape):
        here = mask[rows]
        if field.ndim == 3:  # a row of triples, so that the product runs over neighbours
            here = np.repeat(here, 3, axis=1)
        here = here * field[rows].reshape(here.shape)
        low, high, *_ = cv2.minMaxLoc(here)
        most = max(most, high, -low)
        half[rows] = to_half(here).reshape(half[rows].shape)
    return half, most
