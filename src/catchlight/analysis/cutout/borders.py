"""Bars around a photo: letterbox and mounts, plain rows and columns that are no part of it."""

from __future__ import annotations

import numpy as np

from catchlight.arrays import Codes, Mask, as_float
from catchlight.pixels.grid import Box

#: Samples along the longer side at which bars are looked for.
_LOOK = 640
#: A bar's rows vary by no more than JPEG does beside an edge; where it ends, more than a quarter
#: of the row differs by more than that, at once: a plain studio ground ends at a head instead.
_PLAIN, _STEP, _SHARE = 0.02, 0.06, 0.25
#: Share of a bar's samples that may be specks.
_SPECKS = 0.02
#: No bar is wider than this share of the side.
_WIDEST = 0.3


def find_content(codes: Codes) -> Box:
    """The box of a photo within its bars: x0, y0, x1, y1 in its pixels; mostly all of it.

    Parameters
    ----------
    codes : (H, W, 3) uint8 or uint16
    """
    h, w = codes.shape[:2]
    step = max(1, max(h, w) // _LOOK)
    part = codes[::step, ::step]
    turned = part.transpose(1, 0, 2)
    bars = [_measure_bar(lines) for lines in (turned, part, turned[::-1], part[::-1])]
    # The sample beside a bar may hold some of it.
    left, top, right, bottom = (n * step + step * (n > 0) for n in bars)
    return left, top, w - right, h - bottom


def _measure_bar(lines: Codes) -> int:
    """How many of the first lines (n, m, 3) are a bar."""
    scale = np.float32(1 / np.iinfo(lines.dtype).max)
    first = np.median(lines[0], axis=0) * scale

    def differ(line: Codes) -> Mask:
        return as_float(np.abs(line * scale - first).max(axis=-1))

    count, limit = 0, int(_WIDEST * len(lines))
    while count <= limit and float((differ(lines[count]) > _PLAIN).mean()) < _SPECKS:
        count += 1
    if count == 0 or count > limit:
        return 0
    # Where it ends it must end along the whole line, within the two samples that JPEG blurs.
    after = np.max([differ(line) for line in lines[count : count + 3]], axis=0)
    return count if float((after > _STEP).mean()) > _SHARE else 0
