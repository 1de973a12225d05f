"""AVIF: 8 bits through Pillow; 10 and 12 through OpenCV, since Pillow would cut them to 8."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.images.encoding import Encoding, cicp_to_encoding
from catchlight.images.intake import check_size
from catchlight.images.raster import Raster, Read, split_channels, widen
from catchlight.images.readers.modes import decode_pillow
from catchlight.images.readers.notes import as_bytes, header, read_notes
from catchlight.images.readers.plain import open_plugin


def read(data: bytes, kind: str, name: str, limit: float) -> Read:
    """Read an AVIF; see :mod:`catchlight.images.readers`."""
    with header():
        image = open_plugin(data, kind)
        check_size(*image.size, name, limit)
        info = image.info
        reading, notes = read_notes(as_bytes(info.get("exif")), as_bytes(info.get("xmp")))
        animated = bool(getattr(image, "is_animated", False))
    if animated:
        notes += ("animated: the first frame is used",)
    icc = info.get("icc_profile") or None
    bits = find_depth(data)
    raster = _decode_deep(data, bits, image.size) if bits > 8 and not animated else None
    if raster is None:
        image.load()
        raster = decode_pillow(image, icc, name)
        if bits > 8:
            notes += (f"its {bits} bits are read as 8",)
    told = _told(data, 256 if raster.codes.dtype == np.uint8 else 65536)
    return Read(Raster(raster.codes, raster.alpha, icc, told, grey=raster.grey), reading, notes)


def find_depth(data: bytes) -> int:
    """Bits of a channel, as the AV1 configuration has them (AV1-ISOBMFF, section 2.3.3)."""
    at = _boxes(data).find(b"av1C")
    if at < 0 or at + 6 >= len(data):
        return 8
    flags = data[at + 6]
    return (12 if flags & 0x20 else 10) if flags & 0x40 else 8


def _boxes(data: bytes) -> bytes:
    """What comes before the pictures' own bytes, where a file has its boxes of properties."""
    end = data.find(b"mdat")
    return data[: end if end > 0 else 1 << 20]


def _decode_deep(data: bytes, bits: int, size: tuple[int, int]) -> Raster | None:
    """Decode more than 8 bits; None where OpenCV was built without AVIF."""
    array = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if array is None or array.dtype != np.uint16 or array.shape[1::-1] != size:
        return None
    grey = array.ndim == 2
    if not grey:
        order = cv2.COLOR_BGRA2RGBA if array.shape[2] == 4 else cv2.COLOR_BGR2RGB
        array = np.asarray(cv2.cvtColor(array, order), np.uint16)
    return Raster(*split_channels(widen(array, bits)), grey=grey)


def _told(data: bytes, size: int) -> Encoding | None:
    """What the code points of ITU-T H.273 say."""
    boxes = _boxes(data)
    at = boxes.find(b"colrnclx") + 8
    if not 8 <= at <= len(boxes) - 4:
        return None
    primaries, transfer = (int.from_bytes(boxes[i : i + 2], "big") for i in (at, at + 2))
    return cicp_to_encoding(primaries, transfer, size)
