"""Foreground colours under a soft matte: what the hair would be without the wall behind it.

Blur fusion (Forte 2021, "Approximate fast foreground colour estimation"), two passes: alpha
weighted means of foreground and background, wide and then narrow, each time the residual goes to
the foreground. The wide means are smooth, so they are taken from a small picture; the narrow ones
are needed in the band alone.
"""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import blend, filters
from catchlight.pixels.tiles import Box, enlarge_part, find_tiles, widen

#: The radius of the second pass is this part of the first's.
_NARROW = 15
#: Side from which on colours are estimated at half the size.
_LARGE = 900
#: Over so little below 1 the photo's own colours take over, so that no seam shows.
_SEAM = 0.02


def _box(x: Float, r: int) -> Float:
    """Mean over (2r+1)^2 windows, reflected at the borders."""
    return as_float(cv2.blur(x, (2 * r + 1, 2 * r + 1), borderType=cv2.BORDER_REFLECT_101))


def _means(f: Pixels, b: Pixels, alpha: Mask, r: int) -> tuple[Pixels, Pixels]:
    """Mean colour of the foreground and of the background within ``r`` pixels."""
    a, around = alpha[..., None], _box(alpha, r)[..., None]
    f = _box(f * a, r) / (around + np.float32(1e-5))
    return f, _box(b * (1 - a), r) / (np.float32(1 + 1e-5) - around)


def _settle(image: Pixels, alpha: Mask, f: Pixels, b: Pixels) -> Pixels:
    """Give what a f + (1 - a) b lacks of the ``image`` to the foreground."""
    a = alpha[..., None]
    return as_float(np.maximum(f + a * (image - a * f - (1 - a) * b), 0))


def estimate_foreground(image: Pixels, alpha: Mask, radius: float) -> Pixels:
    """Foreground colours of a whole picture.

    Parameters
    ----------
    image : (H, W, 3) linear
    alpha : (H, W)
    radius : float, pixels, of the first pass; the second is a fifteenth of it

    Returns
    -------
    (H, W, 3) float32; equal to ``image`` where alpha is 1.
    """
    f, b = _means(image, image, alpha, max(2, round(radius)))
    f = _settle(image, alpha, f, b)
    f, b = _means(f, b, alpha, max(1, round(radius / _NARROW)))
    f = _settle(image, alpha, f, b)
    return np.where(alpha[..., None] >= 1, image, f).astype(np.float32)


def clean_foreground(
    pixels: Pixels, alpha: Mask, small: Pixels, small_alpha: Mask, radius: float
) -> Pixels:
    """A picture whose soft edges have the person's colour alone; elsewhere it is as it was.

    :func:`estimate_foreground` and :func:`blend.match_spill` in the tiles where alpha is neither 0
    nor 1, at half of a large picture's size.

    Parameters
    ----------
    pixels : (H, W, 3) linear
    alpha : (H, W)
    small, small_alpha : (h, w, 3) and (h, w), the same reduced, for what is wide
    radius : float, pixels of ``pixels``
    """
    h, w = alpha.shape
    half = 0.5 if max(h, w) > _LARGE else 1.0
    size = (round(w * half), round(h * half))
    image, a = filters.resize(pixels, *size), filters.resize(alpha, *size)
    shape = (size[1], size[0])
    wide = max(2, round(radius * small.shape[0] / h))
    far = _means(small, small, small_alpha, wide)
    near = _continue_person(small, small_alpha)
    narrow = max(1, round(radius * half / _NARROW))
    # Beside the tiles nothing is read, but it must be a number.
    tone = np.zeros_like(image)
    for box in find_tiles((a > 0) & (a < 1), shape):
        tone[box] = _clean_part(image, a, box, (*far, near), narrow)
    foreground = pixels.copy()
    for box in find_tiles((a > 0) & (a < 1), (h, w)):
        here = alpha[box]
        share = np.clip((1 - here) * np.float32(1 / _SEAM), 0, 1)
        share *= here > 0
        drawn = enlarge_part(tone, (h, w), box) if half < 1 else tone[box]
        foreground[box] += share[..., None] * (drawn - foreground[box])
    return foreground


def _clean_part(
    image: Pixels, alpha: Mask, box: Box, smooth: tuple[Pixels, ...], narrow: int
) -> Pixels:
    """The ``box`` of the clean foreground; ``smooth`` are wide means and the person continued."""
    more = widen(box, narrow, alpha.shape)
    seen, a = image[more], alpha[more]
    f, b, near = (enlarge_part(x, alpha.shape, more) for x in smooth)
    f = _settle(seen, a, f, b)
    f, b = _means(f, b, a, narrow)
    f = _settle(seen, a, f, b)
    f = np.where(a[..., None] >= 1, seen, f)
    f = blend.match_spill(f, a, near, share=0.5)
    top, left = box[0].start - more[0].start, box[1].start - more[1].start
    rows, columns = (s.stop - s.start for s in box)
    return as_float(f[top : top + rows, left : left + columns])


def _continue_person(small: Pixels, alpha: Mask) -> Pixels:
    """The colours of what is surely person, continued outwards, at half the size of ``small``.

    Without any such pixel, the picture itself.
    """
    inside = as_float(alpha > 0.98)
    if float(inside.sum()) < 10:
        return small
    size = (max(1, alpha.shape[1] // 2), max(1, alpha.shape[0] // 2))
    known = filters.resize(inside, *size)
    colours = filters.resize(small * inside[..., None], *size)
    colours /= np.maximum(known, np.float32(1e-3))[..., None]
    return filters.fill_outside(colours, known, 1.0)
