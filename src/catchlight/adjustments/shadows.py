"""shadows: a virtual fill light for the shaded side; the lit side and the form stay."""

from __future__ import annotations

import numpy as np

from catchlight.adjustments.edit import Adjustment, Gain
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, as_float
from catchlight.pixels import colour, filters

#: At this ratio of light nothing is filled: a face is modelled, not flat.
LEAST = 1.4
#: The most stops that a shadow is lifted, and the share of a cast shadow that counts as shadow:
#: more shows noise, and an edge that is only half explained (science.md 3, steps 5 and 6).
_MOST, _SHARE = 1.0, 0.6
#: What lies less than this many stops below the lit side is the lit side, and keeps its light.
_LIT = 0.3


def choose_ratio(ratio: float) -> float:
    """The key:fill ratio to fill up to: the root of what is there, but 1.4 at least.

    4:1 becomes 2:1 and 2:1 becomes 1.4:1. No ratio falls to less than half (science.md 3).
    """
    return float(max(min(ratio, LEAST), np.sqrt(ratio), ratio / 2))


def fill_up(stops: Float, ratio: float) -> Float:
    """Gain in stops of a fill light over a shading in stops (0 lit, negative shaded).

    S' = (S + k) / (1 + k), k chosen so that ``ratio`` becomes :func:`choose_ratio` of it.
    """
    wanted = choose_ratio(ratio)
    if wanted >= ratio - 1e-3:
        return np.zeros_like(stops)
    k = (1 - wanted / ratio) / (wanted - 1)
    # x - t above t, rounded off below.
    depth = -np.minimum(stops, 0)
    depth = depth - _LIT * (1 - np.exp(-depth / _LIT))
    gain = np.log2((1 + k * 2.0**depth) / (1 + k))
    gain = np.maximum(gain, 0)
    return as_float(gain / (1 + (gain / _MOST) ** 4) ** 0.25)


def build(scene: Scene) -> Gain | None:
    """Fill light on face and neck, at most a stop, that brings 4:1 to 2:1.

    The light on the form (:class:`catchlight.analysis.light.Light`) with 60 % of the cast shadows,
    which are followed to their edges (guided by the picture over 3 mm): a hard shadow becomes
    fainter, its edge does not smear. The fill is the same for every pigment: it knows the light
    alone.

    Notes
    -----
    A cast shadow stays where it is, fainter. A beard that the measurement takes for shadow is
    lifted by as much. Cost: about 15 ms, after the light is measured.
    """
    light = scene.light
    skin = scene.regions["skin"]
    face = scene.regions["face_skin"] > 0.5
    if face.sum() < 50:
        return None
    mm = scene.small_face.px_per_mm
    y = np.log2(np.maximum(colour.luminance(scene.small), 2.0**-9))
    cast = filters.guided_filter(y, _SHARE * light.cast, max(1, round(3.0 * mm)), 0.05)
    stops = as_float(np.minimum(light.shading - np.maximum(cast, 0), 0))
    dark = float(np.percentile(stops[face], 8))
    fill = fill_up(stops, float(2**-dark)) * scene.reach
    if float(fill[skin > 0.5].max()) < 0.03:
        return None
    return Gain(as_float(fill))


SHADOWS = Adjustment(
    name="shadows",
    text="Fills the shadow side of face and neck; edges and form stay.",
    default=0.6,
    region="all",
    about_colour=False,
    build=build,
)
