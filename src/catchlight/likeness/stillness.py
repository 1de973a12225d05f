"""Stillness: whether anything moved between two pictures that were laid on each other.

In two photographs of one person the mouth, the lids and the gaze differ, the head turned by half a
degree, hair, collar and shoulders lie elsewhere: wherever a piece of one picture is found in the
other, it is found some way off. In one photograph, however it was lit, filtered, stored or cut, it
is found where it was, but for the few places that an edit moved; and where an edit moved all of
them (a lens correction), they still look the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Float, Mask, Points, as_float
from catchlight.pixels import filters

# Standard deviations in mm of the detail that is looked for: lashes, brows, strands, edges, moles.
_BAND = (0.5, 1.4)
# A piece is this many pixels wide (8 mm at 2 pixels a millimetre), and is looked for so far around.
_SIDE, _REACH = 16, 6
# The more detailed pieces of either picture, and those found again by chance are fewer below this.
_DETAILED, _FOUND = 40.0, 0.5
#: Median distance in mm that pieces moved. Over 17 photographs and 16 edits of each (files, light,
#: filters, a beauty app's four together, enlargement to 16 %) it was at most 0.29, over 84 pairs of
#: two photographs (41 of them in one studio, smiling and not) at least 0.57; the geometric middle.
STILL_MM = 0.41
#: Pieces that moved, but are alike by this correlation in three quarters of the face: two
#: photographs reached 0.90, a face through a lens correction keeps 0.95.
ALIKE = 0.93
# Fewer pieces than this show nothing.
_LEAST = 10
# Pieces in the face by which the two pictures are laid on each other again, to this many mm.
_CLOSE_MM = 0.25


@dataclass(frozen=True)
class Stillness:
    """How far pieces of one picture lie from where they lie in the other.

    Attributes
    ----------
    face, around : float or None
        Median distance in mm over the face and over what surrounds it; None with too few pieces.
    alike : float or None, correlation that three quarters of the face's pieces reach
    """

    face: float | None
    around: float | None
    alike: float | None

    @property
    def one(self) -> bool | None:
        """Whether the two are one photograph; None where too little shows."""
        moved = [v for v in (self.face, self.around) if v is not None]
        if not moved:
            return None
        return min(moved) < STILL_MM or (self.alike is not None and self.alike >= ALIKE)


def measure_stillness(before: Float, after: Float, inside: Mask, mm: float) -> Stillness:
    """Look for every detailed piece of ``before`` in ``after``.

    Parameters
    ----------
    before, after : (h, w) log luminance, laid on each other by a similarity
    inside : (h, w), the face
    mm : float, pixels per millimetre, about 2
    """
    pieces = _find(_detail(before, mm), _detail(after, mm), inside)
    if len(pieces) < _LEAST:
        return Stillness(None, None, None)
    detailed = pieces[:, 4] >= np.percentile(pieces[:, 4], _DETAILED)
    pieces = pieces[detailed & (pieces[:, 5] > _FOUND)]
    within = pieces[:, 6] > 0.5
    face = pieces[within]
    if len(face) < _LEAST:
        return Stillness(None, None, None)
    start, end = face[:, :2], face[:, 2:4]
    fit = _lay(as_float(start), as_float(end), _CLOSE_MM * mm)
    if fit is None:
        return Stillness(None, None, None)
    moved = np.hypot(*(pieces[:, 2:4] - pieces[:, :2] @ fit[:, :2].T - fit[:, 2]).T) / mm
    around = float(np.median(moved[~within])) if (~within).sum() >= _LEAST else None
    return Stillness(float(np.median(moved[within])), around, float(np.percentile(face[:, 5], 25)))


def _lay(start: Points, end: Points, within: float) -> NDArray[np.float64] | None:
    """The similarity that takes most points within that many pixels; None where there is none."""
    found = cv2.estimateAffinePartial2D(start, end, method=cv2.RANSAC, ransacReprojThreshold=within)
    return None if found[0] is None else np.asarray(found[0], np.float64)


def _detail(log: Float, mm: float) -> Float:
    return as_float(filters.blur(log, _BAND[0] * mm) - filters.blur(log, _BAND[1] * mm))


def _find(before: Float, after: Float, inside: Mask) -> NDArray[np.float64]:
    """Where each piece went.

    Rows of x, y before, x, y after, root of both contrasts, correlation, and share inside the face.
    """
    h, w = before.shape
    rows = []
    for y in range(_REACH, h - _SIDE - _REACH + 1, _SIDE // 2):
        for x in range(_REACH, w - _SIDE - _REACH + 1, _SIDE // 2):
            here = (slice(y, y + _SIDE), slice(x, x + _SIDE))
            wide = (slice(y - _REACH, y + _SIDE + _REACH), slice(x - _REACH, x + _SIDE + _REACH))
            piece = np.ascontiguousarray(before[here])
            spread = float(piece.std()) * float(after[here].std())
            if spread <= 1e-12:
                continue
            seen = cv2.matchTemplate(np.ascontiguousarray(after[wide]), piece, cv2.TM_CCOEFF_NORMED)
            row, column = np.unravel_index(int(seen.argmax()), seen.shape)
            down = row + _peak(seen[:, column], int(row)) - _REACH
            across = column + _peak(seen[row], int(column)) - _REACH
            face = float(inside[here].mean())
            found = float(seen[row, column])
            rows.append((x, y, x + across, y + down, spread**0.5, found, face))
    return np.array(rows, np.float64).reshape(-1, 7)


def _peak(line: NDArray[Any], at: int) -> float:
    """How far beside the largest sample a parabola through it and its neighbours has its top."""
    if not 0 < at < len(line) - 1:
        return 0.0
    a, b, c = (float(v) for v in line[at - 1 : at + 2])
    bend = a - 2 * b + c
    return 0.5 * (a - c) / bend if bend < -1e-9 else 0.0
