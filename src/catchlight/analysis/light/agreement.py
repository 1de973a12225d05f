"""Which witnesses to the colour of the light agree, and what the room adds.

A wall is as likely a wall as a light, so the room never speaks first. It may be the second witness
where skin has a colour that no skin has and one other witness is clean; and it may hold back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from catchlight.analysis.light.witnesses import Witness

#: Two witnesses agree where they are no further apart than this many of their standard deviations.
_AGREE, _SLACK = 2.0, 0.05
#: And than this share of the cast: lids beside the whites and a lamp in the hair add an error that
#: grows with the light's own colour. Under tungsten witnesses a fifth of it apart still agree that
#: it is tungsten; of the casts that nothing was taken of, half were left for that.
_OF_CAST = 0.2
#: A witness of less weight than this is not counted among those that agree.
_LEAST = 0.15
#: A witness alone, with whom the room agrees, has this weight at the least: half of the casts that
#: were left on photos had one witness only, eyes shut behind glasses and nothing white worn.
_ALONE = 0.3
#: Weight and standard deviation of a room that agrees with them: a wall of just that tint would be
#: a chance. With it 61 % of impossible casts went in the median of 52 photos, without it 60; of
#: green ones 48 and 38.
_SECOND = (0.6, 0.10)

#: ln(R/G), ln(B/G) and the witnesses that say it.
Agreed = tuple[float, float, list[Witness]]


def agree(witnesses: Sequence[Witness]) -> Agreed:
    """The weightiest set of witnesses other than a wall of which each agrees with the middle."""
    rows = [w for w in witnesses if not w.wall]
    best: Agreed = (0.0, 0.0, [])
    most = 0.0
    for seed in rows:
        u, v, group = seed.u, seed.v, [seed]
        for _ in range(3):
            group = [w for w in rows if _is_near(w, u, v)]
            u, v = _weigh(group) if group else (seed.u, seed.v)
        surely = [w for w in group if w.weight >= _LEAST]
        total = sum(w.weight for w in surely)
        if total > most:
            best, most = (u, v, surely), total
    return best


def agree_with_room(witnesses: Sequence[Witness]) -> Agreed:
    """The surest single witness with which the room agrees, together with the room; or nobody."""
    for room in (w for w in witnesses if w.wall):
        rows = [w for w in witnesses if not w.wall and w.weight >= _ALONE]
        for one in sorted(rows, key=lambda w: w.sd**2 / w.weight):
            # A red wall under orange light is no second voice for it: no share of the cast here.
            if _is_near(room, one.u, one.v, of_cast=0.0):
                return *_weigh([one, _second(room)]), [one, room]
    return 0.0, 0.0, []


def let_room_second(witnesses: Sequence[Witness], agreed: Agreed) -> Agreed:
    """What was agreed, with the room's voice where it says the same; nobody is added or removed."""
    u, v, group = agreed
    rooms = [w for w in witnesses if w.wall and _is_near(w, u, v)]
    rooms = [_second(w) for w in rooms if w.u * u + w.v * v > 0]
    return (*_weigh([*group, *rooms]), group) if group and rooms else agreed


def is_opposed(witnesses: Sequence[Witness], u: float, v: float) -> bool:
    """Whether the room is clearly of the other tint than a light of ``u``, ``v`` would make it.

    A grade moves skin and wall alike, and what is blue on one and sandy on the other is somebody's
    choice of colours as much as a light: of that less is taken.
    """
    rooms = [w for w in witnesses if w.wall]
    return any(w.u * u + w.v * v < 0 and np.hypot(w.u - u, w.v - v) > w.sd for w in rooms)


def _is_near(witness: Witness, u: float, v: float, *, of_cast: float = _OF_CAST) -> bool:
    """Whether a witness may mean a light of ``u``, ``v``."""
    allowed = _AGREE * witness.sd + _SLACK + of_cast * np.hypot(u, v)
    return bool(np.hypot(witness.u - u, witness.v - v) <= allowed)


def _second(room: Witness) -> Witness:
    """A room that agrees."""
    weight, sd = _SECOND
    return replace(room, weight=weight, sd=sd)


def _weigh(group: Sequence[Witness]) -> tuple[float, float]:
    """Mean of what witnesses say, by their weights and variances."""
    weights = np.array([w.weight / w.sd**2 for w in group]) + 1e-9
    u = float(np.average([w.u for w in group], weights=weights))
    return u, float(np.average([w.v for w in group], weights=weights))
