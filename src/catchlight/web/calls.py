"""Calls: what is asked of a worker, and what it answers. Plain data; all of it can be pickled.

A call carries everything that is needed to answer it: a worker keeps what it made of a person's
photos only so as to answer sooner, and any other can begin where it left off.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catchlight.errors import CatchlightError

#: Longer side of the plain crop that stands until the picture does, pixels.
PLAIN = 800


@dataclass(frozen=True)
class Stored:
    """A picture in the private store.

    Attributes
    ----------
    id : str, ``p1``
    path : str, where it lies
    name : str, what its owner called it, for people; never part of a path
    """

    id: str
    path: str
    name: str


@dataclass(frozen=True)
class Shelf:
    """What a visitor brought, and which of it is used.

    Attributes
    ----------
    visit : str
    photos : tuple of Stored
    source : str, ID of the photo that the headshot is made of
    face : int or None, which face of it, from 1 from left to right
    pictures : mapping of a backdrop's name to the path of its picture
    references : tuple of str, IDs of the photos that show the same person
    """

    visit: str
    photos: tuple[Stored, ...] = ()
    source: str = ""
    face: int | None = None
    pictures: Mapping[str, str] = field(default_factory=dict)
    references: tuple[str, ...] = ()

    def photo(self, id: str) -> Stored:
        """Return the photo of an ID, which there is."""
        return next(p for p in self.photos if p.id == id)


@dataclass(frozen=True)
class Call:
    """One thing that is asked of a worker.

    Attributes
    ----------
    number : int, no two have the same
    task : str, a name of :data:`catchlight.web.rooms.tasks.TASKS`
    shelf : Shelf
    given : mapping of what the task wants to know
    """

    number: int
    task: str
    shelf: Shelf
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What a worker made of a call.

    Attributes
    ----------
    value : what the task returns
    problem : (code, words) or None
    trace : str, where an unexpected error arose; without names of files or people
    held_mb, seconds : float, memory of the worker after it, and how long it took
    """

    value: Any = None
    problem: tuple[str, str] | None = None
    trace: str = ""
    held_mb: float = 0.0
    seconds: float = 0.0


def say_where(error: BaseException) -> str:
    """Where an error arose, the innermost first: files and lines, as a message may hold secrets."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames[-8:]))


class Stopped(CatchlightError):  # noqa: N818 - reads as what happened
    """Nobody waits for it any more."""

    code = "stopped"


class Refused(CatchlightError):  # noqa: N818
    """What a record of a job says went wrong: its code and its words."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.said = code
