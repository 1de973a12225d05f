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
    that could be so, nothing where it may be meant. All of the picture is changed, as one light
    falls on it; only where the room is clearly of the other tint it falls on the person alone, and
    the room, which it would make worse, stays: for a face lit red before a greenish wall that wall
    had been made green.
    """
    gains = scene.cast.gains
    if gains is None:
        return None
    stops = np.log2(gains).astype(np.float32)
    if scene.cast.opposed:
        return Gain(scene.regions["person"][..., None] * stops, scene.measuring_grid)
    return Gain(stops[None, None], scene.whole_grid)
