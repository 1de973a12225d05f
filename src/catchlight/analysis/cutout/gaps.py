"""Gaps: a plain wall seen through hair, which the votes are too coarse to see.

A place inside the person counts as wall where it has the colour of the wall beside to within the
wall's own spread, is as smooth as it, lies in the hair, and where hair and wall are far apart and
the wall is not dark. All of it has to hold: a grey curl before a grey wall, a shining scalp, an ear
and the shadows in dark hair stay.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.face.outline import find_hull
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import channels, colour, filters, morphology

#: How far inside the outline a gap may lie, and over what distance wall and hair are told, in mm.
_DEEP_MM, _NEAR_MM = 25.0, 10.0
#: The most that a plain wall varies, how near to its colour a gap is, and how far hair is from it
#: (CIELAB). Walls that are called plain measured 1 to 4.
_PLAIN, _LIKE, _APART = 5.0, 9.0, 26.0
#: Lightness (L*) below which a wall has the colour of the shadows in hair.
_DARK = 40.0
#: A gap is at least twice so wide, in mm, and this far from the face's own outline.
_WIDE_MM, _FACE_MM = 0.9, 9.0
#: How far a skull reaches above the face's mesh, and how far below the chin hair is looked for, in
#: inter-eye distances. A scalp shines as a bright wall does, and clothes may be of its colour.
_SKULL, _BELOW = 1.05, 0.2
#: Part of the samples at which the colours of wall and hair are told.
_COARSE = 3

Bits = NDArray[np.bool_]


def find_gaps(pixels: Pixels, person: Mask, face: Face) -> Bits:
    """Where a plain wall shows through the hair, (h, w) bool.

    Parameters
    ----------
    pixels : (h, w, 3) linear P3
    person : (h, w), who was decided to be the person
    face : Face in their pixels
    """
    h, w = person.shape
    mm = face.px_per_mm
    nowhere = np.zeros((h, w), bool)
    y = np.arange(h, dtype=np.float32)[:, None]
    skin = _draw_skull(face, w, h)
    low = float(face.points[CHIN, 1]) + _BELOW * face.ied
    inside = (person > 0.1) & ~skin & (y < low)
    inside &= morphology.measure_depth(person > 0.1) < _DEEP_MM * mm
    wall = morphology.erode(person < 0.1, 2 * mm)
    hair = morphology.erode(person > 0.9, 3 * mm) & ~skin
    if not inside.any() or wall.sum() < 50 or hair.sum() < 50:
        return nowhere
    # What is told over centimetres is told as well at a third of the samples.
    size = (max(1, w // _COARSE), max(1, h // _COARSE))
    small = colour.p3_to_lab(np.clip(filters.resize(pixels, *size), 0, 1))
    reach = _NEAR_MM * mm / _COARSE
    behind, spread = _model(small, wall, reach)
    own, _ = _model(small, hair, reach)
    far = np.sqrt(channels.add_up(np.square(own - behind)))
    plain = (spread < _PLAIN) & (far > _APART) & (behind[..., 0] > _DARK)
    inside &= filters.resize(as_float(plain), w, h) > 0.5
    if not inside.any():
        return nowhere
    lab = colour.p3_to_lab(np.clip(pixels, 0, 1))
    behind, spread = filters.resize(behind, w, h), filters.resize(spread, w, h)
    off = np.sqrt(channels.add_up(np.square(lab - behind)))
    fine = np.abs(lab[..., 0] - filters.blur(as_float(lab[..., 0]), mm))
    alike = (off < np.minimum(_LIKE, 4 + 1.5 * spread)) & (fine < 4 + spread)
    return morphology.drop_thin(inside & alike, _WIDE_MM * mm)


def _draw_skull(face: Face, width: int, height: int) -> Bits:
    """The head as it would be bald: an ellipse around the face, higher than it."""
    outline = find_hull(face)
    (x0, top), (x1, low) = outline.min(axis=0), outline.max(axis=0)
    more = _FACE_MM * face.px_per_mm
    x0, x1, top, low = x0 - more, x1 + more, top - _SKULL * face.ied, low + more
    middle = (round(float(x0 + x1) / 2), round(float(top + low) / 2))
    axes = (max(1, round(float(x1 - x0) / 2)), max(1, round(float(low - top) / 2)))
    drawn = np.zeros((height, width), np.uint8)
    cv2.ellipse(drawn, middle, axes, face.pose.roll, 0, 360, 1, -1)
    return drawn > 0


def _model(small: Float, known: Bits, reach: float) -> tuple[Float, Float]:
    """Mean (h, w, 3) and spread (h, w) of the colours of what is ``known``, nearby, as small."""
    h, w = small.shape[:2]
    mask = as_float(filters.resize(as_float(known), w, h) > 0.99)
    mean = filters.blur_inside(small, mask, reach)
    off = channels.add_up(np.square(small - mean))
    spread = filters.blur_inside(off, mask, reach)
    return mean, as_float(np.sqrt(np.maximum(spread, 0)))
