"""Growing and shrinking of masks by discs, and how deep in a mask a place lies."""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Float, as_float

Bits = NDArray[np.bool_]


def draw_disc(radius: float) -> NDArray[np.uint8]:
    """A disc of ``radius`` pixels, a whole one at least, to grow or shrink a mask by."""
    r = max(1, round(radius))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * r + 1, 2 * r + 1))
    return np.asarray(disc, np.uint8)


def erode(mask: Bits, radius: float) -> Bits:
    """Take ``radius`` pixels off a mask (h, w)."""
    return np.asarray(cv2.erode(mask.view(np.uint8), draw_disc(radius)), np.uint8).view(np.bool_)


def dilate(mask: Bits, radius: float) -> Bits:
    """Let a mask (h, w) grow by ``radius`` pixels."""
    return np.asarray(cv2.dilate(mask.view(np.uint8), draw_disc(radius)), np.uint8).view(np.bool_)


def drop_thin(mask: Bits, radius: float) -> Bits:
    """Drop what of a mask (h, w) is thinner than twice ``radius`` pixels: its opening."""
    kept = cv2.morphologyEx(mask.view(np.uint8), cv2.MORPH_OPEN, draw_disc(radius))
    return np.asarray(kept, np.uint8).view(np.bool_)


def label_holes(
    mask: Bits, *, connectivity: Literal[4, 8]
) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """Number (h, w) the parts of what is not in a mask, and name those that it encloses.

    Parameters
    ----------
    mask : (h, w)
    connectivity : 4 or 8, by which neighbours a part hangs together

    Returns
    -------
    labels (h, w), 0 in the mask; and the labels (n,) of parts that touch no side of the picture
    """
    count, labels = cv2.connectedComponents((~mask).view(np.uint8), connectivity=connectivity)
    sides = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    return np.asarray(labels, np.int32), np.setdiff1d(np.arange(1, count), sides)


def measure_depth(mask: Bits) -> Float:
    """How far each place of a mask (h, w) lies from what is not in it, in pixels; 0 outside."""
    return as_float(cv2.distanceTransform(mask.view(np.uint8), cv2.DIST_L2, 5))
