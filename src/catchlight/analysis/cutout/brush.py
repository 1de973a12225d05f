"""Strokes laid on a finished cut-out: obeyed at once, no network runs again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np

from catchlight.analysis.cutout.cutout import Cutout
from catchlight.analysis.cutout.stroke import Stroke
from catchlight.analysis.face.mesh import IED_MM, Face
from catchlight.arrays import Mask, as_float
from catchlight.pixels import filters, geometry, matting

#: The middle of a stroke, as a share of its radius, is obeyed to the letter; its rim follows the
#: picture's own edges, as nobody paints along single hairs. The rim reaches so many mm further.
_CORE, _RIM = 0.6, 1.5
#: Bits of OpenCV's fixed-point coordinates.
_SHIFT = 4


def to_face(face: Face) -> geometry.Transform:
    """The way from the pixels of ``face`` to millimetres from between its eyes."""
    left, right = face.eyes
    turn = float(np.degrees(np.arctan2(right[1] - left[1], right[0] - left[0])))
    return geometry.similarity(IED_MM / face.ied, -turn, face.eyes.mean(0), np.zeros(2, np.float32))


def obey(cutout: Cutout, strokes: Sequence[Stroke]) -> Cutout:
    """Lay strokes on a cut-out, in their order: a later one paints over an earlier one.

    Parameters
    ----------
    cutout : Cutout
    strokes : sequence of Stroke

    Returns
    -------
    Cutout
        The same one where there are no strokes. Beyond the strokes' rims not a sample is changed.

    Notes
    -----
    The closed form is solved in the rims alone, within a box around the strokes: about 30 ms.
    """
    if not strokes:
        return cutout
    kept, removed, rim = _paint(cutout, strokes)
    alpha = np.where(kept, 1, np.where(removed, 0, cutout.alpha)).astype(np.float32)
    rim &= ~(kept | removed)
    if rim.any():
        alpha = _solve_rim(cutout, alpha, rim)
    wide = _paint_wide(cutout, strokes)
    return replace(
        cutout,
        alpha=alpha,
        wide=wide,
        confidence=as_float(np.where(kept | removed, 1, cutout.confidence)),
        others=as_float(np.where(kept, 0, cutout.others)),
        clothes=as_float(np.where(removed, 0, np.minimum(cutout.clothes, alpha))),
    )


def _paint(cutout: Cutout, strokes: Sequence[Stroke]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Masks over the grid: surely kept, surely removed, and the strokes with their rims."""
    h, w = cutout.alpha.shape
    to_grid = geometry.invert(to_face(cutout.face))
    kept, removed, rim = (np.zeros((h, w), bool) for _ in range(3))
    for stroke in strokes:
        core = draw_stroke(stroke, to_grid, (w, h), _CORE * stroke.radius)
        rim |= draw_stroke(stroke, to_grid, (w, h), stroke.radius + _RIM)
        if stroke.kind == "keep":
            kept, removed = kept | core, removed & ~core
        else:
            kept, removed = kept & ~core, removed | core
    return kept, removed, rim


def draw_stroke(
    stroke: Stroke, to_grid: geometry.Transform, size: tuple[int, int], radius: float
) -> np.ndarray:
    """What a brush of ``radius`` mm covers along a stroke, (h, w) bool.

    ``to_grid`` takes millimetres of the face to samples; ``size`` is (width, height).
    """
    out = np.zeros(size[::-1], np.uint8)
    at = geometry.apply(to_grid, as_float(stroke.points))
    fixed = np.round(at * 2**_SHIFT).astype(np.int32)
    reach = max(radius * geometry.scale_of(to_grid), 0.5)
    for start, end in pairwise(fixed):
        ends = (start.tolist(), end.tolist())
        cv2.line(out, *ends, 1, max(1, round(2 * reach)), cv2.LINE_8, _SHIFT)
    for point in fixed:
        cv2.circle(out, point.tolist(), round(reach * 2**_SHIFT), 1, -1, cv2.LINE_8, _SHIFT)
    return out > 0


def _solve_rim(cutout: Cutout, alpha: Mask, rim: np.ndarray) -> Mask:
    """Alpha in the strokes' rims, between what is known on both sides of them."""
    rows, columns = np.nonzero(rim.any(axis=1))[0], np.nonzero(rim.any(axis=0))[0]
    margin = max(8, round(10 * cutout.face.px_per_mm))
    h, w = alpha.shape
    box = (
        slice(max(0, int(rows[0]) - margin), min(h, int(rows[-1]) + margin + 1)),
        slice(max(0, int(columns[0]) - margin), min(w, int(columns[-1]) + margin + 1)),
    )
    part, open_ = alpha[box], rim[box]
    sure = as_float((part > 0.98) & ~open_)
    clear = as_float((part < 0.02) & ~open_)
    # What is half clear outside the strokes stays as it was: it steers, and is put back.
    solved = matting.estimate_alpha(matting.root_code(cutout.pixels[box]), sure, clear, part)
    solved = np.clip((solved - 0.07) / 0.88, 0, 1)
    out = alpha.copy()
    out[box] = np.where(open_, solved, part)
    return as_float(out)


def _paint_wide(cutout: Cutout, strokes: Sequence[Stroke]) -> Mask:
    """The coarse alpha of the whole photo with the strokes on it."""
    h, w = cutout.wide.shape
    to_photo = geometry.chain(geometry.invert(to_face(cutout.face)), cutout.grid.matrix)
    to_wide = geometry.chain(to_photo, geometry.rescaling(cutout.size[::-1], (h, w)))
    wide = cutout.wide.copy()
    for stroke in strokes:
        where = draw_stroke(stroke, to_wide, (w, h), stroke.radius)
        wide[where] = 1.0 if stroke.kind == "keep" else 0.0
    return filters.resize(wide, w, h)
