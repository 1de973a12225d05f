"""Spill: light that a coloured wall threw on the edge of a person, taken out as light.

Beside the outline the person's colour E is what they show further in, N, at another brightness, and
some of the wall's light W on top: E = k N + s W. Both are fitted by least squares, and s W is taken
away, never more than a fifth of the pixel. A neutral wall throws no colour, and a colour that the
person has as well cannot be told from it: there nothing happens.
"""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import channels, filters
from catchlight.pixels.tiles import enlarge_part, find_tiles

# How far in from the outline spill is looked for, and from where on the person's own colours are
# taken, in mm of the face.
_REACH_MM, _OWN_MM = 5.0, 6.0
#: Share of a pixel that spill may be, and saturation of a wall that tells nothing, and all.
_MOST, _DULL, _COLOURED = np.float32(0.20), 0.30, 0.60
# Squared sine of the angle between two colours up to which they are one, and from which on two.
_ALIKE, _APART = 0.01, 0.05


def remove_spill(foreground: Pixels, pixels: Pixels, alpha: Mask, px_per_mm: float) -> None:
    """Take the wall's light from the edge of a person, in place.

    Parameters
    ----------
    foreground : (H, W, 3) linear, the person's clean colours; stays as it is where no wall throws
        colour
    pixels : (H, W, 3) linear, the photo
    alpha : (H, W)
    px_per_mm : float
    """
    h, w = alpha.shape
    factor = min(1.0, 1.5 / px_per_mm)
    sw, sh = max(1, round(w * factor)), max(1, round(h * factor))
    person, small, a = (filters.resize(x, sw, sh) for x in (foreground, pixels, alpha))
    light = measure_spill(person, small, a, px_per_mm * factor)
    lit = channels.find_most(light) > 1e-5
    if not lit.any():
        return
    for box in find_tiles(lit, (h, w)):
        here = foreground[box]
        here -= np.minimum(enlarge_part(light, (h, w), box), _MOST * here)


def measure_spill(person: Pixels, small: Pixels, alpha: Mask, mm: float) -> Pixels:
    """The wall's light on the person, (h, w, 3) linear; 0 away from the outline."""
    inside = (alpha > 0.9).astype(np.uint8)
    deep = as_float(cv2.distanceTransform(inside, cv2.DIST_L2, 5)) / np.float32(mm)
    own, clear = as_float(deep > _OWN_MM), as_float(alpha < 0.02)
    if own.sum() < 10 or clear.sum() < 10:
        return np.zeros_like(small)
    n, wall = filters.fill_outside(person, own, 0.0), filters.fill_outside(small, clear, 0.0)
    wall = filters.blur(wall, 8 * mm)
    edge = filters.blur_inside(person, as_float(inside), 1.0 * mm)
    nn, ww, nw = _dot(n, n), _dot(wall, wall), _dot(n, wall)
    det = nn * ww - nw * nw
    apart = filters.smoothstep(as_float(det / np.maximum(nn * ww, 1e-12)), _ALIKE, _APART)
    share = (nn * _dot(wall, edge) - nw * _dot(n, edge)) / np.maximum(det, 1e-12)
    most = channels.find_most(wall)
    tinted = as_float((most - channels.find_least(wall)) / np.maximum(most, 1e-4))
    sure = apart * filters.smoothstep(tinted, _DULL, _COLOURED)
    sure *= filters.smoothstep(deep, _REACH_MM, 1.0) * (alpha > 0.02)
    return channels.weigh(wall, as_float(np.maximum(share, 0) * sure))


def _dot(a: Pixels, b: Pixels) -> Float:
    return channels.add_up(as_float(cv2.multiply(a, b)))
