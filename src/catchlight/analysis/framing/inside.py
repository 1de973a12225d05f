"""The picture inside the picture: without bars, margins and the corners of a turned scan."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Points

#: Longer side at which margins are sought, in pixels.
_VIEW = 400
#: Codes by which a margin may differ from its corner, and how dark or light it is: bars are black,
#: paper is white. A wall of a studio is neither as even nor as extreme. [judgement, on the gallery]
_EVEN, _DARK, _LIGHT = 9, 44, 222
#: What is left must fill its hull to this share, and hold between so much of the photo.
_CONVEX, _LEAST, _MOST = 0.985, 0.15, 0.992
#: The hull may have so many corners, and an edge of the picture is at least so long (share of the
#: view's longer side): what is left of a turned scan that was cropped again has up to eight.
_CORNERS, _EDGE = 9, 0.12
#: A rectangle that is filled to this share and turned by so many degrees is a turned scan, however
#: its edges run into the margin: 0.95 and more where a white sky or a dark room did, 0.81 at most
#: round a sitter before a white or black wall in 162 photos.
_FILLED, _TURNED = 0.93, 3.0
#: Share of an edge along which the picture has to begin within two pixels.
_STRAIGHT = 0.96
#: Share of a side that is even along a bar, and share of the line after it that is not.
_BAR, _ENDS = 0.985, 0.55
#: Degrees under which an edge is taken to stand upright.
_UPRIGHT = 0.7


def find_inner_picture(view: NDArray[np.uint8]) -> tuple[Points, float] | None:
    """Find the picture inside even margins: black bars, white borders, corners of a turned scan.

    From the four corners all that is as even as paper is flooded; where what remains is a convex
    shape of few straight edges, that is the picture. A person before a white studio wall leaves
    none.

    Parameters
    ----------
    view : (h, w, 3) uint8 sRGB

    Returns
    -------
    corners : (n, 2) float32, clockwise on screen, in pixels of the view, just inside the margin
    angle : float, degrees by which the picture is turned clockwise
        None where there is no margin.
    """
    h, w = view.shape[:2]
    factor = min(1.0, _VIEW / max(h, w))
    size = (max(8, round(w * factor)), max(8, round(h * factor)))
    small = np.asarray(cv2.resize(view, size, interpolation=cv2.INTER_AREA), np.uint8)
    outline, rest = _trace(_flood(small))
    hull = None if outline is None else _find_hull(outline, rest.size)
    found = None if hull is None else _move_in(hull, rest)
    turned = None if outline is None or found is not None else _find_turned(outline, rest.size)
    if turned is not None:
        found = _move_in(turned, np.ones_like(rest))
    if found is None:
        # Bars are found side by side where a dark coat or a white shirt runs into one of them.
        bars = _find_bars(small)
        found = None if bars is None else _move_in(bars, np.ones(size[::-1], bool))
    if found is None:
        return None
    corners, angle = found
    scale = np.array([w / size[0], h / size[1]])
    return ((corners + 0.5) * scale - 0.5).astype(np.float32), angle


def _find_hull(outline: NDArray[np.int32], size: int) -> NDArray[np.float64] | None:
    """Corners of an outline that is convex, has few, and encloses enough of ``size`` pixels."""
    hull = cv2.approxPolyDP(cv2.convexHull(outline), 1.6, closed=True)[:, 0].astype(np.float64)
    area = cv2.contourArea(outline)
    fits = 3 <= len(hull) <= _CORNERS and area >= _LEAST * size
    fits = fits and area >= _CONVEX * cv2.contourArea(hull.astype(np.float32))
    return hull if fits else None


def _trace(margin: NDArray[np.bool_]) -> tuple[NDArray[np.int32] | None, NDArray[np.bool_]]:
    """Outline of the largest piece that a margin leaves, None where it leaves all or too little."""
    rest = cv2.morphologyEx((~margin).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3)))
    if not _LEAST < 1 - float(margin.mean()) < _MOST:
        return None, rest > 0
    outlines, _ = cv2.findContours(rest, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return (np.asarray(max(outlines, key=cv2.contourArea)) if outlines else None), rest > 0


def _find_turned(outline: NDArray[np.int32], size: int) -> NDArray[np.float64] | None:
    """Corners of the turned rectangle that an outline all but fills, of ``size`` pixels enough."""
    rectangle = cv2.minAreaRect(outline)
    (across, down), angle = rectangle[1:]
    if abs((angle + 45) % 90 - 45) < _TURNED:
        return None
    fits = cv2.contourArea(outline) > max(_FILLED * across * down, _LEAST * size)
    return np.asarray(cv2.boxPoints(rectangle), np.float64) if fits else None


def _find_bars(small: NDArray[np.uint8]) -> NDArray[np.float64] | None:
    """Corners of the picture between straight bars along the sides; None where there are none.

    A bar is even over the whole side and ends at once: the line after it differs from it over
    most of its length. Above a head before a white wall the wall goes on beside the hair.
    """
    sides = []
    for turn in range(4):  # top, right, bottom, left
        lines = np.rot90(small, turn).astype(int)
        colour = lines[0, 0]
        depth = 0
        if colour.max() <= _DARK or colour.min() >= _LIGHT:
            even = (np.abs(lines - colour) <= _EVEN).all(-1)
            whole = even.mean(axis=1) > _BAR
            depth = int(whole.argmin()) if not whole.all() else 0
            after = even[depth + 1 : depth + 4].mean() if depth else 1.0
            depth = depth if depth >= 2 and after < 1 - _ENDS else 0
        sides.append(depth)
    top, right, bottom, left = sides
    h, w = small.shape[:2]
    across, down = w - left - right, h - top - bottom
    if not any(sides) or across * down < _LEAST * w * h:
        return None
    x, y = w - 1.0 - right, h - 1.0 - bottom
    return np.array([[left, top], [x, top], [x, y], [left, y]], np.float64)


def _move_in(
    hull: NDArray[np.float64], rest: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], float] | None:
    """Move the edges that are not the photo's own inwards, off the mixed pixels; and their angle.

    None where no edge is a margin's, or one does not run straight along what is left (``rest``).
    """
    size = rest.shape[::-1]
    if cv2.contourArea(hull.astype(np.float32), oriented=True) < 0:
        hull = hull[::-1]
    last = np.array(size) - 1.0
    lines, longest = [], (0.0, 0.0)
    for a, b in zip(hull, np.roll(hull, -1, axis=0), strict=True):
        along = b - a
        length = float(np.hypot(*along))
        normal = np.array([along[1], -along[0]]) / length  # outward: clockwise on screen
        both = np.array([a, b])
        border = any(
            (both[:, i] < 1.5).all() or (both[:, i] > last[i] - 1.5).all() for i in range(2)
        )
        lines.append((normal, float(normal @ a) + (0.5 if border else -1.5)))
        if not border and length > _EDGE * max(size):
            # Along a margin the picture begins at once and everywhere; a sleeve is wavy.
            beside = a + np.linspace(0.04, 0.96, 60)[:, None] * along - 2.0 * normal
            x, y = np.rint(beside.clip(0, last)).astype(int).T
            if rest[y, x].mean() < _STRAIGHT:
                return None
        if not border and length > max(longest[0], _EDGE * max(size)):
            longest = (length, float(np.degrees(np.arctan2(along[1], along[0]))))
    if not longest[0]:
        return None
    corners = []
    for (n, d), (m, e) in zip(lines[-1:] + lines[:-1], lines, strict=True):
        matrix = np.array([n, m])
        if abs(np.linalg.det(matrix)) < 0.05:  # all but one line
            continue
        corners.append(np.linalg.solve(matrix, np.array([d, e])))
    turn = (longest[1] + 45) % 90 - 45
    return np.array(corners), 0.0 if abs(turn) < _UPRIGHT else turn


def _flood(small: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """All that is as even as its corner and as dark or light as a margin."""
    h, w = small.shape[:2]
    found = np.zeros((h, w), bool)
    for x, y in ((0, 0), (w - 1, 0), (0, h - 1), (w - 1, h - 1)):
        colour = small[y, x].astype(int)
        if found[y, x] or (colour.max() > _DARK and colour.min() < _LIGHT):
            continue
        mask = np.zeros((h + 2, w + 2), np.uint8)
        flags = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (1 << 8)
        even = (_EVEN,) * 3
        cv2.floodFill(small.copy(), mask, (x, y), 0, even, even, flags)
        found |= mask[1:-1, 1:-1] > 0
    return found
