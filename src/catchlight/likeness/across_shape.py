"""Shape across photographs: eyes, nose and jaw against the person's own.

Expression moves what is measured: a smile spreads the wings of the nose and narrows the eyes. What
it did is told by the mouth's width and the lids' opening, and taken off by slopes fitted on 41
people, neutral and smiling; what they leave is in the spread. It hardly reaches the ridge of the
nose and its tip: there a nose that was slimmed is told from one that smiles.
"""

from __future__ import annotations

import numpy as np

from catchlight.likeness.across import Across, Bar, judge_departures, merge
from catchlight.likeness.component import Finding

# Slopes of log proportions: eyes over the lids' opening, nose and jaw over the mouth's width.
_LIDS, _SMILE_NOSE, _SMILE_RIDGE, _SMILE_JAW = 0.076, 0.58, 0.053, 0.036
# Spreads: of two photographs in one light; added for another light, for a degree of turn and for
# one that a head does not face the camera; of nose and jaw for each part that the mouth widened.
_EYES, _NOSE, _JAW = (0.020, 0.045, 0.0015), (0.022, 0.05, 0.002), (0.0095, 0.035, 0.0012)
# Other light is most of what the ridge is followed by: its shading.
_RIDGE = (0.0165, 0.18, 0.002)
_ASIDE = 0.003
_NOSE_SMILE, _JAW_SMILE = 0.24, 0.05
#: Changes in log proportion: nobody sees 3 %, and 10 % is another face.
_BAR = Bar(0.03, 0.10, 0.06)


def measure_shape_across(across: Across) -> Finding:
    """Hold eyes, nose and jaw against the person's photos."""
    found: dict[str, list[tuple[float, float]]] = {
        "eyes": [], "wings of the nose": [], "ridge of the nose": [], "jaw": []
    }  # fmt: skip
    for change, conditions in zip(across.shapes, across.conditions, strict=True):

        def spread(base: float, light: float, turn: float, more: float = 0.0) -> float:
            here = conditions  # noqa: B023 - called at once
            parts = (base, light * here.light, turn * here.turn, _ASIDE * here.aside, more)
            return float(np.linalg.norm(parts))

        eyes = change["eyes"] - _LIDS * change["eye opening"]
        nose = change["nose"] - _SMILE_NOSE * change["mouth"]
        ridge = change["ridge"] - _SMILE_RIDGE * change["mouth"]
        jaw = change["jaw over cheekbones"] - _SMILE_JAW * change["mouth"]
        found["eyes"].append((eyes, spread(*_EYES)))
        wings = spread(*_NOSE, _NOSE_SMILE * abs(change["mouth"]))
        found["wings of the nose"].append((nose, wings))
        found["ridge of the nose"].append((ridge, spread(*_RIDGE)))
        found["jaw"].append((jaw, spread(*_JAW, _JAW_SMILE * abs(change["mouth"]))))
    departures = {}
    for part, rows in found.items():
        merged = merge(rows)
        if merged is None:
            continue
        more, less = ("larger", "smaller") if part == "eyes" else ("wider", "narrower")
        size = abs(np.expm1(merged.value))
        verb = "are" if part in ("eyes", "wings of the nose") else "is"
        said = (
            f"the {part} {verb} {size:.0%} {more if merged.value > 0 else less} than in the photos"
        )
        departures[said] = (merged, _BAR if part != "jaw" else Bar(0.025, 0.06, 0.03))
    return judge_departures(
        departures,
        praise="eyes, nose and jaw have the proportions of the photos, as far as they can tell",
        unlike="light and pose differ too much from the photos' for proportions to be told",
    )
