"""What the mesh draws of a face: eyes, irises, brows, lips, teeth and below the eyes."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.analysis.face.landmarks import (
    LEFT_BROW,
    LEFT_EYE,
    LEFT_LOWER_LID,
    LEFT_TROUGH,
    LIPS_INNER,
    LIPS_OUTER,
    RIGHT_BROW,
    RIGHT_EYE,
    RIGHT_LOWER_LID,
    RIGHT_TROUGH,
)
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.parts.irises import draw_irises
from catchlight.analysis.parts.teeth import find_teeth
from catchlight.arrays import Mask, Pixels, as_float
from catchlight.pixels import filters, geometry

Box = tuple[slice, slice]


def draw_ring(face: Face, ring: list[int], shape: tuple[int, ...]) -> Mask:
    """Fill a ring of the mesh's points in a picture of this shape."""
    return geometry.fill_polygon(face.points[ring], shape[1], shape[0])


def soften(mask: Mask, sigma: float) -> Mask:
    """Blur by ``sigma`` pixels, within 0..1 whatever the rounding."""
    return as_float(np.clip(filters.blur(as_float(mask), sigma), 0, 1))


def draw_features(pixels: Pixels, face: Face) -> dict[str, Mask]:
    """What the mesh draws: eyes, irises, brows, lips and below the eyes; and the teeth."""
    shape, mm = pixels.shape[:2], face.px_per_mm

    def around(rings: tuple[list[int], ...], margin: float) -> tuple[Box, Face, tuple[int, int]]:
        """A box around rings of the mesh, ``margin`` mm wide; the face in its pixels; its size."""
        points = face.points[[p for ring in rings for p in ring]]
        box = rows, columns = geometry.box_around(points, margin * mm, shape)
        near = face.moved(geometry.translation(-columns.start, -rows.start))
        return box, near, (rows.stop - rows.start, columns.stop - columns.start)

    def whole(box: Box, part: Mask) -> Mask:
        out = np.zeros(shape, np.float32)
        out[box] = part
        return out

    upper = (RIGHT_EYE, LEFT_EYE, RIGHT_BROW, LEFT_BROW, *RIGHT_TROUGH, *LEFT_TROUGH)
    box, near, size = around(upper, 8.0)
    eyes = np.maximum(draw_ring(near, RIGHT_EYE, size), draw_ring(near, LEFT_EYE, size))
    brows = np.maximum(draw_ring(near, RIGHT_BROW, size), draw_ring(near, LEFT_BROW, size))
    iris = np.minimum(draw_irises(near.points, size), eyes)
    masks = {
        "eyes": whole(box, soften(eyes, 0.3 * mm)),
        "irises": whole(box, soften(iris, 0.3 * mm)),
        "brows": whole(box, soften(brows, 1.0 * mm)),
        "under_eyes": whole(box, _under_eyes(near, eyes, size)),
    }
    box, near, size = around((LIPS_OUTER,), 4.0)
    outer, inner = draw_ring(near, LIPS_OUTER, size), draw_ring(near, LIPS_INNER, size)
    masks["lips"] = whole(box, soften(np.maximum(outer - inner, 0), 0.6 * mm))
    masks["teeth"] = whole(box, find_teeth(pixels[box], outer, inner, near))
    return masks


def _under_eyes(face: Face, eyes: Mask, shape: tuple[int, ...]) -> Mask:
    """Below each lower lid down to the tear trough, about 10 mm; lid rim and lashes stay out.

    The lower edge runs midway between the mesh's rows at about 7 and 13 mm; the outer corner, where
    the face turns away and its shade is form, is left out. Soft by 1.8 mm; clear of the lids'
    opening by 2 mm (the rim, from which the lashes spring) and full from 5 mm.
    """
    mm = face.px_per_mm
    p = face.points
    out = np.zeros(shape[:2], np.float32)
    for lid, (upper, lower) in (
        (RIGHT_LOWER_LID, RIGHT_TROUGH),
        (LEFT_LOWER_LID, LEFT_TROUGH),
    ):
        ring = np.concatenate([p[lid[1:]], (p[upper] + p[lower]) / 2])
        out = np.maximum(out, geometry.fill_polygon(ring, shape[1], shape[0]))
    away = cv2.distanceTransform((eyes < 0.5).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return as_float(
        filters.blur(out, 1.8 * mm) * filters.smoothstep(as_float(away), 2.0 * mm, 5.0 * mm)
    )
