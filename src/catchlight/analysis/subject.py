"""A subject: the photo looked at once, before any frame is chosen. Who is in it, and where."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.detect import detect_faces
from catchlight.analysis.face.landmarks import FACE_OVAL
from catchlight.analysis.face.mesh import Face, fit_mesh
from catchlight.analysis.frame import (
    CROPS,
    SMALLEST,
    Frame,
    choose_turn,
    compose,
    find_forbidden,
    measure_head,
)
from catchlight.analysis.parts.segment import segment_person
from catchlight.errors import FaceError
from catchlight.images import Picture
from catchlight.pixels import geometry

#: Longer side of what the networks are shown.
VIEW = 1280
#: A mesh whose presence is below this is not a face.
_PRESENCE = 0.5
#: The plan: pixels per inter-eye distance, and how many of them it spans.
_PLAN_STEP, _PLAN_SPAN = 22.0, 15.0


@dataclass(frozen=True)
class View:
    """What the networks see: an 8-bit sRGB picture and how photo pixels map into it."""

    pixels: NDArray[np.uint8]
    transform: geometry.Transform


@dataclass(frozen=True)
class Subject:
    """A photo with its faces found and one of them chosen.

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
    """Size, confidence and nearness to the middle: whose portrait this is."""
    x, y = face.eyes.mean(0)
    off = math.hypot((x - width / 2) / width, (y - height * 0.42) / height)
    frontal = 0.5 + 0.5 * max(0.0, math.cos(math.radians(face.pose.yaw)))
    return face.ied * face.presence**2 * frontal * (1.0 - 0.5 * min(off, 0.7))


def open_subject(picture: Picture, *, number: int | None = None) -> Subject:
    """Find the faces of a photo and choose the sitter.

    Parameters
    ----------
    picture : Picture
    number : int, optional
        Which face, counted from 1 from left to right; by default the most prominent.

    Raises
    ------
    FaceError
        No face, or no face of that number.
    """
    faces = _find(_view(picture))
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
    view, chosen = _look_closer(picture, chosen)
    return Subject(picture, (chosen, *others), view)


def _look_closer(picture: Picture, face: Face) -> tuple[View, Face]:
    """View 16 inter-eye distances around the face, and the mesh fitted again in it."""
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
        return _view(picture), face
    view = _view(picture, box)
    near = [f for f in _find(view) if np.linalg.norm(f.eyes.mean(0) - face.eyes.mean(0)) < face.ied]
    return view, (near[0] if near else face)


def plan_frame(
    subject: Subject, crop: str, *, size: tuple[int, int] | int | None, stay_inside: bool
) -> Frame:
    """Plan the frame of a subject.

    Parameters
    ----------
    subject : Subject
    crop : str, a name of ``CROPS``
    size : (width, height), the longer side, or None
        None: as large as the source gives, between 800 and the preset's full size.
    stay_inside : bool
        True where the photo's own background is kept: the frame then shows only photo.

    Returns
    -------
    Frame
    """
    preset = CROPS[crop]
    picture, face = subject.picture, subject.face
    if crop == "original":
        return _whole(picture, size)
    turn = choose_turn(face.pose.roll)
    plan_scale = _PLAN_STEP / face.ied
    side = round(_PLAN_STEP * _PLAN_SPAN)
    target = np.array([side / 2, side * 0.42], np.float32)
    to_plan = geometry.similarity(plan_scale, turn, face.eyes.mean(0), target)
    level = face.moved(to_plan)
    view_to_plan = geometry.chain(geometry.invert(subject.view.transform), to_plan)
    view_face = face.moved(subject.view.transform)
    person = segment_person(subject.view.pixels, view_face, view_to_plan, side, side)
    # The face is the person, whatever the segmentation says of it.
    person = np.maximum(person, geometry.fill_polygon(level.points[FACE_OVAL], side, side))
    covered, below = _cover(picture, to_plan, side)
    forbidden = find_forbidden(person, covered, below, stay_inside=stay_inside)
    head = measure_head(level, person * covered)
    aspect = preset.width / preset.height
    if isinstance(size, tuple):
        aspect = size[0] / size[1]
    left, top, height = compose(head, forbidden, preset, aspect)
    return _finish(subject, to_plan, (left, top, height), aspect, crop, size, turn, head.hair)


def _cover(
    picture: Picture, to_plan: geometry.Transform, side: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Masks over the plan: where the photo is, and what lies beneath its lower border."""
    w, h = picture.width - 0.5, picture.height - 0.5
    # On a plan turned by quarters another side of the photo is the lower one.
    angle = math.degrees(math.atan2(to_plan[1, 0], to_plan[0, 0]))
    low = round(-angle / 90) % 4
    corners = [(-0.5, h), (w, h), (w, -0.5), (-0.5, -0.5)]
    corners = corners[-low:] + corners[:-low]
    left, right = geometry.apply(to_plan, np.array(corners[:2], np.float32))
    along = (right - left) * 4
    down = np.array([-along[1], along[0]])
    wedge = np.array([left - along, right + along, right + along + down, left - along + down])
    below = geometry.fill_polygon(wedge.astype(np.float32), side, side)
    # A plan pixel counts as covered only where all of it shows photo.
    y, x = np.mgrid[0:side, 0:side]
    points = np.stack([x.ravel(), y.ravel()], 1).astype(np.float32)
    at = geometry.apply(geometry.invert(to_plan), points)
    margin = 0.71 / geometry.scale_of(to_plan) - 0.5
    inside = (at >= margin).all(1) & (
        at <= [picture.width - 1 - margin, picture.height - 1 - margin]
    ).all(1)
    covered = inside.reshape(side, side).astype(np.float32)
    return covered, below * (covered < 0.5)


def _finish(
    subject: Subject,
    to_plan: geometry.Transform,
    place: tuple[float, float, float],
    aspect: float,
    crop: str,
    size: tuple[int, int] | int | None,
    turn: float,
    hair: float,
) -> Frame:
    """Turn a place on the plan into a frame with a size in pixels, and say what it cost."""
    left, top, height = place
    plan_scale = geometry.scale_of(to_plan)
    native = height / plan_scale * max(1.0, aspect)  # longer side, in photo pixels
    preset = CROPS[crop]
    if isinstance(size, tuple):
        out_w, out_h = size
    else:
        full = max(preset.width, preset.height)
        longest = size or int(min(max(native, SMALLEST), full))
        longer_is_height = aspect <= 1
        out_h = longest if longer_is_height else round(longest / aspect)
        out_w = round(out_h * aspect) if longer_is_height else longest
    factor = out_h / height
    grow = np.array([[factor, 0, -left * factor - 0.5], [0, factor, -top * factor - 0.5]])
    transform = geometry.chain(to_plan, grow)
    scale = geometry.scale_of(transform)
    notes = []
    if scale > 1.05:
        notes.append(f"small source: enlarged {scale:.1f} times; it cannot be sharper than it was")
    if hair < top - 1:
        notes.append("the photo cuts the top of the hair, so the frame does too")
    corners = np.array([[0, 0], [out_w - 1, 0], [0, out_h - 1], [out_w - 1, out_h - 1]], np.float32)
    back = geometry.apply(geometry.invert(transform), corners)
    limit = np.array([subject.picture.width, subject.picture.height]) - 0.5
    inside = bool((back >= -0.6).all() and (back <= limit + 0.1).all())
    return Frame(transform, out_w, out_h, crop, turn, max(1.0, scale), inside, tuple(notes))


def _whole(picture: Picture, size: tuple[int, int] | int | None) -> Frame:
    """The photo's own frame; ``size`` fits it inside without distortion."""
    w, h = picture.width, picture.height
    if size is None:
        factor = 1.0
    elif isinstance(size, tuple):
        factor = min(size[0] / w, size[1] / h)
    else:
        factor = size / max(w, h)
    out = (max(1, round(w * factor)), max(1, round(h * factor)))
    transform = geometry.rescaling((h, w), out[::-1])
    return Frame(transform, *out, "original", turn=0.0, enlarged=max(1.0, factor), inside=True)
