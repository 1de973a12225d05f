"""The whole curve: a tone curve laid over the picture, read off all that shows of the face.

Light changes with the place, a curve with the level alone: so where one level rose by one amount
wherever it lies, lashes, lips, shades and gloss tell the curve from end to end, better than a few
features. What a shoulder of exposure would hold back is taken off; what is left of the skin's rise,
and was not shared by darker and brighter places, is judged as :mod:`.curves` judges it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.likeness.curves import excuse
from catchlight.pixels import colour

#: Luminance between which a file tells what became of a level.
_DARKEST, _BRIGHTEST = 0.004, 0.85
#: Levels are gathered in steps of a third of a stop, natural logarithm; so many places make one,
#: and so many levels a curve.
_STEP, _FEW, _LEVELS = 0.25, 20, 6
#: Share of the face from which on a place is the face's and nothing else.
_SOLID = 0.95
#: Second differences of log luminance above which a place is an edge: its level is no one thing's.
_EDGE = 0.4
#: Spread of the rise within one level, natural logarithm, up to which it is a curve's, and what the
#: curve must bend by beside it. Curves read 0.004 to 0.06 here, light from the side 0.2.
_WITHIN, _BEND = 0.07, 2.0
#: A rise of less than this is no whitening: half an L* of light skin.
_RISE = 0.02
#: Levels so far from the skin's tell of what is darker and what is brighter; a line through the
#: upper ones tells of white.
_APART, _UPPER = 0.25, -0.5


@dataclass(frozen=True)
class WholeCurve:
    """What each level of a picture rose by, natural logarithms.

    Attributes
    ----------
    level : (n,), of luminance or of one channel, before
    rise : (n,)
    within : float, spread of the rise inside one level
    """

    level: Float
    rise: Float
    within: float

    def bend(self) -> float:
        """How much more one level rose than another."""
        return float(self.rise.max() - self.rise.min())

    @property
    def sure(self) -> bool:
        """Whether it is the level that decided, and not the place."""
        return self.within < _WITHIN and self.bend() > _BEND * self.within


def find_curve(before: Pixels, after: Pixels, face: Mask, *, px_per_mm: float) -> WholeCurve | None:
    """Read a curve off two pictures in register; None where there is none.

    Editors lay curves on luminance or on each channel: the better told of the two counts.

    Parameters
    ----------
    before, after : (h, w, 3) linear P3
    face : (h, w), 0..1, where the after is shown as it is
    px_per_mm : float
    """
    h, w = before.shape[:2]
    shrink = max(1.0, px_per_mm)
    size = (max(8, round(w / shrink)), max(8, round(h / shrink)))
    was, now, alpha = (
        as_float(cv2.resize(x, size, interpolation=cv2.INTER_AREA)) for x in (before, after, face)
    )
    shown = alpha[..., None] > _SOLID
    y0, y1 = (colour.luminance(x)[..., None] for x in (was, now))
    kinds = [_gather(was, now, shown), _gather(y0, y1, shown)]
    found = [curve for curve in kinds if curve is not None and curve.sure]
    return min(found, key=lambda curve: curve.within / curve.bend(), default=None)


def _gather(before: Pixels, after: Pixels, shown: NDArray[np.bool_]) -> WholeCurve | None:
    """The median rise of each level, (h, w, c) before and after."""
    was, now = (np.log(np.maximum(x, 1e-4)).astype(np.float32) for x in (before, after))
    rough = np.abs(cv2.Laplacian(was, cv2.CV_32F)).reshape(was.shape)
    seen = shown & (np.minimum(before, after) > _DARKEST)
    seen &= (np.maximum(before, after) < _BRIGHTEST) & (rough < _EDGE)
    level, rise = was[seen], (now - was)[seen]
    place = np.floor((level - np.log(_DARKEST)) / _STEP).astype(np.intp)
    kinds = [here for each in np.unique(place) if (here := place == each).sum() >= _FEW]
    if len(kinds) < _LEVELS:
        return None
    levels = as_float([np.median(level[here]) for here in kinds])
    rises = as_float([np.median(rise[here]) for here in kinds])
    off = np.abs(rise - np.interp(level, levels, rises))
    spreads = [1.4826 * float(np.median(off[here])) for here in kinds]
    counts = [int(here.sum()) for here in kinds]
    return WholeCurve(levels, rises, float(np.average(spreads, weights=counts)))


def measure_lag(curve: WholeCurve, skin: float, rise: float) -> float:
    """How much of the skin's ``rise`` the rest of the picture did not share.

    What of it is a curve's, :func:`.curves.attribute` says.

    Parameters
    ----------
    curve : WholeCurve
    skin : float, luminance of the skin before
    rise : float, of the skin, natural logarithm; negative where it fell

    Returns
    -------
    float
        Between 0 and ``rise``, of its sign; 0 where the curve is that of light or of contrast.
    """
    if abs(rise) < _RISE:
        return 0.0
    turn = 1.0 if rise > 0 else -1.0
    level = curve.level - np.log(skin)
    lag = turn * (np.array(excuse(skin, level.tolist(), rise)) - curve.rise)
    headroom = -float(np.log(skin))
    dark, bright = level < -_APART, level > _APART
    # What white, which may not be in the picture, would lag by; a curve seldom bends one way.
    upper = level > _UPPER
    parts = [(level, lag), (level[upper], lag[upper])]
    lines = [np.polyfit(x, y, 1)[0] for x, y in parts if len(x) > 2]
    white = max(lines, default=0.0) * headroom
    # The middle lifted alone: dark and bright both stay behind.
    sides = [float(np.median(lag[x])) for x in (dark, bright) if x.any()]
    middle = min(sides) if len(sides) == 2 else 0.0
    return turn * min(max(white, middle, 0.0), abs(rise))
