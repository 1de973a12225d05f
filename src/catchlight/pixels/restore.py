"""Restoring a poor source: what JPEG, sensor noise, a soft lens and too few pixels took away.

Vocabulary: *codes* are sRGB-curved values 0..1, in which noise and JPEG's steps are about even over
the tones; *luma* is their Rec. 601 weighted sum, the Y' of JPEG. Everything here works on codes.
"""

from __future__ import annotations

import itertools

import cv2
import numpy as np

from catchlight.arrays import Float, as_float
from catchlight.pixels import filters

#: RGB codes -> Y', Cb, Cr, all centred on 0 but Y' (ITU-R BT.601, as in JFIF).
RGB_TO_YCC = np.array(
    [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]]
)
YCC_TO_RGB = np.linalg.inv(RGB_TO_YCC)
# The luminance table of ITU-T T.81, annex K.1: what a JPEG of quality 50 divides by.
_T81 = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61], [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56], [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77], [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101], [72, 92, 95, 98, 112, 100, 103, 99],
    ]
)  # fmt: skip
# Its chrominance table, annex K.2: 99 but for the lowest ten.
_T81_CHROMA = np.full((8, 8), 99)
_T81_CHROMA[:4, :4] = [[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]]
_D = np.array([[np.cos((2 * x + 1) * u * np.pi / 16) for x in range(8)] for u in range(8)])
_D[0] /= np.sqrt(2)
#: Orthonormal DCT of an 8x8 block as a row of 64: ``rows @ _DCT.T``, and back: ``rows @ _DCT``.
_DCT = np.kron(_D / 2, _D / 2).astype(np.float32)


def _to_blocks(luma: Float) -> Float:
    """Whole 8x8 blocks of (H, W) as rows (N, 64)."""
    h, w = (n // 8 * 8 for n in luma.shape)
    return luma[:h, :w].reshape(h // 8, 8, w // 8, 8).swapaxes(1, 2).reshape(-1, 64)


def _from_blocks(rows: Float, h: int, w: int) -> Float:
    return rows.reshape(h // 8, w // 8, 8, 8).swapaxes(1, 2).reshape(h, w)


def jpeg_table(quality: int, *, chroma: bool = False) -> Float:
    """The (8, 8) quantisation table of the Independent JPEG Group's quality 1..100."""
    scale = 5000 / quality if quality < 50 else 200 - 2 * quality
    table = _T81_CHROMA if chroma else _T81
    return as_float(np.clip(np.floor((table * scale + 50) / 100), 1, 255))


def estimate_jpeg(luma: Float) -> int | None:
    """Quality at which a JPEG was saved whose 8x8 grid begins at the first pixel of ``luma``.

    The DCT coefficients of a decoded JPEG lie on multiples of its steps q: the mean of
    ``cos(2 pi c / q)`` over those that are not 0 is near 1 at the true table, and near 0 where the
    picture never was a JPEG, was resized since, or has its grid elsewhere. (After Fan and de
    Queiroz 2003, who take the maximum of a likelihood over the same lattice.)

    Returns
    -------
    int or None
        Of qualities that fit equally well the lowest, as a lattice fits every finer one.
    """
    rows = _to_blocks(luma)
    if len(rows) < 16:
        return None
    rows = rows[:: max(1, len(rows) // 4000)]
    found = np.asarray(rows * 255 - 128, np.float32) @ _DCT.T
    # The first four rows and columns without DC: beyond them hardly anything survives.
    order = [8 * u + v for u in range(4) for v in range(4) if u + v > 0]
    found = found[:, order]
    scores: dict[int, float] = {}
    for quality in range(10, 91):
        q = jpeg_table(quality).ravel()[order]
        alive = np.abs(found) > 0.6 * q
        if alive.sum() < 60:
            continue
        scores[quality] = float(np.cos(2 * np.pi * found / q)[alive].mean())
    if not scores:
        return None
    best = max(scores.values())
    # Other encoders' tables are near, not on, this family: half the score is still a lattice.
    if best < 0.35:
        return None
    return min(k for k, s in scores.items() if s > 0.9 * best)


def shrink_dct(luma: Float, threshold: Float | float, *, step: int) -> Float:
    """Hard-threshold the DCT of overlapping 8x8 blocks (sliding-window DCT; Yaroslavsky 1996).

    Parameters
    ----------
    luma : (H, W)
    threshold : float or (8, 8), below which a coefficient is taken for noise; DC stays
    step : {1, 2, 4}, pixels from block to block: 64, 16 or 4 overlapping estimates

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
    for dy in range(0, 8, step):
        for dx in range(0, 8, step):
            part = padded[dy:, dx:]
            ph, pw = (n // 8 * 8 for n in part.shape)
            rows = _to_blocks(part) @ _DCT.T
            keep = np.abs(rows) >= limit
            trust = as_float(1 / np.maximum(keep.sum(1), 1))
            rows = (rows * keep) @ _DCT
            total[dy : dy + ph, dx : dx + pw] += _from_blocks(rows * trust[:, None], ph, pw)
            spread = np.repeat(np.repeat(trust.reshape(ph // 8, pw // 8), 8, 0), 8, 1)
            weight[dy : dy + ph, dx : dx + pw] += spread
    out = total[8 : 8 + h, 8 : 8 + w] / weight[8 : 8 + h, 8 : 8 + w]
    return as_float(out)


def deblock(luma: Float, quality: int) -> Float:
    """Take the blocks and ringing of a JPEG out of ``luma``, whose grid begins at its first pixel.

    Overlapping blocks see the other blocks' edges as small coefficients and drop them; the result
    is then moved to the nearest picture that the same encoder would have stored as the same file
    (each coefficient within half a step of the decoded one; Zakhor 1992), so that what the file
    says of the sitter stays said.
    """
    table = jpeg_table(quality) / np.float32(255)
    # 0.4 of a step: of 0.4, 0.6, 0.8 and 1 the best PSNR from q20 to q75 on four photographs.
    out = shrink_dct(luma, 0.4 * table, step=2)
    h, w = (n // 8 * 8 for n in luma.shape)
    said, now = (_to_blocks(x) @ _DCT.T for x in (luma, out))
    half = 0.5 * table.ravel()
    fits = np.clip(now, said - half, said + half) @ _DCT
    result = out.copy()
    result[:h, :w] = _from_blocks(fits, h, w)
    return result


def estimate_noise(field: Float) -> float:
    """Standard deviation of white noise of ``field`` (H, W), on its flattest tiles.

    Immerkaer 1996; the 15th percentile of the tiles, as portraits are mostly skin, cloth and wall.
    """
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    response = np.abs(cv2.filter2D(field, -1, kernel))
    h, w = field.shape
    tile = max(8, min(h, w) // 40)
    means = filters.resize(as_float(response), max(1, w // tile), max(1, h // tile))
    return float(np.percentile(means, 15) * np.sqrt(np.pi / 2) / 6)


def deblock_chroma(chroma: Float, quality: int) -> Float:
    """Take the blocks of a JPEG out of a chroma plane (H, W), as a rule stored at half the size.

    0.5 of a step: with 0.3 the mean CIEDE2000 to three originals at q30 was 0.05 larger.
    """
    h, w = chroma.shape
    half = cv2.resize(chroma, ((w + 1) // 2, (h + 1) // 2), interpolation=cv2.INTER_AREA)
    table = jpeg_table(quality, chroma=True) / np.float32(255)
    half = shrink_dct(as_float(half), 0.5 * table, step=2)
    return as_float(cv2.resize(half, (w, h), interpolation=cv2.INTER_CUBIC))


def deconvolve(luma: Float, sigma: float, noise: float) -> Float:
    """Undo a small Gaussian blur: Wiener, bounded in frequency and in space.

    ``H / (H^2 + N/S)`` with a 1/f^2 signal spectrum of the picture's own variance (Field 1987) and
    white noise. Bounded so that amplitude never rises by more than 1.6 from one octave to the next
    above the frequency at which the blur took a tenth, and so that no pixel leaves the range of its
    3x3 neighbourhood by more than a quarter of that range: no halos.

    Parameters
    ----------
    luma : (H, W)
    sigma : float, pixels
    noise : float, standard deviation in ``luma``
    """
    h, w = luma.shape
    pad = max(8, int(4 * sigma))
    wide = cv2.copyMakeBorder(luma, pad, pad, pad, pad, cv2.BORDER_REFLECT_101)
    size = [cv2.getOptimalDFTSize(n) for n in wide.shape]
    more = (size[0] - wide.shape[0], size[1] - wide.shape[1])
    wide = cv2.copyMakeBorder(wide, 0, more[0], 0, more[1], cv2.BORDER_REFLECT_101)
    fy, fx = np.fft.fftfreq(size[0])[:, None], np.fft.rfftfreq(size[1])[None]
    f = np.maximum(np.hypot(fy, fx), 1e-4)
    blur = np.exp(-2 * (np.pi * sigma * f) ** 2)
    # The variance of a 1/f^2 spectrum over five octaves is 2 pi ln(32) of its constant, about 22.
    ratio = noise**2 * f**2 * 22 / max(float(luma.var()), 1e-4)
    gain = blur / (blur**2 + ratio)
    start = np.sqrt(-np.log(0.9) / 2) / (np.pi * sigma)
    bound = 1.6 ** np.maximum(np.log2(f / start), 0) / 0.9
    gain = np.minimum(gain, bound)
    sharp = np.fft.irfft2(np.fft.rfft2(wide) * gain, size)[pad : pad + h, pad : pad + w]
    kernel = np.ones((3, 3))
    high, low = cv2.dilate(luma, kernel), cv2.erode(luma, kernel)
    room = 0.25 * (high - low)
    return as_float(np.clip(sharp, low - room, high + room))


def reduce_cubic(large: Float, times: int) -> Float:
    """Reduce (n H, n W, C) by the whole number ``times`` with Keys' cubic, widened to that.

    What web sites and the network's training use, or near it; an average over areas is softer and
    would have the network's result sharpened.
    """
    reach = 2 * times
    at = (np.arange(-reach, reach) + 0.5) / times
    t = np.abs(at)
    # Keys 1981, equation 4, a = -1/2.
    kernel = np.where(t <= 1, 1.5 * t**3 - 2.5 * t**2 + 1, -0.5 * t**3 + 2.5 * t**2 - 4 * t + 2)
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

    Down is :func:`reduce_cubic`, Up is cubic (iterative back-projection, Irani and Peleg 1991).
    One step leaves 0.1 codes RMS between Down(x) and y where the network left 0.2 to 0.7; more
    only sharpen the rounding of y's codes.

    Parameters
    ----------
    large : (n H, n W, 3)
    source : (H, W, 3)
    """
    times = large.shape[0] // source.shape[0]
    size = (large.shape[1], large.shape[0])
    for _ in range(steps):
        rest = source - reduce_cubic(large, times)
        large = large + cv2.resize(rest, size, interpolation=cv2.INTER_CUBIC)
    return as_float(large)


def split_tiles(length: int, side: int, margin: int) -> list[tuple[int, int, int, int]]:
    """Cover ``length`` by tiles of at most ``side``: (read from, read to, keep from, keep to)."""
    if length <= side:
        return [(0, length, 0, length)]
    inner = side - 2 * margin
    count = -(-length // inner)
    cuts = [round(i * length / count) for i in range(count + 1)]
    pairs = itertools.pairwise(cuts)
    return [(max(0, a - margin), min(length, b + margin), a, b) for a, b in pairs]


def to_ycc(codes: Float) -> Float:
    """RGB codes (H, W, 3) -> Y', Cb, Cr."""
    return np.asarray(cv2.transform(codes, as_float(RGB_TO_YCC)), np.float32)


def to_rgb(ycc: Float) -> Float:
    """Y', Cb, Cr (H, W, 3) -> RGB codes; the inverse of :func:`to_ycc`."""
    return np.asarray(cv2.transform(ycc, as_float(YCC_TO_RGB)), np.float32)
