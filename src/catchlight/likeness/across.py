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

from catchlight.likeness.component import Finding, grade, unseen
from catchlight.likeness.conditions import Conditions, compare_conditions
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
            compare_conditions(p, t, self.result, self.its)
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
