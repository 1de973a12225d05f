"""Publishing: the sheet, the page, the table and the records of a team that is made."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from catchlight import __version__
from catchlight.team.crew import places
from catchlight.team.crew.journal import Journal
from catchlight.team.decisions import ReviewDecision
from catchlight.team.member import Member
from catchlight.team.pages.review import Card, write_review
from catchlight.team.pages.sheet import Cell, draw_pages, draw_sheet
from catchlight.team.pages.table import write_table
from catchlight.team.platforms import PAGE
from catchlight.team.run import Team
from catchlight.team.wish import Wish

#: People on one sheet and one page; more people have several, ``review-2.html`` and so on.
MOST = 240
TABLE = "team.csv"
#: Longer side of a portrait on the page to review, pixels.
_SHOWN = 600


def publish(team: Team, wish: Wish, journal: Journal, out: str) -> list[str]:
    """Write all pages; returns their names."""
    written = []
    for number, at in enumerate(range(0, len(team.members), MOST), 1):
        part = team.members[at : at + MOST]
        files = _draw_part(team, part, wish, journal, out)
        for name, data in files.items():
            stem, _, suffix = name.partition(".")
            written.append(name if number == 1 else f"{stem}-{number}.{suffix}")
            places.write(data, places.join(out, written[-1]), force=True)
    rows = [_row(member, wish) for member in team.members]
    places.write(write_table(rows), places.join(out, TABLE), force=True)
    return [*written, TABLE]


def _draw_part(
    team: Team, part: Sequence[Member], wish: Wish, journal: Journal, out: str
) -> dict[str, bytes]:
    """The sheets, the page and the records of some of a team."""
    done = [m for m in part if m.frames]
    pictures = [places.read(places.join(out, m.files[PAGE])) for m in done]
    cells = [
        Cell(m.person.name, picture, m.outliers[0].said if m.outliers else "")
        for m, picture in zip(done, pictures, strict=True)
    ]
    noted = {m.person.key: _look_up(m, journal) for m in done}
    cards = [
        _card(m, _shrink(picture), noted[m.person.key]["thumb"], wish)
        for m, picture in zip(done, pictures, strict=True)
    ]
    aside = [f"{m.person.name}: {m.reason}" for m in part if not m.frames]
    records = (_record(m, noted.get(m.person.key), wish) for m in part)
    return {
        "sheet.png": draw_sheet(cells, wish.title),
        "sheet.pdf": draw_pages(cells, wish.title),
        "review.html": write_review(
            cards, team.spreads, aside, title=wish.title, version=__version__
        ),
        "team.jsonl": "".join(f"{json.dumps(record)}\n" for record in records).encode(),
    }


def _shrink(picture: bytes) -> bytes:
    """A portrait as large as a dense screen shows it: whole ones of 195 people made 61 MB."""
    from catchlight.images import encode_picture, open_picture
    from catchlight.report.pictures import fit

    return encode_picture(fit(open_picture(picture).linear(), _SHOWN), format="JPEG", quality=88)


def _look_up(member: Member, journal: Journal) -> dict[str, Any]:
    """What is noted of a member and shown here: 240 masters would fill the memory."""
    found = member.recall(journal)
    return {name: found[name] for name in ("thumb", "record")}


def _card(member: Member, after: bytes, before: bytes, wish: Wish) -> Card:
    row = _row(member, wish)
    return Card(
        member.person.key,
        member.person.name,
        member.photo or "",
        before,
        after,
        [f"{p.said}. {p.advice}" for p in member.outliers],
        [(what.replace("_", " "), _say(row[what])) for what in _NUMBERS],
        wish.decisions.get(member.person.key, ReviewDecision()),
    )


_NUMBERS = (
    "head", "eye_line", "key_stops", "contrast_stops", "sharpness_mm", "authenticity", "polish",
)  # fmt: skip


def _say(value: Any) -> str:
    return "not measured" if value is None else f"{value:.2f}"


def _row(member: Member, wish: Wish) -> dict[str, Any]:
    """A line of the table."""
    decision = wish.decisions.get(member.person.key, ReviewDecision())
    row: dict[str, Any] = {
        "name": member.person.name,
        "key": member.person.key,
        "state": "made" if member.frames else "set aside",
        "photo": member.photo,
        "decision": decision.word,
        "note": decision.note or member.person.notes,
        "seconds": member.seconds,
        "reason": member.reason,
        "outliers": "; ".join(p.said for p in member.outliers),
        "files": "; ".join(member.files.values()),
    }
    if not member.frames:
        return {**dict.fromkeys(_NUMBERS), **row}
    record, after = member.made["record"], member.made["after"]
    frame = member.frames[PAGE]
    skin = (record["skin"] or {}).get("left") or {}
    return row | {
        "head": frame["head"],
        "eye_line": frame["eyes"],
        "key_stops": after.key,
        "contrast_stops": after.contrast,
        "sharpness_mm": after.sharpness,
        "authenticity": (record["authenticity"] or {}).get("score"),
        "polish": ((record["polish"] or {}).get("after") or {}).get("score"),
        "skin_within": skin.get("within"),
        "source_type": member.term,
    }


def _record(member: Member, noted: Mapping[str, Any] | None, wish: Wish) -> dict[str, Any]:
    """Everything that is known of a person, as one line of JSON."""
    made: Mapping[str, Any] = member.made
    return _row(member, wish) | {
        "before": made["before"].to_json() if made else None,
        "after": made["after"].to_json() if made else None,
        "frames": dict(member.frames),
        "advice": [p.say() for p in member.outliers],
        "record": noted["record"] if noted else None,
    }
