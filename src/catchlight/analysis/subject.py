"""The subject: the photo looked at once, before any frame is chosen. Who is in it, and where."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.cutout.ballot import Votes
from catchlight.analysis.cutout.borders import find_content
from catchlight.analysis.cutout.build import ask_networks, cut_out
from catchlight.analysis.cutout.cutout import Cutout
from catchlight.analysis.face.detect import detect_faces
from catchlight.analysis.face.mesh import Face, fit_mesh
from catchlight.analysis.face_crop import plan_face_crop
from catchlight.analysis.light.anchors import measure_top
from catchlight.analysis.light.around import Around, measure_around
from catchlight.analysis.parts.segment import PersonMask
from catchlight.analysis.restoration.source_faults import Faults, find_faults
from catchlight.analysis.upright import stand_up
from catchlight.arrays import Mask, Pixels
from catchlight.errors import FaceError
from catchlight.images import Picture
from catchlight.images.resample import resample_photo
from catchlight.measured import measured
from catchlight.pixels import geometry
from catchlight.pixels.grid import Box

#: Longer side of what the networks are shown.
VIEW = 1280
#: A mesh whose presence is below this is not a face.
_PRESENCE = 0.5


@dataclass(frozen=True)
class View:
    """What the networks see: an 8-bit sRGB picture and how photo pixels map into it."""

    pixels: NDArray[np.uint8]
    transform: geometry.Transform


@dataclass(frozen=True, eq=False)
class Subject:
    """A photo with its faces found and one of them chosen: what belongs to the photo, once.

    Attributes
    ----------
    picture : Picture
    faces : tuple of Face, in photo pixels, the chosen one first, then by size
    view : View, a closer look around the chosen face
    """

    picture: Picture
    faces: tuple[Face, ...]
    view: View

    @property
    def face(self) -> Face:
        """The chosen face, in photo pixels."""
        return self.faces[0]

    @property
    def others(self) -> int:
        """How many other faces the photo shows."""
        return len(self.faces) - 1

    @measured
    def person(self) -> PersonMask:
        """Which pixels of the view are the person whose face it is."""
        return PersonMask(self.view.pixels, self.face.moved(self.view.transform))

    @measured
    def cutout(self) -> Cutout:
        """The sitter cut out of the photo by what every machine has, at the head's own scale."""
        return self._cut("fast")

    @measured
    def fine_cutout(self) -> Cutout:
        """The same by the larger network: finer, and it takes a second."""
        return self._cut("fine")

    def cutout_by(self, engine: str) -> Cutout:
        """The cut-out of an engine, ``fast`` or ``fine``."""
        return self.fine_cutout if engine == "fine" else self.cutout

    @measured
    def content(self) -> Box:
        """The photo within its bars."""
        return find_content(self.picture.codes)

    @measured
    def around(self) -> Around:
        """What the photo shows around the face, within its bars: no frame decides on exposure."""
        top, draw = self._find_top(), partial(resample_photo, self.picture)
        return measure_around(top, self.face, self.content, draw=draw, person=self.person_over)

    def _find_top(self) -> float:
        """Log2 luminance of the brightest thing in the view."""
        x0, y0, x1, y1 = self.content
        corners = np.array([[x0, y0], [x1, y1]], np.float32)
        (left, top), (right, low) = geometry.apply(self.view.transform, corners).clip(0)
        part = self.view.pixels[int(top) : int(np.ceil(low)), int(left) : int(np.ceil(right))]
        return measure_top(part if part.size else self.view.pixels)

    def votes_by(self, engine: str) -> Votes:
        """What the networks of an engine say is the person."""
        return self._fine_votes if engine == "fine" else self._votes

    @measured
    def _votes(self) -> Votes:
        return self._ask("fast")

    @measured
    def _fine_votes(self) -> Votes:
        return self._ask("fine")

    def _ask(self, engine: str) -> Votes:
        person, to_view = self.person, self.view.transform
        return ask_networks(self.faces, person, to_view, self.content, engine=engine)

    def _cut(self, engine: str) -> Cutout:
        votes = self.votes_by(engine)
        return cut_out(
            self.picture,
            self.faces,
            self.person,
            self.view.transform,
            self.content,
            votes,
            engine=engine,
        )

    def person_over(self, frame: geometry.Transform, width: int, height: int) -> Mask:
        """Probability of *person*, (height, width), over what ``frame`` makes of photo pixels."""
        chain = geometry.chain(geometry.invert(self.view.transform), frame)
        return self.person.over(chain, width, height)

    @measured
    def close_up(self) -> Pixels:
        """The face at close range, level, (h, w, 3) linear P3; see :func:`plan_face_crop`."""
        return resample_photo(self.picture, *plan_face_crop(self.face))

    @measured
    def faults(self) -> Faults:
        """What is wrong with the photo as a source: blocks, noise, blur."""
        return find_faults(self.picture, self.face)


def _view(picture: Picture, box: tuple[int, int, int, int] | None = None) -> View:
    x0, y0, x1, y1 = box or (0, 0, picture.width, picture.height)
    pixels = replace(picture, codes=picture.codes[y0:y1, x0:x1]).preview(VIEW)
    fx, fy = pixels.shape[1] / (x1 - x0), pixels.shape[0] / (y1 - y0)
    shift = [(0.5 - x0) * fx - 0.5, (0.5 - y0) * fy - 0.5]
    return View(pixels, np.column_stack([np.diag([fx, fy]), shift]))


def _find(view: View) -> list[Face]:
    """Faces of a view that the mesh network confirms, one for each head."""
    kept: list[Face] = []
    for found in detect_faces(view.pixels):
        face = fit_mesh(view.pixels, found)
        if face.presence < _PRESENCE:
            continue
        near = any(np.linalg.norm(face.eyes.mean(0) - k.eyes.mean(0)) < 0.7 * k.ied for k in kept)
        if not near:
            kept.append(face)
    back = geometry.invert(view.transform)
    return [f.moved(back) for f in kept]


def _prominence(face: Face, width: int, height: int) -> float:
    """Size, confidence and nearness to the middle: whose portrait this is.

    A face that the photo's border cuts is a passer-by beside a whole one.
    """
    x, y = face.eyes.mean(0)
    within = (face.points >= 0) & (face.points <= [width, height])
    shown = float(within.all(1).mean())
    off = math.hypot((x - width / 2) / width, (y - height * 0.42) / height)
    frontal = 0.5 + 0.5 * max(0.0, math.cos(math.radians(face.pose.yaw)))
    return face.ied * face.presence**2 * frontal * shown**2 * (1.0 - 0.5 * min(off, 0.7))


def open_subject(
    picture: Picture, *, number: int | None = None, as_it_lies: bool = False
) -> Subject:
    """Find the faces of a photo and choose the sitter.

    Parameters
    ----------
    picture : Picture
        One that lies on its side or upside down is turned upright first; its notes then say so.
    as_it_lies : bool
        True: it is never turned.
    number : int, optional
        Which face, counted from 1 from left to right; by default the most prominent.

    Raises
    ------
    FaceError
        No face, or no face of that number.
    """
    whole, as_read = _view(picture), picture
    faces = _find(whole)
    if not as_it_lies:
        picture, faces = stand_up(picture, faces, lambda turned: _find(_view(turned)))
    if picture is not as_read:
        whole = _view(picture)
    if not faces:
        raise FaceError(
            f"{picture.name}: no face found. Use a photo in which both eyes can be seen and the "
            "head is at least about 40 pixels wide."
        )
    if number is not None:
        if not 1 <= number <= len(faces):
            raise FaceError(
                f"{picture.name}: there is no face {number}; {len(faces)} found, counted from 1, "
                "from left to right."
            )
        chosen = sorted(faces, key=lambda f: f.box[0])[number - 1]
    else:
        chosen = max(faces, key=lambda f: _prominence(f, picture.width, picture.height))
    others = sorted((f for f in faces if f is not chosen), key=lambda f: -f.ied)
    view, chosen = _look_closer(picture, chosen, whole)
    return Subject(picture, (chosen, *others), view)


def _look_closer(picture: Picture, face: Face, seen: View) -> tuple[View, Face]:
    """View 16 inter-eye distances around the face, and the mesh fitted again in it.

    ``seen``, the view of all of the photo, is enough where the face fills it.
    """
    x, y = face.eyes.mean(0)
    reach = 8.0 * face.ied
    box = (
        max(0, int(x - reach)),
        max(0, int(y - 0.75 * reach)),
        min(picture.width, int(x + reach) + 1),
        min(picture.height, int(y + 1.25 * reach) + 1),
    )
    whole = max(picture.width, picture.height)
    if whole <= VIEW or max(box[2] - box[0], box[3] - box[1]) > 0.8 * whole:
        return seen, face
    view = _view(picture, box)
    near = [f for f in _find(view) if np.linalg.norm(f.eyes.mean(0) - face.eyes.mean(0)) < face.ied]
    return view, (near[0] if near else face)
