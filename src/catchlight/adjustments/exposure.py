"""exposure: bring a photo that was exposed wrongly to where a photographer would have set it."""

from __future__ import annotations

from catchlight.adjustments.edit import Gain
from catchlight.analysis.scene import Scene
from catchlight.params import Params
from catchlight.pixels import tones


def build(scene: Scene, params: Params) -> Gain | None:
    """Exposure as one gain on all channels: hue is kept, white stays white.

    By as many stops as the judge (:mod:`catchlight.analysis.light.exposed`) says, none at all where
    the photo was exposed as meant. A lift raises shadows by all of it and rolls off towards white;
    what is too bright comes down from the middle, while white stays white: a burnt patch made
    darker would be a grey one.
    """
    stops = scene.exposed.stops
    if stops == 0:
        return None
    if stops > 0:
        return Gain(tones.lift(scene.luminance, stops), scene.frame_grid)
    return Gain(tones.lower(scene.luminance, -stops), scene.frame_grid)
