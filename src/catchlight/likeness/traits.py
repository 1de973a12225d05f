"""Traits: what is a person's own in any photograph, measured once in each.

Of two photographs pixels cannot be compared. What can be is told in quantities that pose, lens and
light leave nearly alone: the colour of the skin against the whites, brows and lips *of the same
picture*, the relief of the skin against the detail of its lashes and brows. And with them the
conditions: how the light falls and what colour it has. Shape is in :mod:`proportions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from catchlight.analysis.face import landmarks
from catchlight.analysis.face.landmarks import LEFT_IRIS, RIGHT_IRIS
from catchlight.analysis.parts.irises import away_from_iris
from catchlight.arrays import Float, Pixels, Points, as_float
from catchlight.likeness.aligned_face import log_luminance
from catchlight.likeness.lines import measure_depths
from catchlight.likeness.observation import Observation
from catchlight.likeness.sighting import DARKEST
from catchlight.measured import measured_once
from catchlight.pixels import filters, geometry

#: Sites of bare skin, and where its relief is looked at.
SITES = {
    "right cheek": landmarks.RIGHT_CHEEK,
    "left cheek": landmarks.LEFT_CHEEK,
    "forehead": landmarks.MID_FOREHEAD,
}
# The band of small relief, standard deviations in mm; it is resolved where the finer Gaussian is
# this many pixels wide.
_RELIEF = (0.35, 0.8)
_RESOLVED = 0.45
_FEW = 12
# Share of the level cut that is a corner: ground, or hair.
_CORNER = 0.12
# The bridge of the nose.
_NOSE = [193, 417, 419, 248, 281, 51, 3, 196]


@dataclass(frozen=True, eq=False)
class Traits:
    """What is measured of one photograph.

    Attributes
    ----------
    skin : (3,) log colour of the cheeks
    beside : mapping of ``whites``, ``brows``, ``lips``, ``irises`` to (3,) log colours, those seen
    relief : mapping of the site to the log contrast of its skin, where the photo resolves it
    detail : float or None, log contrast of brows and lashes, by which the relief is judged
    lines : mapping of the place to the log depth of its lines, where the photo resolves them
    fall : (2,) how the light falls: right over left cheek, bridge of the nose over cheeks, log
    ground : (3,) log colour beside the head: one session has one ground
    """

    skin: Float
    beside: Mapping[str, Float]
    relief: Mapping[str, float]
    detail: float | None
    lines: Mapping[str, float]
    fall: Float
    ground: Float


@measured_once
def measure_traits(observation: Observation) -> Traits:
    """Measure the traits of an observation that shows a face; 60 ms."""
    view = observation.aligned
    pixels, face = view.face_crop.pixels, view.face_crop.face
    points, mm = face.points, view.mm
    right, left = (
        _middle(_pixels_in(pixels, points[SITES[f"{k} cheek"]])) for k in ("right", "left")
    )
    cheeks = as_float((right + left) / 2)
    across = float(right.mean()) - float(left.mean())
    # Not the forehead: under a fringe it is no skin to whoever recolours skin.
    nose = _middle(_pixels_in(pixels, points[_NOSE]))
    fall = as_float([across, float(nose.mean() - cheeks.mean())])
    return Traits(
        cheeks,
        _look_beside(pixels, points),
        _measure_relief(pixels, points, mm),
        _measure_detail(pixels, points, mm),
        measure_depths(view),
        fall,
        _look_at_ground(pixels),
    )


def _look_at_ground(pixels: Pixels) -> Float:
    """The middle colour of both upper corners of the level cut."""
    h, w = (max(1, round(_CORNER * n)) for n in pixels.shape[:2])
    return _middle(np.concatenate([pixels[:h, :w], pixels[:h, -w:]], axis=1))


def _cut(pixels: Pixels, ring: Points, margin: float = 1.0) -> tuple[Pixels, Points]:
    """The part of a picture around a ring of points, and the points in its pixels."""
    rows, columns = geometry.box_around(ring, margin, pixels.shape)
    return pixels[rows, columns], as_float(ring - [columns.start, rows.start])


def _pixels_in(pixels: Pixels, ring: Points) -> Pixels:
    part, there = _cut(pixels, ring)
    inside = geometry.fill_polygon(there, part.shape[1], part.shape[0]) > 0.5
    found = part[inside]
    return found if len(found) else part.reshape(-1, 3)


def _middle(pixels: Pixels) -> Float:
    return as_float(np.log(np.maximum(np.median(pixels.reshape(-1, 3), axis=0), DARKEST)))


def _mean(pixels: Pixels) -> Float:
    return as_float(np.log(np.maximum(pixels.reshape(-1, 3).mean(axis=0), DARKEST)))


def _look_beside(pixels: Pixels, points: Points) -> dict[str, Float]:
    """Colours of what the skin is compared with."""
    found: dict[str, list[Float]] = {"whites": [], "irises": [], "brows": [], "lips": []}
    for ring, centre in ((landmarks.RIGHT_EYE, RIGHT_IRIS), (landmarks.LEFT_EYE, LEFT_IRIS)):
        part, there = _cut(pixels, points[ring], 2.0)
        corner = points[ring][0] - there[0]
        away = away_from_iris(as_float(points - corner), centre, part.shape)
        opening = geometry.fill_polygon(there, part.shape[1], part.shape[0])
        white = part[(opening > 0.85) & (away > 1.2)]
        if len(white) >= _FEW:
            light = white.sum(1)
            # Lashes and the lid's shadow are dark, catchlights and wet rims are brightest.
            low, high = np.percentile(light, [45, 92])
            found["whites"].append(_mean(white[(light >= low) & (light <= high)]))
        iris = part[(opening > 0.8) & (away > 0.42) & (away < 0.88)]
        if len(iris) >= _FEW:
            light = iris.sum(1)
            found["irises"].append(_mean(iris[light <= np.percentile(light, 85)]))
    for ring in (landmarks.RIGHT_BROW, landmarks.LEFT_BROW):
        brow = _pixels_in(pixels, points[ring])
        if len(brow) >= _FEW:
            light = brow.sum(1)
            found["brows"].append(_mean(brow[light <= np.percentile(light, 50)]))
    part, there = _cut(pixels, points[landmarks.LIPS_OUTER])
    inner = as_float(points[landmarks.LIPS_INNER] - (points[landmarks.LIPS_OUTER][0] - there[0]))
    size = part.shape[1], part.shape[0]
    lips = part[(geometry.fill_polygon(there, *size) - geometry.fill_polygon(inner, *size)) > 0.9]
    if len(lips) >= _FEW:
        found["lips"].append(_middle(lips))
    return {k: as_float(np.mean(v, axis=0)) for k, v in found.items() if v}


def _measure_relief(pixels: Pixels, points: Points, mm: float) -> dict[str, float]:
    """Robust contrast of the relief at each site: a mole or a hair does not count."""
    out: dict[str, float] = {}
    if not _resolves(mm):
        return out
    for site, ring in SITES.items():
        part, there = _cut(pixels, points[ring], 4 * mm)
        inside = geometry.fill_polygon(there, part.shape[1], part.shape[0]) > 0.5
        if inside.sum() < 5 * _FEW:
            continue
        values = _take_relief(part, mm)[inside]
        spread = 1.4826 * float(np.median(np.abs(values - np.median(values))))
        out[site] = float(np.log(max(spread, 1e-5)))
    return out


def _measure_detail(pixels: Pixels, points: Points, mm: float) -> float | None:
    """Contrast of brows and lashes: what the camera and the file let through."""
    if not _resolves(mm):
        return None
    found = []
    rings = (landmarks.RIGHT_EYE, landmarks.LEFT_EYE, landmarks.RIGHT_BROW, landmarks.LEFT_BROW)
    for ring in rings:
        part, there = _cut(pixels, points[ring], 4 * mm)
        inside = filters.blur(geometry.fill_polygon(there, part.shape[1], part.shape[0]), 1.0 * mm)
        if (inside > 0.15).sum() < _FEW:
            continue
        power = float((_take_relief(part, mm)[inside > 0.15] ** 2).mean())
        found.append(0.5 * float(np.log(max(power, 1e-10))))
    return float(np.mean(found)) if found else None


def _resolves(mm: float) -> bool:
    return _RELIEF[0] * mm >= _RESOLVED


def _take_relief(pixels: Pixels, mm: float) -> Float:
    """The band of small relief of a picture, in logarithms of luminance."""
    log = log_luminance(pixels)
    return as_float(filters.blur(log, _RELIEF[0] * mm) - filters.blur(log, _RELIEF[1] * mm))
