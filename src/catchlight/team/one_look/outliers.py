"""Outliers: who does not fit the page, why, and what would mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catchlight.team.one_look.goal import DOUBTFUL, Goal
from catchlight.team.people.problems import PersonProblem
from catchlight.team.work.presence import Presence

# From where on a difference is seen beside eleven others. [judgement]
_HEAD, _EYES, _KEY, _RATIO, _SOFT = 1.12, 0.03, 0.6, 0.6, 1.5
_ANOTHER = "Another photo, or a retake"


def find_outliers(
    name: str, made: Mapping[str, Any], cut: Mapping[str, float], goal: Goal, floor: float
) -> list[PersonProblem]:
    """Say in what a portrait does not fit the page.

    Parameters
    ----------
    name : str, the person's
    made : mapping, what :func:`catchlight.team.work.master.make_master` returned
    cut : mapping, ``head`` and ``eyes`` of the page portrait
    goal : Goal
    floor : float, of the likeness
    """
    after: Presence = made["after"]
    record = made["record"]
    found = []

    def say(said: str, advice: str) -> None:
        found.append(PersonProblem(name, said, advice))

    score = (record["authenticity"] or {}).get("score")
    if score is not None and score < floor:
        said = f"likeness {score:.1f} of 100, where {floor:.0f} is the least"
        say(said, f"Less polish. {_ANOTHER}.")
    if record["backdrop"]["asked"] == "blur" and goal.paper:
        reason = made["why_not"] or "it is not sure"
        said = f"no paper: of the outline {reason}. The photo's own background stays, softened"
        say(said, f"{_ANOTHER} before a plain wall.")
    elif goal.paper and made["sure"] is not None and made["sure"] < DOUBTFUL:
        said = "the outline is not quite sure: look at hair and shoulders"
        say(said, f"{_ANOTHER} before a plain wall, if something of the old ground is there.")
    if goal.colour and not after.is_coloured:
        say("it is black and white, the others are in colour", "A photo in colour.")
    for reason in (record["verdict"] or {}).get("reasons", ()):
        if reason["grade"] == "unsuitable":
            say(reason["said"], reason["advice"])
    if cut["head"] > _HEAD * goal.head:
        larger = cut["head"] / goal.head - 1
        said = f"the head is {larger:.0%} larger than the others': the photo shows no more"
        say(said, f"{_ANOTHER} with more room around the head.")
    if abs(cut["eyes"] - goal.eyes) > _EYES:
        where = "higher" if cut["eyes"] < goal.eyes else "lower"
        say(f"the eyes lie {where} than the others'", f"{_ANOTHER} with more room above the head.")
    if after.ratio > goal.ratio + _RATIO:
        said = (
            f"one half of the face is {after.ratio:.1f} stops darker than the other, in the team "
        )
        say(f"{said}{goal.ratio:.1f}", f"{_ANOTHER} in softer light.")
    if goal.key and after.key * goal.key < -_KEY:
        side = "right" if after.key > 0 else "left"
        say(f"the light comes from the {side}, the others' from the other side", f"{_ANOTHER}.")
    if after.sharpness is not None and after.sharpness > _SOFT:
        say(f"the photo is soft (edges {after.sharpness:.1f} mm wide)", f"{_ANOTHER}, sharper.")
    return found
