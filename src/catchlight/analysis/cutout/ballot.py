"""What each network says is the person, over one window of the photo: evidence that fails apart.

The selfie network is right coarsely, and takes cast shadows and neighbours for the person; the
salient one draws outlines well, and drops what stands out little (a black shirt, a hat, dark
temples); the pose network follows one body, coarsely.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.mesh import IED_MM, Face
from catchlight.analysis.parts.segment import PersonMask
from catchlight.arrays import Mask, as_float
from catchlight.models import run_litert, run_onnx
from catchlight.pixels import filters, geometry
from catchlight.pixels.beside import beside

#: The window: samples, samples a millimetre, and where the middle of the irises lies in it. It
#: spans 480 x 587 mm: 220 above the eyes, 367 below.
WIDTH, HEIGHT, SCALE, EYES = 288, 352, 0.6, (144.0, 132.0)
#: ImageNet's mean and deviation, with which U-2-Net was trained.
_MEAN, _SPREAD = as_float([0.485, 0.456, 0.406]), as_float([0.229, 0.224, 0.225])
_SALIENT = 320
#: The pose network's window: its side and how far below the eyes its middle lies, in inter-eye
#: distances, so that head, trunk and arms are in it.
_POSE, _POSE_SPAN, _POSE_BELOW = 256, 18.0, 5.0


@dataclass(frozen=True, eq=False)
class Votes:
    """The answers over the window, all (HEIGHT, WIDTH) float32 in 0..1 but ``codes``.

    Attributes
    ----------
    to_window : (2, 3), from pixels of the view to samples of the window
    codes : (HEIGHT, WIDTH, 3) uint8 sRGB, black outside the photo
    inside : 1 where the photo is
    selfie, salient, pose : the networks' answers, 0 outside the photo
    faces : tuple of Face in samples, the sitter first
    """

    to_window: geometry.Transform
    codes: NDArray[np.uint8]
    inside: Mask
    selfie: Mask
    salient: Mask
    pose: Mask
    faces: tuple[Face, ...]


def gather_votes(person: PersonMask, faces: tuple[Face, ...], *, engine: str) -> Votes:
    """Ask the networks about the first of ``faces``.

    Parameters
    ----------
    person : PersonMask, of the view
    faces : tuple of Face in the view's pixels, the sitter first
    engine : {"fast", "fine"}, which salient network is asked

    Notes
    -----
    About 170 ms on two cores (fine: 400 ms); the salient network runs beside the others.
    """
    picture = person.picture
    shape = picture.shape
    middle = as_float(EYES)
    eyes = faces[0].eyes.mean(0)
    to_window = geometry.similarity(SCALE * IED_MM / faces[0].ied, 0.0, eyes, middle)
    codes = _shrink(picture, to_window, (WIDTH, HEIGHT))
    inside = geometry.coverage(shape, to_window, WIDTH, HEIGHT)
    asked = beside(lambda: _ask_salient(picture, to_window, engine))
    selfie = person.over(to_window, WIDTH, HEIGHT) * inside
    pose = _ask_pose(picture, faces[0], to_window) * inside
    moved = tuple(f.moved(to_window) for f in faces)
    return Votes(to_window, codes, inside, selfie, asked() * inside, pose, moved)


def _shrink(
    picture: NDArray[np.uint8], transform: geometry.Transform, size: tuple[int, int]
) -> NDArray[np.uint8]:
    """A window of a picture, averaged by area where it shrinks, black outside."""
    scale = geometry.scale_of(transform)
    if scale < 0.7:
        h, w = picture.shape[:2]
        small = (max(1, round(w * scale)), max(1, round(h * scale)))
        reduced = cv2.resize(picture, small, interpolation=cv2.INTER_AREA)
        transform = geometry.chain(geometry.rescaling(reduced.shape, (h, w)), transform)
        picture = np.asarray(reduced, np.uint8)
    out = cv2.warpAffine(picture, transform, size, flags=cv2.INTER_LINEAR)
    return np.asarray(out, np.uint8)


def _ask_salient(picture: NDArray[np.uint8], to_window: geometry.Transform, engine: str) -> Mask:
    """U-2-Net's answer over the window; it is shown only what of it lies in the photo."""
    corners = np.array([[-0.5, -0.5], [WIDTH - 0.5, HEIGHT - 0.5]], np.float32)
    low, high = geometry.apply(geometry.invert(to_window), corners) + 0.5
    x0, y0 = np.maximum(np.round(low), 0).astype(int)
    x1, y1 = np.minimum(np.round(high), picture.shape[1::-1]).astype(int)
    part = picture[y0:y1, x0:x1]
    side = (_SALIENT, _SALIENT)
    how = cv2.INTER_AREA if max(part.shape[:2]) > _SALIENT else cv2.INTER_LINEAR
    x = as_float(cv2.resize(part, side, interpolation=how))
    x = (x / max(float(x.max()), 1.0) - _MEAN) / _SPREAD
    name = "salient_large" if engine == "fine" else "salient_small"
    out = as_float(run_onnx(name, np.ascontiguousarray(x.transpose(2, 0, 1)[None]))[0, 0])
    out = (out - out.min()) / max(float(out.max() - out.min()), 1e-6)
    whole = geometry.rescaling(out.shape, part.shape)
    back = geometry.chain(geometry.chain(whole, geometry.translation(x0, y0)), to_window)
    return _carry(out, back)


def _ask_pose(picture: NDArray[np.uint8], face: Face, to_window: geometry.Transform) -> Mask:
    """The body that the pose network follows, over the window."""
    middle = face.eyes.mean(0) + as_float([0, _POSE_BELOW * face.ied])
    centre = as_float([(_POSE - 1) / 2] * 2)
    to_pose = geometry.similarity(_POSE / (_POSE_SPAN * face.ied), 0.0, middle, centre)
    seen = _shrink(picture, to_pose, (_POSE, _POSE))
    logits = as_float(run_litert("pose_mask", as_float(seen)[None] / 255)["Identity_2"][0, :, :, 0])
    mask = as_float(1 / (1 + np.exp(-np.clip(logits, -30, 30))))
    return _carry(mask, geometry.chain(geometry.invert(to_pose), to_window))


def _carry(field: Mask, to_window: geometry.Transform) -> Mask:
    """An answer brought to the window's samples, averaged first where they are fewer."""
    scale = geometry.scale_of(to_window)
    if scale < 0.7:
        field = filters.blur(field, 0.5 * float(np.sqrt(1 / scale**2 - 1)))
    out = cv2.warpAffine(field, to_window, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)
    return as_float(out)
