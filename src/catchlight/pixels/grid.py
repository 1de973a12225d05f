"""A grid: where the samples of a field lie in a frame, said and never guessed from a shape."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Float, as_float
from catchlight.pixels import filters, geometry

#: x0, y0, x1, y1 in samples of a grid; x1 and y1 are excluded.
Box = tuple[int, int, int, int]
#: Below this scale a field is averaged before it is carried: lines between samples would skip some.
_AVERAGED = 0.7


@dataclass(frozen=True)
class Grid:
    """Samples in rows and columns over (part of) a frame.

    Attributes
    ----------
    width, height : int, samples
    to_frame : six floats, the (2, 3) similarity from samples to pixels of the frame, row by row
    """

    width: int
    height: int
    to_frame: tuple[float, ...]

    @classmethod
    def through(cls, width: int, height: int, to_frame: geometry.Transform) -> Grid:
        """The grid of ``width`` x ``height`` samples that a transform takes to the frame."""
        return cls(width, height, tuple(float(v) for v in np.asarray(to_frame).ravel()))

    @classmethod
    def over(cls, shape: tuple[int, ...], size: tuple[int, int]) -> Grid:
        """A grid of ``size`` (width, height) over all of a frame of ``shape`` (H, W, ...)."""
        return cls.through(*size, geometry.rescaling(size[::-1], shape))

    @property
    def matrix(self) -> geometry.Transform:
        """(2, 3) float64, samples to pixels of the frame."""
        return np.array(self.to_frame, np.float64).reshape(2, 3)

    @property
    def scale(self) -> float:
        """Pixels of the frame per sample."""
        return geometry.scale_of(self.matrix)

    def thinned(self, factor: float) -> Grid:
        """The same place with fewer samples, by a factor; itself from 1 on."""
        factor = min(1.0, factor)
        w, h = (max(1, round(side * factor)) for side in (self.width, self.height))
        back = geometry.rescaling((h, w), (self.height, self.width))
        return Grid.through(w, h, geometry.chain(back, self.matrix))

    def chained(self, further: geometry.Transform) -> Grid:
        """The same samples in a frame that ``further`` takes this one to."""
        return Grid.through(self.width, self.height, geometry.chain(self.matrix, further))

    def covers(self, width: int, height: int) -> bool:
        """Whether the samples are those of a whole frame of that size, however many they are."""
        whole = geometry.rescaling((self.height, self.width), (height, width))
        # A hundredth of a pixel at the frame's far corner.
        return bool(np.abs(self.matrix - whole).max() * max(self.width, self.height) < 0.01)

    def carry(self, field: Float, box: Box, width: int, height: int) -> tuple[Box, Float]:
        """Bring samples (h, w[, C]) of a ``box`` to the frame; beyond the box all is 0.

        Returns
        -------
        The box of the frame, in pixels, outside which nothing arrives, and the field there.

        Notes
        -----
        By straight lines between samples; averaged first where the frame has fewer pixels.
        """
        if self.covers(width, height):
            if box != (0, 0, self.width, self.height):
                field = _fill(field, box, self.width, self.height)
            return (0, 0, width, height), filters.resize(field, width, height)
        matrix = geometry.chain(geometry.translation(box[0], box[1]), self.matrix)
        scale = geometry.scale_of(matrix)
        # A margin for what the averaging and the last half sample spread.
        rim = 2 if scale >= _AVERAGED else int(np.ceil(3 / scale))
        if scale < _AVERAGED:
            widths = [(rim, rim)] * 2 + [(0, 0)] * (field.ndim - 2)
            field = filters.blur(as_float(np.pad(field, widths)), 0.5 * np.sqrt(1 / scale**2 - 1))
            matrix = geometry.chain(geometry.translation(-rim, -rim), matrix)
        h, w = field.shape[:2]
        ends = np.array([[-1, -1], [w, -1], [-1, h], [w, h]], np.float32)
        at = geometry.apply(matrix, ends)
        low = np.floor(at.min(0)).astype(int).clip(0, [width, height])
        high = (np.ceil(at.max(0)).astype(int) + 1).clip(low, [width, height])
        size = (int(high[0] - low[0]), int(high[1] - low[1]))
        there = (int(low[0]), int(low[1]), int(high[0]), int(high[1]))
        if min(size) == 0:
            return (0, 0, 0, 0), np.zeros((0, 0, *field.shape[2:]), np.float32)
        here = geometry.chain(matrix, geometry.translation(-low[0], -low[1]))
        return there, as_float(cv2.warpAffine(field, here, size, flags=cv2.INTER_LINEAR))


def _fill(field: Float, box: Box, width: int, height: int) -> Float:
    """A field of a whole grid that is 0 outside a box."""
    out = np.zeros((height, width, *field.shape[2:]), np.float32)
    out[box[1] : box[3], box[0] : box[2]] = field
    return out


def find_box(field: NDArray[np.generic]) -> Box | None:
    """The smallest box outside which a field (h, w[, C]) is 0; None where all of it is."""
    acting = field != 0
    rows = np.flatnonzero(acting.reshape(len(acting), -1).any(axis=1))
    columns = acting.any(axis=0)
    columns = np.flatnonzero(columns.any(axis=1) if field.ndim == 3 else columns)
    if len(rows) == 0:
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
