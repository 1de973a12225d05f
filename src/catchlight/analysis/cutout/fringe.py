"""The fringe: alpha where hair thins out, drawn by a network of our own.

The closed form knows two colours and the line between them; before foliage or lettering, or where
hair has the ground's tone, there is no such line. A small network that has seen hair before many
grounds draws the narrow band around the outline as well. The two fail differently (docs/matte.md).
Planes and scale are what it was trained with; change them only with the weights (tools/training).
"""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Mask, Pixels, as_float
from catchlight.models import run_own
from catchlight.pixels import filters, geometry, matting, morphology

#: The window: samples, samples a millimetre, and where the middle of the eyes lies in it. It is
#: 347 mm wide and 400 mm high: head, neck, and what hair there is beside them.
WIDTH, HEIGHT, _SCALE, EYES = 416, 480, 1.2, (208.0, 250.0)
#: How far beyond what was decided softly it may draw, in mm.
_REACH = 3.0
#: From where to where below the chin it ceases to count, in mm: it was shown heads alone.
_BODY_MM = (0.0, 15.0)
#: The root code that is shown as 1: that of light a tenth above white.
WHITE = 1.1**0.5
#: Alpha below which what it adds alone is the ground's light rather than hair: readers of
#: photographs named haze, and holes, where it drew freely.
_HAZE = 0.3
#: Its share of alpha; the rest is the closed form's.
_SHARE = 0.6


def draw_fringe(pixels: Pixels, person: Mask, alpha: Mask, face: Face) -> Mask:
    """Alpha drawn again where head and hair end, (h, w) float32.

    Parameters
    ----------
    pixels : (h, w, 3) linear P3, about 1.2 samples a millimetre
    person : (h, w) in 0..1, the decision
    alpha : (h, w), what the closed form made of it
    face : Face in their samples
    """
    h, w = alpha.shape
    mm, window = face.px_per_mm, _window_over(face)
    code = np.minimum(matting.root_code(pixels) / np.float32(WHITE), 1)
    planes = [*np.moveaxis(code, 2, 0), person]
    size, rest = (WIDTH, HEIGHT), cv2.BORDER_REPLICATE
    shown = [cv2.warpAffine(as_float(p), window, size, borderMode=rest) for p in planes]
    drawn = run_own("matte_fringe", as_float(np.stack(shown)[None]))[0, 0]
    back = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    # It never answers quite 0 or 1.
    fine = cv2.warpAffine(np.clip((drawn - 0.02) / 0.96, 0, 1), window, (w, h), flags=back)
    seen = np.zeros((HEIGHT, WIDTH), np.float32)
    seen[4:-4, 4:-4] = _SHARE
    share = as_float(cv2.warpAffine(seen, window, (w, h), flags=back))
    below = np.arange(h, dtype=np.float32)[:, None] - float(face.points[CHIN, 1])
    share *= 1 - filters.smoothstep(below / mm, *_BODY_MM)
    near = morphology.dilate(person > 0.1, _REACH * mm)
    near &= ~morphology.erode(person > 0.9, _REACH * mm)
    share *= as_float(near)
    out = as_float(alpha + share * (fine - alpha))
    # What both the decision and the closed form call solid is; and a haze alone is no hair.
    np.maximum(out, alpha, out=out, where=(alpha > 0.9) & (person > 0.5))
    np.copyto(out, alpha, where=(alpha < 0.1) & (out < _HAZE))
    return out


def _window_over(face: Face) -> geometry.Transform:
    """The way from the samples of ``face`` to the window, by whole samples where it can."""
    middle, scale = face.eyes.mean(0), _SCALE / face.px_per_mm
    if abs(scale - 1) < 0.02:
        return geometry.translation(*np.round(np.array(EYES) - middle))
    return geometry.similarity(scale, 0.0, middle, np.array(EYES, np.float32))
