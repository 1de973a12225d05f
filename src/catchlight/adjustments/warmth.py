"""warmth: warmer or cooler by hand, as the person at the slider likes it."""

from __future__ import annotations

import numpy as np

from catchlight.adjustments.edit import Gain
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, as_float
from catchlight.params import Params
from catchlight.pixels import colour, tones

#: CIE 15:2004, table T.3: the white of D50 in XYZ, 5003 K. D65, the white of the picture, seen as
#: D50 is by 46 mired warmer: half a CTO filter, which a photographer puts before a flash.
_D50 = np.array([0.96422, 1.0, 0.82521])


def _warm() -> Float:
    warm = colour.XYZ_TO_P3 @ _D50
    u, v = (float(np.log(warm[i] / warm[1])) for i in (0, 2))
    return as_float(np.log2(tones.neutralise(-u, -v)))


#: Stops of each channel (3,) that make light warmer by 46 mired.
WARM = _warm()


def build(scene: Scene, params: Params) -> Gain | None:
    """By 46 mired warmer at 1 and cooler at -1, as a filter before the lens; luminance is kept.

    It acts on every photo alike: which light a photo was taken in is the question of
    ``white_balance``, what a person likes is not.
    """
    return Gain(WARM[None, None], scene.whole_grid)
