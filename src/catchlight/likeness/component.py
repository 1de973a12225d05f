"""A component: one thing measured, with its unit, its allowed range, a verdict and the reason.

Vocabulary: a *component* is one row of the evidence; its *verdict* is ``pass``, ``warn``, ``fail``,
or ``indeterminate`` where it cannot be judged: then it has no value, and never a made-up number. A
*finding* is what a measure says; a *row* of a catalogue makes it a component. What a pass is has
one definition, :meth:`Row.judge`, for likeness and polish alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

Verdict = Literal["pass", "warn", "fail", "indeterminate"]
#: What a measure looks at: a pair of pictures, or the sight of one.
Seen = TypeVar("Seen")
#: Likeness passes a score from here on: what harmless changes cost (see :func:`grade`).
PASSES = 0.9


@dataclass(frozen=True)
class Component:
    """One row of the evidence.

    Attributes
    ----------
    name : str
        Machine name, for example ``texture_kept``.
    title : str
        The name for people.
    value : float or None
        None where it is indeterminate.
    unit : str
    low, high : float or None
        The allowed range of the value, both ends inside; None where that side is open.
    score : float or None
        0 (worst) to 1 (nothing to see); None where it is indeterminate.
    weight : float
        Its weight in the combination, relative to the others.
    verdict : Verdict
    reason : str
        A sentence for a person: what was seen, where, or why it cannot be judged.
    details : mapping
        Further numbers and lists, ready for JSON.
    picture : (h, w, 3) uint8 sRGB, or None
        Where a picture says more: a map, an overlay.
    """

    name: str
    title: str
    value: float | None
    unit: str
    low: float | None
    high: float | None
    score: float | None
    weight: float
    verdict: Verdict
    reason: str
    details: Mapping[str, Any] = field(default_factory=dict)
    picture: NDArray[np.uint8] | None = None

    @property
    def subject(self) -> str:
        """What it is about, within a sentence: not what is kept of it."""
        return self.title.lower().removesuffix(" kept")

    def to_json(self) -> dict[str, Any]:
        """Return the row without its picture, ready for JSON."""
        keys = "name title value unit low high score weight verdict reason".split()
        return {k: getattr(self, k) for k in keys} | {"details": dict(self.details)}


@dataclass(frozen=True)
class Finding:
    """What a measure says of what it saw, before it is anybody's component.

    Attributes
    ----------
    value, score : float or None
        Both None where it cannot be judged.
    said : str, the sentence for a person
    praise : str
        The sentence where it passes, if that is another.
    low, high : float or None, the allowed range of the value
    details : mapping, ready for JSON
    moot : bool
        Nothing was there that could be lost: not judged, and no missing evidence either.
    unit : str, of the value where it is not the row's own
    """

    value: float | None
    score: float | None
    said: str
    praise: str = ""
    low: float | None = None
    high: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    moot: bool = False
    unit: str = ""


def unseen(said: str, *, moot: bool = False) -> Finding:
    """Say why something cannot be judged."""
    return Finding(None, None, said, moot=moot)


@dataclass(frozen=True)
class Row(Generic[Seen]):
    """One row of a catalogue of components: all there is to know of it but its arithmetic.

    Attributes
    ----------
    name, title, unit : str, see :class:`Component`
    weight : float, relative to the catalogue's others
    limits : (str, str)
        For people: what is allowed or costs nothing, and what ends it or costs everything.
    measure : callable of what is seen -> Finding
    says : str
        For people: what is measured.
    passes, fails : float
        From the first score on it is a pass, to the second a fail, and a warning between.
    asks_networks : bool
        Whether it waits for networks, which look while the other rows are measured.
    """

    name: str
    title: str
    unit: str
    weight: float
    limits: tuple[str, str]
    measure: Callable[[Seen], Finding]
    says: str
    passes: float = PASSES
    fails: float = 0.0
    asks_networks: bool = False

    def judge(self, score: float) -> Verdict:
        """``pass`` where there is nothing to see, ``fail`` at the red line, ``warn`` between."""
        return "pass" if score >= self.passes else "fail" if score <= self.fails else "warn"

    def component(self, found: Finding) -> Component:
        """Build the component of what was found."""
        if found.score is None:
            row = self.unjudged(found.said, moot=found.moot)
            return replace(row, details=found.details)
        verdict = self.judge(found.score)
        said = found.praise if verdict == "pass" and found.praise else found.said
        return Component(
            self.name, self.title, found.value, found.unit or self.unit, found.low, found.high,
            found.score, self.weight, verdict, said, found.details,
        )  # fmt: skip

    def look(self, seen: Seen) -> Component:
        """Measure what is seen."""
        return self.component(self.measure(seen))

    def unjudged(self, reason: str, *, moot: bool = False) -> Component:
        """Build the component of what cannot be judged, and say why."""
        weight = 0.0 if moot else self.weight
        return indeterminate(self.name, self.title, self.unit, weight, reason)


def indeterminate(name: str, title: str, unit: str, weight: float, reason: str) -> Component:
    """Build the row of what cannot be judged here, with the ``reason`` why."""
    return Component(name, title, None, unit, None, None, None, weight, "indeterminate", reason)


def grade(value: float, best: float, good: float, bad: float) -> float:
    """Score of a value: 1 at ``best``, 0.9 at the end of what is allowed, 0 at the red line.

    In straight lines between; beyond ``best`` it stays 1. ``bad`` lies on either side.
    """
    if (value - good) * (bad - good) <= 0:
        slope = (value - best) / (good - best)
        return float(np.clip(1.0 - (1.0 - PASSES) * slope, PASSES, 1.0))
    return float(np.clip(PASSES * (bad - value) / (bad - good), 0.0, PASSES))


def tabulate(rows: Sequence[Row[Any]]) -> list[str]:
    """Draw a catalogue as the lines of a Markdown table, for the pages of docs/."""
    head = ["| component | weight | measures | allowed | red line |", "|---|---:|---|---:|---:|"]
    return head + [
        f"| {r.title.lower()} | {r.weight:g} | {r.says} | {r.limits[0]} | {r.limits[1]} |"
        for r in rows
    ]
