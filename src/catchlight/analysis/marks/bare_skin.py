"""Where on the face a mark may be looked for: skin, clear of features, hair and glasses."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.analysis.face import landmarks
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.parts.regions import Regions
from catchlight.arrays import Mask, as_float
from catchlight.pixels import geometry


def find_bare_skin(regions: Regions, face: Face) -> Mask:
    """Facial skin, 0 or 1, on which a mark may be looked for.

    Inside the face's outline, away from eyes and lashes, brows, lips, nostrils, hair and, where
    they are worn, glasses; small holes (a mole is not the colour of skin) are closed first.

    Parameters
    ----------
    regions : Regions, of the face at close range
    face : Face in their pixels
    """
    mm, whole = face.px_per_mm, regions["face_skin"]
    # All of it lies inside the face's outline: a third of the face crop.
    outline = face.points[landmarks.FACE_OVAL]
    cut = rows, columns = geometry.box_around(outline, 5 * mm, whole.shape)
    face = face.moved(geometry.translation(-columns.start, -rows.start))
    skin = whole[cut]
    h, w = skin.shape

    def ring(points: list[int]) -> Mask:
        return geometry.fill_polygon(face.points[points], w, h)

    def grow(mask: Mask, millimetres: float) -> Mask:
        far = cv2.distanceTransform((mask < 0.5).astype(np.uint8), cv2.DIST_L2, 5)
        return as_float(far <= millimetres * mm)

    like = _fill_holes((skin > 0.4).astype(np.float32), 40 * mm**2)
    like *= ring(landmarks.FACE_OVAL)
    # Single strands hang 2 mm beyond what looks like hair.
    like = 1 - grow(1 - like, 2.0)
    eyes = np.maximum(ring(landmarks.RIGHT_EYE), ring(landmarks.LEFT_EYE))
    brows = np.maximum(ring(landmarks.RIGHT_BROW), ring(landmarks.LEFT_BROW))
    # Lashes and the lid's crease reach 5 mm; stray hairs of a brow 3.5; the wing of the nose throws
    # its shadow 3.5 mm; the lips' border and the corners of the mouth 3.
    near = [grow(eyes, 5.0), grow(brows, 3.5), grow(ring(landmarks.NOSTRILS[0]), 3.5)]
    near.append(grow(ring(landmarks.LIPS_OUTER), 3.0))
    # At the edge of the cheek skin is seen aslant.
    near.append(grow(1 - ring(landmarks.FACE_OVAL), 3.5))
    if regions.glasses:
        near.append(_behind_glasses(face, w, h))
    like *= 1 - np.maximum.reduce(near)
    # 1 mm inside what is left: no hairline.
    like = 1 - grow(1 - like, 1.0)
    out = np.zeros(whole.shape, np.float32)
    out[cut] = like > 0.5
    edge = round(3 * mm)
    out[:edge], out[-edge:], out[:, :edge], out[:, -edge:] = 0, 0, 0, 0
    return out


def _fill_holes(mask: Mask, largest: float) -> Mask:
    """Fill the holes of a 0/1 ``mask`` up to ``largest`` pixels: a mole is not the skin's colour.

    A hole is closed all around, so locks of hair, which hang together with the rest, stay out.
    """
    n, labels, stats, _ = cv2.connectedComponentsWithStats((mask < 0.5).astype(np.uint8))
    small = np.array([stats[i, cv2.CC_STAT_AREA] <= largest for i in range(n)])
    small[0] = False
    return as_float((mask > 0.5) | small[labels])


def _behind_glasses(face: Face, width: int, height: int) -> Mask:
    """Everything that frames, their shadows and reflections may cover: a band over the face."""
    mm = face.px_per_mm
    right, left = face.eyes
    along = (left - right) / max(float(np.linalg.norm(left - right)), 1e-6)
    down = np.array([-along[1], along[0]], np.float32)
    # Lenses are up to 56 mm wide and 50 high; their lower rim's shadow falls a little below.
    a, b = right - 60 * mm * along, left + 60 * mm * along
    corners = np.stack([a - 26 * mm * down, b - 26 * mm * down, b + 34 * mm * down])
    corners = np.concatenate([corners, (a + 34 * mm * down)[None]])
    return geometry.fill_polygon(as_float(corners), width, height)
