"""Three votes on who is the person, over one window; they fail differently.

The selfie network takes a cast shadow or a neighbour for the person; a saliency network drops a
black shirt and keeps what stands out; the pose network knows whose body it is, and little of its
outline.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.cutout.lent import Lent, bring_maps, no_maps
from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Mask, as_float
from catchlight.models import run_litert, run_onnx, run_tapped
from catchlight.pixels import geometry

#: ImageNet's mean and deviation, as U-2-Net was trained with.
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
_SALIENT = 320
#: The pose network's square: its side and how far below the eyes its middle lies, in inter-eye
#: distances.
_POSE, _POSE_SIDE, _BELOW = 256, 18.0, 5.0


def find_salient(
    rgb: NDArray[np.uint8], inside: Mask, *, finely: bool = False
) -> tuple[Mask, Lent]:
    """What stands out of the part of a window that the photo fills (Qin et al. 2020, U-2-Net).

    Parameters
    ----------
    rgb : (h, w, 3) uint8 sRGB
    inside : (h, w), 1 where the photo is; a rectangle
    finely : bool
        Whether the larger network answers. What is seen inside is the smaller one's either way.

    Returns
    -------
    (h, w) float32 in 0..1, 0 outside the photo; and what the network saw inside, see
    :mod:`catchlight.analysis.cutout.lent`. The network is never shown a border: its answer to one
    is the border.
    """
    rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
    out = np.zeros(inside.shape, np.float32)
    if not len(rows):
        return out, no_maps()
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    part = rgb[box]
    how = cv2.INTER_AREA if max(part.shape[:2]) > _SALIENT else cv2.INTER_LINEAR
    square = cv2.resize(part, (_SALIENT, _SALIENT), interpolation=how).astype(np.float32)
    square = (square / max(float(square.max()), 1.0) - _MEAN) / _DEVIATION
    shown = as_float(np.ascontiguousarray(square.transpose(2, 0, 1)[None]))
    answer, *taps = run_tapped("salient_small", shown)
    found = (run_onnx("salient_large", shown) if finely else answer)[0, 0]
    low, high = float(found.min()), float(found.max())
    found = (found - low) / max(high - low, 1e-6)
    out[box] = cv2.resize(found, part.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return out, bring_maps(taps, inside)


def find_body(
    picture: NDArray[np.uint8], face: Face, window: geometry.Transform, width: int, height: int
) -> Mask:
    """The mask of BlazePose: the body that belongs to ``face`` (Bazarevsky et al. 2020).

    Parameters
    ----------
    picture : (H, W, 3) uint8 sRGB
    face : Face in its pixels
    window : (2, 3), from the picture to the window
    width, height : int, of the window

    Returns
    -------
    (height, width) float32 in 0..1
    """
    centre = face.eyes.mean(0) + np.array([0, _BELOW * face.ied], np.float32)
    middle = np.full(2, (_POSE - 1) / 2, np.float32)
    to_square = geometry.similarity(_POSE / (_POSE_SIDE * face.ied), 0.0, centre, middle)
    scale = geometry.scale_of(to_square)
    shown = picture
    if scale < 0.7:  # warpAffine does not average: shrink first
        size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
        shown = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        to_shown = geometry.rescaling(shown.shape, picture.shape)
    else:
        to_shown = geometry.translation(0, 0)
    square = cv2.warpAffine(shown, geometry.chain(to_shown, to_square), (_POSE, _POSE))
    logits = run_litert("pose_mask", square[None].astype(np.float32) / 255)["Identity_2"]
    logits = np.clip(logits[0, :, :, 0], -30, 30)
    mask = (1 / (1 + np.exp(-logits))).astype(np.float32)
    back = geometry.chain(geometry.invert(window), to_square)
    out = cv2.warpAffine(mask, back, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return np.asarray(out, np.float32)
