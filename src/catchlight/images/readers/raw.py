"""Camera raw: developed by LibRaw where ``rawpy`` is installed, else the JPEG that cameras put in.

LibRaw demosaics (AHD) with the white balance that the camera set, to 16 bits of linear Display P3;
nothing is brightened and no curve is laid on, so the exposure is the camera's own.
"""

from __future__ import annotations

import io
import re
from importlib.util import find_spec
from typing import Any

import numpy as np

from catchlight.arrays import Codes
from catchlight.errors import PictureError, UnreadablePicture
from catchlight.images.encoding import Encoding
from catchlight.images.intake import check_size
from catchlight.images.metadata import Metadata, Reading
from catchlight.images.raster import Raster, Read
from catchlight.images.readers import jpeg
from catchlight.images.readers.notes import read_notes

_INSTALL = "pip install 'catchlight[raw]'"
#: Raws hold two or three JPEGs; more beginnings than this are chance.
_TRIES = 64
#: An embedded picture smaller than this is a thumbnail.
_LEAST = 640 * 480
_BEGINS = re.compile(b"\xff\xd8\xff[\xdb\xe0-\xef\xc0\xc2\xc4\xfe]")


def read(data: bytes, _kind: str, name: str, limit: float) -> Read:
    """Read a raw; see :mod:`catchlight.images.readers`."""
    why = f"to develop the raw itself: {_INSTALL}"
    if find_spec("rawpy"):
        try:
            return _develop(data, name, limit)
        except (_NotDeveloped, MemoryError) as error:
            why = f"LibRaw cannot develop this one ({error})"
    found = _find_largest(data)
    if found is not None:
        return _read_embedded(data, *found, name, limit, why)
    plain = _read_plain_tiff(data, name, limit)
    if plain is not None:
        return plain
    raise UnreadablePicture(
        f"{name} is a camera raw without a picture of a useful size in it; {why}; or develop it "
        "elsewhere and save a JPEG or a 16-bit TIFF."
    )


class _NotDeveloped(Exception):  # noqa: N818 - said, never shown
    """LibRaw does not know the file."""


def _develop(data: bytes, name: str, limit: float) -> Read:
    import rawpy

    try:
        with rawpy.imread(io.BytesIO(data)) as raw:
            sizes = raw.sizes
            check_size(sizes.width, sizes.height, name, limit)
            options: dict[str, Any] = {
                "use_camera_wb": True,
                "no_auto_bright": True,
                "gamma": (1, 1),
                "output_bps": 16,
                "output_color": rawpy.ColorSpace.P3D65,
            }
            codes = raw.postprocess(**options)
    except rawpy.LibRawError as error:
        said = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        raise _NotDeveloped(said) from None
    curve = np.linspace(0, 1, 65536, dtype=np.float32)
    encoding = Encoding(np.stack([curve] * 3), np.eye(3, dtype=np.float32), "linear Display P3")
    reading, notes = _read_metadata(data)
    # LibRaw has turned it.
    upright = Reading(reading.metadata, 1)
    notes += ("camera raw developed with the camera's white balance",)
    return Read(Raster(_as_colour(codes), encoding=encoding), upright, notes)


def _as_colour(codes: Codes) -> Codes:
    return np.repeat(codes[..., None], 3, axis=2) if codes.ndim == 2 else codes


def _read_metadata(data: bytes) -> tuple[Reading, tuple[str, ...]]:
    """Metadata of those raws that are TIFFs but for their first letters."""
    if data[:4] in (b"IIRO", b"IIRS", b"IIU\0"):
        data = b"II*\0" + data[4:]
    if data[:4] not in (b"II*\0", b"MM\0*"):
        return Reading(Metadata()), ()
    return read_notes(data, None)


def _find_largest(data: bytes) -> tuple[int, int, int] | None:
    """Place, width and height of the largest ordinary JPEG in a file; None if all are small."""
    best: tuple[int, int, int] | None = None
    for tries, found in enumerate(_BEGINS.finditer(data)):
        if tries >= _TRIES:
            break
        for marker, body, _ in jpeg.walk_segments(data, found.start()):
            if marker in (0xC0, 0xC1, 0xC2) and len(body) >= 6 and body[0] == 8:
                height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
                if width * height > max(_LEAST, best[1] * best[2] if best else 0):
                    best = (found.start(), width, height)
                break
            if marker in (0xC3, 0xDA):  # lossless: the sensor's own numbers
                break
    return best


def _read_embedded(
    data: bytes, start: int, width: int, height: int, name: str, limit: float, why: str
) -> Read:
    check_size(width, height, name, limit)
    got = jpeg.read(data[start:], "JPEG", name, limit)
    own, notes = _read_metadata(data)
    reading = got.reading
    if own.metadata.camera or own.metadata.exif:
        turn = reading.orientation if reading.orientation != 1 else own.orientation
        reading = Reading(own.metadata, turn, reading.adobe_rgb)
    said = f"the JPEG in this camera raw is used ({width} x {height}); {why}"
    return Read(got.raster, reading, (*got.notes, *notes, said))


def _read_plain_tiff(data: bytes, name: str, limit: float) -> Read | None:
    """Read a TIFF that is named as a raw, but holds a finished picture."""
    if data[:4] not in (b"II*\0", b"MM\0*"):
        return None
    from catchlight.images.readers import tiff

    try:
        return tiff.read(data, "TIFF", name, limit)
    except PictureError:
        return None
    except Exception:  # what is no TIFF either is told as the raw that it is named
        return None
