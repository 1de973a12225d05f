"""Dither: linear light -> code values without bands.

Triangular noise of +-1 code (TPDF; Lipshitz, Wannamaker, Vanderkooy 1992, "Quantization and
dither: a theoretical survey") makes the mean of the codes follow the light exactly, and keeps the
grain equal at every level. ``q = floor(v + 1/2 + t)``, t = u1 - u2 in -1..1.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Codes, Pixels
from catchlight.images.encoding import Encoding, root_to_codes
from catchlight.pixels.colour import apply_matrix, compress_gamut, linear_to_srgb
from catchlight.pixels.strips import over_parts

#: Side of the noise tile; at 512 its repetition is not seen, and its mean is within 0.001 code.
_TILE = 512
#: Rows converted at a time, so that the work stays in the cache.
_BAND = 64
#: Fraction of a code, in 256ths, within which light counts as exactly on the code.
_ON_CODE = 3


@lru_cache(maxsize=4)
def _noise(seed: int) -> NDArray[np.uint16]:
    """(512, 512 * 3) of 128 + 256 t + 256 as uint16: the rounding half, the noise and a bias."""
    rng = np.random.default_rng(seed)
    u1, u2 = rng.random((2, _TILE, _TILE * 3), dtype=np.float32)
    return np.asarray(np.rint(384 + 256 * (u1 - u2)), np.uint16)


@lru_cache(maxsize=8)
def _fixed_point(encoding: Encoding) -> tuple[NDArray[np.uint16], ...]:
    """Tables sqrt(linear) -> 8.8 fixed-point codes; one where the three curves are the same."""
    codes = root_to_codes(encoding)
    same = bool((codes == codes[0]).all())
    fixed = np.rint(codes[: 1 if same else 3] * 256).astype(np.uint16)
    nearest = (fixed + 128) // 256 * 256
    fixed = np.where(np.abs(fixed.astype(int) - nearest) <= _ON_CODE, nearest, fixed)
    return tuple(np.ascontiguousarray(row, np.uint16) for row in fixed)


def linear_to_codes(
    pixels: Pixels, encoding: Encoding, *, bits: int = 8, dither: bool = True, seed: int = 0
) -> Codes:
    """Linear P3 -> codes of ``encoding``, gamut compressed, dithered.

    Parameters
    ----------
    pixels : (H, W, 3) float32, linear P3
        May leave 0..1; brought back by :func:`compress_gamut`, never clipped by channel.
    encoding : Encoding
        Target.
    bits : 8 or 16
        16 is never dithered: its steps cannot be seen.
    dither : bool
        See notes.
    seed : int
        The same seed gives the same codes.

    Returns
    -------
    (H, W, 3) uint8 or uint16

    Notes
    -----
    A value within 1/85 of a code is on it and gets no noise: it has no rounding error to hide.
    So a picture that was not changed comes back bit for bit, pure white stays pure white, and
    the mean of a flat field is off by at most 1/85 of a code there and by nothing elsewhere
    (within one code of black and white, where noise is cut off, by up to 1/8).
    """
    to_native = np.linalg.inv(encoding.matrix.astype(np.float64))
    out = np.empty(pixels.shape, np.uint8 if bits == 8 else np.uint16)

    def work(y: int) -> None:
        band = pixels[y : y + _BAND]
        if not encoding.is_p3:
            band = apply_matrix(band, to_native)
        # Cheap whole-band test first; rounding errors of the matrix are not out of gamut.
        if not (band.min() > -1e-5 and band.max() < 1 + 1e-5):
            band = _compress(band)
        if bits == 16:
            out[y : y + _BAND] = _to_sixteen_bit(np.clip(band, 0, 1), encoding)
        else:
            out[y : y + _BAND] = _to_eight_bit(band, encoding, y, seed if dither else None)

    over_parts(work, range(0, pixels.shape[0], _BAND))
    return out


def _compress(band: Pixels) -> Pixels:
    """:func:`compress_gamut` of only the pixels that need it; not-a-number becomes black."""
    band = np.nan_to_num(band)  # a copy
    red, green, blue = cv2.split(band)
    low = cv2.min(cv2.min(red, green), blue)
    high = cv2.max(cv2.max(red, green), blue)
    out = (low < 0) | (high > 1)
    band[out] = compress_gamut(band[out][None])[0]
    return band


def _to_eight_bit(band: Pixels, encoding: Encoding, y: int, seed: int | None) -> Codes:
    h, w = band.shape[:2]
    root = np.sqrt(np.clip(band, 0, 1))
    root *= 65535
    root += 0.5
    index = root.astype(np.uint16)
    tables = _fixed_point(encoding)
    if len(tables) == 1:
        fixed = tables[0].take(index)
    else:
        fixed = np.stack([tables[c].take(index[..., c]) for c in range(3)], axis=-1)
    if seed is None:
        return np.asarray((fixed + np.uint16(128)) >> 8, np.uint8)
    row = np.tile(_noise(seed)[y % _TILE : y % _TILE + h], -(-w // _TILE))[:, : w * 3]
    noise = row.reshape(h, w, 3)
    on_code = (fixed & 255) == 0
    # Biased by one code so that unsigned numbers never go below 0.
    noisy = (fixed.astype(np.uint32) + noise) >> 8
    result = np.where(on_code, (fixed >> 8) + np.uint16(1), noisy.astype(np.uint16))
    return np.asarray(np.clip(result, 1, 256) - 1, np.uint8)


def _to_sixteen_bit(band: Pixels, encoding: Encoding) -> Codes:
    if encoding.name in ("sRGB", "Display P3"):
        return np.asarray(linear_to_srgb(band) * 65535 + 0.5, np.uint16)
    scale = np.linspace(0, 65535, encoding.curves.shape[1])
    codes = [np.interp(band[..., c], encoding.curves[c], scale) for c in range(3)]
    return np.rint(np.stack(codes, axis=-1)).astype(np.uint16)
