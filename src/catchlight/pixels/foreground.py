"""Foreground colours under a soft matte: what a strand would be without the wall behind it.

Vocabulary: *own* are the colours of what is surely the person, continued outwards; *wall* those of
what is surely not, continued inwards; a pixel's colour F is looked for between what the pixel says
and what the person shows beside it.

The method is Bayesian matting's (Chuang et al. 2001, equation 9) with alpha known: of all F and B
with a F + (1 - a) B = I, the likeliest under a normal spread around *own* and *wall*. Where alpha
is near 1 the pixel's word counts, where it is near 0 the person's. Two bounds keep it honest: no
channel leaves the range that the person shows within a few millimetres, unless the pixel itself
does; and what is half opaque over a stretch (an ear, a bead, a strap that the matte could not
decide on) is taken for solid and keeps its own colour.
"""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import filters
from catchlight.pixels.strips import over_parts
from catchlight.pixels.tiles import Box, enlarge_part, find_tiles, widen

#: Side from which on colours are estimated at half the size.
_LARGE = 900
#: Over so little below 1 the photo's own colours take over, so that no seam shows.
_SEAM = 0.02
#: Spread of the wall and of the person around their means, as a part of each and at least, in light
#: (a black that varies by a code or two).
_SPREAD, _LEAST = np.float32(0.30), np.float32(0.004)
#: Variance of the photo's noise, of light.
_NOISE = np.float32(1e-5)
# How far around the person's range of colours is taken, and what is allowed beyond it.
_RANGE_MM, _SLACK = 4.0, np.float32(1.15)
# Alpha that stays within 0.35 over 1.2 mm to both sides, and above a third, is no edge but a doubt.
_STRETCH_MM = 1.2


def clean_foreground(
    pixels: Pixels, alpha: Mask, small: Pixels, small_alpha: Mask, radius: float
) -> Pixels:
    """A picture whose soft edges have the person's colour alone; elsewhere it is as it was.

    In the tiles where alpha is neither 0 nor 1, at half of a large picture's size.

    Parameters
    ----------
    pixels : (H, W, 3) linear
    alpha : (H, W)
    small, small_alpha : (h, w, 3) and (h, w), the same reduced, for what is wide
    radius : float, pixels of ``pixels``: 63 mm of the face

    Returns
    -------
    (H, W, 3) float32; equal to ``pixels`` where alpha is 0 or 1.
    """
    h, w = alpha.shape
    mm = radius / 63
    half = 0.5 if max(h, w) > _LARGE else 1.0
    size = (round(w * half), round(h * half))
    image, a = filters.resize(pixels, *size), filters.resize(alpha, *size)
    near = _look_beside(small, small_alpha, mm * small.shape[0] / h)
    reach = max(1, round(_STRETCH_MM * mm * half))
    # Beside the tiles nothing is read, but it must be a number.
    change = np.zeros_like(image)
    edge = (a > 0) & (a < 1)

    def look(box: Box) -> None:
        change[box] = _clean_part(image, a, box, near, reach)

    over_parts(look, list(find_tiles(edge, size[::-1])))
    foreground = pixels.copy()

    def draw(box: Box) -> None:
        here = alpha[box]
        share = np.clip((1 - here) * np.float32(1 / _SEAM), 0, 1)
        share *= here > 0
        drawn = enlarge_part(change, (h, w), box) if half < 1 else change[box]
        foreground[box] = np.maximum(foreground[box] + share[..., None] * drawn, 0)

    over_parts(draw, list(find_tiles(edge, (h, w))))
    return foreground


def _clean_part(
    image: Pixels, alpha: Mask, box: Box, near: tuple[Float, ...], reach: int
) -> Pixels:
    """What is added to the ``box`` of the picture to have the person's colours."""
    more = widen(box, 2 * reach, alpha.shape)
    top, left = box[0].start - more[0].start, box[1].start - more[1].start
    rows, columns = (slice(k, k + s.stop - s.start) for k, s in zip((top, left), box, strict=True))
    sure = _find_solid(alpha[more], reach)[rows, columns]
    fields = (enlarge_part(x, alpha.shape, box) for x in near)
    seen = image[box]
    return as_float((1 - sure)[..., None] * (estimate_colours(seen, alpha[box], *fields) - seen))


def estimate_colours(
    image: Pixels, alpha: Mask, own: Pixels, wall: Pixels, low: Pixels, high: Pixels
) -> Pixels:
    """The likeliest colours of the person in half-transparent pixels.

    Parameters
    ----------
    image, own, wall, low, high : (h, w, 3) linear
        The picture; the colours of the person and of the wall beside; the range that the person
        shows there.
    alpha : (h, w)

    Returns
    -------
    (h, w, 3) float32, at least 0
    """
    a = alpha[..., None]
    rest = image - a * own
    rest -= (1 - a) * wall
    ours = a * (_SPREAD * own + _LEAST)
    theirs = (1 - a) * (_SPREAD * wall + _LEAST)
    # The share of what is left over that the person's spread explains.
    gain = ours * (_SPREAD * own + _LEAST) / (ours * ours + theirs * theirs + _NOISE)
    found = own + gain * rest
    # What is nearly opaque may be of a colour that nothing beside it has: a pearl, a bead.
    free = filters.smoothstep(alpha, 0.3, 0.8)[..., None]
    top = high + free * np.maximum(image - high, 0)
    bottom = low - free * np.maximum(low - image, 0)
    return as_float(np.clip(found, bottom, top))


def _find_solid(alpha: Mask, reach: int) -> Mask:
    """Where alpha is in doubt over a stretch, not an edge: the thing there is opaque, 0..1."""
    kernel = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    least = as_float(cv2.erode(alpha, kernel, borderType=cv2.BORDER_REPLICATE))
    most = as_float(cv2.dilate(alpha, kernel, borderType=cv2.BORDER_REPLICATE))
    core = filters.smoothstep(least, 0.25, 0.45) * (1 - filters.smoothstep(most, 0.97, 0.99))
    core *= 1 - filters.smoothstep(most - least, 0.06, 0.15)
    # Out to its own rim, where alpha is still what it is inside.
    level = as_float(cv2.dilate(core * least, kernel))
    share = filters.smoothstep(as_float(alpha / np.maximum(level, 0.1)), 0.75, 0.95)
    return as_float(as_float(cv2.dilate(core, kernel)) * share)


def _look_beside(small: Pixels, alpha: Mask, mm: float) -> tuple[Float, ...]:
    """Own and wall colours over the whole picture, and the range of the person's (h, w, 3) each."""
    # A pixel of the outline that is called solid still holds a little wall: one further in.
    solid, step = (alpha > 0.98).astype(np.uint8), np.ones((3, 3), np.uint8)
    inside = as_float(cv2.erode(solid, step, borderType=cv2.BORDER_REPLICATE))
    outside = as_float(alpha < 0.02)
    own = _continue(small, inside)
    wall = _continue(small, outside)
    half = (max(1, alpha.shape[1] // 2), max(1, alpha.shape[0] // 2))
    known, colours = filters.resize(inside, *half) > 0.5, filters.resize(small, *half)
    span = 2 * max(1, round(_RANGE_MM * mm / 2)) + 1
    kernel = np.ones((span, span), np.uint8)
    held = known[..., None]
    low = as_float(cv2.erode(np.where(held, colours, np.float32(9)), kernel))
    high = as_float(cv2.dilate(np.where(held, colours, np.float32(0)), kernel))
    # Farther out than that, the range of the nearest.
    there = as_float(low[..., 0] < 9)
    low, high = (filters.fill_outside(x * there[..., None], there, 0.0) for x in (low, high))
    return own, wall, low / _SLACK, high * _SLACK


def _continue(small: Pixels, mask: Mask) -> Pixels:
    """The colours inside ``mask`` continued outwards; the picture itself where there are none."""
    if float(mask.sum()) < 10:
        return small
    # What lies just beside: of heads before checks of 32 mm, with the true alpha, five new grounds
    # were missed by 2.4 (CIELAB) when it was the mean of all around, and by 1.7 now.
    return filters.fill_outside(small, mask, 0.0, near=4.0)
