"""The face crop: the face at close range, level, at a scale of its own, whatever the frame's size.

Retouching looks at millimetres of skin. A preview has too few pixels to find a mole in, and a huge
frame more than the photo gave; on the face crop both see the same skin, so that a preview and the
full render agree on every mark.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.frame import Frame
from catchlight.analysis.marks.find import NO_VERDICTS, Mark, Verdicts, bare_skin, find_marks
from catchlight.analysis.parts.regions import Regions, measure_regions
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import colour, filters, geometry

#: Inter-eye distance of the face crop in pixels, at the most: 4 pixels per millimetre, at which a
#: pore of 0.25 mm is just resolved. A smaller source keeps its own scale.
IED = 252.0
#: The face crop's reach around the eyes' middle, in inter-eye distances: left and right, up, down.
_REACH = (2.0, 2.1, 2.9)


@dataclass(frozen=True)
class FaceCrop:
    """The face, level, at most 4 pixels per millimetre.

    Attributes
    ----------
    pixels : (h, w, 3) float32 linear P3
    alpha : (h, w) float32, the person
    face : Face in face crop pixels
    to_frame : (2, 3) similarity from face crop pixels to frame pixels
    verdicts : Verdicts, what a person decided about the marks
    """

    pixels: Pixels
    alpha: Mask
    face: Face
    to_frame: geometry.Transform
    verdicts: Verdicts = NO_VERDICTS

    @property
    def px_per_mm(self) -> float:
        """Pixels per millimetre of face."""
        return self.face.px_per_mm

    @cached_property
    def regions(self) -> Regions:
        """The parts of the face as soft masks, fading to nothing at the crop's border."""
        found = measure_regions(self.pixels, self.alpha, self.face)
        h, w = self.alpha.shape
        y, x = as_float(np.arange(h)), as_float(np.arange(w))
        edge = np.minimum.outer(np.minimum(y, h - 1 - y), np.minimum(x, w - 1 - x))
        fade = filters.smoothstep(edge, 1.0, 6.0 * self.px_per_mm)
        masks = {k: as_float(cv2.multiply(v, fade)) for k, v in found.masks.items()}
        return Regions(masks, found.glasses)

    @cached_property
    def bare_skin(self) -> Mask:
        """Facial skin, 0 or 1, clear of features, hair and glasses."""
        return bare_skin(self)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """The marks of the facial skin, from top to bottom."""
        return find_marks(self)

    def judged(self, verdicts: Verdicts) -> FaceCrop:
        """Return the same face crop under other ``verdicts``; what was measured stays measured."""
        if verdicts == self.verdicts:
            return self
        other = replace(self, verdicts=verdicts)
        names = ("regions", "bare_skin", "marks", "lab", "lightness")
        other.__dict__.update({k: self.__dict__[k] for k in names if k in self.__dict__})
        return other

    @cached_property
    def lightness(self) -> Float:
        """(h, w) CIELAB L*."""
        return self.lab[..., 0]

    @cached_property
    def lab(self) -> Float:
        """(h, w, 3) CIELAB, D65."""
        return colour.p3_to_lab(self.pixels)


def plan_face_crop(face: Face) -> tuple[geometry.Transform, int, int]:
    """Plan the crop of a ``face`` in photo pixels: photo -> crop transform, width, height."""
    scale = min(1.0, IED / face.ied)
    side, up, down = (r * face.ied * scale for r in _REACH)
    size = (max(16, round(2 * side)), max(16, round(up + down)))
    target = np.array([size[0] / 2, up], np.float32)
    middle = face.eyes.mean(0)
    return geometry.similarity(scale, -face.pose.roll, middle, target), *size


def face_crop_to_frame(to_crop: geometry.Transform, frame: Frame) -> geometry.Transform:
    """The transform from face crop to frame pixels."""
    return geometry.chain(geometry.invert(to_crop), frame.transform)
