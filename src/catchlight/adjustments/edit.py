"""The two kinds of change that an adjustment may return, at full strength."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Float
from catchlight.pixels.grid import Box, Grid


@dataclass(frozen=True, eq=False)
class Gain:
    """A change of pixels, in stops: log2(after / before).

    Attributes
    ----------
    stops : float32, or float16 where they are many
        (h, w) for all channels, or (h, w, 3); as large as the ``box``.
    grid : Grid
        Where they lie: the frame's own pixels, those of the measuring picture or the face crop, or
        one sample for the whole frame.
    box : Box, optional
        The part of the grid that they cover, and outside which nothing changes; by default all.
    """

    stops: Float | NDArray[np.float16]
    grid: Grid
    box: Box | None = None

    def __post_init__(self) -> None:
        x0, y0, x1, y1 = self.place
        if self.stops.shape[:2] != (y1 - y0, x1 - x0):
            raise ValueError(f"stops of the shape {self.stops.shape} do not fit {self.place}")

    @property
    def place(self) -> Box:
        """The box, spelled out."""
        return (0, 0, self.grid.width, self.grid.height) if self.box is None else self.box


@dataclass(frozen=True, eq=False)
class Warp:
    """A change of geometry: where each pixel of the result comes from.

    The result at x shows the photo at x + field(x). Fields are scaled by strength and summed, and
    the picture is resampled once; before and after are never cross-faded, which doubles edges.

    Attributes
    ----------
    field : (h, w, 2) float32
        Displacement, x then y, in millimetres of the face. It is smooth, so it may be coarse.
        Exactly 0 where nothing moves.
    grid : Grid
        Where its samples lie; all of the frame.
    """

    field: Float
    grid: Grid


Edit = Gain | Warp
