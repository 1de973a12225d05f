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
    taken: list[tuple[float, float]] = []
    leaders = points = ""
    # The one chosen and those on the front come first: they keep their true places.
    for v in sorted(known, key=lambda v: (v.number != winner, not v.on_front, v.number)):
        true = across.at(v.authenticity), up.at(v.polish)
        place = _make_room(true, taken)
        taken.append(place)
        leaders += _leader(true, place) if place != true else ""
        points += _point(v, *place, won=v.number == winner)
    said = f"Authenticity against polish of {len(known)} variants; the grid below has all numbers"
    return (
        f'<svg class="scatter" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="group" '
        f'aria-label="{escape(said)}">{out}{leaders}{points}</svg>'
    )


def _make_room(true: tuple[float, float], taken: list[tuple[float, float]]) -> tuple[float, float]:
    """Find the nearest place in the plot that hides no point already there."""
    for ring in range(12):
        for turn in range(max(1, 6 * ring)):
            angle = 2 * math.pi * turn / max(1, 6 * ring)
            x = true[0] + 11 * ring * math.cos(angle)
            y = true[1] + 11 * ring * math.sin(angle)
            inside = _LEFT + 12 < x < _WIDTH - _RIGHT and _TOP < y < _HEIGHT - _BOTTOM - 12
            if ring and not inside:
                continue
            # Two rings of 10, and room for the ring about the one chosen.
            if all(
                math.hypot(x - a, y - b) >= (25 if i == 0 else 22) for i, (a, b) in enumerate(taken)
            ):
                return x, y
    return true


def _leader(true: tuple[float, float], place: tuple[float, float]) -> str:
    """Lead from a point moved aside to where it belongs."""
    return (
        f'<line class="leader" x1="{true[0]:.1f}" y1="{true[1]:.1f}" x2="{place[0]:.1f}" '
        f'y2="{place[1]:.1f}"/><circle class="true" cx="{true[0]:.1f}" cy="{true[1]:.1f}" r="2.5"/>'
    )


class _Axis:
    """A scale from scores to pixels: its ends are round numbers, at least ten points apart.

    On a closer scale the noise of the measures would look like a difference.
    """

    def __init__(self, values: list[float], start: float, end: float) -> None:
        spread = max(values) - min(values)
        self.step = 2 if spread <= 10 else 5 if spread <= 25 else 10
        margin = max(0.3 * self.step, (10 - spread) / 2)
        low = math.floor((min(values) - margin) / self.step) * self.step
        high = math.ceil((max(values) + margin) / self.step) * self.step
        self.low, self.high = max(0, low), min(100, high)
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
