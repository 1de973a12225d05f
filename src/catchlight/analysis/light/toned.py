"""Whether there is colour: in a picture as a whole, and in skin alone. Two questions, asked here.

A sepia print is toned, and its skin is not grey; a face in black and white on a blue paper has
grey skin, and the picture is not toned.
"""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.arrays import Pixels
from catchlight.pixels import colour

#: What a toned print leaves of a, b beyond what L* explains: CIELAB at the 90th and the 99th
#: percentile. Of 212 photos those without colour have up to 0.9 and 1.8, a sepia print 3.6 and 6.1,
#: one in colour at the least 3.4 and 7.4.
_TONED = (3.8, 6.6)
#: Over how many pixels of a measuring picture colour is told: what is finer is noise and blocks.
_SMOOTH = 1.4
#: Fewer pixels tell nothing.
_FEWEST = 100
#: Chroma of skin below which it has no colour: of 186 people those in black and white had 0.1 to
#: 1.5, of 162 photos one in colour whose face is burnt nearly white 1.9, the others 6 and more.
_GREY = 1.7


def is_toned(pixels: Pixels) -> bool:
    """Whether all of a picture is of one tone: black and white, sepia, selenium, a cyanotype.

    Tinted greys lie on one curve from black to white: a and b follow L* alone. One red mouth in a
    picture of greys is colour, so not only the most of it is looked at.

    Parameters
    ----------
    pixels : (h, w, 3) linear P3, a measuring picture of some 640 pixels
    """
    smooth = cv2.GaussianBlur(np.clip(pixels, 0, 1), (0, 0), _SMOOTH)[::3, ::3]
    lab = colour.p3_to_lab(np.ascontiguousarray(smooth)).reshape(-1, 3)
    if len(lab) < _FEWEST:
        return False
    step = np.clip(lab[:, 0] / 5, 0, 19).astype(int)
    count = np.maximum(np.bincount(step, minlength=20), 1)
    off = np.zeros(len(lab))
    for channel in (1, 2):
        mean = np.bincount(step, lab[:, channel], minlength=20) / count
        off = np.hypot(off, lab[:, channel] - mean[step])
    near, far = np.percentile(off, (90, 99))
    return bool(near < _TONED[0] and far < _TONED[1])


def measure_chroma(skin: Pixels) -> float | None:
    """The middle chroma of skin (n, 3) linear P3, CIELAB; None where there is none."""
    if not len(skin):
        return None
    lab = colour.p3_to_lab(skin)
    return float(np.median(np.hypot(lab[..., 1], lab[..., 2])))


def is_grey(chroma: float | None) -> bool:
    """Whether skin of such a :func:`measure_chroma` has no colour; not where it is not known."""
    return chroma is not None and chroma < _GREY
