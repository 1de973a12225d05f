"""The plan of a frame: level, scale and crop, decided once, before anything looks at its pixels."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.cutout.cutout import Cutout
from catchlight.analysis.face.landmarks import FACE_OVAL
from catchlight.analysis.frame import CROPS, SMALLEST, Frame
from catchlight.analysis.framing.compose import compose, find_forbidden, measure_head
from catchlight.analysis.subject import Subject
from catchlight.images import Picture
from catchlight.pixels import geometry

#: The plan: pixels per inter-eye distance, and how many of them it spans.
_PLAN_STEP, _PLAN_SPAN = 22.0, 15.0


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


def plan_frame(
    subject: Subject,
    crop: str,
    *,
    size: tuple[int, int] | int | None,
    stay_inside: bool,
    cutout: Cutout | None = None,
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
    cutout : Cutout, optional
        Where the sitter is; by default as the subject's own cut-out says.

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
    sitter = subject.cutout if cutout is None else cutout
    person = sitter.over(to_plan, side, side)
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
