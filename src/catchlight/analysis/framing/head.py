"""The head on a level plan: where it begins and ends, skull and hair, and what the photo cuts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.landmarks import CHIN, LEFT_CHEEK, RIGHT_CHEEK
from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Mask, as_float
from catchlight.pixels import colour, geometry

#: Chin to crown over the inter-eye distance: 220 mm to 63 (men and women of ANSUR II: 219 and 232
#: at the median of stature's head height).
SKULL = 3.5
#: The oval of head and hair: half its width in inter-eye distances, and how much farther than the
#: hair it reaches up.
HAIR_WIDE, HAIR_HIGH = 2.6, 1.12
#: Half the width of what hangs below the chin, in inter-eye distances: that of the jaw. [judgement]
_JAW = 1.0
#: How far below the chin a head ends, in heads: a beard, and a bare chin with 7 mm to spare, which
#: no border should touch. Where a bare neck counted as beard, a tight square cut hair for it.
_BEARD, _CHIN = 0.10, 0.03
#: The chin between mouth and jaw, on the mesh; and the stops by which it is darker than the cheeks
#: if it has a beard: 1.2 and more in 20 of 27 beards of the gallery (grey and short ones are not),
#: and in 10 of 135 bare chins, which lie in the shade.
_CHIN_RING = [
    57, 43, 106, 182, 83, 18, 313, 406, 335, 273, 287, 397, 365, 379, 378, 400, 377, 152, 148, 176,
    149, 150, 136, 172,
]  # fmt: skip
_BEARDED = 1.2


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

    @property
    def height(self) -> float:
        """Chin to crown."""
        return self.chin - self.crown


def measure_head(face: Face, person: Mask) -> HeadExtent:
    """Head extents on the level plan from the mesh, and hair from the silhouette (h, w)."""
    eye_x, eye_y = (float(v) for v in face.eyes.mean(0))
    chin = float(face.points[CHIN, 1])
    # Eyes sit half way up the skull; blend with 3.5 IED (about 220 mm) against pitch.
    height = 0.5 * (2 * (chin - eye_y)) + 0.5 * SKULL * face.ied
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


def is_bearded(face: Face, pixels: NDArray[np.uint8]) -> bool:
    """Whether a chin is as dark against the cheeks as under a beard, in (h, w, 3) uint8 sRGB."""
    h, w = pixels.shape[:2]
    light = colour.luminance(colour.srgb_to_linear(as_float(pixels) / np.float32(255)))
    chin = geometry.fill_polygon(face.points[_CHIN_RING], w, h) > 0.5
    sides = [geometry.fill_polygon(face.points[r], w, h) for r in (RIGHT_CHEEK, LEFT_CHEEK)]
    cheeks = np.maximum(*sides) > 0.5
    if not chin.any() or not cheeks.any():
        return False
    low, high = (max(float(np.median(light[where])), 1e-4) for where in (chin, cheeks))
    return bool(np.log2(high / low) > _BEARDED)


def draw_head(face: Face, head: HeadExtent, person: Mask, *, bearded: bool) -> Mask:
    """Hair, ears and beard as a mask (h, w): the person around the face, down to under the chin.

    Below a chin that is not ``bearded`` the head ends at once: a neck is no beard. Sideways it
    reaches 2.6 inter-eye distances from the eyes, as far as wide hair does; what is more there (a
    raised arm, a neighbour) hangs on the mask by no more than its border.
    """
    h, w = person.shape
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    # Along the head's own axes: shoulders that a leaning head comes near are no part of it.
    (ex, ey), (dx, dy) = face.eyes.mean(0), face.eyes[1] - face.eyes[0]
    length = max(float(np.hypot(dx, dy)), 1e-6)
    c, s = dx / length, dy / length
    across, down = (x - ex) * c + (y - ey) * s, (y - ey) * c - (x - ex) * s
    chin = float(np.hypot(*(face.points[CHIN] - face.eyes.mean(0))))
    tall = max(head.eyes - min(head.hair, head.crown), chin)
    oval = (across / (HAIR_WIDE * face.ied)) ** 2 + (down / (HAIR_HIGH * tall)) ** 2 < 1
    low = chin + (_BEARD if bearded else _CHIN) * head.height
    # Under the chin it is no wider than the jaw: shoulders that stand beside it counted as
    # hair, and a tight square cut the top of a head to keep them.
    wide = np.where(down < chin, 2.2, _JAW) * face.ied
    near = np.where(down < 0, oval, np.abs(across) < wide) & (down < low)
    return np.asarray(near & (person > 0.5), np.float32)
