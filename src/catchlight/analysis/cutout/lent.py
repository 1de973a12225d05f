"""Lent maps: what the salient network saw before it answered, for our own network to read.

That network has learned what things look like from ten thousand photographs; its answer is one
number a pixel. Its inner maps still tell hair from a flower behind it. They are brought from the
square it was shown to the grids of the refiner's own steps.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.cutout.refiner import HEIGHT, WIDTH
from catchlight.arrays import Float, Mask, as_float

#: Which taps (by their order) join at which of the refiner's steps, by the size of a cell in
#: samples of its window; each tap has 64 channels.
_STEPS = ((8, (0, 1)), (16, (2, 3)), (32, (4,)))
_CHANNELS = 64

#: (128, 44, 36), (128, 22, 18) and (64, 11, 9) float32.
Lent = tuple[Float, ...]


def bring_maps(taps: list[NDArray[np.float32]], inside: Mask) -> Lent:
    """Bring the taps of ``salient_small``, seen over the box of ``inside``, to the window.

    Parameters
    ----------
    taps : list of (1, 64, n, n) float32
    inside : (352, 288), 1 where the photo is; a rectangle

    Returns
    -------
    tuple of (c, h, w) float32
        Linear between the maps' cells; 0 beyond the photo.
    """
    rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
    out = []
    for step, numbers in _STEPS:
        maps = np.concatenate([taps[k][0] for k in numbers])
        down = _weigh(maps.shape[1], HEIGHT // step, step, rows[0], rows[-1] + 1)
        across = _weigh(maps.shape[2], WIDTH // step, step, columns[0], columns[-1] + 1)
        out.append(as_float(down @ maps @ across.T))
    return tuple(out)


def no_maps() -> Lent:
    """Maps of nothing: where the salient network was not asked."""
    return tuple(
        np.zeros((_CHANNELS * len(numbers), HEIGHT // step, WIDTH // step), np.float32)
        for step, numbers in _STEPS
    )


def _weigh(count: int, cells: int, step: int, low: int, high: int) -> Float:
    """How much each of ``count`` samples over low..high counts in each cell of the window."""
    middle = (np.arange(cells) + 0.5) * step
    at = np.clip((middle - low) / (high - low) * count - 0.5, 0, count - 1)
    first = np.clip(np.floor(at).astype(int), 0, count - 2)
    out = np.zeros((cells, count), np.float32)
    here = np.arange(cells)
    out[here, first] = 1 - (at - first)
    out[here, first + 1] = at - first
    return out * as_float((middle >= low) & (middle < high))[:, None]
