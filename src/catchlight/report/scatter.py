"""The plot of a sheet of variants: authenticity to the right, polish upward."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from catchlight.report.numbers import is_number, say_score
from catchlight.report.variants import VariantLike

_WIDTH, _HEIGHT = 420.0, 300.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 16.0, 16.0, 46.0


def draw_scatter(variants: Sequence[VariantLike], *, winner: int | None) -> str:
    """Draw the plot as html; empty where fewer than two variants have both numbers.

    The front is a line through filled points, the others are hollow, the winner wears a ring:
    nothing is told by colour alone. Each point leads to its card.
    """
    known = [v for v in variants if is_number(v.authenticity) and is_number(v.polish)]
    if len(known) < 2:
        return ""
    across = _Axis([v.authenticity or 0.0 for v in known], _LEFT, _WIDTH - _RIGHT)
    up = _Axis([v.polish or 0.0 for v in known], _HEIGHT - _BOTTOM, _TOP)
    out = _grid(across, up)
    front = sorted((v for v in known if v.on_front), key=lambda v: v.authenticity or 0.0)
    line = " ".join(f"{across.at(v.authenticity):.1f},{up.at(v.polish):.1f}" for v in front)
    out += f'<polyline class="front" points="{line}"/>' if len(front) > 1 else ""
    # Those on the front are drawn last, on top.
    for v in sorted(known, key=lambda v: (v.number == winner, v.on_front)):
        out += _point(v, across.at(v.authenticity), up.at(v.polish), won=v.number == winner)
    said = f"Authenticity against polish of {len(known)} variants; the grid below has all numbers"
    return (
        f'<svg class="scatter" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="group" '
        f'aria-label="{escape(said)}">{out}</svg>'
    )


class _Axis:
    """A scale from scores to pixels whose ends are round numbers."""

    def __init__(self, values: list[float], start: float, end: float) -> None:
        spread = max(values) - min(values)
        self.step = 1 if spread <= 5 else 2 if spread <= 10 else 5 if spread <= 25 else 10
        self.low = max(0, math.floor(min(values) / self.step - 0.3) * self.step)
        self.high = min(100, math.ceil(max(values) / self.step + 0.3) * self.step)
        self.high = max(self.high, self.low + self.step)
        self.start, self.end = start, end

    def at(self, value: float | None) -> float:
        part = ((value or 0.0) - self.low) / (self.high - self.low)
        return self.start + part * (self.end - self.start)

    @property
    def ticks(self) -> range:
        return range(self.low, self.high + 1, self.step)


def _grid(across: _Axis, up: _Axis) -> str:
    out = ""
    for tick in across.ticks:
        x = across.at(tick)
        out += f'<line class="grid" x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{up.start}"/>'
        out += f'<text class="tick" x="{x:.1f}" y="{up.start + 17:.1f}">{tick}</text>'
    for tick in up.ticks:
        y = up.at(tick)
        out += f'<line class="grid" x1="{_LEFT}" y1="{y:.1f}" x2="{across.end}" y2="{y:.1f}"/>'
        out += f'<text class="tick left" x="{_LEFT - 8}" y="{y + 4:.1f}">{tick}</text>'
    middle = (_LEFT + across.end) / 2
    out += f'<text class="axis" x="{middle:.1f}" y="{_HEIGHT - 8}">authenticity</text>'
    turn = (up.start + up.end) / 2
    return out + (
        f'<text class="axis" x="12" y="{turn:.1f}" transform="rotate(-90 12 {turn:.1f})">polish'
        "</text>"
    )


def _point(v: VariantLike, x: float, y: float, *, won: bool) -> str:
    place = "on the front" if v.on_front else "not on the front"
    said = (
        f"Variant {v.number}: authenticity {say_score(v.authenticity)}, polish "
        f"{say_score(v.polish)}, {place}" + (", chosen" if won else "")
    )
    ring = f'<circle class="ring" cx="{x:.1f}" cy="{y:.1f}" r="14"/>' if won else ""
    kind = "on" if v.on_front else "off"
    return (
        f'<a href="#v{v.number}" aria-label="{escape(said)}"><title>{escape(said)}</title>{ring}'
        f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="10"/>'
        f'<text class="{kind}" x="{x:.1f}" y="{y + 3.8:.1f}">{v.number}</text></a>'
    )
