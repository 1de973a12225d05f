"""The place of the frame on a level plan: the composition, and where it must not reach.

Pixels are never invented in the person. On a studio backdrop the frame may leave the photo where
the photo's border shows background; where the border cuts the body, that cut must lie on the
frame's border or outside it. With the photo's own background the frame stays inside the photo.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.frame import Crop
from catchlight.arrays import Mask

_HEADROOM = 0.07


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
    from scipy.ndimage import distance_transform_edt

    outside = covered < 0.5
    if stay_inside or not outside.any() or outside.all():
        return outside
    nearest = distance_transform_edt(outside, return_distances=False, return_indices=True)
    body = person[nearest[0], nearest[1]] > 0.35
    return np.asarray(outside & (body | (below > 0.5)), np.bool_)


@dataclass(frozen=True)
class HeadExtent:
    """The head on a level plan, in plan pixels.

    Attributes
    ----------
    eyes, chin, crown, hair : float, heights (y) of eye line, chin, skull top, hair top
    middle : float, x about which to centre
    left, right : float, x of hair or ears at their widest
    """

    eyes: float
    chin: float
    crown: float
    hair: float
    middle: float
    left: float
    right: float


def measure_head(face: Face, person: Mask) -> HeadExtent:
    """Head extents on the level plan from the mesh, and hair from the segmentation (h, w)."""
    eye_x, eye_y = (float(v) for v in face.eyes.mean(0))
    chin = float(face.points[CHIN, 1])
    # Eyes sit half way up the skull; blend with 3.5 IED (about 220 mm) against pitch.
    height = 0.5 * (2 * (chin - eye_y)) + 0.5 * 3.5 * face.ied
    crown = chin - height
    h, w = person.shape
    x0, x1 = (int(np.clip(v, 0, w)) for v in (eye_x - 0.9 * face.ied, eye_x + 0.9 * face.ied))
    hair = crown
    if x1 > x0:
        column = (person[:, x0:x1] > 0.5).mean(axis=1) > 0.08
        y = int(np.clip(eye_y, 0, h - 1))
        while y > 0 and column[y - 1]:
            y -= 1
        hair = min(max(float(y), crown - 1.3 * face.ied), crown + 0.35 * face.ied)
    band = person[
        int(np.clip(eye_y - 0.8 * face.ied, 0, h - 1)) : int(np.clip(eye_y + 0.6 * face.ied, 1, h))
    ]
    xs = np.nonzero((band > 0.5).any(axis=0))[0] if band.size else np.array([])
    x_low, _, x_high, _ = face.box
    left = max(float(xs.min()), eye_x - 2.4 * face.ied) if len(xs) else x_low
    right = min(float(xs.max()), eye_x + 2.4 * face.ied) if len(xs) else x_high
    left, right = min(left, x_low), max(right, x_high)
    # Centre on the face; lean towards the middle of the whole head and leave nose-room in a turn.
    middle = 0.6 * (x_low + x_high) / 2 + 0.4 * (left + right) / 2
    middle += 0.35 * face.ied * float(np.sin(np.radians(np.clip(face.pose.yaw, -45, 45))))
    return HeadExtent(eye_y, chin, crown, hair, middle, left, right)


def _ideal(head: HeadExtent, crop: Crop, aspect: float) -> tuple[float, float]:
    """Height of the frame and eye line (share of it) that the composition asks for."""
    height = (head.chin - head.crown) / crop.head
    half_width = max(head.right - head.middle, head.middle - head.left)
    # Tall hair keeps its headroom and wide hair its sides by a larger frame, up to a quarter.
    tall = (head.eyes - head.hair) / (crop.eyes + 0.05 - _HEADROOM)
    height = min(max(height, tall, 2 * half_width / 0.9 / aspect), 1.25 * height)
    eyes = float(np.clip((head.eyes - head.hair) / height + _HEADROOM, crop.eyes, crop.eyes + 0.06))
    if not crop.circle:
        return height, eyes
    # The head's outline as six points, all inside the circle with 8 % to spare.
    brow = head.hair + 0.15 * (head.chin - head.hair)
    x = np.array([0, 0.7, -0.7, 1, -1, 0.45]) * half_width
    y = np.array([head.hair, brow, brow, head.eyes, head.eyes, head.chin])
    while np.hypot(x, y - head.eyes + (eyes - 0.5) * height).max() > 0.46 * height:
        height *= 1.02
    return height, eyes


def compose(
    head: HeadExtent, forbidden: NDArray[np.bool_], crop: Crop, aspect: float
) -> tuple[float, float, float]:
    """Place the frame on the plan: left, top and height in plan pixels.

    Of all frames that reach nothing forbidden, the one nearest to the composition: a shift by 8 %
    of the width or 5 % of the height weighs as much as tightening by a fifth, and cutting the head
    more than either.

    Parameters
    ----------
    head : HeadExtent
    forbidden : (h, w) bool
    crop : Crop
    aspect : float, width over height
    """
    wanted, eyes = _ideal(head, crop, aspect)
    # Sums over any rectangle in four look-ups (Crow 1984).
    rows, columns = forbidden.shape
    table = np.zeros((rows + 1, columns + 1), np.int64)
    table[1:, 1:] = forbidden.cumsum(0).cumsum(1)
    best: tuple[float, float, float, float] | None = None
    smallest = 0.55 * (head.chin - head.crown)
    for height in wanted * 0.97 ** np.arange(80):
        if height < smallest:
            break
        width = height * aspect
        left = head.middle - width / 2 + np.linspace(-0.45, 0.45, 61) * width
        top = head.eyes - eyes * height + np.linspace(-0.35, 0.45, 65) * height
        x, y = np.meshgrid(left, top)
        # Pixel i reaches from i - 0.5 to i + 0.5.
        x0 = np.clip(np.floor(x + 0.5), 0, columns).astype(int)
        y0 = np.clip(np.floor(y + 0.5), 0, rows).astype(int)
        x1 = np.clip(np.ceil(x + width + 0.5), 0, columns).astype(int)
        y1 = np.clip(np.ceil(y + height + 0.5), 0, rows).astype(int)
        reached = table[y1, x1] - table[y0, x1] - table[y1, x0] + table[y0, x0]
        beyond = (x < 0) | (y < 0) | (x + width > columns) | (y + height > rows)
        dx, dy = (x - left[30]) / width, (y - (head.eyes - eyes * height)) / height
        cut_top = np.maximum(y - head.hair, 0) / height
        cut_bottom = np.maximum(head.chin + 0.12 * (head.chin - head.eyes) - y - height, 0) / height
        sides = np.maximum(x - head.left, 0) + np.maximum(head.right - x - width, 0)
        cost = (np.log(wanted / height) / 0.2) ** 2 + (dx / 0.08) ** 2 + (dy / 0.05) ** 2
        cost += (cut_top / 0.02) ** 2 + (cut_bottom / 0.01) ** 2 + (sides / width / 0.05) ** 2
        cost[(reached > 0) | beyond] = np.inf
        at = np.unravel_index(int(cost.argmin()), cost.shape)
        if np.isfinite(cost[at]) and (best is None or cost[at] < best[0]):
            best = (float(cost[at]), float(x[at]), float(y[at]), float(height))
    if best is None:  # a photo that is all face: as much of it as the aspect allows
        return _largest_inside(forbidden, head, aspect)
    return best[1:]


def _largest_inside(
    forbidden: NDArray[np.bool_], head: HeadExtent, aspect: float
) -> tuple[float, float, float]:
    """Largest allowed frame around the middle of the face, however tight."""
    middle_y = (head.eyes + head.chin) / 2
    height = float(forbidden.shape[0])
    while height > 4:
        width = height * aspect
        x, y = head.middle - width / 2, middle_y - height / 2
        part = forbidden[
            max(0, int(y + 0.5)) : max(1, int(np.ceil(y + height + 0.5))),
            max(0, int(x + 0.5)) : max(1, int(np.ceil(x + width + 0.5))),
        ]
        if x >= 0 and y >= 0 and not part.any():
            return x, y, height
        height *= 0.96
    return head.middle, middle_y, 4.0
