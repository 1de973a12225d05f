"""Photos resampled: once, in linear light, from the pixels that the result shows."""

from __future__ import annotations

import numpy as np

from catchlight.arrays import Pixels
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
    back = geometry.invert(transform)
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], np.float32)
    reach = geometry.apply(back, corners)
    margin = 8 * max(1.0, 1 / geometry.scale_of(transform))
    limit = np.array([picture.width, picture.height])
    x0, y0 = np.floor(reach.min(0) - margin).astype(int).clip(0, limit - 1)
    x1, y1 = np.ceil(reach.max(0) + margin).astype(int).clip([x0 + 1, y0 + 1], limit)
    shift = transform[:, :2] @ np.array([x0, y0], np.float64)
    inner = np.column_stack([transform[:, :2], transform[:, 2] + shift])
    native = picture.linear_native((int(x0), int(y0), int(x1), int(y1)))
    out = geometry.resample(native, inner, width, height)
    return np.maximum(colour.apply_matrix(out, picture.encoding.matrix), 0)
