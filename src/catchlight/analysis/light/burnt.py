"""Too bright: what burns in a portrait that was given too much light, and in no other.

It knows no pigment, but light skin burns first: so skin never speaks alone, and for skin that does
not burn there are white clothes, whites of the eyes and what of the sitter is lost for good.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from catchlight.analysis.light.anchors import Anchors

# What a share of burnt skin and a share of burnt picture say, in stops too bright: medians over 26
# photos at half a stop and at a stop too much. Rightly exposed ones reach 0.03 and 0.16 at most.
_BURNT = ((0.03, 0.10, 0.30, 0.60), (0.2, 0.5, 0.8, 1.1))
_CLIPPED = ((0.06, 0.15, 0.30, 0.50), (0.2, 0.5, 0.8, 1.1))
_GLARE, _LEAST_OVER, _MOST_OVER = 0.12, 0.55, 1.0
# Dark skin burns last, so it has a witness of its own: whites of the eyes and catchlights so bright
# (log2) beside a picture that is burnt by so much. No rightly exposed photo had all three.
_GLARING = (-0.9, -0.25, 0.3)
# And of the sitter so much is burnt, or else the catchlights: a white ground burns in any studio,
# behind a redhead whose skin, eyes and clothes were all within the file. Of 162 photos made half a
# stop and a stop brighter 58 glared, and all of these still do.
_TOUCHED, _BURNT_CATCH = 0.05, -0.1
# Clothes of which three quarters are burnt are white ones given too much: of 203 photos as they
# were none had more than 0.57, and half a stop brighter 45 of 93. The face must have light to
# spare, or it is a face in the shade above a shirt in the sun.
_BURNT_CLOTHES, _SPARED = 0.75, -0.35
# Then so many stops are taken, by the share of the person at the last code of the file: of 41
# people in white half a stop too bright it was 0.12 to 0.42.
_HALF = ((0.055, 0.3), (0.35, 0.5))
# Nor is so much of a sitter at the last code of a file, where white cloth, hair and shine lie just
# below it, if the exposure was meant: of 186 photos as they were none (two by a hard flash came to
# 0.043 and 0.050, all others to 0.018), half a stop brighter 77 of 186. The face must have light
# to spare here, too.
_LOST = 0.055
# Either of these alone is as far as photos go that were exposed as meant: of the sitter so much at
# the last code, of the face's skin so much at its ceiling. Both at once none of 186 came near (who
# had 0.004 of the one had 0.001 of the other, but for one photo with 0.006 and 0.13); half a stop
# brighter 12 of the 66 that nothing above tells of have both. The face must have light to spare,
# once more.
_BOTH = (0.02, 0.03)


def judge_burnt(
    found: Anchors, missing: Sequence[float]
) -> tuple[float, tuple[tuple[str, float, float], ...]]:
    """Judge whether a portrait is too bright.

    Parameters
    ----------
    found : Anchors
    missing : by how many stops each trusted anchor of the face falls short

    Returns
    -------
    stops : float, too much, 0 to 1; 0 where that is not beyond doubt
    witnesses : tuple of (name, stops, weight), who says so
    """
    skin = float(np.interp(found.burnt, *_BURNT))
    whole = float(np.interp(found.clipped, *_CLIPPED))
    rows = (("burnt skin", -skin, 1.0), ("burnt picture", -whole, 1.0))
    eyes = found.eyes
    glaring = (
        eyes.white is not None
        and eyes.catch is not None
        and eyes.trust >= 0.5
        and eyes.white > _GLARING[0]
        and eyes.catch > _GLARING[1]
        and found.clipped > _GLARING[2]
        and (found.burnt_person >= _TOUCHED or eyes.catch > _BURNT_CATCH)
    )
    over = max((skin + whole) / 2, whole if glaring else 0.0)
    burnt = found.burnt >= _GLARE and found.clipped >= _CLIPPED[0][0]
    if over >= _LEAST_OVER and (burnt or glaring):
        return min(over, _MOST_OVER), rows
    if missing and np.median(missing) < _SPARED:
        half = float(np.interp(found.lost_person, *_HALF))
        if found.burnt_clothes >= _BURNT_CLOTHES:
            return half, (*rows, ("burnt clothes", -half, 1.0))
        if found.lost_person >= _LOST:
            return half, (*rows, ("lost whites of the person", -half, 1.0))
        if found.lost_person >= _BOTH[0] and found.burnt >= _BOTH[1]:
            return half, (*rows, ("burnt skin and lost whites", -half, 1.0))
    return 0.0, rows
