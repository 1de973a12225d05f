"""The picture at arm's length: one fixed size at which polish is judged, whatever the file's size.

Vocabulary: the *sight* is a witness reduced to 512 pixels on its longer side, with its parts; its
*eyes* are a close look at both eyes on the chart. The whites, the pupils and the lashes there are
anchors of light that no pigment of skin moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from catchlight.analysis.mesh import LEFT_IRIS, RIGHT_IRIS, Face
from catchlight.analysis.regions import LEFT_EYE, RIGHT_EYE, Regions, measure_regions
from catchlight.analysis.segment import segment_person
from catchlight.analysis.tone import find_sclera
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.likeness.witness import Witness
from catchlight.pixels import colour, filters, geometry

#: Longer side of the sight in pixels: about 60 between the eyes of a headshot.
LONGEST = 512


@dataclass(frozen=True, eq=False)
class Sight:
    """A witness at the size at which polish is judged.

    Attributes
    ----------
    witness : Witness
    pixels : (h, w, 3) linear P3, at most 512 pixels on the longer side
    face : Face in their pixels
    alpha : (h, w), the person
    regions : Regions over the pixels
    """

    witness: Witness
    pixels: Pixels
    face: Face
    alpha: Mask
    regions: Regions

    @cached_property
    def luminance(self) -> Float:
        """(h, w) relative luminance."""
        return colour.luminance(self.pixels)

    @cached_property
    def eyes(self) -> Eyes:
        """Both eyes at close range."""
        return _look_at_eyes(self.witness)


@dataclass(frozen=True)
class Eyes:
    """What the eyes tell of the light, from the chart.

    Attributes
    ----------
    lab : (n, 3) or None, CIELAB of the whites; None where too little of them is seen
    white : float or None, linear luminance of the lit whites (75th percentile)
    black : float, linear luminance of pupils and lashes (3rd percentile inside the lids)
    bright : float, 97th percentile inside the lids: whites and catchlights
    """

    lab: Float | None
    white: float | None
    black: float
    bright: float


def open_sight(witness: Witness) -> Sight:
    """Reduce a ``witness`` that saw a face; finds the person first where nobody has yet."""
    h, w = witness.pixels.shape[:2]
    factor = min(1.0, LONGEST / max(h, w))
    sw, sh = max(1, round(w * factor)), max(1, round(h * factor))
    pixels = filters.resize(witness.pixels, sw, sh)
    face = witness.seen.moved(geometry.rescaling((h, w), (sh, sw)))
    if witness.alpha is None:
        linear = np.clip(colour.apply_matrix(pixels, colour.P3_TO_SRGB), 0, 1)
        codes = np.asarray(np.rint(colour.linear_to_srgb(linear) * 255), np.uint8)
        alpha = segment_person(codes, face, np.eye(2, 3), sw, sh)
    else:
        alpha = filters.resize(witness.alpha, sw, sh)
    return Sight(witness, pixels, face, alpha, measure_regions(pixels, alpha, face))


def _look_at_eyes(witness: Witness) -> Eyes:
    """Cut the eyes out of the chart and measure inside the lids."""
    chart = witness.chart
    face = chart.face
    ring = face.points[[*RIGHT_EYE, *LEFT_EYE]]
    box = geometry.box_around(ring, 0.1 * face.ied, chart.alpha.shape, least=2)
    pixels = chart.pixels[box]
    here = face.moved(geometry.translation(-box[1].start, -box[0].start))
    h, w = pixels.shape[:2]
    lids = [geometry.fill_polygon(here.points[r], w, h) for r in (RIGHT_EYE, LEFT_EYE)]
    inside = np.maximum(*lids)
    irises = np.maximum(*(_disc(here, c, (h, w)) for c in (RIGHT_IRIS, LEFT_IRIS)))
    soft = 0.3 * here.px_per_mm
    parts = Regions(
        {"eyes": filters.blur(inside, soft), "irises": filters.blur(irises, soft)}, glasses=False
    )
    y = colour.luminance(pixels)
    seen = y[inside > 0.5]
    if seen.size < 12:
        return Eyes(None, None, 0.0, 1.0)
    black, bright = (float(v) for v in np.percentile(seen, [3, 97]))
    sclera = find_sclera(pixels, parts) > 0.5
    if sclera.sum() < 12:
        return Eyes(None, None, black, bright)
    lab = colour.p3_to_lab(pixels[sclera][None])[0]
    return Eyes(lab, float(np.percentile(y[sclera], 75)), black, bright)


def _disc(face: Face, centre: int, shape: tuple[int, int]) -> Mask:
    """The iris around the mesh point ``centre``, (h, w)."""
    middle = face.points[centre]
    radius = float(np.linalg.norm(face.points[centre + 1 : centre + 5] - middle, axis=1).mean())
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    far = as_float(np.hypot(x - middle[0], y - middle[1]))
    return filters.smoothstep(far, radius + 0.5, radius - 0.5)
