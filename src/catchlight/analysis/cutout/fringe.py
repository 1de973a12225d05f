"""The fringe: alpha where hair thins out, drawn by a network of our own.

The closed form knows two colours and the line between them; before foliage or lettering, or where
hair has the ground's tone, there is no such line. A small network that has seen hair before many
grounds draws the narrow band around the outline as well. The two fail differently (docs/matte.md).
Planes and scale are what it was trained with; change them only with the weights (tools/training).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.cutout.sides import measure_calm, see_sides, stack_planes
from catchlight.analysis.face.landmarks import CHIN, LIPS_OUTER
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.face.outline import draw_sure_face
from catchlight.arrays import Float, Mask, as_float
from catchlight.models import run_own
from catchlight.pixels import filters, geometry, morphology
from catchlight.pixels.grid import find_box
from catchlight.pixels.tiles import Box, widen

#: The window: samples, samples a millimetre, and where the middle of the eyes lies in it. It is
#: 347 mm wide and 400 mm high: head, neck, and what hair there is beside them.
WIDTH, HEIGHT, _SCALE, EYES = 416, 480, 1.2, (208.0, 250.0)
#: From where to where below the chin it ceases to count, in mm.
_BODY_MM = (0.0, 15.0)
#: The root code that is shown as 1: that of light a tenth above white.
WHITE = 1.1**0.5
# Before a busy ground and before a calm one, where a stroke of hair cannot be taken for another:
#: its share of alpha, the rest is the closed form's;
_SHARE = (0.6, 0.9)
#: how far beyond what was decided softly it draws, and, of both, into what was decided surely, mm;
_OUT, _IN = (3.0, 5.0), 3.0
#: alpha below which what it adds alone is the ground's light rather than hair;
_HAZE = (1.01, 0.15)
#: How much more of the person it may add than the colour of a place has: so many times, and this.
_TIMES, _SLACK = np.float32(2), np.float32(0.05)
# Readers of photographs named haze, and holes, where it drew freely before anything. What decision
# and closed form both call solid it may open before a calm ground alone, above the mouth, and only
# where the gap looks like the ground and is no larger than the loop of a curl, in mm2: the lobe of
# an ear does not, a white hairband before a white wall, and a raised shoulder, are larger.
_LOOP = 60.0
#: How far from the ground's colour to the person's a gap may lie, on average.
_ALIKE = 0.25
#: Size of a photo, beside the window's, below which no ground counts as calm.
_TINY = 0.75
#: How far beside a loop what is half open is part of it, in mm.
_RIM = 1.5
#: Samples around what counts that the network is shown as well, and what it halves down to one.
_AROUND, _STEP = 40, 16


@dataclass(frozen=True, eq=False)
class Fringe:
    """What the network sees of a fringe, all (h, w) float32 in 0..1.

    Attributes
    ----------
    fine : alpha, as it draws it
    calm : how calm the ground is
    place : where the light lies between the ground's and the person's
    counts : where the network's window reaches
    """

    fine: Mask
    calm: Mask
    place: Mask
    counts: Mask


def draw_fringe(seen: Fringe, person: Mask, alpha: Mask, face: Face) -> Mask:
    """Alpha drawn again where head and hair end, (h, w) float32.

    Parameters
    ----------
    seen : Fringe, by :func:`ask_fringe`
    person : (h, w) in 0..1, the decision
    alpha : (h, w), what the closed form made of it
    face : Face in their samples
    """
    h, w = alpha.shape
    mm = face.px_per_mm
    fine, calm, place, counts = seen.fine, seen.calm, seen.place, seen.counts

    def weigh(ends: tuple[float, float]) -> Mask:
        """Between a value for a busy ground and one for a calm one."""
        return as_float(ends[0] + calm * (ends[1] - ends[0]))

    below = np.arange(h, dtype=np.float32)[:, None] - float(face.points[CHIN, 1])
    near = morphology.measure_depth(person <= 0.1) <= weigh(_OUT) * mm
    near &= morphology.measure_depth(person > 0.9) <= _IN * mm
    near &= ~draw_sure_face(face, w, h)
    share = weigh(_SHARE) * counts * near * (1 - filters.smoothstep(below / mm, *_BODY_MM))
    out = as_float(alpha + share * (fine - alpha))
    solid = (alpha > 0.9) & (person > 0.5)
    mouth = min(-1.0, float(face.points[LIPS_OUTER, 1].mean() - face.points[CHIN, 1]))
    loops = _find_loops(solid & (out < 0.5), place, mm)
    free = calm * loops * filters.smoothstep(below, 0.0, mouth)
    np.maximum(out, alpha - (alpha - out) * free, out=out, where=solid)
    np.copyto(out, alpha, where=(alpha < 0.1) & (out < weigh(_HAZE)))
    # It adds no more than the light says.
    return as_float(np.minimum(out, np.maximum(alpha, _TIMES * place + _SLACK)))


def ask_fringe(code: Float, person: Mask, face: Face) -> Fringe:
    """Ask the network; it need not know the closed form's alpha.

    Parameters
    ----------
    code : (h, w, 3), root code of linear P3 (matting.root_code), about 1.2 samples a millimetre
    person : (h, w) in 0..1, the decision
    face : Face in their samples
    """
    h, w = person.shape
    window, size = _window_over(face), (WIDTH, HEIGHT)
    shown = np.minimum(code / np.float32(WHITE), 1)
    seen, decided = (
        as_float(cv2.warpAffine(as_float(p), window, size, borderMode=cv2.BORDER_REPLICATE))
        for p in (shown, person)
    )
    sides = see_sides(seen, decided)
    part = _find_part(decided, float(geometry.apply(window, face.points[CHIN : CHIN + 1])[0, 1]))
    drawn = decided.copy()
    planes = stack_planes(seen[part], decided[part], sides[part])
    drawn[part] = run_own("matte_fringe", planes[None])[0, 0]
    within = np.zeros((HEIGHT, WIDTH), np.float32)
    within[4:-4, 4:-4] = 1
    back = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    # It never answers quite 0 or 1.
    fine = np.clip((drawn - 0.02) / 0.96, 0, 1)
    # Enlarged, any ground is smooth.
    large = face.px_per_mm >= _TINY * _SCALE
    fields = (fine, measure_calm(seen, decided, sides) * large, sides[..., -1], within)
    return Fringe(
        *(as_float(cv2.warpAffine(as_float(f), window, (w, h), flags=back)) for f in fields)
    )


def _find_part(person: Mask, chin: float) -> Box:
    """The part of the window in which its answer counts, with what the network sees around it."""
    low = round(chin + _BODY_MM[1] * _SCALE)
    edge = cv2.morphologyEx(person, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0.02
    edge[max(low, 1) :] = False
    x0, y0, x1, y1 = find_box(edge) or (0, 0, WIDTH, HEIGHT)
    rows, columns = widen((slice(y0, y1), slice(x0, x1)), _AROUND, person.shape)
    return _round_out(rows), _round_out(columns)


def _round_out(part: slice) -> slice:
    """To samples that the network can halve; so are the window's own sides."""
    return slice(part.start // _STEP * _STEP, -(-part.stop // _STEP) * _STEP)


def _find_loops(opened: NDArray[np.bool_], place: Mask, mm: float) -> Mask:
    """Where what was opened may be a gap between curls, with its rim."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        opened.view(np.uint8), connectivity=8
    )
    size = np.maximum(stats[:, cv2.CC_STAT_AREA], 1)
    like = np.bincount(labels.ravel(), place.ravel(), minlength=count) / size < _ALIKE
    gaps = like & (size <= _LOOP * mm**2)
    gaps[0] = False
    return as_float(morphology.dilate(gaps[np.asarray(labels)], _RIM * mm))


def _window_over(face: Face) -> geometry.Transform:
    """The way from the samples of ``face`` to the window, by whole samples where it can."""
    middle, scale = face.eyes.mean(0), _SCALE / face.px_per_mm
    if abs(scale - 1) < 0.02:
        return geometry.translation(*np.round(np.array(EYES) - middle))
    return geometry.similarity(scale, 0.0, middle, np.array(EYES, np.float32))
