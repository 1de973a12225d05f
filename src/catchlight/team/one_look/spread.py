"""The spread of a page: how far its portraits lie apart in each thing, before and after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from catchlight.arrays import as_float
from catchlight.pixels.colour import ciede2000
from catchlight.team.work.presence import Presence


@dataclass(frozen=True)
class LookSpread:
    """How far portraits lie apart in one thing.

    Attributes
    ----------
    name, unit : str
    before, after : float or None, standard deviation (of colours: mean CIEDE2000 to the median)
    fitting : float or None, of those portraits alone that fit the page
    """

    name: str
    unit: str
    before: float | None
    after: float | None
    fitting: float | None = None


def measure_spreads(
    before: Sequence[Presence], after: Sequence[Presence], fits: Sequence[bool] = ()
) -> list[LookSpread]:
    """Measure how far portraits lie apart, as they came, as they are, and those alone that fit."""
    fitting = [seen for seen, fit in zip(after, fits, strict=False) if fit]
    return [
        LookSpread(name, unit, measure(before), measure(after), measure(fitting))
        for name, unit, measure in _THINGS
    ]


def _deviation(
    read: Callable[[Presence], float | None],
) -> Callable[[Sequence[Presence]], float | None]:
    def measure(seen: Sequence[Presence]) -> float | None:
        found = [value for value in map(read, seen) if value is not None]
        return float(np.std(found)) if len(found) > 1 else None

    return measure


def _measure_colours(seen: Sequence[Presence]) -> float | None:
    labs = np.array([p.backdrop for p in seen if p.backdrop is not None])
    if len(labs) < 2:
        return None
    middle = as_float(np.median(labs, axis=0, keepdims=True))
    return float(ciede2000(labs, middle).mean())


_THINGS: tuple[tuple[str, str, Callable[[Sequence[Presence]], float | None]], ...] = (
    ("head size", "share of the height", _deviation(lambda p: p.head)),
    ("eye line", "share of the height", _deviation(lambda p: p.eyes)),
    ("backdrop", "CIEDE2000", _measure_colours),
    ("backdrop's unrest", "L*", _deviation(lambda p: p.unrest)),
    ("key side and strength", "stops", _deviation(lambda p: p.key)),
    ("contrast of the face", "stops", _deviation(lambda p: p.contrast)),
    ("sharpness", "mm", _deviation(lambda p: p.sharpness)),
)
