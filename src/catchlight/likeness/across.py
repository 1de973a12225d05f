"""Across photographs: what is told of a person when no pixel can be compared.

Every trait of the result is held against the same trait of the person's real photos, and every
trait has a *spread*: how far it varies from photo to photo of people whom nobody edited, in
conditions as different as these are. What lies inside three spreads is no change. Where the spread
is wider than an edit that anybody would remark, nothing can be said, and the reason is given.

Vocabulary: a *departure* is the result's trait less a photo's; its *spread* is a standard
deviation; *conditions* are how the light falls, its colour, and how the head is turned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from catchlight.arrays import Float, as_float
from catchlight.likeness.component import Finding, grade, unseen
from catchlight.likeness.fine_mesh import find_again
from catchlight.likeness.observation import Observation
from catchlight.likeness.proportions import measure_proportions
from catchlight.likeness.traits import Traits, measure_traits
from catchlight.measured import measured

#: Spreads within which nothing is a change, and beyond which nothing is chance.
NOTHING, SURELY = 3.0, 5.0
#: In what departures of logarithms are told to people.
UNIT = "% against the photos"
#: How many photos are looked at closely: those whose conditions are most like the result's.
CLOSE = 3
# Where the light falls this differently (natural logarithm, over the face) it is another light:
# nine in ten studio pairs lie within 0.13, three in four of other occasions beyond 0.29.
_SAME_FALL, _OTHER_FALL = 0.13, 0.35
# Cosine of SFace's vectors below which it is not one session, and how soon: 41 studio pairs lie
# above 0.86, the same with an edit above 0.80, of 57 pairs of other occasions half below 0.77.
# There the camera and its process differ as well.
_SESSION, _OCCASION = 0.80, 0.08
# What is beside the head differs within one session by no more than this, natural logarithm, and
# on another occasion by this much more.
_SAME_GROUND, _OTHER_GROUND = 0.45, 0.20
# The pitch of a level head by the mesh, and degrees off it that cost a proportion nothing.
_LEVEL, _FACING = -4.0, 8.0
# A colour of the light that is no other (natural logarithm of red and blue over green).
_SAME_TINT = 0.05
# Several photos narrow a spread, but they are of one person and not independent.
_NARROWEST = 0.67


@dataclass(frozen=True)
class Departure:
    """A trait of the result against the same trait of the photos.

    Attributes
    ----------
    value : float, in the trait's own unit
    spread : float, standard deviation of untouched photos in such conditions
    """

    value: float
    spread: float

    @property
    def far(self) -> float:
        """How many spreads it lies off."""
        return abs(self.value) / self.spread


@dataclass(frozen=True)
class Conditions:
    """How far the conditions of a photo are from the result's.

    Attributes
    ----------
    light : float, 0 (one session: it falls alike, and the faces look alike) to 1 (another occasion)
    tint : float, how much more its colour differs than within one session, natural logarithm
    turn : float, degrees between the two heads
    aside : float, degrees by which the one that faces the camera less is turned or tipped off it
    """

    light: float
    tint: float
    turn: float
    aside: float


@dataclass(frozen=True, eq=False)
class Across:
    """A result and real photos of the person, all of them different photographs.

    Attributes
    ----------
    photos : tuple of Observation, those looked at closely, the one leaned on first
    result : Observation
    """

    photos: tuple[Observation, ...]
    result: Observation

    @measured
    def theirs(self) -> tuple[Traits, ...]:
        """Traits of the photos."""
        return tuple(measure_traits(photo) for photo in self.photos)

    @measured
    def its(self) -> Traits:
        """Traits of the result."""
        return measure_traits(self.result)

    @measured
    def conditions(self) -> tuple[Conditions, ...]:
        """How far those of each photo are from the result's."""
        return tuple(
            _compare(p, t, self.result, self.its)
            for p, t in zip(self.photos, self.theirs, strict=True)
        )

    @measured
    def shapes(self) -> tuple[Mapping[str, float], ...]:
        """Each photo's features found again in the result: change of log proportions."""
        found = []
        for photo in self.photos:
            now = measure_proportions(find_again(photo, self.result))
            was = measure_proportions(photo.seen)
            found.append({name: now[name] - was[name] for name in was})
        return tuple(found)


def _compare(photo: Observation, theirs: Traits, result: Observation, its: Traits) -> Conditions:
    fall = float(np.linalg.norm(its.fall - theirs.fall))
    both = "whites" in its.beside and "whites" in theirs.beside
    one, two = (t.beside["whites"] if both else t.skin for t in (its, theirs))
    tint = float(np.linalg.norm(to_tint(one) - to_tint(two)))
    a, b = photo.seen.pose, result.seen.pose
    light = (fall - _SAME_FALL) / (_OTHER_FALL - _SAME_FALL)
    occasion = (_SESSION - float(photo.identity @ result.identity)) / _OCCASION
    ground = (float(np.abs(its.ground - theirs.ground).mean()) - _SAME_GROUND) / _OTHER_GROUND
    aside = max(float(np.hypot(p.yaw, p.pitch - _LEVEL)) for p in (a, b)) - _FACING
    return Conditions(
        min(max(light, occasion, ground, 0.0), 1.0),
        max(tint - _SAME_TINT, 0.0),
        float(np.hypot(a.yaw - b.yaw, a.pitch - b.pitch)),
        max(aside, 0.0),
    )


def to_tint(colour: Float) -> Float:
    """Red and blue against green of a log colour."""
    return as_float([colour[0] - colour[1], colour[2] - colour[1]])


def merge(found: Sequence[tuple[float, float]]) -> Departure | None:
    """Merge a departure and its spread from each photo, by the inverse squares of the spreads.

    Several narrow the spread, but not below two thirds of the least, and never below how far they
    disagree; None without any.
    """
    if not found:
        return None
    values, spreads = (np.array(column, np.float64) for column in zip(*found, strict=True))
    weights = 1 / spreads**2
    centre = float((weights * values).sum() / weights.sum())
    spread = max(float(weights.sum() ** -0.5), _NARROWEST * float(spreads.min()))
    if len(values) > 2:
        spread = max(spread, float(np.std(values, ddof=1)))
    return Departure(centre, spread)


@dataclass(frozen=True)
class Bar:
    """What is nothing to see of a trait, and too much of it, in its own unit.

    Attributes
    ----------
    allowed, red : float
    widest : float, a spread beyond which nothing is said
    """

    allowed: float
    red: float
    widest: float


def judge_departures(
    departures: Mapping[str, tuple[Departure, Bar]], *, praise: str, unlike: str
) -> Finding:
    """Judge a component by the departure that is furthest off in its own spreads.

    What lies within three spreads is nothing to see, and nothing is red within five.

    Parameters
    ----------
    departures : mapping of the sentence that tells it to the departure and its bar
    praise : str, the sentence where nothing departs
    unlike : str, why nothing can be said where all spreads are too wide
    """
    known = {k: v for k, v in departures.items() if v[0].spread <= v[1].widest}
    if not known:
        return unseen(unlike)
    scores = {}
    for said, (departure, bar) in known.items():
        good = max(bar.allowed, NOTHING * departure.spread)
        bad = max(bar.red, SURELY * departure.spread, 1.25 * good)
        scores[said] = grade(abs(departure.value), 0.0, good, bad)
    worst = min(scores, key=lambda k: (scores[k], -known[k][0].far))
    most, bar = known[worst]
    high = max(bar.allowed, NOTHING * most.spread)
    details = {k: {"departure": d.value, "spread": d.spread} for k, (d, _) in departures.items()}
    # Whatever else lies outside what is allowed is told as well.
    told = [k for k in sorted(known, key=lambda k: scores[k]) if scores[k] < 0.9]
    value, low, high = (100 * float(np.expm1(v)) for v in (most.value, -high, high))
    said = "; ".join(told)
    return Finding(
        value, scores[worst], said, praise, low=low, high=high, details=details, unit=UNIT
    )
