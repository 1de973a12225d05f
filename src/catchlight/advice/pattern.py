"""A pattern in the cloth: how strong it is, and whether it comes back evenly.

Vocabulary: *contrast* is the standard deviation of L*; a *place* is a square of cloth that holds
some periods of a fine pattern. Stripes, checks and dots draw a peak in the spectrum of a place,
which folds, knit and noise do not: their spectrum falls evenly from the broad to the fine.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from catchlight.advice.figure import Figure
from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, Mask, as_float
from catchlight.pixels import colour, filters, morphology
from catchlight.pixels.morphology import Bits

#: Periods of a pattern that are looked for, in mm; what is wider is a fold or a collar.
_WIDEST = 10.0
#: Sides of a place, mm, the smaller where too few of the larger are seen; and at how many pixels a
#: millimetre it is looked at.
_SIDES, _PER_MM = (36.0, 24.0), 2.5
#: The finest period that is told from a spectrum, mm: four pixels; and how often the broadest comes
#: back along a side.
_FINEST, _TIMES = 1.5, 3.0
#: So much of a place (by its window) has to be cloth; and at most so many places are looked at.
_COVERED, _MOST = 0.8, 60
#: Fewer places tell nothing: a collar's edge and a shoulder's are two.
_FEWEST = 6
#: So far below the chin, mm, begins what is worn for sure, beard and scarf apart.
_BELOW = 5.0
#: Where a peak's neighbours lie, in steps of the spectrum: nothing of the peak itself (a Hann
#: window's is two steps wide), and all of it as fine as the peak.
_RING = (2.5, 5.5)
#: How often a peak is as strong as its neighbours, and its contrast in L*, from which it is a
#: pattern's. In cloth that looks plain on 162 photos a sixth of the places at the most has such.
_PEAK, _SEEN = 30.0, 2.0
#: A fold, a seam or the blocks of a small JPEG make a weak wave that comes back less than so often
#: along a side: such a one has to have the contrast of the second.
_BROAD, _BOLD = 4.0, 5.0


@dataclass(frozen=True)
class Evenness:
    """What comes back evenly in a cloth.

    Attributes
    ----------
    share : float, 0..1, of the places where a peak is seen
    contrast : float, L*, of the peak; the middle of those places, 0 where there is none
    period : float, mm, the same
    places : int, how many were looked at
    """

    share: float
    contrast: float
    period: float
    places: int


def measure_pattern(scene: Scene, sure: float) -> dict[str, Figure]:
    """The strongest octave of the cloth, ``pattern``, its ``period``, and ``colours_mixed``.

    Contrast is the standard deviation of an octave of L*, the middle of the cloth's places, so a
    button or a fold is none; the period is that of the strongest octave.
    """
    h, w = scene.pixels.shape[:2]
    mask, mm = filters.resize(scene.garment.cloth, w, h), scene.face.px_per_mm
    inner = morphology.erode(mask > 0.9, 2.5 * mm)
    if inner.sum() < 400:
        return {}
    box = _find_box(inner)
    best, period = _find_octave(_read_lightness(scene, box), as_float(mask[box]), inner[box], mm)
    return {
        "pattern": Figure(best, "L*", sure),
        "period": Figure(period, "mm", sure),
        "colours_mixed": Figure(scene.garment.mixed, "share", sure),
    }


def measure_even(scene: Scene) -> dict[str, Figure]:
    """What comes back evenly in the clothes: ``even``, ``even_contrast``, ``even_period``.

    Where cloth is not told apart, all of the body below the chin that is neither skin nor hair by
    its parts is looked at, as nothing there but cloth comes back evenly; the figures are then
    half sure. Nothing where too little is seen.
    """
    h, w = scene.pixels.shape[:2]
    mm, garment, parts = scene.face.px_per_mm, scene.garment, scene.regions
    if garment.seen:
        mask, sure = filters.resize(garment.cloth, w, h), 1.0
    else:
        low = np.arange(h)[:, None] > scene.face.points[CHIN, 1] + _BELOW * mm
        mask = as_float(filters.resize(as_float(parts["person"] * (1 - parts.bare)), w, h) * low)
        sure = 0.5
    if not (mask > 0.9).any():
        return {}
    box = _find_box(mask > 0.9)
    found = measure_evenness(_read_lightness(scene, box), as_float(mask[box]), mm)
    if found.places < _FEWEST:
        return {}
    return {
        "even": Figure(found.share, "share of the places", sure),
        "even_contrast": Figure(found.contrast, "L*", sure),
        "even_period": Figure(found.period, "mm", sure),
    }


def _find_box(mask: Bits) -> tuple[slice, slice]:
    """The rows and columns in which a mask lies."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _read_lightness(scene: Scene, box: tuple[slice, slice]) -> Float:
    """L* of a box of the frame, (h, w)."""
    return as_float(colour.p3_to_lab(np.clip(scene.pixels[box], 0, 1))[..., 0].copy())


def _find_octave(lightness: Float, weight: Mask, chosen: Bits, mm: float) -> tuple[float, float]:
    """The contrast of the strongest octave in L*, and its period in mm."""
    best, period, sigma, last = 0.0, 0.0, 0.45, lightness
    # The wavelength that a difference of Gaussians passes best is 5.3 of the finer one's sigmas.
    while 5.3 * sigma / mm < _WIDEST:
        smooth = filters.blur_inside(lightness, weight, sigma * 1.6)
        band = last - smooth
        power = filters.blur_inside(as_float(band**2), weight, 4 * sigma + 2 * mm)
        strength = max(0.0, float(np.median(power[chosen]))) ** 0.5
        # A stripe's sharp edges are finer than the stripe: of octaves as strong the coarser counts.
        if strength > 0.8 * best:
            best, period = max(best, strength), 5.3 * sigma / mm
        last, sigma = smooth, sigma * 1.6
    return best, period


def measure_evenness(lightness: Float, cloth: Mask, mm: float) -> Evenness:
    """Tell from the spectra of its places what comes back evenly in a cloth.

    A place counts where the strongest frequency is a peak: stronger than every frequency within two
    steps of it, and 30 times as strong as those around. What falls from broad to fine has none.

    Parameters
    ----------
    lightness : (h, w) L*
    cloth : (h, w), 0..1
    mm : float, pixels per millimetre

    Notes
    -----
    A stripe of 2 to 12 mm is seen, bent a little as it may be within 36 mm; a bolder one is left to
    the octaves, and where little cloth is seen what is broader than 8 mm. About 50 ms.
    """
    scale = min(1.0, _PER_MM / mm)
    if scale < 1:
        size = max(1, round(lightness.shape[1] * scale)), max(1, round(lightness.shape[0] * scale))
        lightness, cloth = (
            as_float(cv2.resize(x, size, interpolation=cv2.INTER_AREA)) for x in (lightness, cloth)
        )
        mm *= scale
    inner = as_float(morphology.erode(cloth > 0.9, 1.5 * mm) * 1.0)
    off = as_float((lightness - filters.blur_inside(lightness, inner, 4 * mm)) * inner)
    found: list[tuple[float, float] | None] = []
    for side in _SIDES:
        window = as_float(np.outer(*[np.hanning(round(side * mm) + 2)[1:-1]] * 2))
        places = _choose_places(inner, window)
        found = [_find_peak(off[p], as_float(window * inner[p]), mm) for p in places]
        if len(found) >= _FEWEST:
            break
    peaks = np.array([peak for peak in found if peak is not None])
    if not len(peaks):
        return Evenness(0.0, 0.0, 0.0, len(found))
    contrast, period = (float(v) for v in np.median(peaks, axis=0))
    return Evenness(len(peaks) / len(found), contrast, period, len(found))


def _choose_places(inner: Mask, window: Float) -> list[tuple[slice, slice]]:
    """The squares that are cloth nearly all over, half a side apart, evenly thinned."""
    (h, w), side = inner.shape, len(window)
    step = max(1, side // 2)
    squares = [
        (slice(y, y + side), slice(x, x + side))
        for y in range(0, h - side + 1, step)
        for x in range(0, w - side + 1, step)
    ]
    whole = _COVERED * float(window.sum())
    covered = [s for s in squares if float((inner[s] * window).sum()) >= whole]
    return covered[:: max(1, -(-len(covered) // _MOST))]


def _find_peak(off: Float, window: Float, mm: float) -> tuple[float, float] | None:
    """The contrast and the period of the strongest frequency, where it is a peak."""
    n = len(off)
    level = float((off * window).sum() / window.sum())
    spectrum = np.abs(np.fft.fft2((off - level) * window)) ** 2
    spectrum /= n * n * float((window**2).sum())
    steps = np.fft.fftfreq(n) * n
    away = np.hypot(steps[:, None], steps[None])
    period = n / mm / np.maximum(away, 1e-6)
    told = (period > _FINEST) & (away > _TIMES) & (away < 0.45 * n)
    # A peak of a Hann window is spread over three steps each way.
    around = cv2.blur(np.pad(spectrum, 1, mode="wrap"), (3, 3))[1:-1, 1:-1] * 9
    y, x = np.unravel_index(int(np.where(told, around, 0).argmax()), spectrum.shape)
    dy, dx = ((steps - steps[at] + n / 2) % n - n / 2 for at in (y, x))
    far = np.hypot(dy[:, None], dx[None])
    ring = (far > _RING[0]) & (far < _RING[1]) & (away > 2)
    contrast = float(np.sqrt(2 * around[y, x]))
    least = _SEEN if away[y, x] > _BROAD else _BOLD
    highest = spectrum[y, x] >= spectrum[far < _RING[0]].max()
    if not highest or contrast < least:
        return None
    if spectrum[y, x] < _PEAK * max(float(spectrum[ring].mean()), 1e-12):
        return None
    return contrast, float(period[y, x])
