"""PNG: its chunks are read here, and the decoder is given those alone that make the picture.

So no text, profile or camera note, however large or damaged, stands between a person and their
picture. Chunk names, layouts and the order in which colours are told are those of the Portable
Network Graphics Specification, third edition (W3C, 2025), sections 4.3 and 11.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from catchlight.errors import UnreadablePicture
from catchlight.images.encoding import Encoding, chromaticities_to_encoding, cicp_to_encoding
from catchlight.images.intake import check_size
from catchlight.images.raster import Raster, Read, split_channels
from catchlight.images.readers.modes import decode_pillow
from catchlight.images.readers.notes import header, read_notes

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: What makes the picture; everything else is read here, or left out.
_PIXELS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
#: Profiles of presses with fine tables have 2 to 4 MB, XMP with an edit history up to some 10.
_MOST = 16 << 20
#: sRGB's own gamma and primaries as section 11.3.2.5 has them written for old readers.
_SRGB = (45455, (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000))


@dataclass
class _Chunks:
    """What the chunks said."""

    slim: bytearray = field(default_factory=lambda: bytearray(_SIGNATURE))
    bits: int = 8
    colour: int = 2
    key: int | None = None
    icc: bytes | None = None
    points: tuple[int, int] | None = None
    srgb: bool = False
    gamma: int | None = None
    primaries: tuple[int, ...] | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    comment: bool = False
    iptc: bool = False
    animated: bool = False
    left_out: list[str] = field(default_factory=list)


def read(data: bytes, _kind: str, name: str, limit: float) -> Read:
    """Read a PNG; see :mod:`catchlight.images.readers`."""
    from PIL.PngImagePlugin import PngImageFile

    chunks = _read_chunks(data)
    with header():
        image = PngImageFile(io.BytesIO(bytes(chunks.slim)))
        check_size(*image.size, name, limit)
    image.load()  # also for 16 bits: Pillow notices truncation, OpenCV does not always
    size = 65536 if chunks.bits == 16 else 256
    if chunks.bits == 16 and chunks.colour != 0:
        raster = _decode_sixteen_bit(bytes(chunks.slim), image.size, name)
    else:
        raster = decode_pillow(image, None, name)
    if chunks.key is not None and chunks.bits == 16 and chunks.colour == 0:  # Pillow forgets it
        clear = raster.codes[..., 0] == chunks.key
        raster = replace(raster, alpha=np.where(clear, 0, 65535).astype(np.uint16))
    grey = chunks.colour in (0, 4)
    encoding = _told(chunks, size)
    icc = None if chunks.points else chunks.icc
    raster = replace(raster, icc=icc, encoding=encoding, grey=grey)
    reading, notes = read_notes(chunks.exif, chunks.xmp, iptc=chunks.iptc, comment=chunks.comment)
    if chunks.animated:
        notes += ("animated: the first frame is used",)
    if chunks.left_out:
        notes += (f"too large or damaged, and left out: {', '.join(chunks.left_out)}",)
    return Read(raster, reading, notes)


def _read_chunks(data: bytes) -> _Chunks:
    found = _Chunks()
    for sign, body, whole in _walk(data):
        if sign in _PIXELS:
            found.slim += whole
        if sign == b"IHDR" and len(body) == 13:
            found.bits, found.colour = body[8], body[9]
        elif sign == b"tRNS" and len(body) == 2:
            (found.key,) = struct.unpack(">H", body)
        elif sign == b"acTL":
            found.animated = True
        elif sign not in _PIXELS:
            try:
                _read_note(found, sign, body)
            except (zlib.error, ValueError, struct.error, IndexError):
                found.left_out.append(_WORDS.get(sign, "a note"))
    return found


_WORDS = {
    b"iCCP": "the colour profile",
    b"zTXt": "a text",
    b"iTXt": "a text",
    b"tEXt": "a text",
    b"eXIf": "the EXIF",
}


def _walk(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield name, body and whole of each chunk; a last one that is cut off comes as it is."""
    at = len(_SIGNATURE)
    while at + 8 <= len(data):
        length, sign = struct.unpack_from(">I4s", data, at)
        yield sign, data[at + 8 : at + 8 + length], data[at : at + 12 + length]
        if sign == b"IEND":
            return
        at += 12 + length


def _read_note(found: _Chunks, sign: bytes, body: bytes) -> None:
    if sign == b"iCCP":
        found.icc = _inflate(body.split(b"\0", 1)[1][1:])
    elif sign == b"cICP" and len(body) == 4:
        found.points = body[0], body[1]
    elif sign == b"sRGB":
        found.srgb = True
    elif sign == b"gAMA":
        (found.gamma,) = struct.unpack(">I", body)
    elif sign == b"cHRM":
        found.primaries = struct.unpack(">8I", body)
    elif sign == b"eXIf":
        found.exif = body
    elif sign in (b"tEXt", b"zTXt", b"iTXt"):
        _read_text(found, sign, body)


def _read_text(found: _Chunks, sign: bytes, body: bytes) -> None:
    word, rest = body.split(b"\0", 1)
    if word == b"XML:com.adobe.xmp" and sign == b"iTXt":
        packed = rest[0] == 1
        text = rest[2:].split(b"\0", 2)[2]
        found.xmp = b"<"  # there is one, even if it proves too large
        found.xmp = _inflate(text) if packed else text
    elif word.startswith(b"Raw profile type "):
        # ImageMagick's way: a name, a length, then hexadecimal digits.
        kind = word.removeprefix(b"Raw profile type ")
        found.iptc |= kind in (b"iptc", b"8bim")
        text = _inflate(rest[1:]) if sign == b"zTXt" else rest
        if kind in (b"exif", b"APP1") and found.exif is None:
            found.exif = bytes.fromhex("".join(text.decode("ascii").split()[2:]))
        elif kind == b"xmp":
            found.xmp = found.xmp or text
    else:
        found.comment = True


def _inflate(packed: bytes) -> bytes:
    """Decompress what has a sane size.

    Raises
    ------
    ValueError, zlib.error
        More than :data:`_MOST` bytes, or damaged.
    """
    stream = zlib.decompressobj()
    text = stream.decompress(packed, _MOST)
    if not stream.eof:
        raise ValueError("too large, or cut off")
    return text


def _told(chunks: _Chunks, size: int) -> Encoding | None:
    """What chunks other than the profile say, the strongest first (section 4.3)."""
    if chunks.points:
        return cicp_to_encoding(*chunks.points, size)
    if chunks.srgb or (chunks.gamma is None and chunks.primaries is None):
        return None
    if chunks.gamma in (_SRGB[0], 0) and chunks.primaries in (None, _SRGB[1]):
        return None
    # In light from code, so the inverse of what is written; 0 has none.
    power = 100000 / chunks.gamma if chunks.gamma else None
    primaries = np.array(chunks.primaries or _SRGB[1], np.float64) / 100000
    try:
        return chromaticities_to_encoding(primaries.reshape(4, 2), power, size)
    except ValueError:
        return None


def _decode_sixteen_bit(data: bytes, size: tuple[int, int], name: str) -> Raster:
    """Decode 16-bit colour, which Pillow would cut to 8, with OpenCV."""
    array = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if array is None or array.dtype != np.uint16 or array.shape[1::-1] != size:
        raise UnreadablePicture(f"{name}: this kind of 16-bit PNG is not read. Save it anew.")
    order = cv2.COLOR_BGRA2RGBA if array.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return Raster(*split_channels(np.asarray(cv2.cvtColor(array, order), np.uint16)))
