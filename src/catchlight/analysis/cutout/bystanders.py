"""Whose body is whose: other people beside the sitter, told apart along the picture's edges.

A flood from every body (Meyer's watershed, 1992): each face with the middle of the trunk below it
is a seed, what no network takes for a person is another, and where two floods meet runs the border.
The picture's edges hold a flood back, so it meets the other at the edge of a sleeve rather than
midway.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.company import is_somebody
from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.face.outline import draw_hull, find_hull
from catchlight.arrays import Mask, as_float
from catchlight.pixels import geometry

#: Heads smaller than this share of the sitter's are far behind: the votes leave them out.
_FAR = 0.35
#: How many times the mesh's outline a head with its hair is, and how much of it is hair for sure.
_HAIR, _NEAR_HAIR = 1.5, 1.25


def find_others(
    codes: NDArray[np.uint8],
    faces: tuple[Face, ...],
    person: Mask,
    drawn: Mask | None = None,
    sure: NDArray[np.bool_] | None = None,
) -> Mask:
    """Mask of the bodies of other people, (h, w) float32 in 0..1.

    Parameters
    ----------
    codes : (h, w, 3) uint8 sRGB
    faces : tuple of Face in its pixels, the sitter first
    person : (h, w), 0..1, what any network takes for a person
    drawn : (h, w), 0..1, optional
        The sitter's outline, as far as it is known: around the head it is believed.
    sure : (h, w) bool, optional
        What is certainly the sitter, whoever's trunk is expected there.
    """
    h, w = person.shape
    near = [f for f in faces[1:] if _counts(f, faces[0], w, h)]
    if not near:
        return np.zeros((h, w), np.float32)
    seeds = np.zeros((h, w), np.int32)
    seeds[person < 0.05] = 1
    hidden = _draw_head(faces[0], w, h, _HAIR)
    for face in near:
        trunk = _draw_trunk(face, w, h) & (person > 0.2)
        if (trunk & hidden).any():  # somebody behind the sitter: no more is seen below
            trunk[int(np.nonzero((trunk & hidden).any(axis=1))[0][0]) :] = False
        seeds[trunk | (_draw_head(face, w, h, _NEAR_HAIR) & (person > 0.5) & ~hidden)] = 3
    seeds[_draw_trunk(faces[0], w, h)] = 2
    if drawn is not None:
        seeds[hidden & (drawn > 0.9)] = 2
    if sure is not None:
        seeds[sure] = 2
    for face in near:
        seeds[draw_hull(face, w, h)] = 3
    seeds[draw_hull(faces[0], w, h)] = 2
    cv2.watershed(cv2.GaussianBlur(codes, (0, 0), 0.8), seeds)
    theirs = (seeds == 3).astype(np.uint8) * 255
    # Floods meet in a ragged line, and a body has none: even over 4 mm.
    side = 2 * max(1, round(4 * faces[0].px_per_mm)) + 1
    theirs = np.asarray(cv2.medianBlur(theirs, side), np.uint8)
    grown = as_float(cv2.dilate(theirs, np.ones((3, 3), np.uint8)))
    return grown / np.float32(255)


def _counts(other: Face, sitter: Face, width: int, height: int) -> bool:
    """Whether another head is large enough, and near enough to the window, to matter."""
    x0, y0, x1, y1 = other.box
    reach = 2 * other.ied
    there = x1 > -reach and y1 > -reach and x0 < width + reach and y0 < height + reach
    return there and other.ied > _FAR * sitter.ied and is_somebody(other, sitter)


def _draw_head(face: Face, width: int, height: int, grown: float) -> NDArray[np.bool_]:
    """The face and the hair around it: the mesh's outline ``grown`` about its middle."""
    outline = find_hull(face)
    middle = outline.mean(axis=0)
    return geometry.fill_polygon(as_float(middle + grown * (outline - middle)), width, height) > 0.5


def _draw_trunk(face: Face, width: int, height: int) -> NDArray[np.bool_]:
    """Neck and the middle of the trunk, where with a face turned to us nobody else is expected."""
    chin, eyes = face.points[CHIN], face.eyes.mean(0)
    # A body hangs more upright than the head above it.
    down = (chin - eyes) / np.linalg.norm(chin - eyes) * as_float([0.3, 1.0])
    down = down / np.linalg.norm(down) * face.ied
    across = np.array([-down[1], down[0]])
    # Half widths of neck and chest, and where they lie, in inter-eye distances.
    half, below = (0.45, 0.45, 0.85, 0.85), (-0.3, 0.8, 2.0, 9.0)
    sides = [
        [chin + side * x * across + y * down for x, y in zip(half, below, strict=True)]
        for side in (-1, 1)
    ]
    ring = as_float(sides[0] + sides[1][::-1])
    return geometry.fill_polygon(ring, width, height) > 0.5
