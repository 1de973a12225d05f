"""The plot of a sheet of variants: authenticity to the right, polish upward."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from catchlight.report.numbers import is_number, say_score
from catchlight.report.template import fill
from catchlight.results import Variant

_WIDTH, _HEIGHT = 420.0, 300.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 16.0, 16.0, 46.0


def draw_scatter(variants: Sequence[Variant], *, winner: int | None) -> Markup:
    """Draw the plot; empty where fewer than two variants have both numbers.

    The front is a line through filled points, the others are hollow, the winner wears a ring:
    nothing is told by colour alone. Each point leads to its card.
    """
    known = [v for v in variants if is_number(v.authenticity) and is_number(v.polish)]
    if len(known) < 2:
        return Markup()
    across = _Axis([v.authenticity or 0.0 for v in known], _LEFT, _WIDTH - _RIGHT)
    up = _Axis([v.polish or 0.0 for v in known], _HEIGHT - _BOTTOM, _TOP)
    front = sorted((v for v in known if v.on_front), key=lambda v: v.authenticity or 0.0)
    line = " ".join(f"{across.at(v.authenticity):.1f},{up.at(v.polish):.1f}" for v in front)
    taken: list[tuple[float, float]] = []
    points = []
    # The one chosen and those on the front come first: they keep their true places.
    for v in sorted(known, key=lambda v: (v.number != winner, not v.on_front, v.number)):
        true = across.at(v.authenticity), up.at(v.polish)
        place = _make_room(true, taken)
        taken.append(place)
        points.append(_point(v, place, None if place == true else true, won=v.number == winner))
    said = f"Authenticity against polish of {len(known)} variants; the grid below has all numbers"
    values = {
        "box": f"0 0 {_WIDTH:g} {_HEIGHT:g}",
        "said": said,
        "front": line if len(front) > 1 else "",
        "points": points,
        "middle": f"{(_LEFT + across.end) / 2:.1f}",
        "bottom": _HEIGHT - 8,
        "turn": f"{(up.start + up.end) / 2:.1f}",
        **_grid(across, up),
    }
    return fill("scatter.svg", values)


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


def _grid(across: _Axis, up: _Axis) -> dict[str, Any]:
    """Lines and figures of both scales."""
    vertical, level = [], []
    for tick in across.ticks:
        x = f"{across.at(tick):.1f}"
        vertical.append(((x, _TOP, x, up.start), (x, f"{up.start + 17:.1f}", tick)))
    for tick in up.ticks:
        y = up.at(tick)
        line = (_LEFT, f"{y:.1f}", across.end, f"{y:.1f}")
        level.append((line, (_LEFT - 8, f"{y + 4:.1f}", tick)))
    return {"across": vertical, "up": level}


def _point(
    v: Variant, place: tuple[float, float], true: tuple[float, float] | None, *, won: bool
) -> dict[str, Any]:
    """A point, and its ``true`` place where it was moved aside."""
    where = "on the front" if v.on_front else "not on the front"
    return {
        "number": v.number,
        "said": f"Variant {v.number}: authenticity {say_score(v.authenticity)}, polish "
        f"{say_score(v.polish)}, {where}" + (", chosen" if won else ""),
        "kind": "on" if v.on_front else "off",
        "won": won,
        "x": f"{place[0]:.1f}",
        "y": f"{place[1]:.1f}",
        "line": f"{place[1] + 3.8:.1f}",
        "true": true and tuple(f"{v:.1f}" for v in true),
    }
