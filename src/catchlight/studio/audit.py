"""``check``: whether a headshot is still the person in these photos, and what was changed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from catchlight.errors import FaceError
from catchlight.images import Picture
from catchlight.likeness.authenticity import Authenticity, measure_authenticity
from catchlight.likeness.observation import Observation, observe_photo
from catchlight.polish.score import measure_polish
from catchlight.results import Answer, Check
from catchlight.studio.clock import Clock


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
