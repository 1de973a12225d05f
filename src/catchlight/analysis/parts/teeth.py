"""The teeth that an open mouth shows."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Mask, Pixels, as_float
from catchlight.pixels import colour, filters
from catchlight.pixels.morphology import draw_disc


def find_teeth(pixels: Pixels, outer: Mask, inner: Mask, face: Face) -> Mask:
    """Teeth between the lips; none if the mouth is closed.

    Told by the sitter's own lips, whatever their tone: over 29 open and closed mouths of all tones
    the brightest fifth between the lips was 20 to 50 L* lighter and under 0.65 of the lips' a*
    where it was teeth; where not, it was at most 5 lighter or at least 0.95 as red. A pixel is
    tooth where a* is nearer to the teeth's than to the lips' (gums and tongue are as red as lips)
    and which is not the dark of the mouth's corners.
    """
    mm = face.px_per_mm
    none = np.zeros_like(inner)
    near = inner > 0.5
    if inner.sum() < 22 * mm**2 or near.sum() < 8:  # a slit under 22 mm^2 shows no teeth
        return none
    kernel = draw_disc(0.8 * mm)
    lips = (outer > 0.5) & (cv2.dilate(inner, kernel) < 0.5)
    if lips.sum() < 8:
        return none
    lab = colour.p3_to_lab(pixels)
    lip = np.median(lab[lips], axis=0)
    lightness, red = lab[..., 0], lab[..., 1]
    bright = lightness >= np.percentile(lightness[near], 80)
    tooth = np.median(lab[bright & near], axis=0)
    if tooth[0] < lip[0] + 6 or lip[1] - tooth[1] < max(0.3 * lip[1], 3.0):
        return none
    share = (red - tooth[1]) / max(float(lip[1] - tooth[1]), 3.0)
    like = filters.smoothstep(share, 0.62, 0.42)
    # Side teeth lie in the shade of the cheeks, up to some 40 L* below the front ones.
    like *= filters.smoothstep(lightness, float(tooth[0]) - 44, float(tooth[0]) - 32)
    # The mesh's inner lip line is off by up to about 1 mm; what is found must still lie inside it.
    found = (like * cv2.dilate(inner, kernel) > 0.5).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(found)
    least = 2.0 * mm**2  # a third of the smallest front tooth seen
    inside = np.bincount(labels.ravel(), near.ravel(), minlength=count)
    area = stats[:, cv2.CC_STAT_AREA]
    keep = (area >= least) & (inside >= 0.7 * area)
    keep[0] = False
    if area[keep].sum() < 8 * mm**2:
        return none
    # Soft by 0.25 mm towards the inside only: not a thousandth of it lies on gum or lip.
    teeth = filters.blur(as_float(keep[labels]), 0.25 * mm)
    return as_float(np.clip(2 * teeth - 1, 0, 1) * keep[labels])
