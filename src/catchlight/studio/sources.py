"""``pick``: which of a person's photos is the best source."""

from __future__ import annotations

from collections.abc import Sequence

from catchlight.images import Picture
from catchlight.likeness.observation import observe_photo
from catchlight.polish.sources import Ranked, rank_sources
from catchlight.studio.clock import Clock


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
