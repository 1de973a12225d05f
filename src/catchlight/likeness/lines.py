"""Lines: crow's feet, lines of the forehead and the creases of a smile: the sitter's age."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.analysis.face import landmarks
from catchlight.arrays import Float, Mask, as_float
from catchlight.likeness.aligned_face import AlignedFace
from catchlight.likeness.component import Finding, grade, unseen
from catchlight.likeness.register import Pair
from catchlight.measured import measured_once
from catchlight.pixels import filters, geometry

#: Share of the ridges' contrast (science.md 11.2, row 11).
_GOOD, _BAD = 0.75, 0.40
#: Scale of a line: standard deviation of its darkness across, in mm; and its band.
_WIDTH_MM = 0.7
#: A ridge counts from this curvature (natural density per scale) and this many times the typical.
_LEAST, _TIMES = 0.02, 3.0
#: Lines are judged where there are this many square millimetres of them.
_AREA_MM2 = 12.0
#: Pixels per millimetre that show a line: two across it.
_RESOLVED = 1.4
#: The band of a line's darkness, standard deviations in mm, and the part of a place it covers.
_BAND, _DEEP = (0.7, 2.0), 90.0
_EYES = (landmarks.RIGHT_EYE, landmarks.LEFT_EYE)


def measure_lines(pair: Pair) -> Finding:
    """Measure how much of the photo's lines is left: coherent contrast along its own ridges."""
    view = pair.view
    mm = view.coarse[2]
    if mm < _RESOLVED:
        return unseen("the photo is too small to resolve lines", moot=True)
    before, ridges = _find(view)
    after = _contrast(pair.coarse, mm)
    kept: dict[str, float] = {}
    for place, at in ridges.items():
        if at.sum() >= _AREA_MM2 * mm**2:
            b, a = before[at], after[at]
            kept[place] = float((b * a).sum() / (b * b).sum())
    if not kept:
        said = "no lines deep enough to be told from noise: none can be lost"
        return unseen(said, moot=True)
    worst = min(kept, key=lambda k: kept[k])
    value = kept[worst]
    score = grade(value, 1.0, _GOOD, _BAD)
    said = f"{min(value, 1):.0%} of the depth of the lines is kept ({worst})"
    return Finding(value, score, said, low=_GOOD, details={"kept": kept})


@measured_once
def measure_depths(view: AlignedFace) -> dict[str, float]:
    """Measure how deep the lines of each place are, in any one picture; 15 ms.

    Returns
    -------
    dict of place to the natural logarithm of what its darkest tenth lacks to the skin around it, in
    natural density; empty where the picture does not resolve lines
    """
    log, inside, mm = view.coarse
    h, w = inside.shape
    if mm < _RESOLVED:
        return {}
    skin = filters.resize(view.face_skin, w, h) * (inside > 0.2)
    known = as_float(skin > 0.3)
    wide, fine = (filters.blur_inside(log, known, s * mm) for s in reversed(_BAND))
    dark = wide - fine
    out: dict[str, float] = {}
    for place, at in _places(view.face_crop.face.points * (mm / view.mm), mm, w, h).items():
        here = (at > 0.5) & (skin > 0.5)
        if here.sum() >= _AREA_MM2 * mm**2:
            out[place] = float(np.log(max(float(np.percentile(dark[here], _DEEP)), 1e-4)))
    return out


def _contrast(log: Float, mm: float) -> Float:
    """Darkness against the surroundings, natural density, in the band of lines."""
    return as_float(filters.blur(log, 2.0 * mm) - filters.blur(log, 0.3 * mm))


@measured_once
def _find(view: AlignedFace) -> tuple[Float, dict[str, np.ndarray]]:
    """The photo's contrast and where its ridges are, per place."""
    log, inside, mm = view.coarse
    y = filters.blur(-log, _WIDTH_MM * mm)
    scale = 0.25 * (_WIDTH_MM * mm) ** 2
    xx, yy, xy = (
        cv2.Sobel(y, cv2.CV_32F, *order, ksize=3) * scale for order in ((2, 0), (0, 2), (1, 1))
    )
    mean, root = (xx + yy) / 2, np.sqrt(((xx - yy) / 2) ** 2 + xy**2)
    # A dark line: strongly curved across, hardly along.
    ridge = np.maximum(-(mean - root) - np.abs(mean + root), 0)
    h, w = inside.shape
    skin = filters.resize(view.face_skin, w, h) * (inside > 0.2)
    typical = float(np.median(ridge[skin > 0.5])) if (skin > 0.5).any() else 0.0
    strong = (ridge > max(_LEAST, _TIMES * typical)) & (skin > 0.3)
    face = view.face_crop.face.points * (mm / view.mm)
    places = {k: strong & (m > 0.5) for k, m in _places(face, mm, w, h).items()}
    return _contrast(log, mm), places


def _places(p: Float, mm: float, w: int, h: int) -> dict[str, Mask]:
    """Where lines are looked for."""
    along = p[263] - p[33]
    along = along / max(float(np.linalg.norm(along)), 1e-6)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)

    def disc(at: Float, radius: float) -> Mask:
        return as_float(np.hypot(x - at[0], y - at[1]) < radius * mm)

    feet = np.maximum(disc(p[33] - 13 * mm * along, 11), disc(p[263] + 13 * mm * along, 11))
    forehead = geometry.fill_polygon(
        p[[54, 103, 67, 109, 10, 338, 297, 332, 284, 334, 296, 336, 9, 107, 66, 105]], w, h
    )
    folds = np.zeros((h, w), np.uint8)
    for line in ([129, 203, 206, 216, 212], [358, 423, 426, 436, 432]):
        corners = np.round(p[line]).astype(np.int32)
        wide = max(1, round(9 * mm))
        cv2.polylines(folds, [corners], isClosed=False, color=1, thickness=wide)
    eyes = np.maximum(*(geometry.fill_polygon(p[r], w, h) for r in _EYES))
    return {
        "crow's feet": as_float(feet * (eyes < 0.5)),
        "forehead": forehead,
        "smile creases": as_float(folds),
    }
