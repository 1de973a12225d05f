"""Decode: bytes -> :class:`Picture`. Recognise, check the size, decode, turn upright, flatten."""

from __future__ import annotations

import io
import threading
import warnings
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Codes, Mask
from catchlight.errors import PictureError, UnreadablePicture
from catchlight.formats import FORMATS
from catchlight.images.encoding import (
    Encoding,
    cicp_to_encoding,
    codes_to_linear,
    standard_encoding,
)
from catchlight.images.intake import check_size, find_code_points, read_source, recognise
from catchlight.images.metadata import Metadata, Reading, read_metadata
from catchlight.images.picture import Picture
from catchlight.images.profiles import parse_profile
from catchlight.images.raster import (
    Raster,
    decode_heic,
    decode_pillow,
    decode_sixteen_bit,
    is_sixteen_bit_colour,
)
from catchlight.pixels.jpeg import table_to_quality

if TYPE_CHECKING:
    from PIL import Image

# `warnings.catch_warnings` changes a list shared by all threads: headers are read one at a time.
_HEADERS = threading.Lock()
# What Ultra HDR JPEG, Apple JPEG, Apple HEIC and ISO 21496-1 files contain.
_GAIN_MAPS = (b"hdrgm:Version", b"HDRGainMap", b"hdrgainmap", b"iso:ts:21496")


def open_picture(
    source: str | Path | bytes | BinaryIO, *, max_megapixels: float = 120.0
) -> Picture:
    """Read a picture of any supported format, upright, with its colours understood.

    Parameters
    ----------
    source : path, bytes or binary stream
    max_megapixels : float
        Refuse more pixels than this; the header is checked before anything is decoded.

    Returns
    -------
    Picture

    Raises
    ------
    UnreadablePicture
        Missing, empty, truncated, or not a picture.
    PictureTooLarge
        More pixels than ``max_megapixels``, or a side above 65535.
    """
    data, name = read_source(source)
    kind = recognise(data, name)
    try:
        read = _read_heic if kind == "HEIC" else _read_pillow
        raster, reading, notes = read(data, kind, name, max_megapixels)
    except PictureError:
        raise
    except MemoryError:
        raise UnreadablePicture(f"{name} does not fit into memory. Scale it down.") from None
    except Exception as error:  # decoders raise anything at all on damaged files
        raise UnreadablePicture(
            f"{name} is a damaged or truncated {kind} file ({error}). Copy or download it again."
        ) from error

    notes += raster.notes
    if any(sign in data for sign in _GAIN_MAPS) or b"tmap" in data[8:64]:
        notes += ("HDR gain map ignored: the standard picture is used",)
    codes = turn_upright(raster.codes, reading.orientation)
    encoding, told = _find_encoding(raster, reading, data, kind)
    notes += told
    mask: Mask | None = None
    if raster.alpha is not None and (raster.alpha < np.iinfo(raster.alpha.dtype).max).any():
        alpha = turn_upright(raster.alpha, reading.orientation)
        mask = (alpha / np.float32(np.iinfo(alpha.dtype).max)).astype(np.float32)
        codes = flatten_on_white(codes, mask, encoding)
        notes += ("transparent parts placed on white",)
    codes.flags.writeable = False
    return Picture(
        codes, encoding, mask, kind, reading.metadata, name, notes, quality=raster.quality
    )


def turn_upright(codes: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Undo an EXIF orientation 1..8 on (H, W) or (H, W, 3) codes; returns a contiguous array."""
    if orientation >= 5:  # rows and columns exchanged
        codes = codes.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        codes = codes[:, ::-1]
    if orientation in (3, 4, 7, 8):
        codes = codes[::-1]
    result = np.ascontiguousarray(codes)
    return result if result.flags.writeable else result.copy()


def flatten_on_white(codes: Codes, alpha: Mask, encoding: Encoding) -> Codes:
    """Composite on white in linear light; opaque pixels keep their codes exactly."""
    seen = alpha < 1
    top = np.iinfo(codes.dtype).max
    light = codes_to_linear(np.ascontiguousarray(codes[seen][None]), encoding)[0]
    a = alpha[seen][:, None]
    light = light * a + encoding.curves[:, -1] * (1 - a)
    result = codes.copy()
    scale = np.arange(top + 1)
    mixed = [np.interp(light[:, c], encoding.curves[c], scale) for c in range(3)]
    result[seen] = np.rint(np.stack(mixed, axis=1)).astype(codes.dtype)
    return result


def _read_heic(
    data: bytes, kind: str, name: str, limit: float
) -> tuple[Raster, Reading, tuple[str, ...]]:
    import pillow_heif

    with _HEADERS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        container = pillow_heif.open_heif(data, convert_hdr_to_8bit=False)
        image = container[container.primary_index]
        check_size(*image.size, name, limit)
        info = image.info
        reading, notes = _read_notes(_bytes(info.get("exif")), _bytes(info.get("xmp")))
    image.load()
    check_size(*image.size, name, limit)
    if len(container) > 1:
        notes += ("several pictures in the file: the main one is used",)
    # libheif has turned the picture (irot, imir); the EXIF orientation only repeats that.
    return decode_heic(image), Reading(reading.metadata, 1, reading.adobe_rgb), notes


def _read_pillow(
    data: bytes, kind: str, name: str, limit: float
) -> tuple[Raster, Reading, tuple[str, ...]]:
    with _HEADERS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = _open_plugin(data, kind)
        check_size(*image.size, name, limit)
        info = image.info
        xmp = info.get("xmp") or info.get("XML:com.adobe.xmp")
        reading, notes = _read_notes(
            data if kind == "TIFF" else _exif_block(image),
            _bytes(xmp),
            iptc="photoshop" in info,
            comment="comment" in info or (kind == "PNG" and _has_text(info)),
        )
        if getattr(image, "is_animated", False):
            pages = "several pages: the first" if kind == "TIFF" else "animated: the first frame"
            notes += (f"{pages} is used",)
        icc = info.get("icc_profile") or None
        deep = is_sixteen_bit_colour(image)
    image.load()  # also for 16 bits: Pillow notices truncation, OpenCV does not always
    if deep:
        raster = decode_sixteen_bit(data, image.size, name)
        raster = Raster(raster.codes, raster.alpha, icc)
    else:
        raster = decode_pillow(image, icc, name)
    tables = getattr(image, "quantization", None)
    if kind == "JPEG" and tables:
        # The first is luma's, which every JPEG has.
        raster = replace(raster, quality=table_to_quality(tables[min(tables)]))
    if kind == "TIFF":  # both decoders turn TIFF upright themselves
        reading = Reading(reading.metadata, 1, reading.adobe_rgb)
    return raster, reading, notes


def _open_plugin(data: bytes, kind: str) -> Image.Image:
    """Open with one named decoder: no guessing among Pillow's forty, no global pixel limit."""
    module, reader = str(FORMATS[kind].plugin).split(".")
    plugin = import_module(f"PIL.{module}")
    image: Image.Image = getattr(plugin, reader)(io.BytesIO(data))
    return image


def _exif_block(image: Image.Image) -> bytes | None:
    block = image.info.get("exif")
    if isinstance(block, bytes):
        return block
    return image.getexif().tobytes() if "Raw profile type exif" in image.info else None


def _has_text(info: dict[str | tuple[int, int], Any]) -> bool:
    """True if a PNG has text chunks; asking Pillow for ``text`` would decode the picture."""
    return any(isinstance(v, str) for k, v in info.items() if k != "XML:com.adobe.xmp")


def _bytes(value: object) -> bytes | None:
    if isinstance(value, str):
        return value.encode()
    return value if isinstance(value, bytes) and value else None


def _read_notes(
    block: bytes | None, xmp: bytes | None, *, iptc: bool = False, comment: bool = False
) -> tuple[Reading, tuple[str, ...]]:
    try:
        return read_metadata(block, xmp, iptc=iptc, comment=comment), ()
    except ValueError as error:
        return Reading(Metadata(removed=("damaged EXIF",))), (f"{error}: it is not kept",)


def _find_encoding(
    raster: Raster, reading: Reading, data: bytes, kind: str
) -> tuple[Encoding, tuple[str, ...]]:
    """Profile first, then code points, then EXIF, else sRGB."""
    size = 256 if raster.codes.dtype == np.uint8 else 65536
    if raster.icc:
        try:
            return parse_profile(raster.icc, size), ()
        except ValueError as error:
            told = (f"profile cannot be used, read as sRGB: {error}",)
            return standard_encoding("sRGB", size), told
    if raster.converted:
        return standard_encoding("sRGB", size), ()
    points = find_code_points(data, kind)
    if points:
        encoding = cicp_to_encoding(*points, size)
        bright = encoding.name in ("PQ", "HLG")
        return encoding, ("HDR picture: what is brighter than white may be lost",) * bright
    if reading.adobe_rgb:
        return standard_encoding("Adobe RGB (1998)", size), ()
    return standard_encoding("sRGB", size), ()
