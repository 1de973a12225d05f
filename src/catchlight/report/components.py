"""The components of a score as html: verdict, value, allowed range, reason, picture."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from catchlight.likeness.component import Component, Verdict
from catchlight.report.numbers import (
    is_number,
    say_measure,
    say_number,
    say_range,
    say_sentence,
    say_unit,
)
from catchlight.report.parts import VERDICT_WORDS, chip, drawing, figures, fold

#: Worst first; what cannot be judged comes last.
_RANK: dict[Verdict, int] = {"fail": 0, "warn": 1, "pass": 2, "indeterminate": 3}


def worst_first(components: Sequence[Component]) -> list[Component]:
    """Order components for a reader in a hurry."""
    return sorted(components, key=lambda c: _RANK[c.verdict])


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


def list_components(components: Sequence[Component]) -> str:
    """Write each component with all it saw, worst first, then what cannot be judged, as html."""
    judged = [c for c in worst_first(components) if c.verdict != "indeterminate"]
    items = "".join(f"<li>{_component(c)}</li>" for c in judged)
    items += "".join(f"<li>{_unjudged(*group)}</li>" for group in group_unjudged(components))
    return f'<ul class="components">{items}</ul>' if items else ""


def _unjudged(titles: str, reason: str) -> str:
    return (
        f'<article class="component"><div class="headline"><h3>{escape(titles)}</h3>'
        f"{chip('indeterminate')}</div><p>{escape(reason)}</p></article>"
    )


def _component(row: Component) -> str:
    allowed = say_range(row.low, row.high, row.unit)
    words = say_unit(row.unit)
    seen = f"<strong>{escape(say_measure(row.value, row.unit))}</strong>"
    seen += f"<span>{escape(words)}</span>" if words else ""
    seen += f'<span class="soft">allowed: {escape(allowed)}</span>' if allowed else ""
    image = ""
    if row.picture is not None:
        image = f"<figure>{drawing(row.picture, f'{row.title}: what was seen')}</figure>"
    score = ""
    if row.score is not None:
        score = (
            f'<p class="soft small">Score {say_number(row.score)} of 1, '
            f"weight {say_number(row.weight)}.</p>"
        )
    more = fold("Figures", figures(row.details) + score)
    return (
        f'<article class="component"><div class="headline"><h3>{escape(row.title)}</h3>'
        f'{chip(row.verdict)}</div><p class="figures">{seen}</p>{_bar(row)}'
        f"<p>{escape(say_sentence(row.reason))}</p>{image}{more}</article>"
    )


def _bar(row: Component) -> str:
    """Draw where the value lies about its allowed range; a picture of the line above it."""
    if row.value is None or not is_number(row.value) or (row.low is None and row.high is None):
        return ""
    known = [v for v in (row.low, row.high, row.value) if v is not None]
    first, last = min(known), max(known)
    span = (last - first) or abs(last) or 1.0
    start, end = first - 0.25 * span, last + 0.25 * span
    if first >= 0:  # no figure of this kind lies below nothing
        start = max(0.0, start) if row.low is not None else 0.0

    def at(value: float | None, default: float) -> float:
        return default if value is None else 100 * (value - start) / (end - start)

    low, high = at(row.low, 0.0), at(row.high, 100.0)
    return (
        f'<div class="bar" aria-hidden="true"><i style="left:{low:.1f}%;width:{high - low:.1f}%">'
        f'</i><b style="left:{at(row.value, 0):.1f}%"></b></div>'
    )
