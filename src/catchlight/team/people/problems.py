"""Problems: what is wrong with a team's photos, said before the work that they would spoil."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from catchlight.team.crew.places import exists, name_of
from catchlight.team.people.person import Person

#: Cosine of two people's faces from which on they are one person, whatever else is thought: nobody
#: is asked for a second opinion there (:mod:`catchlight.likeness.odds`).
SAME = 0.69
#: So many faces are compared at a time with all others: 20 MB of numbers for 10,000 people.
_BLOCK = 512


@dataclass(frozen=True)
class PersonProblem:
    """Something that is wrong.

    Attributes
    ----------
    person : str, their name
    said : str, what it is
    advice : str, what to do
    aside : bool, whether nothing can be made of the person until it is mended
    """

    person: str
    said: str
    advice: str
    aside: bool = False

    def say(self) -> str:
        """Say it in a line."""
        return f"{self.person}: {self.said}. {self.advice}"


def check_people(people: Sequence[Person]) -> Iterator[PersonProblem]:
    """Yield what can be told without looking at a picture: names and files."""
    by_key: dict[str, list[str]] = defaultdict(list)
    for person in people:
        by_key[person.key].append(person.name)
        if not person.photos:
            yield PersonProblem(person.name, "there is no photo", "Add one.", aside=True)
        missing = [photo for photo in person.photos if not exists(photo)]
        gone = len(missing) == len(person.photos)
        for photo in missing:
            yield PersonProblem(person.name, f"{photo} is not there", "Check the name.", aside=gone)
    for names in by_key.values():
        if len(names) > 1:
            said = f"{len(names)} people would have the same file names ({', '.join(names)})"
            yield PersonProblem(names[0], said, "Give each a name of their own.", aside=False)


def check_survey(
    surveys: Mapping[str, Mapping[str, Any]], names: Mapping[str, str]
) -> Iterator[PersonProblem]:
    """Yield what only the pictures tell.

    Parameters
    ----------
    surveys : mapping of a person's key to what :func:`catchlight.team.work.survey.survey` found
    names : mapping of a person's key to their name
    """
    by_photo: dict[str, str] = {}
    for key, found in surveys.items():
        name = names[key]
        for photo, seal in found["seals"].items():
            other = by_photo.setdefault(seal, name)
            if other != name:
                yield PersonProblem(
                    name, f"{name_of(photo)} is {other}'s as well", "Is that meant?"
                )
        for said in found["failed"]:
            yield PersonProblem(name, said.rstrip("."), "It is left out.")
        if found["best"] is None:
            yield PersonProblem(name, "no photo shows a face", "Add one that does.", aside=True)
            continue
        strangers = [row["photo"] for row in found["ranked"] if row["someone_else"]]
        if strangers:
            said = f"{', '.join(map(name_of, strangers))} shows somebody else than the other photos"
            yield PersonProblem(name, said, "Take it out, or put it where it belongs.")
        best = found["ranked"][0]
        if best["others"] and found["face"] is None:
            said = (
                f"{name_of(best['photo'])} shows {best['others'] + 1} faces; the largest is taken"
            )
            yield PersonProblem(name, said, "If it is another, say face = N in the list.")
        if best["grade"] == "unsuitable":
            yield PersonProblem(
                name, f"{name_of(best['photo'])} will not do", best["verdict"], aside=False
            )
    yield from _find_doubles(surveys, names)


def _find_doubles(
    surveys: Mapping[str, Mapping[str, Any]], names: Mapping[str, str]
) -> Iterator[PersonProblem]:
    """Yield pairs of people whose faces are one person's."""
    keys = [key for key, found in surveys.items() if found["identity"] is not None]
    if not keys:
        return
    vectors = np.stack([surveys[key]["identity"] for key in keys]).astype(np.float32)
    for top in range(0, len(keys), _BLOCK):
        alike = vectors[top : top + _BLOCK] @ vectors.T
        for i, j in _pairs(np.argwhere(alike >= SAME), top):
            said = f"looks like the same person as {names[keys[j]]} ({alike[i - top, j]:.2f} of 1)"
            yield PersonProblem(
                names[keys[i]], said, "One person twice? Twins are told so as well."
            )


def _pairs(found: Iterable[Any], top: int) -> Iterator[tuple[int, int]]:
    for row, j in found:
        if row + top < j:
            yield int(row) + top, int(j)
