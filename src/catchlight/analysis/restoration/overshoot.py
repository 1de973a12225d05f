"""Overshoot: whether a source was sharpened, or rings, before anybody enlarges it.

A reduced photo has edges that go from one tone to the other. One that was sharpened since, scanned
with a hard hand or stored coarsely goes beyond both: dark and light lines along each edge, dots of
single pixels. A network takes them for things and draws them finely: black outlines, worms, beads
along a lapel. Readers named exactly that, and preferred the plain picture; so it gives way there.
"""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.analysis.restoration.super_resolution import measure_hardness
from catchlight.arrays import Float, as_float
from catchlight.pixels import filters, ycc

# An edge: its step of luma, and its least slope per pixel after a blur of so many pixels; how far
# along it, in pixels, its two tones and what goes beyond them are looked for; the fewest to judge.
# Its tones vary by less than so much of the step: else it is one of many, a scarf's or a shelf's.
_STEP, _SLOPE, _BLUR, _EVEN = 0.15, 0.04, 0.7, 0.5
_TONES, _BEYOND, _FEWEST = (3, 6), (1, 4), 20
# Two ramps, each from where it begins at 30 and at 50 pixels between the eyes, and how far it goes.
# 24 clean photos reduced to these sizes by Lanczos's kernel have, in the 90th percentile, an
# overshoot of 0.139 and 0.103 and hard places of 0.10 and 0.25; sharpened by an unsharp mask of
# 1 pixel and 100 % they have 0.193 and 0.162, and 0.23 and 0.35, in the median; of 200 % 0.30 and
# 0.275, and 0.35 and 0.49.
_OVERSHOOT, _HARD = (0.14, 0.105, 0.10), (0.11, 0.25, 0.20)
#: Pixels between the eyes from which on a face is enlarged with full trust, and where with half.
_COARSE = (32.0, 22.0)
#: Share of the network below which its being held back is told.
_TOLD = 0.9
#: How much of the network goes where the source is beyond doubt sharpened.
_GOES = 0.65


def measure_trust(codes: Float, ied: float) -> float:
    """Tell what share of an enlarging network's change a source deserves, 0..1.

    Parameters
    ----------
    codes : (h, w, 3), sRGB-curved, of a photo in its own pixels
    ied : float, between the eyes, in these pixels
    """
    luma = ycc.to_luma(codes)
    small = float(np.clip((_COARSE[0] - ied) / (_COARSE[0] - _COARSE[1]), 0, 1)) / 2
    rings = _grade(measure_overshoot(luma), ied, _OVERSHOOT)
    hard = _grade(measure_hardness(luma), ied, _HARD)
    return 1 - _GOES * (1 - (1 - small) * (1 - rings) * (1 - hard))


def tell_enlarging(times: float, trust: float) -> str:
    """Say that a photo was enlarged so many times, and by how little of the network where so."""
    said = f"enlarged {times:.1f} times by super-resolution"
    if trust >= _TOLD:
        return said
    return f"{said}, {100 * trust:.0f} % of it: the photo is sharpened or coarse already"


def measure_overshoot(luma: Float) -> float:
    """Measure how far edges go beyond their two tones, as a share of their step, in the mean.

    Parameters
    ----------
    luma : (h, w), sRGB-curved

    Returns
    -------
    float; 0 where there are too few edges to tell.

    Notes
    -----
    Along the slope's own direction, both tones told 3 to 5 pixels off the edge's crest.
    """
    profiles = _cut_profiles(luma)
    middle = profiles.shape[1] // 2
    dark = profiles[:, middle - _TONES[1] + 1 : middle - _TONES[0] + 1]
    light = profiles[:, middle + _TONES[0] : middle + _TONES[1]]
    low, high = dark.mean(axis=1), light.mean(axis=1)
    step = high - low
    uneven = np.maximum(np.ptp(dark, axis=1), np.ptp(light, axis=1))
    edges = (step > _STEP) & (uneven < _EVEN * step)
    if int(edges.sum()) < _FEWEST:
        return 0.0
    below = profiles[:, middle - _BEYOND[1] + 1 : middle - _BEYOND[0] + 1].min(axis=1)
    above = profiles[:, middle + _BEYOND[0] : middle + _BEYOND[1]].max(axis=1)
    over = np.maximum(above - np.maximum(high, light.max(axis=1)), 0)
    under = np.maximum(np.minimum(low, dark.min(axis=1)) - below, 0)
    return float(((over + under)[edges] / step[edges]).mean())


def _cut_profiles(luma: Float) -> Float:
    """Luma along the slope of each edge, from dark to light, (n, 15): its crest in the middle."""
    smooth = filters.blur(luma, _BLUR)
    across, down = (cv2.Sobel(smooth, cv2.CV_32F, *d) / 8 for d in ((1, 0), (0, 1)))
    slope = np.hypot(across, down)
    crest = (slope >= 0.999 * cv2.dilate(slope, np.ones((3, 3)))) & (slope > _SLOPE)
    rows, columns = np.nonzero(crest)
    along = np.arange(-7, 8, dtype=np.float32)
    unit = slope[crest][:, None]
    x = as_float(columns[:, None] + across[crest][:, None] / unit * along)
    y = as_float(rows[:, None] + down[crest][:, None] / unit * along)
    h, w = luma.shape
    inside = (x.min(1) > 0) & (y.min(1) > 0) & (x.max(1) < w - 1) & (y.max(1) < h - 1)
    if not inside.any():
        return np.zeros((0, len(along)), np.float32)
    return as_float(cv2.remap(luma, x[inside], y[inside], cv2.INTER_LINEAR))


def _grade(value: float, ied: float, ramp: tuple[float, float, float]) -> float:
    """0..1 on a ramp whose beginning is known at 30 and 50 pixels between the eyes."""
    at_30, at_50, length = ramp
    begins = at_30 + (at_50 - at_30) * float(np.clip((ied - 30) / 20, -0.4, 1.0))
    return float(np.clip((value - begins) / length, 0, 1))
