"""People: who is in a photo, whether it will do, and which of several is the best source."""

from __future__ import annotations

from typing import Any

from catchlight.analysis.subject import Subject
from catchlight.errors import CatchlightError, describe
from catchlight.pixels.beside import beside
from catchlight.polish.sources import Ranked, rank_sources
from catchlight.studio.audit import sort_out
from catchlight.studio.clock import Clock
from catchlight.web.calls import PLAIN
from catchlight.web.rooms.room import Room
from catchlight.web.rooms.views import preview


def look_at(room: Room, clock: Clock, *, photo: str, face: int | None = None) -> dict[str, Any]:
    """Size, faces and verdict of a photo; of the source its plain crop, which is asked for next.

    Raises
    ------
    PictureError, FaceError, ModelError
    """
    picture = clock("decode", lambda: room.picture(photo))
    subject = clock("find faces", lambda: room.subject(photo, face))
    verdict = clock("verdict", lambda: room.verdict(photo, face))
    plain = None
    if photo == room.shelf.source:
        plain = clock("preview", lambda: preview(room, clock, photo=photo, longest=PLAIN))
        # The studio begins with the cut-out, which takes longest: it is made while the page draws.
        beside(lambda: subject.cutout)
    rows = [{"name": r.kind, "text": f"{r.said}. {r.advice}"} for r in verdict.reasons]
    return {
        "width": picture.width,
        "height": picture.height,
        "faces": list_faces(subject),
        "face": face or number_of(subject),
        "verdict": {
            "suitable": not verdict.unsuitable,
            "grade": verdict.grade,
            "text": verdict.say(),
            "faults": rows,
        },
        "notes": list(subject.picture.notes),
        "plain": plain,
    }


def list_faces(subject: Subject) -> list[dict[str, Any]]:
    """The faces from left to right, each with its box in shares of the upright photo."""
    width, height = subject.picture.width, subject.picture.height
    rows = []
    for number, face in enumerate(sorted(subject.faces, key=lambda f: f.box[0]), 1):
        x0, y0, x1, y1 = face.box
        shares = [x0 / width, y0 / height, (x1 - x0) / width, (y1 - y0) / height]
        rows.append({"number": number, "box": [round(v, 4) for v in shares]})
    return rows


def number_of(subject: Subject) -> int:
    """The number of the chosen face, from 1 from left to right."""
    return sorted(f.box[0] for f in subject.faces).index(subject.face.box[0]) + 1


def observe(room: Room, clock: Clock, *, photo: str) -> dict[str, Any]:
    """Look at a further photo; what cannot be read or shows no face is said, and no error."""
    try:
        found = look_at(room, clock, photo=photo)
        clock("look", lambda: room.observation(photo))
    except CatchlightError as error:
        return {"why": describe(error), "role": "left out", "code": error.code}
    return found


def sort(room: Room, clock: Clock, *, photos: list[str]) -> list[dict[str, Any]]:
    """Rank photos as sources; each with its place, its part, and why."""
    seen = clock("look", lambda: [room.observation(p) for p in photos])
    sorted_out, strangers = sort_out(seen, [room.picture(p) for p in photos])
    ranked = {id(r.observation): r for r in rank_sources(sorted_out)}
    rows = []
    for photo, observation, stranger in zip(photos, sorted_out, strangers, strict=True):
        row = ranked[id(observation)]
        rows.append({"id": photo, "rank": row.place, "why": "; ".join(row.reasons)}
                    | {"role": _part(row, stranger=stranger)})  # fmt: skip
    return rows


def _part(row: Ranked, *, stranger: bool) -> str:
    if stranger or row.someone_else or row.observation.face is None:
        return "left out"
    return "source" if row.place == 1 else "reference"
