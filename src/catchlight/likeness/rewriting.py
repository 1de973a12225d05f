"""Rewriting: how much of the face is not the photo's under any light."""

from __future__ import annotations

import numpy as np

from catchlight.arrays import Float, as_float
from catchlight.likeness.aligned_face import AlignedFace
from catchlight.likeness.component import Finding, grade, unseen
from catchlight.likeness.register import Pair
from catchlight.measured import measured_once
from catchlight.pixels import filters

_GOOD, _BAD = 0.05, 0.30
#: Detail that is compared, standard deviations in mm, and the window of the comparison.
_BAND, _WINDOW = (0.35, 3.5), 3.0
#: Spread of log light below which there is nothing to compare.
_FLOOR = 0.015


def measure_rewriting(pair: Pair) -> Finding:
    """Measure the share of the face's detail that the photo does not explain.

    With b and a the band-passed log light of before and after (light, whatever it does to a face,
    changes neither) and means taken over a window of 3 mm, each place has

        r = <(a - b)^2> / (<a^2> + <b^2> + floor)

    0 where nothing changed, 1 where all of it is gone or none of it was there: motion, blur,
    sharpening, healing and painting all raise it. The value is its mean over the face, weighted by
    the root of <a^2> + <b^2>: features count more than a smooth cheek, and not all there is.
    """
    _, m, mm = pair.view.coarse
    if m.sum() < 100:
        return unseen("too little of the face shows")
    b, a = _take_detail(pair.view), _band(pair.coarse, mm)
    window = _WINDOW * mm
    both = filters.blur(as_float(a * a + b * b), window)
    noise = (2 * pair.view.noise) ** 2
    apart = filters.blur(as_float((a - b) ** 2), window)
    r = np.maximum(apart - noise, 0) / (both + _FLOOR**2 + noise)
    weight = m * np.sqrt(both)
    value = float((weight * r).sum() / weight.sum())
    score = grade(value, 0.0, _GOOD, _BAD)
    said = f"{value:.0%} of the face's detail is not the photo's under any light"
    return Finding(value, score, said, low=0.0, high=_GOOD)


@measured_once
def _take_detail(view: AlignedFace) -> Float:
    """The photo's own detail."""
    log, _, mm = view.coarse
    return _band(log, mm)


def _band(log: Float, mm: float) -> Float:
    return as_float(filters.blur(log, _BAND[0] * mm) - filters.blur(log, _BAND[1] * mm))
