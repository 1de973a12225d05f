"""Survey: look at all photos of a person, choose the best, and say who they show."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from catchlight.analysis.framing.head import SKULL
from catchlight.team.platforms import ASPECT

if TYPE_CHECKING:
    from catchlight.likeness.observation import Observation


def survey(
    photos: Sequence[tuple[str, bytes]], face: int | None, max_megapixels: float
) -> dict[str, Any]:
    """Look at a person's photos.

    Parameters
    ----------
    photos : sequence of (name, bytes)
    face : int or None, which face of each
    max_megapixels : float

    Returns
    -------
    dict of plain values: ``best`` (which photo, by its place, or None), ``ranked`` (the best
    first, with what speaks for and against each), ``failed`` (why others could not be read),
    ``identity`` ((128,) of the best photo, or None), ``seals`` (each photo's SHA-256), ``face``
    """
    from catchlight.errors import CatchlightError
    from catchlight.images import open_picture
    from catchlight.likeness.observe import observe_photo
    from catchlight.polish.sources import rank_sources

    seen: list[Observation] = []
    sizes: dict[int, tuple[int, int]] = {}
    order: dict[int, int] = {}
    failed = []
    for at, (name, data) in enumerate(photos):
        try:
            picture = open_picture(data, max_megapixels=max_megapixels)
            observation = observe_photo(picture, number=face)
        except CatchlightError as error:
            failed.append(f"{name}: {str(error).removeprefix('<stdin>').lstrip(': ')}")
            continue
        order[id(observation)], sizes[at] = at, (picture.width, picture.height)
        seen.append(observation)
    rows, best, identity = [], None, None
    for ranked in rank_sources(seen) if seen else ():
        at = order[id(ranked.observation)]
        verdict = ranked.observation.verdict
        rows.append(
            {
                "at": at,
                "photo": photos[at][0],
                "score": ranked.score,
                "someone_else": bool(ranked.someone_else),
                "grade": "unsuitable" if verdict is None else verdict.grade,
                "verdict": "" if verdict is None else verdict.say(),
                "others": ranked.observation.others,
                "reasons": list(ranked.reasons),
                "head": _head_share(ranked.observation, *sizes[at]),
            }
        )
        if best is None and ranked.score is not None:
            best, identity = at, ranked.observation.identity
    seals = {name: hashlib.sha256(data).hexdigest() for name, data in photos}
    return {
        "seals": seals,
        "best": best,
        "ranked": rows,
        "failed": failed,
        "identity": identity,
        "face": face,
    }


def _head_share(observation: Observation, width: int, height: int) -> float:
    """Chin to crown over the height of what a page's shape leaves of a photo: its room."""
    return SKULL * observation.source_ied / min(float(height), width / ASPECT)
