"""clothes: lint goes and creases soften, gently; pattern, weave, seams and folds stay."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.adjustments.edit import Gain
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, Mask, as_float
from catchlight.params import Params
from catchlight.pixels import bands, colour, filters, powers
from catchlight.pixels.grid import Grid

#: Samples a millimetre: lint is a millimetre wide, creases ten.
_GRID = 2.0
#: Of lint the share that goes, and of the light and shade of creases.
_LINT, _CREASE = 0.8, 0.45
#: Width of what counts as lint, in mm: what a median over it leaves is a button, a pin or a seam.
_SPECK = 2.5
#: Stops beside the cloth around it from which a speck is seen, and is sure.
_SEEN = (0.10, 0.25)
#: Fine contrast in stops from which cloth is woven or patterned, and nothing on it is lint.
_WOVEN = (0.03, 0.07)
#: A crease is wider than the first and narrower than the second, standard deviations in mm.
_FINE, _WIDE = 1.2, 12.0
#: Stops: what lies further from the cloth around is a lapel, a shirt or a shadow, and beyond the
#: second a fold, which is how the cloth hangs.
_TOLERANCE, _FOLD = 0.35, 0.45
#: Stops on a millimetre from which light and shade are an edge, and how far an edge reaches, mm.
_STEEP, _EDGE_MM = 0.25, 14.0
#: Stops of R/G and B/G by which another cloth differs.
_OTHER = 0.10


def build(scene: Scene, params: Params) -> Gain | None:
    """Specks on plain cloth lose 80 % of their contrast, creases 45 % of their light and shade.

    In log luminance at 2 samples a millimetre, the same gain on all channels, inside the clothes.
    Lint is what a median of 2.5 mm takes away on cloth that has no fine contrast of its own: on
    knit, tweed, stripes and lace there is none. A crease is light and shade of 1 to 12 mm against a
    robust average of the cloth around; what is of another colour, or further off than half a stop,
    is a collar, a lapel or a fold, and stays.

    Notes
    -----
    A fine even print of one hue could be taken for creases; the fold's limit bounds that. Cost:
    about 30 ms.
    """
    h, w = scene.pixels.shape[:2]
    factor = min(1.0, _GRID / scene.face.px_per_mm)
    size = max(16, round(w * factor)), max(16, round(h * factor))
    grid = Grid.over((h, w), size)
    mask = scene.region_on("clothes", grid)
    mm = scene.face.px_per_mm * factor
    # Clear of the neck, the hair and the ground: their edges are no crease.
    inner = filters.smoothstep(filters.blur(mask, 2.0 * mm), 0.75, 0.98)
    if (inner > 0.5).sum() < 400:
        return None
    log = powers.log2(np.maximum(filters.resize(scene.pixels, *size), 2.0**-10))
    y = as_float(log @ colour.P3_LUMINANCE)
    stops = (_find_lint(y, mm) * -_LINT - _CREASE * _find_creases(log, y, inner, mm)) * inner
    if float(np.abs(stops).max()) < 0.03:
        return None
    return Gain(as_float(stops), grid)


def _find_lint(y: Float, mm: float) -> Float:
    """Stops by which specks differ from the cloth around them; 0 where there is none."""
    side = 2 * max(1, round(0.5 * _SPECK * mm)) + 1
    # A median of more than five takes bytes: stops from -10 to 6 in steps of a sixteenth.
    if side > 5:
        coarse = np.clip((y + 10) * 16, 0, 255).astype(np.uint8)
        found = filters.blur(as_float(as_float(cv2.medianBlur(coarse, side)) / 16 - 10), 1.0 * mm)
    else:
        found = as_float(cv2.medianBlur(y, side))
    speck = y - found
    # Fine contrast of the cloth itself, told by its middle so that a few specks are none of it.
    usual = filters.blur(as_float(np.minimum(np.abs(speck), 0.15)), 6.0 * mm)
    plain = filters.smoothstep(usual, _WOVEN[1], _WOVEN[0])
    sure = filters.smoothstep(as_float(np.abs(speck)), *_SEEN)
    return as_float(np.clip(speck, -1, 1) * sure * plain)


def _find_creases(log: Float, y: Float, mask: Mask, mm: float) -> Float:
    """Stops of light and shade that creases make, without collars, lapels and deep folds."""
    smooth = bands.smooth_inside(y, mask, _FINE * mm)
    crease = smooth - bands.robust_surround(smooth, mask, _WIDE * mm, _TOLERANCE)
    ratios = np.dstack([log[..., 0] - log[..., 1], log[..., 2] - log[..., 1]])
    ratios = bands.smooth_inside(as_float(ratios), mask, _FINE * mm)
    off = ratios - bands.smooth_inside(ratios, mask, _WIDE * mm)
    alike = powers.exp(-np.minimum((off**2).sum(axis=2) / _OTHER**2, 60.0))
    # Along the edge of a lapel the average of both sides is neither's: nothing is done there.
    slope = np.hypot(*(cv2.Sobel(smooth, cv2.CV_32F, *d) / 8 * mm for d in ((1, 0), (0, 1))))
    size = 2 * max(1, round(_EDGE_MM * mm)) + 1
    steep = cv2.dilate((slope > _STEEP).astype(np.uint8), np.ones((size, size), np.uint8))
    alike = alike * (1 - filters.blur(as_float(steep), 2.0 * mm))
    return as_float(bands.limit(as_float(crease), _FOLD) * filters.blur(as_float(alike), 2.0 * mm))
