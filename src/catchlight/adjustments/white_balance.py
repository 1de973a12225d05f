"""white_balance: take the cast of the light away that its witnesses agree on, and no more."""

from __future__ import annotations

import numpy as np

from catchlight.adjustments.edit import Gain
from catchlight.analysis.scene import Scene
from catchlight.params import Params


def build(scene: Scene, params: Params) -> Gain | None:
    """White balance as one constant gain per channel (von Kries in linear P3), luminance kept.

    What the judge of casts (:mod:`catchlight.analysis.light.cast`) says: all of it where skin has a
    colour that no skin has and the witnesses agree, a little where they agree on a cast of skin
    that could be so, nothing where it may be meant.
    """
    gains = scene.cast.gains
    if gains is None:
        return None
    return Gain(np.log2(gains)[None, None].astype(np.float32), scene.whole_grid)
