"""A member: what is known of a person as the work goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from catchlight.team.crew.journal import Journal
from catchlight.team.crew.task import Task
from catchlight.team.people.person import Person
from catchlight.team.people.problems import PersonProblem


@dataclass
class Member:
    """What is known of a person as the work goes on.

    Attributes
    ----------
    person : Person
    photo : str or None, the place of the photo that is used
    asked : mapping, of their master
    task : Task or None, their master's
    made : dict, what came of it, without the pictures
    frames, files : mappings, of each size
    term : str or None, what the files say that they are (the IPTC's source type)
    outliers : list of PersonProblem
    reason : str, why there is nothing, where there is nothing
    seconds : float, that workers spent
    """

    person: Person
    photo: str | None = None
    asked: Mapping[str, Any] = field(default_factory=dict)
    task: Task | None = None
    made: dict[str, Any] = field(default_factory=dict)
    frames: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    term: str | None = None
    outliers: list[PersonProblem] = field(default_factory=list)
    reason: str = ""
    seconds: float = 0.0

    def recall(self, journal: Journal) -> dict[str, Any]:
        """What is noted of their master, its pictures among it."""
        assert self.task is not None
        outcome = journal.look_up(self.task)
        assert outcome is not None
        return outcome.read()
