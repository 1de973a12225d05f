"""The frame: level, scale and crop, planned once, before anything else looks at the pixels.

Numbers are the headshot norms of the trade: head (chin to crown) 36-46 % of the height of a 4:5
portrait and 42-52 % of a square, eyes 33-42 % from the top, headroom 7-14 %.

Pixels are never invented in the person. On a studio backdrop the frame may leave the photo where
the photo's border shows background; where the border cuts the body, that cut must lie on the
frame's border or outside it. With the photo's own background the frame stays inside the photo.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from catchlight.analysis.mesh import CHIN, Face
from catchlight.arrays import Mask
from catchlight.pixels import geometry


@dataclass(frozen=True)
class Crop:
    """A composition.

    Attributes
    ----------
    width, height : int, pixels of the full-size result
    head : float, chin to crown over the frame's height
    eyes : float, eye line from the top over the frame's height
    circle : bool, the head must fit the inscribed circle with 8 % to spare
    text : str
    """

    width: int
    height: int
    head: float
    eyes: float
    circle: bool
    text: str


CROPS = {
    "headshot": Crop(1600, 2000, 0.40, 0.36, False, "head and shoulders, 4:5"),
    "square": Crop(1600, 1600, 0.45, 0.40, True, "1:1, safe inside a circle"),
    "half": Crop(1600, 2400, 0.31, 0.29, False, "head to waist, 2:3"),
    "original": Crop(0, 0, 0.0, 0.0, False, "the photo's own frame"),
}
#: A source smaller than this on the longer side is enlarged to it, and flagged.
SMALLEST = 800
_HEADROOM = 0.07


@dataclass(frozen=True)
class Limits:
    """How far a frame may reach, in pixels of the level plan; infinite where it is free."""

    left: float = -math.inf
    top: float = -math.inf
    right: float = math.inf
    bottom: float = math.inf


@dataclass(frozen=True)
class Frame:
    """The planned frame.

    Attributes
    ----------
    transform : (2, 3) similarity from photo pixels to frame pixels
    width, height : int
    crop : str
    turn : float, degrees the photo was turned
    enlarged : float, frame pixels per photo pixel where above 1, else 1
    inside : bool, whether the whole frame shows the photo
    notes : tuple of str, what a person should know about this frame
    """

    transform: geometry.Transform
    width: int
    height: int
    crop: str
    turn: float
    enlarged: float
    inside: bool
    notes: tuple[str, ...] = ()

    def at(self, longest: int) -> Frame:
        """Return the same frame with its longer side at ``longest`` pixels (never larger)."""
        factor = min(1.0, longest / max(self.width, self.height))
        if factor == 1.0:
            return self
        w, h = max(1, round(self.width * factor)), max(1, round(self.height * factor))
        fx, fy = w / self.width, h / self.height
        grow = np.array([[fx, 0, (fx - 1) / 2], [0, fy, (fy - 1) / 2]])
        linear = grow[:, :2] @ self.transform[:, :2]
        shift = grow[:, :2] @ self.transform[:, 2] + grow[:, 2]
        return replace(self, transform=np.column_stack([linear, shift]), width=w, height=h)


def choose_turn(roll: float) -> float:
    """Degrees by which to turn the photo (positive clockwise) for a head that leans by ``roll``.

    A lean under 1.5 degrees stays; a small one (to 6) is a deliberate tilt of which 60 % is kept;
    of a larger one at most 3.6 degrees stay, and no more than 20 are taken. A photo lying on its
    side is stood up first.
    """
    quarter = 90.0 * round(roll / 90) if abs(roll) > 60 else 0.0
    lean = roll - quarter
    if abs(lean) < 1.5:
        rest = 0.0
    elif abs(lean) < 6:
        rest = 0.4 * lean
    else:
        rest = math.copysign(min(abs(lean) - 3.6, 20.0), lean)
    return -(quarter + rest)


def measure_limits(person: Mask, sides: dict[str, Mask], *, stay_inside: bool) -> Limits:
    """How far the frame may reach on the level plan.

    Parameters
    ----------
    person : (h, w)
        Person probability over the plan.
    sides : mapping of "left", "top", "right", "bottom" to (h, w) masks
        The strips of the plan just inside each border of the photo.
    stay_inside : bool
        True: the frame shows only photo (its own background is kept).

    Returns
    -------
    Limits, in pixels of the plan
    """
    found: dict[str, float] = {}
    for side, strip in sides.items():
        # Below the photo there is always more of the person, whatever the segmentation says.
        always = stay_inside or side == "bottom"
        touch = (strip > 0.5) & (always | (person > 0.35))
        ys, xs = np.nonzero(touch)
        if len(xs) < 2:
            continue
        found[side] = {
            "left": float(xs.max() + 0.5),
            "top": float(ys.max() + 0.5),
            "right": float(xs.min() - 0.5),
            "bottom": float(ys.min() - 0.5),
        }[side]
    return Limits(**found)


@dataclass(frozen=True)
class Head:
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


def measure_head(face: Face, person: Mask) -> Head:
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
    band = person[int(np.clip(eye_y - 0.8 * face.ied, 0, h - 1)) : int(np.clip(eye_y + 0.6 * face.ied, 1, h))]
    xs = np.nonzero((band > 0.5).any(axis=0))[0] if band.size else np.array([])
    x_low, _, x_high, _ = face.box
    left = max(float(xs.min()), eye_x - 2.4 * face.ied) if len(xs) else x_low
    right = min(float(xs.max()), eye_x + 2.4 * face.ied) if len(xs) else x_high
    left, right = min(left, x_low), max(right, x_high)
    # Centre on the face; lean towards the middle of the whole head and leave nose-room in a turn.
    middle = 0.6 * (x_low + x_high) / 2 + 0.4 * (left + right) / 2
    middle += 0.35 * face.ied * float(np.sin(np.radians(np.clip(face.pose.yaw, -45, 45))))
    return Head(eye_y, chin, crown, hair, middle, left, right)


def _fit_length(low: float, high: float, wanted: float, start: float) -> tuple[float, float]:
    """Place a length ``wanted`` that would begin at ``start`` between two limits: (start, length)."""
    length = min(wanted, high - low)
    return min(max(start, low), high - length), length


def compose(head: Head, limits: Limits, crop: Crop, aspect: float) -> tuple[float, float, float]:
    """Place the frame on the plan: left, top and height in plan pixels.

    Shifts first, then tightens; never leaves ``limits``. ``aspect`` is width over height.
    """
    skull = head.chin - head.crown
    height = skull / crop.head
    # Tall hair: keep the headroom by a larger frame, up to a fifth.
    room = _HEADROOM if not crop.circle else 0.09
    needed = (head.eyes - head.hair) / (crop.eyes + 0.05 - room)
    height = min(max(height, needed), 1.25 * height)
    # Wide hair, and the circle: distance of the head's corners from the middle.
    half_width = max(head.right - head.middle, head.middle - head.left)
    if crop.circle:
        half_height = (head.chin - head.hair) / 2
        radius = math.hypot(half_width * 0.72, half_height * 0.9)
        height = max(height, 2 * max(radius, half_width, half_height) / 0.92)
    else:
        height = max(height, min(2 * half_width / 0.9 / aspect, 1.25 * height))
    height = min(height, (limits.right - limits.left) / aspect, limits.bottom - limits.top)
    eyes = crop.eyes
    if (head.eyes - head.hair) > (eyes - room) * height:
        eyes = min((head.eyes - head.hair) / height + room, crop.eyes + 0.07)
    if crop.circle:  # centre the head, hair included, on the circle
        middle = (head.chin + head.hair) / 2
        eyes = float(np.clip(0.5 + (head.eyes - middle) / height - 0.01, 0.36, 0.5))
    top, height = _fit_length(limits.top, limits.bottom, height, head.eyes - eyes * height)
    left, width = _fit_length(
        limits.left, limits.right, height * aspect, head.middle - height * aspect / 2
    )
    return left, top, width / aspect
