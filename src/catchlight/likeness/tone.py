"""Tone: how the skin's colour changed, split into what light does and what only pigment does."""

from __future__ import annotations

import numpy as np

from catchlight.analysis import regions
from catchlight.arrays import Float, Mask, as_float
from catchlight.likeness.component import Component, grade, indeterminate, judge_by
from catchlight.likeness.register import Pair
from catchlight.likeness.view import View
from catchlight.pixels import colour, filters, geometry

NAME, TITLE, UNIT, WEIGHT = "tone", "Skin tone", "CIEDE2000", 2.0
#: CIEDE2000 of the skin that light does not explain (science.md 11.2, row 9).
_GOOD, _BAD = 2.0, 5.0
#: Stops of light on the face that nobody remarks, and that make another picture of it.
_LIGHT = (1.0, 3.0)


def measure_tone_kept(pair: Pair) -> Component:
    """Split the change of the skin's colour into light and pigment.

    Light falls on skin, eyes, brows and lips alike; pigment is the skin's own. So each feature is
    compared with the skin within 7 mm of it: the median over the features of the gain on the skin
    less the gain on the feature, channel by channel, is pigment's, whatever a new light, its colour
    or its shadows do to the face. What is common to both is light.
    """
    view = pair.view
    sites = (regions.sample_sites(view.chart.face, view.log.shape) > 0.5) & (view.skin > 0.5)
    if sites.sum() < 30:
        return indeterminate(NAME, TITLE, UNIT, WEIGHT, "too little bare skin shows.")
    offsets = _compare_features(view, pair)
    if len(offsets) < 2:
        said = "eyes, brows and lips do not show well enough to tell light from pigment."
        return indeterminate(NAME, TITLE, UNIT, WEIGHT, said)
    pigment = np.median(np.array(list(offsets.values())), axis=0)
    total = np.median(pair.change[sites], axis=0)
    before = np.exp(np.median(view.log[sites], axis=0))
    lab0, lab1, lab2 = (
        colour.p3_to_lab(as_float(before * np.exp(g))[None])[0]
        for g in (np.zeros(3), pigment, total)
    )
    value = float(colour.ciede2000(lab0, lab1))
    ita = [float(colour.lab_to_ita(v)) for v in (lab0, lab1, lab2)]
    stops = float(np.log2(np.exp(1.0)) * ((total - pigment) @ colour.P3_LUMINANCE))
    score = grade(value, _GOOD, _BAD) * grade(abs(stops), *_LIGHT)
    details = {
        "total": float(colour.ciede2000(lab0, lab2)),
        "ita": ita[2] - ita[0],
        "ita_pigment": ita[1] - ita[0],
        "ita_light": ita[2] - ita[1],
        "lightness_pigment": float(lab1[0] - lab0[0]),
        "light_stops": stops,
        "features": {k: [float(x) for x in v] for k, v in offsets.items()},
    }
    said = f"the light on the face changed by {stops:+.2f} stops"
    more = lab1[0] - lab0[0]
    said += (
        "; the skin itself did not change"
        if value <= _GOOD
        else (
            f"; beyond that the skin became {'lighter' if more > 0 else 'darker'} ({more:+.1f} L*, "
            f"{ita[1] - ita[0]:+.0f} degrees ITA)"
        )
    )
    return Component(
        NAME, TITLE, value, UNIT, 0.0, _GOOD, score, WEIGHT, judge_by(score),
        f"{said} (CIEDE2000 {value:.1f}).", details,
    )  # fmt: skip


def _compare_features(view: View, pair: Pair) -> dict[str, Float]:
    """Log gain of the skin around each feature less that of the feature, (3,) each."""
    w, h = view.size
    p, mm = view.chart.face.points, view.mm
    rings = {
        "right eye": regions.RIGHT_EYE,
        "left eye": regions.LEFT_EYE,
        "right brow": regions.RIGHT_BROW,
        "left brow": regions.LEFT_BROW,
        "lips": regions.LIPS_OUTER,
        "nostrils": regions.NOSTRILS[0],
    }
    found = {}
    before, after = np.exp(view.log), np.exp(pair.log)
    for name, ring in rings.items():
        core = geometry.fill_polygon(p[ring], w, h)
        near = _near(core, view, 7 * mm)
        if core.sum() < 10 or near.sum() < 30:
            continue
        gain = [_mean(after, m) / np.maximum(_mean(before, m), 1e-4) for m in (near, core)]
        found[name] = as_float(np.log(gain[0]) - np.log(gain[1]))
    return found


def _near(core: Mask, view: View, reach: float) -> Mask:
    """Bare skin around a feature."""
    soft = filters.blur(core, 0.5 * reach)
    return as_float((soft > 0.02) * (view.skin > 0.5))


def _mean(pixels: Float, mask: Mask) -> Float:
    return as_float((pixels * mask[..., None]).sum((0, 1)) / mask.sum())
