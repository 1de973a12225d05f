"""Dots: dark spots of the skin in any picture of a face, however small, to be kept and compared.

Vocabulary: the *response* is a blur of half a spot's width less one of three times as much, in
codes of 255: negative in the dark. (The marks of a sitter, with their kinds, are analysis.marks'.)
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face import landmarks
from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Float, Mask, as_float
from catchlight.pixels import filters, geometry
from catchlight.pixels.morphology import draw_disc

#: Half the width of the finest dot, in mm and in pixels of the source; the wider blur in units of
#: the finer; how many times the spread of its response a dot stands out.
_FINE_MM, _FINE_PX, _COARSE, _Z = 0.4, 1.0, 3.0, 6.0
# Response that is a dot's own, in codes: none at the first, all at the second. What quality 30 does
# to skin answers by 1.2 (standard deviation; ten photos reduced twice); where a JPEG may have done
# more than _CLEAR codes, so much more is asked.
_OWN, _CLEAR = (4.0, 7.5), 10.0
# The other picture's response counts for so much. Chosen with enlargement's _RAISED, on ten photos.
_SHOWN = 1.03
# A dot is dark along every direction: its smaller curvature over its larger. Of four red spots of 1
# to 2 mm at 70 px between the eyes it is 0.45 to 0.8, in a line 0.
_ROUND = (0.2, 0.4)


def find_dots(
    luma: Float, face: Face, *, finest: float, least: float
) -> tuple[NDArray[np.intp], Float]:
    """Dark dots of the skin of a picture of the face.

    Parameters
    ----------
    luma : (H, W), codes of 255
    face : Face, in its pixels
    finest : float, pixels that one of the source's spans here
    least : float, codes below which a dot may be noise or JPEG's

    Returns
    -------
    rows and columns (2, N), and the response (H, W) whose minima they are
    """
    response = respond(luma, face, finest)
    skin = draw_skin(face, luma.shape)
    if not skin.any():
        return np.zeros((2, 0), np.intp), response
    spread = 1.4826 * float(np.median(np.abs(response[skin])))
    size = 2 * max(1, round(2 * _FINE_MM * face.px_per_mm)) + 1
    lowest = response == cv2.erode(response, np.ones((size, size)))
    return np.array(np.nonzero(lowest & skin & (response < -max(_Z * spread, least)))), response


def measure_fine(face: Face, finest: float) -> float:
    """Half the width of the finest dot, in pixels of ``face``."""
    return max(_FINE_MM * face.px_per_mm, _FINE_PX * finest)


def respond(luma: Float, face: Face, finest: float) -> Float:
    """The response (H, W) of ``luma`` (H, W); see :func:`find_dots`."""
    fine = measure_fine(face, finest)
    return as_float(filters.blur(luma, fine) - filters.blur(luma, _COARSE * fine))


def draw_dots(luma: Float, face: Face, *, finest: float, least: float) -> Mask:
    """Soft discs over the dark dots of the skin that stand above what a JPEG makes: 0..1, (H, W).

    Parameters
    ----------
    luma : (H, W), codes of 255
    face, finest, least : see :func:`find_dots`
    """
    fine = measure_fine(face, finest)
    part, here = cut_face(face, luma.shape)
    near = np.ascontiguousarray(luma[part])
    dark = _measure_darkness(respond(near, here, finest), least)
    out = np.zeros(luma.shape, np.float32)
    out[part] = _spread(as_float(dark * _measure_roundness(filters.blur(near, fine))), here, fine)
    return out


def draw_faded(luma: Float, shown: Float, face: Face, *, finest: float, least: float) -> Mask:
    """By how much what is dark on the skin is darker in another picture of it: 0..1, (H, W).

    Parameters
    ----------
    luma, shown : (H, W), codes of 255, of the picture and of the other
    face, finest, least : see :func:`find_dots`
    """
    now, was = (respond(field, face, finest) for field in (luma, shown))
    # Lines with the dots: shading and neighbours bend a dot, and lines fade as much.
    faded = np.clip(_SHOWN * was / np.minimum(now, -1) - 1, 0, 1)
    return _spread(
        as_float(_measure_darkness(now, least) * faded), face, measure_fine(face, finest)
    )


def _measure_darkness(response: Float, least: float) -> Mask:
    low, high = (max(1.0, least / _CLEAR) * codes for codes in _OWN)
    return filters.smoothstep(-response, low, high)


def _spread(dots: Mask, face: Face, fine: float) -> Mask:
    """Discs as wide as a dot around what is of the skin."""
    disc = draw_disc(2 * fine)
    return filters.blur(
        as_float(cv2.dilate(as_float(dots * draw_skin(face, dots.shape)), disc)), fine
    )


def _measure_roundness(soft: Float) -> Mask:
    """0..1, (H, W): how nearly as much a picture bends along one direction as across it."""
    xx, yy, xy = (cv2.Sobel(soft, cv2.CV_32F, *order) for order in ((2, 0), (0, 2), (1, 1)))
    middle, off = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
    # Where the larger is not positive there is no dark dot: a thousandth of a code divides.
    return filters.smoothstep(as_float((middle - off) / np.maximum(middle + off, 1e-3)), *_ROUND)


def cut_face(face: Face, shape: tuple[int, ...]) -> tuple[tuple[slice, slice], Face]:
    """The rows and columns in which dots are looked for, and the face in pixels of these.

    The skin ends 2.5 mm within the oval: eight pixels more are beyond what is blurred into it.
    """
    part = geometry.box_around(face.points[landmarks.FACE_OVAL], 8, shape)
    return part, face.moved(geometry.translation(-part[1].start, -part[0].start))


def draw_skin(face: Face, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The face without what has dark dots of its own: eyes, brows, nostrils, lips, by 2.5 mm."""
    h, w = shape[:2]
    rings = (
        landmarks.RIGHT_EYE,
        landmarks.LEFT_EYE,
        landmarks.RIGHT_BROW,
        landmarks.LEFT_BROW,
        landmarks.LIPS_OUTER,
        *landmarks.NOSTRILS,
    )
    drawn = [geometry.fill_polygon(face.points[ring], w, h) for ring in rings]
    disc = draw_disc(2.5 * face.px_per_mm)
    own: Mask = as_float(cv2.dilate(np.maximum.reduce(drawn), disc))
    oval = geometry.fill_polygon(face.points[landmarks.FACE_OVAL], w, h)
    inner = cv2.erode(oval, disc, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return np.asarray((inner > 0.5) & (own < 0.5), np.bool_)
