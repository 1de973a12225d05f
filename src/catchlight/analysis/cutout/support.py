"""Support: what in the picture itself speaks for the outline, place by place along it."""

from __future__ import annotations

import cv2

from catchlight.arrays import Mask, Pixels, as_float
from catchlight.pixels import colour, filters

# How wide a neighbourhood speaks for each side of the outline, in mm of the face.
_BESIDE_MM = 2.0
# Difference of colour across the outline (CIELAB, Euclidean): none, and a clear edge. Grain and
# shading of one wall measured up to 6 in smooth neighbourhoods of this width.
_NO_EDGE, _EDGE = 6.0, 20.0
# Share of half-transparent samples within 2.5 mm up to which an outline is an edge, and from which
# on it is a cloud.
_CRISP, _CLOUD = 0.35, 1.0


def measure_support(
    pixels: Pixels, alpha: Mask, px_per_mm: float, confidence: Mask | None = None
) -> Mask:
    """How well the picture supports the outline at each place beside it, (h, w) in 0..1.

    An outline is supported where the colours on its two sides differ and it is narrow: where wall
    runs on inside the person, or hair outside, there is no difference; where the matte could not
    decide, there is a wide band. Away from the outline the number means nothing.

    Parameters
    ----------
    pixels : (h, w, 3) linear P3
    alpha : (h, w)
    px_per_mm : float
    confidence : (h, w), 0..1, how far the votes agree on alpha; None where nobody voted
    """
    lab = colour.p3_to_lab(pixels)
    reach = _BESIDE_MM * px_per_mm
    inner = filters.blur_inside(lab, as_float(alpha > 0.95), reach)
    outer = filters.blur_inside(lab, as_float(alpha < 0.05), reach)
    apart = as_float(cv2.magnitude(*(cv2.split(inner - outer)[k] for k in (1, 2))))
    apart = as_float(cv2.magnitude(apart, inner[..., 0] - outer[..., 0]))
    soft = filters.blur(as_float((alpha > 0.05) & (alpha < 0.95)), 2.5 * px_per_mm)
    found = filters.smoothstep(apart, _NO_EDGE, _EDGE) * filters.smoothstep(soft, _CLOUD, _CRISP)
    if confidence is not None:
        found *= filters.smoothstep(confidence, 0.3, 0.8)
    return as_float(found)
