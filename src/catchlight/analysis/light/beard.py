"""Beards: where hair darkens the lower face, told from the shade that falls there."""

from __future__ import annotations

import numpy as np

from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Float, Mask, as_float
from catchlight.pixels import filters, geometry

#: Where a beard grows, if there is one: from the cheeks and the nose's foot to the jaw's edge.
_BEARD_RING = [
    205, 98, 2, 327, 425, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136,
    172, 58, 132,
]  # fmt: skip


_MOUTH = (61, 291)
#: A first fit that finds this many stops found a beard, more surely so the more: on rendered heads
#: without one it finds up to 0.17.
_SURE = (0.15, 0.35)


def beard_zones(face: Face, shape: tuple[int, ...]) -> Mask:
    """Chin, moustache and jaw, (h, w, 3) in 0..1, soft by 2.5 mm; what may have a beard each.

    Chin and moustache end 1.4 half mouths to the side, and part at the corners of the mouth.
    """
    drawn = geometry.fill_polygon(face.points[_BEARD_RING], shape[1], shape[0])
    whole = filters.blur(drawn, 2.5 * face.px_per_mm)
    right, left = face.points[list(_MOUTH)].astype(np.float64)
    half = (left - right) / 2
    size = max(float(half @ half), 1e-6)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    x, y = x - (left + right)[0] / 2, y - (left + right)[1] / 2
    across = np.abs(x * half[0] + y * half[1]) / size
    down = (y * half[0] - x * half[1]) / size
    middle = whole * filters.smoothstep(as_float(across), 1.6, 1.2)
    chin = middle * filters.smoothstep(as_float(down), -0.1, 0.1)
    return as_float(np.dstack([chin, middle - chin, whole - middle]))


def find_beard(off: Float, taken: Float, zones: Mask, skin: Mask, shadow: Mask, mm: float) -> Mask:
    """How much of a beard grows where, (h, w) in 0..1: no two have the same outline.

    A beard is what lies below the light on the form by as much as a beard takes, in the zones that
    have one and 10 mm around them, averaged over 4 mm. Where a shadow is expected the light cannot
    tell: there the beard is as around. Where no zone surely has one, all zones are returned.

    Parameters
    ----------
    off : (h, w) stops, what is seen over the light on the form
    taken : (3,) stops that a beard takes in each zone
    zones : (h, w, 3) in 0..1, :func:`beard_zones`
    skin : (h, w) in 0..1, skin of the face on the mesh
    shadow : (h, w) in 0..1, where a cast shadow is expected
    mm : pixels per millimetre
    """
    if taken.max() < np.mean(_SURE):
        return as_float(zones.sum(2))
    grown = as_float(zones @ filters.smoothstep(taken, *_SURE))
    # Beyond these bounds it is a highlight or a shadow: that much bare skin, that much hair.
    share = as_float(np.clip(-off / np.average(taken, weights=taken), -0.5, 1.5))
    share = filters.blur_inside(share, as_float(skin * skin * (1 - shadow) + 1e-6), 4.0 * mm)
    around = filters.smoothstep(filters.blur(grown, 8.0 * mm), 0.0, 0.2)
    return as_float(np.clip(share, 0, 1) * around)
