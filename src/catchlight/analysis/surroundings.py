"""The surroundings: what the photo shows behind the sitter, and whether it keeps quiet.

Vocabulary: the *ground* is what lies 4 mm and more beside the outline and inside the frame, at the
measuring picture's size; *fine* and *coarse* are its changes of colour at 0.8 and 3 mm of the face.
Nothing here asks how well the sitter was cut out.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.face.outline import draw_hull
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import colour, filters, morphology

#: How far from the outline the ground begins, in mm.
_OFF_MM = 4.0
#: The two scales in mm, and the change (CIELAB) over a millimetre that draws the eye as an edge.
_FINE_MM, _COARSE_MM, _EDGE = 0.8, 3.0, 6.0
#: Share of the frame below which hardly any ground is seen.
_LEAST = 0.02


@dataclass(frozen=True)
class Surroundings:
    """What is behind a sitter in a frame.

    Attributes
    ----------
    share : float, 0..1, of the frame that is ground
    restless : float
        Mean change of colour over a millimetre of the face, CIELAB, at 0.8 mm: plain walls and
        studios 0 to 0.7, soft foliage and offices out of focus 0.8 to 2, rooms in focus 2 to 6.
    fine : float, the part of it that is gone at 3 mm, which a blur would take away
    edges : float, 0..1, the share of the ground that is edges
    glare : float, 0..1, the share that is clearly brighter than the face
    colours : float, standard deviation of colour (CIELAB a and b) over it
    lightness : float, mean L* of it
    people : float, 0..1, the share of the frame that shows other people
    """

    share: float
    restless: float
    fine: float
    edges: float
    glare: float
    colours: float
    lightness: float
    people: float


def measure_surroundings(
    small: Pixels, alpha: Mask, face: Face, others: Mask | None = None
) -> Surroundings:
    """Measure the ground of a framed picture.

    Parameters
    ----------
    small : (h, w, 3) linear P3, the measuring picture
    alpha : (h, w), the sitter
    face : Face in its pixels
    others : (h, w) or None, bodies of other people
    """
    mm = face.px_per_mm
    ground = morphology.erode(alpha < 0.05, _OFF_MM * mm)
    share = float(ground.mean())
    people = 0.0 if others is None else float((others > 0.5).mean())
    if share < _LEAST:
        return Surroundings(share, 0.0, 0.0, 0.0, 0.0, 0.0, 50.0, people)
    fine, _ = _change(small, _FINE_MM * mm, mm)
    coarse, lab = _change(small, _COARSE_MM * mm, mm)
    y = colour.luminance(small)
    h, w = alpha.shape
    oval = draw_hull(face, w, h)
    skin = float(np.median(y[oval])) if oval.any() else 0.2
    bright = y > max(0.75, 1.6 * skin)
    seen = fine[ground]
    return Surroundings(
        share,
        float(seen.mean()),
        float(seen.mean() - coarse[ground].mean()),
        float((seen > _EDGE).mean()),
        float(bright[ground].mean()),
        float(np.sqrt(lab[..., 1:][ground].var(axis=0).sum())),
        float(lab[..., 0][ground].mean()),
        people,
    )


def _change(small: Pixels, sigma: float, mm: float) -> tuple[Float, Float]:
    """Change of colour over a millimetre after a blur of ``sigma`` pixels, and the colours."""
    lab = colour.p3_to_lab(np.clip(filters.blur(small, sigma), 0, 1))
    across, down = (cv2.Scharr(lab, cv2.CV_32F, *d) / 32 for d in ((1, 0), (0, 1)))
    return as_float(np.sqrt((across**2 + down**2).sum(-1)) * mm), lab
