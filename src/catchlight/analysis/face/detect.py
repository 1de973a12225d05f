"""Find faces: BlazeFace on a pyramid of overlapping tiles, small and tilted ones too.

Boxes and key points are in pixels of the picture handed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Float, Points
from catchlight.models import run_litert

_SIDE = 128  # input of the short-range BlazeFace
_MIN_SCORE = 0.5


@dataclass(frozen=True)
class Detection:
    """One detected face.

    Attributes
    ----------
    box : (4,) float32, x0, y0, x1, y1
    points : (6, 2) float32, right eye, left eye, nose, mouth, right ear, left ear of the sitter
    score : float, 0..1
    """

    box: Float
    points: Points
    score: float

    @property
    def side(self) -> float:
        """Mean of the box's width and height."""
        return float((self.box[2] - self.box[0] + self.box[3] - self.box[1]) / 2)

    @property
    def roll(self) -> float:
        """Tilt of the eye line in degrees, positive when the head leans clockwise on screen."""
        dx, dy = self.points[1] - self.points[0]
        return float(np.degrees(np.arctan2(dy, dx)))


@lru_cache(maxsize=1)
def _anchors() -> Float:
    """(896, 2) anchor centres in 0..1: a 16x16 grid of 2, then an 8x8 grid of 6."""
    rows = []
    for n, per_cell in ((16, 2), (8, 6)):
        y, x = np.mgrid[0:n, 0:n]
        centres = np.stack([(x + 0.5) / n, (y + 0.5) / n], axis=-1).reshape(-1, 2)
        rows.append(np.repeat(centres, per_cell, axis=0))
    return np.concatenate(rows).astype(np.float32)


def _run(square: NDArray[np.uint8]) -> list[Detection]:
    """Detect on one 128x128 RGB picture; results in its pixels."""
    out = run_litert("face_detector", square[None].astype(np.float32) / 127.5 - 1)
    logits = np.clip(out["classificators"][0, :, 0], -100, 100)
    score = 1 / (1 + np.exp(-logits.astype(np.float64)))
    keep = score > _MIN_SCORE
    raw = out["regressors"][0][keep].reshape(-1, 8, 2) / _SIDE
    centre = _anchors()[keep]
    found = []
    for r, c, s in zip(raw, centre, score[keep], strict=True):
        mid, half = c + r[0], np.maximum(r[1], 1e-3) / 2
        box = np.concatenate([mid - half, mid + half]) * _SIDE
        found.append(Detection(box.astype(np.float32), (c + r[2:]) * _SIDE, float(s)))
    return found


def _detect_in(
    picture: NDArray[np.uint8], x: float, y: float, side: float, turn: float = 0.0
) -> list[Detection]:
    """Detect in the square window at (x, y) of ``side`` pixels, turned by ``turn`` degrees."""
    scale = _SIDE / side
    centre = np.array([x + side / 2 - 0.5, y + side / 2 - 0.5])
    c, s = np.cos(np.radians(turn)) * scale, np.sin(np.radians(turn)) * scale
    linear = np.array([[c, -s], [s, c]])
    matrix = np.column_stack([linear, (_SIDE - 1) / 2 - linear @ centre])
    turned = cv2.warpAffine(picture, matrix, (_SIDE, _SIDE), flags=cv2.INTER_LINEAR)
    window = np.asarray(turned, np.uint8)
    inverse = cv2.invertAffineTransform(matrix)
    moved = []
    for d in _run(window):
        points = d.points @ inverse[:, :2].T + inverse[:, 2]
        half = (d.box[2:] - d.box[:2]) / 2 / scale
        mid = (d.box[:2] + d.box[2:]) / 2 @ inverse[:, :2].T + inverse[:, 2]
        box = np.concatenate([mid - half, mid + half]).astype(np.float32)
        moved.append(Detection(box, points.astype(np.float32), d.score))
    return moved


def _overlap(a: Detection, b: Detection) -> float:
    """Intersection over the smaller box: also catches a face found inside its own larger box."""
    w = min(a.box[2], b.box[2]) - max(a.box[0], b.box[0])
    h = min(a.box[3], b.box[3]) - max(a.box[1], b.box[1])
    if w <= 0 or h <= 0:
        return 0.0
    area = [(d.box[2] - d.box[0]) * (d.box[3] - d.box[1]) for d in (a, b)]
    return float(w * h / min(area))


def _merge(found: list[Detection]) -> list[Detection]:
    """Weighted non-maximum suppression: overlapping detections are averaged by score."""
    rest = sorted(found, key=lambda d: -d.score)
    merged = []
    while rest:
        best = rest[0]
        group = [d for d in rest if d is best or _overlap(best, d) > 0.4]
        rest = [d for d in rest if not any(d is g for g in group)]
        alike = [d for d in group if 0.6 < d.side / best.side < 1.6]
        w = np.array([d.score for d in alike])
        box = np.average([d.box for d in alike], axis=0, weights=w).astype(np.float32)
        points = np.average([d.points for d in alike], axis=0, weights=w).astype(np.float32)
        merged.append(Detection(box, points, best.score))
    return merged


def detect_faces(picture: NDArray[np.uint8]) -> list[Detection]:
    """Find the faces in an 8-bit RGB picture, largest first.

    The whole picture first, then overlapping tiles of a half and, where nothing large was found,
    of a quarter and an eighth of the longer side; if there is still nothing, the whole turned
    by 35 degrees either way.

    Parameters
    ----------
    picture : (H, W, 3) uint8, sRGB; about 1300 pixels on the longer side serve best

    Returns
    -------
    list of Detection
        In pixels of ``picture``; empty where there is no face.
    """
    h, w = picture.shape[:2]
    longest = max(h, w)
    levels: dict[int, NDArray[np.uint8]] = {1: picture}
    found: list[Detection] = []
    for parts in (1, 2, 4, 8):
        if parts > 2 and any(d.side > longest / (parts * 2) for d in found):
            break
        side = longest / parts
        if side < 48:
            break
        shrink = max(1, int(side / (2 * _SIDE)))
        if shrink not in levels:
            size = (w // shrink, h // shrink)
            levels[shrink] = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
        small = levels[shrink]
        fx, fy = w / small.shape[1], h / small.shape[0]
        xs = _starts(w, side)
        ys = _starts(h, side)
        for y in ys:
            for x in xs:
                for d in _detect_in(small, x / fx, y / fy, side / fx):
                    scale = np.array([fx, fy], np.float32)
                    found.append(Detection(d.box * np.tile(scale, 2), d.points * scale, d.score))
        found = _merge(found)
    if not found:
        for turn in (-35.0, 35.0):
            found += _detect_in(picture, (w - longest) / 2, (h - longest) / 2, longest, turn)
        found = _merge(found)
    return sorted(found, key=lambda d: -d.side)


def _starts(length: int, side: float) -> list[float]:
    """Window starts along one axis: centred if one suffices, else overlapping by half."""
    if length <= side:
        return [(length - side) / 2]
    count = int(np.ceil((length - side) / (side / 2))) + 1
    return [float(v) for v in np.linspace(0, length - side, count)]
