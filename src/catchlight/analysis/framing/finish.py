"""From a place on the plan to a frame in pixels."""

from __future__ import annotations

import numpy as np

from catchlight.images import Picture
from catchlight.pixels import geometry


def is_inside(transform: geometry.Transform, width: int, height: int, picture: Picture) -> bool:
    """Whether a whole frame shows the photo."""
    corners = np.array(
        [[0, 0], [width - 1, 0], [0, height - 1], [width - 1, height - 1]], np.float32
    )
    back = geometry.apply(geometry.invert(transform), corners)
    limit = np.array([picture.width, picture.height]) - 0.5
    return bool((back >= -0.6).all() and (back <= limit + 0.1).all())


def say_enlarged(scale: float) -> list[str]:
    """Say that a source is enlarged, where it is by 5 % or more."""
    if scale <= 1.05:
        return []
    return [f"small source: enlarged {scale:.1f} times; it cannot be sharper than it was"]
