"""Codes as luma and chroma, and their light.

Vocabulary: *codes* are sRGB-curved values 0..1, in which noise and JPEG's steps are about even over
the tones; *luma* is their Rec. 601 weighted sum, the Y' of JPEG.
"""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.arrays import Float, as_float
from catchlight.pixels.strips import over_strips

#: RGB codes -> Y', Cb, Cr, all centred on 0 but Y' (ITU-R BT.601, as in JFIF).
RGB_TO_YCC = np.array(
    [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]]
)
YCC_TO_RGB = np.linalg.inv(RGB_TO_YCC)


def to_luma(codes: Float) -> Float:
    """RGB codes (H, W, 3) -> Y' (H, W)."""
    return as_float(cv2.transform(codes, as_float(RGB_TO_YCC[:1])))


def to_ycc(codes: Float) -> Float:
    """RGB codes (H, W, 3) -> Y', Cb, Cr."""
    return np.asarray(cv2.transform(codes, as_float(RGB_TO_YCC)), np.float32)


def to_rgb(ycc: Float) -> Float:
    """Y', Cb, Cr (H, W, 3) -> RGB codes; the inverse of :func:`to_ycc`."""
    return np.asarray(cv2.transform(ycc, as_float(YCC_TO_RGB)), np.float32)


def add_luma(codes: Float, change: Float) -> Float:
    """Add a ``change`` (H, W) of luma alone to RGB codes (H, W, 3); kept within 0..1.

    What :func:`to_rgb` gives for luma so changed and chroma as it was.
    """
    out = np.empty_like(codes)

    def add(rows: slice) -> None:
        more = as_float(cv2.merge([change[rows]] * 3))
        np.add(more, codes[rows], out=more)
        np.clip(more, 0, 1, out=out[rows])

    over_strips(add, *change.shape)
    return out


def decode(codes: Float) -> Float:
    """Linear light of codes 0..1: :func:`colour.srgb_to_linear` to 2e-6, eight times as fast."""
    light = np.empty_like(codes)
    over_strips(lambda rows: _decode_into(light[rows], codes[rows]), *codes.shape[:2])
    return light


def decode_change(codes: Float, before: Float) -> Float:
    """The difference in linear light that codes make to those ``before``; see :func:`decode`."""
    change = np.empty_like(codes)

    def work(rows: slice) -> None:
        here = change[rows]
        _decode_into(here, codes[rows])
        was = np.empty_like(here)
        _decode_into(was, before[rows])
        here -= was

    over_strips(work, *codes.shape[:2])
    return change


def _decode_into(out: Float, codes: Float) -> None:
    root = codes + np.float32(0.055)
    root *= np.float32(1 / 1.055)
    cv2.pow(root, 2.4, dst=out)
    np.multiply(codes, np.float32(1 / 12.92), out=out, where=codes <= 0.04045)
