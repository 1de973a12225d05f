"""Which cloths a picture shows: the few colours that what is worn is made of, each with its place.

Vocabulary: a *piece* is all cloth of one colour, light or shaded; two garments of one colour are
one piece, a shirt under a jacket of another colour is a second.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from catchlight.analysis.wardrobe.palette import PALETTE
from catchlight.arrays import Float, Mask, as_float
from catchlight.pixels import colour, filters, morphology
from catchlight.pixels.morphology import Bits

#: Light and shade move L* more than another dye would: it counts for half of a* and b*.
_SHADING = 0.5
#: How far in that space two cloths are two, and how wide the search for a cloth's middle is.
_APART, _WIDE = 15.0, 9.0
#: What is further than the first from a cloth's middle may be none of it, beyond the second it is
#: another (a shirt's collar, a tie, a button).
_OTHER = (13.0, 19.0)
#: At most so many pieces, each at least this share of all cloth.
_MOST, _LEAST = 5, 0.03
#: Two pieces whose dyes are nearer than the first (CIELAB a, b) and between which lightness changes
#: by less than the second over a millimetre are light and shade on one cloth.
_DYE, _SOFT = 8.0, 4.5
#: Chroma from which a cloth is dyed, so that its folds tell it by their hue.
DYED = 14.0
#: Share of the picture's lower edge that a garment takes at the least.
_EDGE = 0.1
#: At most so many parts of a piece are looked at one by one.
_PARTS = 6
#: Side of a bin of the histogram in which the most frequent colour is looked for.
_BIN = 4.0
#: Below this chroma and lightness a cloth is called by its lightness alone.
_GREY, _DARK = 5.0, 14.0


@dataclass(frozen=True, eq=False)
class Cloth:
    """All cloth of one colour.

    Attributes
    ----------
    name : str, the nearest name of the palette
    share : float, 0..1, of all cloth that is seen
    lab : (3,) CIELAB, its median
    mask : (h, w), 0..1, on the measuring picture
    """

    name: str
    share: float
    lab: Float
    mask: Mask


def find_pieces(lab: Float, cloth: Mask, mm: float) -> tuple[Cloth, ...]:
    """Split cloth into pieces of one colour, the largest first.

    The most frequent colour, then the most frequent of what is far from it, and so on; every place
    then belongs to the nearest. No chance and no order of pixels has a part in it.

    Parameters
    ----------
    lab : (h, w, 3) CIELAB of the picture, smoothed over a thread
    cloth : (h, w), 0..1
    mm : float, pixels per millimetre
    """
    sure = cloth > 0.8
    if sure.sum() < 60:
        return ()
    scaled = lab * as_float(np.array([_SHADING, 1, 1]))
    points = scaled[sure]
    left = points
    middles: list[Float] = []
    while len(middles) < _MOST and len(left) > _LEAST * len(points):
        middle = _find_mode(left)
        away = np.linalg.norm(left - middle, axis=1)
        if (away < _APART).sum() > _LEAST * len(points):
            middles.append(middle)
        left = left[away > _APART]
    if not middles:
        return ()
    far = np.stack([np.linalg.norm(scaled - m, axis=2) for m in middles])
    # Which is nearest, with a soft change over a fifth of the distance that makes two.
    weight = np.exp(-np.minimum((far - far.min(0)) / (0.2 * _APART), 30.0))
    weight *= filters.smoothstep(as_float(far), _OTHER[1], _OTHER[0]) / weight.sum(0)
    pieces = []
    for each in _join_shaded(_split_apart(weight, cloth, mm), lab, cloth, mm):
        mask = as_float(filters.blur_inside(as_float(each), cloth, 0.7 * mm) * cloth)
        chosen = (mask > 0.6) & sure
        if chosen.sum() < 30:
            continue
        middle = as_float(np.median(lab[chosen], axis=0))
        pieces.append(Cloth(name_cloth(middle), float(chosen.sum() / sure.sum()), middle, mask))
    # What hardly reaches the lower edge of the picture is a collar, a beard or a brooch.
    return tuple(sorted(pieces, key=lambda p: ((p.mask[-2:] > 0.5).mean() < _EDGE, -p.share)))


def _split_apart(weights: Float, cloth: Mask, mm: float) -> list[Float]:
    """Every piece but the largest by its parts that hang together, if they are large."""
    masks = [(w > 0.5) & (cloth > 0.8) for w in weights]
    largest = int(np.argmax([mask.sum() for mask in masks]))
    found: list[Float] = []
    for number, (weight, mask) in enumerate(zip(weights, masks, strict=True)):
        if number == largest:
            found.insert(0, weight)
            continue
        count, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=4)
        sizes = np.bincount(labels.ravel(), minlength=count)
        large = [i for i in range(1, count) if sizes[i] > 60 * mm * mm]
        large = sorted(large, key=lambda i: -sizes[i])[:_PARTS]
        parts = [as_float(weight * morphology.dilate(labels == i, 1.0 * mm)) for i in large]
        found += parts
        rest = weight * (1 - np.clip(np.sum(parts, axis=0), 0, 1)) if parts else weight
        found.append(as_float(rest))
    return found


def _join_shaded(weights: list[Float], lab: Float, cloth: Mask, mm: float) -> list[Float]:
    """Join pieces that are light and shade on one cloth: of one dye, and without an edge."""
    across, down = (cv2.Scharr(lab[..., 0].copy(), cv2.CV_32F, *d) / 32 for d in ((1, 0), (0, 1)))
    slope = as_float(np.hypot(across, down) * mm)
    rim = 1.5 * mm
    joined: list[Float] = []
    for weight in weights:
        mask = (weight > 0.5) & (cloth > 0.8)
        for i, other in enumerate(joined):
            if _is_shaded((other > 0.5) & (cloth > 0.8), mask, lab, slope, rim):
                joined[i] = as_float(np.minimum(other + weight, 1))
                break
        else:
            joined.append(weight)
    return _join_alike(joined, lab, cloth)


def _join_alike(weights: list[Float], lab: Float, cloth: Mask) -> list[Float]:
    """Join what has one colour, though it hangs apart: both sleeves, both sides of a tie."""
    joined: list[Float] = []
    middles: list[Float] = []
    for weight in weights:
        mask = (weight > 0.5) & (cloth > 0.8)
        if not mask.any():
            continue
        middle = np.median(lab[mask], axis=0) * np.array([_SHADING, 1, 1])
        near = [i for i, m in enumerate(middles) if np.linalg.norm(m - middle) < 0.6 * _APART]
        if near:
            joined[near[0]] = as_float(np.minimum(joined[near[0]] + weight, 1))
        else:
            joined.append(weight)
            middles.append(as_float(middle))
    return joined


def _is_shaded(first: Bits, second: Bits, lab: Float, slope: Float, rim: float) -> bool:
    """Whether two masks are light and shade on one cloth."""
    if not first.any() or not second.any():
        return False
    middles = [np.median(lab[mask], axis=0) for mask in (first, second)]
    steep = _SOFT
    if min(float(np.hypot(*m[1:])) for m in middles) > DYED:
        # In the shade a dyed cloth has less chroma in proportion to its L*, and a fold is an edge.
        level = float(np.mean([m[0] for m in middles]))
        dyes = [m[1:] * level / max(float(m[0]), 1.0) for m in middles]
        steep = 3 * _SOFT
    else:
        dyes = [m[1:] for m in middles]
    if float(np.linalg.norm(dyes[0] - dyes[1])) > _DYE:
        return False
    between = morphology.dilate(first, rim) & morphology.dilate(second, rim)
    here = between & (first | second)
    return here.sum() > 20 and float(np.median(slope[here])) < steep


def _find_mode(points: Float) -> Float:
    """The most frequent colour: the fullest bin, then the mean of what lies near it, five times."""
    low = np.floor(points.min(0) / _BIN).astype(int) - 1
    at = np.floor(points / _BIN).astype(int) - low
    size = at.max(0) + 2
    count = np.zeros(size, np.float64)
    np.add.at(count, tuple(at.T), 1.0)
    for axis in range(3):
        count += np.roll(count, 1, axis) + np.roll(count, -1, axis)
    place = np.array(np.unravel_index(int(count.argmax()), count.shape))
    middle = (place + low + 0.5) * _BIN
    for _ in range(5):
        near = np.linalg.norm(points - middle, axis=1) < _WIDE
        if not near.any():
            break
        middle = points[near].mean(0, dtype=np.float64)
    return as_float(middle)


def name_cloth(lab: Float) -> str:
    """The palette's name for a cloth's colour (3,) CIELAB.

    Light on cloth is seldom even, so lightness counts for half; what is nearly without colour or
    nearly black is named among the greys alone.
    """
    names = list(PALETTE)
    known = colour.p3_to_lab(np.stack([colour.hex_to_p3(PALETTE[n]) for n in names])[None])[0]
    chroma = float(np.hypot(lab[1], lab[2]))
    if chroma < _GREY or lab[0] < _DARK:
        grey = np.hypot(known[:, 1], known[:, 2]) < _GREY + 1
        return names[int(np.where(grey, np.abs(known[:, 0] - lab[0]), np.inf).argmin())]
    weight = np.array([0.6, 1, 1])
    off = np.linalg.norm((known - lab) * weight, axis=1)
    turn = np.arctan2(known[:, 2], known[:, 1]) - np.arctan2(lab[2], lab[1])
    hue = np.abs((turn + np.pi) % (2 * np.pi) - np.pi)
    # A cloth of the wrong hue is a worse name than one of the wrong depth.
    coloured = np.hypot(known[:, 1], known[:, 2]) > _GREY
    return names[int((off + 10 * hue * coloured).argmin())]
