"""Mirror: how far the skin of one half of a face is the reflection of the other half's.

Pores, freckles and fine lines lie where they will: laid over the other half through the mesh, those
of one half meet nothing of their own kind. A face that was made symmetric out of its own mirror
image shows the same grain twice, and that is seen in the picture itself: no other is needed.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from catchlight.analysis.face.landmarks import LEFT_IRIS, RIGHT_IRIS
from catchlight.arrays import Float, Mask, as_float
from catchlight.likeness.aligned_face import AlignedFace
from catchlight.likeness.expression import partners
from catchlight.likeness.fine_mesh import carry
from catchlight.measured import measured_once
from catchlight.pixels import filters, geometry

# The grain of skin, standard deviations in mm; it is resolved where the finer Gaussian is this many
# pixels wide.
_GRAIN, _RESOLVED = (0.35, 0.8), 0.45
# Pieces that are compared, and how far apart the meshes of both halves may lie, in mm.
_PIECE, _ASTRAY = 8.0, 1.5
# Nearer to the middle a piece would meet itself.
_MIDDLE = 8.0
# With fewer pieces the middle one says little; a hair counts as four times the skin's contrast.
_FEW, _HAIR = 8, 4.0
# Less contrast than this, in natural density, is no skin: a code of 8 bits in middle grey is 0.009.
_FLAT = 5e-4
# A piece is skin, here and on the other side.
_SKIN, _ALL_OF_IT = 0.6, 0.97


@measured_once
def measure_mirroring(view: AlignedFace) -> float | None:
    """Measure how alike the grain of both halves is once one is turned over; 60 ms.

    Returns
    -------
    float or None
        The middle correlation, -1 to 1, of pieces of 8 mm with their best place within 1.5 mm on
        the other half. What nobody mirrored reaches 0.21 to 0.29 by chance. None where the picture
        does not resolve the grain, or shows too little skin on either side.
    """
    if view.mm * _GRAIN[0] < _RESOLVED:
        return None
    grain, turned, skin = _lay_over(view)
    found = [_best_match(grain, turned, *piece) for piece in _pieces(view, skin)]
    return float(np.median(found)) if len(found) >= _FEW else None


def _lay_over(view: AlignedFace) -> tuple[Float, Float, Mask]:
    """The grain, the mirror image's grain laid over it by the mesh, and where both are skin."""
    points, mm = view.face_crop.face.points[:468], view.mm
    log, skin = view.log, view.skin
    mirrored = points[partners()] * as_float([-1, 1]) + as_float([log.shape[1] - 1, 0])
    fit = geometry.estimate_similarity(points, mirrored)
    beyond = as_float(mirrored - geometry.apply(fit, points))
    there = [
        carry(as_float(seen[:, ::-1]), fit, points, beyond, log.shape, mm) for seen in (log, skin)
    ]
    both = as_float((skin > _SKIN) & (there[1] > _SKIN))
    fine, wide = (filters.blur(log, s * mm) for s in _GRAIN)
    far, farther = (filters.blur(there[0], s * mm) for s in _GRAIN)
    grain, turned = as_float(fine - wide), as_float(far - farther)
    inside = np.abs(grain[both > 0])
    spread = 1.4826 * float(np.median(inside)) if inside.size else 0.0
    most = _HAIR * max(spread, _FLAT)
    # Skin that is painted flat has no grain to be found again.
    both = both if spread > _FLAT else np.zeros_like(both)
    return as_float(np.clip(grain, -most, most)), as_float(np.clip(turned, -most, most)), both


def _pieces(view: AlignedFace, skin: Mask) -> Iterator[tuple[int, int, int, int]]:
    """Left and upper end, side and reach, in pixels, of every piece of skin on one side."""
    points, mm = view.face_crop.face.points, view.mm
    side, reach = max(8, round(_PIECE * mm)), max(1, round(_ASTRAY * mm))
    eyes = points[[RIGHT_IRIS, LEFT_IRIS]]
    along = (eyes[1] - eyes[0]) / np.linalg.norm(eyes[1] - eyes[0])
    middle = (points[168] + points[152]) / 2
    h, w = skin.shape
    for y in range(reach, h - side - reach, side):
        for x in range(reach, w - side - reach, side):
            aside = float((np.array([x + side / 2, y + side / 2]) - middle) @ along)
            around = skin[y - reach : y + side + reach, x - reach : x + side + reach]
            if aside > _MIDDLE * mm and around.mean() > _ALL_OF_IT:
                yield x, y, side, reach


def _best_match(grain: Float, turned: Float, x: int, y: int, side: int, reach: int) -> float:
    piece = np.ascontiguousarray(grain[y : y + side, x : x + side])
    around = turned[y - reach : y + side + reach, x - reach : x + side + reach]
    found = cv2.matchTemplate(np.ascontiguousarray(around), piece, cv2.TM_CCOEFF_NORMED)
    return float(found.max())
