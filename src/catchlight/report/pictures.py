"""Pictures inside a page: encoded, sized, with the words for who cannot see them."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Pixels
from catchlight.images import encode_picture
from catchlight.pixels import filters


@dataclass(frozen=True)
class PageImage:
    """An image as a page shows it: its address holds the whole picture."""

    source: str
    width: int
    height: int
    alt: str
    kind: str = ""


def fit(pixels: Pixels, side: int) -> Pixels:
    """Shrink linear pixels to at most ``side`` on the longer side."""
    height, width = pixels.shape[:2]
    factor = min(1.0, side / max(height, width))
    if factor == 1.0:
        return pixels
    return filters.resize(pixels, max(1, round(width * factor)), max(1, round(height * factor)))


def show(pixels: Pixels, alt: str, *, side: int, quality: int = 86, kind: str = "") -> PageImage:
    """Put linear P3, shrunk to ``side``, into a page."""
    small = fit(pixels, side)
    data = encode_picture(small, format="JPEG", quality=quality)
    return PageImage(to_address(data), small.shape[1], small.shape[0], alt, kind)


def show_codes(codes: NDArray[np.uint8], alt: str, *, side: int = 600) -> PageImage:
    """Put a picture of uint8 sRGB, such as a component's, into a page."""
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(codes))
    image.thumbnail((side, side))
    stored = io.BytesIO()
    image.save(stored, "JPEG", quality=86, subsampling=0)
    return PageImage(to_address(stored.getvalue()), *image.size, alt)


def to_address(data: bytes) -> str:
    """A JPEG as an address that holds the whole picture."""
    return f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"
