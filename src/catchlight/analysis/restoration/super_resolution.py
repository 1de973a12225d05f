"""Enlargement: more pixels than the photo has, by the network, held to what the photo says.

Vocabulary: *codes* are those of the source (sRGB-curved, 0..1), *large* is n times their size.
"""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.restoration.dots import cut_face, draw_faded, find_dots, measure_fine
from catchlight.analysis.restoration.restraint import hold_extremes, hold_threads
from catchlight.arrays import Float, Mask, as_float
from catchlight.models import run_ncnn
from catchlight.pixels import back_projection, filters, geometry, ycc
from catchlight.pixels.morphology import draw_disc

_Window = tuple[slice, slice]

_TILE, _MARGIN = 256, 12
# Share of the network's finest contrast that is added once more in marks: what it makes of a mark
# is the mean of all that could have been there. Of 12 photos reduced four times dots kept 0.825 of
# their contrast without, 0.896 with (the network alone: 0.876), for 0.03 dB; it is 1 % of the skin.
_MARKS = 0.8
#: Radius of a mark and softness of its rim, in mm.
_MARK_MM, _RIM_MM = 1.2, 0.4
# After a coarse JPEG: how much of what is finer than so many widths of a mark is added where it
# has faded, per share that it has, and at most; the finest half of a width, in source pixels. The
# most probable skin is smoother than any: of 20 photos of quality 30 dots kept 0.716 of their
# contrast without at half size and 0.311 at a quarter (resampled 0.763 and 0.332), 0.779 and 0.351
# with. At 2.0 and 0.7 (and dots' _SHOWN at 1.05) ten of them kept 0.769 and not 0.738 at half size,
# but lay 0.0005 farther off in identity.
_RAISED, _RAISED_MOST, _RAISED_BAND, _RAISED_PX = 1.5, 0.6, 2.0, 0.5
# Contrast between neighbours over that of the octave below, averaged over 3 pixels: of 8 photos
# reduced by Lanczos's kernel its median is 0.56 to 0.73 and its 90th percentile 0.76 to 1.08 (hair
# and lashes); a face that was sharpened after it was reduced has 0.94 in the mean. So much of the
# network goes at the second; identity and edges of clean reductions stay as they are.
_HARD, _HARD_SHARE, _HARD_PX = (0.95, 1.15), 0.7, 3.0
#: Contrast from which on a place has detail, and the fewest such places that tell how hard it is.
_DETAIL, _FEW = 2 / 255, 50


def enlarge(codes: Float, times: int, *, agreed: bool = True) -> Float:
    """Enlarge (h, w, 3) codes by the network, tile by tile.

    Parameters
    ----------
    codes : (h, w, 3)
    times : {2, 4}
    agreed : bool
        Whether to hold the result to what the codes say.
    """
    h, w = codes.shape[:2]
    out = np.empty((h * times, w * times, 3), np.float32)
    name = f"super_resolution_x{times}"
    for y0, y1, top, bottom in back_projection.split_tiles(h, _TILE, _MARGIN):
        for x0, x1, left, right in back_projection.split_tiles(w, _TILE, _MARGIN):
            tile = np.ascontiguousarray(codes[y0:y1, x0:x1])
            part = run_ncnn(name, tile)
            ys = slice((top - y0) * times, (bottom - y0) * times)
            xs = slice((left - x0) * times, (right - x0) * times)
            out[top * times : bottom * times, left * times : right * times] = part[ys, xs]
    return np.clip(back_projection.agree(out, codes) if agreed else out, 0, 1)


def enlarge_held(codes: Float, times: int, trust: float) -> Float:
    """Enlarge by the network, its change by the share ``trust``, held to what the source shows."""
    held = hold_extremes(soften_hard(enlarge(codes, times), codes, trust), codes)
    return hold_threads(held, codes)


def draw_hard(codes: Float) -> Mask:
    """Where a picture is harder than reducing makes one: 0..1, (h, w).

    Pictures that were sharpened after they were reduced, or stored coarsely before, have rims and
    dots of single pixels, which the network takes for lines and draws on: worms.
    """
    ratio, _ = _compare_octaves(np.ascontiguousarray(ycc.to_ycc(codes)[..., 0]))
    return filters.smoothstep(ratio, *_HARD)


def measure_hardness(luma: Float) -> float:
    """Share of a picture's detail that is harder than reducing makes one, 0..1.

    Parameters
    ----------
    luma : (h, w), sRGB-curved
    """
    ratio, below = _compare_octaves(luma)
    detail = below > _DETAIL
    return float((ratio[detail] > _HARD[0]).mean()) if int(detail.sum()) > _FEW else 0.0


def _compare_octaves(luma: Float) -> tuple[Float, Float]:
    """Contrast between neighbours over that of the octave below, (h, w), and the latter."""
    # Blurs of 0.6 and 1.2 pixels part the octave below half the sampling rate from the next.
    fine, coarse = (filters.blur(luma, sigma) for sigma in (0.6, 1.2))
    above, below = (
        filters.blur(as_float(np.abs(d)), _HARD_PX) for d in (luma - fine, fine - coarse)
    )
    # A third of a code, below which rounding is all there is.
    return as_float(above / (below + np.float32(0.3 / 255))), below


def soften_hard(large: Float, codes: Float, trust: float = 1.0) -> Float:
    """Give way to plain cubic resampling where :func:`draw_hard` finds the source too hard.

    Of all the network's change only the share ``trust`` is kept.
    """
    hard = draw_hard(codes)
    if not hard.any() and trust == 1:
        return large
    size = (large.shape[1], large.shape[0])
    share = cv2.resize(as_float(_HARD_SHARE * hard), size, interpolation=cv2.INTER_LINEAR)
    plain = cv2.resize(codes, size, interpolation=cv2.INTER_CUBIC)
    share = as_float(1 - np.float32(trust) * (1 - share))
    return as_float(large + share[..., None] * (plain - large))


def strengthen_marks(large: Float, codes: Float, face: Face, least: float) -> Float:
    """Give marks the fine contrast that an average over all they could be takes from them.

    Of the network's picture only what is finer than the source says is raised, so that reduced
    again it is still the source.

    Parameters
    ----------
    large : (n h, n w, 3) codes
    codes : (h, w, 3)
    face : Face, in pixels of ``codes``
    least : float, codes of 255 below which a dot may be noise or what a JPEG made of it
    """
    times = large.shape[0] // codes.shape[0]
    _, wide, there = _cut_both(large, codes, face)
    near = np.ascontiguousarray(large[wide])
    luma = as_float(ycc.to_ycc(near)[..., 0] * 255)
    (rows, columns), _ = find_dots(luma, there, finest=1.0, least=least)
    if len(rows) == 0:
        return large
    mm = there.px_per_mm
    dots = np.zeros(luma.shape, np.float32)
    dots[rows, columns] = 1
    marks = filters.blur(as_float(cv2.dilate(dots, draw_disc(_MARK_MM * mm))), _RIM_MM * mm)
    said = back_projection.reduce_lanczos(near, times)
    fine = near - cv2.resize(said, luma.shape[::-1], interpolation=cv2.INTER_LANCZOS4)
    out = large.copy()
    out[wide] = np.clip(near + _MARKS * marks[..., None] * fine, 0, 1)
    return out


def _cut_both(large: Float, small: Float, face: Face) -> tuple[_Window, _Window, Face]:
    """Where the face's skin lies in a ``small`` picture and in the ``large`` one of it.

    ``face`` is in pixels of the small one; the one returned in those of the large one's window.
    """
    times = large.shape[0] // small.shape[0]
    part, here = cut_face(face, small.shape)
    rows, columns = (slice(times * s.start, times * s.stop) for s in part)
    there = here.moved(geometry.rescaling(small[part].shape, large[rows, columns].shape))
    return part, (rows, columns), there


def raise_marks(large: Float, shown: Float, face: Face, least: float, *, share: float) -> Float:
    """Give marks the contrast back that taking out a JPEG's blocks cost them, and no more.

    What is left of a mark is raised. The part of it that went with the blocks is not put back, as
    that is mostly blocks: regressed on the truth, it counts -0.1 to -0.3.

    Parameters
    ----------
    large, face, least : see :func:`strengthen_marks`; ``large`` may be of the source's own size
    shown : (h, w, 3) codes, as the file has them
    share : float, 0..1, how coarse the JPEG is
    """
    times = large.shape[0] // shown.shape[0]
    part, wide, there = _cut_both(large, shown, face)
    near = np.ascontiguousarray(large[wide])
    finest = _RAISED_PX * times
    now, was = (
        as_float(ycc.to_ycc(np.ascontiguousarray(c))[..., 0] * 255) for c in (near, shown[part])
    )
    was = as_float(cv2.resize(was, now.shape[::-1], interpolation=cv2.INTER_CUBIC))
    faded = draw_faded(now, was, there, finest=finest, least=least)
    fine = near - filters.blur(near, _RAISED_BAND * measure_fine(there, finest))
    strength = share * np.minimum(_RAISED * faded, _RAISED_MOST)
    out = large.copy()
    out[wide] = near + strength[..., None] * np.minimum(fine, 0)
    return out
