"""Blobs: arrays as a browser takes them, small and exact enough for the eye. See docs/api.md."""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels.colour import linear_to_srgb

#: Fast: what comes back is read on the same machine or by a patient phone, and level 6 saved 3 %.
_LEVEL = 1
#: OpenCV's PNG at 1 is within 8 % of 3 in size and a fifth faster.
_PNG = (cv2.IMWRITE_PNG_COMPRESSION, 1)


@dataclass(frozen=True)
class CodedArray:
    """Bytes and how to read them.

    Attributes
    ----------
    data : bytes
    coding : str, ``png8``, ``png8+2``, ``png8a``, ``f16z``, ``u8z`` or ``u16z``
    shape : tuple of int, (h, w) or (h, w, channels)
    scale, offset : float, value = number * scale + offset
    curve : str, ``srgb`` where the value is display-coded, else ``linear``
    predicted : bool, whether a number is told as its difference from the one on its left
    """

    data: bytes
    coding: str
    shape: tuple[int, ...]
    scale: float = 1.0
    offset: float = 0.0
    curve: str = "linear"
    predicted: bool = False

    @property
    def key(self) -> str:
        """What it is called: two with one key are the same."""
        said = repr((self.coding, self.shape, self.scale, self.offset, self.curve))
        return hashlib.sha1(said.encode() + self.data, usedforsecurity=False).hexdigest()

    def to_json(self, offset: int) -> dict[str, Any]:
        """Say how to read it, and where it lies."""
        return {
            "key": self.key,
            "offset": offset,
            "bytes": len(self.data),
            "coding": self.coding,
            "shape": list(self.shape),
            "scale": self.scale,
            "offset_value": self.offset,
            "curve": self.curve,
            "predict": "left" if self.predicted else None,
        }


def pack_picture(pixels: Pixels) -> CodedArray:
    """A picture in linear P3 as 10-bit codes: a PNG of the upper 8, and the lower 2 packed."""
    top = _top(pixels)
    codes = _code(pixels, top, 1023, np.uint16)
    high = (codes >> 2).astype(np.uint8)
    png = _png(high[..., ::-1])
    flat = (codes & 3).astype(np.uint8).ravel()
    low = np.pad(flat, (0, -len(flat) % 4)).reshape(-1, 4)
    packed = low[:, 0] | low[:, 1] << 2 | low[:, 2] << 4 | low[:, 3] << 6
    data = struct.pack("<I", len(png)) + png + zlib.compress(packed.tobytes(), _LEVEL)
    return CodedArray(data, "png8+2", pixels.shape, top / 1023, curve="srgb")


def pack_part(pixels: Pixels, shown: NDArray[np.bool_]) -> CodedArray:
    """A part of a picture in linear P3 as RGBA of 8 bits; A is 255 where it is shown, else 0."""
    top = _top(pixels)
    codes = _code(pixels, top, 255, np.uint8)
    rgba = np.dstack([codes[..., ::-1], np.full(shown.shape, 255, np.uint8)])
    rgba *= shown[..., None]
    return CodedArray(_png(rgba), "png8a", rgba.shape, top / 255, curve="srgb")


def pack_mask(mask: Mask) -> CodedArray:
    """A mask in steps of 1/255."""
    codes = np.rint(np.clip(mask, 0, 1) * 255).astype(np.uint8)
    return CodedArray(_png(codes), "png8", mask.shape, 1 / 255)


def pack_field(field: Float, step: float) -> CodedArray:
    """A smooth field in whole steps; 0 stays 0.

    Told as differences from the left neighbour, the low bytes before the high ones: the differences
    of a smooth field are small, and what repeats packs well.
    """
    steps = np.rint(as_float(field) / np.float32(step)).astype(np.int32)
    low = int(steps.min(initial=0))
    wide = int(steps.max(initial=0)) - low > 255
    kind, coding = (np.uint16, "u16z") if wide else (np.uint8, "u8z")
    raw = (steps - low).astype(kind)
    told = raw.copy()
    told[:, 1:] -= raw[:, :-1]
    planes = told.astype(told.dtype.newbyteorder("<")).tobytes()
    if wide:
        planes = planes[::2] + planes[1::2]
    data = zlib.compress(planes, _LEVEL)
    return CodedArray(data, coding, field.shape, step, low * step, predicted=True)


def pack_halves(field: Float) -> CodedArray:
    """Half floats as they are, the low bytes before the high ones."""
    halves = field.astype("<f2").tobytes()
    return CodedArray(zlib.compress(halves[::2] + halves[1::2], _LEVEL), "f16z", field.shape)


def _top(pixels: Pixels) -> float:
    """The largest code: 1, or more where a picture is brighter than white."""
    most = float(pixels.max(initial=0.0))
    return 1.0 if most <= 1.0005 else float(linear_to_srgb(as_float([most]))[0])


def _code(pixels: Pixels, top: float, most: int, kind: type[Any]) -> NDArray[Any]:
    """Display codes 0..most of light, by a table over its root: the curve itself takes 0.2 s."""
    root = np.sqrt(np.maximum(pixels, 0))
    scale = float(np.sqrt(max(pixels.max(initial=0.0), 1.0)))
    at = np.arange(65536, dtype=np.float32) / 65535 * np.float32(scale)
    table = np.rint(np.clip(linear_to_srgb(at * at) / top, 0, 1) * most).astype(kind)
    root *= np.float32(65535 / scale)
    root += np.float32(0.5)
    return np.asarray(table.take(root.astype(np.uint16)))


def _png(codes: NDArray[Any]) -> bytes:
    done, data = cv2.imencode(".png", np.ascontiguousarray(codes), list(_PNG))
    assert done
    return bytes(data.tobytes())
