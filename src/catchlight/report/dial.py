"""Dials: a score of 0..100 as a half circle, with the figure in its middle."""

from __future__ import annotations

import math
from html import escape

from catchlight.report.evidence import AuthenticityLike, PolishLike, title_of
from catchlight.report.numbers import is_number, say_score, say_sentence, say_signed

_RADIUS, _CENTRE_X, _CENTRE_Y = 82.0, 100.0, 96.0
_LENGTH = math.pi * _RADIUS


def draw_dial(score: float | None, label: str, *, was: float | None = None) -> str:
    """Draw a dial as html.

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
    arc = _arc(0.0, 1.0, "track")
    if score is not None and known:
        part = min(max(score / 100, 0.0), 1.0)
        # A round cap of 6.5 units would show a score of nothing.
        arc += _arc(0.0, part, "arc") if part > 0 else ""
    under = "of 100" if known else ""
    if was is not None and is_number(was):
        said += f", {say_score(was)} before"
        arc += _tick(min(max(was / 100, 0.0), 1.0))
        under = f"before: {say_score(was)}"
        if score is not None and known:
            change = say_signed(round(score) - round(was), 0)
            under = "as before" if change == "0" else f"{under} ({change})"
    kind = "figure" if known else "figure none"
    return (
        f'<svg viewBox="0 0 200 118" role="img" aria-label="{escape(said)}">{arc}'
        f'<text class="{kind}" x="100" y="{92 if known else 82}">{escape(say_score(score))}</text>'
        f'<text class="under" x="100" y="113">{escape(under)}</text></svg>'
    )


def _arc(start: float, end: float, kind: str) -> str:
    (x0, y0), (x1, y1) = _place(start, _RADIUS), _place(end, _RADIUS)
    path = f"M{x0:.2f} {y0:.2f}A{_RADIUS:g} {_RADIUS:g} 0 0 1 {x1:.2f} {y1:.2f}"
    return f'<path class="{kind}" d="{path}"/>'


def _tick(part: float) -> str:
    (x0, y0), (x1, y1) = _place(part, _RADIUS - 12), _place(part, _RADIUS + 12)
    return f'<line class="was" x1="{x0:.2f}" y1="{y0:.2f}" x2="{x1:.2f}" y2="{y1:.2f}"/>'


def _place(part: float, radius: float) -> tuple[float, float]:
    angle = math.pi * (1 - part)
    return _CENTRE_X + radius * math.cos(angle), _CENTRE_Y - radius * math.sin(angle)


def authenticity_dial(authenticity: AuthenticityLike) -> str:
    """Draw the dial of authenticity with what it rests on, as html."""
    said = [authenticity.reason]
    limit = title_of(authenticity)
    if limit and is_number(authenticity.score):
        said.append(f"Held back most by: {limit}.")
    if is_number(authenticity.score):  # else the reason says so
        said.append(f"{authenticity.coverage:.0%} of the evidence could be judged.")
    return _dial("Authenticity", draw_dial(authenticity.score, "Authenticity"), said)


def polish_dial(before: PolishLike | None, after: PolishLike) -> str:
    """Draw the dial of polish, where known with that before marked on it, as html."""
    was = before.score if before else None
    return _dial("Polish", draw_dial(after.score, "Polish", was=was), [after.reason])


def _dial(title: str, svg: str, said: list[str]) -> str:
    words = "".join(f"<p>{escape(say_sentence(text))}</p>" for text in said if text)
    return f'<div class="dial"><h3>{escape(title)}</h3>{svg}{words}</div>'
