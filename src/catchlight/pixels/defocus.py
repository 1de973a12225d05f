"""Out of focus: a photo's own background as a longer lens would have drawn it, without a halo.

Vocabulary: *behind* is the background with the person taken out and filled from beside; the *haze*
says how far out of focus a place is, 0..1. It is there from the outline on, as it is behind a lens:
a strip of sharp wall around somebody before a soft one is what gives a drawn blur away. Only what
*may be the person* keeps the photo's own pixels, strands of hair above all.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import filters, morphology
from catchlight.pixels.morphology import Bits
from catchlight.pixels.strands import find_strands

#: Radius of the disc at full haze, in mm of the face: f/2.8 at 85 mm, a metre and a half away, with
#: the wall two metres behind, draws a point 14 mm wide beside the face. Less is called natural by
#: more readers: at 9 mm one said of 15 out of 15 that they looked blurred, at 6.3 they still named
#: the heaviest.
RADIUS_MM = 5.5
#: Haze at which each of the blurred pictures stands; between them it is mixed.
_LEVELS = (0.12, 0.30, 0.60, 1.0)
#: Alpha from which on somebody stands there, and what counts as the person's own light.
_SOLID, _TRACE = 0.25, 0.10
#: Haze at the outline itself, and over what distance it becomes full, in mm. A lens would draw both
#: alike; the smaller disc beside hair leaves less of a step where the outline errs.
_AT_OUTLINE, _RISE_MM = 0.45, 6.0
# What may be the person: where the votes agree less, wider than a strip of twice this and no
# farther from them, in mm; how far beside it the photo stays, and where it is soft again.
_DOUBT, _WIDE_MM, _REACH_MM = 0.6, 2.0, 40.0
_STAYS_MM, _LEAVES_MM = 3.0, 20.0
#: How far beside the person nothing counts in a disc, in mm: alpha errs by about that much.
_BESIDE_MM = 1.2
#: Longer side at which the light of a background out of focus is told.
_RELIT = 320
#: How much a place that was filled in counts beside one that was seen.
_GUESSED = np.float32(0.02)
#: Light above which a picture may have been clipped, and how much brighter each step of it is taken
#: to be; what was made brighter is made darker again, so that a plain bright wall stays as it is.
_GLINT, _BLOOM = np.float32(0.80), np.float32(3.75)


@dataclass(frozen=True, eq=False)
class Defocus:
    """A background out of focus.

    Attributes
    ----------
    field : (h, w, 3) linear, the whole frame without the person
    own : (h, w), the share of the photo as it is: 1 where nothing is out of focus, the outline's
        surroundings above all
    """

    field: Pixels
    own: Mask


def defocus(
    pixels: Pixels, alpha: Mask, agreed: Mask, px_per_mm: float, *, ground: float
) -> Defocus:
    """Throw what is behind a person out of focus.

    Parameters
    ----------
    pixels : (h, w, 3) linear
    alpha : (h, w), the person
    agreed : (h, w), 0..1, how far those who found the person agree at each place
    px_per_mm : float
    ground : float
        Row from which on what is seen stands at the person's own depth (the chin's, about); from
        there to the lower edge the haze falls by a third.

    Notes
    -----
    Discs in linear light, of what is seen beside the person alone; clipped lights are taken to have
    been brighter, so that they bloom.
    """
    mm = np.float32(px_per_mm)
    shown = find_strands(pixels, alpha, px_per_mm)
    away = morphology.measure_depth(alpha < _SOLID) / mm
    doubtful = find_doubtful(alpha, agreed, px_per_mm)
    kept = np.maximum(
        _find_doubtful_holes(alpha, agreed, px_per_mm), _fade_from(doubtful, px_per_mm)
    )
    haze = raise_haze(as_float(away))
    rows = np.arange(alpha.shape[0], dtype=np.float32)[:, None]
    haze *= 1 - filters.smoothstep(rows, ground, 1.6 * alpha.shape[0] - 0.6 * ground) / 2
    haze = as_float(haze * (1 - kept))
    person = (shown > _TRACE) | (away < _BESIDE_MM)
    behind = _fill(pixels, person)
    # What was filled in counts only where a disc meets nothing else: a guess, often too light.
    weight = np.where(person, _GUESSED, np.float32(1))
    lit, radii = _brighten_lights(behind), [RADIUS_MM * x * px_per_mm for x in _LEVELS]
    field = _darken_lights(_mix([_disc(lit, weight, radius) for radius in radii], haze))
    own = np.maximum(1 - filters.smoothstep(haze, 0.0, _LEVELS[0]), _beyond(shown, alpha))
    return Defocus(field, as_float(own))


class GroundLight:
    """The light around each place of a photo's background, the person left out.

    Parameters
    ----------
    base : (H, W, 3) linear, the photo
    alpha : (H, W), the person
    px_per_mm : float
    """

    def __init__(self, base: Pixels, alpha: Mask, px_per_mm: float) -> None:
        h, w = alpha.shape
        factor = min(1.0, _RELIT / max(h, w))
        size = (max(1, round(w * factor)), max(1, round(h * factor)))
        self._clear = 1 - filters.resize(alpha, *size)
        self._reach = 2 * RADIUS_MM / 3 * px_per_mm * factor
        self._before = self._measure(base)

    def relight(self, field: Pixels, lit: Pixels) -> Pixels:
        """Expose a background out of focus as what it came from was exposed.

        A gain that draws an edge sharper would draw the edge where there is none any more: so the
        field is brightened by what the light around each place was.

        Parameters
        ----------
        field : (H, W, 3) linear
        lit : (H, W, 3), the photo exposed
        """
        gain = (self._measure(lit) + np.float32(1e-4)) / (self._before + np.float32(1e-4))
        h, w = field.shape[:2]
        return as_float(field * filters.resize(as_float(gain), w, h))

    def _measure(self, picture: Pixels) -> Pixels:
        h, w = self._clear.shape
        return filters.blur_inside(filters.resize(picture, w, h), self._clear, self._reach)


def raise_haze(away: Float) -> Mask:
    """How far out of focus a place is, so many mm ``away`` (h, w) from the person: 0..1."""
    return as_float(_AT_OUTLINE + (1 - _AT_OUTLINE) * filters.smoothstep(away, 0.0, _RISE_MM))


def find_doubtful(alpha: Mask, agreed: Mask, px_per_mm: float) -> Bits:
    """Where beside the person something wider than an edge may be of them, (h, w).

    Parameters
    ----------
    alpha, agreed : (h, w), see :func:`defocus`
    px_per_mm : float
    """
    outside = alpha < 0.5
    near = morphology.measure_depth(outside) < _REACH_MM * px_per_mm
    return near & morphology.drop_thin((agreed < _DOUBT) & outside, _WIDE_MM * px_per_mm)


def _fade_from(doubtful: Bits, mm: float) -> Mask:
    """1 in what is doubtful and 3 mm around it, and 0 from 2 cm on, (h, w)."""
    if not doubtful.any():
        return np.zeros(doubtful.shape, np.float32)
    away = as_float(morphology.measure_depth(~doubtful) / np.float32(mm))
    return filters.smoothstep(away, _LEAVES_MM, _STAYS_MM)


def _beyond(shown: Mask, alpha: Mask) -> Mask:
    """The share of what alpha leaves to the ground that strands hold, (h, w) 0..1."""
    return as_float((shown - alpha) / np.maximum(1 - alpha, np.float32(1e-6)))


def _brighten_lights(picture: Pixels) -> Pixels:
    return as_float(picture + np.maximum(picture - _GLINT, 0) * _BLOOM)


def _darken_lights(picture: Pixels) -> Pixels:
    """The inverse of :func:`_brighten_lights`."""
    return as_float(picture - np.maximum(picture - _GLINT, 0) * (_BLOOM / (1 + _BLOOM)))


def _find_doubtful_holes(alpha: Mask, agreed: Mask, mm: float) -> Mask:
    """Holes in the person that are not sure, (h, w) 0..1: more likely a sleeve than a gap."""
    labels, holes = morphology.label_holes(alpha >= 0.7, connectivity=8)
    weight = np.bincount(labels.ravel())
    sure = np.bincount(labels.ravel(), agreed.ravel()) / np.maximum(weight, 1)
    doubtful = np.isin(labels, holes[(sure[holes] < 0.6) & (weight[holes] < (45 * mm) ** 2)])
    if not doubtful.any():
        return np.zeros_like(alpha)
    step = 2 * max(1, round(3 * mm)) + 1
    wide = cv2.dilate(doubtful.astype(np.uint8), np.ones((step, step), np.uint8))
    return filters.blur(as_float(wide), 1.5 * mm)


def _fill(pixels: Pixels, person: np.ndarray) -> Pixels:
    """The picture with the person filled from beside; itself where nothing else is seen."""
    empty = as_float(~person)
    if float(empty.sum()) < 20:
        return pixels
    return filters.fill_outside(pixels, empty, 0.0)


def _disc(picture: Pixels, weight: Mask, radius: float) -> Pixels:
    """Blur by a disc with a soft rim, ``radius`` pixels, each place counting by its weight."""
    if radius < 0.5:
        return picture
    n = int(np.ceil(radius))
    y, x = np.mgrid[-n : n + 1, -n : n + 1]
    disc = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
    disc /= disc.sum()
    top, below = (
        as_float(cv2.filter2D(x, -1, disc, borderType=cv2.BORDER_REFLECT_101))
        for x in (picture * weight[..., None], weight)
    )
    return as_float(top / below[..., None])


def _mix(pictures: list[Pixels], haze: Float) -> Pixels:
    """The picture of each place's haze, mixed of its neighbours."""
    out = pictures[0]
    for low, high, picture in zip(_LEVELS[:-1], _LEVELS[1:], pictures[1:], strict=True):
        share = np.clip((haze - low) / (high - low), 0, 1).astype(np.float32)
        out = out + share[..., None] * (picture - out)
    return as_float(out)
