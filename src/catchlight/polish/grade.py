"""How a measurement becomes a score of polish: what passes, and a sigmoid from bad to good."""

from __future__ import annotations

import math

#: Polish passes a score from the first on, and fails one to the second: half of what is wrong with
#: a picture may well be seen, where likeness forgives nothing.
PASSES, FAILS = 0.75, 0.40


def sigmoid(value: float, middle: float, width: float) -> float:
    """OFIQ's mapping 1 / (1 + exp((x0 - x) / w)), with its letters as words."""
    return 1.0 / (1.0 + math.exp(min(60.0, (middle - value) / width)))
