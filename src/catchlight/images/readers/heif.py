"""HEIC through libheif, at the file's own depth."""

from __future__ import annotations

from typing import Any

import numpy as np

from catchlight.images.encoding import Encoding, cicp_to_encoding
from catchlight.images.intake import check_size
from catchlight.images.metadata import Reading
from catchlight.images.raster import Raster, Read, split_channels, widen
from catchlight.images.readers.notes import as_bytes, header, read_notes


def read(data: bytes, _kind: str, name: str, limit: float) -> Read:
    """Read a HEIC; see :mod:`catchlight.images.readers`."""
    import pillow_heif

    with header():
        container = pillow_heif.open_heif(data, convert_hdr_to_8bit=False)
        image = container[container.primary_index]
        check_size(*image.size, name, limit)
        info = image.info
        reading, notes = read_notes(as_bytes(info.get("exif")), as_bytes(info.get("xmp")))
    image.load()
    check_size(*image.size, name, limit)
    if len(container) > 1:
        notes += ("several pictures in the file: the main one is used",)
    # libheif has turned the picture (irot, imir); the EXIF orientation only repeats that.
    return Read(_decode(image), Reading(reading.metadata, 1, reading.adobe_rgb), notes)


def _decode(image: Any) -> Raster:
    array = np.asarray(image)
    if array.dtype == np.uint16:
        bits = int(image.info.get("bit_depth", 16))
        # libheif shifts left, so that white would be 65472 of 65535.
        array = widen(array >> (16 - bits), bits)
    codes, alpha = split_channels(array)
    encoding = _told(image.info.get("nclx_profile"), 65536 if array.dtype == np.uint16 else 256)
    grey = array.ndim == 2 or array.shape[2] <= 2
    return Raster(codes, alpha, image.info.get("icc_profile") or None, encoding, grey=grey)


def _told(points: Any, size: int) -> Encoding | None:
    """What the code points of ITU-T H.273 say."""
    if not isinstance(points, dict):
        return None
    return cicp_to_encoding(
        int(points["color_primaries"]), int(points["transfer_characteristics"]), size
    )
