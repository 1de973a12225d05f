"""The lighting of a portrait: the light with the form that it falls on, and how far it reaches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.face.normals import Form, measure_form
from catchlight.analysis.light.key import GRID, estimate_light, measure_reach
from catchlight.analysis.light.light import Light
from catchlight.analysis.parts.regions import Regions
from catchlight.arrays import Mask, Pixels, as_float
from catchlight.measured import measured
from catchlight.pixels import filters, geometry


@dataclass(frozen=True, eq=False)
class Lighting:
    """What the measuring picture tells of light and form, each found when it is first asked for.

    Attributes
    ----------
    pixels : (h, w, 3) linear P3, the measuring picture
    face : Face in its pixels
    regions : Regions over it
    tint : (float, float), ln(R/G) and ln(B/G) of the light
    """

    pixels: Pixels
    face: Face
    regions: Regions
    tint: tuple[float, float]

    @measured
    def form(self) -> Form:
        """Normals and depth of the sitter, on a grid of 0.45 pixels a millimetre or coarser."""
        h, w = self.pixels.shape[:2]
        factor = min(1.0, GRID / self.face.px_per_mm)
        grid = max(8, round(h * factor)), max(8, round(w * factor))
        return measure_form(self.face.moved(geometry.rescaling((h, w), grid)), grid)

    @measured
    def light(self) -> Light:
        """The light on the face: direction, ratio, colour, cast shadows."""
        return estimate_light(self.pixels, self.face, self.regions, self.form, self.tint)

    @measured
    def known(self) -> Mask:
        """(h, w) where the mesh gives the form."""
        return filters.resize(self.form.known, self.pixels.shape[1], self.pixels.shape[0])

    @measured
    def reach(self) -> Mask:
        """(h, w) how far a change of light may go: all of it on face and neck, less elsewhere."""
        return measure_reach(self.regions, self.known, self.face)

    @measured
    def modelled(self) -> Mask:
        """(h, w) the person without eyes and lips, which have a modelling of their own."""
        features = np.maximum(self.regions["eyes"], self.regions["lips"])
        return as_float((1 - features) * self.regions["person"])
