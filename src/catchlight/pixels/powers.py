"""Logarithms, exponentials and roots of whole pictures, in float32.

OpenCV's are vectorised: seven to eleven times as fast as NumPy's at 1.3 megapixels, and within
2 parts in a million of them.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from catchlight.arrays import Float

_LN2 = math.log(2)


def _whole(field: Float) -> Float:
    return np.ascontiguousarray(field, np.float32)


def log(field: Float) -> Float:
    """Natural logarithm of a positive ``field`` of any shape."""
    return np.asarray(cv2.log(_whole(field)), np.float32).reshape(np.shape(field))


def log2(field: Float) -> Float:
    """Logarithm to base 2, stops, of a positive ``field`` of any shape."""
    out = log(field)
    out *= np.float32(1 / _LN2)
    return out


def exp(field: Float) -> Float:
    """Exponential of a ``field`` of any shape."""
    return np.asarray(cv2.exp(_whole(field)), np.float32).reshape(np.shape(field))


def exp2(field: Float) -> Float:
    """Factors of light from stops: 2 to the power of a ``field`` of any shape."""
    return exp(field * np.float32(_LN2))


def cube_root(field: Float) -> Float:
    """Cube root of a ``field`` >= 0 of any shape."""
    return np.asarray(cv2.pow(_whole(field), 1 / 3), np.float32).reshape(np.shape(field))
