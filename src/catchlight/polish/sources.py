"""Which of a person's photos to start from: most like them overall, sharp, well lit, eyes open.

How the photos lie to each other, and the words for it, are :mod:`catchlight.polish.circle`'s.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from catchlight.likeness.observation import Observation
from catchlight.pixels.filters import ramp
from catchlight.polish.circle import NEAR, Circle, draw_circle_of
from catchlight.polish.grade import PASSES
from catchlight.polish.score import FLOOR, Polish, measure_polish

#: Two photos alone have no spread: beyond this they are said to be possibly two people.
_TWO = NEAR
#: A photo this much further from the middle than the most like one is not like the person at all:
#: the most like lie about 0.25 from it, other people from 1.1 on.
_FADED = 0.85
# Weights of the criteria in the ranking.
_WEIGHTS = {
    "likeness": 3.0, "sharpness": 2.0, "resolution": 2.0, "eyes_open": 2.0, "frontal": 1.0,
    "exposure": 1.5, "evenness": 1.0, "white_balance": 0.5, "compression": 0.5, "noise": 0.5,
}  # fmt: skip


@dataclass(frozen=True)
class Ranked:
    """One photo with its place.

    Attributes
    ----------
    place : int, 1 is the best source
    observation : Observation
    score : float or None, 0..100; None without a face
    someone_else : bool or None
        Whether it shows another person than the set does; None where that cannot be told.
    remove : float or None
        Identity distance from the middle of the others; None where there are no others.
    criteria : mapping of name to 0..1, those that could be judged
    reasons : tuple of str, for a person: what speaks for it, then what against
    """

    place: int
    observation: Observation
    score: float | None
    someone_else: bool | None
    remove: float | None
    criteria: dict[str, float]
    reasons: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        keys = "place score someone_else remove criteria reasons".split()
        verdict = self.observation.verdict
        judged = {"verdict": None if verdict is None else verdict.to_json()}
        return {"photo": self.observation.name} | {k: getattr(self, k) for k in keys} | judged


def rank_sources(observations: Sequence[Observation]) -> list[Ranked]:
    """Rank a person's photos as sources of a headshot, the best first.

    Parameters
    ----------
    observations : sequence of Observation, raw photos

    Returns
    -------
    list of Ranked
        The person's photos by score (weighted geometric mean of the criteria), those of which no
        headshot can come after the others, then photos of someone else, then those without a face.

    Notes
    -----
    A double that looks much like the person is not told from them; a set in which half of the
    photos show someone else has no middle to go by.
    """
    faces = [w for w in observations if w.face is not None]
    circle = draw_circle_of(faces) if faces else None
    polishes = [measure_polish(w, framed=False) for w in faces]
    rows = []
    for i, (observation, polish) in enumerate(zip(faces, polishes, strict=True)):
        assert circle is not None
        criteria = _judge(observation, polish, circle, i)
        stranger = bool(circle.strangers[i])
        known = None if circle.spread is None else stranger
        remove = None if np.isnan(circle.removes[i]) else float(circle.removes[i])
        reasons = _speak(observation, polish, circle, i, criteria)
        unfit = observation.verdict is not None and observation.verdict.unsuitable
        rows.append(
            (stranger, unfit, -_combine(criteria), observation, known, remove, criteria, reasons)
        )
    rows.sort(key=lambda row: row[:3])
    ranked = [
        Ranked(place, observation, -score, known, remove, found, reasons)
        for place, (_, _, score, observation, known, remove, found, reasons) in enumerate(rows, 1)
    ]
    for observation in observations:
        if observation.face is None:
            said = ("no face found: use a photo in which both eyes can be seen",)
            ranked.append(Ranked(len(ranked) + 1, observation, None, None, None, {}, said))
    return ranked


def _judge(observation: Observation, polish: Polish, circle: Circle, i: int) -> dict[str, float]:
    """The criteria of one photo that can be judged, 0..1."""
    found = {c.name: c.score for c in polish.components if c.score is not None}
    pose = observation.seen.pose
    # OFIQ's head pose: cos^2 of yaw and of pitch.
    found["frontal"] = (
        math.cos(math.radians(pose.yaw)) ** 2 * math.cos(math.radians(pose.pitch)) ** 2
    )
    own = ~circle.strangers
    if circle.spread is not None and own.sum() > 1:
        best = float(np.nanmin(circle.removes[own]))
        found["likeness"] = ramp(float(circle.removes[i]), best + _FADED, best)
    return {name: found[name] for name in _WEIGHTS if name in found}


def _combine(criteria: dict[str, float]) -> float:
    total = sum(_WEIGHTS[n] for n in criteria)
    return 100 * math.exp(
        sum(_WEIGHTS[n] * math.log(max(s, FLOOR)) for n, s in criteria.items()) / total
    )


def _speak(
    observation: Observation, polish: Polish, circle: Circle, i: int, mine: dict[str, float]
) -> tuple[str, ...]:
    """What speaks for a photo, then what against it."""
    remove = float(circle.removes[i])
    if circle.strangers[i]:
        return (
            f"it seems to show someone else: {circle.apart[i]:.2f} from the middle photo, where "
            f"the others lie about {circle.spread:.2f} from each other",
        )
    good, bad = [], []
    if circle.spread is None:
        if not np.isnan(remove) and remove > _TWO:
            bad.append(f"the two photos may show two people ({remove:.2f} apart); a third tells")
    elif mine.get("likeness", 0) > 0.9:
        good.append(f"most like the others ({remove:.2f} from their middle)")
    elif mine.get("likeness", 1) < 0.6:
        bad.append(f"less like the others ({remove:.2f} from their middle)")
    words = {
        "sharpness": "sharp", "resolution": "a large face", "evenness": "even light",
        "exposure": "well exposed", "eyes_open": "eyes open", "frontal": "facing the camera",
    }  # fmt: skip
    for name, word in words.items():
        score = mine.get(name)
        if score is None:
            continue
        if score >= PASSES:
            good.append(word)
        elif name == "frontal":
            pose = observation.seen.pose
            bad.append(f"the head is turned ({pose.yaw:.0f} degrees) or tipped ({pose.pitch:.0f})")
    bad += [
        c.reason for c in polish.components if c.name in _WEIGHTS and c.verdict in ("warn", "fail")
    ]
    if observation.others:
        bad.append(f"{observation.others} other face(s) in the picture")
    if observation.verdict is not None:
        told = [r.said for r in observation.verdict.reasons]
        if observation.verdict.unsuitable:
            return (f"unsuitable: {'; '.join(told)}", *good, *bad)
        bad += told
    return (*good, *bad)
