"""Where the light came from, as far as the first adjustments need it: lit side and ratio."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from catchlight.analysis.mesh import Face
from catchlight.analysis.regions import LEFT_CHEEK, RIGHT_CHEEK, Regions
from catchlight.arrays import Pixels
from catchlight.pixels import colour, geometry


@dataclass(frozen=True)
class KeyLight:
    """The key light, from the two cheeks.

    Attributes
    ----------
    side : float
        -1 (key from the viewer's left) to 1 (from the viewer's right); 0 where it is even.
    ratio : float
        Linear luminance of the lit cheek over the shaded one, 1 or more.
    """

    side: float
    ratio: float


def estimate_key(pixels: Pixels, face: Face, regions: Regions) -> KeyLight:
    """Compare the cheeks' median luminance where both show skin."""
    y = colour.luminance(pixels)
    skin = regions["face_skin"]
    found = []
    for ring in (RIGHT_CHEEK, LEFT_CHEEK):
        patch = geometry.fill_polygon(face.points[ring], y.shape[1], y.shape[0]) * skin > 0.4
        if patch.sum() < 6:
            return KeyLight(0.0, 1.0)
        found.append(max(float(np.median(y[patch])), 1e-4))
    stops = float(np.log2(found[1] / found[0]))
    # Natural left-right differences in even light reach 0.15 stops.
    side = float(np.clip(np.sign(stops) * max(abs(stops) - 0.12, 0) / 0.8, -1, 1))
    return KeyLight(side, float(2 ** abs(stops)))
