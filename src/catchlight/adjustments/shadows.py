"""shadows: a virtual fill light for the shaded side; the lit side and the form stay."""

from __future__ import annotations

import numpy as np

from catchlight.adjustments.edit import Gain
from catchlight.analysis.light.key import FACING
from catchlight.analysis.light.light import below_lit
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, as_float
from catchlight.params import Params
from catchlight.pixels import colour, filters

#: At this ratio, as measured (2.5:1 by the light meter), nothing is filled. Filled from 1.5:1 on,
#: as it was, faces in good light came out flatter than the photo, and nobody liked them better.
LEAST = 1.8
#: About the most stops that a shadow is lifted, and the share of a cast shadow that is lifted:
#: more shows noise, and an edge that is only half explained (science.md 3, steps 5 and 6).
_MOST, _SHARE = 1.1, 0.6
# What is taken off a hard shadow deeper than 0.25 stops, and how densely edges must lie around it.
_SOFTER, _DEPTH, _EDGED = 0.45, 0.25, 0.04
# Confidence from which on the fit is followed, and by which it is followed wholly.
_TRUSTED = (0.1, 0.35)


def choose_ratio(ratio: float) -> float:
    """The key:fill ratio to fill up to: the root of what is there, but 1.8 at least.

    4:1 becomes 2:1, 3:1 becomes 1.8:1, and what has less keeps it. No ratio falls to less than half
    (science.md 3).
    """
    return float(max(min(ratio, LEAST), np.sqrt(ratio), ratio / 2))


def fill_up(stops: Float, ratio: float, facing: Float) -> Float:
    """Gain in stops of a fill light over a shading in stops (0 lit, negative shaded).

    S' = (S + k F) / (1 + k), F the fill's cosine (``facing``, 0..1) and k chosen so that ``ratio``
    becomes :func:`choose_ratio` of it.
    """
    wanted = ratio / choose_ratio(ratio)
    if wanted <= 1.001:
        return np.zeros_like(stops)
    deepest = 2.0 ** -float(below_lit(as_float(np.array([-np.log2(ratio)])))[0])
    k = (wanted - 1) / max(deepest - wanted, 0.05)
    gain = np.log2((1 + k * facing * 2.0 ** -below_lit(stops)) / (1 + k))
    gain = np.maximum(gain, 0)
    return as_float(gain / (1 + (gain / _MOST) ** 8) ** 0.125)


def build(scene: Scene, params: Params) -> Gain | None:
    """Fill light on face and neck, about a stop at most; of a 4:1 light 2.4:1 is left.

    The light on the form (:class:`catchlight.analysis.light.light.Light`) with 60 % of the cast
    shadows, which are followed to their edges (guided by the picture over 3 mm): a hard shadow
    becomes fainter, its edge does not smear. The fill is the same for every pigment: it knows the
    light alone.

    Notes
    -----
    A cast shadow stays where it is, fainter. A beard that the measurement takes for shadow is
    lifted by as much. Cost: about 15 ms, after the light is measured.
    """
    light = scene.light
    skin = scene.regions["skin"]
    face_skin = scene.regions["face_skin"]
    face = face_skin > 0.5
    if face.sum() < 50:
        return None
    mm = scene.small_face.px_per_mm
    y = np.log2(np.maximum(colour.luminance(scene.small), 2.0**-9))
    cast = filters.guided_filter(y, light.cast, max(1, round(3.0 * mm)), 0.05)
    cast = as_float(np.maximum(cast, 0))
    stops = as_float(np.minimum(light.shading - _SHARE * cast, 0))
    near = filters.resize(as_float(scene.form.normals[..., 2]), skin.shape[1], skin.shape[0])
    facing = face & (near > FACING)
    if facing.sum() < 50:
        return None
    dark = float(np.percentile(stops[facing], 8))
    # A fill by the camera, which leaves the turn of the cheek its shade.
    fill = fill_up(stops, float(2**-dark), np.sqrt(near))
    # Where the form does not explain the skin, what looks like shade may be pigment: no fill.
    fill = fill * filters.smoothstep(as_float([[light.confidence]]), *_TRUSTED)
    # A shadow with a hard edge gets fainter even where the ratio is good. It belongs to the edge
    # as far as its own depth goes, within 12 mm.
    edged = np.minimum(filters.blur(light.edges, 8.0 * mm) / _EDGED, 1)
    softer = _SOFTER * np.maximum(cast - _DEPTH, 0) * edged * face_skin
    fill = np.maximum(fill, softer)
    if float((fill * scene.reach)[skin > 0.5].max()) < 0.03:
        return None
    return Gain(as_float(fill), scene.measuring_grid)
