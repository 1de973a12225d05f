"""Lens: a face photographed from too near, drawn as if the camera had stood farther away.

From arm's length the nose is a fifth nearer to the camera than the cheeks and is drawn that much
larger. Here the depth of the head is known (:mod:`catchlight.analysis.camera` fits it), so each
point moves to where a camera farther back on the line of sight to the eyes would have drawn it
(Fried et al. 2016): x' = x (1 + z/d) / (1 + z/D), then the whole is scaled so that the plane of the
face's outline keeps its size: the head keeps its place in the frame, the background nearly stays.

What the near camera could not see (ears behind cheeks) is not invented.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.adjustments.choices import LensChoices
from catchlight.adjustments.edit import Warp
from catchlight.adjustments.lens_field import REACH, STEP, draw_field, lattice, shrinkage
from catchlight.analysis.camera import choose_camera
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.perspective import PORTRAIT_CM, fit_head, in_ied
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, as_float
from catchlight.pixels import filters, geometry, surface
from catchlight.pixels.threads import one_thread

# Millimetres. A straight face at 30 cm asks for 19, at 25 cm for 22; a chin thrust at the camera
# asks for more, on the strength of an angle that is the least certain part of the fit.
_FARTHEST = 28.0
# Local change of area beyond which a picture looks pulled: 0.6 to 1.7 times (science section 4);
# here that of the source, and at full strength: at the default of 0.7 a cheek's turn is stretched
# 1.6 times. With 1.8 at full strength a face from 25 cm stayed 0.8 % of the eyes' distance off.
_LEAST, _MOST = 1 / 2.25, 1 / 0.6
# Millimetres up to which a pull comes to nothing, and from which it is whole: a head of 150 mm
# that is off by 0.1 is off by less than its mesh is.
_REST = 0.03, 0.12
# The slope, per mm, of the spline that is laid through the canvas's samples.
_SLOPE = as_float([[1, -8, 0, 8, -1]]) / np.float32(12 * STEP)


def farther(distance: float, wanted: float | None = None) -> float:
    """From where (cm) to show a photo taken from ``distance``: 1.5 m, at most 4 times as far.

    ``wanted``, cm, comes before the 1.5 m; a camera is never brought nearer.
    """
    return max(distance, min(PORTRAIT_CM if wanted is None else wanted, 4 * distance))


def build(scene: Scene, params: LensChoices) -> Warp | None:
    """Each part of the head as from 1.5 m, at most from four times as far as the photo was taken.

    Nothing where the camera was far, or where its distance is not known.
    """
    camera = choose_camera(scene.camera, params.lens)
    if camera.distance is None or not camera.near:
        return None
    near, far = camera.distance, farther(camera.distance, params.shown_from)
    return None if far < 1.02 * near else _show_from(scene, camera.axis, near, far)


@one_thread(scipy=True)
def _show_from(scene: Scene, axis: Float, near: float, far: float) -> Warp:
    """The warp from one distance to another, in cm."""
    face = scene.small_face
    points = in_ied(face)
    head, _ = fit_head(points, axis, near)
    floor = (scene.small.shape[0] - 1 - float(face.eyes[:, 1].mean())) / face.px_per_mm
    field = draw_field(head, points, near, far, away=_beside(scene), floor=floor)
    field = _bound(field, shrinkage(near, far) ** 2)
    # Between samples 1.4 mm apart a field as smooth as this one is straight to 0.01 mm.
    h, w = scene.small.shape[:2]
    half = (-(-h // 2), -(-w // 2))
    face = face.moved(geometry.rescaling((h, w), half))
    there = _let_go(lay_on_picture(field, face, half))
    field = filters.resize(_hold_border(there, face.px_per_mm), w, h)
    return Warp(field, scene.measuring_grid)


def lay_on_picture(field: Float, face: Face, shape: tuple[int, ...]) -> Float:
    """Carry a field (mm) from the canvas to a picture of ``shape`` that shows ``face``."""
    to_canvas = _to_canvas(face)
    down, across = (
        surface.smooth_rows(to_canvas[i, i] * np.arange(shape[1 - i]) + to_canvas[i, 2], len(field))
        for i in (1, 0)
    )
    parts = [as_float(down) @ as_float(field[..., i]) @ as_float(across.T) for i in (0, 1)]
    return np.stack(parts, 2)


def _to_canvas(face: Face) -> NDArray[np.float64]:
    """(2, 3) transform from the pixels of a picture to those of the canvas."""
    scale = 1 / (face.px_per_mm * STEP)
    shift = REACH / STEP - face.eyes.mean(0).astype(np.float64) * scale
    return np.column_stack([np.eye(2) * scale, shift])


def _beside(scene: Scene) -> Float:
    """(n, n) millimetres from the person on the canvas, 0 on them."""
    face = scene.small_face
    person = (scene.regions["background"] < 0.5).astype(np.uint8)
    away = cv2.distanceTransform(1 - person, cv2.DIST_L2, 5) / face.px_per_mm
    size, edge = (len(lattice()),) * 2, cv2.BORDER_REPLICATE
    return as_float(cv2.warpAffine(as_float(away), _to_canvas(face), size, borderMode=edge))


def _bound(field: Float, small: float) -> Float:
    """Smooth a field where it pulls, until no area grows or shrinks beyond the bounds.

    Only where a cheek turns away is there too much of it; to weaken the whole head for that would
    leave the nose large. What smoothing does not mend is weakened after all. Nothing folds either.

    ``small`` is how much more source the eyes' own plane shows for being drawn smaller in the
    head: that is no pull, and counts for nothing.
    """
    field = field * np.float32(min(1.0, _FARTHEST / float(np.abs(field).max())))
    for turn in range(40):
        across, down = cv2.filter2D(field, -1, _SLOPE), cv2.filter2D(field, -1, _SLOPE.T)
        area = (1 + across[..., 0]) * (1 + down[..., 1]) - down[..., 0] * across[..., 1]
        wrong = (area < _LEAST) | (area > _MOST * small)
        if not wrong.any():
            break
        if turn < 20:
            around = cv2.dilate(as_float(wrong), np.ones((3, 3), np.uint8))
            share = filters.blur(as_float(around), 1.0)[..., None]
            field = as_float(field + share * (filters.blur(field, 1.5) - field))
        else:
            field = field * np.float32(0.95)
    return field


def _let_go(field: Float) -> Float:
    """Let rest what hardly moves: a fifth of what there would be to draw."""
    far = np.sqrt(np.square(field[..., 0]) + np.square(field[..., 1]))
    return field * filters.smoothstep(far, *_REST)[..., None]


def _hold_border(field: Float, px_per_mm: float) -> Float:
    """Let no source leave the picture: what lies beyond the frame is not known."""
    out = np.empty_like(field)
    for axis, size in ((0, field.shape[1]), (1, field.shape[0])):
        at = np.arange(size, dtype=np.float32) / np.float32(px_per_mm)
        # A source goes at most half the way to the border: t / (1 + t^4)^(1/4) of that.
        low, high = (0.5 * (room if axis == 0 else room[:, None]) for room in (at, at[::-1]))
        pull = field[..., axis]
        room = np.where(pull < 0, low, high) + np.float32(1e-6)
        out[..., axis] = pull / np.sqrt(np.sqrt(1 + np.square(np.square(pull / room))))
    return out
