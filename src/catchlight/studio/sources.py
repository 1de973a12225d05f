"""A person's photos: opened, as far as they can be; and ``pick``, which is the best source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from catchlight.errors import CatchlightError
from catchlight.images import Picture
from catchlight.likeness.observe import observe_photo
from catchlight.polish.sources import Ranked, rank_sources
from catchlight.studio.clock import Clock

T = TypeVar("T")


def open_readable(
    named: Iterable[T], open_one: Callable[[T], Picture]
) -> tuple[list[Picture], list[CatchlightError]]:
    """Open what can be read; and why the rest cannot.

    Raises
    ------
    CatchlightError
        The first, where nothing can be read.
    """
    opened: list[Picture] = []
    failed: list[CatchlightError] = []
    for name in named:
        try:
            opened.append(open_one(name))
        except CatchlightError as error:
            failed.append(error)
    if failed and not opened:
        raise failed[0]
    return opened, failed


def pick(photos: Sequence[Picture], *, stage: Clock | None = None) -> list[Ranked]:
    """Rank a person's photos as sources, the best first.

    Parameters
    ----------
    photos : sequence of Picture
    stage : Clock, optional

    Returns
    -------
    list of Ranked; photos without a face come last, with the reason
    """
    clock = stage or Clock()
    seen = clock("look", lambda: [observe_photo(p) for p in photos])
    return clock("rank", lambda: rank_sources(seen))
