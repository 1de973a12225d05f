"""The plan of a frame: level, scale and crop, decided once, before anything looks at its pixels.

Several turns are tried, and on each the place of least cost is sought; the photo's own crop is
tried too, and favoured a little: a frame that somebody chose is left unless a better one is found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from catchlight.analysis.cutout.cutout import Cutout
from catchlight.analysis.frame import CROPS, SMALLEST, Crop, Frame
from catchlight.analysis.framing.base import Base, Turned, look_at
from catchlight.analysis.framing.compose import Place, compose, weigh
from catchlight.analysis.framing.finish import is_inside, say_enlarged
from catchlight.analysis.framing.placed import Shares, place_frame
from catchlight.analysis.framing.tell import measure_offset, tell
from catchlight.analysis.subject import Subject
from catchlight.images import Picture
from catchlight.pixels import geometry

#: Degrees askew that cost 1: an eye sees 2, and minds 4. [judgement]
ASKEW = 4.0
#: What any frame but the photo's own costs, and any turn but none: first do no harm. [judgement]
MOVED, TURNED = 0.3, 0.4
#: The photo's own crop is a candidate where no more than this of a side has to go for the shape.
_TRIM = 0.03


@dataclass(frozen=True, eq=False)
class Candidate:
    """A frame that was tried: where it lies, what it costs, and whether it is the photo's own."""

    turned: Turned
    place: Place
    cost: float
    own: bool


def plan_frame(
    subject: Subject,
    crop: str,
    *,
    size: tuple[int, int] | int | None,
    stay_inside: bool,
    cutout: Cutout | None = None,
    head: float | None = None,
    place: Shares | None = None,
    turn: float | None = None,
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
    head : float, optional
        Chin to crown over the frame's height; by default the crop's own.
    place : (left, top, width, height), optional
        A person's own frame, in shares of the photo's width and height: nothing is decided then.
    turn : float, optional
        Degrees clockwise by which a person wants the photo turned; by default what its stance asks.

    Returns
    -------
    Frame
    """
    if place is not None:
        return place_frame(subject.picture, crop, place, turn=turn or 0.0, size=size)
    preset = CROPS[crop] if head is None else replace(CROPS[crop], head=head)
    if crop == "original" and turn is None:
        return _whole(subject.picture, size)
    if crop == "original":
        preset = replace(CROPS["headshot"], head=0.3)
    aspect = preset.width / preset.height
    if isinstance(size, tuple):
        aspect = size[0] / size[1]
    base = look_at(subject, subject.cutout if cutout is None else cutout)
    best = choose(base, preset, aspect, stay_inside=stay_inside, turn=turn)
    return _finish(base, best, preset, aspect, crop, size)


def choose(
    base: Base, crop: Crop, aspect: float, *, stay_inside: bool, turn: float | None
) -> Candidate:
    """Try turns and places, and keep the cheapest."""
    askew = base.askew
    turns = [0.0, -askew, -askew / 2] if askew else [0.0]
    # A whole scan whose head stands upright may lie askew or have been turned for the head: what a
    # frame can hold decides.
    whole = base.angle if len(base.corners) == 4 and not askew else 0.0
    turns += [-whole] if whole else []
    tried: list[Candidate] = []
    for degrees in turns if turn is None else [turn]:
        turned = base.lay_out(degrees, stay_inside=stay_inside)
        rest = 0.0 if whole else abs(askew + degrees) / ASKEW
        extra = 0.0 if turn is not None else min(rest * rest, 8 * rest - 16 if rest > 4 else 16.0)
        extra += TURNED if degrees else 0.0
        place = compose(turned.layout, crop, aspect)
        tried.append(Candidate(turned, place, place.cost + extra + MOVED, own=False))
        own = _own_place(base, turned, aspect)
        if own is not None:
            place = weigh(turned.layout, crop, aspect, own)
            tried.append(Candidate(turned, place, place.cost + extra, own=True))
    return min(tried, key=lambda c: c.cost)


def _own_place(base: Base, turned: Turned, aspect: float) -> tuple[float, float, float] | None:
    """The photo's own crop on a plan: left, top, height; None where its shape is another."""
    if len(base.corners) != 4 or abs((base.angle + turned.turn + 45) % 90 - 45) > 0.05:
        return None
    at = geometry.apply(turned.to_plan, base.corners)
    (left, top), (right, bottom) = (v.astype(float) for v in (at.min(0), at.max(0)))
    width, height = right - left, bottom - top
    kept = min(width, height * aspect)
    if kept < (1 - _TRIM) * width or kept / aspect < (1 - _TRIM) * height:
        return None
    return left + (width - kept) / 2, top + (height - kept / aspect) / 2, kept / aspect


def _finish(
    base: Base,
    best: Candidate,
    preset: Crop,
    aspect: float,
    crop: str,
    size: tuple[int, int] | int | None,
) -> Frame:
    """Turn a place on the plan into a frame with a size in pixels, and say what it cost."""
    place, to_plan, picture = best.place, best.turned.to_plan, base.subject.picture
    plan_scale = geometry.scale_of(to_plan)
    native = place.height / plan_scale * max(1.0, aspect)  # longer side, in photo pixels
    if isinstance(size, tuple):
        out_w, out_h = size
    else:
        full = max(preset.width, preset.height)
        longest = size or int(min(max(native, SMALLEST), full))
        longer_is_height = aspect <= 1
        out_h = longest if longer_is_height else round(longest / aspect)
        out_w = round(out_h * aspect) if longer_is_height else longest
    factor = out_h / place.height
    grow = np.array(
        [[factor, 0, -place.left * factor - 0.5], [0, factor, -place.top * factor - 0.5]]
    )
    transform = geometry.chain(to_plan, grow)
    scale = geometry.scale_of(transform)
    layout = best.turned.layout
    notes = [*say_enlarged(scale)]
    notes += tell(layout, place, aspect, preset.head, best.turned.cuts)
    inside = is_inside(transform, out_w, out_h, picture)
    return Frame(
        transform,
        out_w,
        out_h,
        crop,
        best.turned.turn,
        max(1.0, scale),
        inside,
        tuple(notes),
        head=layout.head.height / place.height,
        asked=preset.head,
        off_centre=measure_offset(layout, place, aspect),
        why=tuple(_explain(base, best, inside=inside)),
    )


def _explain(base: Base, best: Candidate, *, inside: bool) -> list[str]:
    """Say why the frame is as it is."""
    said = []
    turn, stance = best.turned.turn, base.stance
    if base.margins:
        said.append("the picture was found inside its margins")
    if turn and base.angle and (turn == -base.angle or base.askew != stance.askew):
        said.append(f"turned by {turn:+.1f} degrees, as the picture lies in its scan")
    elif turn and stance.said:
        said.append(f"turned by {turn:+.1f} degrees: {stance.said}")
    elif stance.said and not stance.askew:
        said.append(stance.said)
    elif stance.said:
        said.append(f"{stance.said}; left so, as a turned frame would cost more than it mends")
    if best.own:
        said.append("the photo's own crop was kept")
    if not inside:
        said.append("the ground is continued beyond the photo's border")
    return said


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
