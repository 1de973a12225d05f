"""The page to review a team: approve, reject, note, and save what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catchlight.report.pictures import to_address
from catchlight.report.template import fill
from catchlight.team.decisions import ReviewDecision
from catchlight.team.one_look.spread import LookSpread


@dataclass(frozen=True)
class Card:
    """A person on the page.

    Attributes
    ----------
    key, name, photo : str
    before, after : bytes, JPEG
    outliers : sequence of str
    numbers : sequence of (what, value)
    decision : ReviewDecision
    """

    key: str
    name: str
    photo: str
    before: bytes
    after: bytes
    outliers: Sequence[str]
    numbers: Sequence[tuple[str, str]]
    decision: ReviewDecision


def write_review(
    cards: Sequence[Card],
    spreads: Sequence[LookSpread],
    aside: Sequence[str],
    *,
    title: str,
    version: str,
) -> bytes:
    """Write the page as one HTML file that asks nothing of any server."""
    views = [
        {
            "key": card.key,
            "name": card.name,
            "photo": card.photo,
            "before": to_address(card.before),
            "after": to_address(card.after),
            "outliers": list(card.outliers),
            "numbers": list(card.numbers),
            "word": card.decision.word,
            "note": card.decision.note,
        }
        for card in cards
    ]
    values = {
        "title": title,
        "version": version,
        "cards": views,
        "aside": list(aside),
        "spreads": [
            (s.name, s.unit, _say(s.before), _say(s.after), _say(s.fitting)) for s in spreads
        ],
        "count": len(views),
        "outside": sum(bool(card.outliers) for card in cards),
    }
    return str(fill("team.html", values)).encode("utf-8", "backslashreplace")


def _say(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.3f}" if value < 1 else f"{value:.2f}"
