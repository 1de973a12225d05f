"""Decode: bytes -> :class:`Picture`. Recognise, check the size, decode, turn upright, flatten."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Codes, Mask
from catchlight.errors import PictureError, UnreadablePicture
from catchlight.images.colours import understand
from catchlight.images.encoding import Encoding, codes_to_linear
from catchlight.images.intake import read_source, recognise
from catchlight.images.origin import find_origin
from catchlight.images.picture import Picture
from catchlight.images.raster import Read
from catchlight.images.readers import reader_for
from catchlight.images.salvage import explain, hide_metadata

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
        Missing, empty, truncated, of a kind that is not supported, or not a picture.
    PictureTooLarge
        More pixels than ``max_megapixels``, or a side above 65535.
    """
    data, name = read_source(source)
    kind = recognise(data, name)
    read = _read(data, kind, name, max_megapixels)
    raster, notes = understand(read.raster, read.reading)
    notes = read.notes + notes
    if any(sign in data for sign in _GAIN_MAPS) or b"tmap" in data[8:64]:
        notes += ("HDR gain map ignored: the standard picture is used",)
    encoding = raster.encoding
    assert encoding is not None
    codes = turn_upright(raster.codes, read.reading.orientation)
    mask: Mask | None = None
    if raster.alpha is not None and (raster.alpha < np.iinfo(raster.alpha.dtype).max).any():
        if not raster.alpha.any():
            raise UnreadablePicture(
                f"{name} is wholly transparent: there is nothing to see. Export it without "
                "transparency."
            )
        alpha = turn_upright(raster.alpha, read.reading.orientation)
        mask = (alpha / np.float32(np.iinfo(alpha.dtype).max)).astype(np.float32)
        codes = flatten_on_white(codes, mask, encoding)
        notes += ("transparent parts placed on white",)
    codes.flags.writeable = False
    metadata = read.reading.metadata
    metadata = replace(metadata, origin=find_origin(data, software=metadata.origin.tool))
    return Picture(codes, encoding, mask, kind, metadata, name, notes, quality=raster.quality)


def _read(data: bytes, kind: str, name: str, limit: float) -> Read:
    """Read the pixels; where what goes with them is in the way, without it."""
    reader = reader_for(kind)
    try:
        return reader(data, kind, name, limit)
    except PictureError:
        raise
    except MemoryError:
        raise UnreadablePicture(f"{name} does not fit into memory. Scale it down.") from None
    except Exception as error:  # decoders raise anything at all on damaged files
        bare = hide_metadata(data, kind)
        if bare is not None:
            try:
                read = reader(bare, kind, name, limit)
            except Exception:  # then it was not that
                raise explain(error, kind, name) from error
            told = "metadata that cannot be read was left out"
            return Read(read.raster, read.reading, (*read.notes, told))
        raise explain(error, kind, name) from error


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
