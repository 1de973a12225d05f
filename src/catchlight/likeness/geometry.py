"""Geometry: whether any feature moved, once head, scale and an intended warp are taken out."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.analysis import regions
from catchlight.arrays import Float, Mask, Points, as_float
from catchlight.likeness.component import Component, grade, judge_by
from catchlight.likeness.register import Pair
from catchlight.likeness.view import View
from catchlight.pixels import colour, filters
from catchlight.pixels import geometry as plane

NAME, TITLE, UNIT, WEIGHT = "geometry", "Geometry", "% of the inter-eye distance", 3.0
#: RMS of the worst feature: nothing to see, and as far as two people (science.md 11.2, row 2: two
#: people differ by 5.7 % in the median; a degree of yaw is 0.53 %).
_GOOD, _BAD = 0.6, 2.0
#: Pixels per millimetre at which motion is looked for.
_SCALE = 2.0
FEATURES = {
    "eyes": regions.RIGHT_EYE + regions.LEFT_EYE,
    "brows": regions.RIGHT_BROW + regions.LEFT_BROW,
    "nose": [*regions.NOSTRILS[0], 1, 4, 5, 195, 197, 48, 278, 115, 344, 129, 358],
    "mouth": regions.LIPS_OUTER + regions.LIPS_INNER,
    "jaw": [132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361],
}
#: Points by which both faces are laid over each other: all but the outline.
_INNER = sorted({i for k, v in FEATURES.items() if k != "jaw" for i in v})


def measure_geometry(pair: Pair, intended: Float | None) -> Component:
    """Measure the motion of every feature after a similarity has laid the faces on each other.

    Twice: by the mesh, whose own noise under harmless changes is subtracted (it knows faces, and
    shrinks what no face does), and by dense inverse search optical flow (Kroeger 2016) of local
    detail, which sees less of what is smooth but has a tenth of the noise. The larger counts.

    ``intended`` is a warp that was asked for, in mm; it was taken back, and is only reported.
    """
    view = pair.view
    ied = view.chart.face.ied
    noise = max(_worst(_drift(view.own.points, s.points, ied))[1] for s in view.harmless.values())
    by_mesh = {
        k: max(0.0, v * v - noise * noise) ** 0.5
        for k, v in _drift(view.own.points, pair.sighting.points, ied).items()
    }
    start = view.chart.face.points
    by_flow = _drift(start, start + measure_flow(pair)[1], ied)
    found = {k: max(by_mesh[k], by_flow[k]) for k in FEATURES}
    where, value = _worst(found)
    score = grade(value, _GOOD, _BAD)
    said = f"the {where} moved most, by {value:.2f} % of the inter-eye distance"
    if score >= 0.9:
        said = f"no feature moved by more than {value:.2f} % of the inter-eye distance"
    details: dict[str, object] = {
        "features": found,
        "mesh": by_mesh,
        "motion": by_flow,
        "mesh_noise": noise,
    }
    if intended is not None:
        size = float(np.sqrt((as_float(intended) ** 2).sum(-1)).max())
        details["intended_mm"] = size
        said += f"; the lens correction of up to {size:.1f} mm is taken out"
    return Component(
        NAME, TITLE, value, UNIT, 0.0, _GOOD, score, WEIGHT, judge_by(score), said + ".", details
    )


def _worst(found: dict[str, float]) -> tuple[str, float]:
    where = max(found, key=lambda k: found[k])
    return where, found[where]


def _drift(before: Points, after: Points, ied: float) -> dict[str, float]:
    """RMS motion of each feature in % of the inter-eye distance, after a similarity."""
    fit = plane.estimate_similarity(after[_INNER], before[_INNER])
    move = plane.apply(fit, after) - before
    return {
        k: float(np.sqrt((move[ids] ** 2).sum(1).mean())) / ied * 100 for k, ids in FEATURES.items()
    }


def _texture_codes(log: Float, inside: Mask, mm: float) -> np.ndarray:
    """Local detail, evened out so that no light shows, as uint8."""
    y = as_float(log @ colour.P3_LUMINANCE)
    band = y - filters.blur(y, 5 * mm)
    spread = np.sqrt(filters.blur(as_float(band * band), 6 * mm)) + 0.03
    return np.asarray(np.clip(128 + 48 * band / spread * inside, 0, 255), np.uint8)


def measure_flow(pair: Pair) -> tuple[Float, Points]:
    """Motion (h, w, 2) in view pixels from before to after, and at the mesh's points (478, 2)."""
    view = pair.view
    factor = min(1.0, _SCALE / view.mm)
    w, h = (max(16, round(n * factor)) for n in view.size)
    both = []
    for log in (view.log, pair.log):
        small = filters.resize(log, w, h)
        mask = filters.resize(view.inside, w, h)
        both.append(_texture_codes(small, mask, view.mm * factor))
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    flow = as_float(search.calc(both[0], both[1], None))  # type: ignore[call-overload]
    # 1.5 mm: a landmark is where its surroundings are, not one pixel.
    flow = filters.blur(flow, 1.5 * view.mm * factor)
    at = np.clip(np.round(_points(view) * factor).astype(int), 0, [w - 1, h - 1])
    inside = filters.resize(view.inside, w, h)[at[:, 1], at[:, 0]] > 0.15
    moved = flow[at[:, 1], at[:, 0]] / factor * inside[:, None]
    return as_float(flow / factor), as_float(moved)


def _points(view: View) -> Points:
    return view.chart.face.points
