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
from scipy.interpolate import LinearNDInterpolator
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import spsolve

from catchlight.adjustments.edit import Adjustment, Warp
from catchlight.analysis.camera import PORTRAIT_CM, Head, fit_head, in_ied
from catchlight.analysis.canonical import canonical_face
from catchlight.analysis.mesh import IED_MM, Face
from catchlight.analysis.regions import FACE_OVAL
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, as_float

Array = NDArray[np.float64]

# The canvas on which depth is drawn: 4 mm a pixel, 248 mm either way from the middle of the
# eyes.
_STEP, _REACH = 4.0, 248.0
# Depth (cm behind the eyes) that keeps its size, between that of the face's outline (6) and of the
# widest outline of the head with ears and hair (ear canal to eye corner: about 8.5 cm).
_OUTLINE, _SKULL = 7.0, 8.6
# Nothing moves beyond 1.5 head widths (16 cm) from the eyes.
_STILL = 240.0
# Millimetres. A straight face at 30 cm asks for 18; a chin thrust at the camera would ask for 28,
# on the strength of an angle that is the least certain part of the fit.
_FARTHEST = 22.0
# Local change of area beyond which a picture looks pulled: 0.6 to 1.7 times (science section 4);
# here that of the source.
_LEAST, _MOST = 1 / 1.7, 1 / 0.6


def farther(distance: float) -> float:
    """From where (cm) to show a photo taken from ``distance``: 1.5 m, at most 4 times as far."""
    return min(PORTRAIT_CM, 4 * distance)


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
    depth = draw_depth(head, points)
    near, far = camera.distance, farther(camera.distance)
    field = _bound(displace_by_depth(depth, near, far), _shrink(near, far) ** 2)
    there = lay_on_picture(field, face, scene.small.shape)
    return Warp(_hold_border(there, face.px_per_mm))


def lay_on_picture(field: Float, face: Face, shape: tuple[int, ...]) -> Float:
    """Carry a field (mm) from the canvas to a picture of ``shape`` that shows ``face``."""
    centre = face.eyes.mean(0)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    x, y = (x - centre[0]) / face.px_per_mm, (y - centre[1]) / face.px_per_mm
    column, row = (as_float((v + _REACH) / _STEP) for v in (x, y))
    there = cv2.remap(field, column, row, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT)
    return as_float(np.where((np.hypot(x, y) < _STILL)[..., None], there, 0))


def draw_depth(head: Head, points: Array) -> Float:
    """Depth of the head on the canvas, (n, n) cm behind the eyes.

    The mesh has the depth of the fitted canonical head, an oval around it that of its skull; neck
    and background have that of the outline, at which nothing moves. Between them it is harmonic.
    """
    n = round(2 * _REACH / _STEP) + 1
    axis = np.linspace(-_REACH, _REACH, n)
    x, y = np.meshgrid(axis, axis)
    face = canonical_face()
    _, depth = head.project(face.vertices.astype(np.float64))
    places = points * IED_MM
    seen = _facing(places, face.triangles)
    # The outline's depth reaches 6 mm beyond it: smoothing does not mix it with the skull's.
    oval = places[FACE_OVAL]
    around = oval * (1 + 6 / np.linalg.norm(oval, axis=1, keepdims=True))
    at = np.concatenate([places[seen], around])
    mesh = LinearNDInterpolator(at, np.concatenate([depth[seen], depth[FACE_OVAL]]))(x, y)
    drawn, known = mesh.copy(), np.isfinite(mesh)
    # The skull seen from the front: an oval about the line of the ears, 21 cm wide with hair, its
    # crown 13 cm above the eyes; below the ears the neck and the collar take over.
    t = np.radians(np.linspace(-20, 200, 111))
    ring = np.stack([10.6 * np.cos(t), 2.6 + 13.0 * np.sin(t), 3.65 - _SKULL + 0 * t], 1)
    around, skull = head.project(ring)
    at = (around * IED_MM + _REACH) / _STEP
    column, row = np.round(at).astype(int).clip(0, n - 1).T
    free = ~known[row, column]
    # Of a head bowed to the camera the crown is near, of one thrown back it is far.
    drawn[row[free], column[free]] = skull[free].clip(-2, 14)
    known[row[free], column[free]] = True
    # From 10 cm under the chin on the neck and the collar stand still.
    collar = float(head.project(np.array([[0.0, -19.0, 0.0]]))[0][0, 1]) * IED_MM
    still = (np.hypot(x, y) > _STILL) | (y > collar)
    drawn[still & ~known] = _OUTLINE
    whole = as_float(_harmonic(drawn, known | still))
    # Where the cheek ends, depth leaps to the ear: what is hidden there is spread over 2 cm.
    spread = cv2.GaussianBlur(whole, (0, 0), 16.0 / _STEP)
    whole = np.where(np.isfinite(mesh), whole, spread)
    return as_float(cv2.GaussianBlur(whole, (0, 0), 2.0 / _STEP))


def _facing(places: Array, triangles: NDArray[np.int32]) -> NDArray[np.bool_]:
    """(468,) whether a vertex belongs to a triangle that faces the camera."""
    a, b, c = (places[triangles[:, i]] for i in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    front = area * np.sign(np.median(area)) > 0
    seen = np.zeros(len(places), np.bool_)
    seen[triangles[front].ravel()] = True
    return seen


def _harmonic(field: Array, known: NDArray[np.bool_]) -> Array:
    """Fill ``field`` where it is not ``known`` by the solution of Laplace's equation."""
    n = field.shape[1]
    inside = np.flatnonzero(~known.ravel())
    order = np.full(field.size, -1)
    order[inside] = np.arange(len(inside))
    values, right = field.ravel(), np.zeros(len(inside))
    rows, columns = [], []
    for step in (-1, 1, -n, n):
        beside = order[inside + step]
        free = beside >= 0
        rows.append(np.flatnonzero(free))
        columns.append(beside[free])
        right[~free] += values[(inside + step)[~free]]
    row, column = np.concatenate(rows), np.concatenate(columns)
    size = len(inside)
    matrix = coo_matrix((np.full(len(row), -1.0), (row, column)), (size, size)).tocsc()
    matrix.setdiag(4.0)
    out = values.copy()
    out[inside] = spsolve(matrix, right)
    return out.reshape(field.shape)


def _shrink(near: float, far: float) -> float:
    """How much the plane of the eyes shrinks where that of the outline keeps its size."""
    return (1 + _OUTLINE / near) / (1 + _OUTLINE / far)


def displace_by_depth(depth: Float, near: float, far: float) -> Float:
    """Backward displacement (n, n, 2) in mm on the canvas, from ``near`` to ``far`` (cm)."""
    n = depth.shape[0]
    axis = np.linspace(-_REACH, _REACH, n)
    target = np.stack(np.meshgrid(axis, axis), 2).astype(np.float32)
    size = (1 + depth / near) / (1 + depth / far) / _shrink(near, far)
    source = target
    # The depth is known in the photo, so the source is the fixed point x = x' / size(x); the
    # factor of contraction is x |grad z| / near, below 0.7 at the steepest.
    for _ in range(20):
        at = (source + np.float32(_REACH)) / np.float32(_STEP)
        column, row = (np.ascontiguousarray(at[..., i]) for i in (0, 1))
        edge = cv2.BORDER_REPLICATE
        here = cv2.remap(as_float(size), column, row, cv2.INTER_LINEAR, borderMode=edge)
        source = as_float(0.5 * (source + target / here[..., None]))
    return as_float(source - target)


def _bound(field: Float, small: float) -> Float:
    """Weaken a field until nothing moves too far and no area grows or shrinks beyond the bounds.

    Then nothing folds either.

    ``small`` is how much more source the eyes' own plane shows for being drawn smaller in the
    head: that is no pull, and counts for nothing.
    """
    field = field * np.float32(min(1.0, _FARTHEST / float(np.abs(field).max())))
    for _ in range(20):
        u, v = field[..., 0], field[..., 1]
        uy, ux = np.gradient(u, _STEP)
        vy, vx = np.gradient(v, _STEP)
        area = (1 + ux) * (1 + vy) - uy * vx
        if float(area.min()) >= _LEAST and float(area.max()) <= _MOST * small:
            break
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
)
