"""What the cut-out really decides on a composite, at the scale at which edges are drawn."""

import cv2
import numpy as np

from catchlight import open_photo
from catchlight.analysis.cutout import build
from catchlight.analysis.cutout.ballot import Votes
from catchlight.analysis.cutout.fringe import EYES, HEIGHT, WHITE, WIDTH
from catchlight.pixels import geometry, matting


def decide(photo, votes, person, faces):
    """Cut a composite out but for its edges: the cut-out, whose alpha is the decision."""
    solve, build.solve_edge = build.solve_edge, lambda pixels, person, face: person
    try:
        _, data = cv2.imencode(".png", photo[..., ::-1])
        content = (0, 0, photo.shape[1], photo.shape[0])
        here = np.eye(2, 3, dtype=np.float32)
        picture = open_photo(bytes(data))
        return build.cut_out(picture, faces, person, here, content, votes, engine="fast")
    finally:
        build.solve_edge = solve


def record(photo, planes, lent, window, person, faces, alpha, trust):
    """What the fringe's network is shown, and alpha, trust and inside; (4 and 3, 480, 416) uint8.

    Parameters
    ----------
    photo : (h, w, 3) uint8 sRGB
    planes, lent, window : what the refiner is shown of it, and the way there
    person : PersonMask
    faces : tuple of Face
    alpha, trust : (h, w) float32 of the photo
    """
    field = planes.astype(np.float32) / 255
    codes = np.ascontiguousarray(planes[:3].transpose(1, 2, 0))
    asked = (codes, field[7], field[4], field[3], field[5], lent)
    votes = Votes(window, *asked, tuple(f.moved(window) for f in faces))
    cut = decide(photo, votes, person, faces)
    h, w = cut.alpha.shape
    to_grid = geometry.invert(cut.grid.matrix)
    code = np.moveaxis(matting.root_code(cut.pixels), 2, 0) / WHITE
    true = [shrink(f, to_grid, (w, h)) for f in (alpha, trust, np.ones_like(alpha))]
    at = np.round(cut.face.eyes.mean(0)).astype(int) - np.array(EYES, int)
    return tuple(np.stack([take(f, *at) for f in some]) for some in ((*code, cut.alpha), true))


def as_code(field):
    """A field of 0..1 as uint8."""
    return (field * 255).round().clip(0, 255).astype(np.uint8)


def shrink(field, way, size):
    """A field of the photo over the grid, averaged."""
    factor, (h, w) = geometry.scale_of(way), field.shape
    reduced = (max(1, round(w * factor)), max(1, round(h * factor)))
    small = cv2.resize(field, reduced, interpolation=cv2.INTER_AREA)
    way = geometry.chain(geometry.rescaling(small.shape, (h, w)), way)
    return cv2.warpAffine(small, way, size)


def take(field, x0, y0):
    """The kept part as uint8; 0 where there is none."""
    out = np.zeros((HEIGHT, WIDTH), np.uint8)
    h, w = field.shape
    a, b, c, d = max(y0, 0), min(y0 + HEIGHT, h), max(x0, 0), min(x0 + WIDTH, w)
    out[a - y0 : b - y0, c - x0 : d - x0] = as_code(field[a:b, c:d])
    return out
