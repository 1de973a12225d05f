"""falloff: the ground behind a sitter falls off into shade towards the corners of the frame."""

from __future__ import annotations

import numpy as np

from catchlight.adjustments.edit import Gain
from catchlight.analysis.clearance import lie_in_shade
from catchlight.analysis.scene import Scene
from catchlight.arrays import as_float
from catchlight.params import Params
from catchlight.pixels import filters

#: Stops taken beside the head and in the far corners: what a flag before the background's lamp
#: takes that stood at full power [judgement].
_NEAR, _FAR = 0.45, 1.90
#: Where it begins and where it is whole, in inter-eye distances from between the eyes; a headshot's
#: corners lie about five away.
_BEGINS, _WHOLE = 1.2, 4.6


def build(scene: Scene, params: Params) -> Gain | None:
    """Up to 1.9 stops of shade in the corners and half a stop beside the head.

    The ground, in every channel alike: the sitter keeps the light but for the outermost 3 mm, and
    stands out by as much. Half of it is left out where the cut-out cannot be trusted.

    Notes
    -----
    Painted paper has a falloff of its own and is not touched. Cost: about 5 ms.
    """
    clear = lie_in_shade(scene)
    if float(clear.max(initial=0)) < 0.05:
        return None
    face = scene.small_face
    h, w = clear.shape
    y, x = np.mgrid[0:h, 0:w].astype(np.float32) + 0.5
    x0, y0 = face.eyes.mean(0)
    away = filters.smoothstep(as_float(np.hypot(x - x0, y - y0) / face.ied), _BEGINS, _WHOLE)
    stops = as_float(-(_NEAR + (_FAR - _NEAR) * away) * clear)
    return Gain(stops, scene.measuring_grid)
