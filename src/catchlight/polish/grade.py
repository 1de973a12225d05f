"""How a measurement becomes a score of polish: a straight ramp, or a sigmoid, from bad to good."""

from __future__ import annotations

import math

#: Polish passes a score from the first on, and fails one to the second: half of what is wrong with
#: a picture may well be seen, where likeness forgives nothing.
PASSES, FAILS = 0.75, 0.40


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
