"""exposure: bring an under- or over-exposed portrait to where a photographer would have set it."""

from __future__ import annotations

import numpy as np

from catchlight.adjustments.edit import Gain
from catchlight.analysis.light.tone import Exposure
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float
from catchlight.params import Params

# All are linear luminance. Something white (collar, paper, wall, lamp) is nearly always in the
# picture: where even the brightest thing that is not skin is under 0.30, the exposure is in doubt.
_WHITE_LOW, _WHITE_AIM = 0.30, 0.50
# The white of an open eye lies in the shade of the lids, at 0.2-0.7 in good photos; one below 0.07
# is a face in the dark, as against the light.
_SCLERA_FINE, _SCLERA_LOW, _SCLERA_AIM = 0.26, 0.07, 0.15
_MOST_UP, _MOST_AGAINST_LIGHT, _MOST_DOWN = 0.8, 0.5, -0.7
_LEAST = 0.08


def choose_stops(found: Exposure) -> float:
    """Stops by which to change the exposure, from anchors without pigment.

    Dark all over: the brightest things that are not skin are dim, and so are the whites of the
    eyes. Against the light: the picture has its whites, but the eyes' are in the dark. Where the
    whites of the eyes cannot be seen, and in doubt, nothing is done. Nothing measured on skin
    enters.

    Parameters
    ----------
    found : Exposure

    Returns
    -------
    float
        -0.7 to 0.8; 0 exactly where there is no evidence.
    """
    sclera = found.sclera
    if sclera is None:
        return 0.0
    if sclera > 0.80:
        return float(max(np.log2(0.65 / sclera), _MOST_DOWN))
    stops = 0.0
    if found.white < _WHITE_LOW and sclera < _SCLERA_FINE:
        stops = min(0.7 * np.log2(_WHITE_AIM / max(found.white, 1e-3)), _MOST_UP)
    elif sclera < _SCLERA_LOW:
        stops = min(0.6 * np.log2(_SCLERA_AIM / max(sclera, 1e-3)), _MOST_AGAINST_LIGHT)
    return float(stops) if stops >= _LEAST else 0.0


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


def build(scene: Scene, params: Params) -> Gain | None:
    """Exposure as one gain on all channels: hue is kept, highlights roll off."""
    stops = choose_stops(scene.exposure)
    return Gain(lift(scene.luminance, stops), scene.frame_grid) if stops else None
