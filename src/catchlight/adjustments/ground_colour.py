"""ground_colour: fuller or quieter colours of what stands behind a sitter."""

from __future__ import annotations

import numpy as np

from catchlight.adjustments.edit import Gain
from catchlight.analysis.clearance import stand_clear
from catchlight.analysis.scene import Scene
from catchlight.arrays import as_float
from catchlight.params import Params
from catchlight.pixels import colour, filters

#: Share of a colour's distance from grey of the same light that is taken at -1.
_QUIETER = 0.75
#: No channel moves further than this for it, in stops: the darkest one of a pure colour would.
_MOST = 1.0
#: Millimetres over which colours are looked at: no edge of the ground gets a rim.
_OVER = 1.0
#: Light (linear) below which a colour is noise.
_NOISE = 2.0**-9


def build(scene: Scene, params: Params) -> Gain | None:
    """At -1 a quarter of the colour is left, at 1 as much is added. The ground alone.

    The sitter's colours stay: see :func:`~catchlight.analysis.clearance.stand_clear`. Luminance
    stays at -1, and nearly so between.

    Notes
    -----
    Painted paper has the setting's own colour and is not touched. Cost: about 10 ms.
    """
    clear = stand_clear(scene)
    if float(clear.max(initial=0)) < 0.05:
        return None
    seen = filters.blur(scene.small, _OVER * scene.small_face.px_per_mm)
    seen = as_float(np.maximum(seen, 0) + _NOISE)
    light = colour.luminance(seen)[..., None]
    quieter = np.clip(np.log2((seen + _QUIETER * (light - seen)) / seen), -_MOST, _MOST)
    if float(np.abs(quieter * clear[..., None]).max()) < 0.03:
        return None
    return Gain(as_float(-quieter * clear[..., None]), scene.measuring_grid)
