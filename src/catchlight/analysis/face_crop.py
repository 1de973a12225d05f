"""The face crop: the face at close range, level, at a scale of its own, whatever the frame's size.

Retouching looks at millimetres of skin. A preview has too few pixels to find a mole in, and a huge
frame more than the photo gave; on the face crop both see the same skin, so that a preview and the
full render agree on every mark.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.light.catchlights import find_catchlight
from catchlight.analysis.marks.bare_skin import find_bare_skin
from catchlight.analysis.marks.find import find_marks
from catchlight.analysis.marks.mark import Mark
from catchlight.analysis.parts.regions import Regions, measure_regions
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.measured import measured
from catchlight.pixels import colour, filters, geometry

#: Inter-eye distance of the face crop in pixels, at the most: 4 pixels per millimetre, at which a
#: pore of 0.25 mm is just resolved. A smaller source keeps its own scale.
IED = 252.0
#: The crop's reach around the eyes' middle, in inter-eye distances: left and right, up, down.
_REACH = (2.0, 2.1, 2.9)


@dataclass(frozen=True, eq=False)
class FaceCrop:
    """The face, level, at most 4 pixels per millimetre.

    Attributes
    ----------
    pixels : (h, w, 3) float32 linear P3
    alpha : (h, w) float32, the person
    face : Face in pixels of the crop
    to_picture : (2, 3) similarity from pixels of the crop to those of the picture it was cut from
    parts : Regions, optional
        The parts of the face where they are known already; else they are told from the pixels.
    seen : tuple of Mark, optional
        The marks of the skin where they are known already; else they are looked for.
    """

    pixels: Pixels
    alpha: Mask
    face: Face
    to_picture: geometry.Transform
    parts: Regions | None = None
    seen: tuple[Mark, ...] | None = None

    @property
    def px_per_mm(self) -> float:
        """Pixels per millimetre of face."""
        return self.face.px_per_mm

    @measured
    def regions(self) -> Regions:
        """The parts of the face as soft masks, fading to nothing at the crop's border."""
        if self.parts is not None:
            return self.parts
        found = measure_regions(self.pixels, self.alpha, self.face)
        return Regions({k: self._fade(v) for k, v in found.masks.items()}, found.glasses)

    def _fade(self, mask: Mask) -> Mask:
        """A mask that comes to nothing over the last 6 mm at the crop's border."""
        h, w = mask.shape
        rim = min(int(np.ceil(6.0 * self.px_per_mm)) + 1, h // 2, w // 2)
        rise = filters.smoothstep(as_float(np.arange(rim)), 1.0, 6.0 * self.px_per_mm)
        out = mask.copy()
        out[:rim] *= rise[:, None]
        out[-rim:] *= rise[::-1, None]
        out[:, :rim] *= rise
        out[:, -rim:] *= rise[::-1]
        return out

    @measured
    def bare_skin(self) -> Mask:
        """Facial skin, 0 or 1, clear of features, hair and glasses."""
        return find_bare_skin(self.regions, self.face)

    @measured
    def marks(self) -> tuple[Mark, ...]:
        """The marks of the facial skin, from top to bottom."""
        if self.seen is not None:
            return self.seen
        return find_marks(self.pixels, self.bare_skin, self.face)

    @measured
    def catchlight(self) -> Float | None:
        """(3,) direction of the light that the eyes mirror; None where none is seen."""
        return find_catchlight(self.pixels, self.face)

    @property
    def lightness(self) -> Float:
        """(h, w) CIELAB L*."""
        return self.lab[..., 0]

    @measured
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
