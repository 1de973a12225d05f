"""What a person should know about a frame: what could not be had, and why it is as it is."""

from __future__ import annotations

import numpy as np

from catchlight.analysis.framing.compose import Place
from catchlight.analysis.framing.layout import SIDE, Layout, read_table
from catchlight.arrays import Mask

#: Share of the width off centre from which on it is said.
_OFF = 0.08
#: A head so many times as large as asked is said to be tight, and the other way.
_TIGHT, _LOOSE = 1.25, 0.75


def find_cuts(silhouette: Mask, covered: Mask) -> tuple[bool, bool]:
    """Whether the photo's border cuts the head at its top, and at a side.

    Where the head's silhouette (h, w) reaches the border over a quarter of an inter-eye distance.
    """
    seen = covered > 0.5
    head = (silhouette > 0.5) & seen
    # 2 plan pixels: the border's own pixels are not counted as covered.
    above, left, right = (np.ones_like(seen) for _ in range(3))
    above[2:] = seen[:-2]
    above[:2] = False
    left[:, 2:], right[:, :-2] = seen[:, :-2], seen[:, 2:]
    left[:, :2], right[:, -2:] = False, False
    top = (head & ~above).any(axis=0).sum()
    side = max((head & ~edge).any(axis=1).sum() for edge in (left, right))
    return bool(top >= SIDE / 60), bool(side >= SIDE / 60)


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
        said.append(f"{lost:.0%} of the head's outline does not fit the frame's shape in this photo")
    off = measure_offset(layout, place, aspect)
    if abs(off) > _OFF:
        side = "right" if off > 0 else "left"
        said.append(
            f"the face stands {abs(off):.0%} of the width to the {side} of the middle: on that "
            "side the photo ends, or cuts the body"
        )
    share = layout.head.height / place.height
    if share > _TIGHT * asked:
        said.append(f"a tight photo: the head fills {share:.0%} of the height instead of {asked:.0%}")
    return said
