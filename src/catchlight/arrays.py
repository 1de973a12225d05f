"""Array aliases and the only shape and dtype guards of the house.

Pixels inside Catchlight are linear-light RGB with Display P3 primaries (D65), float32,
(H, W, 3), 0..1 nominal. Masks are (H, W) float32 in 0..1. Points are (N, 2) float32, x then y,
in pixels, with pixel centres at whole numbers.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Float: TypeAlias = NDArray[np.float32]
#: (H, W, 3) float32, linear Display P3.
Pixels: TypeAlias = NDArray[np.float32]
#: (H, W) float32, 0..1.
Mask: TypeAlias = NDArray[np.float32]
#: (N, 2) float32, x then y.
Points: TypeAlias = NDArray[np.float32]
#: (H, W, 3) uint8 or uint16 code values of some encoding.
Codes: TypeAlias = NDArray[Any]


def as_float(array: Any) -> Float:
    """Return ``array`` as float32, without a copy where it already is."""
    return np.asarray(array, np.float32)


def check_pixels(pixels: Pixels, name: str = "pixels") -> Pixels:
    """Return ``pixels`` if it is (H, W, 3) float32, else raise TypeError or ValueError."""
    if pixels.dtype != np.float32:
        raise TypeError(f"{name} must be float32 linear light, not {pixels.dtype}")
    if pixels.ndim != 3 or pixels.shape[2] != 3:
        raise ValueError(f"{name} must have the shape (H, W, 3), not {pixels.shape}")
    return pixels


def check_mask(mask: Mask, shape: tuple[int, ...], name: str = "mask") -> Mask:
    """Return ``mask`` if it is float32 of the height and width of ``shape``, else raise."""
    if mask.dtype != np.float32:
        raise TypeError(f"{name} must be float32 in 0..1, not {mask.dtype}")
    if mask.shape != tuple(shape[:2]):
        raise ValueError(f"{name} has the shape {mask.shape}; the picture is {tuple(shape[:2])}")
    return mask
