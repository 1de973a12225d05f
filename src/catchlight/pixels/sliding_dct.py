"""Noise, and denoising by the DCT of blocks that slide over the picture.

Vocabulary: *codes* are sRGB-curved values 0..1, in which noise and JPEG's steps are about even over
the tones; *luma* is their Rec. 601 weighted sum, the Y' of JPEG.
"""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.arrays import Float, as_float
from catchlight.pixels import filters

_D = np.array([[np.cos((2 * x + 1) * u * np.pi / 16) for x in range(8)] for u in range(8)])
_D[0] /= np.sqrt(2)
#: Orthonormal DCT of an 8x8 block as a row of 64: ``rows @ DCT.T``, and back: ``rows @ DCT``.
DCT = np.kron(_D / 2, _D / 2).astype(np.float32)


def to_blocks(luma: Float) -> Float:
    """Whole 8x8 blocks of (H, W) as rows (N, 64)."""
    h, w = (n // 8 * 8 for n in luma.shape)
    return luma[:h, :w].reshape(h // 8, 8, w // 8, 8).swapaxes(1, 2).reshape(-1, 64)


def times(rows: Float, matrix: Float) -> Float:
    """``rows @ matrix``, 32 rows at a time: so small a product stays on one thread.

    On a busy machine waiting for OpenBLAS's second thread took twenty times as long as the work.
    """
    out, whole = np.empty_like(rows), len(rows) // 32 * 32
    many = (-1, 32, rows.shape[1])
    np.matmul(rows[:whole].reshape(many), matrix, out=out[:whole].reshape(many))
    np.matmul(rows[whole:], matrix, out=out[whole:])
    return out


# Where the grid of blocks begins, by the number of estimates: lattices whose points share as few
# rows and columns as can be, which see more of the picture than as many on a square. Of 64 places
# a lattice of 16 loses 0.13 dB on noise of 5 codes (a square of 16: 0.31) and 0.02 on JPEGs of
# quality 30; one of 8 loses as much as the square of 16.
_LATTICES = {
    64: [(y, x) for y in range(8) for x in range(8)],
    16: [(y, x) for y in range(8) for x in range(8) if (y + x) % 4 == 0],
    8: [(y, 3 * y % 8) for y in range(8)],
    4: [(2 * y, 6 * y % 8) for y in range(4)],
}


def choose_count(pixels: int) -> int:
    """Estimates of each pixel that keep :func:`shrink_dct` within a quarter of a second."""
    return 16 if pixels < 800_000 else 8 if pixels < 2_000_000 else 4


def shrink_dct(luma: Float, threshold: Float | float, *, count: int) -> Float:
    """Hard-threshold the DCT of overlapping 8x8 blocks (sliding-window DCT; Yaroslavsky 1996).

    Parameters
    ----------
    luma : (H, W)
    threshold : float or (8, 8), below which a coefficient is taken for noise; DC stays
    count : {64, 16, 8, 4}, overlapping blocks that each pixel is estimated from

    Returns
    -------
    (H, W) float32
        Estimates averaged by the number of coefficients they kept: flat blocks weigh more
        (Guleryuz 2007), which is what keeps ringing out of the flat side of an edge.
    """
    h, w = luma.shape
    bottom, right = 16 - h % 8, 16 - w % 8
    padded = as_float(cv2.copyMakeBorder(luma, 8, bottom, 8, right, cv2.BORDER_REFLECT_101))
    total, weight = np.zeros_like(padded), np.zeros_like(padded)
    limit = as_float(np.broadcast_to(threshold, (8, 8))).ravel().copy()
    limit[0] = 0
    # In patches that stay in the processor's cache: three times as fast as in one piece.
    for y0 in range(0, padded.shape[0], _PATCH[0]):
        for x0 in range(0, padded.shape[1], _PATCH[1]):
            for dy, dx in _LATTICES[count]:
                ys, xs = slice(y0 + dy, y0 + dy + _PATCH[0]), slice(x0 + dx, x0 + dx + _PATCH[1])
                _add_shrunk(padded[ys, xs], limit, total[ys, xs], weight[ys, xs])
    out = total[8 : 8 + h, 8 : 8 + w] / weight[8 : 8 + h, 8 : 8 + w]
    return as_float(out)


#: Height and width of the patches of shrink_dct, in pixels.
_PATCH = (64, 512)


def _add_shrunk(part: Float, limit: Float, total: Float, weight: Float) -> None:
    """Add to ``total`` and ``weight`` what the whole blocks of ``part`` say."""
    ph, pw = (n // 8 * 8 for n in part.shape)
    if ph == 0 or pw == 0:
        return
    rows = times(to_blocks(part), DCT.T)
    keep = as_float(np.abs(rows) >= limit)
    trust = as_float(1 / np.maximum(keep.sum(1, keepdims=True), 1))
    rows *= keep
    rows = times(rows, DCT)
    rows *= trust
    grid = (ph // 8, 8, pw // 8, 8)
    # Splitting an axis of a slice is a view: these add in place.
    total[:ph, :pw].reshape(grid)[:] += rows.reshape(ph // 8, pw // 8, 8, 8).swapaxes(1, 2)
    weight[:ph, :pw].reshape(grid)[:] += trust.reshape(ph // 8, 1, pw // 8, 1)


def estimate_noise(field: Float) -> float:
    """Standard deviation of white noise of ``field`` (H, W), on its flattest tiles.

    Immerkaer 1996; the 15th percentile of the tiles, as portraits are mostly skin, cloth and wall.
    """
    second = np.array([1, -2, 1], np.float32)
    response = as_float(cv2.sepFilter2D(field, -1, second, second))
    np.abs(response, out=response)
    h, w = field.shape
    tile = max(8, min(h, w) // 40)
    means = filters.resize(response, max(1, w // tile), max(1, h // tile))
    return float(np.percentile(means, 15) * np.sqrt(np.pi / 2) / 6)


def denoise_chroma(chroma: Float, noise: float) -> Float:
    """Take white noise of standard deviation ``noise`` out of a chroma plane (H, W).

    It is reduced to half its size first: the eye does not see colour so fine.
    """
    h, w = chroma.shape
    # 2.7 sigma: the usual factor of hard thresholding in BM3D (Dabov 2007).
    limit = 2.7 * noise
    half = filters.resize(chroma, (w + 1) // 2, (h + 1) // 2)
    half = shrink_dct(half, limit / 2, count=choose_count(4 * half.size))
    return as_float(cv2.resize(half, (w, h), interpolation=cv2.INTER_CUBIC))
