"""The surface of a picture: whether it is a photograph of skin, or of paper, paint or a screen."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face import landmarks
from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Float, Pixels, as_float
from catchlight.pixels import colour, filters, geometry

Where = NDArray[np.bool_]


@dataclass(frozen=True)
class Surface:
    """Signs of a surface.

    Attributes
    ----------
    edge : float, contrast of the eyes' edges at 0.5 to 1.5 mm, in 1/1000 of the skin's light
    shake : float
        Slope of the face's detail along the direction in which it is least, over that in which it
        is most: a shaken photo lost one of them.
    comb : float, how far the strongest line of the spectrum stands above its surroundings
    """

    edge: float
    shake: float
    comb: float


def measure_surface(pixels: Pixels, face: Face, oval: Where) -> Surface:
    """Measure the signs of a surface on the probe.

    Parameters
    ----------
    pixels : (h, w, 3) linear P3, the probe
    face : Face in its pixels
    oval : (h, w) bool, the face
    """
    y = as_float(np.sqrt(np.clip(colour.luminance(pixels), 0, 1)))
    if oval.sum() < 200:
        return Surface(1.0, 1.0, 0.0)
    mm = face.px_per_mm
    band = filters.blur(y, 0.35 * mm) - filters.blur(y, 1.2 * mm)
    rings = (landmarks.RIGHT_CHEEK, landmarks.LEFT_CHEEK, landmarks.MID_FOREHEAD)
    skin = fill(face, rings, y.shape)
    eyes = fill(face, (landmarks.RIGHT_EYE, landmarks.LEFT_EYE), y.shape)
    level = max(float(np.median(y[skin])), 0.02) if skin.any() else 1.0
    edge = float(np.percentile(np.abs(band[eyes]), 80)) / level if eyes.any() else 1.0
    return Surface(
        edge=1000 * edge,
        shake=_shake(band, oval),
        comb=_comb(y),
    )


def _shake(band: Float, oval: Where) -> float:
    gx, gy = cv2.Sobel(band, cv2.CV_32F, 1, 0)[oval], cv2.Sobel(band, cv2.CV_32F, 0, 1)[oval]
    cross = float((gx * gy).mean())
    tensor = np.array([[float((gx * gx).mean()), cross], [cross, float((gy * gy).mean())]])
    least, most = np.linalg.eigvalsh(tensor)
    return float(np.sqrt(max(least, 0.0) / max(most, 1e-12)))


def fill(face: Face, rings: tuple[list[int], ...], shape: tuple[int, ...]) -> Where:
    """Where rings of the mesh lie, (h, w) bool."""
    drawn = [geometry.fill_polygon(face.points[r], shape[1], shape[0]) for r in rings]
    return np.asarray(np.maximum.reduce(drawn) > 0.5)


def _comb(y: Float) -> float:
    """The strongest peak of the spectrum over the median around it, in log10; a screen has one."""
    h, w = y.shape
    detail = y - filters.blur(y, 3.0)
    window = np.outer(np.hanning(h), np.hanning(w))
    power = np.abs(np.fft.fftshift(np.fft.fft2(detail * window))) ** 2
    fy = np.fft.fftshift(np.fft.fftfreq(h))[:, None]
    fx = np.fft.fftshift(np.fft.fftfreq(w))[None]
    radius = np.hypot(fx, fy)
    log = as_float(np.log10(power + 1e-12))
    around = as_float(cv2.medianBlur(log, 5))
    wide = filters.blur(around, 4.0)
    high = (radius > 0.12) & (radius < 0.48) & (np.abs(fx) > 0.02) & (np.abs(fy) > 0.02)
    return float((filters.blur(log, 0.7) - wide)[high].max()) if high.any() else 0.0
