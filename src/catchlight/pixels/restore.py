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


def _times(rows: Float, matrix: Float) -> Float:
    """``rows @ matrix``, 32 rows at a time: so small a product stays on one thread.

    On a busy machine waiting for OpenBLAS's second thread took twenty times as long as the work.
    """
    out, whole = np.empty_like(rows), len(rows) // 32 * 32
    many = (-1, 32, rows.shape[1])
    np.matmul(rows[:whole].reshape(many), matrix, out=out[:whole].reshape(many))
    np.matmul(rows[whole:], matrix, out=out[whole:])
    return out


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
    rows = rows[:: max(1, len(rows) // 2000)]
    found = _times(as_float(rows * 255 - 128), _DCT.T)
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
    rows = _times(_to_blocks(part), _DCT.T)
    keep = as_float(np.abs(rows) >= limit)
    trust = as_float(1 / np.maximum(keep.sum(1, keepdims=True), 1))
    rows *= keep
    rows = _times(rows, _DCT)
    rows *= trust
    grid = (ph // 8, 8, pw // 8, 8)
    # Splitting an axis of a slice is a view: these add in place.
    total[:ph, :pw].reshape(grid)[:] += rows.reshape(ph // 8, pw // 8, 8, 8).swapaxes(1, 2)
    weight[:ph, :pw].reshape(grid)[:] += trust.reshape(ph // 8, 1, pw // 8, 1)


def deblock(luma: Float, quality: int) -> Float:
    """Take the blocks and ringing of a JPEG out of ``luma``, whose grid begins at its first pixel.

    Overlapping blocks see the other blocks' edges as small coefficients and drop them; the result
    is then moved to the nearest picture that the same encoder would have stored as the same file
    (each coefficient within a part of a step of the decoded one; Zakhor 1992), so that what the
    file says of the sitter stays said.
    """
    table = jpeg_table(quality) / np.float32(255)
    # 0.4 of a step: of 0.4, 0.55, 0.7 and 0.8 the best PSNR from q20 to q75.
    out = shrink_dct(luma, 0.4 * table, count=choose_count(luma.size))
    h, w = (n // 8 * 8 for n in luma.shape)
    said, now = (_times(_to_blocks(x), _DCT.T) for x in (luma, out))
    # The true value lies within half a step, but seldom at its border: 0.3 is nearer by 0.02 dB
    # at quality 30 (the narrow constraint set of Park and Lee 1999).
    room = 0.3 * table.ravel()
    fits = _times(np.clip(now, said - room, said + room), _DCT)
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
    half = shrink_dct(as_float(half), 0.5 * table, count=choose_count(4 * half.size))
    return as_float(cv2.resize(half, (w, h), interpolation=cv2.INTER_CUBIC))


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
    size = [cv2.getOptimalDFTSize(n + 2 * pad) for n in (h, w)]
    below, beside = size[0] - h - pad, size[1] - w - pad
    wide = cv2.copyMakeBorder(luma, pad, below, pad, beside, cv2.BORDER_REFLECT_101)
    fy, fx = np.fft.fftfreq(size[0])[:, None], np.fft.fftfreq(size[1])[None]
    # The gain is a function of the radius alone: tabled over it.
    f = np.linspace(1e-4, 0.75, 2048)
    blur = np.exp(-2 * (np.pi * sigma * f) ** 2)
    # The variance of a 1/f^2 spectrum over five octaves is 2 pi ln(32) of its constant, about 22.
    ratio = noise**2 * f**2 * 22 / max(float(luma.var()), 1e-4)
    gain = blur / (blur**2 + ratio)
    start = np.sqrt(-np.log(0.9) / 2) / (np.pi * sigma)
    bound = 1.6 ** np.maximum(np.log2(f / start), 0) / 0.9
    table = as_float(np.minimum(gain, bound))
    radius = as_float(np.sqrt(as_float(fy**2) + as_float(fx**2)))
    gains = table[np.asarray(radius * (2047 / 0.75) + 0.5, np.int32)]
    waves = as_float(cv2.dft(wide, flags=cv2.DFT_COMPLEX_OUTPUT))
    waves *= gains[..., None]
    back = cv2.dft(waves, flags=cv2.DFT_INVERSE | cv2.DFT_SCALE | cv2.DFT_REAL_OUTPUT)
    sharp = back[pad : pad + h, pad : pad + w]
    kernel = np.ones((3, 3))
    high, low = cv2.dilate(luma, kernel), cv2.erode(luma, kernel)
    room = 0.25 * (high - low)
    return as_float(np.clip(sharp, low - room, high + room))


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


def decode(codes: Float) -> Float:
    """Linear light of codes 0..1: :func:`colour.srgb_to_linear` to 1e-6, four times as fast."""
    light = as_float(cv2.pow(np.asarray((codes + 0.055) * (1 / 1.055), np.float32), 2.4))
    toe = codes <= 0.04045
    light[toe] = codes[toe] * np.float32(1 / 12.92)
    return light


def to_ycc(codes: Float) -> Float:
    """RGB codes (H, W, 3) -> Y', Cb, Cr."""
    return np.asarray(cv2.transform(codes, as_float(RGB_TO_YCC)), np.float32)


def to_rgb(ycc: Float) -> Float:
    """Y', Cb, Cr (H, W, 3) -> RGB codes; the inverse of :func:`to_ycc`."""
    return np.asarray(cv2.transform(ycc, as_float(YCC_TO_RGB)), np.float32)
