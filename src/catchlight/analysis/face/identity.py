"""The identity vector: where dlib's network puts this face among faces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Float
from catchlight.models import dlib_descriptor
from catchlight.pixels import geometry

# dlib's 5-point chip (150 px, padding 0.25): outer and inner eye corners and the nose base, in the
# order of shape_predictor_5_face_landmarks, as chip coordinates of its mean face.
_CHIP = np.array(
    [
        [0.8595674595992, 0.2134981538014],
        [0.6460604764104, 0.2289674387677],
        [0.1205750620789, 0.2137274526848],
        [0.3340850613712, 0.2290642403242],
        [0.4901123135679, 0.6277975316475],
    ]
)
# The mesh points that lie where dlib's five points do.
_MESH = [263, 362, 33, 133, 2]
_SIDE, _PADDING = 150, 0.25


def measure_identity(picture: NDArray[np.uint8], face: Face) -> Float:
    """128 numbers whose Euclidean distance tells faces apart (King 2017).

    Parameters
    ----------
    picture : (H, W, 3) uint8 sRGB
    face : Face in its pixels

    Returns
    -------
    (128,) float32; judge distances only against the same person's own spread, never globally.
    """
    target = ((_PADDING + _CHIP) / (2 * _PADDING + 1) * _SIDE).astype(np.float32)
    to_chip = geometry.estimate_similarity(face.points[_MESH], target)
    low = np.floor(face.points.min(0) - 0.6 * face.ied).astype(int).clip(0)
    high = np.ceil(face.points.max(0) + 0.6 * face.ied).astype(int)
    part = picture[low[1] : high[1], low[0] : high[0]].astype(np.float32)
    to_chip = np.column_stack([to_chip[:, :2], to_chip[:, 2] + to_chip[:, :2] @ low])
    chip = geometry.resample(part, to_chip, _SIDE, _SIDE)
    return dlib_descriptor(np.clip(np.round(chip), 0, 255).astype(np.uint8))
