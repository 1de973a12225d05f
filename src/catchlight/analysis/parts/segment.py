"""Which pixels are the person: the coarse segmentation, looked at in windows around the face.

The network sees 256 x 256 pixels, so it is shown the person twice: once head and shoulders, once
the head alone, where the finer answer counts.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Mask, Points
from catchlight.models import run_litert
from catchlight.pixels import geometry

_SIDE = 256


def _segment_window(
    picture: NDArray[np.uint8], centre: Points, side: float
) -> tuple[Mask, geometry.Transform]:
    """Run the network on a square window; also the transform from picture to window."""
    scale = _SIDE / side
    to_window = geometry.similarity(
        scale, 0.0, np.asarray(centre, np.float32), np.full(2, (_SIDE - 1) / 2, np.float32)
    )
    window = cv2.warpAffine(
        picture, to_window, (_SIDE, _SIDE), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT_101
    )
    if scale < 0.7:  # warpAffine does not average: shrink first
        size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        fx, fy = size[0] / picture.shape[1], size[1] / picture.shape[0]
        up = np.array([[1 / fx, 0, 0.5 / fx - 0.5], [0, 1 / fy, 0.5 / fy - 0.5]])
        inner = np.column_stack(
            [to_window[:, :2] @ up[:, :2], to_window[:, :2] @ up[:, 2] + to_window[:, 2]]
        )
        window = cv2.warpAffine(
            small, inner, (_SIDE, _SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
        )
    (out,) = run_litert("selfie_segmentation", window[None].astype(np.float32) / 255).values()
    return out[0, :, :, 0].astype(np.float32), to_window


def segment_person(
    picture: NDArray[np.uint8], face: Face, frame: geometry.Transform, width: int, height: int
) -> Mask:
    """Probability of *person* over a frame.

    Parameters
    ----------
    picture : (H, W, 3) uint8 sRGB
    face : Face in pixels of ``picture``
    frame : (2, 3) similarity from ``picture`` to the frame
    width, height : int, size of the frame in pixels

    Returns
    -------
    (height, width) float32 in 0..1
    """
    middle = face.eyes.mean(0)
    back = geometry.invert(frame)
    corners = geometry.apply(
        back, np.array([[0, 0], [width, 0], [0, height], [width, height]], np.float32)
    )
    # Far beyond the photo's borders the network would see only reflections.
    limit = np.array([picture.shape[1], picture.shape[0]], np.float32)
    slack = 0.08 * limit.max()
    low, high = np.maximum(corners.min(0), -slack), np.minimum(corners.max(0), limit + slack)
    span = float((high - low).max())
    body, to_body = _segment_window(picture, (low + high) / 2, span)
    mask = _into_frame(body, to_body, back, width, height)
    # The head alone, 5 inter-eye distances wide, centred a little above the eyes.
    side = min(5.5 * face.ied, span)
    if side < 0.8 * span:
        centre = middle - np.array([0, 0.15 * face.ied], np.float32)
        head, to_head = _segment_window(picture, centre, side)
        # Trust the close look inside its window, fading to the wide one over its outer fifth.
        y, x = np.mgrid[0:_SIDE, 0:_SIDE].astype(np.float32) / (_SIDE - 1)
        edge = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y))
        trust = np.clip((edge - 0.02) / 0.15, 0, 1).astype(np.float32)
        # Below the chin the wide look knows more (it sees the shoulders).
        trust *= np.clip((0.86 - y) / 0.16, 0, 1)
        weight = _into_frame(trust, to_head, back, width, height)
        mask = mask * (1 - weight) + weight * _into_frame(head, to_head, back, width, height)
    return mask


def _into_frame(
    field: Mask, to_window: geometry.Transform, back: geometry.Transform, width: int, height: int
) -> Mask:
    """Carry a window's field into the frame; zero outside the window."""
    matrix = geometry.chain(back, to_window)
    out = cv2.warpAffine(
        field, matrix, (width, height), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    )
    return np.clip(out, 0, 1).astype(np.float32)
