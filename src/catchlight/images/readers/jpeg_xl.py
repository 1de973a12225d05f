"""JPEG XL, where ``pillow-jxl-plugin`` is installed; as 8 bits, which is what it gives for colour.

The size is read here (ISO/IEC 18181-1, the size header), since the plugin decodes at once whatever
it is given.
"""

from __future__ import annotations

import struct
from importlib.util import find_spec

import numpy as np

from catchlight.arrays import Codes
from catchlight.errors import UnreadablePicture
from catchlight.images.intake import check_size
from catchlight.images.metadata import Reading
from catchlight.images.raster import Raster, Read, split_channels
from catchlight.images.readers import jpeg
from catchlight.images.readers.notes import read_notes

_CHANNELS = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4}
#: Width by height, by number; 0 says that the width is written out.
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))


def read(data: bytes, _kind: str, name: str, limit: float) -> Read:
    """Read a JPEG XL; see :mod:`catchlight.images.readers`."""
    if not find_spec("pillow_jxl"):
        raise UnreadablePicture(
            f"{name} is JPEG XL, which is read where its plugin is installed: "
            "pip install pillow-jxl-plugin; or save it as JPEG or PNG."
        )
    from pillow_jxl import Decoder

    check_size(*find_size(data), name, limit)
    was_jpeg, info, pixels, icc, boxes = Decoder()(data)
    if was_jpeg:  # the bytes of the JPEG that it was made from
        return jpeg.read(bytes(pixels), "JPEG", name, limit)
    check_size(info.width, info.height, name, limit)
    deep = info.mode == "I;16"
    channels = 1 if deep else _CHANNELS.get(info.mode)
    if channels is None:
        raise UnreadablePicture(
            f"{name} is JPEG XL of the kind {info.mode}, which is not supported. Save it as PNG."
        )
    array: Codes = np.frombuffer(pixels, np.uint16 if deep else np.uint8)
    codes, alpha = split_channels(array.reshape(info.height, info.width, channels))
    block = next((bytes(b.data) for b in boxes if b.box_type == b"Exif"), None)
    if block and block[4:8] in (b"II*\0", b"MM\0*"):  # behind the box's own offset
        block = block[4:]
    reading, notes = read_notes(block, None)
    # The decoder has turned it; the EXIF only repeats that.
    upright = Reading(reading.metadata, 1, reading.adobe_rgb)
    return Read(Raster(codes, alpha, icc or None, grey=channels < 3), upright, notes)


def find_size(data: bytes) -> tuple[int, int]:
    """Width and height as the header has them.

    Raises
    ------
    ValueError
        No such header.
    """
    bits = _Bits(_codestream(data))
    small = bits.take(1)
    height = (bits.take(5) + 1) * 8 if small else _side(bits)
    ratio = bits.take(3)
    if ratio:
        across, down = _RATIOS[ratio - 1]
        return height * across // down, height
    return ((bits.take(5) + 1) * 8 if small else _side(bits)), height


def _side(bits: _Bits) -> int:
    return 1 + bits.take((9, 13, 18, 30)[bits.take(2)])


class _Bits:
    """Bits of a stream, the lowest first."""

    def __init__(self, data: bytes) -> None:
        self._left = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        value = self._left & ((1 << count) - 1)
        self._left >>= count
        return value


def _codestream(data: bytes) -> bytes:
    """The first bytes of the picture itself, behind its mark."""
    at = 0
    if data[:2] != b"\xff\x0a":
        while at + 8 <= len(data):
            length, sign = struct.unpack_from(">I4s", data, at)
            if sign in (b"jxlc", b"jxlp"):
                at += 8 if sign == b"jxlc" else 12
                break
            if length < 8:  # to the end of the file, or longer than any header
                length = struct.unpack_from(">Q", data, at + 8)[0] if length == 1 else len(data)
            at += max(length, 8)
    if data[at : at + 2] != b"\xff\x0a":
        raise ValueError("no picture in the file")
    return data[at + 2 : at + 18]
