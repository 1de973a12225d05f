"""Catchlights: what the corneas mirror says where the light stood, whatever the skin does.

The cornea is a ball of 7.8 mm radius behind which the iris, 11.8 mm wide, is seen (Forrester 2016,
The Eye). A light mirrored at offset d from the middle of the iris met the cornea where its normal
leans by d / 7.8; the light stands twice as far off the camera's axis.
"""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.analysis.face.landmarks import LEFT_EYE, LEFT_IRIS, RIGHT_EYE, RIGHT_IRIS
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.parts.irises import iris_radius
from catchlight.arrays import Float, Pixels, as_float
from catchlight.pixels import colour, filters, geometry

_CORNEA, _IRIS = 7.8, 5.9  # radii in mm
#: An iris of fewer pixels across shows a spot, not where it lies.
_LEAST = 5.0
#: A catchlight outshines its iris by this factor (irises mirror 2.5 % and reflect 2 to 10 %).
_OUTSHINES = 2.5
#: Darker than this, relative to white, the spot may be noise.
_VISIBLE, _SURE = 0.06, 0.3
#: Beyond this share of the iris' radius the limbus and the white begin.
_INNER = 0.8


def find_catchlight(pixels: Pixels, face: Face) -> Float | None:
    """Direction (3,) of the brightest light that both eyes, or the one seen, mirror; or None.

    x to the viewer's right, y up, z to the camera. Both eyes must agree within 25 degrees.

    Parameters
    ----------
    pixels : (h, w, 3) linear P3, the face at close range
    face : Face in their pixels
    """
    found, bright = [], 0.0
    y = colour.luminance(pixels)
    for centre, ring in ((RIGHT_IRIS, RIGHT_EYE), (LEFT_IRIS, LEFT_EYE)):
        points = face.points
        middle = points[centre]
        radius = iris_radius(points, centre)
        if radius < _LEAST:
            continue
        seen = _find_spot(y, points[ring], middle, radius)
        if seen is not None:
            found.append(_direction(seen[0], radius))
            bright = max(bright, seen[1])
    # One eye alone must be sure.
    if not found or (len(found) == 1 and bright < _SURE):
        return None
    if len(found) == 2 and float(found[0] @ found[1]) < np.cos(np.radians(25)):
        return None
    total = np.sum(found, axis=0)
    return as_float(total / np.linalg.norm(total))


def _find_spot(y: Float, lids: Float, middle: Float, radius: float) -> tuple[Float, float] | None:
    """The brightest spot (2,) on an iris, from its middle in pixels, and how bright; or None."""
    h, w = y.shape
    size = int(np.ceil(radius)) + 1
    x0, y0 = (round(float(v)) - size for v in middle)
    x1, y1 = x0 + 2 * size + 1, y0 + 2 * size + 1
    if x0 < 0 or y0 < 0 or x1 > w or y1 > h:
        return None
    part = y[y0:y1, x0:x1]
    gy, gx = np.mgrid[y0:y1, x0:x1].astype(np.float32)
    lid = geometry.fill_polygon(as_float(lids - np.array([x0, y0])), x1 - x0, y1 - y0)
    # Clear of lashes, lids and the white: what shines there is no mirror.
    clear = filters.blur(lid, 0.08 * radius) > 0.7
    inside = clear & (np.hypot(gx - middle[0], gy - middle[1]) < _INNER * radius)
    if inside.sum() < 20:
        return None
    soft = filters.blur(part, 0.06 * radius)
    dark = max(float(np.median(soft[inside])), 1e-3)
    bright = float(soft[inside].max())
    if bright < max(_OUTSHINES * dark, _VISIBLE):
        return None
    shines = soft > dark + 0.5 * (bright - dark)
    count, labels = cv2.connectedComponents(shines.astype(np.uint8))
    best, chosen = 0.0, None
    for i in range(1, count):
        here = labels == i
        mass = float((soft[here] - dark).sum())
        # A spot of its own: not the white of the eye or a lid that reaches in, not a veil over all.
        own = (here & inside).sum() > 0.7 * here.sum() and here.sum() < 0.25 * inside.sum()
        if own and mass > best:
            best, chosen = mass, here
    if chosen is None:
        return None
    weight = soft[chosen]
    at = np.array([(gx[chosen] * weight).sum(), (gy[chosen] * weight).sum()]) / weight.sum()
    return as_float(at - middle), bright


def _direction(spot: Float, radius: float) -> Float:
    lean = spot * np.array([1, -1]) / radius * (_IRIS / _CORNEA)
    size = min(float(np.linalg.norm(lean)), 0.95)
    angle = 2 * np.arcsin(size)
    across = lean / max(float(np.linalg.norm(lean)), 1e-6) * np.sin(angle)
    return as_float(np.array([across[0], across[1], np.cos(angle)]))
