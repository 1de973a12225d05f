"""Marks across photographs: a mole of one picture, looked for at its place on another's face.

A place on the face is a triangle of the mesh and where in it (barycentric), so that it goes along
with pose and expression. The mesh is right to about 2 mm there, so the mark is looked for within
3.5 mm, as what is darker than the ring around it by its own size.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from catchlight.analysis.face.canonical import canonical_face
from catchlight.analysis.marks.mark import Mark
from catchlight.arrays import Float, Points, as_float
from catchlight.likeness.aligned_face import AlignedFace
from catchlight.likeness.observation import Observation
from catchlight.measured import measured_once
from catchlight.pixels import filters

#: How far from its place a mark is looked for, in mm.
REACH_MM = 3.5
#: A mark can be looked for where its smaller picture has this many pixels across it.
_ACROSS_PX = 2.6
#: A triangle that shows less than this share of what it shows from the front is turned away.
_TURNED = 0.45
#: Sizes in mm and contrasts (natural density) of marks that a second photograph must show as well.
_LEAST_MM, _LEAST = 1.2, 0.08
_CERTAIN = 0.6
#: As many places are told in words.
_TOLD = 4


@dataclass(frozen=True)
class Sought:
    """A mark of a real photo, and what is at its place in another picture.

    Attributes
    ----------
    mark : Mark, in the real photo's pixels
    before, after : float, contrast there and here, natural density
    x, y : float, its place in the other picture's pixels
    """

    mark: Mark
    before: float
    after: float
    x: float
    y: float

    @property
    def share(self) -> float:
        """How much of its contrast is there."""
        return self.after / self.before


def say_places(names: Sequence[str]) -> str:
    """Say in words where the marks of these names lie: a name counts mm from between the eyes.

    >>> say_places(["l39d14", "r05u20"])
    '39 mm left and 14 mm down, 5 mm right and 20 mm up from between the eyes as one looks at them'
    """
    ways = {"l": "left", "r": "right", "u": "up", "d": "down"}
    told = []
    for name in names[:_TOLD]:
        steps = re.findall(r"([lrud])(\d+)", name)
        told.append(" and ".join(f"{int(far)} mm {ways[way]}" for way, far in steps))
    more = f", and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
    return f"{', '.join(told)} from between the eyes as one looks at them{more}"


@measured_once
def find_moles(photo: Observation) -> tuple[Mark, ...]:
    """The marks of a real photo that are sure to be permanent, and large enough to be found again.

    About 300 ms: the skin is searched. Those on the border of the face are left out.
    """
    return tuple(
        m
        for m in photo.marks
        if m.fate == "permanent"
        and m.kind in ("mole", "scar")
        and m.confidence >= _CERTAIN
        and m.diameter_mm >= _LEAST_MM
    )


def seek_moles(photo: Observation, other: Observation) -> list[Sought]:
    """Look for every mole of a real ``photo`` in an ``other`` picture.

    Left out are those that the other picture could not show: too small there, or turned away.
    """
    found = []
    here, there = photo.aligned, other.aligned
    for mark in find_moles(photo):
        if mark.diameter_mm * min(here.mm, there.mm) < _ACROSS_PX:
            continue
        at = as_float([mark.x, mark.y])
        place = _carry(at, photo, other)
        if place is None:
            continue
        before = _contrast(here, _to_view(here, at), mark.diameter_mm, 1.0)
        after = _contrast(there, _to_view(there, place), mark.diameter_mm, REACH_MM)
        if before is None or after is None or before < _LEAST:
            continue
        found.append(Sought(mark, before, after, float(place[0]), float(place[1])))
    return found


def _to_view(view: AlignedFace, at: Points) -> Points:
    matrix = view.to_aligned
    return as_float(matrix[:, :2] @ at + matrix[:, 2])


def _carry(at: Points, photo: Observation, other: Observation) -> Points | None:
    """The place of a point of one face on another; None where it is not seen there."""
    triangles = canonical_face().triangles
    here, there = photo.seen.points[:468][triangles], other.seen.points[:468][triangles]
    a, b, c = here[:, 0], here[:, 1], here[:, 2]
    area = _cross(b - a, c - a)
    area = np.where(np.abs(area) < 1e-6, 1e-6, area)
    share_b, share_c = _cross(at - a, c - a) / area, _cross(b - a, at - a) / area
    inside = (share_b >= -1e-3) & (share_c >= -1e-3) & (share_b + share_c <= 1 + 1e-3)
    if not inside.any():
        return None
    i = int(np.flatnonzero(inside)[np.argmax(np.abs(area[inside]))])
    p = there[i]
    shown = _cross(p[1] - p[0], p[2] - p[0]) / other.seen.ied**2
    if shown / (area[i] / photo.seen.ied**2) < _TURNED:
        return None
    return as_float(p[0] + share_b[i] * (p[1] - p[0]) + share_c[i] * (p[2] - p[0]))


def _cross(a: Float, b: Float) -> Float:
    return as_float(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])


def _contrast(view: AlignedFace, at: Points, diameter: float, reach: float) -> float | None:
    """How much darker a disc of that size is than the ring around it, the most within reach."""
    radius = max(0.5 * diameter * view.mm, 1.0)
    margin = int(np.ceil(reach * view.mm + 3.2 * radius + 2))
    x, y = round(float(at[0])), round(float(at[1]))
    w, h = view.size
    if not (margin <= x < w - margin and margin <= y < h - margin):
        return None
    part = -view.log[y - margin : y + margin + 1, x - margin : x + margin + 1]
    disc, ring = filters.blur(part, 0.6 * radius), filters.blur(part, 1.8 * radius)
    stands_out = as_float(disc - ring)
    yy, xx = np.mgrid[-margin : margin + 1, -margin : margin + 1]
    near = np.hypot(yy, xx) <= max(reach * view.mm, 1.0)
    return float(stands_out[near].max())
