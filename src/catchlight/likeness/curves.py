"""Curves: what a lift of the skin has that light would not have.

Light multiplies: what is twice as bright before is twice as bright after, so pupils, brows and the
whites of the eyes rise with the skin beside them. A tone curve that whitens does not. It lifts the
middle and holds white where it is: things darker than the skin rise more than the skin, or less,
and things brighter less. So the gain of every feature is compared with that of the skin near it, by
how much darker or brighter the feature is; what the white of the picture would not share of the
skin's rise is no light. Nothing is compared with a lightness that a skin should have.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from catchlight.arrays import as_float
from catchlight.pixels.tones import lift, lower

#: A feature tells of a curve when it is this much darker or brighter than the skin near it, in
#: natural logarithms: a third of a stop; and far brighter, 0.9 of one.
_APART, _FAR = 0.25, 0.6
#: Slopes of gain over level below this are the noise of a file and of a shoulder: exposure, fills
#: and JPEG of 75 read up to 0.01 (tools/likeness_evidence.py).
_SLOPE = 0.02
#: Shares of the rise that the white would not share: noise, and those of any curve that is no
#: light. What a shoulder holds back of bright things is expected and taken off.
_NONE, _ALL = 0.12, 0.40
#: The most stops of exposure that are thought of.
_MOST = 4.0
#: Darks that rise by less than this below the skin, in natural logarithms, rise with it.
_WITH = 0.02


class Sample(NamedTuple):
    """A feature beside the skin near it, natural logarithms of luminance.

    Attributes
    ----------
    level : float, how much brighter than the skin it was
    lag : float, how much less than the skin it rose
    """

    level: float
    lag: float


def measure_unshared(samples: Sequence[Sample], rise: float, headroom: float) -> float:
    """How much of a ``rise`` of the skin the white of the picture would not share.

    Parameters
    ----------
    samples : sequence of Sample
    rise : float, of the skin, natural logarithm; negative where it fell
    headroom : float, from the skin up to white, natural logarithm

    Returns
    -------
    float
        Between 0 and ``rise``, of its sign.

    Notes
    -----
    A gamma of the code, the logarithmic curve of beauty filters and a screen lift the dark more
    than the skin and end at white: there the lag grows with the level, and is read off at white. A
    table that lifts the middle tones leaves dark and bright behind: there the smaller lag counts. A
    curve that lifts the bright more than the skin is contrast, and not held against anybody.
    """
    turn = 1.0 if rise >= 0 else -1.0
    dark = [s for s in samples if s.level < -_APART]
    bright = [s for s in samples if s.level > _APART]
    if (not dark and not bright) or rise == 0:
        return 0.0
    below = turn * (_slope(dark) or 0.0)
    above = None if not bright else turn * (_slope(bright) or 0.0)
    if above is not None and above <= _SLOPE:
        # White shares the rise, or goes ahead: light, contrast, or eyes and teeth made lighter.
        return 0.0
    if below < -_SLOPE:
        # The dark stays behind as well as the bright: a lift of the middle.
        behind = -below * float(np.mean([-s.level for s in dark]))
        unshared = behind if behind > _WITH else 0.0
    elif below > _SLOPE:
        unshared = max(below, above or 0.0) * headroom
    else:
        # The dark rises with the skin: what a shoulder holds back of the bright is none of this.
        # Only what is far brighter tells, and only where all of it agrees.
        far = [s for s in bright if s.level > _FAR]
        meant = excuse(float(np.exp(-headroom)), [s.level for s in far], rise)
        left = [
            turn * _take_off(s.lag, rise - e) / s.level for s, e in zip(far, meant, strict=True)
        ]
        unshared = max(min(left, default=0.0) - _SLOPE, 0.0) * headroom
    return attribute(unshared, rise)


def attribute(unshared: float, rise: float) -> float:
    """Give a ``rise`` to a curve, of which so much was not shared.

    Lags are carried to white in a straight line, which curves bend under: from two fifths of the
    rise on it is the curve's, all of it.
    """
    if rise == 0:
        return 0.0
    share = min(max((unshared / abs(rise) - _NONE) / (_ALL - _NONE), 0.0), 1.0)
    return rise * share


def excuse(skin: float, levels: Sequence[float], rise: float) -> list[float]:
    """What our own exposure, which rolls off, would give levels where it gives the skin its rise.

    Parameters
    ----------
    skin : float, luminance of the skin before
    levels : sequence of float, how much brighter than the skin each was, natural logarithm
    rise : float, of the skin, natural logarithm

    Returns
    -------
    list of float, natural logarithms
    """
    low, high = (0.0, _MOST) if rise >= 0 else (-_MOST, 0.0)
    for _ in range(16):
        middle = (low + high) / 2
        low, high = (middle, high) if np.log(2) * _lift(skin, middle) < rise else (low, middle)
    stops = (low + high) / 2
    seen = (min(skin * float(np.exp(level)), 1.0) for level in levels)
    return [float(np.log(2) * _lift(luminance, stops)) for luminance in seen]


def _take_off(lag: float, excuse: float) -> float:
    """What is left of a lag; an excuse the other way is none."""
    return float(np.sign(lag)) * max(abs(lag) - max(excuse * float(np.sign(lag)), 0.0), 0.0)


def _lift(luminance: float, stops: float) -> float:
    """Our own exposure: up with a shoulder, down with white held."""
    y = as_float([luminance])
    return float((lift(y, stops) if stops >= 0 else lower(y, -stops))[0])


def _slope(samples: Sequence[Sample]) -> float | None:
    """Lag over level, the median of the samples; None without any."""
    return float(np.median([s.lag / s.level for s in samples])) if samples else None
