"""How far a photo stands askew: what its lines, the shoulders and the head say of it.

A head that leans is mostly meant to; a camera that was held askew leans everything. So a photo is
turned only where something else leans with the head: the straight lines of the room, or the
shoulders. With a level horizon or level shoulders a tilt is a pose, and stays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Mask

#: Lines count from this share of the view's longer side on; shorter ones are texture.
_SHORTEST = 0.06
#: Length of agreeing lines, over the view's longer side, from which on they are believed.
_ENOUGH = 1.2
#: The same for lines that are level or upright already: one horizon is enough.
_LEVEL_ENOUGH = 0.2
#: Degrees: what is less than the first is level; a photo turned by less looks no different
#: (viewers see a horizon's tilt from about 2 degrees on [judgement]).
LEVEL = 1.5
#: A head that leans by no more than this may be meant, as far as necks bend sideways (some 45
#: degrees in the young); of a greater lean, where nothing else tells, all but half of this is
#: taken. In all four of 162 photos whose heads lean by more than 20 degrees it was a pose, and of
#: one that had been turned for it a reader said that its pillar leant.
MEANT = 45.0
#: Of head and shoulders that lean together without any line beside them, so much is a stance: in
#: all five of 162 photos in which both leaned by 5 to 8 degrees and lines told, the room was level
#: to 1 degree.
STANCE = 9.0
#: A head may lean by so much after the room was levelled, however it stood before.
_OVER = 6.0
#: A lean of less is not worth a word.
_TOLD = 5.0


@dataclass(frozen=True)
class Stance:
    """What leans in a photo, in degrees, positive clockwise on screen; None where nothing tells.

    Attributes
    ----------
    head : float
    shoulders, lines : float or None
    askew : float, by how much the photo is judged to stand askew
    said : str, why, in words
    """

    head: float
    shoulders: float | None
    lines: float | None
    askew: float
    said: str


def measure_lean(face: Face) -> float:
    """Degrees by which a head leans: the eye line or the fitted pose, whichever says less.

    The pose of a face seen from the side or from below mixes roll with yaw and pitch: a roll of 20
    degrees was read off a head whose eyes lay level to 4.
    """
    dx, dy = face.eyes[1] - face.eyes[0]
    line = float(np.degrees(np.arctan2(dy, dx)))
    pose = (face.pose.roll + 180) % 360 - 180
    if line * pose < 0 and abs(line) < 90:
        return 0.0
    return min((line, pose), key=abs)


def judge_stance(face: Face, person: Mask, view: NDArray[np.uint8], beside: Mask) -> Stance:
    """Judge by how much a photo stands askew.

    Parameters
    ----------
    face : Face on the upright plan
    person : (h, w) probability of the person there
    view : (h, w, 3) uint8 sRGB, the photo at some 480 pixels
    beside : (h, w) probability of the person in the view
    """
    head = measure_lean(face)
    shoulders = measure_shoulders(face, person)
    lines = None if abs(head) < LEVEL else measure_lines(view, beside)
    askew, said = _weigh(head, shoulders, lines)
    return Stance(head, shoulders, lines, askew, said)


def _weigh(head: float, shoulders: float | None, lines: float | None) -> tuple[float, str]:
    """How far the photo is askew by its witnesses, and the sentence that says why."""
    if abs(head) < LEVEL:
        return 0.0, ""
    left = f"the head leans by {abs(head):.0f} degrees" if abs(head) > _TOLD else ""
    sign, taken, said = math.copysign(1.0, head), 0.0, ""
    if lines is not None:
        # Levelling the room must not throw the head over to the other side.
        if abs(lines) >= LEVEL and abs(head - lines) <= max(abs(head), _OVER):
            return lines, f"lines of the background lean by {abs(lines):.0f} degrees"
        left += left and " in a level room: left so"
    elif shoulders is not None:
        # A sitter may lean as a whole: what a stance explains is left.
        together = min(abs(head), abs(shoulders)) if head * shoulders > 0 else 0.0
        if together >= STANCE + 2 * LEVEL:
            taken = together - STANCE
            said = f"head and shoulders lean together by {together:.0f} degrees"
        left += left and " over level shoulders: left so"
    elif abs(head) > MEANT:
        taken = abs(head) - MEANT / 2
        said = f"the head leans by {abs(head):.0f} degrees, more than a pose does"
    else:
        left += left and ", as in a pose: left so"
    return (sign * taken, said) if taken else (0.0, left)


def measure_shoulders(face: Face, person: Mask) -> float | None:
    """Degrees by which the line over both shoulders leans; None where one of them is not seen.

    On each side the silhouette's upper edge is read 1.7 to 2.6 inter-eye distances from the neck,
    where it has left the hair and is not yet the arm.
    """
    h, w = person.shape
    roll = np.radians(measure_lean(face))
    # The body stands under the chin: straight down, not along a tilted head.
    x, y = face.points[CHIN]
    x = 0.5 * x + 0.5 * float(face.eyes[:, 0].mean()) - 0.5 * face.ied * float(np.sin(roll))
    found = []
    for side in (-1, 1):
        far = x + side * face.ied * np.array([1.7, 1.95, 2.2, 2.45])
        heights = []
        for column in far:
            if not 1 <= column < w - 1:
                return None
            start = int(np.clip(y - 0.1 * face.ied, 0, h - 1))
            solid = person[start:, int(column)] > 0.5
            if not solid.any() or solid[0]:  # nothing there, or hair, a hand, another person
                continue
            heights.append((column, start + int(solid.argmax())))
        if len(heights) < 2:
            return None
        found.append(np.median(np.array(heights), axis=0))
    (x0, y0), (x1, y1) = found
    angle = float(np.degrees(np.arctan2(y1 - y0, x1 - x0)))
    return angle if abs(angle) < 40 else None


def measure_lines(view: NDArray[np.uint8], person: Mask) -> float | None:
    """Degrees by which the straight lines of the background lean; None where there are too few.

    Line segments (von Gioi et al. 2010) beside the person, by their lengths, upright ones twice:
    what recedes leans in perspective, what stands does not. Upright and level lines have to agree
    on one angle within 2.5 degrees. Where they do not, even a single long level line (a horizon)
    says that the photo stands level.
    """
    size = view.shape[1::-1]
    grey = cv2.cvtColor(view, cv2.COLOR_RGB2GRAY)
    near = cv2.dilate((person > 0.3).astype(np.uint8), np.ones((9, 9)))
    segments = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE).detect(grey)[0]
    found = np.asarray(segments, np.float32)  # None where there is no line at all
    if found.size < 4:
        return None
    p = found.reshape(-1, 4)
    length = np.hypot(p[:, 2] - p[:, 0], p[:, 3] - p[:, 1]) / max(size)
    mx = np.clip((p[:, 0] + p[:, 2]) / 2, 0, size[0] - 1).astype(int)
    my = np.clip((p[:, 1] + p[:, 3]) / 2, 0, size[1] - 1).astype(int)
    # The photo's own border, and bars along it, tell nothing.
    rim = (np.minimum(mx, size[0] - 1 - mx) < 3) | (np.minimum(my, size[1] - 1 - my) < 3)
    keep = (length > _SHORTEST) & (near[my, mx] == 0) & ~rim
    if not keep.any():
        return None
    p, length = p[keep], length[keep]
    angle = np.degrees(np.arctan2(p[:, 3] - p[:, 1], p[:, 2] - p[:, 0]))
    off = (angle + 45) % 90 - 45
    upright = np.abs((angle - off) % 180 - 90) < 1
    weight = length * np.where(upright, 2.0, 1.0)
    grid = np.arange(-40, 40.25, 0.5)
    votes = np.exp(-0.5 * ((grid[:, None] - off) / 1.2) ** 2) @ weight
    best = float(grid[votes.argmax()])
    agree = np.abs(off - best) < 2.5
    total = float(weight[agree].sum())
    if total < _ENOUGH or total < 0.45 * float(weight.sum()):
        # No angle has it, but photos are mostly level: a little is enough to say so.
        level = np.abs(off) < LEVEL
        return 0.0 if float(weight[level].sum()) > _LEVEL_ENOUGH else None
    return float(np.average(off[agree], weights=weight[agree]))
