"""What lies to both sides of an edge, continued into it: the ground, the person, and between them.

Before a calm wall they say alpha almost alone, and hair that a decision lost with it; before a busy
one they do not. How far to believe them is learned (fringe.py). Known colours to both sides are how
matting by sampling begins (Wang and Cohen 2007).
"""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.arrays import Float, Mask, as_float
from catchlight.pixels import channels, filters, morphology

#: Samples beyond what was decided softly from which on all is ground: where the decision is right,
#: and where it lost a tuft or a curl. 3 and 15 mm at 1.2 samples a millimetre.
_NEAR, _FAR = 4, 18
#: Samples within what was decided surely from which on all is the person: 2 mm.
_INSIDE = 2
#: How many times what is known of a coarser sample counts: what lies just beside is continued.
_BESIDE = 4.0
#: Squared distance of two colours in light below which they look alike.
_ALIKE = np.float32(3e-3)
#: Samples beyond what was decided softly from which on the ground's unrest is measured, over how
#: many, and the steps of a sample between which a ground is no longer called calm: as parts of how
#: far ground and person lie apart, which is this far at least.
_CLEAR, _OVER, _UNREST, _APART = 6, 20.0, (0.03, 0.08), np.float32(0.03)


def see_sides(code: Float, person: Mask) -> Float:
    """The ground's and the person's colours carried into the edge, and where a sample lies.

    Parameters
    ----------
    code : (h, w, 3) in 0..1, root code at 1.2 samples a millimetre
    person : (h, w) in 0..1, the decision

    Returns
    -------
    (h, w, 11) float32 in 0..1: in root code the ground as it is beside, the ground as it is further
    off, and the person; then where the sample's light lies from either ground, 0, to the person, 1
    """
    away = morphology.measure_depth(person <= 0.1)
    near, far = (as_float(away > r) for r in (_NEAR, _FAR))
    within = as_float(morphology.erode(person > 0.9, _INSIDE))
    grounds = [filters.fill_outside(code, m, 0.0, near=_BESIDE) for m in (near, far)]
    own = filters.fill_outside(code, within, 0.0, near=_BESIDE)
    light, body = np.square(code), np.square(own)
    places = []
    for wall in map(np.square, grounds):
        way = body - wall
        length = np.maximum(channels.add_up(np.square(way)), _ALIKE)
        places.append(np.clip(channels.add_up((light - wall) * way) / length, 0, 1))
    return as_float(np.dstack([*grounds, own, *places]))


def stack_planes(code: Float, person: Mask, sides: Float) -> Float:
    """What the fringe's network is shown, (15, h, w): picture, decision, and their sides."""
    return as_float(np.ascontiguousarray(np.moveaxis(np.dstack([code, person, sides]), 2, 0)))


def measure_calm(code: Float, person: Mask, sides: Float) -> Mask:
    """How calm the ground is beside each place, (h, w) in 0..1: 1 a wall, 0 leaves or letters.

    Dark leaves behind dark hair are not calm either: what counts are the ground's steps beside the
    step from the ground to the person.

    Parameters
    ----------
    code : (h, w, 3) in 0..1, root code at 1.2 samples a millimetre
    person : (h, w) in 0..1, the decision
    sides : (h, w, 11), of :func:`see_sides`
    """
    steps = np.zeros(person.shape, np.float32)
    for way in ((1, 0), (0, 1)):
        steps += channels.find_most(np.abs(cv2.Sobel(code, cv2.CV_32F, *way, scale=1 / 8)))
    clear = as_float(morphology.measure_depth(person <= 0.1) > _CLEAR)
    weight = filters.blur(clear, _OVER)
    unrest = filters.blur(steps * clear, _OVER) / np.maximum(weight, np.float32(1e-6))
    carried = filters.fill_outside(as_float(unrest), as_float(weight > 0.05), 0.0, near=_BESIDE)
    apart = channels.find_most(np.abs(sides[..., 6:9] - sides[..., 3:6]))
    part = as_float(carried / np.maximum(apart, _APART))
    return filters.smoothstep(part, _UNREST[1], _UNREST[0])
