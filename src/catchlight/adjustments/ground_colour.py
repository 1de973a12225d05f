"""ground_colour: what stands behind a sitter, warmer and fuller, or cooler and quieter."""

from __future__ import annotations

import numpy as np

from catchlight.adjustments.edit import Gain
from catchlight.adjustments.falloff import stand_clear
from catchlight.adjustments.warmth import WARM
from catchlight.analysis.scene import Scene
from catchlight.arrays import as_float
from catchlight.params import Params
from catchlight.pixels import colour, filters

#: Share of a colour's distance from grey of the same light that is given (or, below 0, taken).
_FULLER = 0.60
#: Share of the filter of ``warmth``: a quarter CTO. With a half, white walls came out blue at -1.
_TINT = 0.5
#: No channel moves further than this for it, in stops: the darkest one of a pure colour would.
_MOST = 0.8
#: Millimetres over which colours are looked at: no edge of the ground gets a rim.
_OVER = 1.0
#: Light (linear) below which a colour is noise.
_NOISE = 2.0**-9


def build(scene: Scene, params: Params) -> Gain | None:
    """At 1 warmer by 23 mired and fuller; at -1 cooler by as much and greyer. The ground alone.

    The sitter's colours are not touched: it sets in over 15 mm from the outline
    (:func:`~catchlight.adjustments.falloff.stand_clear`). Luminance stays, but for rounding.

    Notes
    -----
    Painted paper has the setting's own colour and is not touched. Cost: about 10 ms.
    """
    clear = stand_clear(scene)
    if float(clear.max(initial=0)) < 0.05:
        return None
    seen = filters.blur(scene.small, _OVER * scene.small_face.px_per_mm)
    seen = np.maximum(seen, 0) + _NOISE
    light = colour.luminance(as_float(seen))[..., None]
    quieter = np.log2((seen + _FULLER * (light - seen)) / seen)
    stops = _TINT * WARM - np.clip(quieter, -_MOST, _MOST)
    return Gain(as_float(stops * clear[..., None]), scene.measuring_grid)
