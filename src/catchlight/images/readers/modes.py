"""Modes: an image as Pillow decodes it, of any of its modes, as RGB codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from catchlight.errors import UnreadablePicture
from catchlight.images.profiles import convert_with_cms, profile_space
from catchlight.images.raster import Raster, split_channels

if TYPE_CHECKING:
    from PIL import Image


def convert(image: Image.Image, icc: bytes | None, kind: str) -> Raster:
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
        32-bit values, which are not photographs as cameras write them.
    """
    mode = image.mode
    if mode == "CMYK":
        return convert(image, icc if profile_space(icc or b"") == "CMYK" else None, "CMYK")
    if mode == "LAB":
        return convert(image, None, "Lab")
    grey = mode[0] in "1LI"
    if mode.startswith("I"):
        values = np.asarray(image)
        if values.max() > 65535 or values.min() < 0:
            raise UnreadablePicture(f"{name} has 32-bit values. Save it with 16 bits.")
        return Raster(split_channels(values.astype(np.uint16))[0], None, icc, grey=True)
    if mode == "F":
        raise UnreadablePicture(f"{name} has floating-point values. Save it with 16 bits.")
    if "transparency" in image.info or mode in ("PA", "RGBa", "La"):
        image = image.convert("RGBA")
    elif mode not in ("L", "LA", "RGB", "RGBA"):
        image = image.convert("L" if mode == "1" else "RGB")
    codes, alpha = split_channels(np.asarray(image))
    return Raster(codes, alpha, icc, grey=grey)
