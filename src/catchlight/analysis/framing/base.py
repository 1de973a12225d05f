"""What is seen of a subject before any turn: one upright plan, and each turn laid on it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.cutout.cutout import Cutout
from catchlight.analysis.face.landmarks import FACE_OVAL, LEFT_EYE, LIPS_OUTER, RIGHT_EYE
from catchlight.analysis.framing.inside import find_inner_picture
from catchlight.analysis.framing.layout import SIDE, STEP, Layout, lay_out
from catchlight.analysis.framing.level import Stance, judge_stance
from catchlight.analysis.framing.limits import draw_cover, find_forbidden
from catchlight.analysis.framing.tell import find_cuts
from catchlight.analysis.subject import Subject
from catchlight.arrays import Mask, Points, as_float
from catchlight.measured import measured, measured_once
from catchlight.pixels import geometry

#: Where on the plan the eyes lie.
EYES = np.array([SIDE / 2, SIDE * 0.42], np.float32)
#: Longer side of the view that lines are sought on, in pixels.
_LINES = 300
#: So far inside of a margin, in inter-eye distances, lie eyes and mouth. Tight crops that were
#: turned in a scan have their upper margin 0.8 above the eyes.
_CLEAR = 0.2


@dataclass(frozen=True, eq=False)
class Base:
    """A subject on an upright plan, before any turn.

    Attributes
    ----------
    subject : Subject
    cutout : Cutout, where the sitter is and where the photo's border cuts them
    to_plan : (2, 3) from photo pixels to the plan
    person, neighbours : (SIDE, SIDE), the sitter's silhouette, and other people's bodies
    pixels : (SIDE, SIDE, 3) uint8 sRGB
    corners : (n, 2), of the picture in photo pixels, clockwise: without bars and margins
    angle : float, degrees by which the picture is turned in its photo, clockwise
    margins : bool, whether there are any
    """

    subject: Subject
    cutout: Cutout
    to_plan: geometry.Transform
    person: Mask
    neighbours: Mask
    pixels: NDArray[np.uint8]
    corners: Points
    angle: float
    margins: bool

    @measured
    def stance(self) -> Stance:
        """What leans."""
        view, face = self.subject.view, self.subject.face
        h, w = view.pixels.shape[:2]
        factor = min(1.0, _LINES / max(h, w))
        size = (max(8, round(w * factor)), max(8, round(h * factor)))
        to_small = geometry.chain(view.transform, geometry.rescaling((h, w), size[::-1]))
        back = geometry.chain(geometry.invert(self.to_plan), to_small)
        return judge_stance(
            face.moved(self.to_plan),
            self.person,
            np.asarray(cv2.resize(view.pixels, size, interpolation=cv2.INTER_AREA), np.uint8),
            as_float(cv2.warpAffine(self.person, back, size)),
        )

    @property
    def askew(self) -> float:
        """Degrees by which the picture stands askew: as its scan lies, or as its stance says."""
        lean = self.stance.head
        if not self.angle:
            return self.stance.askew
        # Of the four ways in which a rectangle lies, the one nearest to the head's, and of two that
        # are as near the lesser turn: a head that lay on an arm threw its photo on its side.
        ways = [self.angle + 90 * k for k in (-1, 0, 1, 2)]
        angle = min(ways, key=lambda way: abs(lean - way) + 0.25 * abs(way))
        # A wedge beside an upright head was left by whoever turned the head upright.
        return angle if abs(lean - angle) < abs(lean) + 1 else self.stance.askew

    def lay_out(self, turn: float, *, stay_inside: bool) -> Turned:
        """Lay the subject out on a plan turned by ``turn`` degrees clockwise."""
        turning = geometry.similarity(1.0, turn, EYES, EYES)
        to_plan = geometry.chain(self.to_plan, turning)
        face = self.subject.face.moved(to_plan)
        person, neighbours, pixels = self.person, self.neighbours, self.pixels
        if turn:
            size = (SIDE, SIDE)
            person = as_float(cv2.warpAffine(person, turning, size))
            neighbours = as_float(cv2.warpAffine(neighbours, turning, size))
            pixels = np.asarray(cv2.warpAffine(pixels, turning, size), np.uint8)
        # The face is the person, whatever the segmentation says of it.
        person = np.maximum(person, geometry.fill_polygon(face.points[FACE_OVAL], SIDE, SIDE))
        covered, below = draw_cover(self.corners, to_plan, SIDE)
        # A body that the border cuts is continued no more where it is another's.
        bodies = np.maximum(person, neighbours)
        forbidden = find_forbidden(bodies, covered, below, stay_inside=stay_inside)
        others = tuple(other.moved(to_plan) for other in self.subject.faces[1:])
        layout = lay_out(face, person, pixels, covered, forbidden, others)
        cuts = find_cuts(
            self.cutout.cuts, self.cutout.content, to_plan, layout.head, face, layout.skin
        )
        return Turned(turn, to_plan, layout, cuts)


@dataclass(frozen=True, eq=False)
class Turned:
    """A subject laid out at one turn.

    Attributes
    ----------
    turn : float, degrees clockwise
    to_plan : (2, 3) from photo pixels
    layout : Layout
    cuts : whether the photo cuts the head's top, and a side of it
    """

    turn: float
    to_plan: geometry.Transform
    layout: Layout
    cuts: tuple[bool, bool]


@dataclass(frozen=True, eq=False)
class Laid:
    """What of the plan needs no cut-out; see :class:`Base`."""

    to_plan: geometry.Transform
    pixels: NDArray[np.uint8]
    corners: Points
    angle: float
    margins: bool


@measured_once
def lay_plan(subject: Subject) -> Laid:
    """Lay a subject on the upright plan, once for all frames; may be asked while it is cut out."""
    picture, face, view = subject.picture, subject.face, subject.view
    to_plan = geometry.similarity(STEP / face.ied, 0.0, face.eyes.mean(0), EYES)
    w, h = picture.width - 0.5, picture.height - 0.5
    corners = np.array([[-0.5, -0.5], [w, -0.5], [w, h], [-0.5, h]], np.float32)
    angle, found = 0.0, None
    whole = max(abs(view.transform[0, 2]), abs(view.transform[1, 2])) < 2
    if whole and view.pixels.size:
        found = find_inner_picture(view.pixels)
    if found is not None:
        inner = geometry.apply(geometry.invert(view.transform), found[0])
        # A margin that reaches into the face is none.
        features = face.points[[*RIGHT_EYE, *LEFT_EYE, *LIPS_OUTER]]
        inside = min(
            cv2.pointPolygonTest(inner, [float(x), float(y)], measureDist=True) for x, y in features
        )
        if inside > _CLEAR * face.ied:
            corners, angle = inner, found[1]
        else:
            found = None
    return Laid(to_plan, _see_pixels(subject, to_plan), corners, angle, found is not None)


def look_at(subject: Subject, cutout: Cutout) -> Base:
    """Look at a subject, cut out."""
    laid = lay_plan(subject)
    return Base(
        subject,
        cutout,
        laid.to_plan,
        cutout.over(laid.to_plan, SIDE, SIDE),
        cutout.over(laid.to_plan, SIDE, SIDE, field="others"),
        laid.pixels,
        laid.corners,
        laid.angle,
        laid.margins,
    )


def _see_pixels(subject: Subject, to_plan: geometry.Transform) -> NDArray[np.uint8]:
    """The photo on the plan, (SIDE, SIDE, 3) uint8, averaged where it is shrunk."""
    view = subject.view
    matrix = geometry.chain(geometry.invert(view.transform), to_plan)
    pixels, scale = view.pixels, geometry.scale_of(matrix)
    if scale < 0.6:
        h, w = pixels.shape[:2]
        size = (max(1, round(w * scale)), max(1, round(h * scale)))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
        matrix = geometry.chain(geometry.rescaling(pixels.shape, (h, w)), matrix)
    return np.asarray(cv2.warpAffine(pixels, matrix, (SIDE, SIDE)), np.uint8)
