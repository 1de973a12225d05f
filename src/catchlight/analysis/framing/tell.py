"""What a person should know about a frame: what could not be had, and why it is as it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.cutout.cutout import Cut
from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.framing.compose import Place
from catchlight.analysis.framing.head import HAIR_HIGH, HAIR_WIDE, HeadExtent
from catchlight.analysis.framing.layout import Layout, read_table
from catchlight.pixels import geometry
from catchlight.pixels.grid import Box

#: Share of the width off centre from which on it is said.
_OFF = 0.08
#: A cut of the head's silhouette is said from this length on, in heads: 18 mm.
_CUT = 0.08
#: Below this share of the way from eyes to chin a shoulder may be meant; what cuts a head at its
#: side cuts it higher, too, where it is wider.
_JAW = 0.5
#: Skin so far beside the eyes' middle, in inter-eye distances, is an arm's: ears end at 1.4.
_ARM = 1.6
#: A head so many times as large as asked is said to be tight.
_TIGHT = 1.25


def find_cuts(
    cuts: tuple[Cut, ...],
    content: Box,
    to_plan: geometry.Transform,
    head: HeadExtent,
    face: Face,
    skin: NDArray[np.bool_] | None = None,
) -> tuple[bool, bool]:
    """Whether the photo's border cuts the head at its top, and at a side.

    What counts lies in the oval of head and hair that
    :func:`~catchlight.analysis.framing.head.draw_head` draws, closed below, on the head's own axes:
    beside the jaw of a leaning head stands a shoulder; that a border cuts it says nothing of the
    head.

    Parameters
    ----------
    cuts : of the sitter's silhouette
    content : Box, the photo within its bars, whose sides cut
    to_plan : (2, 3) from photo pixels
    head : HeadExtent on the plan
    face : Face on the plan
    skin : (h, w) bool, where the plan shows skin: arms that are raised beside a head
    """
    top = side = False
    eyes, chin = face.eyes.mean(0), face.points[CHIN]
    down = (chin - eyes) / max(float(np.hypot(*(chin - eyes))), 1e-6)
    low = float((chin - eyes) @ down)
    high = max(head.eyes - min(head.hair, head.crown), low) * HAIR_HIGH
    across, tall = HAIR_WIDE * face.ied, (low + high) / 2
    for cut in cuts:
        along = np.linspace(cut.start, cut.end, 60)
        fixed = dict(zip(("left", "top", "right", "bottom"), content, strict=True))
        still = np.full(60, float(fixed[cut.side]))
        upright = cut.side in ("left", "right")
        points = np.stack([still, along] if upright else [along, still], 1).astype(np.float32)
        at = geometry.apply(to_plan, points)
        off = at - eyes - down * (low - high) / 2
        along_head, beside_head = off @ down, off @ np.array([down[1], -down[0]])
        within = (beside_head / across) ** 2 + (along_head / tall) ** 2 < 1
        within &= (at - eyes) @ down < _JAW * low
        if skin is not None:
            # A little inside, as the plan's pixels on the border are mixed.
            x, y = np.rint(at + (eyes - at) * 0.04).astype(int).clip(0, len(skin) - 1).T
            within &= ~(skin[y, x] & (np.abs(beside_head) > _ARM * face.ied))
        span = float(np.hypot(*(at[-1] - at[0]))) * float(within.mean())
        if span < _CUT * head.height:
            continue
        if abs(float(at[-1, 0] - at[0, 0])) > abs(float(at[-1, 1] - at[0, 1])):
            top = True
        else:
            side = True
    return top, side


def measure_offset(layout: Layout, place: Place, aspect: float) -> float:
    """How far the face stands right of the middle, share of the width."""
    x0, _, x1, _ = layout.box
    width = place.height * aspect
    return ((x0 + x1) / 2 - place.left - width / 2) / width


def tell(
    layout: Layout, place: Place, aspect: float, asked: float, cuts: tuple[bool, bool]
) -> list[str]:
    """Say what could not be had; every sentence is measured on the frame.

    Parameters
    ----------
    layout : Layout
    place : Place
    aspect : float
    asked : float, head size that was asked for, chin to crown over the height
    cuts : whether the photo cuts the head's top and side
    """
    said = []
    width = place.height * aspect
    box = (place.left, place.top, place.left + width, place.top + place.height)
    x0, y0, x1, y1 = (np.array([v], np.float32) for v in box)
    lost = 1 - float(read_table(layout.hair, x0, y0, x1, y1)[0]) / layout.area
    if cuts[0]:
        said.append("the photo cuts the top of the head, so the frame does too")
    elif cuts[1]:
        said.append("the photo cuts a side of the head, so the frame does too")
    if lost > 0.03:
        said.append(f"{lost:.0%} of the head does not fit the frame's shape in this photo")
    off = measure_offset(layout, place, aspect)
    if abs(off) > _OFF:
        side = "right" if off > 0 else "left"
        said.append(
            f"the face stands {abs(off):.0%} of the width to the {side} of the middle: on that "
            "side the photo ends, or cuts the body"
        )
    share = layout.head.height / place.height
    if share > _TIGHT * asked:
        said.append(
            f"a tight photo: the head fills {share:.0%} of the height instead of {asked:.0%}"
        )
    return said
