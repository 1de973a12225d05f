"""Cut the sitter out of a photo: once, before any frame is planned."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from catchlight.analysis.cutout.ballot import Votes, bring, draw_outline, find_inner, gather_votes
from catchlight.analysis.cutout.bystanders import find_others
from catchlight.analysis.cutout.cutout import Cutout
from catchlight.analysis.cutout.decide import decide
from catchlight.analysis.cutout.edges import solve_edge
from catchlight.analysis.cutout.refiner import SCALE
from catchlight.analysis.cutout.window import plan_window, to_samples
from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.parts.segment import PersonMask
from catchlight.arrays import Mask, as_float
from catchlight.images import Picture
from catchlight.images.resample import resample_photo
from catchlight.measured import measured
from catchlight.pixels import filters, geometry
from catchlight.pixels.beside import beside
from catchlight.pixels.grid import Box

#: Longer side of the coarse alpha over the whole photo.
_WIDE = 320


def ask_networks(
    faces: tuple[Face, ...],
    person: PersonMask,
    to_view: geometry.Transform,
    content: Box,
    *,
    engine: str,
) -> Votes:
    """Ask the networks about the first of ``faces``; see :func:`cut_out`."""
    bounds = geometry.apply(to_view, as_float([content[:2], content[2:]]) - np.float32(0.5))
    return gather_votes(person, tuple(f.moved(to_view) for f in faces), bounds, engine=engine)


def cut_out(
    picture: Picture,
    faces: tuple[Face, ...],
    person: PersonMask,
    to_view: geometry.Transform,
    content: Box,
    votes: Votes,
    *,
    engine: str,
) -> Cutout:
    """Cut out the first of ``faces``.

    Parameters
    ----------
    picture : Picture
    faces : tuple of Face in photo pixels, the sitter first
    person : PersonMask, of the view
    to_view : (2, 3), from photo pixels to the view's
    content : Box, the photo within its bars
    votes : Votes of the networks, of that engine
    engine : {"fast", "fine"}

    Returns
    -------
    Cutout
    """
    size = (picture.width, picture.height)
    grid = plan_window(faces[0], content)
    to_grid = to_samples(grid)
    face = faces[0].moved(to_grid)
    seen = tuple(f.moved(to_view) for f in faces)
    sampled = beside(lambda: resample_photo(picture, to_grid, grid.width, grid.height))
    decision = decide(votes, draw_outline(votes, seen))
    wide, wide_others = _look_wide(person, faces, to_view, size, content)
    pixels = sampled()
    frame = _Carrier(votes, to_view, to_grid, size, (grid.width, grid.height))
    sitter = frame.bring(decision.person, wide)
    alpha = solve_edge(pixels, sitter, face)
    return Cutout(
        grid=grid,
        face=face,
        pixels=pixels,
        alpha=alpha,
        confidence=frame.bring(decision.confidence, np.full_like(wide, 0.5)),
        others=frame.bring(decision.others, wide_others),
        clothes=_find_clothes(alpha, face),
        wide=wide,
        size=size,
        content=content,
        engine=engine,
    )


def _look_wide(
    person: PersonMask,
    faces: tuple[Face, ...],
    to_view: geometry.Transform,
    size: tuple[int, int],
    content: Box,
) -> tuple[Mask, Mask]:
    """The sitter and the others over the whole photo, coarse: what lies beyond the votes."""
    factor = min(1.0, _WIDE / max(size))
    w, h = (max(1, round(s * factor)) for s in size)
    to_wide = geometry.rescaling((size[1], size[0]), (h, w))
    from_view = geometry.chain(geometry.invert(to_view), to_wide)
    seen = person.over(from_view, w, h)
    codes = cv2.warpAffine(person.picture, from_view, (w, h), flags=cv2.INTER_LINEAR)
    others = find_others(np.asarray(codes, np.uint8), tuple(f.moved(to_wide) for f in faces), seen)
    # Far from the face the network is half sure of what it sees at all: that is a body.
    wide = filters.smoothstep(seen, 0.2, 0.6) * (1 - others)
    rim = as_float(cv2.copyMakeBorder(wide[2:-2, 2:-2], 2, 2, 2, 2, cv2.BORDER_REPLICATE))
    low, high = geometry.apply(to_wide, as_float([content[:2], content[2:]]) - 0.5)
    y, x = np.ogrid[0:h, 0:w]
    inside = (x >= low[0]) & (x <= high[0]) & (y >= low[1]) & (y <= high[1])
    return rim * as_float(inside), others


@dataclass(frozen=True, eq=False)
class _Carrier:
    """Brings fields of the votes' window to the grid, and continues them by the wide look."""

    votes: Votes
    to_view: geometry.Transform
    to_grid: geometry.Transform
    size: tuple[int, int]
    shape: tuple[int, int]

    def bring(self, near: Mask, wide: Mask) -> Mask:
        """A field over the grid; over the window's last 20 mm the wide one takes over."""
        whole = geometry.rescaling(wide.shape, self.size[::-1])
        far = bring(wide, geometry.chain(whole, self.to_grid), self.shape)
        inner, from_inner = self.inner
        here = bring(near[inner], from_inner, self.shape)
        return as_float(here * self.share + far * (1 - self.share))

    @measured
    def inner(self) -> tuple[tuple[slice, slice], geometry.Transform]:
        """What of the window is looked at, and the way from there to the grid."""
        inner, start = find_inner(self.votes.inside)
        from_window = geometry.chain(start, geometry.invert(self.votes.to_window))
        to_photo = geometry.chain(from_window, geometry.invert(self.to_view))
        return inner, geometry.chain(to_photo, self.to_grid)

    @measured
    def share(self) -> Mask:
        """How much the window counts at each sample of the grid."""
        h, w = self.votes.inside.shape
        y, x = np.ogrid[0.5:h, 0.5:w]
        edge = np.minimum(np.minimum(x, w - x), np.minimum(y, h - y))
        trust = as_float(np.clip(edge / (20 * SCALE), 0, 1))
        inner, from_inner = self.inner
        return bring(trust[inner], from_inner, self.shape)


def _find_clothes(alpha: Mask, face: Face) -> Mask:
    """What the sitter wears: the person below a chin's shadow, but for the neck."""
    mm = face.px_per_mm
    y = as_float(np.arange(len(alpha)))[:, None]
    chin = float(face.points[CHIN, 1])
    return as_float(alpha * filters.smoothstep(y, chin + 25 * mm, chin + 45 * mm))
