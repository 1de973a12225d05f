"""Lens: a face photographed from too near, drawn as if the camera had stood farther away.

From arm's length the nose is a fifth nearer to the camera than the cheeks and is drawn that much
larger. Here the depth of the head is known (:mod:`catchlight.analysis.camera` fits it), so each
point moves to where a camera farther back on the line of sight to the eyes would have drawn it
(Fried et al. 2016): x' = x (1 + z/d) / (1 + z/D), then the whole is scaled so that the plane of the
face's outline keeps its size: the head keeps its place in the frame, the background nearly stays.

What the near camera could not see (ears behind cheeks) is not invented.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solveh_banded

from catchlight.adjustments.edit import Adjustment, Warp
from catchlight.analysis.camera import PORTRAIT_CM, Head, fit_head, in_ied
from catchlight.analysis.canonical import canonical_face
from catchlight.analysis.mesh import IED_MM, Face
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, as_float
from catchlight.pixels import filters
from catchlight.pixels.threads import one_thread

Array = NDArray[np.float64]

# The canvas on which the field is drawn: 5 mm a pixel, 240 mm either way from the middle of the
# eyes; and the distance between the knots of the spline that is the depth, an eighth of the IED.
_STEP, _REACH, _KNOT = 5.0, 240.0, 8.0
# Stiffness of that spline against slope and bend, where a point of the mesh weighs 1: drawn heads
# come out best with the least that keeps the head's edge smooth.
_SLOPE, _BEND = 0.002, 0.01
# Weights: of the skull's outline, of what stands still, and of a wall 6 cm beside the head.
_RING, _STANDS, _WALL = 0.3, 1.0, 0.02
# Depth (cm behind the eyes) that keeps its size, between that of the face's outline (6) and of the
# widest outline of the head with ears and hair (ear canal to eye corner: about 8.5 cm).
_OUTLINE, _SKULL = 7.0, 8.6
# Nothing moves beyond 1.5 head widths (16 cm) from the eyes.
_STILL = 235.0
# Millimetres. A straight face at 30 cm asks for 19, at 25 cm for 22; a chin thrust at the camera
# asks for more, on the strength of an angle that is the least certain part of the fit.
_FARTHEST = 28.0
# Local change of area beyond which a picture looks pulled: 0.6 to 1.7 times (science section 4);
# here that of the source, and at full strength: at the default of 0.7 a cheek's turn is stretched
# 1.65 times. With 1.7 at full strength a face from 25 cm stayed 1.1 % of the eyes' distance off.
_LEAST, _MOST = 1 / 2.3, 1 / 0.6


def farther(distance: float) -> float:
    """From where (cm) to show a photo taken from ``distance``: 1.5 m, at most 4 times as far."""
    return min(PORTRAIT_CM, 4 * distance)


@one_thread()
def build(scene: Scene) -> Warp | None:
    """Warp at full strength, as if from :func:`farther`; None where the camera was far or unknown.

    Parameters
    ----------
    scene : Scene
        Its ``camera`` says from how far the photo was taken.
    """
    camera = scene.camera
    if camera.distance is None or not camera.near:
        return None
    face = scene.small_face
    points = in_ied(face)
    head, _ = fit_head(points, camera.axis, camera.distance)
    near, far = camera.distance, farther(camera.distance)
    field = draw_field(head, points, near, far, _beside(scene))
    field = _bound(field, _shrink(near, far) ** 2)
    there = lay_on_picture(field, face, scene.small.shape)
    return Warp(_hold_border(there, face.px_per_mm))


def lay_on_picture(field: Float, face: Face, shape: tuple[int, ...]) -> Float:
    """Carry a field (mm) from the canvas to a picture of ``shape`` that shows ``face``."""
    back = _to_canvas(face)
    how = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    laid = as_float(cv2.warpAffine(field, back, (shape[1], shape[0]), flags=how))
    # Places are rounded to 1/32 of the canvas's 5 mm, which would show as steps in the slope.
    return filters.blur(laid, 1.5 * face.px_per_mm)


def _to_canvas(face: Face) -> Array:
    """(2, 3) transform from the pixels of a picture to those of the canvas."""
    scale = 1 / (face.px_per_mm * _STEP)
    shift = _REACH / _STEP - face.eyes.mean(0).astype(np.float64) * scale
    return np.column_stack([np.eye(2) * scale, shift])


def _beside(scene: Scene) -> Float:
    """(n, n) millimetres from the person on the canvas, 0 on them."""
    face = scene.small_face
    person = (scene.regions["background"] < 0.5).astype(np.uint8)
    away = cv2.distanceTransform(1 - person, cv2.DIST_L2, 5) / face.px_per_mm
    size, edge = (len(_axis()),) * 2, cv2.BORDER_REPLICATE
    return as_float(cv2.warpAffine(as_float(away), _to_canvas(face), size, borderMode=edge))


def _axis() -> Array:
    """Where the canvas's columns and rows lie, in mm from the middle of the eyes."""
    return np.arange(-_REACH, _REACH + 1, _STEP)


def draw_field(
    head: Head, points: Array, near: float, far: float, away: Float | None = None
) -> Float:
    """Backward displacement (n, n, 2) in mm on the canvas, from ``near`` to ``far`` (cm).

    Depth is a smooth surface over the *result*, where the far camera draws the sides of the head
    less steep than the near one did, and where no inversion is needed. It passes close to the seen
    points of the fitted head and to the outline of its skull; the collar, what is far away, and
    the wall beside the person (more, the farther from the person: ``away``, mm) have the depth of
    the outline, at which nothing moves.
    """
    face = canonical_face()
    _, depth = head.project(face.vertices.astype(np.float64))
    places = points * IED_MM
    seen = _facing(places, face.triangles)
    # The skull seen from the front: an oval about the line of the ears, 21 cm wide with hair, its
    # crown 13 cm above the eyes; below the ears the neck and the collar take over.
    t = np.radians(np.linspace(-20, 200, 45))
    ring, behind = head.project(
        np.stack([10.6 * np.cos(t), 2.6 + 13.0 * np.sin(t), 3.65 - _SKULL + 0 * t], 1)
    )
    ring = ring * IED_MM
    hull = cv2.convexHull(as_float(places))
    out = np.array(
        [cv2.pointPolygonTest(hull, (x, y), measureDist=True) < -8 for x, y in ring.tolist()]
    )
    # Of a head bowed to the camera the crown is near, of one thrown back it is far.
    ring, behind = ring[out], behind[out].clip(-2, 14)
    # From 10 cm under the chin on the neck and the collar stand still.
    collar = float(head.project(np.array([[0.0, -19.0, 0.0]]))[0][0, 1]) * IED_MM
    every = _axis()[::2]
    x, y = np.meshgrid(every, every)
    still = np.maximum(((np.hypot(x, y) - 150) / 90).clip(0, 1) ** 2, (y / 40 - collar / 40 + 1))
    still = _STANDS * still.clip(0, 1)
    if away is not None:
        still = np.maximum(still, _WALL * (away[::2, ::2] / 60).clip(0, 1) ** 2)
    held = still > 0
    at = np.concatenate(
        [
            places[seen] * _size(depth[seen], near, far)[:, None],
            ring * _size(behind, near, far)[:, None],
            np.stack([x[held], y[held]], 1),
        ]
    )
    value = np.concatenate([depth[seen], behind, np.full(int(held.sum()), _OUTLINE)])
    weight = np.concatenate([np.ones(int(seen.sum())), np.full(len(ring), _RING), still[held]])
    surface = _fit_surface(at, value, weight)
    x, y = np.meshgrid(_axis(), _axis())
    target = np.stack([x, y], 2)
    # What the fit left of far away goes to nothing before the canvas ends.
    fade = filters.smoothstep(as_float(np.hypot(x, y)), _STILL, 190.0)
    pull = 1 / _size(surface, near, far) - 1
    return as_float(target * (pull * fade)[..., None])


def _fit_surface(at: Array, value: Array, weight: Array) -> Array:
    """Fit a smooth surface to ``value`` (k,) at places (k, 2; mm): (n, n) on the canvas.

    A bicubic spline whose coefficients have penalties on their differences (Eilers and Marx 1996),
    solved as one band.
    """
    n = round(2 * _REACH / _KNOT) + 3
    column, across = _basis(at[:, 0])
    row, down = _basis(at[:, 1])
    steps = np.arange(4)
    index = (
        (row[:, None] + steps)[:, :, None] * n + (column[:, None] + steps)[:, None, :]
    ).reshape(-1, 16)
    part = (down[:, :, None] * across[:, None, :]).reshape(-1, 16)
    right = np.bincount(index.ravel(), (part * (weight * value)[:, None]).ravel(), n * n)
    i, j = np.repeat(index, 16, 1), np.tile(index, (1, 16))
    product = np.repeat(part, 16, 1) * np.tile(part * weight[:, None], (1, 16))
    lower = i >= j
    flat = ((i - j) * (n * n) + j)[lower]
    band = _stiffness(n) + np.bincount(flat, product[lower], (3 * n + 4) * n * n).reshape(-1, n * n)
    found = solveh_banded(band, right, overwrite_ab=True, lower=True, check_finite=False)
    first, weights = _basis(_axis())
    draw = np.zeros((len(first), n))
    for k in range(4):
        draw[np.arange(len(first)), first + k] = weights[:, k]
    out: Array = draw @ found.reshape(n, n) @ draw.T
    return out


def _basis(at: Array) -> tuple[NDArray[np.intp], Array]:
    """First of the four cubic B-splines that a place (k,; mm) feels, and their weights (k, 4)."""
    t = (at + _REACH) / _KNOT
    first = np.floor(t).astype(np.intp).clip(0, round(2 * _REACH / _KNOT) - 1)
    f = t - first
    parts = ((1 - f) ** 3, 3 * f**3 - 6 * f**2 + 4, -3 * f**3 + 3 * f**2 + 3 * f + 1, f**3)
    return first, np.stack(parts, 1) / 6


@lru_cache(maxsize=1)
def _stiffness(n: int) -> Array:
    """Penalties on slope and bend of (n, n) coefficients, the lower band (3 n + 4, n n)."""
    size = n * n
    columns, rows = np.meshgrid(np.arange(n), np.arange(n))
    laplace: dict[int, Array] = {0: np.zeros(size)}
    for step, free in ((1, columns < n - 1), (n, rows < n - 1)):
        beside = np.where(free.ravel(), 1.0, 0.0)
        laplace[step] = -beside
        laplace[0] += beside
        laplace[0][step:] += beside[:-step]
    for step in (1, n):
        laplace[-step] = np.concatenate([np.zeros(step), laplace[step][:-step]])
    band = np.zeros((3 * n + 4, size))
    for a, first in laplace.items():
        if a >= 0:
            band[a] += _SLOPE * first
        for b, second in laplace.items():
            # (L L)[c + b + a, c] = L[c + b + a, c + b] L[c + b, c]
            if a + b >= 0:
                moved = np.zeros(size)
                low, high = max(0, -b), size - max(0, b)
                moved[low:high] = first[low + b : high + b]
                band[a + b] += _BEND * moved * second
    band.setflags(write=False)
    return band


def _size(depth: Array, near: float, far: float) -> Array:
    """How much larger a far camera draws what lies ``depth`` (cm) behind the eyes."""
    out: Array = (1 + depth / near) / (1 + depth / far) / _shrink(near, far)
    return out


def _facing(places: Array, triangles: NDArray[np.int32]) -> NDArray[np.bool_]:
    """(468,) whether a vertex belongs to a triangle that faces the camera."""
    a, b, c = (places[triangles[:, i]] for i in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    front = area * np.sign(np.median(area)) > 0
    seen = np.zeros(len(places), np.bool_)
    seen[triangles[front].ravel()] = True
    return seen


def _shrink(near: float, far: float) -> float:
    """How much the plane of the eyes shrinks where that of the outline keeps its size."""
    return (1 + _OUTLINE / near) / (1 + _OUTLINE / far)


def _bound(field: Float, small: float) -> Float:
    """Smooth a field where it pulls, until no area grows or shrinks beyond the bounds.

    Only where a cheek turns away is there too much of it; to weaken the whole head for that would
    leave the nose large. What smoothing does not mend is weakened after all. Nothing folds either.

    ``small`` is how much more source the eyes' own plane shows for being drawn smaller in the
    head: that is no pull, and counts for nothing.
    """
    field = field * np.float32(min(1.0, _FARTHEST / float(np.abs(field).max())))
    for turn in range(40):
        uy, ux = np.gradient(field[..., 0], _STEP)
        vy, vx = np.gradient(field[..., 1], _STEP)
        area = (1 + ux) * (1 + vy) - uy * vx
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


def _hold_border(field: Float, px_per_mm: float) -> Float:
    """Let no source leave the picture: what lies beyond the frame is not known."""
    h, w = field.shape[:2]
    out = field.copy()
    for axis, size in ((0, w), (1, h)):
        at = np.arange(size, dtype=np.float32)
        at = at[None, :] if axis == 0 else at[:, None]
        low, high = at / px_per_mm, (size - 1 - at) / px_per_mm
        room = np.where(out[..., axis] < 0, low, high) + 1e-6
        # A source goes at most half the way to the border; the bend begins well before.
        out[..., axis] = room * 0.5 * np.tanh(out[..., axis] / (0.5 * room))
    return as_float(out)


LENS = Adjustment(
    name="lens",
    text="Draws a face taken from arm's length as a portrait lens would: a smaller nose.",
    default=0.7,
    region="all",
    about_colour=False,
    build=build,
    unit="mm",
)
