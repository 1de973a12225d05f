"""How finished the picture is: what a retoucher and a studio would have seen to, and nothing else.

Everything is relative to the sitter's own skin and independent of its tone: logarithms of ratios,
which pigment only shifts, and shares of the light of one and the same face.
None of these falls by taking away what is the sitter's own: marks that stay, freckles, lines and
pores are not looked at.
"""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.adjustments.shine import estimate_shine
from catchlight.analysis.face.landmarks import LEFT_CHEEK, RIGHT_CHEEK
from catchlight.analysis.light.tone import estimate_illuminant, measure_tone
from catchlight.arrays import as_float
from catchlight.likeness.component import Finding, unseen
from catchlight.pixels import bands, colour, filters, geometry, powers
from catchlight.pixels.filters import ramp
from catchlight.polish.sight import Sight

#: Below this many pixels of facial skin in the sight nothing is said of it.
_LEAST = 150
#: Blotches lie between these Gaussians, in mm (freckles and marks under 4 mm are taken out before).
_FINE, _WIDE = 2.0, 9.0
_TOLERANCE = 0.035
#: Across the way from skin to white in (ln R/G, ln B/G), which is about (0.87, -0.5)
#: for brown pigment in any amount; a fixed direction, so that no tone is measured otherwise.
_ACROSS = np.array([0.5, 0.87], np.float32)
#: Of the log ratios of channels, in per cent: even skin (nine people in one studio light, four of
#: them black, had 2 to 5), and skin of the worst day.
_EVEN, _BLOTCHED = 4.5, 16.0
#: Share of the face's light that is mirrored, in per cent: powdered, and dripping.
_MATT, _SHINING = 4.0, 22.0
#: Stops by which the skin below the eyes is darker than this face's own cheeks: rested, and not.
_RESTED, _TIRED = 0.35, 2.2
#: CIEDE2000 between the edge of the person and the ground beside it: clear, and merging.
_CLEAR, _MERGING = 11.0, 2.0


def measure_skin(sight: Sight) -> Finding:
    """Unevenness of colour in blotches of 5 to 15 mm, beyond the sitter's own freckles.

    The 80th percentile of the distance of ln R/G and ln B/G from the skin around, across the way
    to white (after Matts 2007: colour, not relief, tells even skin); a median of 4 mm takes
    freckles, moles and lines out before.
    """
    mask, mm = sight.regions["face_skin"], sight.face.px_per_mm
    if (mask > 0.5).sum() < _LEAST:
        return unseen("too little bare skin is seen")
    log = powers.log(np.maximum(sight.pixels, 2.0**-10))
    small, weight, scale = bands.to_grid(log, mask, mm, 1.0)
    ratios = np.dstack([small[..., 0] - small[..., 1], small[..., 2] - small[..., 1]])
    ratios = as_float(np.dstack([cv2.medianBlur(as_float(c), 5) for c in np.dsplit(ratios, 2)]))
    smooth = bands.smooth_inside(ratios, weight, _FINE * scale)
    spot = smooth - bands.robust_surround(smooth, weight, _WIDE * scale, _TOLERANCE)
    chosen = weight > 0.7
    if chosen.sum() < 40:
        return unseen("too little bare skin is seen")
    # Shine pales towards white, and dark skin, with the longest way to go, the most: that way is
    # left out, and what remains is redder and yellower.
    value = 100 * float(np.percentile(np.abs(spot[chosen] @ _ACROSS), 80))
    return Finding(
        value,
        ramp(value, _BLOTCHED, _EVEN),
        f"blotches of the day: the skin's colour varies by {value:.0f} %",
        praise="the skin's colour is even",
        high=_EVEN,
    )


def measure_shine(sight: Sight) -> Finding:
    """How much of the light of forehead, nose and cheeks is mirrored, in per cent, in the mean.

    By the dichromatic model (Shafer 1985; :func:`catchlight.adjustments.shine.estimate_shine`).
    """
    mask, mm = sight.regions["face_skin"], sight.face.px_per_mm
    if (mask > 0.5).sum() < _LEAST:
        return unseen("too little bare skin is seen")
    skin = measure_tone(sight.pixels, sight.face, sight.regions)
    light = estimate_illuminant(sight.pixels, sight.regions, skin, eyes_seen=False)
    white = np.exp(np.array([light.u, 0.0, light.v], np.float32))
    small, weight, scale = bands.to_grid(sight.pixels, mask, mm, 1.0)
    patch = np.maximum(bands.smooth_inside(small, weight, scale), 0)
    mirrored, sure, _ = estimate_shine(as_float(patch), weight, white, scale)
    y = np.maximum(colour.luminance(as_float(patch)), 1e-5)
    share = np.minimum(mirrored / y, 1) * sure * weight
    value = 100 * float(share.sum() / max(float(weight.sum()), 1e-6))
    return Finding(
        value,
        ramp(value, _SHINING, _MATT),
        f"glare: {value:.0f} % of the face's light is mirrored",
        praise="no glare on the skin",
        high=_MATT,
    )


def measure_under_eyes(sight: Sight) -> Finding:
    """How much darker it is below the eyes than on this face's own cheeks, in stops, the worse eye.

    A ratio on one skin under one light; deep-set eyes are dark by nature, so a third of a stop
    costs nothing.
    """
    region = sight.regions["under_eyes"] > 0.5
    h, w = sight.luminance.shape
    skin = sight.regions["face_skin"] > 0.5
    y = np.log2(np.maximum(sight.luminance, 2.0**-10))
    middle = float(sight.face.eyes[:, 0].mean())
    gaps = []
    halves = np.s_[:, : int(middle)], np.s_[:, int(middle) :]
    for ring, side in zip((RIGHT_CHEEK, LEFT_CHEEK), halves, strict=True):
        cheek = (geometry.fill_polygon(sight.face.points[ring], w, h) > 0.5) & skin
        under = np.zeros_like(region)
        under[side] = region[side]
        if cheek.sum() >= 12 and under.sum() >= 8:
            gaps.append(float(np.median(y[cheek]) - np.median(y[under])))
    if not gaps or sight.regions.glasses:
        return unseen("below the eyes too little skin is seen", moot=True)
    value = max(gaps)
    return Finding(
        value,
        ramp(value, _TIRED, _RESTED),
        f"it is {value:.1f} stops darker below an eye than on its cheek",
        praise="rested",
        high=_RESTED,
        details={"each": gaps},
    )


def measure_separation(sight: Sight) -> Finding:
    """How clearly the sitter stands off the ground: CIEDE2000 across the outline, lower quarter.

    Both sides are averaged over 3 mm, from 2 mm inside and 3 mm outside the outline of head and
    shoulders.
    """
    mm = sight.face.px_per_mm
    person, ground = (as_float(m) for m in (sight.alpha > 0.95, sight.alpha < 0.05))
    if ground.mean() < 0.02:
        return unseen("hardly any background is seen")
    lab = colour.p3_to_lab(sight.pixels)
    inside, outside = (filters.blur_inside(lab, m, 3.0 * mm) for m in (person, ground))
    size = 2 * max(1, round(3 * mm)) + 1
    near = [cv2.dilate(m, np.ones((size, size), np.uint8)) for m in (person, ground)]
    edge = (near[0] > 0) & (near[1] > 0)
    if edge.sum() < 40:
        return unseen("no outline is seen")
    apart = colour.ciede2000(inside[edge], outside[edge])
    value = float(np.percentile(apart, 25))
    return Finding(
        value,
        ramp(value, _MERGING, _CLEAR),
        f"the sitter hardly stands off the ground (CIEDE2000 {value:.0f} along a quarter of it)",
        praise="the sitter stands off the ground",
        low=_CLEAR,
    )


def measure_catchlights(sight: Sight) -> Finding:
    """Whether the eyes have light in them: from the pupils up to the brightest inside the lids, L*.

    Pupils are black and catchlights white in everyone.
    """
    if sight.eyes.lab is None or sight.observation.source_ied < 40:
        return unseen("the eyes are too small to tell")
    grey = np.array([[[v] * 3 for v in (sight.eyes.black, sight.eyes.bright)]], np.float32)
    black, bright = (float(v) for v in colour.p3_to_lab(np.clip(grey, 0, 1))[0, :, 0])
    span = bright - black
    return Finding(
        span,
        ramp(span, 12, 45),
        f"dull eyes: only {span:.0f} L* from pupil to light",
        praise="the eyes have light in them",
        low=45,
    )
