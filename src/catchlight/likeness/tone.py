"""Tone: how the skin's colour changed, split into what light does and what only pigment does."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face import landmarks
from catchlight.analysis.parts import by_colour
from catchlight.arrays import Float, Pixels, as_float
from catchlight.likeness.aligned_face import AlignedFace
from catchlight.likeness.component import Finding, grade, unseen
from catchlight.likeness.curves import Sample, attribute, measure_unshared
from catchlight.likeness.register import Pair
from catchlight.likeness.skin import CHROMA, HUE, find_lit_skin, measure_skin_change
from catchlight.likeness.whole_curve import find_curve, measure_lag
from catchlight.measured import measured_once
from catchlight.pixels import colour, filters, geometry

#: CIEDE2000 of the skin that light does not explain: what exposure, light from the side, JPEG and
#: our looks read, and less than a lift by 4 L* (CIEDE2000 3.1 to 4).
_GOOD, _BAD = 2.0, 4.0
#: Stops of light on the face that nobody remarks, and that make another picture of it.
_LIGHT = (1.0, 3.0)
#: Pixels that a dark or a bright part of a feature must have; luminance below which it is all
#: noise, and above which a file has no more room and says nothing of what became of white.
_FEW, _DARKEST, _CLIPPED = 6, 2e-3, 0.85
#: How many times what a default may do to the colour of lit skin, in the median, is free, and ends
#: it: 15 and 40 % of its chroma, 6 and 16 degrees of hue. Whose light it was matters to nobody who
#: is shown ash-grey.
_FREE, _DRAINED = 1.5, 4.0
_FEATURES = {
    "right eye": landmarks.RIGHT_EYE,
    "left eye": landmarks.LEFT_EYE,
    "right brow": landmarks.RIGHT_BROW,
    "left brow": landmarks.LEFT_BROW,
    "lips": landmarks.LIPS_OUTER,
    "nostrils": landmarks.NOSTRILS[0],
    "teeth": landmarks.LIPS_INNER,
}


class _Sample(NamedTuple):
    """A feature and the bare skin around it, as flat indices, with their mean colours before.

    ``extremes`` are the parts of it that are darker or brighter than the skin: pupils and lashes,
    the hairs of a brow, nostrils; whites of eyes and teeth.
    """

    core: NDArray[np.intp]
    near: NDArray[np.intp]
    core_before: Float
    near_before: Float
    extremes: tuple[NDArray[np.intp], ...]


def measure_tone_kept(pair: Pair) -> Finding:
    """Split the change of the skin's colour into light and pigment.

    Light falls on skin, eyes, brows and lips alike; pigment is the skin's own. So each feature is
    compared with the skin within 7 mm of it: the median over the features of the gain on the skin
    less the gain on the feature, channel by channel, is pigment's, whatever a new light, its colour
    or its shadows do to the face. What is common to both is light, unless it is a tone curve that
    light never draws: see :mod:`catchlight.likeness.curves`.
    """
    view = pair.view
    sites, before, places = _prepare(view)
    if len(sites) < 30:
        return unseen("too little bare skin shows")
    if len(places) < 2:
        said = "eyes, brows and lips do not show well enough to tell light from pigment"
        return unseen(said)
    offsets = {k: _offset(p, pair.after) for k, p in places.items()}
    pigment = np.median(np.array(list(offsets.values())), axis=0)
    now = np.median(pair.after.reshape(-1, 3)[sites], axis=0)
    curve = _measure_curve(pair, before, as_float(now), places)
    lab0, lab2 = (colour.p3_to_lab(as_float(v)[None])[0] for v in (before, now))
    ways = [colour.p3_to_lab(as_float(before * np.exp(v))[None])[0] for v in (pigment, curve)]
    # A curve moves lightness alone, and CIEDE2000 forgives light skin a quarter of that.
    apart = [float(colour.ciede2000(lab0, ways[0])), abs(float(ways[1][0] - lab0[0]))]
    value = max(apart)
    # A curve that lifts the dark further than the skin would else be told as a skin made darker.
    if apart[1] == value or curve * (ways[0][0] - lab0[0]) < 0:
        pigment = np.full(3, curve)
    lab1 = colour.p3_to_lab(as_float(before * np.exp(pigment))[None])[0]
    ita = [float(colour.lab_to_ita(v)) for v in (lab0, lab1, lab2)]
    change = np.log2(np.maximum(now, 1e-4) / np.maximum(before, 1e-4)) - pigment / np.log(2)
    stops = float(change @ colour.P3_LUMINANCE)
    score = grade(value, 0.0, _GOOD, _BAD) * grade(max(abs(stops) - _LIGHT[0], 0), 0, 0.01, 2)
    lit = _find_lit(view)
    seen = measure_skin_change(view.face_crop.pixels[lit], pair.after[lit])
    drained = max(seen.chroma[0] / CHROMA, seen.hue[0] / HUE)
    if not pair.recoloured:
        score *= grade(max(drained - _FREE, 0), 0, 0.01, _DRAINED - _FREE)
    details = {
        "total": float(colour.ciede2000(lab0, lab2)),
        "ita": ita[2] - ita[0],
        "ita_pigment": ita[1] - ita[0],
        "ita_light": ita[2] - ita[1],
        "lightness_pigment": float(lab1[0] - lab0[0]),
        "light_stops": stops,
        "curve": curve,
        "skin": seen.to_json(),
        "features": {k: [float(x) for x in v] for k, v in offsets.items()},
    }
    said = f"the light on the face changed by {stops:+.2f} stops"
    more = float(lab1[0] - lab0[0])
    if value <= _GOOD:
        said += f", the skin itself by CIEDE2000 {value:.1f}"
    else:
        said += (
            f"; beyond that the skin became {'lighter' if more > 0 else 'darker'}: {more:+.1f} L*, "
            f"{ita[1] - ita[0]:+.0f} degrees ITA, CIEDE2000 {value:.1f}"
        )
    if drained > _FREE and not pair.recoloured:
        said += f"; the colour of lit skin changed: {seen.say()}"
    return Finding(value, score, said, low=0.0, high=_GOOD, details=details)


def _measure_curve(pair: Pair, before: Float, now: Float, places: dict[str, _Sample]) -> float:
    """What a tone curve did to the skin that no light does, natural logarithm of luminance."""
    y0, y1 = (max(float(v @ colour.P3_LUMINANCE), 1e-4) for v in (before, now))
    was, is_now = _measure_luminance(pair.view), colour.luminance(pair.after).reshape(-1)
    samples = []
    for place in places.values():
        near = [max(float(v[place.near].mean()), _DARKEST) for v in (was, is_now)]
        for part in place.extremes:
            seen = [max(float(v[part].mean()), _DARKEST) for v in (was, is_now)]
            if max(seen[1], near[1]) > _CLIPPED or min(seen) <= _DARKEST:
                continue
            level = float(np.log(seen[0] / near[0]))
            samples.append(Sample(level, float(np.log(near[1] / near[0] * seen[0] / seen[1]))))
    rise = float(np.log(y1 / y0))
    # Where all levels tell the same of it, that is more than a few features can.
    view = pair.view
    whole = find_curve(view.face_crop.pixels, pair.after, view.inside, px_per_mm=view.mm)
    if whole is not None:
        return attribute(measure_lag(whole, y0, rise), rise)
    return measure_unshared(samples, rise, max(float(-np.log(y0)), 0.0))


@measured_once
def _find_lit(view: AlignedFace) -> NDArray[np.bool_]:
    """Where the photo before shows skin in good light."""
    return find_lit_skin(view.face_crop.pixels, view.skin)


@measured_once
def _measure_luminance(view: AlignedFace) -> Float:
    """Luminance of the photo before, flat."""
    return colour.luminance(view.face_crop.pixels).reshape(-1)


@measured_once
def _prepare(view: AlignedFace) -> tuple[NDArray[np.intp], Float, dict[str, _Sample]]:
    """The fixed sites of the skin with their median colour, and the features that show."""
    shape = view.face_crop.pixels.shape
    skin = view.skin > 0.5
    sites = np.flatnonzero((by_colour.sample_sites(view.face_crop.face, shape) > 0.5) & skin)
    flat = view.face_crop.pixels.reshape(-1, 3)
    places = {}
    for name, ring in _FEATURES.items():
        drawn = geometry.fill_polygon(view.face_crop.face.points[ring], *view.size)
        core = np.flatnonzero(drawn > 0.5)
        near = np.flatnonzero((filters.blur(drawn, 3.5 * view.mm) > 0.02) & skin)
        if len(core) >= 10 and len(near) >= 30:
            means = flat[core].mean(0), flat[near].mean(0)
            places[name] = _Sample(core, near, *means, _extremes(flat, core, near))
    before = np.median(flat[sites], axis=0) if len(sites) else np.zeros(3, np.float32)
    return sites, as_float(before), places


def _extremes(
    flat: Pixels, core: NDArray[np.intp], near: NDArray[np.intp]
) -> tuple[NDArray[np.intp], ...]:
    """The darkest and the brightest fifth of a feature that differ from the skin near it."""
    y = colour.luminance(flat[core])
    skin = float(colour.luminance(flat[near]).mean())
    dark = core[(y <= np.percentile(y, 20)) & (y < 0.6 * skin)]
    bright = core[(y >= np.percentile(y, 80)) & (y > 1.3 * skin) & (y < _CLIPPED)]
    return tuple(part for part in (dark, bright) if len(part) >= _FEW)


def _offset(place: _Sample, after: Pixels) -> Float:
    """Log gain of the skin around a feature less that of the feature, (3,)."""
    flat = after.reshape(-1, 3)
    skin = flat[place.near].mean(0) / np.maximum(place.near_before, 1e-4)
    feature = flat[place.core].mean(0) / np.maximum(place.core_before, 1e-4)
    return as_float(np.log(np.maximum(skin, 1e-4)) - np.log(np.maximum(feature, 1e-4)))
