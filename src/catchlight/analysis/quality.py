"""How good the photo is as a source: resolution, sharpness, noise."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from catchlight.analysis.face.landmarks import LEFT_BROW, LEFT_EYE, RIGHT_BROW, RIGHT_EYE
from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Float, Pixels, as_float
from catchlight.pixels import colour, geometry, sliding_dct


@dataclass(frozen=True)
class Quality:
    """Technical quality of the source around the face.

    Attributes
    ----------
    ied : float
        Inter-eye distance in photo pixels; the resolution that matters.
    sharpness : float
        Width of the sharpest edges of the eyes as a Gaussian sigma, in mm of face. Sharp photos
        measure 0.55-0.77 where the eyes are 100 px apart or more; below that it is the pixel grid
        (about 0.9 px) that is measured, not the lens.
    noise : float
        Standard deviation of fine noise of sqrt-coded luminance, 0..1 scale, on flat parts.
    """

    ied: float
    sharpness: float
    noise: float


def estimate_noise(pixels: Pixels) -> float:
    """Fine noise of a picture (H, W, 3): standard deviation of sqrt-coded luminance.

    See :func:`sliding_dct.estimate_noise`.
    """
    return sliding_dct.estimate_noise(_code(pixels))


def _code(pixels: Pixels) -> Float:
    y = colour.luminance(pixels)
    np.clip(y, 0, 1, out=y)
    return np.sqrt(y, out=y)


def estimate_sharpness(pixels: Pixels, face: Face) -> float:
    """Edge width around the eyes, sigma in mm.

    For an edge of height A blurred by sigma the peak gradient is A / (sigma sqrt(2 pi)); A is read
    as the local range over 3 mm. The sharpest tenth of the eyes' edges counts.
    """
    mm = face.px_per_mm
    size = max(3, 2 * round(1.5 * mm) + 1)
    rings = (RIGHT_EYE, LEFT_EYE, RIGHT_BROW, LEFT_BROW)
    ring = face.points[[p for r in rings for p in r]]
    # Two pixels more than the kernels reach.
    box = geometry.box_around(ring, size // 2 + 3, pixels.shape)
    points = face.points - as_float([box[1].start, box[0].start])
    y = _code(np.ascontiguousarray(pixels[box]))
    h, w = y.shape
    drawn = [geometry.fill_polygon(points[r], w, h) for r in rings]
    eyes = cv2.dilate(np.maximum.reduce(drawn), np.ones((3, 3))) > 0.5
    if eyes.sum() < 20:
        return float("nan")
    kernel = np.ones((size, size))
    rise = cv2.dilate(y, kernel) - cv2.erode(y, kernel)
    slope = np.hypot(cv2.Sobel(y, cv2.CV_32F, 1, 0), cv2.Sobel(y, cv2.CV_32F, 0, 1)) / 8
    chosen = eyes & (rise > 0.12)
    if chosen.sum() < 10:
        return float("nan")
    sigma = rise[chosen] / (np.maximum(slope[chosen], 1e-4) * np.sqrt(2 * np.pi))
    return float(np.percentile(sigma, 8) / mm)
