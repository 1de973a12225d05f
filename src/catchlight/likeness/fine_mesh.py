"""A mesh made finer: where the features of one photograph lie in another, by their own detail.

The mesh network knows faces and draws what faces are like: of eyes enlarged by 8 % it shows 2, of a
nose slimmed by 8 % it shows 2. So both faces are laid on each other by their meshes, and what local
detail (lids, wings of the nose, the jaw's edge) still moves from one to the other is added. What is
left is the shape that is in the picture: of 8 % it shows 7 to 10.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Float, Mask, Points, as_float
from catchlight.likeness.motion import follow_detail
from catchlight.likeness.observation import Observation
from catchlight.pixels import filters, geometry

#: How far beyond the face is looked, in mm.
_EDGE_MM = 6.0


def find_again(photo: Observation, result: Observation) -> Face:
    """Find the features of ``photo`` in ``result``: the result's face with a finer mesh; 60 ms."""
    here, there = photo.aligned, result.aligned
    log, inside, mm = here.coarse
    later = there.coarse[0]
    to_here = _to_coarse(photo)
    to_there = _to_coarse(result)
    start = geometry.apply(to_here, photo.seen.points)
    goal = geometry.apply(to_there, result.seen.points)
    fit = geometry.estimate_similarity(start, goal)
    carried = carry(later, fit, start, as_float(goal - geometry.apply(fit, start)), log.shape, mm)
    looked_at = _widen(inside, mm)
    moved = follow_detail(log, carried, looked_at, mm)
    h, w = log.shape
    at = np.clip(np.round(start).astype(int), 0, [w - 1, h - 1])
    seen = looked_at[at[:, 1], at[:, 0]] > 0.05
    more = (moved[at[:, 1], at[:, 0]] * seen[:, None]) @ fit[:, :2].T
    mesh = result.seen.mesh.copy()
    mesh[:, :2] = geometry.apply(geometry.invert(to_there), as_float(goal + more))
    return replace(result.seen, mesh=mesh)


def _widen(inside: Mask, mm: float) -> Mask:
    """The face and its edge: where the jaw ends is told by what lies beyond it."""
    reach = max(1, round(_EDGE_MM * mm))
    grown = cv2.dilate(inside, np.ones((3, 3), np.uint8), iterations=reach)
    return filters.smoothstep(filters.blur(as_float(grown), mm), 0.05, 0.5)


def _to_coarse(observation: Observation) -> geometry.Transform:
    view = observation.aligned
    shrink = geometry.rescaling(view.size[::-1], view.coarse[0].shape)
    return geometry.chain(view.to_aligned, shrink)


def carry(
    later: Float,
    fit: geometry.Transform,
    start: Points,
    beyond: Points,
    shape: tuple[int, ...],
    mm: float,
) -> Float:
    """Draw the later picture where the earlier one's points lie; smooth between them."""
    h, w = shape
    step = max(1.0, mm)
    width, height = int(w / step) + 1, int(h / step) + 1
    field, known = np.zeros((height, width, 2), np.float32), np.zeros((height, width), np.float32)
    at = np.clip(np.round(start / step).astype(int), 0, [width - 1, height - 1])
    field[at[:, 1], at[:, 0]] = beyond
    known[at[:, 1], at[:, 0]] = 1
    filled = filters.blur(filters.fill_outside(field, known, 1.0), 1.0)
    grown = cv2.resize(filled, (w, h), interpolation=cv2.INTER_CUBIC)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    mx = fit[0, 0] * x + fit[0, 1] * y + fit[0, 2] + grown[..., 0]
    my = fit[1, 0] * x + fit[1, 1] * y + fit[1, 2] + grown[..., 1]
    edge = cv2.BORDER_REPLICATE
    return as_float(cv2.remap(later, as_float(mx), as_float(my), cv2.INTER_LINEAR, borderMode=edge))
