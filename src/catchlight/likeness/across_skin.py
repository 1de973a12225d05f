"""Skin and eyes across photographs: tone by ratios within a picture, relief, and irises.

The skin of a picture is compared with the whites of the eyes, the brows and the lips *of the same
picture*: light multiplies both, and its colour both. Whitening, tanning and recolouring move the
ratio. No lightness that a skin should have enters anywhere.
"""

from __future__ import annotations

import numpy as np

from catchlight.likeness.across import Across, Bar, Departure, judge_departures, merge
from catchlight.likeness.component import Finding, unseen
from catchlight.likeness.conditions import compare_contrast, to_tint
from catchlight.likeness.traits import SITES, Traits

# Spreads of the skin's log ratio to each, in one session: lightness, red and blue over green; and
# what another light, another colour of it, and narrowed lids add.
_BESIDE = {
    "whites": (0.10, 0.032, 0.030), "brows": (0.065, 0.022, 0.018), "lips": (0.11, 0.055, 0.047),
}  # fmt: skip
_OTHER_LIGHT, _OTHER_TINT, _LIDS = (1.00, 0.25, 0.25), 1.0, 0.6
# Log contrast of brows, irises, lips, skin and whites with each other: in one session, and what
# another light adds. A whitening curve takes 0.14 of it, some of the skin's red, and lifts brows
# and lips more than the skin: the weights of contrast, lightness and red that told it best from 41
# people whom nobody edited, each in its own spreads.
_CONTRAST, _CONTRAST_LIGHT, _WASHED = 0.039, 0.50, Bar(0.10, 0.30, 0.16)
_WEIGHTS, _PALED = (0.75, 0.35, 0.45), ("lighter", "redder")
# Skin whitened by a mask is lighter, less red and less yellow at once, each by little: the weights
# of the three that told it best from 41 people whom nobody edited, each in its own spreads. By
# halves of the people 93 % are told, and one untouched photo of 82.
_PALE = {"lighter": 0.40, "redder": -0.70, "bluer": 0.55}
# The ratios of one picture are not independent: together they narrow a spread by less.
_TOGETHER = 1.25
#: Natural logarithms: 0.12 is 4 L* of a medium skin, 0.25 is 8; of colour 0.05 and 0.12.
_LIGHTNESS, _COLOUR = Bar(0.12, 0.30, 0.16), Bar(0.045, 0.12, 0.06)
#: Log contrast of the skin's relief: a Gaussian of 0.3 mm takes 0.33, a bilateral filter 1.1.
_RELIEF, _RELIEF_LIGHT, _RELIEF_BAR = 0.075, 0.5, Bar(0.22, 0.60, 0.16)
#: Log ratio of the irises' colour to the whites': from brown to blue is 0.6.
_IRIS, _IRIS_LIGHT, _IRIS_BAR = (0.06, 0.065), 0.30, Bar(0.20, 0.50, 0.16)


def measure_tone_across(across: Across) -> Finding:
    """Hold the skin against whites, brows and lips of its own picture, here and in the photos."""
    per_photo: dict[str, list[tuple[float, float]]] = {"lighter": [], "redder": [], "bluer": []}
    washed: list[tuple[float, float]] = []
    paled: list[tuple[float, float]] = []
    for theirs, conditions, change in zip(
        across.theirs, across.conditions, across.shapes, strict=True
    ):
        here: dict[str, Departure] = {}
        for index, name in enumerate(per_photo):
            rows = []
            for part, spreads in _BESIDE.items():
                now, was = _ratio(across.its, part), _ratio(theirs, part)
                if now is None or was is None:
                    continue
                lids = _LIDS * abs(change["eye opening"]) if (part, index) == ("whites", 0) else 0.0
                tint = _OTHER_TINT * conditions.tint if index else 0.0
                light = _OTHER_LIGHT[index] * conditions.light
                spread = float(np.linalg.norm([spreads[index], light, tint, lids]))
                rows.append((float(now[index] - was[index]), spread))
            merged = _together(rows)
            if merged is None:
                continue
            per_photo[name].append((merged.value, merged.spread))
            here[name] = merged
        contrast = compare_contrast(theirs, across.its)
        if contrast is not None and here:
            # Whites of another colour are lit or balanced otherwise, and tell of no curve.
            other = (_CONTRAST_LIGHT * conditions.light, _OTHER_TINT * conditions.tint)
            spread = float(np.linalg.norm([_CONTRAST, *other]))
            far = [contrast / spread, *(here[k].value / here[k].spread for k in _PALED)]
            washed.append((min(float(np.dot(_WEIGHTS, far)), 0.0) * spread, spread))
        if len(here) == len(_PALE):
            joint = sum(w * here[k].value / here[k].spread for k, w in _PALE.items())
            # Its spread, and so whether it can be told, is that of the lightness.
            paled.append((max(joint, 0.0) * here["lighter"].spread, here["lighter"].spread))
    departures = {}
    merged = merge(washed)
    if merged is not None:
        said = "skin, lips and brows are washed out as by a whitening curve: flatter and less red"
        departures[said] = (merged, _WASHED)
    merged = merge(paled)
    if merged is not None:
        said = "the skin alone is lighter and paler than in the photos, as by whitening"
        departures[said] = (merged, _LIGHTNESS)
    for name, rows in per_photo.items():
        merged = merge(rows)
        if merged is not None:
            departures[_tell_tone(name, merged)] = (
                merged, _LIGHTNESS if name == "lighter" else _COLOUR,
            )  # fmt: skip
    if not departures:
        return unseen("eyes, brows and lips do not show well enough to hold the skin against")
    return judge_departures(
        departures,
        praise="against whites, brows and lips the skin is as light and as warm as in the photos",
        unlike="the light differs too much from the photos' to tell",
    )


def _ratio(traits: Traits, part: str) -> tuple[float, float, float] | None:
    """Log lightness, red over green and blue over green of the skin against a part."""
    if part not in traits.beside:
        return None
    apart = traits.skin - traits.beside[part]
    red, blue = to_tint(apart)
    return float(apart.mean()), float(red), float(blue)


def _together(rows: list[tuple[float, float]]) -> Departure | None:
    if not rows:
        return None
    values, spreads = (np.array(column) for column in zip(*rows, strict=True))
    weights = 1 / spreads**2
    spread = max(_TOGETHER * float(weights.sum() ** -0.5), float(np.std(values)) / 3)
    return Departure(float((weights * values).sum() / weights.sum()), spread)


def _tell_tone(name: str, found: Departure) -> str:
    beside = "against the whites, brows and lips of its own picture the skin is"
    if name == "lighter":
        word, share = "lighter" if found.value > 0 else "darker", abs(np.expm1(found.value))
        return f"{beside} {word} than in the photos, by {share:.0%} of its light"
    if name == "redder":
        return f"{beside} {'redder' if found.value > 0 else 'less red'} than in the photos"
    return f"{beside} {'less yellow' if found.value > 0 else 'yellower'} than in the photos"


def measure_relief_across(across: Across) -> Finding:
    """Hold the relief of the skin against the photos': smoother than the camera could make it.

    What brows and lashes lost as well, the camera or the file took. A rougher skin is none of this.
    """
    rows = []
    for theirs, conditions in zip(across.theirs, across.conditions, strict=True):
        shared = [
            across.its.relief[site] - theirs.relief[site]
            for site in SITES
            if site in across.its.relief and site in theirs.relief
        ]
        if not shared or across.its.detail is None or theirs.detail is None:
            continue
        camera = min(across.its.detail - theirs.detail, 0.0)
        spread = float(np.hypot(_RELIEF, _RELIEF_LIGHT * conditions.light))
        rows.append((min(float(np.median(shared)) - camera, 0.0), float(np.hypot(spread, camera))))
    merged = merge(rows)
    if merged is None:
        return unseen("the pictures are too small to show the relief of skin", moot=True)
    left = float(np.exp(merged.value))
    said = f"the skin is smoother than in the photos: {left:.0%} of its relief is left"
    return judge_departures(
        {said: (merged, _RELIEF_BAR)},
        praise="the skin has the relief that it has in the photos",
        unlike="light or sharpness differ too much from the photos' to tell",
    )


def measure_irises_across(across: Across) -> Finding:
    """Hold the irises' colour against the photos', each by the whites of its own eyes."""
    found: dict[str, list[tuple[float, float]]] = {"red": [], "blue": []}
    for theirs, conditions in zip(across.theirs, across.conditions, strict=True):
        if any(k not in t.beside for t in (across.its, theirs) for k in ("irises", "whites")):
            continue
        now, was = (to_tint(t.beside["irises"] - t.beside["whites"]) for t in (across.its, theirs))
        for i, name in enumerate(found):
            more = (_IRIS_LIGHT * conditions.light, _OTHER_TINT * conditions.tint)
            found[name].append((float(now[i] - was[i]), float(np.linalg.norm([_IRIS[i], *more]))))
    departures = {}
    for name, rows in found.items():
        merged = merge(rows)
        if merged is not None:
            word = "more" if merged.value > 0 else "less"
            departures[f"the irises are {word} {name} than in the photos"] = (merged, _IRIS_BAR)
    if not departures:
        return unseen("the eyes are too small or too nearly shut to be judged", moot=True)
    return judge_departures(
        departures,
        praise="the irises have the photos' colour",
        unlike="the light differs too much from the photos' to tell",
    )
