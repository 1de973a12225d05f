"""The 478-point face mesh with irises, its pose and its 52 expression coefficients."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.canonical import canonical_face
from catchlight.analysis.face.detect import Detection
from catchlight.analysis.face.landmarks import EXPRESSION_POINTS, LEFT_IRIS, RIGHT_IRIS
from catchlight.arrays import Float, Points, as_float
from catchlight.models import run_litert

_SIDE = 256
#: The inter-eye distance of an adult (Dodgson 2004: mean 63 mm); the house's unit of length.
IED_MM = 63.0
EXPRESSIONS = (
    "_neutral browDownLeft browDownRight browInnerUp browOuterUpLeft browOuterUpRight "
    "cheekPuff cheekSquintLeft cheekSquintRight eyeBlinkLeft eyeBlinkRight eyeLookDownLeft "
    "eyeLookDownRight eyeLookInLeft eyeLookInRight eyeLookOutLeft eyeLookOutRight "
    "eyeLookUpLeft eyeLookUpRight eyeSquintLeft eyeSquintRight eyeWideLeft eyeWideRight "
    "jawForward jawLeft jawOpen jawRight mouthClose mouthDimpleLeft mouthDimpleRight "
    "mouthFrownLeft mouthFrownRight mouthFunnel mouthLeft mouthLowerDownLeft "
    "mouthLowerDownRight mouthPressLeft mouthPressRight mouthPucker mouthRight mouthRollLower "
    "mouthRollUpper mouthShrugLower mouthShrugUpper mouthSmileLeft mouthSmileRight "
    "mouthStretchLeft mouthStretchRight mouthUpperUpLeft mouthUpperUpRight noseSneerLeft "
    "noseSneerRight "
).split()


@dataclass(frozen=True)
class Pose:
    """Head pose in degrees.

    Positive yaw turns the nose to the viewer's right, positive pitch lifts it, positive roll leans
    the head clockwise on screen.
    """

    yaw: float
    pitch: float
    roll: float


@dataclass(frozen=True)
class Face:
    """A face with its mesh, in pixels of one picture.

    Attributes
    ----------
    mesh : (478, 3) float32, x, y in pixels; z in the same scale, smaller is nearer
    presence : float, 0..1, how sure the mesh network is that this is a face
    score : float, 0..1, of the detector
    pose : Pose
    ied : float, inter-eye distance in pixels, corrected for yaw
    """

    mesh: Float
    presence: float
    score: float
    pose: Pose
    ied: float

    @property
    def points(self) -> Points:
        """(478, 2) mesh points."""
        return np.ascontiguousarray(self.mesh[:, :2])

    @property
    def eyes(self) -> Points:
        """(2, 2) iris centres, viewer's left first."""
        return self.points[[RIGHT_IRIS, LEFT_IRIS]]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Bounds of the mesh: x0, y0, x1, y1."""
        low, high = self.points.min(0), self.points.max(0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    @property
    def px_per_mm(self) -> float:
        """Pixels per millimetre of this face."""
        return self.ied / IED_MM

    def moved(self, transform: NDArray[np.float64]) -> Face:
        """Return the same face in the pixels that a similarity ``transform`` (2, 3) leads to."""
        scale = float(np.sqrt(abs(np.linalg.det(transform[:, :2]))))
        turn = float(np.degrees(np.arctan2(transform[1, 0], transform[0, 0])))
        xy = self.mesh[:, :2] @ transform[:, :2].T + transform[:, 2]
        mesh = np.column_stack([xy, self.mesh[:, 2] * scale]).astype(np.float32)
        pose = Pose(self.pose.yaw, self.pose.pitch, self.pose.roll + turn)
        return Face(mesh, self.presence, self.score, pose, self.ied * scale)


def _crop(
    picture: NDArray[np.uint8], centre: Points, side: float, roll: float
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Cut a turned square for the mesh network; also the matrix back to the picture."""
    scale = _SIDE / side
    c, s = np.cos(np.radians(-roll)) * scale, np.sin(np.radians(-roll)) * scale
    linear = np.array([[c, -s], [s, c]])
    matrix = np.column_stack([linear, (_SIDE - 1) / 2 - linear @ np.asarray(centre, np.float64)])
    how = cv2.INTER_AREA if scale < 0.5 else cv2.INTER_LINEAR
    if scale < 0.5:  # average first, then turn
        factor = 2 * scale
        x0, y0 = np.floor(np.maximum(centre - side, 0)).astype(int)
        x1, y1 = np.ceil(np.minimum(centre + side, picture.shape[1::-1])).astype(int)
        part = picture[y0:y1, x0:x1]
        size = (max(1, round(part.shape[1] * factor)), max(1, round(part.shape[0] * factor)))
        small = cv2.resize(part, size, interpolation=how)
        f = np.array([part.shape[1] / size[0], part.shape[0] / size[1]])
        to_part = np.column_stack([np.diag(f), (f - 1) / 2 + [x0, y0]])
        inner = np.column_stack(
            [matrix[:, :2] @ to_part[:, :2], matrix[:, :2] @ to_part[:, 2] + matrix[:, 2]]
        )
        crop = cv2.warpAffine(small, inner, (_SIDE, _SIDE), flags=cv2.INTER_LINEAR)
    else:
        crop = cv2.warpAffine(picture, matrix, (_SIDE, _SIDE), flags=cv2.INTER_LINEAR)
    back = np.asarray(cv2.invertAffineTransform(matrix), np.float64)
    return np.asarray(crop, np.uint8), back


def _run(
    picture: NDArray[np.uint8], centre: Points, side: float, roll: float
) -> tuple[Float, float]:
    crop, back = _crop(picture, centre, side, roll)
    out = run_litert("face_landmarks", crop[None].astype(np.float32) / 255)
    raw = out["Identity"].reshape(478, 3)
    xy = raw[:, :2] @ back[:, :2].T + back[:, 2]
    mesh = np.column_stack([xy, raw[:, 2] * side / _SIDE]).astype(np.float32)
    logit = float(np.clip(out["Identity_1"].ravel()[0], -60, 60))
    return mesh, float(1 / (1 + np.exp(-logit)))


def estimate_pose(mesh: Float) -> Pose:
    """Head pose by weighted Procrustes alignment of the canonical face (Horn 1987)."""
    face = canonical_face()
    source = face.vertices
    target = mesh[:468] * np.array([1, -1, -1], np.float32)
    w = face.weights[:, None] / face.weights.sum()
    a, b = source - (w * source).sum(0), target - (w * target).sum(0)
    u, _, vt = np.linalg.svd((w * a).T @ b)
    d = np.diag([1, 1, np.sign(np.linalg.det(u @ vt))])
    r = (u @ d @ vt).T  # target = r @ source
    yaw = np.degrees(np.arcsin(np.clip(r[0, 2], -1, 1)))
    pitch = np.degrees(np.arctan2(r[1, 2], r[2, 2]))
    roll = np.degrees(np.arctan2(-r[1, 0], r[0, 0]))
    return Pose(float(yaw), float(pitch), float(roll))


def fit_mesh(picture: NDArray[np.uint8], found: Detection) -> Face:
    """Fit the mesh to a detected face: run twice, the second time on the first mesh's region.

    Parameters
    ----------
    picture : (H, W, 3) uint8 RGB
    found : Detection in pixels of ``picture``

    Returns
    -------
    Face
        In pixels of ``picture``; ``presence`` says how sure the network is.
    """
    centre = (found.box[:2] + found.box[2:]) / 2
    mesh, presence = _run(picture, as_float(centre), found.side * 1.5, found.roll)
    dx, dy = mesh[LEFT_IRIS, :2] - mesh[RIGHT_IRIS, :2]
    roll = float(np.degrees(np.arctan2(dy, dx)))
    c, s = np.cos(np.radians(-roll)), np.sin(np.radians(-roll))
    turned = mesh[:, :2] @ np.array([[c, -s], [s, c]]).T
    low, high = turned.min(0), turned.max(0)
    middle = as_float((low + high) / 2 @ np.array([[c, -s], [s, c]]))
    mesh, presence = _run(picture, middle, float((high - low).max()) * 1.5, roll)
    pose = estimate_pose(mesh)
    flat = float(np.linalg.norm(mesh[LEFT_IRIS, :2] - mesh[RIGHT_IRIS, :2]))
    # Foreshortening by yaw shortens the eye line; beyond 60 degrees the far eye is a guess.
    ied = flat / max(float(np.cos(np.radians(pose.yaw))), 0.5)
    return Face(mesh, presence, found.score, pose, ied)


def measure_gape(face: Face) -> float:
    """How far the lips are apart, over the inter-eye distance."""
    return float(np.linalg.norm(face.points[13] - face.points[14])) / face.ied


def measure_expression(face: Face) -> dict[str, float]:
    """52 expression coefficients, 0..1, in ARKit order."""
    points = face.points[EXPRESSION_POINTS][None].astype(np.float32)
    (values,) = run_litert("face_blendshapes", points).values()
    return {name: float(v) for name, v in zip(EXPRESSIONS, values.ravel(), strict=True)}
