"""Odds: how far two networks' opinions of two photographs speak for one person, or for two.

Vocabulary: the *cosine* is that of SFace's vectors, 1 for the same picture; the *evidence* is the
natural logarithm of a likelihood ratio, ``ln p(cosine | one person) / p(cosine | two)``: 0 says
nothing, 5 is 150 to one for one person, -2.5 is 12 to one for two. SFace decides. dlib is the
witness: trained apart on other pictures, it can withhold a verdict, and settle a doubt of SFace's
that is no leaning: where two people are certain to the witness, they are two.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from catchlight.analysis.face.identity import measure_distance
from catchlight.analysis.quality import estimate_sharpness
from catchlight.likeness.observation import Observation
from catchlight.measured import measured_once

Verdict = Literal["same", "cannot say", "other"]

# Cosines of two photographs of one person, and of two people: means and standard deviations. One
# person: 57 pairs taken on different occasions, 0.76 and 0.10 with turned heads among them. Two
# people: 0.10 and 0.09 over all, up to 0.20 and 0.14 within a group; the less favourable is taken,
# for everybody. (tools/likeness_evidence.py; docs/likeness.md has the groups.)
_ONE, _ONE_SPREAD = 0.80, 0.13
_TWO, _TWO_SPREAD = 0.18, 0.10
# What the mean of one person loses: a degree that two heads are turned or tipped apart beyond what
# costs nothing, and a millimetre of blur beyond that of a sharp photograph. Blur was measured on 41
# people (0.04 at 1.9 mm, 0.19 at 3.8 mm); size was not found to cost (0.005 at 24 px of the eyes).
_TURN, _TIP, _FREE, _BLUR, _SHARP = 0.005, 0.006, 5.0, 0.07, 1.2
_MOST_LOST = 0.30
# Edges that are not even found are at least this wide, in mm.
_NO_EDGE = 3.0
#: Evidence from which on it is the same person, and up to which another.
SAME, OTHER = 5.0, -2.5
# dlib's distance above which it contradicts "same", and below which "other": of 98 pairs of one
# person none lay beyond 0.55, of two people (but among East Asian women) none below 0.44.
_WITNESS_SAME, _WITNESS_OTHER = 0.60, 0.42
# dlib's distance from which on it settles that doubt, up to this evidence of SFace's: it lies four
# standard deviations beyond the mean of 97 pairs of one person (0.32 and 0.075; the farthest 0.544,
# and SFace gave each of them 3.8 and more). Of 28,094 pairs of two people it settles 40 of 47
# doubts; all 14 among people who describe themselves as white, in one studio and one light.
_WITNESS_APART, _NO_LEANING = 0.62, 1.0
# Where SFace leaves no doubt (a cosine of 0.69), no witness is asked; and at 400 to one for two
# people none is heard: dlib takes strangers of East Asian looks for one person more than others.
_CERTAIN, _CERTAINLY_TWO = 11.0, -6.0


@dataclass(frozen=True)
class Odds:
    """What two networks say of two photographs.

    Attributes
    ----------
    cosine : float, of SFace's vectors
    expected : float, the mean cosine of one person in two such photographs
    evidence : float, natural logarithm of the likelihood ratio, by SFace
    apart : float or None, dlib's distance; None where SFace leaves no doubt, and none was asked
    """

    cosine: float
    expected: float
    evidence: float
    apart: float | None

    @property
    def verdict(self) -> Verdict:
        """``same``, ``other``, or ``cannot say``."""
        return judge(self.evidence, self.apart)

    def to_json(self) -> dict[str, float | str | None]:
        """Return it ready for JSON."""
        keys = "cosine expected evidence apart verdict".split()
        return {k: getattr(self, k) for k in keys}


def judge(evidence: float, apart: float | None) -> Verdict:
    """Judge by SFace's ``evidence``, with the witness heard, who is ``apart`` by dlib."""
    if evidence >= SAME and (apart is None or apart <= _WITNESS_SAME or evidence >= _CERTAIN):
        return "same"
    if evidence <= OTHER and (
        apart is None or apart >= _WITNESS_OTHER or evidence <= _CERTAINLY_TWO
    ):
        return "other"
    if evidence <= _NO_LEANING and apart is not None and apart >= _WITNESS_APART:
        return "other"
    return "cannot say"


def weigh(a: Observation, b: Observation) -> Odds:
    """Weigh whether two photographs, both with a face, show one person."""
    one, two = a.seen.pose, b.seen.pose
    blur = max(measure_blur(a), measure_blur(b))
    return weigh_vectors(
        float(a.identity @ b.identity),
        measure_loss((one.yaw, one.pitch), (two.yaw, two.pitch), blur),
        lambda: measure_distance(a.testimony, b.testimony),
    )


def weigh_vectors(cosine: float, lost: float, ask: Callable[[], float]) -> Odds:
    """Weigh a cosine of which pose and blur are expected to have ``lost`` so much.

    ``ask`` gives dlib's distance; it is asked only where SFace leaves a doubt.
    """
    expected = _ONE - min(lost, _MOST_LOST)
    evidence = weigh_cosine(cosine, expected)
    return Odds(cosine, expected, evidence, None if evidence >= _CERTAIN else ask())


def weigh_cosine(cosine: float, expected: float = _ONE) -> float:
    """Natural logarithm of the likelihood ratio of two normal distributions.

    Never less evidence for a larger cosine: one more alike than one person's mean is no less that
    person, one less alike than strangers' no less a stranger.
    """
    one, two = min(cosine - expected, 0) / _ONE_SPREAD, max(cosine - _TWO, 0) / _TWO_SPREAD
    return 0.5 * (two * two - one * one) + math.log(_TWO_SPREAD / _ONE_SPREAD)


def find_cosine(evidence: float, expected: float = _ONE) -> float:
    """Find the cosine at which that ``evidence`` is reached; the inverse of the above."""
    low, high = -1.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if weigh_cosine(middle, expected) < evidence else (low, middle)
    return high


def pool(found: Sequence[Odds]) -> Odds:
    """Pool what several photographs of one person say of one more: the mean, not the sum.

    The photographs are not independent witnesses, so their evidence does not add up.
    """
    cosine, expected, evidence = (
        float(np.mean(column))
        for column in zip(*((o.cosine, o.expected, o.evidence) for o in found), strict=True)
    )
    asked = [o.apart for o in found if o.apart is not None]
    return Odds(cosine, expected, evidence, float(np.mean(asked)) if asked else None)


def measure_loss(a: tuple[float, float], b: tuple[float, float], blur: float) -> float:
    """How much lower the cosine of one person is expected to be, for pose and blur.

    ``a`` and ``b`` are yaw and pitch in degrees, ``blur`` mm.
    """
    # The network saw each photograph's mirror as well: a turn to either side is the same to it.
    turned = max(abs(abs(a[0]) - abs(b[0])) - _FREE, 0.0)
    tipped = max(abs(a[1] - b[1]) - _FREE, 0.0)
    return _TURN * turned + _TIP * tipped + _BLUR * max(blur - _SHARP, 0.0)


@measured_once
def measure_blur(observation: Observation) -> float:
    """Width of the eyes' edges in mm; of a small face what its pixels explain is taken off."""
    width = estimate_sharpness(observation.pixels, observation.seen)
    if not math.isfinite(width):
        width = _NO_EDGE
    # An edge is never narrower than 0.9 pixels (quality.py).
    grid = 0.9 / observation.seen.px_per_mm
    return math.sqrt(max(width * width - grid * grid, 0.0))
