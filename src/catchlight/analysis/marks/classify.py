"""The kind and the fate of a spot, by absorption, size and form (science.md 5, its decisions).

Blood takes green and blue and hardly red; melanin takes blue most and red too; a hair, a pore or a
shadow takes all three alike. So blue over green tells blood from melanin whatever the shading does:
of painted spots on 34 real faces of all tones 9 in 10 papules had brown/redness below 0.13 and 9 in
10 moles above 1.04; a papule is 0.45 to 0.96 of what its surroundings vary in redness, the flecks
of healthy skin half of them under 0.25.
"""

from __future__ import annotations

import numpy as np

from catchlight.analysis.marks.blobs import Blob
from catchlight.analysis.marks.mark import Fate, Kind, Mark
from catchlight.analysis.marks.spots import Spot

#: The least mark, mm: the smallest blemish is 0.8 and the fit's grid is 20 % wide.
_LEAST_MM, _MOST_MM = 0.7, 8.0
#: Natural density. Below the first two a spot is not worth a line (about 4 L*, 3 a*); a field of
#: freckles has fainter ones.
_FAINT_DARK, _FRECKLE = 0.12, 0.05
#: A scar stands out of the skin's texture this many times over.
LEAST_SCAR_Z = 5.5
#: What is less of the variance of its surroundings is texture, not a dark mark.
_FIT = 0.45
#: The confidence of what may be part of a freckle field and is nothing by itself.
_FAINT = 0.2
#: Melanin's blue over green and green over red, as shares of its red: 1.0 and 0.45 (exponent -3.3);
#: hair and shadows have none or less than none.
_BLUE, _GREEN = 0.25, 0.05

# Logistic regression of 1232 painted papules and pustules against 1843 flecks of the same 107 real
# faces (67 light, 23 medium, 17 dark) and 53 specks of permanent marks painted there: standing out,
# being all there is in its surroundings, redness, length, colour unlike blood's, darkness or
# lightness, surroundings that are no skin, a pale head in a red ring, how pale its middle is, red
# light taken. Fitted on five sixths and judged on the rest, it keeps 0.81 to 0.84 of all papules on
# light and medium skin and 0.64 on dark, with 0.7 flecks a face, some of which are blemishes of the
# sitters' own.
_BLEMISH = (-2.2, 2.03, 4.07, 3.84, -3.24, -1.16, -1.52, -0.95, 0.47, 0.57, -5.03)
# A head is no surer than this many standard errors say; nor is its want.
_PALEST, _DARKEST = 8.0, -3.0
# A head this many standard errors lighter than its rim is one, though a plain spot fits as well.
_PALE = 2.0
# What is as free of brown as this and fits as well is blood, however its lump or crust shades it.
_PURE, _CLEAR, _SHADED = 0.1, 0.5, 0.28


def judge(spot: Spot, blob: Blob) -> Mark | None:
    """Judge a measured spot; None where it is no mark.

    Parameters
    ----------
    spot : Spot
    blob : Blob, what it was found as

    Returns
    -------
    Mark without its name, or None
    """
    size = 2 * spot.radius_mm
    if not _LEAST_MM <= size <= _MOST_MM:
        return None
    if blob.channel == "light":
        # Gloss is light and grey; scar tissue is light and pale. Only a line is told from both.
        is_line = spot.axes > 1.5 and size > 1.0 and spot.fit > 0.2 and spot.redness < 0
        is_line = is_line and blob.z > LEAST_SCAR_Z and spot.on_skin >= 0.75
        sure = float(np.clip((blob.z - 4) / 8, 0, 1))
        return _made(spot, "scar", "permanent", 0.4 + 0.4 * sure) if is_line else None
    if spot.axes > 2.0:  # long: wrinkles, hairs, veins, rims of glasses
        return None
    if blob.channel == "red":
        passing = _likeness_to_blood(spot, blob)
        if passing >= 0.2:
            return _made(spot, "blemish", "passing" if passing >= 0.5 else "unsure", passing)
    dark = _judge_dark(spot, blob)
    if dark is None and blob.channel == "red" and _is_clear(spot, blob) and spot.melanin > 0.1:
        return _made(spot, "spot", "unsure", 0.3)  # red and dark: a pink mole, an old scab
    return dark


def _is_clear(spot: Spot, blob: Blob) -> bool:
    """Whether a dark spot is worth a line: round, skin all around, most of what there is in it.

    Ends of lashes and strands of hair, folds and pores are dark too.
    """
    return spot.fit >= _FIT and spot.axes <= 1.6 and spot.on_skin >= 0.75 and blob.z >= 5.5


def _judge_dark(spot: Spot, blob: Blob) -> Mark | None:
    """A mole, a fleck of a freckle field, or None."""
    pigment = spot.brown >= _BLUE * spot.melanin and spot.redness >= _GREEN * spot.melanin
    if not pigment or spot.melanin < _FRECKLE:
        return None
    if not _is_clear(spot, blob) or spot.melanin < _FAINT_DARK:
        return _made(spot, "spot", "permanent", _FAINT)
    dark = float(np.clip((spot.melanin - 0.04) / 0.16, 0, 1))
    sure = float(np.clip((spot.fit - 0.2) / 0.4, 0, 1))
    kind: Kind = "mole" if 2 * spot.radius_mm >= 1.0 else "spot"
    return _made(spot, kind, "permanent", 0.4 + 0.5 * min(dark, sure))


def worth_a_line(mark: Mark) -> bool:
    """Whether a mark is seen by itself; fainter spots count as part of a freckle field only."""
    return mark.kind != "spot" or mark.confidence > _FAINT


def _likeness_to_blood(spot: Spot, blob: Blob) -> float:
    """Probability, 0..1, that a red spot is a blemish and not a fleck of healthy skin."""
    brown = spot.brown / max(spot.redness, 0.02)
    # Far from what blood can be, whatever the sum says: the rim of a gloss, a fold, a blush, and
    # what takes more red light than blood does (0.27 of its redness, and 0.1 for the skin's own
    # lumps): pink moles and old scabs are dark as well as red.
    # What coding leaves of blue in the dark is uncertain: the error of the measured blue may speak
    # for the spot, by a fifth at most, never against it. Too little of blue is no sign of melanin,
    # so there it may speak twice as loud.
    doubt = min(spot.doubt / max(spot.redness, 0.02), 0.2)
    pure = brown <= _PURE and spot.fit >= _CLEAR
    most = _SHADED - 0.1 if pure else 0.1
    if not (
        brown + 2 * doubt >= -0.7
        and brown - doubt <= 0.5
        and -0.35 < spot.melanin <= most + 0.4 * spot.redness
        and spot.axes <= 1.8
        and spot.fit >= 0.25
        and spot.redness >= 0.06
    ):
        return 0.0
    evidence = (
        1.0,
        np.log(blob.z / 5),
        spot.fit,
        np.log(spot.redness / 0.12),
        spot.axes - 1,
        min(abs(brown + 0.15), 1.5),
        max(abs(spot.melanin) - (0.2 if pure else 0.1), 0.0),
        1 - spot.on_skin,
        float(spot.headed),
        np.clip(spot.pale, _DARKEST, _PALEST),
        spot.melanin,
    )
    odds = float(np.dot(_BLEMISH, evidence))
    return float(1 / (1 + np.exp(-odds)))


def _made(spot: Spot, kind: Kind, fate: Fate, confidence: float) -> Mark:
    return Mark(
        id="",
        x=spot.x,
        y=spot.y,
        diameter_mm=2 * spot.radius_mm,
        melanin=spot.melanin,
        redness=spot.redness,
        kind=kind,
        fate=fate,
        confidence=round(confidence, 2),
        headed=kind == "blemish" and (spot.headed or spot.pale > _PALE),
    )
