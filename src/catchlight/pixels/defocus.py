"""Out of focus: a photo's own background as a longer lens would have drawn it, without a halo.

Vocabulary: *behind* is the background with the person taken out and filled from beside; the *haze*
says how far out of focus a place is, 0..1. It is the same everywhere, from the outline on, as it is
behind a lens: a strip of sharp wall around somebody, or letters softer on one side than on the
other, are what gives a drawn blur away. Where the background is *calm* nothing would change but
the hair before it, so there the photo stays as it is; so do strands of hair, and holes of the
person that may be a sleeve.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import colour, filters, morphology
from catchlight.pixels.morphology import Bits
from catchlight.pixels.strands import find_strands

# Radius of the disc at full haze, in mm of the face: who asks for a soft ground gets the first, to
# whom ``auto`` gives one, the second. At 5.5 (a wall two metres behind, f/2.8 at 85 mm) readers
# called all of them edited, at 3.5 23 of 30 and at 2.6 17, and preferred 87 % of either to the
# plain crop; at 2.4 15 of 20 votes still said edited: letters beside a head are smeared by it, at
# 1.8 they are soft. The first is about f/6.3, the second f/8.
RADIUS_MM, GENTLE_MM = 2.4, 1.8
#: Haze at which each of the blurred pictures stands; between them it is mixed.
_LEVELS = (0.2, 0.45, 0.7, 1.0)
#: Alpha from which on somebody stands there, and what counts as the person's own light.
_SOLID, _TRACE = 0.25, 0.10
# Change of colour (CIELAB) by the full haze, per mm of its radius, up to which a place is calm, and
# from which on it is not; what counts at most of one pixel's, so that a hair before a wall makes no
# wall restless; how far around it is averaged, and how far from the outline it begins, past loose
# hair, in mm.
_CALM, _ONE = np.array([0.42, 0.92], np.float32), np.float32(4)
_AROUND_MM, _PAST_MM = 8.0, 10.0
# An edge of the photo is as wide as its pixels: by so many of them the person is made larger, and
# then faded into the background, so that no outline is harder than what it encloses. What is added
# so is the photo blurred by the third: sharp, it was a rim of leaves and letters around the hair.
_EDGE_GROWS, _EDGE_FADES, _EDGE_BLURS = 0.5, 0.6, 0.8
# What may be the person: where the votes agree less, wider than a strip of twice this and no
# farther from them, in mm.
_DOUBT, _WIDE_MM, _REACH_MM = 0.6, 2.0, 40.0
#: How far beside the person nothing counts in a disc, in mm: alpha errs by about that much.
_BESIDE_MM = 1.2
#: Longer side at which the light of a background out of focus is told, and over what distance, in
#: mm: over less, a gain that draws edges sharper would draw them there again.
_RELIT, _RELIT_MM = 320, 3.7
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
    pixels: Pixels,
    alpha: Mask,
    agreed: Mask,
    px_per_mm: float,
    *,
    source: float,
    radius_mm: float = RADIUS_MM,
) -> Defocus:
    """Throw what is behind a person out of focus.

    Parameters
    ----------
    pixels : (h, w, 3) linear
    alpha : (h, w), the person
    agreed : (h, w), 0..1, how far those who found the person agree at each place
    px_per_mm : float
    source : float
        How wide a pixel of the photo is here; 1 and less where the photo has as many or more.
    radius_mm : float
        Radius of the disc at full haze, in mm of the face.

    Notes
    -----
    Discs in linear light, of what is seen beside the person alone; clipped lights are taken to have
    been brighter, so that they bloom.
    """
    mm = np.float32(px_per_mm)
    strands = find_strands(pixels, alpha, px_per_mm)
    shown = _soften_edge(strands, source)
    away = as_float(morphology.measure_depth(alpha < _SOLID) / mm)
    person = (strands > _TRACE) | (away < _BESIDE_MM)
    behind = _fill(pixels, person)
    # What was filled in counts only where a disc meets nothing else: a guess, often too light.
    weight = np.where(person, _GUESSED, np.float32(1))
    lit = _brighten_lights(behind)
    soft = [_disc(lit, weight, radius_mm * x * px_per_mm) for x in _LEVELS]
    there = (away > _PAST_MM) & (alpha < _TRACE)
    calm = _CALM * np.float32(radius_mm)
    haze = _raise_haze(pixels, _darken_lights(soft[-1]), there, calm, px_per_mm)
    haze = as_float(haze * (1 - _find_doubtful_holes(alpha, agreed, px_per_mm)))
    field = _darken_lights(_mix(soft, haze))
    rim = filters.blur(pixels, _EDGE_BLURS * source)
    field += _beyond(shown, strands)[..., None] * (rim - field)
    own = np.maximum(1 - filters.smoothstep(haze, 0.0, _LEVELS[0]), _beyond(strands, alpha))
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
        self._reach = _RELIT_MM * px_per_mm * factor
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


def _raise_haze(pixels: Pixels, soft: Pixels, there: Bits, calm: Float, px_per_mm: float) -> Mask:
    """How far out of focus a place is to be, 0..1: all, but where nothing would change, (h, w)."""
    if not there.any():
        return np.ones(there.shape, np.float32)
    before, after = (colour.p3_to_lab(np.clip(x, 0, 1)) for x in (pixels, soft))
    change = as_float(np.minimum(np.sqrt(np.square(after - before).sum(axis=2)), _ONE))
    near = filters.blur_inside(change, as_float(there), _AROUND_MM * px_per_mm)
    return filters.smoothstep(near, *calm)


def _soften_edge(shown: Mask, source: float) -> Mask:
    """The person with an edge as wide as the photo's own, nowhere less than ``shown``."""
    if source <= 1:
        return shown
    grown = as_float(cv2.dilate(shown, morphology.draw_disc(_EDGE_GROWS * source)))
    return np.maximum(shown, filters.blur(grown, _EDGE_FADES * source))


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


def _beyond(shown: Mask, alpha: Mask) -> Mask:
    """The share of what ``alpha`` leaves over that ``shown`` holds, (h, w) 0..1."""
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
    return filters.fill_outside(pixels, empty, 0.0, near=4.0)


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
