"""Bands of skin: a field split by the size of its detail in millimetres, inside a mask only.

Vocabulary: *N* is noise and the finest pores (wavelengths below 0.6 mm), *T* texture (pores, fine
lines, down), *M1* lumps and lines, *M2* blotches and puffiness, *F* form (above 15 mm). A Gaussian
of standard deviation s passes half the amplitude at a wavelength of 5.34 s.
"""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.arrays import Float, Mask, as_float
from catchlight.pixels import channels, filters, powers

#: Names from fine to coarse, and the Gaussians (standard deviations in mm) between them. A pore is
#: seen from 0.25 mm (Flament 2015): a wavelength of 0.6 mm upwards is texture, not noise.
NAMES = ("N", "T", "M1", "M2", "F")
EDGES = (0.12, 0.30, 0.90, 2.8)
#: Wavelength at half amplitude over standard deviation: 2 pi / sqrt(2 ln 2).
WAVELENGTH = 5.34


def smooth_inside(field: Float, mask: Mask, sigma: float) -> Float:
    """Gaussian average of what lies inside ``mask``; the field itself below 0.2 pixels."""
    return field if sigma < 0.2 else filters.blur_inside(field, mask, sigma)


def split(field: Float, mask: Mask, px_per_mm: float) -> dict[str, Float]:
    """Split ``field`` into the five bands, which add up to it.

    Differences of Gaussians, each normalised by the mask, so that hair, lips and background beside
    the skin leak into no band of it.

    Parameters
    ----------
    field : (H, W) or (H, W, C) float32
    mask : (H, W), 0..1
    px_per_mm : float
        Where a band's Gaussian falls below 0.2 pixels, the band above it is empty.

    Returns
    -------
    dict of band name to float32 array of the field's shape; meaningful where the mask is.
    """
    levels = [field, *(smooth_inside(field, mask, s * px_per_mm) for s in EDGES)]
    found = {NAMES[i]: as_float(levels[i] - levels[i + 1]) for i in range(4)}
    return {**found, "F": levels[-1]}


def limit(band: Float, threshold: float) -> Float:
    """Keep what is small and let go of what is large: b exp(-(b / t)^4).

    So an adjustment that takes this away damps blotches and leaves folds and moles alone.
    """
    fourth = np.square(np.square(band * np.float32(1 / threshold)))
    return as_float(band * powers.exp(-np.minimum(fourth, 60)))


def spread_of(band: Float, mask: Mask) -> float:
    """Robust standard deviation of a band inside a mask, 1.4826 MAD; 0 without any skin."""
    chosen = band[mask > 0.5]
    if chosen.size < 50:
        return 0.0
    return float(1.4826 * np.median(np.abs(chosen - np.median(chosen))))


def to_grid(field: Float, mask: Mask, px_per_mm: float, grid: float) -> tuple[Float, Mask, float]:
    """``field`` and ``mask`` at no more than ``grid`` pixels per millimetre, and the scale reached.

    The field is averaged inside the mask, so that its edge stays skin; beyond, it is continued.
    """
    h, w = mask.shape
    factor = min(1.0, grid / px_per_mm)
    size = (max(4, round(w * factor)), max(4, round(h * factor)))
    top = as_float(cv2.resize(channels.weigh(field, mask), size, interpolation=cv2.INTER_AREA))
    small = as_float(cv2.resize(mask, size, interpolation=cv2.INTER_AREA))
    inside = channels.share_out(top, as_float(np.maximum(small, 1e-4)))
    known = as_float(small > 0.1)
    return filters.fill_outside(inside, known, 1.0), small, px_per_mm * size[0] / w


def robust_surround(field: Float, mask: Mask, sigma: float, tolerance: float) -> Float:
    """What surrounds each place: a mask-normalised Gaussian average that spots do not pull.

    Twice reweighted by exp(-(d / tolerance)^2) of the distance d to the last average (the first
    steps of a Welsch M-estimator), so that a blotch is compared with the skin around it rather than
    with itself.
    """
    around = filters.blur_inside(field, mask, sigma)
    for _ in range(2):
        d2 = ((field - around) / tolerance) ** 2
        d2 = d2 if d2.ndim == 2 else channels.add_up(d2)
        around = filters.blur_inside(field, as_float(mask * (powers.exp(-d2) + 0.02)), sigma)
    return around
