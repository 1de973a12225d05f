"""exposure: bring a photo that was exposed wrongly to where a photographer would have set it."""

from __future__ import annotations

import numpy as np

from catchlight.adjustments.edit import Gain
from catchlight.analysis.scene import Scene
from catchlight.arrays import as_float
from catchlight.params import Params
from catchlight.pixels import colour, filters, tones

#: The black point: so many percent of the picture are darker, and lit skin lies at least so many
#: stops above it. In a picture without anything black nothing is held down.
_DARKEST, _BELOW_SKIN = 1.0, 4.0
#: Over so many millimetres of the face a place is dark or is not: a lock of hair, not a pixel.
_PLACE_MM = 1.5
#: And what is too bright is even over so many, but for edges of more than this in luminance.
_EVEN_MM, _EDGE = 2.0, 0.1


def build(scene: Scene, params: Params) -> Gain | None:
    """Exposure as one gain on all channels: hue is kept, white stays white.

    By as many stops as the judge (:mod:`catchlight.analysis.light.exposed`) says, none at all where
    the photo was exposed as meant. A lift rolls off towards white and towards the photo's own black
    point: hair, pupils and deep shadow stay what they were, or the picture would turn milky. What
    is too bright comes down from the middle, place by place, while white stays white: a burnt
    patch made darker would be a grey one.
    """
    stops = scene.exposed.stops
    if stops == 0:
        return None
    if stops > 0:
        # By places of the measuring picture, so that a preview holds down what the whole does.
        level = np.log(np.maximum(colour.luminance(scene.small), np.float32(2.0**-14)))
        place = filters.blur(as_float(level), _PLACE_MM * scene.small_face.px_per_mm)
        black = float(np.exp(np.percentile(place, _DARKEST)))
        black = min(black, scene.tone.luminance * 2**-_BELOW_SKIN)
        h, w = scene.luminance.shape
        around = np.exp(filters.resize(place, w, h))
        lifted = tones.lift(scene.luminance, stops, black=black, around=around)
        return Gain(lifted, scene.frame_grid)
    # By places too, up to their edges: pixel by pixel, what is left of skin between burnt specks
    # got five times the contrast, and a face looked like peeling paint.
    y = scene.luminance
    around = filters.guided_filter(y, y, max(1, round(_EVEN_MM * scene.face.px_per_mm)), _EDGE**2)
    return Gain(tones.lower(around, -stops), scene.frame_grid)
