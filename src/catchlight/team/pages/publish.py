"""Publishing: the sheet, the page, the table and the records of a team that is made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from catchlight import __version__
from catchlight.team.crew import places
from catchlight.team.crew.journal import Journal
from catchlight.team.decisions import Decision
from catchlight.team.member import Member
from catchlight.team.pages.review import Card, write_review
from catchlight.team.pages.sheet import Cell, draw_pages, draw_sheet
from catchlight.team.pages.table import write_table
from catchlight.team.platforms import PAGE
from catchlight.team.run import Team
from catchlight.team.wish import Wish

#: Portraits on one sheet and one page; more people are told in the table and the PDF alone.
MOST = 400
SHEET, PAGES, REVIEW, TABLE, RECORDS = (
    "sheet.png", "sheet.pdf", "review.html", "team.csv", "team.jsonl",
)  # fmt: skip


def publish(team: Team, wish: Wish, journal: Journal, out: str) -> list[str]:
    """Write all pages; returns their names."""
    done = [m for m in team.members if m.frames]
    pictures = {m.person.key: places.read(places.join(out, m.files[PAGE])) for m in done}
    cells = [
        Cell(m.person.name, pictures[m.person.key], m.outliers[0].said if m.outliers else "")
        for m in done
    ]
    cards = [_card(m, pictures[m.person.key], wish, journal) for m in done[:MOST]]
    aside = [f"{m.person.name}: {m.reason}" for m in team.members if not m.frames]
    rows = [_row(member, wish) for member in team.members]
    review = write_review(cards, team.spreads, aside, title=wish.title, version=__version__)
    files = {
        SHEET: draw_sheet(cells[:MOST], wish.title),
        PAGES: draw_pages(cells, wish.title),
        REVIEW: review,
        TABLE: write_table(rows),
        RECORDS: "".join(f"{json.dumps(_record(m, wish))}\n" for m in team.members).encode(),
    }
    for name, data in files.items():
        places.write(data, places.join(out, name), force=True)
    return list(files)


def _card(member: Member, after: bytes, wish: Wish, journal: Journal) -> Card:
    assert member.task is not None
    outcome = journal.look_up(member.task)
    assert outcome is not None
    row = _row(member, wish)
    numbers = [(what.replace("_", " "), _say(row[what])) for what in _NUMBERS]
    return Card(
        member.person.key,
        member.person.name,
        member.photo or "",
        outcome.read()["thumb"],
        after,
        [f"{p.said}. {p.advice}" for p in member.outliers],
        numbers,
        wish.decisions.get(member.person.key, Decision()),
    )


_NUMBERS = (
    "head", "eye_line", "key_stops", "contrast_stops", "sharpness_mm", "authenticity", "polish",
)  # fmt: skip


def _say(value: Any) -> str:
    return "not measured" if value is None else f"{value:.2f}"


def _row(member: Member, wish: Wish) -> dict[str, Any]:
    """A line of the table."""
    decision = wish.decisions.get(member.person.key, Decision())
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
    }


def _record(member: Member, wish: Wish) -> dict[str, Any]:
    """Everything that is known of a person, as one line of JSON."""
    made: Mapping[str, Any] = member.made
    return _row(member, wish) | {
        "before": made["before"].to_json() if made else None,
        "after": made["after"].to_json() if made else None,
        "frames": dict(member.frames),
        "advice": [p.say() for p in member.outliers],
        "record": made.get("record"),
    }
