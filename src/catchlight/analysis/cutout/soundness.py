"""Soundness: how far a cut-out can be trusted, from what it shows itself. It never sees the truth.

Vocabulary: the *outline* is where alpha crosses a half, around head and neck and away from the
photo's own border; a *fault* is one number about it, 0 where nothing is wrong; the *score* is the
odds that nobody sees a fault, as a logistic sum of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.cutout.support import measure_support
from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import channels, colour, filters, morphology

Bits = NDArray[np.bool_]
#: How far below the chin the outline is looked at, and how far to either side of the eyes, in
#: inter-eye distances.
_BELOW, _BESIDE = 0.6, 2.6
#: Yaw in degrees from which on the two sides of a head are not compared.
_TURNED = 30.0
#: Each fault with its weight in the logistic sum of log(1 + 10 fault), and its words. Fitted, none
#: below 0, to 360 composites with known truth and to 87 real cut-outs that were looked at; that of
#: *doubted* and the bias to 171 more, of 202 photos before paper, which a new fit of all would not
#: rank better than this in folds by person.
_WEIGHTS: Mapping[str, tuple[float, str]] = MappingProxyType(
    {
        "undecided": (1.2, "parts of the outline are half-transparent over a stretch"),
        "hazy": (0.8, "there is a haze beside the outline"),
        "missed": (1.9, "the person's colours go on outside the outline"),
        "uneven": (0.45, "one ear is cut away"),
        "lopsided": (1, "one side of the head reaches much farther than the other"),
        "crooked": (0.6, "one side of the head reaches farther here and less far there"),
        "doubted": (1.2, "what finds the person disagrees beside the head"),
        "unsupported": (0.1, "parts of the outline follow no edge of the picture"),
        "ragged": (0.5, "the outline is ragged"),
        "holed": (0.3, "there are holes in the person"),
        "scattered": (0.1, "there are islands beside the person"),
        "straight": (0.1, "the outline runs straight inside the picture"),
    }
)
_BIAS = -6.1


@dataclass(frozen=True)
class Soundness:
    """How far a cut-out can be trusted.

    Attributes
    ----------
    score : float, 0..1
    reason : str, what speaks most against it, in words
    faults : mapping of fault to its size
    seen : bool, False where the picture shows hardly any outline: nothing to judge
    """

    score: float
    reason: str
    faults: Mapping[str, float]
    seen: bool = True


def measure_soundness(
    pixels: Pixels, alpha: Mask, face: Face, confidence: Mask | None = None
) -> Soundness:
    """Judge a cut-out.

    Parameters
    ----------
    pixels : (h, w, 3) linear P3
    alpha : (h, w)
    face : Face in their pixels
    confidence : (h, w), 0..1, how far the votes agree on alpha; None where nobody voted

    Notes
    -----
    Fitted on people keyed from a plain studio ground and put before hard ones (cast shadow, the
    hair's own colour, lettering, photographs, a bystander), a fault being more than 1 % of the head
    lost or added, and on real cut-outs that were looked at. 55 ms of processor time at 470 x 470
    samples; see docs/backdrops.md for how well it ranks.
    """
    faults = measure_faults(pixels, alpha, face, confidence)
    if not faults:
        return Soundness(1.0, "hardly any outline is seen", {}, seen=False)
    parts = {name: w * math.log1p(10 * faults[name]) for name, (w, _) in _WEIGHTS.items()}
    score = 1 / (1 + math.exp(min(60.0, _BIAS + sum(parts.values()))))
    worst = max(parts, key=lambda name: parts[name])
    return Soundness(score, _WEIGHTS[worst][1], faults)


def measure_faults(
    pixels: Pixels, alpha: Mask, face: Face, confidence: Mask | None = None
) -> dict[str, float]:
    """Measure the faults by name; none where hardly any outline is seen."""
    mm, ied = face.px_per_mm, face.ied
    around = _look_around(alpha, face)
    outline = _draw_outline(alpha) & around
    length = int(outline.sum())
    if length < ied:
        return {}
    solid = alpha > 0.5
    near = morphology.measure_depth(~outline) < 25 * mm
    soft = (alpha > 0.12) & (alpha < 0.88)
    haze = (alpha > 0.05) & ~solid & (morphology.measure_depth(~solid) > 2.5 * mm)
    smooth = _draw_outline(filters.blur(alpha, 3 * mm))
    doubt = np.zeros_like(solid) if confidence is None else confidence < 0.92
    leaning = _lean(solid, face)
    # Of a turned head the two sides are not alike.
    frontal = max(0.0, 1 - abs(face.pose.yaw) / _TURNED)
    return {
        "undecided": float((morphology.erode(soft, 1.2 * mm) & around).sum()) / (length * mm),
        "hazy": float((haze & around).sum()) / ied**2,
        "missed": float((_find_missed(pixels, alpha, mm) & around).sum()) / ied**2,
        "uneven": frontal * _compare_ears(alpha, face),
        "lopsided": frontal * float(abs(np.median(leaning))),
        "crooked": frontal * float(np.std(leaning)),
        "doubted": float((morphology.drop_thin(doubt, 1.5 * mm) & around & near).sum()) / ied**2,
        "unsupported": float((measure_support(pixels, alpha, mm) < 0.3)[outline].mean()),
        "ragged": max(0.0, length / max(int((smooth & around).sum()), 1) - 1),
        "holed": _count_holes(alpha < 0.65, mm) / ied**2,
        "scattered": min(5.0, _count_islands(alpha > 0.35, mm)) / 5,
        "straight": float(_find_straight(solid, mm)),
    }


def _look_around(alpha: Mask, face: Face) -> Bits:
    """Where head and neck are."""
    h, w = alpha.shape
    y, x = np.ogrid[:h, :w]
    low = face.points[CHIN, 1] + _BELOW * face.ied
    return np.asarray((y < low) & (abs(x - face.eyes[:, 0].mean()) < _BESIDE * face.ied))


def _draw_outline(alpha: Mask) -> Bits:
    """The pixels at which alpha crosses a half, but for the picture's own border."""
    solid = (alpha > 0.5).astype(np.uint8)
    edge = cv2.morphologyEx(solid, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    edge[:2] = edge[-2:] = False
    edge[:, :2] = edge[:, -2:] = False
    return np.asarray(edge)


def _find_missed(pixels: Pixels, alpha: Mask, mm: float) -> Bits:
    """Where, within 12 mm outside, the colours are those of the person and not of the wall."""
    lab = colour.p3_to_lab(np.clip(filters.blur(pixels, 0.6 * mm), 0, 1))
    deep = as_float((alpha > 0.95) & (morphology.measure_depth(alpha > 0.5) > 10 * mm))
    person = filters.blur_inside(lab, deep, 10 * mm)
    wall = filters.blur_inside(lab, as_float(alpha < 0.05), 6 * mm)
    like, unlike = (channels.add_up(np.square(lab - x)) for x in (person, wall))
    beside = (alpha < 0.1) & (morphology.measure_depth(alpha < 0.5) < 12 * mm)
    return np.asarray(beside & (like < 8**2) & (unlike > 14**2))


def _compare_ears(alpha: Mask, face: Face) -> float:
    """How much more of one ear's place is person than of the other's, 3 and 6 mm off the face."""
    h, w = alpha.shape
    seen = []
    for points, side in (((234, 127), -1), ((454, 356), 1)):
        off = side * np.array([3, 6, 3, 6]) * face.px_per_mm
        x = np.clip(face.points[[points[0]] * 2 + [points[1]] * 2, 0] + off, 0, w - 1)
        y = np.clip(face.points[[points[0]] * 2 + [points[1]] * 2, 1], 0, h - 1)
        seen.append(float(alpha[y.astype(int), x.astype(int)].mean()))
    return abs(seen[0] - seen[1])


def _lean(solid: Bits, face: Face) -> Float:
    """How much farther the person reaches right of the nose than left, row by row down to the chin.

    In inter-eye distances; a single 0 where no row shows the person.
    """
    top, low = face.eyes[:, 1].mean() - face.ied, face.points[CHIN, 1]
    rows = solid[max(0, int(top)) : max(1, int(low)) : 3]
    rows = rows[rows.any(axis=1)]
    if len(rows) == 0:
        return np.zeros(1, np.float32)
    first, last = rows.argmax(axis=1), rows.shape[1] - 1 - rows[:, ::-1].argmax(axis=1)
    return as_float((first + last - 2 * face.points[[1, 168], 0].mean()) / face.ied)


def _count_holes(clear: Bits, mm: float) -> float:
    """Area in pixels of what is clear and shut in by the person."""
    h, w = clear.shape
    _, _, found, _ = cv2.connectedComponentsWithStats(clear.astype(np.uint8))
    x, y, wide, high, area = (found[1:, k] for k in range(5))
    inside = (x > 0) & (y > 0) & (x + wide < w) & (y + high < h) & (area > mm**2)
    return float(area[inside].sum())


def _count_islands(solid: Bits, mm: float) -> int:
    """How many pieces lie apart from the largest."""
    _, _, found, _ = cv2.connectedComponentsWithStats(solid.astype(np.uint8))
    areas = found[1:, cv2.CC_STAT_AREA]
    if len(areas) == 0:
        return 0
    return int(((areas < 0.2 * areas.max()) & (areas > (0.8 * mm) ** 2)).sum())


def _find_straight(solid: Bits, mm: float) -> bool:
    """Whether the outline runs straight up for 14 mm away from the picture's sides."""
    step = as_float(solid[:, 1:] != solid[:, :-1])
    high = max(3, int(14 * mm))
    run = cv2.filter2D(step, -1, np.ones((high, 1), np.float32), borderType=cv2.BORDER_CONSTANT)
    return bool((run[:, 3:-3] > high - 0.5).any())
