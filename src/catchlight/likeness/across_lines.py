"""Lines across photographs: of the forehead and around the eyes, how deep they are and were.

A line is skin darker than its surroundings over one to a few millimetres. How dark the darkest
tenth of a place is against the skin around it, in logarithms of light, no exposure changes, and a
camera that resolves two pixels across a line hardly does. The creases of a smile are left out: a
smile deepens them by two thirds with a spread as large, which would hide what was erased.
"""

from __future__ import annotations

import numpy as np

from catchlight.likeness.across import Across, Bar, judge_departures, merge
from catchlight.likeness.component import Finding, unseen

#: Spreads of log depth between two photographs of one session, one of them smiling (41 people).
_SPREADS = {"forehead": 0.095, "crow's feet": 0.15}
#: What another light adds (52 pairs of other occasions).
_OTHER_LIGHT = 0.8
#: What the two places share narrows no spread.
_TOGETHER = 1.1
#: Log depth: lines filled by 85 % take 0.49 of it, and 0.22 is a fifth of their depth.
_BAR = Bar(0.22, 0.60, 0.16)


def measure_lines_across(across: Across) -> Finding:
    """Hold the depth of lines against the photos'; deeper ones are none of this."""
    rows = []
    for theirs, conditions in zip(across.theirs, across.conditions, strict=True):
        shared = [p for p in _SPREADS if p in theirs.lines and p in across.its.lines]
        if not shared:
            continue
        gone = np.array([across.its.lines[p] - theirs.lines[p] for p in shared])
        weights = np.array([_SPREADS[p] ** -2 for p in shared])
        spread = _TOGETHER * float(weights.sum() ** -0.5)
        here = float((weights * gone).sum() / weights.sum())
        light = _OTHER_LIGHT * conditions.light
        rows.append((min(here, 0.0), float(np.hypot(spread, light))))
    merged = merge(rows)
    if merged is None:
        why = "the pictures are too small, or forehead and eyes too covered, to show lines"
        return unseen(why, moot=True)
    left = float(np.exp(merged.value))
    said = (
        "the lines of the forehead and around the eyes are shallower: "
        f"{left:.0%} of the depth that they have in the photos"
    )
    return judge_departures(
        {said: (merged, _BAR)},
        praise="the lines of the forehead and around the eyes are as deep as in the photos",
        unlike="the light differs too much from the photos' to tell",
    )
