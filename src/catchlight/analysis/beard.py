"""Beards: where hair darkens the lower face, told from the shade that falls there."""

from __future__ import annotations

import numpy as np

from catchlight.analysis.mesh import Face
from catchlight.arrays import Float, Mask, as_float
from catchlight.pixels import filters, geometry

#: Where a beard grows, if there is one: from the cheeks and the nose's foot to the jaw's edge.
_BEARD_RING = [
    205, 98, 2, 327, 425, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136,
    172, 58, 132,
]  # fmt: skip


def beard_zone(face: Face, shape: tuple[int, ...]) -> Mask:
    """Moustache, chin and jaw, (h, w) in 0..1, soft by 2.5 mm."""
    drawn = geometry.fill_polygon(face.points[_BEARD_RING], shape[1], shape[0])
    return filters.blur(drawn, 2.5 * face.px_per_mm)


def find_beard(off: Float, taken: float, zone: Mask, skin: Mask, shadow: Mask, mm: float) -> Mask:
    """How much of a beard grows where, (h, w) in 0..1: no two have the same outline.

    A beard is what lies up to ``taken`` stops below the light on the form, in its zone and 10 mm
    around it, averaged over 3 mm. Where a shadow is expected the light cannot tell: there the
    beard is as around.

    Parameters
    ----------
    off : (h, w) stops, what is seen over the light on the form
    taken : stops that a beard takes, above 0
    zone : (h, w) in 0..1, where a beard may grow (:func:`beard_zone`)
    skin : (h, w) in 0..1, skin of the face on the mesh
    shadow : (h, w) in 0..1, where a cast shadow is expected
    mm : pixels per millimetre
    """
    # Beyond these bounds it is a highlight or a shadow: that much bare skin, that much hair.
    share = as_float(np.clip(-off / taken, -0.5, 1.5))
    share = filters.blur_inside(share, as_float(skin * skin * (1 - shadow) + 1e-6), 3.0 * mm)
    around = filters.smoothstep(filters.blur(zone, 8.0 * mm), 0.0, 0.2)
    return as_float(np.clip(share, 0, 1) * around)
