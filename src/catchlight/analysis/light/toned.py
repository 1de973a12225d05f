"""Whether a picture is a tinted grey one: no cast is told of sepia, selenium or a cyanotype."""

from __future__ import annotations

import numpy as np

from catchlight.arrays import Pixels
from catchlight.pixels import colour

#: Scatter of a* and b* at one lightness below which a picture is a tinted grey one. JPEG leaves 0.5
#: in a grey picture, a worn sepia print 1.7; photographs in colour have 2.2 and more.
_TONED = 2.0


def is_toned(pixels: Pixels) -> bool:
    """Whether all of the picture has one hue: sepia, selenium, a black and white with a tint."""
    lab = colour.p3_to_lab(np.ascontiguousarray(pixels[::4, ::4])).reshape(-1, 3)
    lab = lab[(lab[:, 0] > 10) & (lab[:, 0] < 97)]
    if len(lab) < 100:
        return False
    # Tinted greys lie on one curve from black to white: what their tone leaves of a* and b*.
    order = lab[np.argsort(lab[:, 0])][:, 1:]
    width = max(1, len(order) // 24)
    bins = order[: len(order) // width * width].reshape(-1, width, 2)
    scatter = np.median(np.abs(bins - np.median(bins, axis=1, keepdims=True)).max(axis=2), axis=1)
    return bool(np.percentile(scatter, 80) < _TONED)
