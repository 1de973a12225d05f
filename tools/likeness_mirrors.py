"""Faces made symmetric: by the mirror image of one half, by the mean of both, in shape alone.

All three keep the head's pose: what is made even is the face, not its picture.
"""

from __future__ import annotations

import cv2
import numpy as np
import planted_edits as planted
from scipy.interpolate import LinearNDInterpolator

from catchlight.arrays import Float, Pixels, Points, as_float
from catchlight.likeness.expression import partners
from catchlight.likeness.observation import Observation
from catchlight.likeness.proportions import face_camera
from catchlight.pixels import filters

#: Points down the middle of a face, forehead to chin.
_MIDDLE = [10, 151, 9, 8, 168, 6, 197, 195, 5, 4, 1, 2, 0, 17, 152]


def mirror_half(before: Observation) -> Pixels:
    """One half of the face replaced by the mirror image of the other's, in its pose."""
    seen, fade = _mirror(before)
    h, w = fade.shape
    middle = before.seen.points[_MIDDLE]
    order = np.argsort(middle[:, 1])
    line = np.interp(np.arange(h), middle[order, 1], middle[order, 0])
    aside = as_float(np.arange(w)[None] - line[:, None]) / before.seen.px_per_mm
    half = (fade * filters.smoothstep(as_float(aside), -1.0, 2.0))[..., None]
    return as_float(np.maximum(before.pixels + half * (seen - before.pixels), 0))


def mirror_mean(before: Observation) -> Pixels:
    """The face averaged with its mirror image."""
    seen, fade = _mirror(before)
    return as_float(np.maximum(before.pixels + 0.5 * fade[..., None] * (seen - before.pixels), 0))


def even_shape(before: Observation) -> Pixels:
    """The shape of the face made the mean of it and its mirror image; the skin stays where it was.

    By the mesh turned to the camera; its points move in the picture as far as the turn lets them.
    """
    face = before.seen
    turned = face_camera(face)
    middle = turned[_MIDDLE, 0].mean()
    other = _partners(turned) * [-1, 1, 1] + [2 * middle, 0, 0]
    # In the picture: how a step of the turned mesh moves a point, by least squares.
    centred = turned - turned.mean(0)
    flat = face.points - face.points.mean(0)
    step = np.linalg.lstsq(centred, flat, rcond=None)[0]
    goal = as_float(face.points + (other - turned) / 2 @ step)
    back = _spread(before, goal, face.points - goal)
    return planted._remap(before.pixels, as_float(back[..., 0]), as_float(back[..., 1]))


def _partners(points: Points) -> Points:
    """What lies on the other side of each of 478 points."""
    irises = [*range(473, 478), *range(468, 473)]
    return np.asarray(points[[*partners(), *irises]])


def _mirror(before: Observation) -> tuple[Pixels, Float]:
    """The picture in which every point of the face shows its partner, and where that holds."""
    points, pixels = before.seen.points, before.pixels
    h, w = pixels.shape[:2]
    away = _spread(before, points, _partners(points) - points)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    mx, my = as_float(x + away[..., 0]), as_float(y + away[..., 1])
    seen = cv2.remap(pixels, mx, my, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    fade = filters.blur(planted._face_mask(before), before.seen.px_per_mm)
    fade = as_float(fade * cv2.remap(fade, mx, my, cv2.INTER_LINEAR))
    return as_float(seen), fade


def _spread(before: Observation, at: Points, values: Points) -> Float:
    """Values (h, w, 2) over the picture of 468 points, straight between them and 0 outside."""
    h, w = before.pixels.shape[:2]
    step = max(1, round(before.seen.px_per_mm))
    y, x = np.mgrid[0:h:step, 0:w:step]
    between = LinearNDInterpolator(at[:468], values[:468], fill_value=0.0)
    field = between(np.column_stack([x.ravel(), y.ravel()])).reshape(*x.shape, 2)
    inside = LinearNDInterpolator(at[:468], np.ones(468), fill_value=0.0)
    known = inside(np.column_stack([x.ravel(), y.ravel()])).reshape(x.shape)
    soft = filters.blur(as_float(field), 1.0) / np.maximum(
        filters.blur(as_float(known), 1.0), 1e-3
    )[..., None]  # fmt: skip
    to_full = np.array([[step, 0, 0], [0, step, 0]], np.float32)
    return as_float(cv2.warpAffine(soft, to_full, (w, h), flags=cv2.INTER_LINEAR))
