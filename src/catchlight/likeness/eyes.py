"""Eyes: the irises' colour, the catchlights, and the lashes' detail."""

from __future__ import annotations

import numpy as np

from catchlight.analysis import regions
from catchlight.analysis.mesh import LEFT_IRIS, RIGHT_IRIS
from catchlight.arrays import Mask, as_float
from catchlight.likeness.component import Component, grade, indeterminate, judge_by
from catchlight.likeness.register import Pair
from catchlight.likeness.view import View
from catchlight.pixels import colour, filters, geometry

NAME, TITLE, UNIT, WEIGHT = "eyes", "Eyes", "score", 1.0
#: CIEDE2000 of the iris, lightness counted half (light may be put into an eye, colour not).
_COLOUR = (3.0, 8.0)
#: Share of the catchlights' and of the lashes' contrast.
_CATCHLIGHT, _LASHES = (0.6, 0.2), (0.65, 0.25)


def measure_eyes(pair: Pair) -> Component:
    """Measure iris colour, catchlights and lash detail of both eyes; the worst counts."""
    view = pair.view
    found: dict[str, float] = {}
    scores: dict[str, float] = {}
    for side, centre, ring in (
        ("right", RIGHT_IRIS, regions.RIGHT_EYE),
        ("left", LEFT_IRIS, regions.LEFT_EYE),
    ):
        opening = geometry.fill_polygon(view.chart.face.points[ring], *view.size)
        middle = view.chart.face.points[centre]
        rim = view.chart.face.points[centre + 1 : centre + 5]
        radius = float(np.linalg.norm(rim - middle, axis=1).mean())
        if radius < 4 or opening.sum() < 30:
            continue
        h, w = opening.shape
        y, x = np.mgrid[0:h, 0:w].astype(np.float32)
        far = as_float(np.hypot(x - middle[0], y - middle[1]) / radius)
        iris = (far > 0.4) & (far < 0.9) & (opening > 0.8)
        if iris.sum() >= 12:
            value = _iris_change(view, pair, iris)
            found[f"{side} iris"] = value
            scores[f"{side} iris colour"] = grade(value, *_COLOUR)
        share = _catchlight(view, pair, as_float((far < 1.1) * (opening > 0.5)))
        if share is not None:
            found[f"{side} catchlight"] = share
            scores[f"{side} catchlight"] = grade(share, *_CATCHLIGHT)
        lashes = _lashes(view, pair, opening)
        found[f"{side} lashes"] = lashes
        scores[f"{side} lashes"] = grade(lashes, *_LASHES)
    if not scores:
        said = "the eyes are too small or too nearly shut to be judged."
        return indeterminate(NAME, TITLE, UNIT, WEIGHT if view.mm >= 1.4 else 0.0, said)
    worst = min(scores, key=lambda k: scores[k])
    score = scores[worst]
    said = "iris colour, catchlights and lashes are the photo's."
    if score < 0.9:
        said = f"what changed most is the {worst}."
    return Component(
        NAME, TITLE, score, UNIT, 0.9, 1.0, score, WEIGHT, judge_by(score), said, found
    )


def _iris_change(view: View, pair: Pair, iris: np.ndarray) -> float:
    """CIEDE2000 of the iris beyond the light's change on the eye's surroundings."""
    light = np.median(pair.light[iris], axis=0)
    before = np.exp(np.median(view.log[iris], axis=0) + light)
    after = np.exp(np.median(pair.log[iris], axis=0))
    a, b = (colour.p3_to_lab(as_float(v)[None])[0] for v in (before, after))
    b[0] = a[0] + 0.5 * (b[0] - a[0])
    return float(colour.ciede2000(a, b))


def _catchlight(view: View, pair: Pair, eye: Mask) -> float | None:
    """Contrast of the eye's brightest place after over before; None where there is none."""
    y0, y1 = (as_float(v @ colour.P3_LUMINANCE) for v in (view.log, pair.log))
    y0, y1 = (filters.blur(v, 0.3 * view.mm) for v in (y0, y1))
    inside = eye > 0.5
    if inside.sum() < 20:
        return None
    typical = float(np.median(y0[inside]))
    at = np.unravel_index(int(np.argmax(np.where(inside, y0, -np.inf))), y0.shape)
    height = float(y0[at]) - typical
    # A catchlight is at least 1.4 stops above the eye around it.
    if height < 1.0:
        return None
    return (float(y1[at]) - float(np.median(y1[inside]))) / height


def _lashes(view: View, pair: Pair, opening: Mask) -> float:
    """Coherent gain of detail up to 3 mm around the eye's opening."""
    near = (filters.blur(opening, 2 * view.mm) > 0.08) & (opening < 0.5)
    both = []
    for log in (view.log, pair.log):
        y = as_float(log @ colour.P3_LUMINANCE)
        both.append(as_float(y - filters.blur(y, 0.8 * view.mm))[near])
    b, a = both
    return float((a * b).sum() / max(float((b * b).sum()), 1e-9))
