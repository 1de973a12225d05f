"""The identity guard: as much of a restoration as leaves the sitter who they are.

With their marks and their eyes. Vocabulary: *plain* is the frame as the photo gives it, *made* what
was restored; everything here compares the two, as nobody knows the truth.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.detect import Detection
from catchlight.analysis.face.identity import measure_distance, measure_identity
from catchlight.analysis.face.landmarks import LEFT_IRIS, RIGHT_IRIS
from catchlight.analysis.face.mesh import Face, fit_mesh
from catchlight.analysis.parts.irises import away_from_iris, iris_radius
from catchlight.analysis.restoration.dots import find_dots, respond
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import colour, filters, geometry

#: Allowed distances from the plain frame: identity, and the mesh in inter-eye distances; each at
#: least this, and this many times what harmless changes cost on the same photo.
_IDENTITY, _MESH, _TIMES = 0.20, 0.012, 2.0
#: A mark keeps so much of its contrast.
_KEPT = 0.65
#: Dots are looked for at so many pixels per mm at most.
_SCALE = 2.5
#: Blur, in radii of the iris, beyond which its colour is the photo's.
_IRIS = 0.35
_DARK = np.float32(2e-3)
#: Pixels between the eyes at which the two are looked at, at most: twice what the mesh takes in.
_LOOK = 160.0
_SHARES = (1.0, 0.5, 0.25)


def draw_irises(face: Face, shape: tuple[int, ...]) -> Mask:
    """Soft discs over both irises, 1 within 1.1 radii and 0 beyond 1.5."""
    h, w = shape[:2]
    out = np.zeros((h, w), np.float32)
    for centre in (RIGHT_IRIS, LEFT_IRIS):
        middle, radius = face.points[centre], iris_radius(face.points, centre)
        x0, y0 = (int(v) for v in np.floor(middle - 2 * radius).clip(0, [w - 1, h - 1]))
        x1, y1 = (int(v) for v in np.ceil(middle + 2 * radius + 1).clip([x0 + 1, y0 + 1], [w, h]))
        part = out[y0:y1, x0:x1]
        far = away_from_iris(face.points - as_float([x0, y0]), centre, part.shape)
        # An iris under a pixel is drawn as one of a pixel.
        far *= np.float32(radius / max(radius, 1.0))
        np.maximum(part, filters.smoothstep(far, 1.5, 1.1), out=part)
    return out


def keep_irises(face: Face, plain: Pixels, made: Pixels) -> Pixels:
    """Give the irises of ``made`` the colour that those of ``plain`` have; lightness stays.

    In their discs the colour of ``made``, blurred by a third of a radius, is brought to that of
    ``plain``: an iris is four pixels wide in a staff photo, and a dark rim says nothing of its
    colour.

    Parameters
    ----------
    face : Face, in pixels of both
    plain, made : (H, W, 3) linear P3
    """
    rims = [face.points[c + 1 : c + 5] for c in (RIGHT_IRIS, LEFT_IRIS)]
    radius = max(1.0, float(np.mean([np.ptp(rim, axis=0).max() / 2 for rim in rims])))
    part = geometry.box_around(np.concatenate(rims), 2 * radius, made.shape)
    here = face.moved(geometry.translation(-part[1].start, -part[0].start))
    disc = draw_irises(here, made[part].shape[:2])[..., None]
    # In logarithms: the white beside it would outshine a dark iris.
    was, now = (np.log(np.maximum(p[part], 0) + _DARK) for p in (plain, made))
    for _ in range(2):  # the first leaves an eighth at the rim
        rest = filters.blur(as_float(was - now), _IRIS * radius)
        rest -= (rest @ colour.P3_LUMINANCE)[..., None]
        now = as_float(now + disc * rest)
    out = made.copy()
    out[part] = np.where(disc > 0, np.maximum(np.exp(now) - _DARK, 0), made[part])
    return out


def measure_kept(
    plain: NDArray[np.uint8],
    made: NDArray[np.uint8],
    face: Face,
    *,
    finest: float = 1.0,
    least: float = 3.0,
) -> float:
    """Share of its contrast that the dot hit worst keeps; 1 where the skin shows none.

    Parameters
    ----------
    plain, made : (H, W, 3) sRGB bytes
    face : Face, in their pixels
    finest, least : see :func:`dots.find_dots`
    """
    weights = np.array([[0.299, 0.587, 0.114]], np.float32)
    before, after = (as_float(cv2.transform(as_float(p), weights)) for p in (plain, made))
    scale = min(1.0, _SCALE / face.px_per_mm)
    if scale < 0.8:
        h, w = (max(8, round(n * scale)) for n in before.shape)
        before, after = (filters.resize(p, w, h) for p in (before, after))
        face = face.moved(geometry.scaling(scale, scale))
        finest = max(1.0, finest * scale)
    (rows, columns), was = find_dots(before, face, finest=finest, least=least)
    if len(rows) == 0:
        return 1.0
    now = respond(after, face, finest)
    # The dot may have moved by a pixel as the noise around it went.
    now = as_float(cv2.erode(now, np.ones((3, 3))))
    return float((now[rows, columns] / was[rows, columns]).min())


def step_back(
    face: Face, plain: Pixels, made: Pixels, *, finest: float = 1.0, least: float = 3.0
) -> tuple[Pixels, float] | None:
    """Keep as much of a restoration as leaves the sitter who they are and how they look.

    Parameters
    ----------
    face : Face, in frame pixels
    plain, made : (H, W, 3) linear P3
    finest, least : see :func:`dots.find_dots`

    Returns
    -------
    The frame and the share of ``made`` in it, or None where a quarter would be too much.
    """
    low = np.floor(face.points.min(0) - face.ied).astype(int).clip(0)
    high = np.ceil(face.points.max(0) + face.ied).astype(int)
    part = (slice(low[1], high[1]), slice(low[0], high[0]))
    here = face.moved(geometry.translation(-low[0], -low[1]))
    scale = min(1.0, _LOOK / here.ied)
    here = here.moved(geometry.scaling(scale, scale))
    finest = max(1.0, finest * scale)

    def show(pixels: Pixels) -> NDArray[np.uint8]:
        h, w = (round(n * scale) for n in pixels[part].shape[:2])
        return colour.p3_to_srgb_codes(filters.resize(np.ascontiguousarray(pixels[part]), w, h))

    def look(codes: NDArray[np.uint8]) -> tuple[Float, Float]:
        return measure_identity(codes, here, both_sides=False), fit_mesh(codes, found).points

    found = Detection(np.array(here.box, np.float32), here.eyes, here.score)
    codes = show(plain)
    who, mesh = look(codes)

    def compare(other: tuple[Float, Float]) -> tuple[float, float]:
        apart = np.linalg.norm(other[1] - mesh, axis=1).mean() / here.ied
        return measure_distance(other[0], who), float(apart)

    def cost() -> NDArray[np.floating]:
        """What harmless changes of the same picture cost: asked only where it may decide."""
        _, stored = cv2.imencode(".jpg", codes, [cv2.IMWRITE_JPEG_QUALITY, 90])
        again = np.asarray(cv2.imdecode(stored, cv2.IMREAD_UNCHANGED), np.uint8)
        moved = np.ascontiguousarray(np.roll(codes, 1, axis=1))
        return np.maximum(compare(look(again)), compare(look(moved)))

    least_allowed = np.array([_IDENTITY, _MESH])
    allowed: NDArray[np.floating] | None = None
    for share in _SHARES:
        mixed = made if share == 1 else as_float(plain + np.float32(share) * (made - plain))
        shown = show(mixed)
        if measure_kept(codes, shown, here, finest=finest, least=least) < _KEPT:
            continue
        moves = np.array(compare(look(shown)))
        if (moves <= least_allowed).all():
            return mixed, share
        if allowed is None:
            allowed = np.maximum(least_allowed, _TIMES * cost())
        if (moves <= allowed).all():
            return mixed, share
    return None
