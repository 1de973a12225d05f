"""exposure: bring an under- or over-exposed portrait to where a photographer would have set it."""

from __future__ import annotations

import numpy as np

from catchlight.adjustments.edit import Adjustment, Gain
from catchlight.analysis.scene import Scene
from catchlight.analysis.tone import Exposure
from catchlight.arrays import Float

# Linear luminance. A lit sclera of a well exposed face is at about L* 66-84; one below L* 55 or
# above 92 is evidence (science: under-exposure when sclera p75 < L* 55).
_SCLERA_LOW, _SCLERA_AIM, _SCLERA_HIGH = 0.23, 0.34, 0.81
# Something white (collar, paper, wall, lamp) is nearly always in the picture.
_WHITE_LOW, _WHITE_AIM = 0.40, 0.55
_MOST_UP, _MOST_DOWN = 0.8, -0.7


def choose_stops(found: Exposure) -> float:
    """Stops by which to change the exposure, from anchors without pigment.

    The whites of the eyes decide where they can be seen, the brightest things that are not skin
    where not; within their normal range nothing is done. Neither the lightness of skin nor any
    class of skin enters.

    Parameters
    ----------
    found : Exposure

    Returns
    -------
    float
        -0.7 to 0.8; 0 exactly where there is no evidence.
    """
    if found.sclera is not None:
        if found.sclera < _SCLERA_LOW:
            return float(min(np.log2(_SCLERA_AIM / max(found.sclera, 1e-3)) * 0.8, _MOST_UP))
        if found.sclera > _SCLERA_HIGH and found.clipped > 0.02:
            return float(max(np.log2(0.70 / found.sclera), _MOST_DOWN))
        return 0.0
    if found.white < _WHITE_LOW:
        return float(min(0.6 * np.log2(_WHITE_AIM / max(found.white, 1e-3)), _MOST_UP))
    return 0.0


def lift(luminance: Float, stops: float) -> Float:
    """Gain in stops that multiplies by 2^``stops`` below a shoulder and never passes white.

    The shoulder is y' = k y / (1 + ((k y)^4 (1 - 1/k^4)))^(1/4), which has the slope k = 2^stops
    at black and takes 1 to 1, so highlights roll off as film does instead of clipping.
    """
    if stops <= 0:
        return np.full(luminance.shape, stops, np.float32)
    k = np.float32(2.0**stops)
    y = np.clip(luminance, 0, 1)
    fall = 1 + (k * y) ** 4 * (1 - 1 / k**4)
    return np.asarray(stops - 0.25 * np.log2(fall), np.float32)


def build(scene: Scene) -> Gain | None:
    """Exposure as one gain on all channels: hue is kept, highlights roll off."""
    stops = choose_stops(scene.exposure)
    return Gain(lift(scene.luminance, stops)) if stops else None


EXPOSURE = Adjustment(
    name="exposure",
    text="Corrects a photo that was exposed too dark or too bright; skin tone decides nothing.",
    default=1.0,
    region="all",
    about_colour=False,
    build=build,
)
