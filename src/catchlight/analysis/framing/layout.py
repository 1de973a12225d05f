"""The layout: all that a frame is chosen by, on one level plan, as numbers and tables of sums.

Vocabulary: the *plan* is a level square around the head, 22 pixels an inter-eye distance and 15 of
them wide. A *table* holds sums over every rectangle from its corner (Crow 1984), so that what a
frame shows of a mask costs four look-ups.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.company import is_somebody
from catchlight.analysis.face.landmarks import CHIN, FACE_OVAL
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.framing.head import HeadExtent, draw_head, is_bearded, measure_head
from catchlight.arrays import Float, Mask, as_float
from catchlight.pixels import geometry

#: Pixels of the plan per inter-eye distance, and how many of them it spans.
STEP, SPAN = 22.0, 15.0
SIDE = round(STEP * SPAN)
#: Hands have between this and that many square inter-eye distances: a palm seen from its edge, and
#: an open hand (100 x 190 mm are 4.8).
_HAND = 0.5, 6.0
#: Skin in CIELAB: how far from the face's own median, in L*, and in a*, b* at the least.
_SKIN_L, _SKIN_AB = 26.0, 8.0

Table = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Piece:
    """Something that a frame had better show whole or not at all: a hand, another's head.

    Attributes
    ----------
    table : (h + 1, w + 1), sums of its mask
    area : float, of the mask
    cut : bool, whether the photo's border cuts it already
    own : bool, True for the sitter's hand, False for another person
    """

    table: Table
    area: float
    cut: bool
    own: bool


@dataclass(frozen=True, eq=False)
class Layout:
    """What counts for a frame, on a level plan.

    Attributes
    ----------
    head : HeadExtent
    box : x0, y0, x1, y1 of the face's mesh
    forbidden : (h, w) bool, where a frame must not reach
    hair : (h + 1, w + 1), sums over the head's silhouette, hair, ears and beard
    area : float, of that silhouette
    neckline : float or None, height (y) where clothes begin below the chin
    pieces : tuple of Piece
    photo : x0, y0, x1, y1 of the photo, or None where it ends nowhere on the plan
    skin : (h, w) bool, where the sitter shows skin; None where nobody looked
    """

    head: HeadExtent
    box: tuple[float, float, float, float]
    forbidden: NDArray[np.bool_]
    hair: Table
    area: float
    neckline: float | None = None
    pieces: tuple[Piece, ...] = ()
    photo: tuple[float, float, float, float] | None = None
    skin: NDArray[np.bool_] | None = None


def sum_table(mask: NDArray[np.generic]) -> Table:
    """Sums over every rectangle from the corner, (h + 1, w + 1)."""
    return np.asarray(cv2.integral(mask.astype(np.float32), sdepth=cv2.CV_64F), np.float64)


def read_table(table: Table, x0: Float, y0: Float, x1: Float, y1: Float) -> Float:
    """Sums of a mask over rectangles in plan pixels; pixel i reaches from i - 0.5 to i + 0.5."""
    h, w = table.shape[0] - 1, table.shape[1] - 1
    a, b = (np.clip(np.rint(v + 0.5), 0, w).astype(int) for v in (x0, x1))
    c, d = (np.clip(np.rint(v + 0.5), 0, h).astype(int) for v in (y0, y1))
    return as_float(table[d, b] - table[c, b] - table[d, a] + table[c, a])


def lay_out(
    face: Face,
    person: Mask,
    pixels: NDArray[np.uint8],
    covered: Mask,
    forbidden: NDArray[np.bool_],
    others: tuple[Face, ...],
) -> Layout:
    """Lay out a sitter for the choice of a frame.

    Parameters
    ----------
    face : Face on the plan
    person, covered : (h, w)
    pixels : (h, w, 3) uint8 sRGB, the photo on the plan
    forbidden : (h, w) bool
    others : faces of other people, on the plan
    """
    seen = person * covered
    head = measure_head(face, seen)
    skin = find_skin(face, pixels, seen)
    silhouette = draw_head(face, head, seen, bearded=is_bearded(face, pixels))
    pieces = [*_find_hands(face, head, skin, silhouette, covered)]
    pieces += [
        _outline_other(other, covered)
        for other in others
        if other.ied > 0.3 * face.ied and is_somebody(other, face)
    ]
    return Layout(
        head,
        face.box,
        forbidden,
        sum_table(silhouette),
        max(float(silhouette.sum()), 1.0),
        _find_neckline(face, head, skin, seen),
        tuple(pieces),
        _bound(covered),
        skin,
    )


def _bound(covered: Mask) -> tuple[float, float, float, float] | None:
    """The box of what a photo covers, in plan pixels; None where it covers nothing."""
    columns, rows = np.flatnonzero(covered.any(0)), np.flatnonzero(covered.any(1))
    if not len(columns):
        return None
    return columns[0] - 0.5, rows[0] - 0.5, columns[-1] + 0.5, rows[-1] + 0.5


def find_skin(face: Face, pixels: NDArray[np.uint8], person: Mask) -> NDArray[np.bool_]:
    """Where the person shows skin of about the face's own colour, (h, w)."""
    lab = cv2.cvtColor(as_float(pixels) / np.float32(255), cv2.COLOR_RGB2LAB)
    h, w = person.shape
    oval = geometry.fill_polygon(face.points[FACE_OVAL], w, h) > 0.5
    inner = cv2.erode(oval.astype(np.uint8), np.ones((5, 5))) > 0
    if not inner.any():
        return np.zeros((h, w), bool)
    middle = np.median(lab[inner], axis=0)
    spread = 2.5 * 1.48 * np.median(np.abs(lab[inner] - middle), axis=0)
    far = np.abs(lab - middle)
    alike = (far[..., 0] < max(_SKIN_L, spread[0])) & (
        (far[..., 1:] < np.clip(spread[1:], _SKIN_AB, 14)).all(-1)
    )
    return np.asarray(alike & (person > 0.4), np.bool_)


def _find_hands(
    face: Face, head: HeadExtent, skin: NDArray[np.bool_], silhouette: Mask, covered: Mask
) -> list[Piece]:
    """Patches of skin of a hand's size, away from face and neck."""
    h, w = skin.shape
    y, x = np.mgrid[0:h, 0:w]
    middle, chin = float(face.points[CHIN, 0]), head.chin
    neck = (np.abs(x - middle) < 1.5 * face.ied) & (y < chin + 1.6 * face.ied)
    free = (skin & (silhouette < 0.5) & ~neck).astype(np.uint8)
    free = cv2.morphologyEx(free, cv2.MORPH_OPEN, np.ones((5, 5)))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(free)
    unit = face.ied**2
    rim = cv2.erode((covered > 0.5).astype(np.uint8), np.ones((5, 5))) == 0
    found = []
    for i in range(1, count):
        area = float(stats[i, cv2.CC_STAT_AREA])
        if not _HAND[0] * unit < area < _HAND[1] * unit:
            continue
        mask = labels == i
        found.append(Piece(sum_table(mask), area, bool((mask & rim).any()), own=True))
    return sorted(found, key=lambda p: -p.area)[:4]


def _outline_other(other: Face, covered: Mask) -> Piece:
    """Another person's head, as the box of their mesh with hair."""
    x0, y0, x1, y1 = other.box
    h, w = covered.shape
    mask = np.zeros((h, w), np.uint8)
    top = y0 - 0.35 * (y1 - y0)
    a, b = (int(np.clip(v, 0, w)) for v in (x0 - 0.2 * other.ied, x1 + 0.2 * other.ied))
    c, d = (int(np.clip(v, 0, h)) for v in (top, y1))
    mask[c:d, a:b] = 1
    return Piece(sum_table(mask), max(float(mask.sum()), 1.0), cut=False, own=False)


def _find_neckline(
    face: Face, head: HeadExtent, skin: NDArray[np.bool_], person: Mask
) -> float | None:
    """Height at which clothes begin under the chin; None where the photo shows none."""
    x = float(face.points[CHIN, 0])
    half = 0.7 * face.ied
    top = int(np.clip(head.chin + 0.15 * head.height, 0, len(skin)))
    a, b = (int(np.clip(v, 0, skin.shape[1])) for v in (x - half, x + half))
    strip, body = skin[top:, a:b], person[top:, a:b] > 0.5
    if strip.size == 0:
        return None
    dressed = (body & ~strip).mean(axis=1) > 0.6
    # Four rows on end, so that a necklace or a shadow is no dress.
    runs = np.convolve(dressed, np.ones(4), "valid") > 3.5 if len(dressed) >= 4 else dressed[:0]
    return float(top + runs.argmax()) if runs.any() else None
