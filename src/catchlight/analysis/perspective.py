"""The head in its perspective, as a camera at some distance sees it.

A near camera draws the nose large and the edges of the face small. The canonical head is fitted to
the mesh in full perspective. Lengths of the head are in centimetres, those of the picture in
inter-eye distances (IED) from the middle between the eyes; depth counts from the plane of the eyes,
away from the camera.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.canonical import canonical_face
from catchlight.analysis.face.landmarks import LEFT_IRIS, RIGHT_IRIS
from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Points

Array = NDArray[np.float64]
#: From 1.5 m on, perspective is that of a portrait: nothing is to be corrected.
PORTRAIT_CM = 150.0
# Heads differ from the canonical one by 4 % of width over height and 6 % of depth (science 4).
_ASPECT, _DEPTH = 0.04, 0.06
# Residual shape, 2 % of 6.3 cm, smooth over the face, and 1 % of noise of the mesh network.
_SHAPE, _NOISE = 0.02, 0.01
# Lips, lids and brows move with expression: only what bone carries tells the distance.
RIGID = [
    1, 2, 3, 4, 5, 6, 8, 9, 10, 19, 21, 33, 34, 36, 45, 48, 49, 50, 51, 54, 58, 64, 67, 68, 69,
    71, 93, 94, 97, 98, 101, 103, 104, 108, 109, 115, 116, 117, 118, 122, 123, 127, 129, 131,
    132, 133, 136, 137, 138, 139, 142, 143, 147, 148, 151, 152, 162, 168, 172, 176, 177, 187,
    193, 195, 196, 197, 205, 213, 215, 220, 227, 234, 248, 251, 263, 264, 266, 275, 278, 279,
    280, 281, 284, 288, 294, 297, 298, 299, 301, 323, 326, 327, 330, 332, 333, 337, 338, 344,
    345, 346, 347, 351, 352, 356, 358, 360, 361, 362, 365, 366, 367, 368, 371, 372, 376, 377,
    389, 397, 400, 401, 411, 417, 419, 425, 433, 435, 440, 447, 454,
]  # fmt: skip


@dataclass(frozen=True)
class Head:
    """The canonical head fitted to a mesh in perspective.

    Attributes
    ----------
    turn : (3, 3) rotation, canonical axes to the camera's (x right, y down, z away)
    stretch : (3,) factors of the canonical vertices, origin between the eyes
    scale : float, IED per cm in the plane of the eyes
    shift : (2,) where the middle between the canonical eyes lies, IED
    axis : (2,) optical axis, IED
    inverse : float, 1 / distance, 1/cm
    """

    turn: Array
    stretch: Array
    scale: float
    shift: Array
    axis: Array
    inverse: float

    def project(self, points: Array) -> tuple[Array, Array]:
        """Project canonical ``points`` (N, 3): places (N, 2) in IED, depth (N,) in cm."""
        p = ((points - _EYES) * self.stretch) @ self.turn.T
        places = self.scale * p[:, :2] + self.shift - self.axis
        return self.axis + places / (1 + p[:, 2:] * self.inverse), p[:, 2]


#: Middle between the canonical eyes (mean of the corners and lids of both), cm.
_EYES = np.array([0.0, 2.63, 3.65])
_FLIP = np.diag([1.0, -1.0, -1.0])


@lru_cache(maxsize=1)
def _rigid() -> tuple[NDArray[np.intp], Array]:
    """Indices of the rigid points and the inverse Cholesky factor of their covariance."""
    index = np.array(RIGID)
    v = canonical_face().vertices[index].astype(np.float64)
    gap2 = ((v[:, None] - v[None]) ** 2).sum(2)
    # Differences between heads are smooth: half of them over 2 cm, half over 6 cm.
    smooth = 0.5 * np.exp(-gap2 / (2 * 2.0**2)) + 0.5 * np.exp(-gap2 / (2 * 6.0**2))
    covariance = _SHAPE**2 * smooth + _NOISE**2 * np.eye(len(index))
    return index, np.linalg.inv(np.linalg.cholesky(covariance))


def _rotation(r: Array) -> Array:
    """Rotation of a vector (Rodrigues)."""
    angle = float(np.linalg.norm(r))
    if angle < 1e-12:
        return np.eye(3)
    x, y, z = r / angle
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    out: Array = np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * (k @ k)
    return out


def _head(p: Array, axis: Array) -> Head:
    stretch = np.array([np.exp(p[6]), 1.0, np.exp(p[7])])
    turn = _rotation(p[:3]) @ _FLIP
    return Head(turn, stretch, float(np.exp(p[5])), p[3:5], axis, float(p[8]))


def in_ied(face: Face) -> Array:
    """The mesh's first 468 points, (468, 2), in IED from the middle between the eyes."""
    points = face.points.astype(np.float64)
    out: Array = (points[:468] - points[[RIGHT_IRIS, LEFT_IRIS]].mean(0)) / face.ied
    return out


def fit_head(points: Array, axis: Points, distance: float | None) -> tuple[Head, float]:
    """Fit the canonical head to mesh ``points`` (468, 2; IED) as seen from ``distance`` cm.

    Gauss-Newton over rotation, place, scale, two modes of shape (width and depth) with their
    priors and, where ``distance`` is None, its inverse; residuals are whitened by how heads differ.
    SciPy's ``least_squares`` finds the same heads in twice the time, after 0.3 s to import it.

    Returns
    -------
    Head, and the standard deviation of its inverse distance in 1/cm (0 where it was given)
    """
    index, whiten = _rigid()
    vertices = canonical_face().vertices[index].astype(np.float64)
    target, centre = points[index], np.asarray(axis, np.float64)
    free = 8 if distance else 9
    p = np.zeros(9)
    p[5], p[8] = np.log(1 / 6.33), 1 / (distance or PORTRAIT_CM)

    def residual(p: Array) -> Array:
        off: Array = whiten @ (_head(p, centre).project(vertices)[0] - target)
        return np.concatenate([off.ravel(), [p[6] / _ASPECT, p[7] / _DEPTH]])

    steps = np.eye(9)[:free] * 1e-5
    for _ in range(15):
        r = residual(p)
        jacobian = np.stack([(residual(p + s) - r) / 1e-5 for s in steps], 1)
        step = np.linalg.lstsq(jacobian, -r, rcond=None)[0]
        p[:free] += np.clip(step, -0.3, 0.3)
        p[8] = min(p[8], 1 / 15)
        if np.abs(step).max() < 1e-5:
            break
    spread = np.linalg.inv(jacobian.T @ jacobian)[-1, -1] if distance is None else 0.0
    return _head(p, centre), float(np.sqrt(spread))
