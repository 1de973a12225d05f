"""Enlargement held to its source: reduced again it says what the source said.

Vocabulary: *codes* are sRGB-curved values 0..1, in which noise and JPEG's steps are about even over
the tones; *luma* is their Rec. 601 weighted sum, the Y' of JPEG.
"""

from __future__ import annotations

import itertools

import cv2
import numpy as np

from catchlight.arrays import Float, as_float


def reduce_lanczos(large: Float, times: int) -> Float:
    """Reduce (n H, n W, C) by the whole number ``times`` with Lanczos's kernel of radius 3.

    What the common tools of web sites reduce by. Of clean photos reduced so, agreeing by it takes
    the identity distance to the truth from 0.020 to 0.012 (Keys' cubic: to 0.022).
    """
    reach = 3 * times
    at = (np.arange(-reach, reach) + 0.5) / times
    kernel = np.sinc(at) * np.sinc(at / 3)
    kernel /= kernel.sum()
    edge = cv2.BORDER_REFLECT
    wide = cv2.copyMakeBorder(large, reach, reach, reach, reach, edge)
    # The even kernel's middle lies between two pixels: anchored at its first, so that the answer
    # at pixel i spans i to i + 2 reach - 1.
    soft = cv2.sepFilter2D(wide, -1, kernel, kernel, anchor=(0, 0), borderType=edge)
    first = reach + times // 2 - reach
    h, w = (n // times for n in large.shape[:2])
    return as_float(soft[first::times, first::times][:h, :w])


def agree(large: Float, source: Float, *, steps: int = 1) -> Float:
    """Make an enlargement say what its source said: x <- x + Up(y - Down(x)).

    Down is :func:`reduce_lanczos`, Up is Lanczos's too (iterative back-projection, Irani and
    Peleg 1991). One step is enough; more only sharpen the rounding of y's codes.

    Parameters
    ----------
    large : (n H, n W, 3)
    source : (H, W, 3)
    """
    times = large.shape[0] // source.shape[0]
    size = (large.shape[1], large.shape[0])
    for _ in range(steps):
        rest = np.clip(source - reduce_lanczos(large, times), -_REST, _REST)
        large = large + cv2.resize(rest, size, interpolation=cv2.INTER_LANCZOS4)
    return as_float(large)


#: What agreeing changes at most, codes: a source sharpened after it was reduced would ring.
_REST = 4 / 255


def split_tiles(length: int, side: int, margin: int) -> list[tuple[int, int, int, int]]:
    """Cover ``length`` by tiles of at most ``side``: (read from, read to, keep from, keep to)."""
    if length <= side:
        return [(0, length, 0, length)]
    inner = side - 2 * margin
    count = -(-length // inner)
    cuts = [round(i * length / count) for i in range(count + 1)]
    pairs = itertools.pairwise(cuts)
    return [(max(0, a - margin), min(length, b + margin), a, b) for a, b in pairs]
