"""The making: masters, one look, sizes. Read it as the algorithm of a team."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from catchlight.team.crew import places
from catchlight.team.crew.foreman import Foreman
from catchlight.team.crew.journal import Journal
from catchlight.team.crew.noted import Tell, do_all
from catchlight.team.crew.task import Outcome, Task, ask
from catchlight.team.deliver import deliver
from catchlight.team.member import Member
from catchlight.team.naming import name_files
from catchlight.team.one_look.goal import (
    UNSURE,
    Goal,
    bring_nearer,
    choose_fill,
    fill_of,
    floor_of,
    hold_back,
    is_nearer,
    set_goal,
    soften_own,
)
from catchlight.team.one_look.outliers import find_outliers
from catchlight.team.one_look.spread import LookSpread, measure_spreads
from catchlight.team.people.problems import PersonProblem
from catchlight.team.platforms import PAGE, Platform
from catchlight.team.wish import Wish, ask_for


@dataclass(frozen=True)
class Team:
    """A team that is made.

    Attributes
    ----------
    members : list of Member
    problems : list of PersonProblem
    goal : Goal or None, where nobody could be made
    spreads : list of LookSpread
    """

    members: list[Member]
    problems: list[PersonProblem]
    goal: Goal | None
    spreads: list[LookSpread]


def make_team(
    members: list[Member],
    problems: list[PersonProblem],
    wish: Wish,
    crew: Foreman,
    journal: Journal,
    out: str,
    tell: Tell,
) -> Team:
    """Make everybody's portraits: masters, one look, sizes."""
    named = name_files(wish.template, [m.person for m in members], wish.platforms)
    for member in members:
        own = member.person.setting
        member.asked = ask_for(own, wish.asked) if own else wish.asked
    wanted = [m for m in members if m.photo is not None and not m.reason]
    _make_masters(wanted, wish, crew, journal, "masters", tell)
    there = [m for m in wanted if m.made]
    goal = None
    if there:
        goal = _set_goal(there, wish)
        nearer = list(_bring_together(there, goal, wish))
        if nearer:
            _make_masters(nearer, wish, crew, journal, "one look", tell, goal)
        _cut(there, wish, goal, crew, journal, named, out, tell)
    done = [m for m in there if m.frames]
    for member in done:
        assert goal is not None
        cut = _page_frame(member)
        floor = floor_of(member.asked)
        member.outliers = find_outliers(member.person.name, member.made, cut, goal, floor)
    before = [m.made["before"] for m in done]
    after = [replace(m.made["after"], **_page_frame(m)) for m in done]
    fits = [not m.outliers for m in done]
    return Team(members, problems, goal, measure_spreads(before, after, fits))


def _page_frame(member: Member) -> dict[str, float]:
    frame = member.frames[PAGE]
    return {"head": frame["head"], "eyes": frame["eyes"]}


def _make_masters(
    members: Sequence[Member],
    wish: Wish,
    crew: Foreman,
    journal: Journal,
    stage: str,
    tell: Tell,
    goal: Goal | None = None,
) -> None:
    by_key = {member.person.key: member for member in members}

    def tasks() -> Iterator[Task]:
        for member in members:
            assert member.photo is not None
            given = {
                "photo": places.read(member.photo), "name": places.name_of(member.photo),
                "asked": dict(member.asked), "face": member.person.face,
                "max_megapixels": wish.max_megapixels,
            }  # fmt: skip
            yield ask("master", member.person.key, given)

    for outcome in do_all(tasks(), crew, journal, stage, len(members), tell):
        member = by_key[outcome.task.person]
        member.seconds += outcome.seconds
        if outcome.result is None:
            # A second master that fails leaves the first.
            member.reason = "" if member.made else outcome.reason
            continue
        found = outcome.read()
        if goal and member.made and not _is_better(found, member, goal):
            continue
        # The rest stays in the journal: of a hundred thousand people it fits into no memory.
        member.made = {name: found[name] for name in _KEPT}
        member.made["record"] = {name: found["record"][name] for name in _NEEDED}
        member.task = replace(outcome.task, payload=b"")


def _set_goal(there: Sequence[Member], wish: Wish) -> Goal:
    page = wish.page
    return set_goal(
        [m.made["place"] for m in there], [m.made["after"] for m in there],
        head=page.head, eyes=page.eyes, model=wish.model, paper=wish.paper,
    )  # fmt: skip


def _bring_together(there: Sequence[Member], goal: Goal, wish: Wish) -> Iterator[Member]:
    """Yield those whose light is to be brought nearer, with what is asked of them now."""
    for member in there:
        decision = wish.decisions.get(member.person.key)
        if decision is not None and decision.word == "approve":
            continue
        if wish.paper and member.made["sure"] is not None and member.made["sure"] < UNSURE:
            member.asked = soften_own(member.asked)
            yield member
            continue
        strength = fill_of(member.asked)
        if strength is None:
            continue
        if _score(member.made) < floor_of(member.asked):
            member.asked = hold_back(member.asked)
            yield member
            continue
        fill = choose_fill(member.made["before"], member.made["after"], goal, strength)
        if fill is not None:
            member.asked = bring_nearer(member.asked, fill)
            yield member


def _score(made: Mapping[str, Any]) -> float:
    """The likeness of a master; 100 where it cannot be judged."""
    score = (made["record"]["authenticity"] or {}).get("score")
    return 100.0 if score is None else float(score)


#: What of a master, and of its record, is needed before all is published.
_KEPT = ("place", "before", "after", "sure", "why_not")
_NEEDED = ("backdrop", "verdict", "authenticity", "polish", "skin")


def _is_better(found: dict[str, Any], member: Member, goal: Goal) -> bool:
    """Whether a second master is to be taken; one without paper then says why."""
    if found["record"]["backdrop"]["asked"] != member.made["record"]["backdrop"]["asked"]:
        found["why_not"] = member.made["why_not"]
        return True
    if _score(member.made) < floor_of(member.asked):
        return _score(found) > _score(member.made)
    return is_nearer(found["after"], member.made["after"], goal)


def _cut(
    members: Sequence[Member],
    wish: Wish,
    goal: Goal,
    crew: Foreman,
    journal: Journal,
    named: Mapping[tuple[str, str], str],
    out: str,
    tell: Tell,
) -> None:
    by_key = {member.person.key: member for member in members}
    wanted = {platform.name: platform for platform in (*wish.platforms, wish.page)}
    sizes = [_size(platform, goal) for platform in wanted.values()]

    def tasks() -> Iterator[Task]:
        for member in members:
            found = member.recall(journal)
            yield ask(
                "cut", member.person.key,
                {
                    "master": found["master"], "record": found["record"],
                    "origin": found["origin"], "place": found["place"], "sizes": sizes,
                    "strip": wish.strip,
                },
            )  # fmt: skip

    def finish(outcome: Outcome) -> Outcome:
        member = by_key[outcome.task.person]
        return deliver(outcome, member.person.key, member.photo, wish, named, out)

    for outcome in do_all(tasks(), crew, journal, "sizes", len(members), tell, finish):
        member = by_key[outcome.task.person]
        member.seconds += outcome.seconds
        if outcome.result is None:
            member.reason = outcome.reason
            continue
        found = outcome.read()
        member.frames, member.files = found["frames"], found["written"]
        member.term = found.get("term")  # a journal of before has none


def _size(platform: Platform, goal: Goal) -> dict[str, Any]:
    """A platform's size; only on the page portraits stand side by side, and follow the goal."""
    on_page = platform.name == PAGE
    return {
        "name": platform.name, "width": platform.width, "height": platform.height,
        "head": goal.head if on_page else platform.head,
        "eyes": goal.eyes if on_page else platform.eyes,
        "format": platform.format, "most_kb": platform.most_kb,
    }  # fmt: skip
