"""The light of a headshot: exposure, evenness, contrast, white balance, by anchors without pigment.

No function here reads how light the skin is. ISO/IEC 29794-5 does (OFIQ's LuminanceMean,
UnderExposurePrevention): on 102 people in one studio light its LuminanceMean averaged 12 of 100 for
the black sitters and 83 for the white ones, and its IlluminationUniformity gives a flattering light
of 2:1 six points of 100. The anchors here are the whites and the pupils of the eyes, what is not
skin, clipping, and ratios of light on one and the same skin.
"""

from __future__ import annotations

import math

import numpy as np

from catchlight.analysis.light.exposed import judge_exposure
from catchlight.analysis.light.key import estimate_key
from catchlight.analysis.light.tone import measure_tone
from catchlight.likeness.component import Finding, unseen
from catchlight.pixels import colour
from catchlight.pixels.filters import ramp
from catchlight.polish.grade import PASSES
from catchlight.polish.sight import Sight

#: Yaw in degrees beyond which the two cheeks are not lit alike by anything.
_TURNED = 45.0


def trust_eyes(sight: Sight) -> float:
    """How far the whites of the eyes can be told from lids, lashes and glasses, 0..1."""
    eyes, p = sight.eyes, sight.face.points
    if eyes.lab is None or eyes.white is None:
        return 0.0
    opening = max(
        float(np.linalg.norm(p[159] - p[145]) / np.linalg.norm(p[33] - p[133])),
        float(np.linalg.norm(p[386] - p[374]) / np.linalg.norm(p[263] - p[362])),
    )
    seen = ramp(sight.observation.source_ied, 15, 80) * ramp(opening, 0.10, 0.28)
    return seen * (0.5 if sight.regions.glasses else 1.0)


def measure_exposure(sight: Sight) -> Finding:
    """Exposure of the face, in stops that it misses, and the share of skin that is burnt.

    The judge that the adjustment asks, too (:mod:`catchlight.analysis.light.exposed`): 0.25 stops
    cost nothing, 1.8 everything. Indeterminate where the whites are not seen (tiny or
    closed eyes, a profile) and nothing else is wrong: a face against the light may be dark.
    Burnt: OFIQ's OverExposurePrevention counts Y of 247 and more of 255 and gives 50 of 100 at 1 %;
    here a channel at its ceiling on 0.5 % of facial skin costs nothing, on 15 % everything.
    """
    found = sight.anchors
    judged = judge_exposure(found)
    off = abs(judged.off)
    dark = ramp(off, 1.8, 0.25)
    over = ramp(math.log10(max(found.burnt, 1e-4)), math.log10(0.15), math.log10(0.005))
    score = min(dark, over)
    details = {
        "stops": judged.off,
        "burnt": found.burnt,
        "witnesses": [[name, round(stops, 2), round(w, 2)] for name, stops, w in judged.witnesses],
    }
    if found.eyes.trust < 0.1 and score >= PASSES:
        why = "the whites of the eyes are not seen, and nothing else says that it is dark or burnt"
        return unseen(why)
    if over < dark:
        said = f"{found.burnt:.1%} of the facial skin is burnt out"
        return Finding(off, score, said, high=0.25, details=details)
    return Finding(off, score, judged.said, praise="exposed as meant", high=0.25, details=details)


def measure_evenness(sight: Sight) -> Finding:
    """Light ratio of the two cheeks: portrait light is 1.3 to 2.2, more is harsh, less is flat.

    A ratio on one and the same skin, so pigment falls out. Up to 2.2 costs nothing, 12 everything
    (6:1, half of the face in the dark but drawn, 60 %); flat light below 1.15 up to a tenth.
    """
    turned = abs(sight.face.pose.yaw)
    if turned > _TURNED:
        why = f"the head is turned by {turned:.0f} degrees: one cheek is hardly seen"
        return unseen(why)
    key = estimate_key(sight.pixels, sight.face, sight.regions)
    stops = math.log2(key.ratio)
    # Exactly 1 is what ``estimate_key`` says where a cheek shows no skin.
    if key.ratio == 1.0:
        return unseen("the skin of both cheeks is not seen")
    harsh = ramp(stops, math.log2(12), math.log2(2.2))
    score = harsh * (0.9 + 0.1 * ramp(stops, 0.0, math.log2(1.15)))
    side = "left" if key.side < 0 else "right"
    return Finding(
        key.ratio,
        score,
        f"harsh light from the viewer's {side}, {key.ratio:.1f}:1",
        praise=f"light ratio {key.ratio:.1f}:1",
        high=2.2,
    )


def measure_contrast(sight: Sight) -> Finding:
    """Range in L* from the darkest to the brightest things that are not skin.

    Pupils and lashes are black and whites and catchlights white in everyone; clothes, hair and
    background join in (1st and 99th percentile). OFIQ's DynamicRange, the entropy of the face's
    luminance, rises with noise and differs with skin, so it is not used. A range of 70 L* costs
    nothing, 30 everything.
    """
    other = sight.regions["skin"] < 0.2
    low, high = sight.eyes.black, sight.eyes.bright
    if other.sum() > 200:
        found = np.percentile(sight.luminance[other], [1, 99])
        low, high = min(low, float(found[0])), max(high, float(found[1]))
    grey = np.array([[[v] * 3 for v in (low, high)]], np.float32)
    black, white = (float(v) for v in colour.p3_to_lab(np.clip(grey, 0, 1))[0, :, 0])
    span = white - black
    return Finding(
        span,
        ramp(span, 30, 70),
        f"flat: only from {black:.0f} to {white:.0f} L*",
        praise=f"from {black:.0f} to {white:.0f} L*",
        low=70,
        details={"black": black, "white": white},
    )


def measure_white_balance(sight: Sight) -> Finding:
    """Cast of the light: the colour of the eyes' whites, and hues that no skin has.

    Whites of the eyes under neutral light are a little pink and yellow (a* +1, b* +4); 10 units of
    chroma off cost nothing, 30 everything, as far as the whites are seen. Towards yellow only half
    counts: with melanin and with age whites grow yellow, and that is no cast; where skin has a hue
    of skin, whites alone cost at most 70 %, as they mirror what is near. Skin: OFIQ's
    NaturalColour takes a box of mean a* and b*, which dark skin leaves by its lower chroma; the hue
    angle alone is nearly free of tone. Individuals of all measured groups lie within 33 to 65
    degrees; ruddy or sallow by 5 more costs nothing, by 45 everything.
    """
    tone = measure_tone(sight.pixels, sight.face, sight.regions)
    lab = sight.eyes.lab
    trust = trust_eyes(sight)
    grey = lab is None or float(np.hypot(*np.median(lab[:, 1:], axis=0))) < 1.0
    if tone.pixels == 0 or (tone.chroma < 2.5 and grey):
        return unseen("a black and white picture")
    # Degrees above 248 are blue-pink: the short way round is through red.
    hue = tone.hue - 360 if tone.hue > 248 else tone.hue
    beyond = max(33 - hue, hue - 65, 0.0) if tone.chroma >= 4 else 0.0
    cast = 0.0
    if lab is not None and trust > 0:
        a, b = (float(v) for v in np.median(lab[:, 1:], axis=0))
        cast = math.hypot(a - 1, (b - 4) * (0.5 if b > 4 else 1.0))
    agreed = 0.7 + 0.3 * ramp(beyond, 0, 5)
    by_eyes = 1 - agreed * trust * (1 - ramp(cast, 30, 10))
    by_skin = ramp(beyond, 45, 5)
    parts = []
    if by_skin < 0.75:
        parts.append(f"skin is {'too pink or blue' if hue < 33 else 'too yellow or green'}")
    if by_eyes < 0.75:
        parts.append(f"the whites of the eyes are {cast:.0f} units of chroma off neutral")
    return Finding(
        cast,
        min(by_eyes, by_skin),
        " and ".join(parts) or "a slight cast",
        praise="neutral light",
        high=10,
        details={"skin_hue": tone.hue, "skin_hue_beyond": beyond, "trust": trust},
    )
