"""Photos resampled: once, in linear light, from the pixels that the result shows."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.arrays import Pixels, as_float
from catchlight.images.picture import Picture
from catchlight.pixels import colour, geometry


def resample_photo(
    picture: Picture, transform: geometry.Transform, width: int, height: int
) -> Pixels:
    """Resample a photo once through ``transform`` (photo -> result), in linear light, to P3.

    Parameters
    ----------
    picture : Picture
    transform : (2, 3) similarity from photo pixels to those of the result
    width, height : int, of the result

    Returns
    -------
    (height, width, 3) float32 linear P3, 0 or more; the photo's border is continued beyond it
    """
    out = np.empty((height, width, 3), np.float32)
    rows = max(16, _STRIP // width)
    halvings = geometry.count_halvings(transform)
    grid = 2**halvings
    limit = np.array([picture.width, picture.height])
    margin = 8 * max(1.0, 1 / geometry.scale_of(transform))
    back = geometry.invert(transform)
    for top in range(0, height, rows):
        below = min(top + rows, height)
        corners = np.array([[0, top], [width, top], [0, below], [width, below]], np.float32)
        reach = geometry.apply(back, corners)
        low = np.floor(reach.min(0) - margin).astype(int).clip(0, limit - 1) // grid * grid
        high = np.ceil(reach.max(0) + margin).astype(int).clip(low + 1, limit)
        box = (int(low[0]), int(low[1]), int(high[0]), int(high[1]))
        native = picture.linear_native(box, halvings=halvings)
        inner = geometry.chain(geometry.translation(low[0], low[1]), transform)
        inner = geometry.chain(inner, geometry.translation(0, -top))
        inner = geometry.after_halving(inner, halvings)
        part = _enlarge(native, inner, width, below - top)
        part = colour.apply_matrix(part, picture.encoding.matrix)
        np.maximum(part, 0, out=out[top:below])
    return out


def _enlarge(native: Pixels, transform: geometry.Transform, width: int, height: int) -> Pixels:
    """Resample light; where it is enlarged, by a root of it, in which steps are evener to the eye.

    The kernel's lobes beside a bright edge are drawn in light as a string of black beads. The
    square root is nearer still to the truth than :data:`_ROOT`, but what is enlarged and then
    averaged again would differ from a small preview by more than 3 codes on hard edges.
    """
    if geometry.scale_of(transform) <= 1:
        return geometry.resample(native, transform, width, height)
    roots = as_float(cv2.pow(np.maximum(native, 0, dtype=np.float32), _ROOT))
    large = np.maximum(geometry.resample(roots, transform, width, height), 0)
    return as_float(cv2.pow(large, 1 / _ROOT))


#: The power of light in which it is enlarged.
_ROOT = 0.75
#: Pixels of the result that are drawn at a time, so that what is read for them stays small.
_STRIP = 1 << 18
