"""Plain formats, whose one decoder Pillow has: WebP, GIF and BMP."""

from __future__ import annotations

import io
import struct
from dataclasses import replace
from importlib import import_module

from PIL import Image

from catchlight.formats import FORMATS
from catchlight.images.intake import check_size
from catchlight.images.raster import Raster, Read
from catchlight.images.readers.modes import decode_pillow
from catchlight.images.readers.notes import as_bytes, header, read_notes


def open_plugin(data: bytes, kind: str) -> Image.Image:
    """Open with one named decoder: no guessing among Pillow's forty, no global pixel limit."""
    module, reader = str(FORMATS[kind].plugin).split(".")
    plugin = import_module(f"PIL.{module}")
    image: Image.Image = getattr(plugin, reader)(io.BytesIO(data))
    return image


def read(data: bytes, kind: str, name: str, limit: float) -> Read:
    """Read a file that Pillow decodes whole; see :mod:`catchlight.images.readers`."""
    with header():
        image = open_plugin(data, kind)
        check_size(*image.size, name, limit)
        info = image.info
        reading, notes = read_notes(
            as_bytes(info.get("exif")), as_bytes(info.get("xmp")), comment="comment" in info
        )
        if getattr(image, "is_animated", False):
            notes += ("animated: the first frame is used",)
    image.load()
    icc = _bmp_profile(data) if kind == "BMP" else info.get("icc_profile") or None
    raster = decode_pillow(image, icc, name)
    if kind == "BMP":
        raster = _seen(raster)
    return Read(raster, reading, notes)


def _seen(raster: Raster) -> Raster:
    """A BMP's fourth channel that is 0 everywhere is padding, not transparency.

    Windows calls it reserved (BITMAPINFOHEADER, biBitCount 32), and most programs write 0 there.
    """
    if raster.alpha is not None and not raster.alpha.any():
        return replace(raster, alpha=None)
    return raster


def _bmp_profile(data: bytes) -> bytes | None:
    """The profile that a BMP of version 5 embeds (BITMAPV5HEADER, bV5CSType "MBED")."""
    if len(data) < 138 or struct.unpack_from("<I", data, 14)[0] < 124:
        return None
    if data[70:74] != b"DEBM":  # the four letters as a little-endian number
        return None
    start, size = struct.unpack_from("<II", data, 126)
    return data[14 + start : 14 + start + size] or None
