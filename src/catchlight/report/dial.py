"""Dials: a score of 0..100 as a half circle, with the figure in its middle."""

from __future__ import annotations

import math
from typing import Any

from markupsafe import Markup

from catchlight.likeness.authenticity import Authenticity
from catchlight.polish.score import Polish
from catchlight.report.numbers import is_number, say_score, say_signed
from catchlight.report.template import fill

_RADIUS, _CENTRE_X, _CENTRE_Y = 82.0, 100.0, 96.0


def draw_dial(score: float | None, label: str, *, was: float | None = None) -> Markup:
    """Draw a dial.

    Parameters
    ----------
    score : float or None
        0..100; None leaves the dial empty and says that nothing was measured.
    label : str
    was : float, optional
        The score before, marked on the dial.
    """
    known = is_number(score)
    said = f"{label}: {say_score(score)}" + (" of 100" if known else "")
    arcs, tick = [_arc(0.0, 1.0, "track")], None
    # A round cap of 6.5 units would show a score of nothing.
    if score is not None and known and score > 0:
        arcs.append(_arc(0.0, min(score / 100, 1.0), "arc"))
    under = "of 100" if known else ""
    if was is not None and is_number(was):
        said += f", {say_score(was)} before"
        tick = _tick(min(max(was / 100, 0.0), 1.0))
        under = f"before: {say_score(was)}"
        if score is not None and known:
            change = say_signed(round(score) - round(was), 0)
            under = "as before" if change == "0" else f"{under} ({change})"
    values = {"said": said, "arcs": arcs, "tick": tick, "known": known, "under": under}
    return fill("dial.svg", values | {"figure": say_score(score)})


def _arc(start: float, end: float, kind: str) -> tuple[str, str]:
    (x0, y0), (x1, y1) = _place(start, _RADIUS), _place(end, _RADIUS)
    return kind, f"M{x0:.2f} {y0:.2f}A{_RADIUS:g} {_RADIUS:g} 0 0 1 {x1:.2f} {y1:.2f}"


def _tick(part: float) -> tuple[str, ...]:
    (x0, y0), (x1, y1) = _place(part, _RADIUS - 12), _place(part, _RADIUS + 12)
    return tuple(f"{v:.2f}" for v in (x0, y0, x1, y1))


def _place(part: float, radius: float) -> tuple[float, float]:
    angle = math.pi * (1 - part)
    return _CENTRE_X + radius * math.cos(angle), _CENTRE_Y - radius * math.sin(angle)


def title_of(authenticity: Authenticity) -> str | None:
    """Return the title, for people, of the component that limits the score."""
    for component in authenticity.components:
        if component.name == authenticity.limited_by:
            return component.title
    return authenticity.limited_by


def say_authenticity(authenticity: Authenticity) -> list[str]:
    """What a score of authenticity rests on, in sentences."""
    said = [authenticity.reason]
    limit = title_of(authenticity)
    if is_number(authenticity.score):  # else the reason says so
        said += [f"Held back most by: {limit}."] if limit else []
        said.append(f"{say_coverage(authenticity)}.")
    return said


def say_coverage(authenticity: Authenticity) -> str:
    """How much of the evidence there could be was judged."""
    kind = "the evidence" if authenticity.same_photo else "what different photographs can tell"
    return f"{authenticity.coverage:.0%} of {kind} could be judged"


def view_authenticity(authenticity: Authenticity) -> dict[str, Any]:
    """The dial of authenticity with what it rests on."""
    svg = draw_dial(authenticity.score, "Authenticity")
    return {"label": "Authenticity", "svg": svg, "said": say_authenticity(authenticity)}


def view_polish(before: Polish | None, after: Polish) -> dict[str, Any]:
    """The dial of polish, where known with that before marked on it."""
    svg = draw_dial(after.score, "Polish", was=before.score if before else None)
    return {"label": "Polish", "svg": svg, "said": [after.reason]}
