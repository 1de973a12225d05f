"""Displacements: pictures resampled through a smooth field, and points that follow.

A field (H, W, 2), x then y, says where each pixel of the result comes from:
result(x) = picture(x + field(x)).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Float, Mask, Points, as_float
from catchlight.pixels import filters

# Pixels: what moves less stays, bit for bit. A hundredth of a pixel changes the steepest edge by
# 1 % of its contrast.
_STILL = 0.01
# Pixels: side of the cells that are resampled, or left; and between the samples that tell.
_CELL, _SAMPLE = 32, 8
_Cells = NDArray[np.bool_]


@dataclass(frozen=True)
class Displacement:
    """A field, ready to draw several pictures of one size.

    Attributes
    ----------
    field : (H, W, 2) float32
    scale : float
        What makes pixels of it.
    """

    field: Float
    scale: float = 1.0

    def draw(self, picture: Float, matters: Mask | None = None, *, most: float = np.inf) -> Float:
        """Resample ``picture`` (H, W[, C]) once, by cubics on linear light, to 0 .. ``most``.

        Parameters
        ----------
        picture : (H, W) or (H, W, C) float32
        matters : mask of any size, optional
            What is drawn from places where this is 0 may be left as it is: nobody sees it, or it
            is all alike there.
        """
        out = np.empty_like(picture)
        cells = self._moving if matters is None else self._moving & self._drawing_from(matters)
        for at in self._runs(~cells):
            out[at] = picture[at]
        scale = np.float32(self.scale)
        for rows, columns in self._runs(cells):
            x = self.field[rows, columns, 0] * scale
            x += np.arange(columns.start, columns.stop, dtype=np.float32)
            y = self.field[rows, columns, 1] * scale
            y += np.arange(rows.start, rows.stop, dtype=np.float32)[:, None]
            here = cv2.remap(picture, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
            if most < np.inf:
                np.minimum(here, most, out=here)
            np.maximum(here, 0, out=out[rows, columns])
        return out

    @cached_property
    def _shape(self) -> tuple[int, int]:
        """How many cells there are from top to bottom and from left to right."""
        h, w = self.field.shape[:2]
        return max(1, round(h / _CELL)), max(1, round(w / _CELL))

    @cached_property
    def _moving(self) -> _Cells:
        """Cells in which something moves."""
        pull = np.abs(self.field[::_SAMPLE, ::_SAMPLE])
        moves = as_float(np.maximum(pull[..., 0], pull[..., 1]) * self.scale > _STILL)
        return self._reduce(as_float(cv2.dilate(moves, np.ones((3, 3), np.uint8)))) > 0

    def _drawing_from(self, mask: Mask) -> _Cells:
        """Cells that draw from places where ``mask`` is above 0."""
        down, across = self._shape
        # A cell's sources lie within a cell of that of its middle: fields change by less than
        # they are long.
        near = cv2.dilate(as_float(self._reduce(mask) > 0), np.ones((3, 3), np.uint8))
        h, w = self.field.shape[:2]
        cells = as_float([self.scale * across / w, self.scale * down / h])
        pull = self._reduce(self.field[::_SAMPLE, ::_SAMPLE]) * cells
        x, y = pull[..., 0] + np.arange(across), pull[..., 1] + np.arange(down)[:, None]
        edge = cv2.BORDER_REPLICATE
        found = cv2.remap(near, as_float(x), as_float(y), cv2.INTER_LINEAR, borderMode=edge)
        return np.asarray(found > 0)

    def _reduce(self, field: Float) -> Float:
        return filters.resize(field, self._shape[1], self._shape[0])

    def _runs(self, cells: _Cells) -> Iterator[tuple[slice, slice]]:
        """Rows and columns of each run of ``cells`` beside each other."""
        h, w = self.field.shape[:2]
        down, across = self._shape
        for i, row in enumerate(cells):
            rows = slice(i * h // down, -(-(i + 1) * h // down))
            ends = np.flatnonzero(np.diff(row, prepend=False, append=False))
            for start, stop in ends.reshape(-1, 2).tolist():
                yield rows, slice(start * w // across, -(-stop * w // across))


def displace(picture: Float, field: Float) -> Float:
    """Resample ``picture`` (H, W[, C]) once through a ``field`` in pixels."""
    return Displacement(field).draw(picture)


def invert(field: Float) -> Float:
    """Turn where results come from into where places go.

    With result(x) = picture(x + field(x)), what lies at p goes to p + g(p), where
    g(p) = -field(p + g(p)): a fixed point that three rounds reach for fields that do not fold.

    Parameters
    ----------
    field : (H, W, 2) float32, pixels

    Returns
    -------
    (H, W, 2) float32, pixels
    """
    h, w = field.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    there = -field
    for _ in range(3):
        there = -as_float(
            cv2.remap(
                field,
                x + there[..., 0],
                y + there[..., 1],
                cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REPLICATE,
            )
        )
    return there


def carry(points: Points, field: Float) -> Points:
    """Where a ``field`` in pixels takes (N, 2) ``points`` of the picture: its pull, inverted."""
    p = as_float(points)
    out = p.copy()
    for _ in range(60):  # result + field(result) = source; the pull's slope is well below 1
        x, y = (np.ascontiguousarray(out[None, :, i]) for i in (0, 1))
        pull = cv2.remap(field, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0]
        out = as_float(0.5 * (out + p - pull))
    return out
