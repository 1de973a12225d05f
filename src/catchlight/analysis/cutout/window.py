"""Where the cut-out looks: head, shoulders and chest, at samples a millimetre."""

from __future__ import annotations

import numpy as np

from catchlight.analysis.face.mesh import Face
from catchlight.pixels import geometry
from catchlight.pixels.grid import Box, Grid

#: Reach from between the eyes in mm: to either side, up, and down. A frame of head and shoulders
#: is 440 mm wide and reaches 350 mm below the eyes; one to the waist 470 mm and 500 mm.
_SIDE, _UP, _DOWN = 285.0, 230.0, 515.0
#: Samples a millimetre, at most.
SCALE = 1.2


def plan_window(face: Face, content: Box) -> Grid:
    """The cut-out's grid: samples to photo pixels, level with the photo and inside its bars.

    Parameters
    ----------
    face : Face in photo pixels
    content : Box, the photo within its bars
    """
    mm = face.px_per_mm
    eyes = face.eyes.mean(0)
    low = np.maximum(np.floor(eyes - np.array([_SIDE, _UP]) * mm), content[:2])
    high = np.minimum(np.ceil(eyes + np.array([_SIDE, _DOWN]) * mm), content[2:])
    span = np.maximum(high - low, 8)
    scale = min(SCALE / mm, 1.0)
    width, height = (max(8, int(np.ceil(s * scale))) for s in span)
    # One scale for both directions; what the last sample's rounding adds lies beyond the photo.
    step = 1 / scale
    shift = low - 0.5 + 0.5 * step
    return Grid.through(
        width, height, np.array([[step, 0, shift[0]], [0, step, shift[1]]], np.float64)
    )


def to_samples(grid: Grid) -> geometry.Transform:
    """The way from photo pixels to samples."""
    return geometry.invert(grid.matrix)
