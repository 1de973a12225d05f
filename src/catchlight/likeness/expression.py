"""Expression and asymmetry: the look on the face, and the face's own unevenness."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from catchlight.analysis.face.canonical import canonical_face
from catchlight.arrays import Points, as_float
from catchlight.likeness.component import Finding, grade
from catchlight.likeness.register import Pair
from catchlight.likeness.sighting import Sighting
from catchlight.pixels import geometry as plane

#: Largest change of the 52 coefficients (science.md 11.2, row 8).
_GOOD, _BAD = 0.06, 0.25
#: RMS change of the left-right differences.
_EVEN_GOOD, _EVEN_BAD = 0.4, 1.5


def measure_expression_kept(pair: Pair) -> Finding:
    """Measure the largest change of the 52 coefficients, against the network's own noise."""
    own, now = pair.view.networks.own, pair.sighting
    noise = max(_largest(own, s)[1] for s in pair.view.networks.harmless.values())
    which, value = _largest(own, now)
    good, bad = max(_GOOD, 1.5 * noise), max(_BAD, 3.0 * noise)
    score = grade(value, 0.0, good, bad)
    said = f"the largest change is {value:.2f} ({which}); the network's own noise is {noise:.2f}"
    details = {"noise": noise, "red": bad}
    return Finding(value, score, said, low=0.0, high=good, details=details)


def _largest(a: Sighting, b: Sighting) -> tuple[str, float]:
    found = {k: abs(b.expression[k] - v) for k, v in a.expression.items() if k != "_neutral"}
    which = max(found, key=lambda k: found[k])
    return which, found[which]


@lru_cache(maxsize=1)
def partners() -> list[int]:
    """For each of the 468 points the one that the mirror puts there."""
    v = canonical_face().vertices
    flipped = v * as_float([-1, 1, 1])
    return [int(np.argmin(((v - p) ** 2).sum(1))) for p in flipped]


def _unevenness(points: Points) -> Points:
    """Every point less its mirrored partner, laid over it by a similarity (468, 2)."""
    p = points[:468]
    mirrored = p[partners()] * as_float([-1, 1])
    return p - plane.apply(plane.estimate_similarity(mirrored, p), mirrored)


def measure_asymmetry(pair: Pair) -> Finding:
    """Measure how the left-right differences of the face changed, by mesh and by motion."""
    view = pair.view

    def change(a: Points, b: Points, ied: float) -> float:
        return float(np.sqrt(((_unevenness(b) - _unevenness(a)) ** 2).sum(1).mean())) / ied * 100

    own, ied = view.networks.own.points, view.networks.face.ied
    noise = max(change(own, s.points, ied) for s in view.networks.harmless.values())
    mesh = change(own, pair.sighting.points, ied)
    mesh = max(0.0, mesh**2 - noise**2) ** 0.5
    start = view.face_crop.face.points
    motion = change(start, as_float(start + pair.motion), view.face_crop.face.ied)
    value = max(mesh, motion)
    score = grade(value, 0.0, _EVEN_GOOD, _EVEN_BAD)
    said = f"left-right differences of the face changed by {value:.2f} % of the inter-eye distance"
    details = {"mesh": mesh, "motion": motion, "mesh_noise": noise}
    return Finding(value, score, said, low=0.0, high=_EVEN_GOOD, details=details)
