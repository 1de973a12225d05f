"""The components of a score, as plain values for a page: worst first, figures in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from catchlight.likeness.component import Component, Verdict
from catchlight.report.numbers import (
    is_number,
    say_measure,
    say_number,
    say_range,
    say_sentence,
    say_unit,
)
from catchlight.report.pictures import show_codes
from catchlight.report.template import VERDICT_WORDS

#: Worst first; what cannot be judged comes last.
_RANK: dict[Verdict, int] = {"fail": 0, "warn": 1, "pass": 2, "indeterminate": 3}
#: Lists of figures longer than this are cut off: the whole is in the JSON.
_MOST_FIGURES = 12


def worst_first(components: Sequence[Component]) -> list[Component]:
    """Order components for a reader in a hurry."""
    return sorted(components, key=lambda c: _RANK[c.verdict])


def judged_only(components: Sequence[Component]) -> list[Component]:
    """Those that could be judged, worst first."""
    return [c for c in worst_first(components) if c.verdict != "indeterminate"]


def count_verdicts(components: Sequence[Component]) -> str:
    """Say how many components have which verdict, worst first."""
    counts = {v: sum(c.verdict == v for c in components) for v in _RANK}
    return ", ".join(f"{n} {VERDICT_WORDS[v]}" for v, n in counts.items() if n)


def group_unjudged(components: Sequence[Component]) -> list[tuple[str, str]]:
    """List what cannot be judged: titles that share a reason, and the reason as a sentence."""
    groups: dict[str, list[str]] = {}
    for row in components:
        if row.verdict == "indeterminate":
            groups.setdefault(say_sentence(row.reason), []).append(row.title)
    return [(", ".join(titles), reason) for reason, titles in groups.items()]


def view_components(components: Sequence[Component]) -> dict[str, Any]:
    """Each component with all it saw, worst first, then what cannot be judged."""
    return {
        "counts": count_verdicts(components).capitalize(),
        "judged": [_view(c) for c in judged_only(components)],
        "unjudged": group_unjudged(components),
    }


def _view(row: Component) -> dict[str, Any]:
    graded = ""
    if row.score is not None:
        graded = f"Score {say_number(row.score)} of 1, weight {say_number(row.weight)}."
    picture = row.picture
    return {
        "title": row.title,
        "verdict": row.verdict,
        "value": say_measure(row.value, row.unit),
        "words": say_unit(row.unit),
        "allowed": say_range(row.low, row.high, row.unit),
        "bar": _bar(row),
        "reason": say_sentence(row.reason),
        "picture": None if picture is None else show_codes(picture, f"{row.title}: what was seen"),
        "graded": graded,
        **_figures(row.details),
    }


def _bar(row: Component) -> dict[str, str] | None:
    """Where the value lies about its allowed range, in percent of a line."""
    if row.value is None or not is_number(row.value) or (row.low is None and row.high is None):
        return None
    known = [v for v in (row.low, row.high, row.value) if v is not None]
    first, last = min(known), max(known)
    span = (last - first) or abs(last) or 1.0
    start, end = first - 0.25 * span, last + 0.25 * span
    if first >= 0:  # no figure of this kind lies below nothing
        start = max(0.0, start) if row.low is not None else 0.0

    def at(value: float | None, default: float) -> float:
        return default if value is None else 100 * (value - start) / (end - start)

    low, high = at(row.low, 0.0), at(row.high, 100.0)
    return {"low": f"{low:.1f}", "width": f"{high - low:.1f}", "at": f"{at(row.value, 0):.1f}"}


def _figures(details: Mapping[str, Any]) -> dict[str, Any]:
    """A component's further figures: plain values as a list, lists of rows as tables."""
    plain, tables = [], []
    for key, value in details.items():
        title = key.replace("_", " ")
        if isinstance(value, (list, tuple)) and value and isinstance(value[0], Mapping):
            tables.append(_table(title, value))
        elif said := _say(value):
            plain.append((title, said))
    return {"plain": plain, "tables": tables}


def _table(title: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    head = list(rows[0])[:5]
    return {
        "title": title,
        "head": [key.replace("_", " ") for key in head],
        "rows": [[_say(row.get(key)) for key in head] for row in rows[:_MOST_FIGURES]],
        "rest": max(0, len(rows) - _MOST_FIGURES),
    }


def _say(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float, np.number)):
        return say_number(float(value)) if is_number(float(value)) else ""
    if isinstance(value, Mapping):
        parts = [f"{k}: {_say(v)}" for k, v in value.items() if _say(v)]
    elif isinstance(value, (list, tuple)):
        parts = [_say(v) for v in value]
    else:
        return "" if value is None else str(value)
    rest = len(parts) - _MOST_FIGURES
    return ", ".join(parts[:_MOST_FIGURES]) + (f", and {rest} more" if rest > 0 else "")
