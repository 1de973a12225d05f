"""Whether the sitter wears glasses, told by the edges of their frame."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Float, Pixels
from catchlight.pixels import colour, geometry

# Bias and weights, fitted by balanced logistic regression on 162 tagged photographs, 23 of them
# with glasses (in-sample: 74 % of glasses found, 4 % false alarms).
_RULE = (-1.45, 6.86, -1.38, -0.46)


def glasses_evidence(pixels: Pixels, face: Face) -> Float:
    """Three numbers that rise with glasses: edges of the bridge, of the lower rims, of the temples.

    Mean absolute vertical gradient of log luminance on the nose bridge between the eyes, on the
    arcs below the eyes, and beside them, each against the cheek's.
    """
    patch = 96  # the eyes 48 pixels apart, level
    right, left = face.eyes
    angle = float(np.degrees(np.arctan2(left[1] - right[1], left[0] - right[0])))
    flat = float(np.linalg.norm(left - right))
    to_patch = geometry.similarity(
        48 / flat, -angle, (right + left) / 2, np.array([48, 40], np.float32)
    )
    small = geometry.resample(pixels, to_patch, patch, patch)
    y = np.log2(np.maximum(colour.luminance(small), 2.0**-8))
    y = cv2.GaussianBlur(y, (0, 0), 0.8)
    gy = np.abs(cv2.Sobel(y, cv2.CV_32F, 0, 1)) / 8
    gx = np.abs(cv2.Sobel(y, cv2.CV_32F, 1, 0)) / 8
    cheek = float(np.median(np.concatenate([gy[58:72, 14:34].ravel(), gy[58:72, 62:82].ravel()])))
    bridge = float(np.percentile(gy[30:48, 43:53].max(axis=0), 50))
    rims = float(
        np.median(np.concatenate([gy[46:60, 16:32].max(axis=0), gy[46:60, 64:80].max(axis=0)]))
    )
    sides = float(
        np.median(np.concatenate([gx[36:50, 4:16].max(axis=1), gx[36:50, 80:92].max(axis=1)]))
    )
    return np.array([bridge - cheek, rims - cheek, sides - cheek], np.float32)


def wears_glasses(pixels: Pixels, face: Face) -> bool:
    """Decide on glasses by a linear rule over :func:`glasses_evidence`."""
    bridge, rims, sides = glasses_evidence(pixels, face)
    return bool(_RULE[0] + np.dot(_RULE[1:], [bridge, rims, sides]) > 0)
