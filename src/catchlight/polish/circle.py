"""How the photos of a person lie to each other, and who does not belong among them.

Vocabulary: the *medoid* is the photo in the middle of its set; a photo's *remove* is the distance
of its identity from the middle of the other photos; the *spread* is how far photos of this person
lie from one another, by which each of them is judged.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from catchlight.arrays import Float
from catchlight.likeness.observation import Observation
from catchlight.likeness.odds import weigh

#: Someone else lies this much beyond the set's spread, and this many times: nobody of nine people
#: with 3 to 7 photos each spreads more than 0.74, and nobody else came nearer than 1.08.
_BEYOND, _TIMES = 0.25, 1.3
#: Nearer than this nobody is called someone else, however alike the rest are (burst photos). By
#: SFace 102 pairs of one person lay up to 0.98 apart (95 %: 0.86), and of 27,393 of two people one
#: in a thousand nearer than 1.09.
NEAR = 1.03


@dataclass(frozen=True)
class Circle:
    """How the photos of a set lie to each other.

    Attributes
    ----------
    medoid : int
    spread : float or None, None with fewer than 3 photos
    apart : (n,) distances from the medoid
    strangers : (n,) bool, those that show someone else
    removes : (n,) distance from the middle of the others but for strangers; nan if there is none
    """

    medoid: int
    spread: float | None
    apart: Float
    strangers: np.ndarray[Any, np.dtype[np.bool_]]
    removes: Float


def draw_circle(identities: Sequence[Float]) -> Circle:
    """Find the middle of a set of identities, and who does not belong to it.

    The medoid has the nearest half of the others nearest (so strangers up to half of the set do not
    move it); the spread is its median distance to that half. A stranger lies more than 0.25 and
    more than 1.3 times beyond the spread, and no nearer than 1.03. Judged by the set's own spread
    as well because no global distance is fair to everyone.

    Parameters
    ----------
    identities : sequence of (128,) float32, at least one
    """
    points = np.stack([np.asarray(i, np.float64) for i in identities])
    n = len(points)
    distance = np.linalg.norm(points[:, None] - points[None], axis=2)
    near = max(1, math.ceil((n - 1) / 2))
    others = np.sort(distance, axis=1)[:, 1 : near + 1]
    medoid = int(others.mean(axis=1).argmin()) if n > 1 else 0
    apart = distance[medoid]
    spread = float(np.median(others[medoid])) if n > 2 else None
    strangers = np.zeros(n, bool)
    if spread is not None:
        strangers = apart > max(spread + _BEYOND, _TIMES * spread, NEAR)
    removes = measure_removes(identities, strangers)
    return Circle(medoid, spread, apart.astype(np.float32), strangers, removes)


def measure_removes(identities: Sequence[Float], strangers: np.ndarray[Any, Any]) -> Float:
    """Distance of each from the middle of the others but for strangers; nan if there is none."""
    points = np.stack([np.asarray(i, np.float64) for i in identities])
    n = len(points)
    removes = np.full(n, np.nan)
    for i in range(n):
        rest = ~strangers & (np.arange(n) != i)
        if rest.any():
            removes[i] = np.linalg.norm(points[i] - points[rest].mean(axis=0))
    return removes.astype(np.float32)


def draw_circle_of(faces: Sequence[Observation]) -> Circle:
    """The circle of photos; who may be the person by the odds, pose and blur reckoned, stays in."""
    circle = draw_circle([w.identity for w in faces])
    middle = faces[circle.medoid]
    strangers = np.array(
        [
            bool(out) and weigh(middle, w).verdict == "other"
            for out, w in zip(circle.strangers, faces, strict=True)
        ]
    )
    if (strangers == circle.strangers).all():
        return circle
    removes = measure_removes([w.identity for w in faces], strangers)
    return replace(circle, strangers=strangers, removes=removes)
