"""Tables for the console: what was measured, in words and figures, readable without colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from catchlight.likeness.authenticity import Authenticity
from catchlight.likeness.component import Component, Verdict
from catchlight.polish.score import Polish
from catchlight.report.components import group_unjudged, judged_only
from catchlight.report.dial import say_coverage, title_of
from catchlight.report.numbers import (
    is_number,
    say_measure,
    say_range,
    say_score,
    say_sentence,
)
from catchlight.report.template import VERDICT_WORDS
from catchlight.results import Variant

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

_STYLES: dict[Verdict, str] = {
    "pass": "blue",
    "warn": "yellow",
    "fail": "bold red",
    "indeterminate": "dim",
}
_SIGNS: dict[Verdict, str] = {"pass": "+", "warn": "!", "fail": "x", "indeterminate": "?"}


def authenticity_table(authenticity: Authenticity) -> Table:
    """Lay out an authenticity: a line for each component, worst first, and the score below."""
    caption = [f"authenticity {_score(authenticity.score)}", say_sentence(authenticity.reason)]
    limit = title_of(authenticity)
    if limit and is_number(authenticity.score):
        caption.append(f"held back most by: {limit}")
    if is_number(authenticity.score):  # else the reason says so
        caption.append(say_coverage(authenticity))
    return _table(authenticity.components, caption)


def polish_table(polish: Polish, before: Polish | None = None) -> Table:
    """Lay out a polish, with the values ``before`` where they are given."""
    said = f"polish {_score(polish.score)}"
    if before is not None:
        said += f", before {_score(before.score)}"
    return _table(polish.components, [said, say_sentence(polish.reason)], before)


def variants_table(variants: Sequence[Variant], *, winner: int | None) -> Table:
    """Lay out the variants of a sheet."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("pick", justify="right", no_wrap=True)
    table.add_column("variant", overflow="fold")
    for head in ("authenticity", "polish", "likeness"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for v in variants:
        like = v.likeness
        near = f"{like:.3f}" if like is not None and is_number(like) else "–"
        flags = ["chosen"] * (v.number == winner) + ["front"] * v.on_front
        row = (str(v.number), v.title, _score(v.authenticity), _score(v.polish), near)
        style = "bold" if v.number == winner else ""
        table.add_row(*(Text(cell) for cell in (*row, ", ".join(flags))), style=style)
    return table


def _score(score: float | None) -> str:
    return say_score(score) if is_number(score) else "–"


def _table(
    rows: Sequence[Component], caption: Sequence[str], before: Polish | None = None
) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", caption_justify="left")
    table.add_column("", no_wrap=True)
    table.add_column("component", no_wrap=True)
    if before is not None:
        table.add_column("before", justify="right", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("allowed", no_wrap=True)
    table.add_column("what was seen", overflow="fold", ratio=1)
    was = {c.name: c for c in before.components} if before is not None else {}
    for row in judged_only(rows):
        cells = [_verdict(row.verdict), Text(row.title)]
        if before is not None:
            cells.append(Text(_value(was.get(row.name))))
        cells += [Text(_value(row)), Text(say_range(row.low, row.high, row.unit))]
        table.add_row(*cells, Text(say_sentence(row.reason)))
    unjudged = [f"cannot be judged: {titles}. {why}" for titles, why in group_unjudged(rows)]
    table.caption = Text("\n".join(line for line in (*unjudged, *caption) if line))
    table.caption_style = ""
    return table


def _value(row: Component | None) -> str:
    if row is None or not is_number(row.value):
        return "–"
    return say_measure(row.value, row.unit)


def _verdict(verdict: Verdict) -> Text:
    from rich.text import Text

    return Text(f"{_SIGNS[verdict]} {VERDICT_WORDS[verdict]}", style=_STYLES[verdict])
