"""What the cut-out hands over: alpha at the head's own scale, and what is known about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from catchlight.analysis.cutout.soundness import Soundness, measure_soundness
from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Mask, Pixels, as_float
from catchlight.measured import measured
from catchlight.pixels import filters, geometry, morphology
from catchlight.pixels.grid import Box, Grid

#: Longer side of the photo at which its borders are looked at.
_LOOK = 640

Side = Literal["left", "right", "top", "bottom"]
#: Fields of a cut-out that can be carried over a frame.
Field = Literal["alpha", "confidence", "others", "clothes"]


@dataclass(frozen=True)
class Cut:
    """Where the photo's border cuts the sitter.

    Attributes
    ----------
    side : {"left", "right", "top", "bottom"}, of the photo as it lies
    start, end : float, along that side in photo pixels: x of the top and bottom, y of the others
    """

    side: Side
    start: float
    end: float


@dataclass(frozen=True, eq=False)
class Cutout:
    """The sitter cut out of the photo, whatever the frame.

    Attributes
    ----------
    grid : Grid
        Where the samples lie in the photo: ``grid.matrix`` takes samples to photo pixels. Level
        with the photo's sides, clipped to its borders.
    face : Face, in samples
    pixels : (h, w, 3) linear P3, the photo at the samples
    alpha : (h, w), how much of a sample is the sitter
    confidence : (h, w), 0..1, how far the evidence agrees on alpha
    others : (h, w), 0..1, bodies of other people
    clothes : (h, w), 0..1, what the sitter wears below the chin
    wide : (h', w') float32, a coarse alpha over the whole photo, for what lies outside the grid
    size : (width, height) of the photo
    content : Box, the photo within its bars, in its pixels; beyond it nothing is the sitter
    engine : str, "fast" or "fine"
    """

    grid: Grid
    face: Face
    pixels: Pixels
    alpha: Mask
    confidence: Mask
    others: Mask
    clothes: Mask
    wide: Mask
    size: tuple[int, int]
    content: Box
    engine: str

    def over(
        self, frame: geometry.Transform, width: int, height: int, *, field: Field = "alpha"
    ) -> Mask:
        """A field of the cut-out over what ``frame`` makes of photo pixels.

        Parameters
        ----------
        frame : (2, 3) similarity from photo pixels to pixels of the frame
        width, height : int, of the frame
        field : {"alpha", "confidence", "others", "clothes"}

        Returns
        -------
        (height, width) float32 in 0..1; 0 outside the photo. Outside the grid alpha is the coarse
        one, and the other fields are 0.
        """
        to_frame = geometry.chain(self.grid.matrix, frame)
        near = _carry(getattr(self, field), to_frame, (width, height))
        if field != "alpha":
            return near
        w, h = self.size
        from_wide = geometry.chain(geometry.rescaling(self.wide.shape, (h, w)), frame)
        wide = _carry(self.wide, from_wide, (width, height))
        if not wide.any():
            return near
        here = _carry(self.trust, to_frame, (width, height))
        return as_float(near * here + wide * (1 - here))

    @measured
    def cuts(self) -> tuple[Cut, ...]:
        """Where the photo's border, or a bar within it, cuts the sitter."""
        return find_cuts(self)

    @measured
    def soundness(self) -> Soundness:
        """How far it can be trusted."""
        return measure_soundness(self.pixels, self.alpha, self.face, self.confidence)

    @measured
    def touching(self) -> bool:
        """Whether another's body lies within 5 mm of the sitter's, along 30 mm and more."""
        mm = self.face.px_per_mm
        away = morphology.measure_depth(self.alpha <= 0.5)
        return float(((self.others > 0.5) & (away < 5 * mm)).sum()) > 150 * mm**2

    @measured
    def trust(self) -> Mask:
        """(h, w), 1 inside the grid, falling to 0 over 10 mm at its borders within the content."""
        h, w = self.alpha.shape
        x, y = np.ogrid[0.5:w, 0.5:h]
        rim = 10 * self.face.px_per_mm
        corners = geometry.apply(self.grid.matrix, np.array([[-0.5, -0.5], [w - 0.5, h - 0.5]]))
        start = np.array(self.content[:2], np.float32)
        limit = np.array(self.content[2:], np.float32) - 0.5
        # On the photo's own border nothing lies beyond that would be known better.
        far = np.float32(1e9)
        left, top = np.where(corners[0] > start + 0.5, 0, -far)
        right, bottom = np.where(corners[1] < limit - 1, 0, far)
        across = np.minimum(x - left, w - x + right).clip(0, rim) / rim
        down = np.minimum(y - top, h - y + bottom).clip(0, rim) / rim
        return as_float(np.minimum(across.reshape(1, -1), down.reshape(-1, 1)))


def _carry(field: Mask, to_frame: geometry.Transform, size: tuple[int, int]) -> Mask:
    """A field of samples over a frame; 0 beyond the outermost samples' own squares."""
    scale = geometry.scale_of(to_frame)
    if scale < 0.7:  # average what a pixel of the frame covers
        field = filters.blur(field, 0.5 * float(np.sqrt(1 / scale**2 - 1)))
    padded = cv2.copyMakeBorder(field, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    inner = geometry.chain(geometry.translation(-1, -1), to_frame)
    out = as_float(cv2.warpAffine(padded, inner, size, flags=cv2.INTER_LINEAR))
    return np.clip(out, 0, 1)


def find_cuts(cutout: Cutout) -> tuple[Cut, ...]:
    """Find where the photo's border, or a bar within it, cuts the sitter.

    A run along a side with alpha above a half that is longer than 1 % of the side is a cut.
    """
    x0, y0, x1, y1 = cutout.content
    width, height = x1 - x0, y1 - y0
    step = max(1.0, max(width, height) / _LOOK)
    w, h = (max(2, round(side / step)) for side in (width, height))
    to_look = geometry.rescaling((height, width), (h, w))
    alpha = cutout.over(geometry.chain(geometry.translation(-x0, -y0), to_look), w, h)
    lines: list[tuple[Side, Mask, float, int]] = [
        ("left", alpha[:, 0], height / h, y0),
        ("right", alpha[:, -1], height / h, y0),
        ("top", alpha[0], width / w, x0),
        ("bottom", alpha[-1], width / w, x0),
    ]
    found = []
    for side, line, each, first in lines:
        steps = np.diff(np.concatenate([[0], (line > 0.5).astype(np.int8), [0]]))
        starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
        for a, b in zip(starts, ends, strict=True):
            if b - a > 0.01 * len(line):
                found.append(
                    Cut(side, float(first + a * each - 0.5), float(first + b * each - 0.5))
                )
    return tuple(found)
