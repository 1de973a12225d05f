"""Before and after, side by side."""

from __future__ import annotations

import numpy as np

from catchlight.analysis.scene import Scene
from catchlight.arrays import Pixels

#: Linear light of what the photo does not cover: a pale grey, clearly not part of the photo.
_BEYOND = np.float32(0.75)


def show_before(scene: Scene) -> Pixels:
    """Return the photo in its frame, (H, W, 3) linear P3; pale grey beyond the photo's border."""
    if scene.covered is None:
        return scene.pixels
    covered = scene.covered[..., None]
    return np.asarray(scene.pixels * covered + _BEYOND * (1 - covered), np.float32)


def side_by_side(before: Pixels, after: Pixels) -> Pixels:
    """Join two pictures of one size, a narrow gap between them."""
    height, width = after.shape[:2]
    gap = np.full((height, max(2, width // 50), 3), 1.0, np.float32)
    return np.concatenate([before, gap, after], axis=1).astype(np.float32)
