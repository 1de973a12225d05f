"""The outline of a face: the outermost points of its mesh, and the picture within them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Points, as_float
from catchlight.pixels import geometry, morphology

#: How far within the outline nothing is in doubt, in mm.
_SURE = 2.0


def find_hull(face: Face) -> Points:
    """(n, 2) corners of the convex hull of the mesh, in the pixels of ``face``."""
    return as_float(cv2.convexHull(np.ascontiguousarray(face.points))[:, 0])


def draw_hull(face: Face, width: int, height: int) -> NDArray[np.bool_]:
    """The face within its outermost mesh points, (height, width)."""
    return geometry.fill_polygon(find_hull(face), width, height) > 0.5


def draw_sure_face(face: Face, width: int, height: int) -> NDArray[np.bool_]:
    """What of the face within its outermost mesh points is never in doubt, (height, width)."""
    return morphology.erode(draw_hull(face, width, height), _SURE * face.px_per_mm)
