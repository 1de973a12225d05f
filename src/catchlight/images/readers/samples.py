"""Samples: numbers of any type and meaning, as a TIFF stores them, made into codes and alpha.

Photometric interpretations: 0 grey with white at 0, 1 grey, 2 RGB, 5 inks (CMYK), 8 and 9 L*a*b*.
Extra channels: 0 of no stated meaning, 1 alpha by which the colours are multiplied, 2 alpha alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Codes
from catchlight.errors import UnreadablePicture
from catchlight.images.profiles import profile_space
from catchlight.images.raster import Raster, split_channels, widen
from catchlight.images.readers.modes import convert
from catchlight.images.tables import lab_to_codes

_COLOURS = {0: 1, 1: 1, 2: 3, 5: 4, 8: 3, 9: 3}
#: Brighter than this is light beyond white, not rounding.
_WHITE = 1.001


def samples_to_raster(
    samples: NDArray[Any],
    *,
    photometric: int,
    bits: int,
    extras: tuple[int, ...],
    icc: bytes | None,
    name: str,
) -> Raster:
    """Codes and alpha of (H, W, channels) samples.

    Parameters
    ----------
    samples : (H, W, channels), unsigned whole numbers or floating point
    photometric, extras : int and tuple of int, see above
    bits : int, that a whole number has; 9 to 15 are spread over 16
    icc : bytes, optional
    name : str, of the file
    """
    colours = _COLOURS[photometric]
    if samples.shape[2] < colours:
        raise UnreadablePicture(f"{name} lacks a channel of its colours. Save it as RGB.")
    codes, notes = _to_codes(samples, bits, name)
    top = int(np.iinfo(codes.dtype).max)
    kinds = extras[-(samples.shape[2] - colours) :] if samples.shape[2] > colours else ()
    at = next((i for i, kind in enumerate(kinds) if kind in (1, 2)), None)
    alpha = None if at is None else np.ascontiguousarray(codes[..., colours + at])
    inside = np.ascontiguousarray(codes[..., :colours])
    if photometric == 0:
        inside = top - inside
    if alpha is not None and at is not None and kinds[at] == 1:
        inside = unmultiply(inside, alpha)
    if photometric == 5:
        raster = _read_inks(inside, icc)
    elif photometric in (8, 9):
        raster = Raster(lab_to_codes(inside, signed=photometric == 8), converted=True)
    else:
        raster = Raster(split_channels(inside)[0], None, icc, grey=colours == 1)
    if alpha is not None and alpha.dtype != raster.codes.dtype:
        alpha = np.asarray(alpha >> 8, np.uint8)
    return replace(raster, alpha=alpha, notes=notes + raster.notes)


def _to_codes(samples: NDArray[Any], bits: int, name: str) -> tuple[Codes, tuple[str, ...]]:
    """Any numbers as codes of 8 or 16 bits."""
    if samples.dtype.kind == "f":
        beyond = bool((samples > _WHITE).any())
        with np.errstate(invalid="ignore", over="ignore"):
            light = np.nan_to_num(samples.astype(np.float32), nan=0.0, posinf=1.0, neginf=0.0)
        codes = np.asarray(np.clip(light, 0, 1) * 65535 + 0.5, np.uint16)
        said = ("floating-point values: what is brighter than white is cut off",)
        return codes, said if beyond else ()
    if samples.dtype.itemsize > 2:
        low, high = int(samples.min()), int(samples.max())
        if low < 0:
            raise UnreadablePicture(f"{name} has numbers below black. Save it with 16 bits.")
        # Where 32 bits hold numbers of 16, they are those: nobody's photo is that dark.
        down = 0 if high < 65536 else 8 * samples.dtype.itemsize - 16
        return np.asarray(samples >> down, np.uint16), ()
    if 8 < bits < 16:
        return widen(samples, bits), ()
    native = np.uint8 if samples.dtype.itemsize == 1 else np.uint16
    return np.asarray(samples, native), ()


def unmultiply(codes: Codes, alpha: Codes) -> Codes:
    """Undo colours multiplied by their alpha; where that is 0 nothing is known, and black stays."""
    top = np.iinfo(codes.dtype).max
    out = codes.copy()
    part = (alpha > 0) & (alpha < top)
    whole = codes[part].astype(np.float64) * top / alpha[part][:, None]
    out[part] = np.minimum(whole + 0.5, top).astype(codes.dtype)
    return out


def _read_inks(inks: Codes, icc: bytes | None) -> Raster:
    """CMYK at 8 bits, which is what LittleCMS is given by Pillow."""
    from PIL import Image

    deep = inks.dtype != np.uint8
    eight = np.asarray(inks >> 8, np.uint8) if deep else inks
    # (H, W, 4) uint8 is CMYK only to who says so: by itself Pillow would take it for RGBA.
    image = Image.frombytes("CMYK", eight.shape[1::-1], np.ascontiguousarray(eight).tobytes())
    raster = convert(image, icc if profile_space(icc or b"") == "CMYK" else None, "CMYK")
    said = ("CMYK of 16 bits is read with 8",)
    return replace(raster, notes=raster.notes + said) if deep else raster
