"""Where a frame must not reach on a level plan.

Pixels are never invented in the person. On a studio backdrop the frame may leave the photo where
the photo's border shows background; where the border cuts the body, that cut must lie on the
frame's border or outside it. With the photo's own background the frame stays inside the photo.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Mask, Points, as_float
from catchlight.pixels import geometry

#: From this probability on a pixel at the photo's border belongs to the body: low, as sleeves and
#: hands near the border are seen less surely than faces, and a sleeve that ends in a straight
#: line inside a picture is worse than a frame a little tighter. [judgement]
BODY = 0.2


def find_forbidden(
    person: Mask, covered: Mask, below: Mask, *, stay_inside: bool
) -> NDArray[np.bool_]:
    """Where, on the level plan, the frame must not reach.

    Beyond the photo, a studio backdrop may continue what the photo's border shows as background,
    but not a body that the border cuts: a pixel out there is forbidden where the nearest pixel of
    the photo is the person's. Below the photo there is always more of the person.

    Parameters
    ----------
    person, covered : (h, w)
        Person probability, and 1 where the photo is.
    below : (h, w)
        1 beneath the photo's lower border.
    stay_inside : bool
        True: all beyond the photo is forbidden (its own background is kept).

    Returns
    -------
    (h, w) bool
    """
    outside = covered < 0.5
    if stay_inside or not outside.any() or outside.all():
        return outside
    _, labels = cv2.distanceTransformWithLabels(
        outside.astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    # Each pixel of the photo is a label of its own: what is the person's among them.
    body = np.zeros(int(labels.max()) + 1, bool)
    seen = ~outside
    body[labels[seen]] = person[seen] > BODY
    return np.asarray(outside & (body[labels] | (below > 0.5)), np.bool_)


def draw_cover(corners: Points, to_plan: geometry.Transform, side: int) -> tuple[Mask, Mask]:
    """Masks over the plan: where the picture is, and what lies beneath its lower border.

    Parameters
    ----------
    corners : (n, 2), the picture's corners in photo pixels, clockwise on screen
    to_plan : (2, 3)
    side : int, of the plan in pixels
    """
    at = geometry.apply(to_plan, corners).astype(np.float64)
    middle = at.mean(0)
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    covered = np.ones((side, side), bool)
    lowest = 0
    deepest = -np.inf
    count = len(at)
    for i in range(count):
        a, b = at[i], at[(i + 1) % count]
        along = (b - a) / max(float(np.hypot(*(b - a))), 1e-9)
        normal = np.array([along[1], -along[0]])  # outward on a clockwise outline
        if normal @ (middle - a) > 0:
            normal = -normal
        # A plan pixel counts as covered only where all of it shows photo.
        covered &= (x - a[0]) * normal[0] + (y - a[1]) * normal[1] <= -0.5
        if normal[1] > deepest:
            deepest, lowest = float(normal[1]), i
    left, right = sorted((at[lowest], at[(lowest + 1) % count]), key=lambda p: p[0])
    along = (right - left) * 4
    down = np.array([-along[1], along[0]])
    wedge = np.array([left - along, right + along, right + along + down, left - along + down])
    below = geometry.fill_polygon(wedge.astype(np.float32), side, side)
    return as_float(covered), below * ~covered
