"""Eyes: the irises' colour, the catchlights, and the lashes' detail."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face import landmarks
from catchlight.analysis.face.landmarks import LEFT_IRIS, RIGHT_IRIS
from catchlight.analysis.parts.irises import away_from_iris, iris_radius
from catchlight.arrays import Float, as_float
from catchlight.likeness.aligned_face import AlignedFace
from catchlight.likeness.component import PASSES, Finding, grade, unseen
from catchlight.likeness.register import Pair
from catchlight.measured import measured_once
from catchlight.pixels import colour, filters, geometry

#: CIEDE2000 of the iris, lightness counted half (light may be put into an eye, colour not).
_COLOUR = (0.0, 3.0, 8.0)
#: Share of the catchlights' and of the lashes' contrast.
_CATCHLIGHT, _LASHES = (1.0, 0.6, 0.2), (1.0, 0.7, 0.25)


class _Eye(NamedTuple):
    """One eye in its own cut of the view."""

    part: tuple[slice, slice]
    iris: NDArray[np.bool_]
    disc: NDArray[np.bool_]
    lids: NDArray[np.bool_]
    around: NDArray[np.bool_]


def measure_eyes(pair: Pair) -> Finding:
    """Measure iris colour, catchlights and lash detail of both eyes; the worst counts."""
    view = pair.view
    found: dict[str, float] = {}
    scores: dict[str, float] = {}
    for side, eye in _find(view).items():
        if eye.iris.sum() >= 12 and eye.around.sum() >= 12:
            value = _iris_change(view, pair, eye)
            found[f"{side} iris"] = value
            scores[f"{side} iris' colour"] = grade(value, *_COLOUR)
        share = _catchlight(view, pair, eye)
        if share is not None:
            found[f"{side} catchlight"] = share
            scores[f"{side} catchlight"] = grade(share, *_CATCHLIGHT)
        lashes = _lashes(view, pair, eye)
        found[f"{side} lashes"] = lashes
        scores[f"{side} lashes"] = grade(lashes, *_LASHES)
    if not scores:
        said = "the eyes are too small or too nearly shut to be judged"
        return unseen(said, moot=view.mm < 1.4)
    worst = min(scores, key=lambda k: scores[k])
    score = scores[worst]
    said = "iris colour, catchlights and lashes are the photo's"
    if score < PASSES:
        said = f"what changed most is the {worst}"
    return Finding(score, score, said, low=PASSES, high=1.0, details=found)


@measured_once
def _find(view: AlignedFace) -> dict[str, _Eye]:
    """The eyes that are large and open enough."""
    found = {}
    mm, points = view.mm, view.face_crop.face.points
    for side, centre, ring in (
        ("right", RIGHT_IRIS, landmarks.RIGHT_EYE),
        ("left", LEFT_IRIS, landmarks.LEFT_EYE),
    ):
        low = np.maximum(np.floor(points[ring].min(0) - 8 * mm).astype(int), 0)
        high = np.ceil(points[ring].max(0) + 8 * mm).astype(int) + 1
        part = (slice(low[1], high[1]), slice(low[0], high[0]))
        h, w = view.log[part].shape
        opening = geometry.fill_polygon(as_float(points[ring] - low), w, h)
        if iris_radius(points, centre) < 4 or opening.sum() < 30:
            continue
        far = away_from_iris(as_float(points - low), centre, (h, w))
        found[side] = _Eye(
            part,
            (far > 0.4) & (far < 0.9) & (opening > 0.8),
            (far < 1.1) & (opening > 0.5),
            (filters.blur(opening, 2 * mm) > 0.08) & (opening < 0.5),
            view.skin[part] > 0.5,
        )
    return found


def _iris_change(view: AlignedFace, pair: Pair, eye: _Eye) -> float:
    """CIEDE2000 of the iris beyond what the light did to the skin around the eye."""
    then, now = view.face_crop.pixels[eye.part], pair.after[eye.part]
    light = now[eye.around].mean(0) / np.maximum(then[eye.around].mean(0), 1e-4)
    before, after = np.median(then[eye.iris], axis=0) * light, np.median(now[eye.iris], axis=0)
    a, b = (colour.p3_to_lab(as_float(v)[None])[0] for v in (before, after))
    b[0] = a[0] + 0.5 * (b[0] - a[0])
    return float(colour.ciede2000(a, b))


def _catchlight(view: AlignedFace, pair: Pair, eye: _Eye) -> float | None:
    """Contrast of the eye's brightest place after over before; None where there is none."""
    then, now = (filters.blur(v[eye.part], 0.3 * view.mm) for v in (view.log, pair.log))
    if eye.disc.sum() < 20:
        return None
    at = np.unravel_index(int(np.argmax(np.where(eye.disc, then, -np.inf))), then.shape)
    height = float(then[at]) - float(np.median(then[eye.disc]))
    # A catchlight is at least 1.4 stops above the eye around it.
    if height < 1.0:
        return None
    return (float(now[at]) - float(np.median(now[eye.disc]))) / height


def _lashes(view: AlignedFace, pair: Pair, eye: _Eye) -> float:
    """Coherent gain of detail up to 3 mm around the eye's opening."""
    b, a = (_fine(v[eye.part], view.mm)[eye.lids] for v in (view.log, pair.log))
    return float((a * b).sum() / max(float((b * b).sum()), 1e-9))


def _fine(log: Float, mm: float) -> Float:
    return as_float(log - filters.blur(log, 0.8 * mm))
