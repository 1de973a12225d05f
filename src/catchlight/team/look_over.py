"""Looking over: everybody's photos, each one's best, and what is wrong, before the work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from catchlight.team.crew import places
from catchlight.team.crew.foreman import Foreman
from catchlight.team.crew.journal import Journal
from catchlight.team.crew.noted import Tell, do_all
from catchlight.team.crew.task import Task, ask
from catchlight.team.member import Member
from catchlight.team.people.person import Person
from catchlight.team.people.problems import PersonProblem, check_people, check_survey
from catchlight.team.wish import Wish


def survey_people(
    people: Sequence[Person], wish: Wish, crew: Foreman, journal: Journal, tell: Tell
) -> tuple[list[Member], list[PersonProblem]]:
    """Look at everybody's photos, choose each one's best, and say what is wrong."""
    problems = list(check_people(people))
    aside = {p.person for p in problems if p.aside}
    members = [Member(person) for person in people]
    by_key = {member.person.key: member for member in members}
    tasks = (_ask_survey(m.person, wish) for m in members if m.person.name not in aside)
    surveys: dict[str, Mapping[str, Any]] = {}
    count = len(members) - len(aside)
    for outcome in do_all(tasks, crew, journal, "survey", count, tell):
        member = by_key[outcome.task.person]
        member.seconds += outcome.seconds
        if outcome.result is None:
            member.reason = outcome.reason
            problems.append(PersonProblem(member.person.name, outcome.reason, "", aside=True))
            continue
        surveys[outcome.task.person] = found = outcome.read()
        decision = wish.decisions.get(outcome.task.person)
        barred = decision.photo if decision and decision.word == "reject" else None
        member.photo = _choose_photo(found, barred)
        if member.photo is None and found["best"] is not None:
            member.reason = "rejected, and there is no other photo"
    # In the order of the list, whoever was done first.
    ordered = {key: surveys[key] for key in by_key if key in surveys}
    problems += check_survey(ordered, {key: m.person.name for key, m in by_key.items()})
    stopped = {p.person: p.said for p in problems if p.aside}
    for member in members:
        member.reason = member.reason or stopped.get(member.person.name, "")
    return members, problems


def _ask_survey(person: Person, wish: Wish) -> Task:
    photos = [(place, places.read(place)) for place in person.photos if places.exists(place)]
    given = {"photos": photos, "face": person.face, "max_megapixels": wish.max_megapixels}
    return ask("survey", person.key, given)


#: A photo whose head is larger than this leaves no room for a page's frame; another that is at most
#: so many points worse is taken then. [judgement]
_TIGHT, _WORSE = 0.50, 12.0


def _choose_photo(found: Mapping[str, Any], barred: str | None) -> str | None:
    """The best photo of the person that nobody rejected, with room where that costs little."""
    rows = [
        row
        for row in found["ranked"]
        if row["score"] is not None and not row["someone_else"] and row["photo"] != barred
    ]
    if not rows:
        return None
    roomy = [
        row
        for row in rows
        if row["head"] <= _TIGHT
        and row["grade"] != "unsuitable"
        and row["score"] >= rows[0]["score"] - _WORSE
    ]
    best = rows[0] if rows[0]["head"] <= _TIGHT or not roomy else roomy[0]
    chosen: str = best["photo"]
    return chosen
