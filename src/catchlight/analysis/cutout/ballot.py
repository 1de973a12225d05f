"""The ballot: what each network says is the person, over one window of the photo.

The selfie network is right coarsely, and takes cast shadows and neighbours for the person; the
salient one draws outlines well, and drops what stands out little (a black shirt, a hat, dark
temples); the pose network follows one body, coarsely.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.cutout import refiner
from catchlight.analysis.cutout.lent import Lent
from catchlight.analysis.cutout.refiner import HEIGHT, WIDTH, window_of
from catchlight.analysis.cutout.votes import find_body, find_salient
from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.parts.segment import PersonMask
from catchlight.arrays import Mask, as_float
from catchlight.pixels import filters, geometry
from catchlight.pixels.beside import beside
from catchlight.pixels.tiles import Box


@dataclass(frozen=True, eq=False)
class Votes:
    """The answers over the refiner's window (h, w), float32 in 0..1 but ``codes``.

    Attributes
    ----------
    to_window : (2, 3), from pixels of the view to samples of the window
    codes : (h, w, 3) uint8 sRGB; outside the photo its border is continued
    inside : 1 where the photo is
    selfie, salient, pose : the networks' answers, 0 outside the photo
    lent : what the salient network saw inside, for our own to read
    faces : tuple of Face in samples, the sitter first
    """

    to_window: geometry.Transform
    codes: NDArray[np.uint8]
    inside: Mask
    selfie: Mask
    salient: Mask
    pose: Mask
    lent: Lent
    faces: tuple[Face, ...]


def gather_votes(
    person: PersonMask, faces: tuple[Face, ...], bounds: NDArray[np.float32], *, engine: str
) -> Votes:
    """Ask the networks about the first of ``faces``.

    Parameters
    ----------
    person : PersonMask, of the view
    faces : tuple of Face in the view's pixels, the sitter first
    bounds : (2, 2), the photo within its bars: upper left and lower right corner, in the view
    engine : {"fast", "fine"}, which salient network is asked

    Notes
    -----
    About 170 ms on two cores (fine: 400 ms); the salient network runs beside the others.
    """
    picture = person.picture
    to_window = window_of(faces[0])
    codes = _shrink(picture, to_window)
    low, high = geometry.apply(to_window, bounds)
    y, x = np.ogrid[0:HEIGHT, 0:WIDTH]
    inside = as_float((x >= low[0]) & (x <= high[0]) & (y >= low[1]) & (y <= high[1]))
    asked = beside(lambda: find_salient(codes, inside, finely=engine == "fine"))
    selfie = person.over(to_window, WIDTH, HEIGHT) * inside
    pose = find_body(picture, faces[0], to_window, WIDTH, HEIGHT) * inside
    moved = tuple(f.moved(to_window) for f in faces)
    salient, lent = asked()
    return Votes(to_window, codes, inside, selfie, salient, as_float(pose), lent, moved)


def draw_outline(votes: Votes, faces: tuple[Face, ...]) -> refiner.Drawing:
    """The outline that our own networks draw of the votes; see :mod:`refiner`.

    ``faces`` are in the view's pixels, the sitter first.
    """
    heads = refiner.draw_faces(faces, votes.to_window)
    chin, asked = float(votes.faces[0].points[CHIN, 1]), (votes.salient, votes.selfie, votes.pose)
    return refiner.decide(votes.codes, *asked, heads, votes.inside, votes.lent, chin)


def _shrink(picture: NDArray[np.uint8], to_window: geometry.Transform) -> NDArray[np.uint8]:
    """The window of a picture, averaged by area where it shrinks."""
    scale = geometry.scale_of(to_window)
    if scale < 1:
        h, w = picture.shape[:2]
        size = (max(1, round(w * scale)), max(1, round(h * scale)))
        reduced = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        to_window = geometry.chain(geometry.rescaling(reduced.shape, (h, w)), to_window)
        picture = np.asarray(reduced, np.uint8)
    edge = cv2.BORDER_REPLICATE
    out = cv2.warpAffine(picture, to_window, (WIDTH, HEIGHT), borderMode=edge)
    return np.asarray(out, np.uint8)


def find_inner(inside: Mask) -> tuple[Box, geometry.Transform]:
    """The part of a window that is believed, and the way from there to the window.

    On the photo's border the networks see half of nothing: what lies ``inside`` is continued.
    """
    rows, columns = (np.flatnonzero((inside > 0.5).any(axis=k)) for k in (1, 0))
    part = (slice(rows[0] + 2, rows[-1] - 1), slice(columns[0] + 2, columns[-1] - 1))
    return part, geometry.translation(columns[0] + 2, rows[0] + 2)


def bring(field: Mask, matrix: geometry.Transform, size: tuple[int, int]) -> Mask:
    """Carry a coarse field to a finer grid of ``size`` (width, height); borders are continued."""
    scale = geometry.scale_of(matrix)
    if scale < 0.7:
        field = filters.blur(field, 0.5 * float(np.sqrt(1 / scale**2 - 1)))
    how, edge = cv2.INTER_CUBIC, cv2.BORDER_REPLICATE
    out = cv2.warpAffine(field, matrix, size, flags=how, borderMode=edge)
    return np.clip(as_float(out), 0, 1)
