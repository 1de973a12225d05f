"""Cut the sitter out of a photo: once, before any frame is planned."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.analysis.cutout.cutout import Cutout, find_cuts
from catchlight.analysis.cutout.edges import agree, estimate_cut, run_isnet
from catchlight.analysis.cutout.window import plan_window, to_samples
from catchlight.analysis.face.landmarks import CHIN, FACE_OVAL
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.parts.segment import PersonMask
from catchlight.arrays import Mask, as_float
from catchlight.images import Picture
from catchlight.images.resample import resample_photo
from catchlight.pixels import filters, geometry

#: Longer side of the coarse alpha over the whole photo.
_WIDE = 320


def cut_out(
    picture: Picture,
    faces: tuple[Face, ...],
    person: PersonMask,
    to_view: geometry.Transform,
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
    engine : {"fast", "fine"}

    Returns
    -------
    Cutout
    """
    size = (picture.width, picture.height)
    grid = plan_window(faces[0], size)
    to_grid = to_samples(grid)
    face = faces[0].moved(to_grid)
    pixels = resample_photo(picture, to_grid, grid.width, grid.height)
    from_view = geometry.invert(to_view)
    seen = person.over(geometry.chain(from_view, to_grid), grid.width, grid.height)
    fine = run_isnet(pixels) if engine == "fine" else None
    if fine is not None and not agree(fine, seen):
        fine = None
    alpha, kept = estimate_cut(pixels, seen, face, fine)
    others = as_float(seen * (1 - kept))
    factor = min(1.0, _WIDE / max(size))
    w, h = (max(1, round(s * factor)) for s in size)
    to_wide = geometry.rescaling((size[1], size[0]), (h, w))
    wide = person.over(geometry.chain(from_view, to_wide), w, h)
    return Cutout(
        grid=grid,
        face=face,
        pixels=pixels,
        alpha=alpha,
        confidence=as_float(1 - np.abs(filters.smoothstep(seen, 0.2, 0.8) - alpha)),
        others=others,
        clothes=_find_clothes(alpha, face),
        wide=filters.smoothstep(wide, 0.2, 0.8),
        size=size,
        cuts=find_cuts(alpha, grid, size),
        touching=_touch(faces[1:], to_grid, alpha, face),
        engine="fast" if fine is None else "fine",
    )


def _find_clothes(alpha: Mask, face: Face) -> Mask:
    """What the sitter wears: the person below a chin's shadow, but for the neck."""
    mm = face.px_per_mm
    y = as_float(np.arange(len(alpha)))[:, None]
    chin = float(face.points[CHIN, 1])
    return as_float(alpha * filters.smoothstep(y, chin + 25 * mm, chin + 45 * mm))


def _touch(others: tuple[Face, ...], to_grid: geometry.Transform, alpha: Mask, face: Face) -> bool:
    """Whether another's head lies within 30 mm of the sitter's outline."""
    h, w = alpha.shape
    solid = (alpha > 0.5).astype(np.uint8)
    away = as_float(cv2.distanceTransform(1 - solid, cv2.DIST_L2, 5))
    near = as_float(away < 30 * face.px_per_mm)
    for other in others:
        oval = geometry.fill_polygon(other.moved(to_grid).points[FACE_OVAL], w, h)
        if float((oval * near).sum()) > 0:
            return True
    return False
