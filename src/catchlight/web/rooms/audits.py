"""Audits: a headshot from anywhere checked against photos, photos ranked, and the report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from catchlight import __version__
from catchlight.errors import describe
from catchlight.images import Picture
from catchlight.report.letter import write_letter
from catchlight.results import FileKind
from catchlight.studio.audit import check
from catchlight.studio.clock import Clock
from catchlight.studio.jobs import Job, make
from catchlight.studio.output import Output
from catchlight.studio.sources import open_readable, pick
from catchlight.web.calls import Refused
from catchlight.web.rooms.room import Room


def check_headshot(room: Room, clock: Clock, *, headshot: str, page: bool) -> dict[str, Any]:
    """The letter of a check: whether a headshot is still the person in the photos."""
    made = clock("decode", lambda: room.picture(headshot))
    photos = [p.id for p in room.shelf.photos if p.id != headshot]
    opened, unread = _open(room, clock, photos)
    said = check(made, opened, pictures=page, stage=clock)
    verdict, *words = write_letter(said)
    html = None
    if page:
        from catchlight.report.check_page import write_check_page

        html = write_check_page(said, version=__version__)
    return said.to_json() | {"verdict": verdict, "words": words, "unread": unread, "page": html}


def pick_source(room: Room, clock: Clock) -> dict[str, Any]:
    """Rank photos as sources, the best first."""
    opened, unread = _open(room, clock, [p.id for p in room.shelf.photos])
    ranked = pick(opened, stage=clock)
    return {"ranked": [r.to_json() for r in ranked], "failed": unread}


def _open(room: Room, clock: Clock, photos: list[str]) -> tuple[list[Picture], list[str]]:
    """Open what can be read; say of the rest why not."""
    opened, failed = open_readable(
        photos, lambda photo: clock("decode", lambda: room.picture(photo))
    )
    return opened, [describe(error) for error in failed]


def write_report(
    room: Room, clock: Clock, *, look: Mapping[str, Any], format: str, quality: int
) -> dict[str, bytes]:
    """The headshot with its report and its look as TOML: headshot, report, look.

    The job that every door sends, with evidence of each edit: it takes some ten seconds.
    """
    asked = room.read_look(look)
    photo = room.shelf.photo(room.shelf.source)
    kinds: tuple[FileKind, ...] = ("headshot", "report", "look")
    job = Job(
        Path(photo.path),
        {"look": asked.model_dump(mode="json")},
        name=photo.name,
        files=dict.fromkeys(kinds),
        output=Output(format=format, quality=quality),
        face=room.shelf.face,
        max_megapixels=room.max_megapixels,
    )
    record = clock("report", lambda: make(job))
    if record.failed:
        raise Refused(record.json["error"]["code"], record.json["error"]["message"])
    return {kind: _hide(room, data) for kind, data in record.files.items()}


def _hide(room: Room, data: bytes) -> bytes:
    """No path of the store is told."""
    for name, path in room.shelf.pictures.items():
        data = data.replace(path.encode(), name.encode())
    for photo in room.shelf.photos:
        data = data.replace(photo.path.encode(), photo.name.encode())
    return data
