"""``check``: whether a headshot is still the person in these photos, and what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from catchlight.errors import FaceError
from catchlight.images import Picture
from catchlight.likeness.authenticity import Authenticity, measure_authenticity
from catchlight.likeness.observation import Observation, observe_photo
from catchlight.polish.score import Polish, measure_polish
from catchlight.studio.clock import Clock

Answer = Literal["yes", "doubtful", "no", "cannot say"]


@dataclass(frozen=True)
class Check:
    """An audit of a headshot against photos of the person.

    Attributes
    ----------
    result : Observation of the headshot
    against : tuple of Observation
    each : tuple of Authenticity, against each photo alone, in their order
    overall : Authenticity, against the photo that says most, the others as further evidence
    best : int, which photo that is
    polish : Polish of the headshot
    answer : {"yes", "doubtful", "no", "cannot say"}
    reason : str
    seconds : dict of stage to seconds
    """

    result: Observation
    against: tuple[Observation, ...]
    each: tuple[Authenticity, ...]
    overall: Authenticity
    best: int
    polish: Polish
    answer: Answer
    reason: str
    seconds: dict[str, float]

    def to_json(self) -> dict[str, Any]:
        """Return everything but pictures, ready for JSON."""
        return {
            "result": self.result.name,
            "answer": self.answer,
            "reason": self.reason,
            "authenticity": self.overall.to_json(),
            "polish": self.polish.to_json(),
            "photos": [
                {"name": w.name, "authenticity": a.to_json()}
                for w, a in zip(self.against, self.each, strict=True)
            ],
            "best_photo": self.against[self.best].name,
            "seconds": {k: round(v, 3) for k, v in self.seconds.items()},
        }


def check(
    result: Picture,
    against: Sequence[Picture],
    *,
    pictures: bool = False,
    stage: Clock | None = None,
) -> Check:
    """Audit a headshot, ours or anybody's, against real photos of the person.

    Parameters
    ----------
    result : Picture
    against : sequence of Picture, at least one
    pictures : bool
        Whether the components of the overall judgement draw their pictures.
    stage : Clock, optional

    Returns
    -------
    Check

    Raises
    ------
    FaceError
        The headshot, or every photo, shows no face.
    """
    clock = stage or Clock()
    made = clock("look", lambda: observe_photo(result))
    seen = clock("look", lambda: [observe_photo(p) for p in against])
    if made.face is None:
        raise FaceError(f"{made.name}: no face found. Check a headshot in which both eyes show.")
    if all(w.face is None for w in seen):
        named = ", ".join(w.name for w in seen)
        raise FaceError(f"no face found in {named}. Give photos in which both eyes show.")
    each = clock("compare", lambda: [measure_authenticity(w, made) for w in seen])
    best = _most_telling(made, seen, each)
    others = [w for i, w in enumerate(seen) if i != best and w.face is not None]
    overall = clock(
        "compare",
        lambda: measure_authenticity(seen[best], made, others=others, pictures=pictures),
    )
    polish = clock("polish", lambda: measure_polish(made))
    answer, reason = _answer(overall)
    return Check(
        made,
        tuple(seen),
        tuple(each),
        overall,
        best,
        polish,
        answer,
        reason,
        clock.seconds,
    )


def _most_telling(
    made: Observation, seen: Sequence[Observation], each: Sequence[Authenticity]
) -> int:
    """The photo the headshot was made of, else the one of which most can be judged."""

    def telling(i: int) -> tuple[bool, float, float]:
        if seen[i].face is None:
            return (False, -1.0, 0.0)
        near = float(np.linalg.norm(seen[i].identity - made.identity))
        return (each[i].same_photo, round(each[i].coverage, 2), -near)

    return max(range(len(seen)), key=telling)


def _answer(overall: Authenticity) -> tuple[Answer, str]:
    identity = overall["identity"]
    if identity.verdict == "indeterminate":
        return "cannot say", identity.reason
    if identity.verdict == "fail":
        return "no", identity.reason
    if overall.score is None:
        return ("yes" if identity.verdict == "pass" else "doubtful"), (
            f"{identity.reason}; {overall.reason}"
        )
    failed = [c.title.lower() for c in overall.components if c.verdict == "fail"]
    if failed:
        return "doubtful", f"it is the person, but changed: {', '.join(failed)}"
    warned = [c.title.lower() for c in overall.components if c.verdict == "warn"]
    if identity.verdict == "warn":
        return "doubtful", identity.reason
    said = f"; look at {', '.join(warned)}" if warned else ""
    return "yes", f"{overall.reason}{said}"
