"""Rasters: what the decoders give (any mode, any depth) made into RGB codes and an alpha.

Pillow decodes 8 bits. It has no 16-bit RGB, so those go through OpenCV, whose blue-green-red
order is turned round on the spot. HEIC goes through libheif at the file's own depth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Codes
from catchlight.errors import UnreadablePicture
from catchlight.images.profiles import convert_with_cms, parse_profile, profile_space

if TYPE_CHECKING:
    from PIL import Image


@dataclass(frozen=True, eq=False)
class Raster:
    """Codes as decoded, not yet upright."""

    #: (H, W, 3) uint8 or uint16.
    codes: Codes
    #: (H, W) of the same type, or None.
    alpha: NDArray[Any] | None = None
    #: Profile that still applies to ``codes``; None if absent or already applied.
    icc: bytes | None = None
    #: True once converted to sRGB by LittleCMS.
    converted: bool = False
    notes: tuple[str, ...] = ()
    #: Of a JPEG the quality that its tables say.
    quality: int | None = None


def split_channels(array: NDArray[Any]) -> tuple[Codes, NDArray[Any] | None]:
    """Grey, grey-alpha, RGB or RGBA (H, W[, C]) -> RGB codes and alpha."""
    if array.ndim == 2:
        array = array[..., None]
    n = array.shape[2]
    alpha = np.ascontiguousarray(array[..., -1]) if n in (2, 4) else None
    if n <= 2:
        return np.repeat(array[..., :1], 3, axis=2), alpha
    return np.ascontiguousarray(array[..., :3]), alpha


def is_sixteen_bit_colour(image: Image.Image) -> bool:
    """True for PNG and TIFF with 16 bits in several channels, which Pillow would cut to 8."""
    if image.format == "PNG":
        # tile: (decoder, box, offset, raw mode); raw modes of 16-bit PNG end in ";16B".
        raw = image.tile[0][3] if image.tile else ""  # type: ignore[attr-defined]
        return str(raw).endswith(";16B") and not str(raw).startswith("I")
    if image.format == "TIFF":
        tags = image.tag_v2  # type: ignore[attr-defined]
        depth = tags.get(258, (1,))
        return len(depth) >= 3 and set(depth) == {16} and tags.get(262) == 2
    return False


def decode_sixteen_bit(data: bytes, size: tuple[int, int], name: str) -> Raster:
    """Decode a 16-bit colour PNG or TIFF with OpenCV. TIFF comes back upright already."""
    array = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if array is None or array.dtype != np.uint16 or array.shape[1::-1] != size:
        raise UnreadablePicture(f"{name}: this kind of 16-bit file is not read. Save it as PNG.")
    order = cv2.COLOR_BGRA2RGBA if array.shape[2] == 4 else cv2.COLOR_BGR2RGB
    codes, alpha = split_channels(np.asarray(cv2.cvtColor(array, order)))
    return Raster(codes, alpha)


def decode_heic(image: Any) -> Raster:
    """Decode a ``pillow_heif`` image; 10 and 12 bits are spread over 16."""
    array = np.asarray(image)
    if array.dtype == np.uint16:
        # libheif shifts left, so that white would be 65472 of 65535; repeat the top bits below.
        array = array | (array >> int(image.info.get("bit_depth", 16)))
    codes, alpha = split_channels(array)
    return Raster(codes, alpha, image.info.get("icc_profile"))


def _convert(image: Image.Image, icc: bytes | None, kind: str) -> Raster:
    """To sRGB with LittleCMS where the profile fits, else plainly; the note says which."""
    notes: tuple[str, ...]
    if icc or kind == "Lab":
        try:
            converted = convert_with_cms(image, icc)
            notes = (f"{kind} converted to sRGB with its profile",) if icc else ()
            return Raster(np.asarray(converted), converted=True, notes=notes)
        except ValueError as error:
            notes = (f"{kind} converted without its profile, which cannot be used: {error}",)
    else:
        notes = (f"{kind} converted without a profile: colours are approximate",)
    return Raster(np.asarray(image.convert("RGB")), converted=True, notes=notes)


def decode_pillow(image: Image.Image, icc: bytes | None, name: str) -> Raster:
    """Turn a loaded Pillow image of any mode into RGB codes.

    Raises
    ------
    UnreadablePicture
        Floating point or 32-bit values, which are not photographs as cameras write them.
    """
    mode = image.mode
    space = profile_space(icc) if icc else ""
    notes: tuple[str, ...] = ()
    if mode == "CMYK":
        return _convert(image, icc if space == "CMYK" else None, "CMYK")
    if mode == "LAB":
        return _convert(image, None, "Lab")
    if icc and space != "RGB" and not (space == "GRAY" and mode[0] in "1LI"):
        notes = (f"profile ignored: it is for {space or 'unknown'} colours, not for this picture",)
        icc = None

    if mode.startswith("I"):
        grey = np.asarray(image)
        if grey.max() > 65535 or grey.min() < 0:
            raise UnreadablePicture(f"{name} has 32-bit values. Save it with 16 bits.")
        return Raster(split_channels(grey.astype(np.uint16))[0], None, icc, notes=notes)
    if mode == "F":
        raise UnreadablePicture(f"{name} has floating-point values. Save it with 16 bits.")
    if "transparency" in image.info or mode in ("PA", "RGBa", "La"):
        image = image.convert("RGBA")
    elif mode not in ("L", "LA", "RGB", "RGBA"):
        image = image.convert("L" if mode == "1" else "RGB")

    if icc and space == "RGB":
        try:
            parse_profile(icc, 256)
        except ValueError:
            alpha = np.asarray(image)[..., -1] if image.mode in ("LA", "RGBA") else None
            raster = _convert(image.convert("RGB"), icc, "profile with tables")
            return Raster(
                raster.codes, alpha, converted=raster.converted, notes=notes + raster.notes
            )
    codes, alpha = split_channels(np.asarray(image))
    return Raster(codes, alpha, icc, notes=notes)
