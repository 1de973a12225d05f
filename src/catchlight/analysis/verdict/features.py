"""Whether eyes and a mouth are to be seen on a probe, or something lies before them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from catchlight.analysis.face import landmarks
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.parts.irises import draw_irises
from catchlight.analysis.verdict.surface import Where, fill
from catchlight.arrays import Float, Pixels, Points, as_float
from catchlight.pixels import geometry

#: Nothing is told in the logarithm of light below this.
DARKEST = 2.0**-10
LEAST = 12
#: Stops by which something between the lips must be brighter than they to be teeth.
_TOOTH = 0.5


@dataclass(frozen=True)
class Eye:
    """One eye, in stops.

    Attributes
    ----------
    bright, around : float
        By how much its brightest and the skin around it lie above the cheeks.
    drawn : float
        By how much its white is brighter than its iris: nothing where no eye is seen.
    """

    bright: float
    around: float
    drawn: float


def look_at_eyes(y: Float, face: Face, cheeks: Where) -> tuple[Eye, Eye]:
    """How bright each eye and the skin around it are, against the cheeks."""
    skin = float(np.median(y[cheeks])) if cheeks.sum() >= LEAST else float(np.median(y))
    found = []
    irises = draw_irises(face.points, (y.shape[0], y.shape[1])) > 0.5
    for ring, brow in (
        (landmarks.RIGHT_EYE, landmarks.RIGHT_BROW),
        (landmarks.LEFT_EYE, landmarks.LEFT_BROW),
    ):
        lids = face.points[ring]
        inside = geometry.fill_polygon(lids, y.shape[1], y.shape[0]) > 0.5
        around = geometry.fill_polygon(_grow(lids, 1.5, 2.6), y.shape[1], y.shape[0]) > 0.5
        near = cv2.dilate(inside.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        brows = geometry.fill_polygon(face.points[brow], y.shape[1], y.shape[0]) > 0.5
        rim = around & ~near & ~brows
        white, iris = inside & ~irises, inside & irises
        if min(rim.sum(), white.sum(), iris.sum()) < 3:
            found.append(Eye(0.0, 0.0, 1.0))
            continue
        bright = float(np.percentile(y[inside], 97)) - skin
        drawn = float(np.percentile(y[white], 70) - np.median(y[iris]))
        found.append(Eye(bright, float(np.median(y[rim])) - skin, drawn))
    return found[0], found[1]


def _grow(ring: Points, across: float, down: float) -> Points:
    middle = ring.mean(0)
    return as_float(middle + (ring - middle) * np.array([across, down], np.float32))


def look_at_mouth(
    pixels: Pixels, y: Float, face: Face, cheeks: Where
) -> tuple[float, float, float, float]:
    """Whether there is a mouth: red of the lips, the line between; and what is around it."""
    log = as_float(np.log(np.maximum(pixels, DARKEST)))
    u, v = log[..., 0] - log[..., 1], log[..., 2] - log[..., 1]
    outer = fill(face, (landmarks.LIPS_OUTER,), y.shape)
    inner = fill(face, (landmarks.LIPS_INNER,), y.shape)
    lips = outer & ~inner
    ring = face.points[landmarks.LIPS_OUTER]
    wide = geometry.fill_polygon(_grow(ring, 1.1, 2.0), y.shape[1], y.shape[0]) > 0.5
    near = wide & (cv2.dilate(outer.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0)
    if min(lips.sum(), near.sum(), cheeks.sum()) < LEAST:
        return 1.0, 1.0, 0.0, 0.0
    red = float(np.median(u[lips]) - np.median(u[near]))
    off = np.array([np.median(x[near]) - np.median(x[cheeks]) for x in (u, v)])
    bright = float(np.median(y[near]) - np.median(y[cheeks]))
    return red, _line(y, face), float(np.hypot(*off)), bright


def _line(y: Float, face: Face) -> float:
    """Stops by which what is between the lips is darker or brighter than they, over the width."""
    upper, lower = face.points[landmarks.LIPS_INNER[11:]], face.points[landmarks.LIPS_INNER[1:10]]
    n = min(len(upper), len(lower))
    found = []
    for top, bottom in zip(upper[:n][::-1], lower[:n], strict=True):
        middle, reach = (top + bottom) / 2, max(4.5 * face.px_per_mm, 2.0)
        gap = float(np.linalg.norm(top - bottom))
        steps = np.linspace(-reach - gap / 2, reach + gap / 2, 25)
        across = np.full((1, 25), middle[0], np.float32)
        down = as_float(middle[1] + steps)[None]
        profile = cv2.remap(y, across, down, cv2.INTER_LINEAR)[0]
        above, below = float(profile[:6].max()), float(profile[-6:].max())
        dark = min(above, below) - float(profile[5:-5].min())
        # Teeth are brighter than both lips, as the slit is darker.
        bright = float(profile[5:-5].max()) - max(above, below)
        found.append(max(dark, bright - _TOOTH))
    return float(np.median(found)) if found else 1.0
