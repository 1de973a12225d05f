"""Rasters: what a reader gives, of any mode and depth, made into RGB codes and an alpha."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from catchlight.arrays import Codes
from catchlight.images.encoding import Encoding
from catchlight.images.metadata import Reading


@dataclass(frozen=True, eq=False)
class Raster:
    """Codes as decoded, not yet upright."""

    #: (H, W, 3) uint8 or uint16.
    codes: Codes
    #: (H, W) of the same type, or None.
    alpha: Codes | None = None
    #: Profile that still applies to ``codes``; None if absent or already applied.
    icc: bytes | None = None
    #: What the file says of its colours without a profile: code points, gamma, primaries.
    encoding: Encoding | None = None
    #: True once converted to sRGB with its profile.
    converted: bool = False
    #: True where the file has one channel of light, so that a grey profile may apply.
    grey: bool = False
    notes: tuple[str, ...] = ()
    #: Of a JPEG the quality that its tables say.
    quality: int | None = None


@dataclass(frozen=True, eq=False)
class Read:
    """What a reader hands over: the raster, its metadata, and sentences for a person."""

    raster: Raster
    reading: Reading
    notes: tuple[str, ...] = ()


def split_channels(array: Codes) -> tuple[Codes, Codes | None]:
    """Grey, grey-alpha, RGB or RGBA (H, W[, C]) -> RGB codes and alpha."""
    if array.ndim == 2:
        array = array[..., None]
    n = array.shape[2]
    alpha = np.ascontiguousarray(array[..., -1]) if n in (2, 4) else None
    if n <= 2:
        return np.repeat(array[..., :1], 3, axis=2), alpha
    return np.ascontiguousarray(array[..., :3]), alpha


def widen(codes: Codes, bits: int) -> Codes:
    """Codes of 9 to 15 bits spread over 16, so that black stays 0 and white becomes 65535.

    The top bits are repeated below, which is exact to half a step of 16 bits.
    """
    wide = codes.astype(np.uint16) << (16 - bits)
    return np.asarray(wide | (wide >> bits), np.uint16)
