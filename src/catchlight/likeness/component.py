"""A component: one thing measured, with its unit, its allowed range, a verdict and the reason.

Vocabulary: a *component* is one row of the evidence; its *verdict* is ``pass``, ``warn``, ``fail``,
or ``indeterminate`` where it cannot be judged: then it has no value, and never a made-up number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Verdict = Literal["pass", "warn", "fail", "indeterminate"]
#: A score from here on is a pass: what harmless changes cost.
_PASS = 0.9


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

    def to_json(self) -> dict[str, Any]:
        """Return the row without its picture, ready for JSON."""
        keys = "name title value unit low high score weight verdict reason".split()
        return {k: getattr(self, k) for k in keys} | {"details": dict(self.details)}


def indeterminate(name: str, title: str, unit: str, weight: float, reason: str) -> Component:
    """Build the row of what cannot be judged here, with the ``reason`` why."""
    return Component(name, title, None, unit, None, None, None, weight, "indeterminate", reason)


def grade(value: float, best: float, good: float, bad: float) -> float:
    """Score of a value: 1 at ``best``, 0.9 at the end of what is allowed, 0 at the red line.

    In straight lines between; beyond ``best`` it stays 1. ``bad`` lies on either side.
    """
    if (value - good) * (bad - good) <= 0:
        slope = (value - best) / (good - best)
        return float(np.clip(1.0 - (1.0 - _PASS) * slope, _PASS, 1.0))
    return float(np.clip(_PASS * (bad - value) / (bad - good), 0.0, _PASS))


def judge_by(score: float) -> Verdict:
    """``pass`` where there is nothing to see, ``fail`` at the red line, ``warn`` in between."""
    return "pass" if score >= _PASS else "fail" if score <= 0 else "warn"
