"""Bars around a photo: letterbox and mounts, plain rows and columns that are no part of it."""

from __future__ import annotations

import numpy as np

from catchlight.arrays import Codes
from catchlight.pixels.grid import Box

#: Samples along the longer side at which bars are looked for.
_LOOK = 640
#: A bar's rows vary by no more than JPEG does beside an edge; where it ends, more than a quarter
#: of the row differs by more than that, at once: a plain studio ground ends at a head instead.
_PLAIN, _STEP, _SHARE = 0.02, 0.06, 0.25
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
    part = codes[::step, ::step].astype(np.float32) / np.float32(np.iinfo(codes.dtype).max)
    top, bottom = _measure_bar(part), _measure_bar(part[::-1])
    turned = part.transpose(1, 0, 2)
    left, right = _measure_bar(turned), _measure_bar(turned[::-1])
    # The sample beside a bar may hold some of it.
    x0, y0 = (n * step + step * (n > 0) for n in (left, top))
    x1, y1 = (s - n * step - step * (n > 0) for s, n in ((w, right), (h, bottom)))
    return int(x0), int(y0), int(x1), int(y1)


def _measure_bar(part: np.ndarray) -> int:
    """How many of the first rows are a bar."""
    first = np.median(part[0], axis=0)
    limit = int(_WIDEST * len(part))
    off = np.abs(part[: limit + 1] - first).max(axis=2)
    plain = np.percentile(off, 98, axis=1) < _PLAIN
    count = int(np.argmin(plain)) if not plain.all() else 0
    if count == 0 or count > limit:
        return 0
    # Where it ends it must end along the whole row, within the two samples that JPEG blurs.
    after = off[count : count + 3].max(axis=0)
    return count if float((after > _STEP).mean()) > _SHARE else 0
