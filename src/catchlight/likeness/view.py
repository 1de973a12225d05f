"""A view: the witness' face cut out at close range, and what harmless changes do to it.

All pixel comparisons happen in the view of the picture before, at the detail that is really there:
the photo's own inter-eye distance, at most 252 pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis import regions
from catchlight.analysis.chart import IED, Chart
from catchlight.analysis.faces import Detection
from catchlight.analysis.identity import measure_identity
from catchlight.analysis.mesh import Face, fit_mesh, measure_expression
from catchlight.analysis.quality import estimate_noise
from catchlight.arrays import Float, Mask, Pixels, Points, as_float
from catchlight.likeness.witness import Witness
from catchlight.pixels import colour, filters, geometry

#: Room around the mesh's box, in inter-eye distances.
_ROOM = 0.4
#: Natural logarithms of linear light are taken of no less than this.
DARKEST = 2.0**-9


@dataclass(frozen=True, eq=False)
class Sighting:
    """What the networks see of one picture of the face.

    Attributes
    ----------
    identity : (128,) float32
    points : (478, 2) float32, the mesh in view pixels
    expression : mapping of 52 names to 0..1
    """

    identity: Float
    points: Points
    expression: dict[str, float]


@dataclass(frozen=True, eq=False)
class View:
    """The face before, close up.

    Attributes
    ----------
    chart : Chart, of the face only
    to_view : (2, 3) similarity from the picture's pixels to the view's
    """

    chart: Chart
    to_view: geometry.Transform

    @property
    def mm(self) -> float:
        """Pixels per millimetre."""
        return self.chart.px_per_mm

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        h, w = self.chart.alpha.shape
        return w, h

    @cached_property
    def memory(self) -> dict[Any, Any]:
        """What components measured of the view, so that the next comparison finds it."""
        return {}

    @cached_property
    def oval(self) -> Mask:
        """The face's outline, filled."""
        return geometry.fill_polygon(self.chart.face.points[regions.FACE_OVAL], *self.size)

    @cached_property
    def inside(self) -> Mask:
        """The face, fading over 5 mm within its outline and at the border of what is the person."""
        away = cv2.distanceTransform((self.oval > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
        return as_float(filters.smoothstep(as_float(away), 0, 5 * self.mm) * self.chart.alpha)

    @cached_property
    def skin(self) -> Mask:
        """Facial skin, 0..1, 2 mm and more inside the outline."""
        return as_float(self.chart.regions["face_skin"] * (self.inside > 0.35))

    @cached_property
    def log(self) -> Float:
        """(h, w, 3) natural logarithm of linear light."""
        return log_light(self.chart.pixels)

    @cached_property
    def noise(self) -> float:
        """Standard deviation of fine noise of sqrt-coded luminance."""
        return estimate_noise(self.chart.pixels)

    def merge(self, after: Pixels) -> NDArray[np.uint8]:
        """The ``after`` inside the face, the before around it in the light of the after; sRGB."""
        skin = self.skin > 0.5
        change = np.zeros(3, np.float32)
        if skin.any():
            change = np.median(log_light(after)[skin] - self.log[skin], axis=0)
        around = self.chart.pixels * np.exp(change)
        return to_codes(as_float(around + self.inside[..., None] * (after - around)))

    def sight(self, codes: NDArray[np.uint8]) -> Sighting:
        """Run the networks, always on the same cut, so that only the face's content matters."""
        face = self.chart.face
        found = Detection(np.array(face.box, np.float32), face.eyes, 1.0)
        fitted = fit_mesh(codes, found)
        return Sighting(measure_identity(codes, face), fitted.points, measure_expression(fitted))

    @cached_property
    def own(self) -> Sighting:
        """The networks' sight of the picture before."""
        return self.sight(to_codes(self.chart.pixels))

    @cached_property
    def harmless(self) -> dict[str, Sighting]:
        """The networks' sight of harmless changes of the same picture."""
        codes = to_codes(self.chart.pixels)
        _, stored = cv2.imencode(".jpg", codes, [cv2.IMWRITE_JPEG_QUALITY, 80])
        again = np.asarray(cv2.imdecode(stored, cv2.IMREAD_UNCHANGED), np.uint8)
        moved = self.sight(np.ascontiguousarray(np.roll(codes, 2, axis=1)))
        moved = Sighting(moved.identity, moved.points - as_float([2, 0]), moved.expression)
        return {
            "JPEG": self.sight(again),
            "2 px shift": moved,
            "exposure": self.sight(to_codes(self.chart.pixels * np.float32(2**0.25))),
        }


def log_light(pixels: Pixels) -> Float:
    """Natural logarithm of linear light (h, w, 3)."""
    return np.log(np.maximum(pixels, DARKEST), dtype=np.float32)


def to_codes(pixels: Pixels) -> NDArray[np.uint8]:
    """Linear P3 -> uint8 sRGB."""
    linear = colour.apply_matrix(np.ascontiguousarray(pixels), colour.P3_TO_SRGB)
    codes = colour.linear_to_srgb(np.clip(linear, 0, 1)) * 255
    return np.asarray(np.round(codes), np.uint8)


def take_view(witness: Witness, ied: float) -> View:
    """The witness' face at an inter-eye distance of ``ied`` pixels at most; kept for next time."""
    kept: dict[int, View] = witness.memory.setdefault("views", {})
    face = witness.seen
    ied = min(ied, IED, face.ied)
    key = round(ied)
    if key not in kept:
        kept[key] = _draw(witness, face, ied)
    return kept[key]


def _draw(witness: Witness, face: Face, ied: float) -> View:
    level = geometry.similarity(
        ied / face.ied, -face.pose.roll, face.eyes.mean(0), np.zeros(2, np.float32)
    )
    points = face.moved(level).points
    low, high = points.min(0) - _ROOM * ied, points.max(0) + _ROOM * ied
    to_view = np.column_stack([level[:, :2], level[:, 2] - np.floor(low)])
    width, height = np.ceil(high - np.floor(low)).astype(int)
    return View(witness.chart_through(to_view, int(width), int(height)), to_view)
