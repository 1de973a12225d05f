"""An aligned face: cut out at close range, level, and what is measured of it once.

All pixel comparisons happen in the aligned face of the picture before, at the detail that is really
there: the photo's own inter-eye distance, at most 252 pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import cv2
import numpy as np

from catchlight.analysis.face import landmarks
from catchlight.analysis.face_crop import FaceCrop
from catchlight.analysis.marks.mark import Mark
from catchlight.analysis.quality import estimate_noise
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.likeness.sighting import DARKEST, IED, LIGHT_MM, NetworkView
from catchlight.measured import measured
from catchlight.pixels import channels, colour, filters, geometry

#: Pixels per millimetre at which motion, lines and structure are looked for.
_COARSE = 2.0


class Marked(Protocol):
    """A picture whose marks are known, in its own pixels."""

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks of the skin."""
        ...


@dataclass(frozen=True, eq=False)
class AlignedFace:
    """The face before, close up.

    Attributes
    ----------
    face_crop : FaceCrop, of the face only
    to_aligned : (2, 3) similarity from the picture's pixels to the aligned face's
    picture : Marked, the picture it was cut from
    photo_crop : FaceCrop or None
        A scene's, where its skin has been told already.
    crop_to_picture : (2, 3) or None, similarity from its pixels to the picture's
    """

    face_crop: FaceCrop
    to_aligned: geometry.Transform
    picture: Marked
    photo_crop: FaceCrop | None = None
    crop_to_picture: geometry.Transform | None = None

    @property
    def mm(self) -> float:
        """Pixels per millimetre."""
        return self.face_crop.px_per_mm

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        h, w = self.face_crop.alpha.shape
        return w, h

    @measured
    def inside(self) -> Mask:
        """The face, fading over 5 mm within its outline and at the border of what is the person."""
        oval = geometry.fill_polygon(self.face_crop.face.points[landmarks.FACE_OVAL], *self.size)
        away = cv2.distanceTransform((oval > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
        return as_float(filters.smoothstep(as_float(away), 0, 5 * self.mm) * self.face_crop.alpha)

    @measured
    def face_skin(self) -> Mask:
        """Facial skin, 0..1; a scene's face crop has found it already."""
        if self.photo_crop is None or self.crop_to_picture is None:
            return self.face_crop.regions["face_skin"]
        to_here = geometry.chain(self.crop_to_picture, self.to_aligned)
        drawn = cv2.warpAffine(self.photo_crop.regions["face_skin"], to_here, self.size)
        return as_float(drawn)

    @measured
    def skin(self) -> Mask:
        """Facial skin, 0..1, 2 mm and more inside the outline."""
        return as_float(self.face_skin * (self.inside > 0.35))

    @measured
    def bare(self) -> float:
        """Share of the face that shows bare skin."""
        face = self.inside > 0.35
        return float((self.skin[face] > 0.5).mean()) if face.any() else 0.0

    @measured
    def log(self) -> Float:
        """(h, w) natural logarithm of luminance."""
        return log_luminance(self.face_crop.pixels)

    @measured
    def coarse(self) -> tuple[Float, Mask, float]:
        """Log luminance, the face's inside, and pixels per millimetre, at no more than 2 px/mm."""
        factor = min(1.0, _COARSE / self.mm)
        w, h = (max(16, round(n * factor)) for n in self.size)
        log, inside = filters.resize(self.log, w, h), filters.resize(self.inside, w, h)
        return log, inside, self.mm * w / self.size[0]

    @measured
    def marks(self) -> tuple[Mark, ...]:
        """The permanent marks, in pixels of the aligned face."""
        found = tuple(m for m in self.picture.marks if m.fate == "permanent")
        return place_marks(found, self.to_aligned)

    @measured
    def noise(self) -> float:
        """Standard deviation of fine noise of sqrt-coded luminance."""
        return estimate_noise(self.face_crop.pixels)

    @measured
    def networks(self) -> NetworkView:
        """The same face at the size at which the networks look."""
        factor = min(1.0, IED / self.face_crop.face.ied)
        w, h = (max(16, round(n * factor)) for n in self.size)
        shrink = geometry.rescaling(self.size[::-1], (h, w))
        pixels = filters.resize(self.face_crop.pixels, w, h)
        inside = filters.resize(self.inside, w, h)
        return NetworkView(pixels, inside, self.face_crop.face.moved(shrink))

    @measured
    def _coarse_colour(self) -> Float:
        """(h, w, 3) logarithm of the pixels, at the size of ``coarse``."""
        h, w = self.coarse[0].shape
        small = filters.resize(self.face_crop.pixels, w, h)
        return as_float(np.log(np.maximum(small, DARKEST)))

    def hold_ground(self, after: Pixels) -> Pixels:
        """Put the ``after``'s face before the ground of the before, in the after's light.

        A new backdrop is no change of the face, and what looks at detail sees 5 mm beyond it.
        """
        _, inside, mm = self.coarse
        h, w = inside.shape
        log = np.log(np.maximum(filters.resize(after, w, h), DARKEST))
        change = as_float(log - self._coarse_colour)
        light = np.exp(filters.blur_inside(change, inside, LIGHT_MM * mm))
        ground = self.face_crop.pixels * filters.resize(as_float(light), *self.size)
        return as_float(ground + channels.weigh(after - ground, self.inside))


def place_marks(marks: tuple[Mark, ...], through: geometry.Transform) -> tuple[Mark, ...]:
    """Take marks through a transform."""
    if not marks:
        return ()
    at = geometry.apply(through, as_float([[m.x, m.y] for m in marks]))
    return tuple(replace(m, x=float(x), y=float(y)) for m, (x, y) in zip(marks, at, strict=True))


def log_luminance(pixels: Pixels) -> Float:
    """Natural logarithm of luminance (h, w)."""
    return np.log(np.maximum(colour.luminance(pixels), DARKEST), dtype=np.float32)
