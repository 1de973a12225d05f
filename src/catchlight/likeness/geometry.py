"""Geometry: whether any feature moved, once head, scale and an intended warp are taken out."""

from __future__ import annotations

import numpy as np

from catchlight.analysis.face import landmarks
from catchlight.arrays import Points, as_float
from catchlight.likeness.component import PASSES, Finding, grade
from catchlight.likeness.register import Pair
from catchlight.pixels import geometry as plane

#: RMS of the worst feature: allowed, and as far as two people (science.md 11.2, row 2: two people
#: differ by 5.7 % in the median; a degree of yaw is 0.53 %).
_GOOD, _BAD = 0.3, 1.4
FEATURES = {
    "eyes": landmarks.RIGHT_EYE + landmarks.LEFT_EYE,
    "irises": list(range(468, 478)),
    "brows": landmarks.RIGHT_BROW + landmarks.LEFT_BROW,
    "nose": [*landmarks.NOSTRILS[0], 1, 4, 5, 195, 197, 48, 278, 115, 344, 129, 358],
    "mouth": landmarks.LIPS_OUTER + landmarks.LIPS_INNER,
    "jaw": [132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361],
}
#: Points by which both faces are laid over each other: all but the outline.
_INNER = sorted({i for k, v in FEATURES.items() if k != "jaw" for i in v})


def measure_geometry(pair: Pair) -> Finding:
    """Measure the motion of every feature after a similarity has laid the faces on each other.

    Twice: by the mesh, whose own noise under harmless changes is subtracted (it knows faces, and
    shrinks what no face does), and by the motion of local detail, which sees less of what is smooth
    but has a tenth of the noise. The larger counts.

    A warp that was asked for was taken back, and is only reported.
    """
    view = pair.view
    own, ied = view.networks.own.points, view.networks.face.ied
    noise = max(_worst(drift(own, s.points, ied))[1] for s in view.networks.harmless.values())
    seen = drift(own, pair.sighting.points, ied)
    by_mesh = {k: max(0.0, v * v - noise * noise) ** 0.5 for k, v in seen.items()}
    start = view.face_crop.face.points
    by_motion = drift(start, as_float(start + pair.motion), view.face_crop.face.ied)
    found = {k: max(by_mesh[k], by_motion[k]) for k in FEATURES}
    where, value = _worst(found)
    score = grade(value, 0.0, _GOOD, _BAD)
    said = f"the {where} moved most, by {value:.2f} % of the inter-eye distance"
    if score >= PASSES:
        said = f"no feature moved by more than {value:.2f} % of the inter-eye distance"
    details: dict[str, object] = {
        "features": found,
        "mesh": by_mesh,
        "motion": by_motion,
        "mesh_noise": noise,
    }
    if pair.intended is not None:
        size = float(np.sqrt((as_float(pair.intended) ** 2).sum(-1)).max())
        details["intended_mm"] = size
        said += f"; the lens correction of up to {size:.1f} mm is taken out"
    return Finding(value, score, said, low=0.0, high=_GOOD, details=details)


def _worst(found: dict[str, float]) -> tuple[str, float]:
    where = max(found, key=lambda k: found[k])
    return where, found[where]


def drift(before: Points, after: Points, ied: float) -> dict[str, float]:
    """RMS motion of each feature in % of the inter-eye distance, after a similarity."""
    fit = plane.estimate_similarity(after[_INNER], before[_INNER])
    move = plane.apply(fit, after) - before
    return {
        k: float(np.sqrt((move[ids] ** 2).sum(1).mean())) / ied * 100 for k, ids in FEATURES.items()
    }
