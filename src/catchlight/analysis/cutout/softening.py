"""Softening: what a ground out of focus would change in a picture, and where it might be a mistake.

Told at a small size and without drawing it. What the votes do not agree on beside the person may be
the person: a shoulder, an earring, wind-blown hair. Softened it would be a fault, in so far as
anything there would change at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from catchlight.analysis.face.mesh import IED_MM
from catchlight.arrays import Mask, Pixels
from catchlight.pixels import colour, filters
from catchlight.pixels.defocus import GENTLE_MM, find_doubtful

#: Longer side at which it is told.
_SIDE = 320


@dataclass(frozen=True)
class Softening:
    """What softening the ground would do.

    Attributes
    ----------
    change : float
        Mean difference of colour over the frame, CIELAB: below 0.5 nobody would see it.
    risk : float
        Difference of colour summed over what may be the person, in squares of the distance between
        the eyes: 1 is a patch of 14 by 14 mm changed by 20.
    """

    change: float
    risk: float


def measure_softening(pixels: Pixels, alpha: Mask, confidence: Mask, px_per_mm: float) -> Softening:
    """Tell what softening the ground of a framed picture would do.

    Parameters
    ----------
    pixels : (h, w, 3) linear P3
    alpha : (h, w), the person
    confidence : (h, w), 0..1, how far the votes agree
    px_per_mm : float
    """
    h, w = alpha.shape
    factor = min(1.0, _SIDE / max(h, w))
    size = (max(1, round(w * factor)), max(1, round(h * factor)))
    small, person, agreed = (filters.resize(x, *size) for x in (pixels, alpha, confidence))
    mm = px_per_mm * factor
    ground = 1 - person
    # A disc spreads light as a normal blur of half its radius does.
    soft = filters.blur_inside(small, ground, GENTLE_MM / 2 * mm)
    before, after = (colour.p3_to_lab(np.clip(x, 0, 1)) for x in (small, soft))
    change = np.sqrt(np.square(after - before).sum(axis=2)) * ground
    near = find_doubtful(person, agreed, mm)
    eyes = (IED_MM * mm) ** 2
    return Softening(float(change.mean()), float(change[near].sum()) / eyes)
