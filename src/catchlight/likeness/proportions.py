"""Proportions: the shape of a face with pose, roll and distance taken out as far as a mesh allows.

The mesh is turned so that what bone carries lies as in the canonical head (Kabsch 1976), and
measured in inter-eye distances. Expression moves lips, lids, brows and the wings of the nose, so
what it does to a proportion is left to whoever compares.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.canonical import canonical_face
from catchlight.analysis.face.landmarks import LEFT_IRIS, RIGHT_IRIS
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.parts.irises import iris_radius
from catchlight.analysis.perspective import RIGID

Array = NDArray[np.float64]

#: Pairs of points whose distance is a width, each mean of several.
WIDTHS: dict[str, tuple[tuple[int, int], ...]] = {
    "eyes": ((33, 133), (263, 362)),
    "nose": ((129, 358), (48, 278), (64, 294)),
    # Cartilage and the tip: a smile spreads the wings by 12 % and these by 1.
    "ridge": ((3, 248), (51, 281), (45, 275)),
    "mouth": ((61, 291),),
    "jaw": ((172, 397), (136, 365), (58, 288)),
    "cheekbones": ((234, 454), (93, 323)),
}


def measure_proportions(face: Face) -> dict[str, float]:
    """Measure log proportions: widths over the inter-eye distance, and the irises' over the same.

    ``jaw over cheekbones`` needs no eyes: it is what a slimmed jaw moves and a lens hardly.
    """
    turned = face_camera(face)
    out = {
        name: float(np.log(np.mean([_width(turned, a, b) for a, b in pairs])))
        for name, pairs in WIDTHS.items()
    }
    irises = [iris_radius(face.points, centre) for centre in (RIGHT_IRIS, LEFT_IRIS)]
    out["irises"] = float(np.log(2 * np.mean(irises) / face.ied))
    opening = (_height(turned, 159, 145) + _height(turned, 386, 374)) / 2
    out["eye opening"] = float(np.log(max(opening, 1e-3)))
    out["jaw over cheekbones"] = out["jaw"] - out["cheekbones"]
    return out


def face_camera(face: Face) -> Array:
    """Turn a mesh (478, 3) to face the camera: x right, y up, in IED from between the eyes."""
    mesh = face.mesh.astype(np.float64) * [1, -1, -1]
    index, goal = _rigid()
    here = mesh[index]
    middle = here.mean(0)
    u, _, vt = np.linalg.svd((here - middle).T @ goal)
    turn = u @ np.diag([1, 1, np.sign(np.linalg.det(u @ vt))]) @ vt
    turned = (mesh - middle) @ turn
    eyes = turned[[RIGHT_IRIS, LEFT_IRIS]]
    apart = float(np.linalg.norm(eyes[0, :2] - eyes[1, :2]))
    out: Array = (turned - eyes.mean(0)) / max(apart, 1e-6)
    return out


@lru_cache(maxsize=1)
def _rigid() -> tuple[NDArray[np.intp], Array]:
    index = np.array(RIGID)
    v = canonical_face().vertices[index].astype(np.float64)
    return index, v - v.mean(0)


def _width(turned: Array, a: int, b: int) -> float:
    return float(np.linalg.norm(turned[a, :2] - turned[b, :2]))


def _height(turned: Array, a: int, b: int) -> float:
    return float(abs(turned[a, 1] - turned[b, 1]))
