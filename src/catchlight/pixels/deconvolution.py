"""Undo a small Gaussian blur."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.arrays import Float, as_float
from catchlight.pixels.strips import strips


def deconvolve(luma: Float, sigma: float, noise: float) -> Float:
    """Undo a small Gaussian blur: Wiener, bounded in frequency and in space.

    ``H / (H^2 + N/S)`` with a 1/f^2 signal spectrum of the picture's own variance (Field 1987) and
    white noise. Bounded so that amplitude never rises by more than 1.6 from one octave to the next
    above the frequency at which the blur took a tenth, and so that no pixel leaves the range of its
    3x3 neighbourhood by more than a quarter of that range: no halos.

    Parameters
    ----------
    luma : (H, W)
    sigma : float, pixels
    noise : float, standard deviation in ``luma``

    Notes
    -----
    About 25 ms for a megapixel.
    """
    h, w = luma.shape
    pad = max(8, int(4 * sigma))
    size = [cv2.getOptimalDFTSize(n + 2 * pad) for n in (h, w)]
    below, beside = size[0] - h - pad, size[1] - w - pad
    wide = cv2.copyMakeBorder(luma, pad, below, pad, beside, cv2.BORDER_REFLECT_101)
    # Of a real picture half the waves say all: OpenCV's packed form, a real array.
    waves = as_float(cv2.dft(wide, dst=wide))
    waves *= _pack(_gain(sigma, noise, luma), size[0], size[1])
    back = cv2.dft(waves, dst=waves, flags=cv2.DFT_INVERSE | cv2.DFT_SCALE)
    sharp = as_float(back[pad : pad + h, pad : pad + w]).copy()
    kernel = np.ones((3, 3))
    high, low = (as_float(f(luma, kernel)) for f in (cv2.dilate, cv2.erode))
    for rows in strips(h, w):
        here, most, least = sharp[rows], high[rows], low[rows]
        room = most - least
        room *= np.float32(0.25)
        most += room
        least -= room
        np.minimum(here, most, out=here)
        np.maximum(here, least, out=here)
    return sharp


def _gain(sigma: float, noise: float, luma: Float) -> Float:
    """Gains (2048,) at radii of 0 to 0.75 waves a pixel."""
    f = np.linspace(1e-4, 0.75, 2048)
    blur = np.exp(-2 * (np.pi * sigma * f) ** 2)
    spread = float(cv2.meanStdDev(luma)[1][0, 0])
    # The variance of a 1/f^2 spectrum over five octaves is 2 pi ln(32) of its constant, about 22.
    ratio = noise**2 * f**2 * 22 / max(spread**2, 1e-4)
    gain = blur / (blur**2 + ratio)
    start = np.sqrt(-np.log(0.9) / 2) / (np.pi * sigma)
    bound = 1.6 ** np.maximum(np.log2(f / start), 0) / 0.9
    return as_float(np.minimum(gain, bound))


def _pack(gain: Float, h: int, w: int) -> Float:
    """Gains (h, w) for the packed waves of a real picture of that size.

    A column holds the real or the imaginary part of one frequency across; the first column, and of
    an even width the last, hold those down in the same way.
    """
    fy, fx = (as_float(np.arange(n // 2 + 1) / n) for n in (h, w))
    radius = np.sqrt(np.square(fy)[:, None] + np.square(fx))
    quarter = gain[np.asarray(radius * np.float32(2047 / 0.75) + np.float32(0.5), np.int32)]
    down, packed = np.minimum(np.arange(h), h - np.arange(h)), (np.arange(h) + 1) // 2
    across = (np.arange(w) + 1) // 2
    out = quarter.take(across, axis=1).take(down, axis=0)
    out[:, 0] = quarter[packed, 0]
    if w % 2 == 0:
        out[:, -1] = quarter[packed, -1]
    return out
