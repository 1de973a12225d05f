"""Decisions: what somebody who reviewed a team decided, and the next run obeys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from catchlight.errors import CrewError

Word = Literal["approve", "reject", ""]


@dataclass(frozen=True)
class ReviewDecision:
    """What somebody decided of a person's portrait.

    Attributes
    ----------
    word : ``approve``, ``reject`` or an empty string
    photo : str, the photo that it was made of: a decision is about that one alone
    note : str
    """

    word: Word = ""
    photo: str = ""
    note: str = ""


def read_decisions(data: bytes) -> dict[str, ReviewDecision]:
    """Read decisions that the page saved, by the person's key.

    Raises
    ------
    CrewError
    """
    try:
        rows: Mapping[str, Mapping[str, Any]] = json.loads(data)["decisions"]
        return {key: _read(row) for key, row in rows.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CrewError(
            "the decisions cannot be read. Save them again from the review page."
        ) from None


def _read(row: Mapping[str, Any]) -> ReviewDecision:
    word = row.get("word", "")
    if word not in ("approve", "reject", ""):
        raise ValueError(word)
    return ReviewDecision(word, str(row.get("photo", "")), str(row.get("note", ""))[:2000])
