"""Tiles: work only on those parts of a large picture where there is something to do."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from catchlight.arrays import Float, as_float

Box = tuple[slice, slice]
#: Side of a tile in pixels: three channels of float32 are 200 KB.
SIDE = 128


def find_tiles(where: np.ndarray, shape: tuple[int, int], side: int = SIDE) -> Iterator[Box]:
    """Rows and columns of the tiles of a picture in which something lies; neighbours as one.

    Parameters
    ----------
    where : (h, w) bool, over the picture reduced
    shape : (H, W) of the whole picture
    side : int, pixels, of a tile; even

    Notes
    -----
    A tile counts what lies within a pixel of ``where`` around it, as enlarging blurs so far. No
    box is longer than four tiles, so that its work stays in the processor's cache.
    """
    h, w = where.shape
    for y0 in range(0, shape[0], side):
        y1 = min(y0 + side, shape[0])
        rows = where[max(0, y0 * h // shape[0] - 1) : -(-y1 * h // shape[0]) + 1]
        row = np.logical_or.reduce(rows, axis=0)
        start: int | None = None
        for x0 in range(0, shape[1] + side, side):
            near = row[max(0, x0 * w // shape[1] - 1) : -(-(x0 + side) * w // shape[1]) + 1]
            full = x0 < shape[1] and bool(near.any())
            if start is not None and (not full or x0 - start >= 4 * side):
                yield slice(y0, y1), slice(start, min(x0, shape[1]))
                start = None
            if full and start is None:
                start = x0


def enlarge_part(small: Float, shape: tuple[int, int], box: Box) -> Float:
    """The ``box`` of ``small`` (h, w[, 3 or 4]) enlarged to ``shape`` (H, W) by lines.

    What ``cv2.resize`` would give there, without the rest.
    """
    rows, columns = box
    fy, fx = small.shape[0] / shape[0], small.shape[1] / shape[1]
    back = np.array(
        [
            [fx, 0, (columns.start + 0.5) * fx - 0.5],
            [0, fy, (rows.start + 0.5) * fy - 0.5],
        ]
    )
    size = (columns.stop - columns.start, rows.stop - rows.start)
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    out = cv2.warpAffine(small, back, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
    return as_float(out)


def enlarge_rows(narrow: Float, height: int, rows: slice) -> Float:
    """Some ``rows`` of ``narrow`` (h, W[, C]) enlarged by lines to ``height``.

    What ``cv2.resize`` would give there of a picture that has its width already.
    """
    h = narrow.shape[0]
    at = ((np.arange(rows.start, rows.stop) + 0.5) * (h / height) - 0.5).clip(0, h - 1)
    above = np.floor(at).astype(int)
    below = np.minimum(above + 1, h - 1)
    share = as_float(at - above).reshape(-1, *[1] * (narrow.ndim - 1))
    out = narrow[above]
    out *= 1 - share
    more = narrow[below]
    more *= share
    out += more
    return as_float(out)


def widen(box: Box, margin: int, shape: tuple[int, ...]) -> Box:
    """``box`` with ``margin`` pixels more on every side, within ``shape``."""
    rows, columns = box
    return (
        slice(max(0, rows.start - margin), min(shape[0], rows.stop + margin)),
        slice(max(0, columns.start - margin), min(shape[1], columns.stop + margin)),
    )
