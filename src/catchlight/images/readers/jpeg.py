"""JPEG: named where it is a kind that no decoder here reads, and read as far as it goes.

Markers are those of ITU-T T.81, table B.1.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from catchlight.errors import UnreadablePicture
from catchlight.images.intake import check_size
from catchlight.images.raster import Read
from catchlight.images.readers.modes import decode_pillow
from catchlight.images.readers.notes import as_bytes, header, read_notes
from catchlight.pixels.jpeg import table_to_quality

_END = b"\xff\xd9"
_SCAN = 0xDA
#: Frames that libjpeg does not read: lossless and hierarchical ones, and JPEG-LS.
_OTHER_KINDS = {0xC3: "lossless", 0xC7: "lossless", 0xCB: "lossless", 0xCF: "lossless"}
_OTHER_KINDS |= dict.fromkeys((0xC5, 0xC6, 0xCD, 0xCE), "hierarchical") | {0xF7: "JPEG-LS"}
#: Less than this of a photo is not worth a headshot.
_LEAST = 0.5


def read(data: bytes, _kind: str, name: str, limit: float) -> Read:
    """Read a JPEG; see :mod:`catchlight.images.readers`."""
    refuse_other_kinds(data, name)
    with header():
        image = JpegImageFile(io.BytesIO(data))
        check_size(*image.size, name, limit)
        info = image.info
        xmp = info.get("xmp") or info.get("XML:com.adobe.xmp")
        reading, notes = read_notes(
            as_bytes(info.get("exif")),
            as_bytes(xmp),
            iptc="photoshop" in info,
            comment="comment" in info,
        )
        icc = info.get("icc_profile") or None
    tables = image.quantization
    # The first is luma's, which every JPEG has.
    quality = table_to_quality(tables[min(tables)]) if tables else None
    whole: Image.Image = image
    rows = None
    try:
        image.load()
    except OSError as error:
        if "truncated" not in str(error):
            raise
        whole, rows, said = _rescue(data)
        notes += (said,)
    raster = decode_pillow(whole, icc, name)
    if rows is not None:
        raster = replace(raster, codes=np.ascontiguousarray(raster.codes[:rows]))
    return Read(replace(raster, quality=quality), reading, notes)


def walk_segments(data: bytes, start: int = 0) -> Iterator[tuple[int, bytes, int]]:
    """Yield marker, body and place of each segment; of scans, their headers.

    Those of the pictures that lie within others (thumbnails) are inside their bodies.
    """
    at = start + 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            at = data.find(b"\xff", at)
            if at < 0:
                return
            continue
        marker = data[at + 1]
        if marker in (0xFF, 0x00, 0x01) or 0xD0 <= marker <= 0xD8:
            at += 1 if marker == 0xFF else 2
            continue
        if marker == 0xD9:
            return
        (length,) = struct.unpack_from(">H", data, at + 2)
        yield marker, data[at + 4 : at + 2 + length], at
        at += 2 + max(length, 2)


def refuse_other_kinds(data: bytes, name: str) -> None:
    """Name what libjpeg does not read as what it is.

    Raises
    ------
    UnreadablePicture
    """
    for marker, body, _ in walk_segments(data):
        kind = _OTHER_KINDS.get(marker)
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC) and body[:1] > b"\x08":
            kind = kind or f"{body[0]}-bit"
        if kind:
            raise UnreadablePicture(
                f"{name} is a {kind} JPEG, a kind that is not supported here. Save it as an "
                "ordinary JPEG of 8 bits, or as a 16-bit PNG or TIFF."
            )
        if marker == _SCAN:
            return


def _rescue(data: bytes) -> tuple[Image.Image, int | None, str]:
    """Read what there is of a file that ends too soon: the image, its good rows, a sentence.

    Notes
    -----
    Decoded twice, with an end mark set behind what there is and with noise before that mark: rows
    in which the two agree come from the file, all below were made up by the decoder. In a
    progressive file they differ where its last scan does not reach; there the coarser one is used,
    if all scans but the last are whole.
    """
    data = data.rstrip(b"\xff")  # half of a mark
    noise = np.random.default_rng(0).integers(0, 255, 4096, np.uint8).tobytes()
    plain, other = _decode(data + _END), _decode(data + noise + _END)
    differ = (np.asarray(plain) != np.asarray(other)).reshape(plain.height, -1).any(axis=1)
    if not differ.any():
        return plain, None, "the file lacks its last bytes, but the picture is whole"
    if plain.info.get("progressive"):
        if not _reaches_full_precision(data):
            raise OSError("image file is truncated: only a coarse version of it is there")
        return plain, None, "the file lacks its last bytes: the picture is a little coarser"
    # Chroma is smoothed over two rows, so the last good one may hold some of what was made up.
    rows = max(int(differ.argmax()) - 2, 0)
    if rows < _LEAST * plain.height:
        raise OSError(f"image file is truncated: {rows} of {plain.height} rows are there")
    missing = plain.height - rows
    return plain, rows, f"the file is cut off: its lowest {missing} rows are missing, and left out"


def _decode(data: bytes) -> Image.Image:
    with header():
        image = JpegImageFile(io.BytesIO(data))
    image.load()
    return image


def _reaches_full_precision(data: bytes) -> bool:
    """Whether the scans of a progressive file, with the last, bring each coefficient's last bit.

    T.81, section G.1.1.1: each scan names components, a band of coefficients, and the bit that it
    goes down to.
    """
    lowest: dict[int, np.ndarray] = {}
    for marker, body, _ in walk_segments(data):
        if marker in (0xC2, 0xCA) and len(body) >= 6:
            lowest = {body[6 + 3 * i]: np.full(64, 99) for i in range(body[5])}
        elif marker == _SCAN and body:
            count = body[0]
            first, last, bits = body[1 + 2 * count : 4 + 2 * count]
            for i in range(count):
                row = lowest.get(body[1 + 2 * i])
                if row is not None:
                    row[first : last + 1] = np.minimum(row[first : last + 1], bits & 15)
    return bool(lowest) and all(int(row.max()) == 0 for row in lowest.values())
