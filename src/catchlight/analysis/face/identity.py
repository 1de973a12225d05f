"""Who this is: two networks' opinions of a face, and the one distance by which both compare.

Vocabulary: an *identity* is SFace's vector, measured again and again of every change of a photo; a
*testimony* is dlib's, the slower second opinion, asked once a photo and only where photographs of
perhaps two people are compared. Vectors of the two are never compared with each other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.landmarks import LEFT_IRIS, RIGHT_IRIS
from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Float, Points, as_float
from catchlight.models import dlib_descriptor, run_onnx
from catchlight.pixels import geometry

# SFace's chip: ArcFace's template (Deng et al. 2019) of eye centres, nose tip and corners of the
# mouth, viewer's left first, and the mesh points that lie there.
_TEMPLATE = as_float(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655],
     [70.7299, 92.2041]]
)  # fmt: skip
_MESH = [RIGHT_IRIS, LEFT_IRIS, 4, 61, 291]
_SIDE = 112
# dlib's 5-point chip (150 px, padding 0.25): outer and inner eye corners and the nose base, in the
# order of shape_predictor_5_face_landmarks, as chip coordinates of its mean face.
_DLIB_CHIP = np.array(
    [
        [0.8595674595992, 0.2134981538014],
        [0.6460604764104, 0.2289674387677],
        [0.1205750620789, 0.2137274526848],
        [0.3340850613712, 0.2290642403242],
        [0.4901123135679, 0.6277975316475],
    ]
)
# The mesh points that lie where dlib's five points do.
_DLIB_MESH = [263, 362, 33, 133, 2]
_DLIB_SIDE, _DLIB_PADDING = 150, 0.25


def measure_identity(picture: NDArray[np.uint8], face: Face, *, both_sides: bool = True) -> Float:
    """SFace's opinion of a face (Zhong et al. 2021), in 128 numbers of length 1.

    Parameters
    ----------
    picture : (H, W, 3) uint8 sRGB
    face : Face in its pixels
    both_sides : bool
        Let the network see the mirror as well, and add the two: no side is the better one, and
        photographs of one person lie nearer. Within one photograph the face alone does, in half the
        time (on 47 photos edits cost within 4 % of the same, harmless changes a quarter more);
        never compare a vector of one kind with one of the other.

    Returns
    -------
    (128,) float32
        Compare by :func:`measure_distance`: 0 is the same picture, 1.2 two people.

    Notes
    -----
    12 ms a side on two cores.
    """
    chip = _cut(picture, face.points[_MESH], _TEMPLATE, _SIDE)
    planes = np.ascontiguousarray(chip.transpose(2, 0, 1)[None])
    found = run_onnx("face_likeness", planes)[0]
    if both_sides:
        found = found + run_onnx("face_likeness", np.ascontiguousarray(planes[..., ::-1]))[0]
    return as_float(found / max(float(np.linalg.norm(found)), 1e-9))


def ask_witness(picture: NDArray[np.uint8], face: Face) -> Float:
    """Give dlib's opinion of a face (King 2017), in 128 numbers of length about 1.4.

    Parameters
    ----------
    picture : (H, W, 3) uint8 sRGB
    face : Face in its pixels

    Returns
    -------
    (128,) float32
        Compare by :func:`measure_distance`, and judge it only against the same person's own
        spread, never globally.

    Notes
    -----
    70 to 100 ms.
    """
    target = as_float((_DLIB_PADDING + _DLIB_CHIP) / (2 * _DLIB_PADDING + 1) * _DLIB_SIDE)
    chip = _cut(picture, face.points[_DLIB_MESH], target, _DLIB_SIDE)
    return dlib_descriptor(chip.astype(np.uint8))


def measure_distance(a: Float, b: Float) -> float:
    """Euclidean distance of two identities, or of two testimonies.

    Of identities, which have length 1, it is ``sqrt(2 - 2 cos)`` of the angle between them: a
    cosine of 0.5 lies 1.0 apart, one of 0.98 lies 0.2.
    """
    return float(np.linalg.norm(a - b))


def _cut(picture: NDArray[np.uint8], points: Points, target: Points, side: int) -> Float:
    """A square chip in which ``points`` lie as nearly at ``target`` as a similarity brings them."""
    to_chip = geometry.estimate_similarity(points, target)
    # Only what the chip shows is resampled, and a margin for the filter.
    corners = geometry.apply(
        geometry.invert(to_chip), as_float([[0, 0], [side, 0], [0, side], [side, side]])
    )
    margin = 8 * max(1.0, 1 / geometry.scale_of(to_chip))
    rows, columns = geometry.box_around(corners, margin, picture.shape)
    part = as_float(picture[rows, columns])
    inner = to_chip[:, :2] @ np.array([columns.start, rows.start])
    chip = geometry.resample(
        part, np.column_stack([to_chip[:, :2], to_chip[:, 2] + inner]), side, side
    )
    return np.clip(np.round(chip), 0, 255)
