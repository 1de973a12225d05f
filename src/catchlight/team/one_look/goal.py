"""The goal: what all portraits of a page have in common, told from the portraits themselves.

Nobody's frame is ever widened: what a photo does not show is not made up. So the head is as large
as nearly all can have it, and the eye line where most reach it. Light is brought together by the
team's own edits, within what the guard of the skin allows; exposure and tone stay each person's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from catchlight.team.work.presence import Presence

#: Share of the people who can have the head as small as the goal; the rest are outliers.
_MOST = 0.85
#: The head is never asked larger than this many times what was asked for: 0.65 of a page's height,
#: which still leaves a tenth above the hair. Of 154 people of all kinds, half of them tight, 43
#: stood out by more than an eighth at that size, 81 at 1.3 times; a team of whom few are tight is
#: not touched by it. [judgement]
_LARGER = 1.55
#: Stops by which the halves of a face may lie off the goal before they are brought nearer.
#: [judgement]
NEAR = 0.20
#: Below this nobody should be cut out, and up to the other somebody should look: of 146 portraits
#: on paper 5 of the 17 below 0.05 had rags of the old ground or of somebody else on them, and 4 of
#: the 24 between, whose own grounds would else make the page look like several companies.
UNSURE, DOUBTFUL = 0.05, 0.15
#: The adjustment that fills the shaded side, and how strong it may become.
FILL, _STRONGEST = "shadows", 1.0


@dataclass(frozen=True)
class Goal:
    """What all portraits are to have.

    Attributes
    ----------
    head, eyes : float, shares of the page portrait's height
    ratio : float, stops between the two halves of the face
    key : float, the side that most faces are lit from: -1 (left), 1 (right), 0 (either)
    paper : bool, whether they stand before paper
    colour : bool, whether most are in colour
    """

    head: float
    eyes: float
    ratio: float
    key: float
    paper: bool = True
    colour: bool = True


def set_goal(
    places: Sequence[Mapping[str, float]],
    seen: Sequence[Presence],
    *,
    head: float,
    eyes: float,
    model: Presence | None = None,
    paper: bool = True,
) -> Goal:
    """Set the goal.

    Parameters
    ----------
    places : sequence of mappings, where the heads lie in the masters
    seen : sequence of Presence, of the masters
    head, eyes : float, what is asked for
    model : Presence, optional, of a headshot that is to be matched
    """
    wanted = model.head if model else head
    heads = np.array([place["head"] for place in places if place["head"]] or [wanted])
    size = float(np.clip(np.quantile(heads, _MOST), wanted, _LARGER * wanted))
    line = _choose_line(places, size, model.eyes if model else eyes)
    sides = [np.sign(p.key) for p in seen if abs(p.key) > 0.1]
    side = float(np.sign(np.median(sides or [0.0])))
    ratio = model.ratio if model else float(np.median([p.ratio for p in seen] or [0.5]))
    coloured = [p.is_coloured for p in seen]
    return Goal(size, line, ratio, side, paper, sum(coloured) * 2 >= len(coloured))


def _choose_line(places: Sequence[Mapping[str, float]], head: float, wanted: float) -> float:
    """The eye line that most can have; of those the one nearest to what is wanted."""
    lines = np.arange(0.30, 0.501, 0.005)
    reached = np.zeros(len(lines))
    for place in places:
        tall = min(1.0, place["head"] / head if place["head"] else 1.0)
        low = (place["eyes"] - (1.0 - tall)) / tall
        high = place["eyes"] / tall
        reached += (lines >= low - 1e-6) & (lines <= high + 1e-6)
    best = lines[reached >= reached.max() - 1e-9]
    return float(best[np.abs(best - wanted).argmin()])


def choose_fill(before: Presence, after: Presence, goal: Goal, strength: float) -> float | None:
    """The strength of the fill that brings the light to the goal; None where it is near.

    Stops are linear in the strength (every edit is a gain in stops), so one master tells how much
    a strength does. Less than none is not to be had: a flat photo keeps its flatness.

    Parameters
    ----------
    before, after : Presence, of the photo and of its master
    goal : Goal
    strength : float, of the fill in the master
    """
    if abs(after.ratio - goal.ratio) <= NEAR or strength <= 0:
        return None
    taken = (before.ratio - after.ratio) / strength
    if taken <= 0.02:  # it does nothing here
        return None
    wanted = float(np.clip((before.ratio - goal.ratio) / taken, 0.0, _STRONGEST))
    return None if abs(wanted - strength) < 0.05 else round(wanted, 2)


def bring_nearer(asked: Mapping[str, Any], fill: float) -> dict[str, Any]:
    """What is asked of one person's master, with another fill.

    The strength stands in the setting, not outright: so the guard of the skin holds it.
    """
    setting = asked["setting"]
    # A setting refines nothing at polish 0: the curve rises to where the team's dial stands.
    stand = asked["polish"] or 1.0
    points = [[0, 0.0], [stand, fill]] + ([[1, fill]] if stand < 1 else [])
    curve = {"curve": points, "why": "brought to the light of the team"}
    strengths = {**setting["strengths"], FILL: curve}
    return {**asked, "setting": {**setting, "strengths": strengths}}


def is_nearer(new: Presence, old: Presence, goal: Goal) -> bool:
    """Whether a second master lies nearer to the goal: the guard may have taken back the fill."""
    return abs(new.ratio - goal.ratio) < abs(old.ratio - goal.ratio)


def soften_own(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked of somebody whose outline is not sure: their own background, out of focus."""
    if "look" in asked:
        return {**asked, "look": {**asked["look"], "backdrop": "blur"}}
    return {**asked, "values": {**asked["values"], "backdrop": "blur"}}


def hold_back(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked of somebody whom the team's polish made less like themselves.

    No fill, and no more polish than keeps the likeness above the setting's floor.
    """
    return {**bring_nearer(asked, 0.0), "polish": None}


def floor_of(asked: Mapping[str, Any]) -> float:
    """The likeness below which nobody's portrait may fall; of a look, which has none, 80."""
    return float(asked["setting"]["authenticity_floor"]) if "setting" in asked else 80.0


def fill_of(asked: Mapping[str, Any]) -> float | None:
    """The strength of the fill that is asked for; None where a look says every strength."""
    if "setting" not in asked:
        return None
    from catchlight.studio.dial import Brief, data_to_asked

    brief = data_to_asked(asked)
    assert isinstance(brief, Brief)
    return brief.look(brief.most).strengths[FILL]
