"""Encode: linear P3 -> the bytes of a file, with its profile and cleaned metadata."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import PurePath
from typing import Literal

import cv2
import numpy as np

from catchlight.arrays import Codes, Pixels, check_pixels
from catchlight.errors import PictureError
from catchlight.formats import SUFFIXES, WRITTEN
from catchlight.images.dither import linear_to_codes
from catchlight.images.encoding import Encoding, standard_encoding
from catchlight.images.metadata import Metadata
from catchlight.images.profiles import p3_profile, parse_profile, srgb_profile


def format_for(path: str | PurePath) -> str:
    """Format that a file name asks for by its suffix.

    Raises
    ------
    PictureError
        No suffix, or one that is not written; the message lists what is.

    Examples
    --------
    >>> format_for("portrait.JPG")
    'JPEG'
    """
    suffix = PurePath(path).suffix.lower()
    row = SUFFIXES.get(suffix)
    if row is None or not row.written:
        asked = f"{suffix} is not written" if suffix else f"{path} has no suffix"
        raise PictureError(f"{asked}. End the name in one of {_SUFFIXES}.")
    return row.name


_SUFFIXES = ", ".join(suffix for suffix, row in SUFFIXES.items() if row.written)


def choose_encoding(
    profile: Literal["srgb", "p3", "keep"], source: Encoding | None = None
) -> tuple[Encoding, tuple[str, ...]]:
    """Encoding to write, and a note where ``"keep"`` could not be honoured.

    Parameters
    ----------
    profile : "srgb", "p3" or "keep"
    source : Encoding, optional
        Encoding of the picture that was read; needed for ``"keep"``.
    """
    if profile == "p3":
        return standard_encoding("Display P3", 65536, p3_profile()), ()
    srgb = standard_encoding("sRGB", 65536, srgb_profile())
    if profile == "srgb" or source is None or source.is_srgb:
        return srgb, ()
    if source.icc is not None:
        return parse_profile(source.icc, 65536), ()
    if source.name == "Display P3":
        return standard_encoding("Display P3", 65536, p3_profile()), ()
    return srgb, (f"{source.name} has no profile that can be kept: sRGB is written",)


def encode_picture(
    pixels: Pixels,
    *,
    format: str,
    profile: Literal["srgb", "p3"] | Encoding = "srgb",
    quality: int = 95,
    bits: int = 8,
    metadata: Metadata | None = None,
    xmp: bytes | None = None,
    seed: int = 0,
    dither: bool = True,
) -> bytes:
    """Encode linear P3 as a file in memory, its profile always embedded.

    Parameters
    ----------
    pixels : (H, W, 3) float32, linear P3
    format : str
        One that is written; see :func:`format_for`.
    profile : "srgb", "p3" or Encoding
        For "keep", pass what :func:`choose_encoding` returns.
    quality : int, 1..100
        For JPEG, AVIF, HEIC (all 4:4:4) and WebP. PNG and TIFF are lossless.
    bits : 8 or 16
        16 for PNG and TIFF only.
    metadata : Metadata, optional
        Its cleaned EXIF is written; None writes nothing but the profile.
    xmp : bytes, optional
    seed : int
        Of the dither; the same input gives the same bytes.
    dither : bool
        See :func:`~catchlight.images.dither.linear_to_codes`.

    Raises
    ------
    PictureError
        A format, depth, quality or size that the file cannot have.
    """
    check_pixels(pixels)
    if format not in WRITTEN:
        raise PictureError(f"{format} is not written. Use {', '.join(WRITTEN)}.")
    row = WRITTEN[format]
    if bits not in row.bits:
        raise PictureError(
            f"{format} with {bits} bits is not written. Use 8, or 16 as PNG or TIFF."
        )
    if not 1 <= quality <= 100:
        raise PictureError(f"quality is {quality}; it goes from 1 to 100.")
    height, width = pixels.shape[:2]
    if min(height, width) < 1 or max(height, width) > row.longest:
        raise PictureError(
            f"{width} x {height} pixels do not fit into {format}. Scale the picture."
        )

    encoding = profile if isinstance(profile, Encoding) else choose_encoding(profile)[0]
    icc = encoding.icc
    if icc is None:
        raise PictureError(f"{encoding.name} has no profile to embed. Write sRGB or P3.")
    codes = linear_to_codes(pixels, encoding, bits=bits, dither=dither, seed=seed)
    exif = metadata.exif if metadata else None
    if format == "TIFF":
        return _to_tiff(codes, icc, exif, xmp)
    if format == "PNG":
        return _to_png(codes, icc, exif, xmp)
    if format == "HEIC":
        return _to_heic(codes, quality, icc, exif, xmp)
    return _to_lossy(codes, format, quality, icc, exif, xmp)


def _to_lossy(
    codes: Codes,
    format: str,
    quality: int,
    icc: bytes,
    exif: bytes | None,
    xmp: bytes | None,
) -> bytes:
    from PIL import Image

    options = {"quality": quality, **WRITTEN[format].options}
    out = io.BytesIO()
    notes = {"exif": b"Exif\0\0" + exif} if exif else {}
    notes |= {"xmp": xmp} if xmp else {}
    Image.fromarray(codes).save(out, format, icc_profile=icc, **options, **notes)
    return out.getvalue()


def check_format(format: str) -> None:
    """Refuse a format whose encoder is not there, before any work.

    Raises
    ------
    PictureError
        HEIC, where pillow-heif was built without an encoder, as some distributions do.
    """
    if format != "HEIC":
        return
    import pillow_heif

    if not pillow_heif.libheif_info().get("HEIF"):
        raise PictureError("HEIC cannot be written: there is no encoder for it here. Use AVIF.")


def _to_heic(
    codes: Codes, quality: int, icc: bytes, exif: bytes | None, xmp: bytes | None
) -> bytes:
    import pillow_heif

    check_format("HEIC")
    image = pillow_heif.from_bytes("RGB", codes.shape[1::-1], codes.tobytes())
    out = io.BytesIO()
    image.info["icc_profile"] = icc
    options = {"quality": quality, **WRITTEN["HEIC"].options}
    image.save(out, exif=b"Exif\0\0" + exif if exif else None, xmp=xmp, **options)
    return out.getvalue()


def _to_png(codes: Codes, icc: bytes, exif: bytes | None, xmp: bytes | None) -> bytes:
    """PNG of either depth by OpenCV, with iCCP, eXIf and iTXt chunks set in after the header.

    Run-length matching only: on dithered photographs as small as zlib level 6, eight times faster.
    """
    bgr = cv2.cvtColor(codes, cv2.COLOR_RGB2BGR)
    packing = [cv2.IMWRITE_PNG_COMPRESSION, 3]
    packing += [cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE]
    done, array = cv2.imencode(".png", bgr, packing)
    if not done:
        raise PictureError("OpenCV could not write the PNG. Try TIFF.")

    def chunk(sign: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + sign + body + struct.pack(">I", zlib.crc32(sign + body))
        )

    extra = chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(icc))
    if exif:
        extra += chunk(b"eXIf", exif)
    if xmp:
        extra += chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp)
    data: bytes = array.tobytes()
    return data[:33] + extra + data[33:]  # 8 signature + 25 IHDR


def _to_tiff(codes: Codes, icc: bytes, exif: bytes | None, xmp: bytes | None) -> bytes:
    """TIFF 6.0, RGB, deflate with horizontal differencing (Adobe Technote 2002).

    Written here because Pillow has no 16-bit RGB and OpenCV embeds no profile in TIFF.
    """
    from PIL import Image
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    height, width = codes.shape[:2]
    step = codes.copy()
    step[:, 1:] -= codes[:, :-1]
    rows = max(1, (1 << 20) // (width * 3 * codes.itemsize))
    strips = [
        zlib.compress(step[y : y + rows].astype(codes.dtype.newbyteorder("<")).tobytes(), 4)
        for y in range(0, height, rows)
    ]
    directory = ImageFileDirectory_v2(prefix=b"II")
    if exif:
        tags = Image.Exif()
        tags.load(exif)
        for tag, value in tags.items():
            directory[tag] = tags.get_ifd(tag) if tag == 0x8769 else value
    if xmp:
        directory.tagtype[700] = 1  # BYTE
        directory[700] = xmp
    lengths = [len(s) for s in strips]
    starts = tuple(int(n) for n in np.cumsum([0, *lengths[:-1]]))
    bits = (8 * codes.itemsize,) * 3
    # Width, height, depth, deflate, RGB, offsets, upright, channels, rows, lengths, predictor, ICC.
    directory.tagtype[273] = 4  # LONG
    for tag, entry in {
        **{256: width, 257: height, 258: bits, 259: 8, 262: 2, 273: starts, 274: 1, 277: 3},
        **{278: rows, 279: tuple(lengths), 284: 1, 317: 2, 34675: icc},
    }.items():
        directory[tag] = entry
    out = io.BytesIO()
    directory.save(out)
    return out.getvalue() + b"".join(strips)
