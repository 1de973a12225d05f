"""The form of the sitter: surface normals and depth over the measuring picture.

The face comes from the mesh. Around it stand simple solids: an ellipsoid for the head, a cylinder
for the neck, a plane for the shoulders (science.md 3, step 2). All is smoothed over 4 mm: form, not
detail.

Vocabulary: x to the viewer's right, y up, z to the camera. *Normals* are unit vectors out of the
skin.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from catchlight.analysis.face.canonical import canonical_face
from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Float, Mask, Points, as_float
from catchlight.pixels import filters

#: Edges of the mesh are 12 % of the inter-eye distance long; barycentric normals change smoothly
#: across them, and a Gaussian of a third of an edge takes the kinks (2.2 mm).
_SMOOTH = 0.035
_ROUNDS = 1
# Semi-axes of the head and radius of the neck in inter-eye distances (science.md 3, step 2).
_HEAD, _NECK = (1.2, 1.65, 1.5), 0.95
#: The head's middle lies this far behind the eyes, in inter-eye distances.
_BEHIND = 1.1


@dataclass(frozen=True)
class Form:
    """The shape that the light falls on, in one picture.

    Attributes
    ----------
    normals : (h, w, 3) float32, unit vectors; z is at least 0.05
    depth : (h, w) float32, millimetres towards the camera from the face's mean; 0 off the mesh
    known : (h, w) float32, 1 where the mesh gave the form, 0 where a simple solid stands in
    """

    normals: Float
    depth: Float
    known: Mask


@lru_cache(maxsize=1)
def _neighbours() -> Float:
    """(468, 468) each row the mean over a vertex's neighbours (the umbrella operator)."""
    near = np.zeros((468, 468), np.float32)
    for a, b, c in canonical_face().triangles:
        near[[a, b, b, c, c, a], [b, a, c, b, a, c]] = 1
    return as_float(near / np.maximum(near.sum(1, keepdims=True), 1))


def vertex_normals(vertices: Float, *, rounds: int) -> Float:
    """Normals (468, 3) of a mesh in x right, y up, z near: area-weighted, then smoothed.

    ``rounds`` of umbrella smoothing at lambda 0.5.
    """
    triangles = canonical_face().triangles
    a, b, c = (vertices[triangles[:, i]] for i in range(3))
    faces = np.cross(b - a, c - a)
    total = np.zeros((468, 3))
    for i in range(3):
        np.add.at(total, triangles[:, i], faces)
    normals = _unit(as_float(total))
    for _ in range(rounds):
        normals = _unit(as_float(0.5 * normals + 0.5 * _neighbours() @ normals))
    return normals


def rasterise(
    points: Points, values: Float, nearness: Float, shape: tuple[int, ...]
) -> tuple[Float, Mask]:
    """Spread values of the mesh's vertices over its triangles, the nearest on top.

    Parameters
    ----------
    points : (468, 2) pixels
    values : (468, C)
    nearness : (468,), larger is nearer
    shape : of the picture

    Returns
    -------
    (h, w, C) values, 0 off the mesh, and (h, w) the mesh's cover, 0 or 1
    """
    h, w = shape[:2]
    triangles = canonical_face().triangles
    # The far side first: what faces away (inside a nostril, behind a turned cheek) is covered.
    a, b, c = (points[triangles[:, i]].astype(np.float64) for i in range(3))
    e1, e2 = b - a, c - a
    det = e1[:, 0] * e2[:, 1] - e1[:, 1] * e2[:, 0]
    # Most triangles face the camera, whichever way round the picture is.
    front = det * np.median(det) > 0
    order = np.lexsort((nearness[triangles].mean(1), front))
    fixed = np.round(points.astype(np.float64) * 16).astype(np.int32)
    drawn = np.zeros((h, w), np.float32)
    for t in order:
        cv2.fillConvexPoly(drawn, fixed[triangles[t]], float(t + 1), shift=4)
    y, x = np.nonzero(drawn)
    t = drawn[y, x].astype(np.int32) - 1
    # Barycentric coordinates, at least 0: a border pixel may belong to the triangle beside it.
    det = np.where(np.abs(det) < 1e-6, 1e-6, det)[t]
    dx, dy = x - a[t, 0], y - a[t, 1]
    u = (dx * e2[t, 1] - dy * e2[t, 0]) / det
    v = (dy * e1[t, 0] - dx * e1[t, 1]) / det
    share = np.maximum(np.column_stack([1 - u - v, u, v]), 0)
    share /= share.sum(1, keepdims=True)
    out = np.zeros((h, w, values.shape[1]), np.float32)
    out[y, x] = (share[:, :, None] * values[triangles[t]]).sum(1)
    return out, as_float(drawn > 0)


def _rasterise_evenly(
    points: Points, values: Float, nearness: Float, shape: tuple[int, ...]
) -> tuple[Float, Mask]:
    """As :func:`rasterise`, the mean of both ways round: polygons are drawn from one side."""
    drawn, cover = rasterise(points, values, nearness, shape)
    turned = points * np.array([-1, 1], np.float32) + np.array([shape[1] - 1, 0], np.float32)
    again, over = rasterise(turned, values, nearness, shape)
    both = cover + over[:, ::-1]
    total = drawn + again[:, ::-1]
    return as_float(total / np.maximum(both, 1)[..., None]), as_float(both / 2)


def measure_form(face: Face, shape: tuple[int, ...]) -> Form:
    """Normals and depth of a ``face`` in a picture of ``shape``, continued beyond the face.

    Cost: 20 ms on a grid of 0.45 pixels a millimetre.
    """
    vertices = as_float(face.mesh[:468] * np.array([1, -1, -1], np.float32))
    z = vertices[:, 2] / face.px_per_mm
    values = np.column_stack([vertex_normals(vertices, rounds=_ROUNDS), z - z.mean()])
    drawn, cover = _rasterise_evenly(face.points[:468], as_float(values), vertices[:, 2], shape)
    sigma = _SMOOTH * face.ied
    smooth = filters.blur_inside(drawn, cover, sigma)
    # The mesh ends at the turn of the cheek: from there the solid takes over, over 6 mm.
    rim = 2 * round(3 * face.px_per_mm) + 1
    inner = cv2.erode(cover, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (rim, rim)))
    known = filters.blur(as_float(inner), 3 * face.px_per_mm)
    normals = known[..., None] * _unit(smooth[..., :3])
    normals = normals + (1 - known)[..., None] * _stand_ins(face, shape)
    normals = filters.blur(as_float(normals), 0.5 * sigma)
    normals[..., 2] = np.maximum(normals[..., 2], 0.05)
    return Form(_unit(as_float(normals)), as_float(smooth[..., 3] * cover), known)


def _unit(vectors: Float) -> Float:
    return as_float(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-6))


def _stand_ins(face: Face, shape: tuple[int, ...]) -> Float:
    """Normals (h, w, 3) of head, neck and shoulders as simple solids."""
    h, w = shape[:2]
    eyes, chin = face.eyes.mean(0), face.points[CHIN]
    up = (eyes - chin) / max(float(np.linalg.norm(eyes - chin)), 1e-6)
    right = np.array([-up[1], up[0]])
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    x, y = (x - eyes[0]) / face.ied, (y - eyes[1]) / face.ied
    yaw, pitch = np.radians(face.pose.yaw), np.radians(face.pose.pitch)
    a, b, c = _HEAD
    u = (x * right[0] + y * right[1] + _BEHIND * np.sin(yaw)) / a
    v = (x * up[0] + y * up[1] + _BEHIND * np.sin(pitch) * np.cos(yaw)) / b
    near = np.sqrt(np.clip(1 - u * u - v * v, 0, 1)) / c
    u, v = u / a, v / b
    head = _unit(np.dstack([u * right[0] + v * up[0], -(u * right[1] + v * up[1]), near]))
    across = np.clip((x - (chin[0] - eyes[0]) / face.ied) / _NECK, -0.97, 0.97)
    neck = np.dstack([across, np.zeros_like(across), np.sqrt(1 - across * across)])
    shoulders = np.array([0, 0.5, 0.87], np.float32)
    below = y - (chin[1] - eyes[1]) / face.ied
    out = head + filters.smoothstep(below, -0.1, 0.25)[..., None] * (neck - head)
    lower = filters.smoothstep(below, 0.6, 1.2)
    wide = filters.smoothstep(np.abs(across), 0.8, 0.97) * filters.smoothstep(below, 0.0, 0.4)
    out = out + np.maximum(lower, wide)[..., None] * (shoulders - out)
    return _unit(as_float(out))
