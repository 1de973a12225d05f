"""What the networks see of a face: its identity, its mesh and its expression, before and after."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.detect import Detection
from catchlight.analysis.face.identity import measure_identity
from catchlight.analysis.face.mesh import Face, fit_mesh, measure_expression
from catchlight.arrays import Float, Mask, Pixels, Points, as_float
from catchlight.measured import measured
from catchlight.pixels import channels, colour, filters

#: Inter-eye distance at which the networks look: twice what either of them takes in.
IED = 126.0
#: Logarithms of linear light are taken of no less than this.
DARKEST = 2.0**-9
#: What light does to a face is smooth over this.
LIGHT_MM = 10.0
#: A mesh whose presence is below this is not a face.
_PRESENCE = 0.5


@dataclass(frozen=True, eq=False)
class Sighting:
    """What the networks see of one picture of the face.

    Attributes
    ----------
    identity : (128,) float32, of the face alone, without its mirror
    points : (478, 2) float32, the mesh in the pixels that the networks saw
    expression : mapping of 52 names to 0..1
    """

    identity: Float
    points: Points
    expression: dict[str, float]


@dataclass(frozen=True, eq=False)
class NetworkView:
    """The face before, at the size at which the networks look.

    Attributes
    ----------
    pixels : (h, w, 3) linear P3
    inside : (h, w), the face
    face : Face in their pixels
    """

    pixels: Pixels
    inside: Mask
    face: Face

    @measured
    def own(self) -> Sighting:
        """The networks' sight of the picture before."""
        return self._sight(self._codes)

    @measured
    def harmless(self) -> dict[str, Sighting]:
        """The networks' sight of harmless changes of the same picture.

        A file of quality 80 and a shift by 2 pixels. A quarter stop of light is not among them: in
        46 of 47 photos it moved the mesh less than one of these two, in 41 the identity, and light
        is divided out before anything is looked at.
        """
        codes = self._codes
        _, stored = cv2.imencode(".jpg", codes, [cv2.IMWRITE_JPEG_QUALITY, 80])
        again = np.asarray(cv2.imdecode(stored, cv2.IMREAD_UNCHANGED), np.uint8)
        moved = self._sight(np.ascontiguousarray(np.roll(codes, 2, axis=1)))
        back = Sighting(moved.identity, moved.points - as_float([2, 0]), moved.expression)
        return {"JPEG": self._sight(again), "2 px shift": back}

    def look(self, after: Pixels) -> Sighting:
        """Let the networks see the ``after`` inside the face, in the light of the before.

        They are not indifferent to light (a stop more moved a jaw of the mesh by 0.7 % of the
        inter-eye distance), and light is not what they are asked about: what changed smoothly over
        10 mm is divided out. Around the face they see the before.
        """
        pixels, inside = self.pixels, self.inside
        small = filters.resize(after, pixels.shape[1], pixels.shape[0])
        change = np.log(np.maximum(small, DARKEST)) - self._log
        light = filters.blur_inside(as_float(change), inside, LIGHT_MM * self.face.px_per_mm)
        relit = small * np.exp(-light)
        shown = as_float(pixels + channels.weigh(relit - pixels, inside))
        return self._sight(colour.p3_to_srgb_codes(shown))

    @measured
    def _codes(self) -> NDArray[np.uint8]:
        return colour.p3_to_srgb_codes(self.pixels)

    @measured
    def _log(self) -> Float:
        return as_float(np.log(np.maximum(self.pixels, DARKEST)))

    def _sight(self, codes: NDArray[np.uint8]) -> Sighting:
        """Run the networks, always on the same cut, so that only the face's content matters."""
        found = Detection(np.array(self.face.box, np.float32), self.face.eyes, 1.0)
        fitted = fit_mesh(codes, found)
        identity = measure_identity(codes, self.face, both_sides=False)
        return Sighting(identity, fitted.points, measure_expression(fitted))


def fit_in_place(pixels: Pixels, face: Face) -> Face | None:
    """Fit the mesh to ``pixels`` (H, W, 3) where a ``face`` is known to be, or nearly.

    Nothing is searched for: the network finds what moved by a few millimetres by itself. None where
    it sees no face there.
    """
    box = np.asarray(face.box)
    corners = as_float(box.reshape(2, 2))
    h, w = pixels.shape[:2]
    low = np.floor(corners[0] - face.ied).astype(int).clip(0, [w - 1, h - 1])
    high = np.ceil(corners[1] + face.ied).astype(int).clip(low + 1, [w, h])
    part = np.ascontiguousarray(pixels[low[1] : high[1], low[0] : high[0]])
    scale = min(1.0, IED / face.ied)
    size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
    factor = np.array([size[0] / part.shape[1], size[1] / part.shape[0]])
    # Edges keep their place, so centres move by half of what a pixel grew.
    to_small = np.column_stack([np.diag(factor), (0.5 - low) * factor - 0.5])
    there = face.moved(to_small)
    codes = colour.p3_to_srgb_codes(filters.resize(part, *size))
    fitted = fit_mesh(codes, Detection(np.array(there.box, np.float32), there.eyes, face.score))
    if fitted.presence < _PRESENCE:
        return None
    back = np.column_stack([np.diag(1 / factor), low - 0.5 + 0.5 / factor])
    return fitted.moved(back)
