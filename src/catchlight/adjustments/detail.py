"""detail: give a soft, noisy, compressed or tiny photo back what can honestly be had of it."""

from __future__ import annotations

import numpy as np

from catchlight.adjustments.edit import Gain
from catchlight.analysis.scene import Scene
from catchlight.arrays import as_float
from catchlight.params import Params
from catchlight.pixels import channels, powers
from catchlight.pixels.blend import EPSILON
from catchlight.pixels.halves import to_half
from catchlight.pixels.strips import over_strips

#: Bound in stops: an eyelash over a sclera changes by about two; more is a fault of the network.
_MOST = 2.0
#: The same on the sitter's outline, where a pixel is half background: on another backdrop the
#: background's own edges would be drawn around the head.
_OUTLINE = 0.25


def build(scene: Scene, params: Params) -> Gain | None:
    """log2(restored / pixels) over the whole frame, face, hair and clothes alike.

    The restoring itself (analysis.detail) is done when a scene is built for a look that asks for
    it. None where the source was clean, sharp and large enough, or the scene was built without.
    """
    restored = scene.restored
    if restored is None:
        return None
    stops = np.empty(scene.pixels.shape, np.float16)

    def work(rows: slice) -> None:
        ratio = restored.pixels[rows] + EPSILON
        ratio /= scene.pixels[rows] + EPSILON
        alpha = scene.matte.alpha[rows]
        most = as_float(_MOST + (_OUTLINE - _MOST) * np.sqrt(4 * alpha * (1 - alpha)))
        most = channels.spread(most, 3)
        here = powers.log2(ratio)
        # Two steps: NumPy's clip between arrays takes five times as long.
        np.minimum(here, most, out=here)
        stops[rows] = to_half(np.maximum(here, -most))

    over_strips(work, *scene.pixels.shape[:2])
    return Gain(stops, scene.frame_grid)
