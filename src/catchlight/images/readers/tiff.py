"""TIFF: which page is the photo, how its samples lie, and what they mean.

tifffile reads the structure. What is packed in the ways of TIFF 6.0 is unpacked by the libtiff that
Pillow brings (see :mod:`~catchlight.images.readers.tiff_segments`), other compressions by
imagecodecs where it is installed, and what only libtiff itself knows (JPEG, fax, YCbCr, palettes)
by Pillow. Tags and their values are those of TIFF 6.0 and its supplement 1 and 2.
"""

from __future__ import annotations

import io
import logging
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catchlight.errors import PictureTooLarge, UnreadablePicture
from catchlight.images.intake import check_size
from catchlight.images.metadata import Reading
from catchlight.images.raster import Read
from catchlight.images.readers.modes import decode_pillow
from catchlight.images.readers.notes import as_bytes, header, read_notes
from catchlight.images.readers.samples import samples_to_raster
from catchlight.images.readers.tiff_segments import UNPACKED, unpack

#: Photometric interpretations whose samples are told here: grey, RGB, CMYK, Lab in 16 bits.
_OURS = {0, 1, 2, 5, 8, 9}
_PALETTE, _LAB = 3, {8, 9}
#: More pages than this are not looked at for the photo.
_PAGES = 32
#: Four colours and every kind of mask that programs add; more is no photograph.
_CHANNELS = 16
#: Bytes of samples; 120 megapixels of 16-bit RGB are 0.7 GB.
_MOST = 1 << 30

# It tells of what it does not like by logging, which a person need not see.
logging.getLogger("tifffile").addHandler(logging.NullHandler())
logging.getLogger("tifffile").propagate = False


def read(data: bytes, _kind: str, name: str, limit: float) -> Read:
    """Read a TIFF; see :mod:`catchlight.images.readers`."""
    import tifffile

    with header(), tifffile.TiffFile(io.BytesIO(data)) as file:
        number, pages = _choose_page(file)
        page: Any = file.pages[number]
        check_size(page.imagewidth, page.imagelength, name, limit)
        samples = page.imagewidth * page.imagelength * page.samplesperpixel
        if samples * _depth(page) // 8 > _MOST:
            raise PictureTooLarge(f"{name} unpacks to more than 1 GiB. Save it with 8 bits.")
        first: Any = file.pages[0]
        tag = page.tags.get(34675) or first.tags.get(34675)
        icc = as_bytes(tag.value) if tag else None
        turn = page.tags.get(274)
        big = data[2:4] in (b"+\0", b"\0+")
        reading, notes = read_notes(None if big else data, None)
        if big:
            notes += ("metadata of a BigTIFF is not read, and not kept",)
        if pages > 1:
            which = "first" if number == 0 else f"{_ORDINALS[min(number, 9)]}"
            notes += (f"several pages: the {which} is used",)
        how = _choose_way(page)
        if how == "libtiff":
            return _read_with_pillow(data, number, name, icc, reading, notes)
        if how.startswith("no: "):
            raise UnreadablePicture(f"{name} is a TIFF {how[4:]}")
        raster = samples_to_raster(
            _read_samples(page, data, name, packed=how == "ours"),
            photometric=int(page.photometric),
            bits=_depth(page),
            extras=tuple(int(e) for e in page.extrasamples),
            icc=icc,
            name=name,
        )
    upright = reading.orientation
    if turn is not None and isinstance(turn.value, int) and 1 <= turn.value <= 8:
        upright = int(turn.value)
    return Read(raster, Reading(reading.metadata, upright, reading.adobe_rgb), notes)


_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth last".split()


def _choose_page(file: Any) -> tuple[int, int]:
    """Number of the first page that is no thumbnail and no mask, and how many such there are.

    Bits 0 and 2 of NewSubfileType (254), or 2 in the older SubfileType (255).
    """
    whole = []
    for number in range(_PAGES):
        try:
            page = file.pages[number]
        except IndexError:
            break
        old = page.tags.get(255)
        small = int(page.subfiletype) & 5 or (old is not None and old.value == 2)
        if not small:
            whole.append(number)
    return (whole[0], len(whole)) if whole else (0, 1)


def _depth(page: Any) -> int:
    bits = page.bitspersample
    return int(max(bits)) if isinstance(bits, tuple) else int(bits)


def _choose_way(page: Any) -> str:
    """Say who unpacks a page: ``ours``, ``libtiff``, ``imagecodecs``, or "no: " and why not."""
    bits, packing = page.bitspersample, int(page.compression)
    photometric, form = int(page.photometric), int(page.sampleformat or 1)
    if page.samplesperpixel > _CHANNELS or page.imagedepth > 1:
        return f"no: of {page.samplesperpixel} channels, which is not supported. Save it as RGB."
    # 32 bits with a sign hold 16-bit codes in files of programs that know no other whole number.
    signed = form == 2 and bits == 32
    if isinstance(bits, tuple) or not (form in (1, 3) or signed):
        kind = "of unlike channels" if isinstance(bits, tuple) else "of signed or complex numbers"
        return f"no: {kind}, which is not supported. Save it with 8 or 16 bits."
    plain = photometric in _OURS and bits in (8, 16, 32, 64) and page.dtype is not None
    way = "imagecodecs"
    if plain and packing in UNPACKED and not (photometric in _LAB and bits == 8):
        way = "ours"
    elif bits <= 8 and form == 1 and packing not in _ONLY_CODECS:
        way = "libtiff"
    elif photometric not in _OURS:
        way = f"no: of {bits} bits in {photometric=}, which is not supported. Save it as RGB."
    elif not find_spec("imagecodecs"):
        words = getattr(page.compression, "name", str(packing)).replace("_", " ")
        way = f"no: of {bits} bits packed as {words}, which is not read without a codec. {_EXTRA}"
    return way


_EXTRA = "Install one with: pip install 'catchlight[formats]'; or save it without compression."
#: JPEG XL, LERC and the like, which Pillow's libtiff was built without.
_ONLY_CODECS = {34887, 34925, 50000, 50001, 50002, 52546, 34712, 33003, 33005, 22610}


def _read_samples(page: Any, data: bytes, name: str, *, packed: bool) -> NDArray[Any]:
    """Return (H, W, channels) as stored, of whatever number type."""
    samples = unpack(page, data) if packed else page.asarray()
    if int(page.planarconfig) == 2 and page.samplesperpixel > 1:
        samples = np.moveaxis(samples, 0, -1)
    shape = (page.imagelength, page.imagewidth, page.samplesperpixel)
    if samples.size != np.prod(shape):
        raise UnreadablePicture(f"{name} is a TIFF of {samples.shape} samples. Save it as RGB.")
    return np.asarray(samples.reshape(shape))


def _read_with_pillow(
    data: bytes,
    number: int,
    name: str,
    icc: bytes | None,
    reading: Reading,
    notes: tuple[str, ...],
) -> Read:
    """Read what libtiff knows best; it turns the picture upright itself."""
    from PIL.TiffImagePlugin import TiffImageFile

    try:
        image = TiffImageFile(io.BytesIO(data))
        if number:
            image.seek(number)
    except (SyntaxError, KeyError) as error:  # what Pillow says of modes that it does not know
        raise UnreadablePicture(
            f"{name} is a TIFF of a kind that is not supported ({error}). Save it as RGB."
        ) from None
    image.load()
    raster = decode_pillow(image, icc, name)
    raster = raster if raster.icc or raster.converted else replace(raster, icc=icc)
    return Read(raster, Reading(reading.metadata, 1, reading.adobe_rgb), notes)
