"""Colours: what profile, format and EXIF say of a raster's codes, made into its encoding."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from catchlight.arrays import Codes
from catchlight.images.encoding import standard_encoding
from catchlight.images.high_range import render_to_standard
from catchlight.images.metadata import Reading
from catchlight.images.profiles import convert_with_cms, parse_profile, profile_space
from catchlight.images.raster import Raster


def understand(raster: Raster, reading: Reading) -> tuple[Raster, tuple[str, ...]]:
    """Give a raster its encoding: by profile, by what its format says, by EXIF, else sRGB."""
    notes = raster.notes
    size = 256 if raster.codes.dtype == np.uint8 else 65536
    if raster.icc and not raster.converted:
        raster, told = _apply_profile(raster)
        notes += told
        size = 256 if raster.codes.dtype == np.uint8 else 65536
    encoding = raster.encoding
    if encoding is None or raster.converted:
        adobe = reading.adobe_rgb and not raster.converted and not raster.icc
        encoding = standard_encoding("Adobe RGB (1998)" if adobe else "sRGB", size)
    codes = raster.codes
    if encoding.name in ("PQ", "HLG"):
        notes += (f"HDR picture ({encoding.name}) rendered for standard screens",)
        codes, encoding = render_to_standard(codes, encoding)
    alpha = raster.alpha
    if alpha is not None and alpha.dtype != codes.dtype:
        alpha = np.asarray(alpha.astype(np.uint16) * 257, np.uint16)
    return Raster(codes, alpha, encoding=encoding, quality=raster.quality), notes


def _apply_profile(raster: Raster) -> tuple[Raster, tuple[str, ...]]:
    """Give a raster the encoding of its profile, or convert it to sRGB; and say what was done.

    A grey profile fits a picture of one channel, an RGB profile any. Profiles with tables convert:
    8 bits through LittleCMS, 16 by :mod:`~catchlight.images.tables`.
    """
    icc = raster.icc or b""
    size = 256 if raster.codes.dtype == np.uint8 else 65536
    space = profile_space(icc)
    if space != "RGB" and not (space == "GRAY" and raster.grey):
        kind = space or "unknown"
        told = f"profile ignored: it is for {kind} colours, not for this picture"
        return replace(raster, icc=None), (told,)
    try:
        return replace(raster, encoding=parse_profile(icc, size)), ()
    except ValueError as error:
        why: Exception = error
    if space == "RGB":
        try:
            codes = _convert_table(raster.codes, icc)
            told = "profile with tables: converted to sRGB"
            return replace(raster, codes=codes, converted=True), (told,)
        except ValueError as error:
            why = error
    told = f"profile cannot be used, read as sRGB: {why}"
    return replace(raster, icc=None), (told,)


def _convert_table(codes: Codes, icc: bytes) -> Codes:
    if codes.dtype == np.uint8:
        from PIL import Image

        return np.asarray(convert_with_cms(Image.fromarray(codes), icc))
    from catchlight.images.tables import convert_with_table

    return convert_with_table(codes, icc)
