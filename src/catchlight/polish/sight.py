"""The picture at arm's length: one fixed size at which polish is judged, whatever the file's size.

Vocabulary: the *sight* is an observation reduced to 512 pixels on its longer side, with its parts;
its *eyes* are a close look at both eyes on the face crop. The whites, the pupils and the lashes
there are anchors of light that no pigment of skin moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from catchlight.analysis.face.landmarks import LEFT_EYE, LEFT_IRIS, RIGHT_EYE, RIGHT_IRIS
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.light.tone import find_sclera
from catchlight.analysis.parts.regions import Regions, measure_regions
from catchlight.analysis.parts.segment import PersonMask
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.likeness.observation import Observation
from catchlight.pixels import colour, filters, geometry

#: Longer side of the sight in pixels: about 60 between the eyes of a headshot.
LONGEST = 512


@dataclass(frozen=True, eq=False)
class Sight:
    """An observation at the size at which polish is judged.

    Attributes
    ----------
    observation : Observation
    pixels : (h, w, 3) linear P3, at most 512 pixels on the longer side
    face : Face in their pixels
    alpha : (h, w), the person
    regions : Regions over the pixels
    """

    observation: Observation
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
        return _look_at_eyes(self.observation)


@dataclass(frozen=True)
class Eyes:
    """What the eyes tell of the light, from the face crop.

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


def open_sight(observation: Observation) -> Sight:
    """Reduce a ``observation`` that saw a face; finds the person first where nobody has yet."""
    h, w = observation.pixels.shape[:2]
    factor = min(1.0, LONGEST / max(h, w))
    sw, sh = max(1, round(w * factor)), max(1, round(h * factor))
    pixels = filters.resize(observation.pixels, sw, sh)
    face = observation.seen.moved(geometry.rescaling((h, w), (sh, sw)))
    if observation.alpha is None:
        linear = np.clip(colour.apply_matrix(pixels, colour.P3_TO_SRGB), 0, 1)
        codes = np.asarray(np.rint(colour.linear_to_srgb(linear) * 255), np.uint8)
        alpha = PersonMask(codes, face).over(np.eye(2, 3), sw, sh)
    else:
        alpha = filters.resize(observation.alpha, sw, sh)
    return Sight(observation, pixels, face, alpha, measure_regions(pixels, alpha, face))


def _look_at_eyes(observation: Observation) -> Eyes:
    """Cut the eyes out of the face crop and measure inside the lids."""
    face_crop = observation.face_crop
    face = face_crop.face
    ring = face.points[[*RIGHT_EYE, *LEFT_EYE]]
    box = geometry.box_around(ring, 0.1 * face.ied, face_crop.alpha.shape, least=2)
    pixels = face_crop.pixels[box]
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
