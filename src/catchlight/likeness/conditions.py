"""Conditions: how the light falls on a head, its colour, the ground beside it, how it is turned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from catchlight.arrays import Float, as_float
from catchlight.likeness.observation import Observation
from catchlight.likeness.traits import Traits

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
# The ground of one studio, whoever stands before it: nine in ten pairs lie within 0.16, of other
# occasions nine in ten beyond 0.38.
_ONE_GROUND = (0.18, 0.36)
# Before one ground a nose that is darker against its cheeks is less another light than a mask of
# whitened skin that left the nose out, as in seven of 82 pictures: this much of it is light.
_MASKED = 0.3
# The flattest tone curve through which a ground is looked at; and parts that tell of a curve.
_FLATTEST, _LEAST_BESIDE = 0.6, 3
# The pitch of a level head by the mesh, and degrees off it that cost a proportion nothing.
_LEVEL, _FACING = -4.0, 8.0
# A colour of the light that is no other (natural logarithm of red and blue over green).
_SAME_TINT = 0.05


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


def compare_conditions(
    photo: Observation, theirs: Traits, result: Observation, its: Traits
) -> Conditions:
    """Compare the conditions of two photographs, by themselves and by their traits."""
    both = "whites" in its.beside and "whites" in theirs.beside
    one, two = (t.beside["whites"] if both else t.skin for t in (its, theirs))
    tint = float(np.linalg.norm(to_tint(one) - to_tint(two)))
    a, b = photo.seen.pose, result.seen.pose
    occasion = (_SESSION - float(photo.identity @ result.identity)) / _OCCASION
    apart = compare_grounds(theirs, its)
    elsewhere = float(np.clip((apart - _ONE_GROUND[0]) / np.ptp(_ONE_GROUND), 0.0, 1.0))
    across, nose = its.fall - theirs.fall
    fall = float(np.hypot(across, nose * (_MASKED + (1.0 - _MASKED) * elsewhere)))
    light = (fall - _SAME_FALL) / (_OTHER_FALL - _SAME_FALL)
    ground = (apart - _SAME_GROUND) / _OTHER_GROUND
    # Before one ground it is one session, however little an edit left the faces alike.
    occasion *= elsewhere
    aside = max(float(np.hypot(p.yaw, p.pitch - _LEVEL)) for p in (a, b)) - _FACING
    return Conditions(
        min(max(light, occasion, ground, 0.0), 1.0),
        max(tint - _SAME_TINT, 0.0),
        float(np.hypot(a.yaw - b.yaw, a.pitch - b.pitch)),
        max(aside, 0.0),
    )


def compare_grounds(theirs: Traits, its: Traits) -> float:
    """How far apart the grounds are, natural logarithm: as they are, or through one tone curve.

    A curve over the whole picture lifts a dark ground by more than another session would, but it
    takes skin, brows and lips along.
    """
    as_they_are = float(np.abs(its.ground - theirs.ground).mean())
    levels = _line_up(theirs, its)
    if levels is None:
        return as_they_are
    before, after = levels
    slope = float(np.clip(_slope(before, after), _FLATTEST, 1.0))
    level = float(theirs.ground.mean())
    lifted = after.mean() + slope * (level - before.mean())
    through = float(np.abs(its.ground - (theirs.ground - level + lifted)).mean())
    return min(as_they_are, through)


def compare_contrast(theirs: Traits, its: Traits) -> float | None:
    """How much more contrast the tones of one have than the same of the other, log of the slope."""
    levels = _line_up(theirs, its)
    return None if levels is None else float(np.log(max(_slope(*levels), 1e-2)))


def _line_up(theirs: Traits, its: Traits) -> tuple[Float, Float] | None:
    """Log levels of skin and of what is seen beside it in both; None with less than four."""
    shared = [part for part in theirs.beside if part in its.beside]
    if len(shared) < _LEAST_BESIDE:
        return None
    one, two = (
        as_float([t.skin.mean(), *(t.beside[part].mean() for part in shared)])
        for t in (theirs, its)
    )
    return one, two


def _slope(before: Float, after: Float) -> float:
    start, end = before - before.mean(), after - after.mean()
    return float(start @ end) / max(float(start @ start), 1e-6)


def to_tint(colour: Float) -> Float:
    """Red and blue against green of a log colour."""
    return as_float([colour[0] - colour[1], colour[2] - colour[1]])
