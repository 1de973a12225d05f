"""The edge of the sitter: alpha between what is surely the person and surely not.

The closed form along colour lines, in a narrow band, and around head and hair a network of our own
beside it: who is the person is decided before.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.cutout.fringe import ask_fringe, draw_fringe
from catchlight.analysis.cutout.gaps import find_gaps
from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.face.outline import draw_sure_face
from catchlight.arrays import Mask, Pixels, as_float
from catchlight.pixels import filters, matting, morphology
from catchlight.pixels.beside import beside

#: Millimetres to either side of the decided outline within which alpha is unknown, and outside of
#: hair, which stands off further: there already where the decision sees a tenth of a person.
_BAND, _HAIR_BAND, _HAZE = 2.0, 3.0, 0.1
#: How far around a gap alpha is unknown, in mm.
_AROUND_GAP = 1.5


def draw_trimap(person: Mask, face: Face, gaps: NDArray[np.bool_]) -> tuple[Mask, Mask]:
    """Sure foreground and sure background from a decided person (h, w), 0..1, and gaps in hair.

    The unknown band reaches 2 mm to both sides of where the decision is soft, and 3 mm outside of
    head and hair: measured on people keyed before hard grounds, a narrower one loses strands; on
    photographs a wide one beside clothes keeps panels of the ground.
    """
    mm = face.px_per_mm
    h, w = person.shape
    # Of bits, as an erosion above a level is the erosion of what lies above it.
    inside = morphology.erode(person > 0.7, _BAND * mm)
    near = morphology.dilate(person >= 0.3, _BAND * mm)
    above = np.arange(h)[:, None] < round(float(face.points[CHIN, 1]))
    near |= morphology.dilate(person >= _HAZE, _HAIR_BAND * mm) & above
    outside = ~near
    # The face itself is never in doubt.
    inside = inside | draw_sure_face(face, w, h)
    if gaps.any():
        inside &= ~morphology.dilate(gaps, _AROUND_GAP * mm)
        outside |= gaps
    return inside.astype(np.float32), (outside & ~inside).astype(np.float32)


def solve_edge(pixels: Pixels, person: Mask, face: Face) -> Mask:
    """Alpha of a picture at about 1.2 pixels a millimetre, from who was decided to be the person.

    Parameters
    ----------
    pixels : (h, w, 3) linear P3
    person : (h, w), the decision
    face : Face in its pixels

    Returns
    -------
    (h, w) float32 in 0..1
    """
    code = matting.root_code(pixels)
    fringe = beside(lambda: ask_fringe(code, person, face))
    gaps = find_gaps(pixels, person, face)
    fg, bg = draw_trimap(person, face, gaps)
    # The votes' haze is indecision, not transparency: sharpen it.
    guess = filters.smoothstep(person, 0.1, 0.9) * as_float(~gaps)
    alpha = matting.estimate_alpha(code, fg, bg, guess)
    # What is almost clear or solid is.
    alpha = np.clip((alpha - 0.07) / 0.88, 0, 1)
    alpha = draw_fringe(fringe(), person, alpha * (1 - bg), face) * as_float(~gaps)
    return _drop_islands(alpha, fg, face.ied)


def _drop_islands(alpha: Mask, fg: Mask, ied: float) -> Mask:
    """Drop islands that no strand joins to the person.

    Haze joins a piece of wall to the hair as well as a strand does; what hangs on by less than a
    quarter of alpha goes, but for the finest strands within a tenth of the inter-eye distance.
    """
    solid = as_float(cv2.dilate(_joined(alpha > 0.25, fg), morphology.draw_disc(0.1 * ied)))
    near = _joined(alpha > 0.08, fg) * filters.blur(solid, 0.02 * ied)
    return np.asarray(alpha * near, np.float32)


def _joined(part: NDArray[np.bool_], fg: Mask) -> Mask:
    """The components of a mask that hold some of the sure person."""
    count, labels = cv2.connectedComponents(part.view(np.uint8))
    holds = np.bincount(labels[fg > 0.5], minlength=count) > 0
    holds[0] = False
    return as_float(holds[np.asarray(labels)])
