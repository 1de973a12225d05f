"""Where the face is cut out of a picture: whole and level, and its middle at close range.

Each plan is a transform from the picture's pixels to the cut's, and the cut's width and height.
"""

from __future__ import annotations

import numpy as np

from catchlight.analysis.face import landmarks
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.face_crop import plan_face_crop
from catchlight.arrays import as_float
from catchlight.pixels import geometry

#: Room around the mesh's box, in inter-eye distances.
_ROOM = 0.4
#: Side in pixels of the square around the face in which a JPEG's grid and noise are looked for, and
#: room around eyes and brows in inter-eye distances, in the close-up.
PIECE, _EYES = 448, 0.1


def plan_aligned(face: Face, ied: float) -> tuple[geometry.Transform, int, int]:
    """Plan a level cut of a ``face`` at ``ied`` pixels: picture -> cut, width, height."""
    level = geometry.similarity(
        ied / face.ied, -face.pose.roll, face.eyes.mean(0), np.zeros(2, np.float32)
    )
    points = face.moved(level).points
    low, high = points.min(0) - _ROOM * ied, points.max(0) + _ROOM * ied
    width, height = np.ceil(high - np.floor(low)).astype(int)
    return np.column_stack([level[:, :2], level[:, 2] - np.floor(low)]), int(width), int(height)


def plan_close_up(face: Face) -> tuple[geometry.Transform, int, int]:
    """Plan the part of the face crop in which a square around the face and the eyes lie."""
    to_crop, width, height = plan_face_crop(face)
    here = face.moved(to_crop)
    side = min(PIECE, width, height)
    x0, y0, x1, y1 = here.box
    corner = np.clip([(x0 + x1 - side) / 2, (y0 + y1 - side) / 2], 0, [width - side, height - side])
    eyes = here.points[[*landmarks.RIGHT_BROW, *landmarks.LEFT_BROW, *landmarks.RIGHT_EYE,
                        *landmarks.LEFT_EYE]]  # fmt: skip
    both = np.concatenate([eyes - _EYES * here.ied, eyes + _EYES * here.ied])
    both = as_float(np.concatenate([both, [corner, corner + side]]))
    rows, columns = geometry.box_around(both, 2.0, (height, width))
    moved = geometry.chain(to_crop, geometry.translation(-columns.start, -rows.start))
    return moved, columns.stop - columns.start, rows.stop - rows.start
