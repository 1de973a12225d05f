"""How a measurement becomes a grade: a straight ramp from bad to good, and a verdict in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from catchlight.likeness.component import Component, Verdict

#: A score at or above the first is a pass, at or above the second a warning, below it a fail.
PASS, WARN = 0.75, 0.40


def ramp(value: float, bad: float, good: float) -> float:
    """Rise in a straight line from 0 at ``bad`` to 1 at ``good``; flat beyond both.

    ``bad`` may lie on either side of ``good``.

    Examples
    --------
    >>> ramp(3.0, 4.0, 2.0)
    0.5
    """
    return min(1.0, max(0.0, (value - bad) / (good - bad)))


def sigmoid(value: float, middle: float, width: float) -> float:
    """OFIQ's mapping 1 / (1 + exp((x0 - x) / w)), with its letters as words."""
    return 1.0 / (1.0 + math.exp(min(60.0, (middle - value) / width)))


def judge(
    name: str,
    title: str,
    value: float,
    unit: str,
    score: float,
    weight: float,
    said: tuple[str, str],
    *,
    low: float | None = None,
    high: float | None = None,
    details: Mapping[str, Any] | None = None,
) -> Component:
    """Build a component whose verdict follows from its ``score``.

    Parameters
    ----------
    said : (str, str)
        The sentence for a pass, and the one for anything less.
    low, high : float, optional
        The range of ``value`` that costs nothing.
    """
    verdict: Verdict = "pass" if score >= PASS else "warn" if score >= WARN else "fail"
    reason = said[0] if verdict == "pass" else said[1]
    return Component(
        name, title, value, unit, low, high, score, weight, verdict, reason, details or {}
    )
