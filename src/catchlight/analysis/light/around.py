"""What lies around a head in its photo, told of the photo: a frame has no say in its exposure.

Vocabulary: the *window* is what a square headshot would show, laid around every face in the same
way; a photo that ends within it ends the window, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.parts.regions import Regions, measure_regions
from catchlight.arrays import Mask, Pixels
from catchlight.pixels import colour, geometry
from catchlight.pixels.grid import Box
from catchlight.pixels.morphology import Bits

#: The window in inter-eye distances beside, above and below the eyes: the square in which a head
#: fills half of the height, as people and crops have it.
_BESIDE, _ABOVE, _BELOW = 3.4, 2.9, 3.9
#: Its longer side in pixels. From 192 to 384 the share changes by 0.001.
_SIZE = 224
#: What lies so many stops below the brightest thing is in the dark, whatever it is made of: black
#: cloth in the light of a white wall lies four to six below it.
_UNLIT = 6.0


@dataclass(frozen=True)
class Around:
    """What a photo shows around a head, whatever a frame shows of it.

    Attributes
    ----------
    top : float, log2 luminance of the brightest thing in the photo
    beside : float
        Share of the window that is neither skin nor head, and lit: no more than six stops below
        the window's own top.
    """

    top: float
    beside: float


#: Draws the photo through a transform, (h, w, 3) linear P3, of a width and a height.
Draw = Callable[[geometry.Transform, int, int], Pixels]
#: Likewise the probability of the person, (h, w).
Mark = Callable[[geometry.Transform, int, int], Mask]


def measure_beside(pixels: Pixels, regions: Regions, inside: Bits | None = None) -> float:
    """Share of a picture that is neither skin nor head, and lit; see :class:`Around`.

    ``inside`` (h, w) is where the photo reaches; by default everywhere.
    """
    y = colour.luminance(pixels)
    here = np.ones(y.shape, np.bool_) if inside is None else inside
    if not here.any():
        return 0.0
    lit = y > np.percentile(y[here], 99.9) * 2.0**-_UNLIT
    return float((here & (regions["skin"] < 0.2) & (regions["head"] < 0.3) & lit).mean())


def measure_around(top: float, face: Face, content: Box, *, draw: Draw, person: Mark) -> Around:
    """Look at the window around a face; about 15 ms.

    Parameters
    ----------
    top : float, log2 luminance of the brightest thing in the photo
    face : Face, in photo pixels
    content : Box, the photo within its bars
    draw, person : the photo and the person through a transform of photo pixels
    """
    x, y = face.eyes.mean(0)
    reach = face.ied * np.array([[-_BESIDE, -_ABOVE], [_BESIDE, _BELOW]])
    low = np.maximum(np.array([x, y]) + reach[0], np.array(content[:2]) - 0.5)
    high = np.minimum(np.array([x, y]) + reach[1], np.array(content[2:]) - 0.5)
    size = np.maximum(high - low, 1.0)
    scale = _SIZE / float(size.max())
    width, height = (max(1, round(float(v) * scale)) for v in size)
    to_window = np.column_stack([np.eye(2) * scale, -0.5 - low * scale])
    pixels = draw(to_window, width, height)
    alpha = person(to_window, width, height)
    parts = measure_regions(pixels, alpha, face.moved(to_window))
    return Around(top, measure_beside(pixels, parts))
