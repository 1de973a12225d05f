"""Restraint: what an enlarging network draws is held to what its source shows.

Vocabulary: *codes* are those of the source (sRGB-curved, 0..1), *large* is n times their size.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Float, as_float
from catchlight.pixels import ycc
from catchlight.pixels.morphology import draw_disc

# How far the network may go beyond what the source shows within a pixel: a share of the range
# there, and codes of luma that rounding and JPEG leave. At a quarter of the range black dots were
# still drawn beside a moustache and along an ear.
_BEYOND, _ROUNDING = 0.05, 3 / 255
# Threads: up to this wide (a radius, in source pixels); how many times what the source shows within
# a pixel a light and a dark one may be, and codes of luma that go free, in the source and beyond
# it. Dark ones are lashes and brows, light ones what readers named: a white line along a temple or
# a jaw. Of 14 photos reduced four times 0.21 dB of 37.07 were lost by it, of twice 0.10 of 42.19
# (cubic resampling has 34.92 and 39.38); without the pixel around, or held as hard in the dark as
# in the light, 0.8 to 1.0. On real small photos the finest contrast of faces fell by 1 %.
_THREAD, _LIGHT, _DARK, _FREE, _SPARED = 0.7, np.float32(1.0), np.float32(2.0), 1 / 255, 1.5 / 255
#: A pixel and its four neighbours.
_CLOSE = draw_disc(1.0)


def hold_extremes(large: Float, codes: Float) -> Float:
    """Keep the luma of an enlarged picture within what its source shows close by.

    The network draws dots and threads, darker or lighter than anything around, out of the rims and
    noise of a source: specks on a cheek, worms along a crease, black points at a moustache. An edge
    between two tones needs neither tone to be passed, so edges stay as sharp.

    Parameters
    ----------
    large : (n h, n w, 3) codes
    codes : (h, w, 3)
    """
    luma = ycc.to_luma(codes)
    close = np.ones((3, 3), np.uint8)
    low, high = cv2.erode(luma, close), cv2.dilate(luma, close)
    room = np.float32(_BEYOND) * (high - low) + np.float32(_ROUNDING)
    size = (large.shape[1], large.shape[0])
    least = cv2.resize(low - room, size, interpolation=cv2.INTER_LINEAR)
    most = cv2.resize(high + room, size, interpolation=cv2.INTER_LINEAR)
    now = ycc.to_luma(large)
    held = np.minimum(np.maximum(now, least), most)
    return ycc.add_luma(large, as_float(held - now))


def hold_threads(large: Float, codes: Float) -> Float:
    """Take out the thin lines of an enlarged picture that its source does not show.

    Beside an edge the network draws a second one, a pixel of the source away: a white line along a
    temple, loops in a black scarf at the jaw. No bound of the tones around catches it, as it lies
    between them; but the source has no thin thing there (Serra 1982, top hats).

    Parameters
    ----------
    large : (n h, n w, 3) codes
    codes : (h, w, 3)
    """
    wide = draw_disc(_THREAD * (large.shape[0] // codes.shape[0]))
    now, said = ycc.to_luma(large), ycc.to_luma(codes)
    (light, dark), (own_light, own_dark) = _find_threads(now, wide), _find_threads(said, _CLOSE)
    size = (large.shape[1], large.shape[0])
    room = [
        cv2.resize(cv2.dilate(x, _CLOSE), size, interpolation=cv2.INTER_LINEAR)
        for x in (_LIGHT * own_light, _DARK * np.maximum(own_dark - np.float32(_FREE), 0))
    ]
    spared = np.float32(_SPARED)
    less = np.maximum(light - room[0] - spared, 0)
    more = np.maximum(dark - room[1] - spared, 0)
    return ycc.add_luma(large, as_float(more - less))


def _find_threads(luma: Float, wide: NDArray[np.uint8]) -> tuple[Float, Float]:
    """How far what is thinner than a disc is lighter, and darker, than what is around it."""
    return (
        as_float(luma - cv2.morphologyEx(luma, cv2.MORPH_OPEN, wide)),
        as_float(cv2.morphologyEx(luma, cv2.MORPH_CLOSE, wide) - luma),
    )
