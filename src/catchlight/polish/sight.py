"""The picture at arm's length: one fixed size at which polish is judged, whatever the file's size.

Vocabulary: the *sight* is an observation reduced to 512 pixels on its longer side, with its parts;
its *eyes* are a close look at both eyes on the face crop. The whites, the pupils and the lashes
there are anchors of light that no pigment of skin moves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.light.anchors import Anchors, cut_eyes, measure_anchors
from catchlight.analysis.parts.regions import Regions, measure_regions
from catchlight.analysis.parts.segment import PersonMask
from catchlight.arrays import Float, Mask, Pixels
from catchlight.likeness.observation import Observation
from catchlight.measured import measured
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
    framed : bool, False for a photo before its frame
    """

    observation: Observation
    pixels: Pixels
    face: Face
    alpha: Mask
    regions: Regions
    framed: bool

    @measured
    def luminance(self) -> Float:
        """(h, w) relative luminance."""
        return colour.luminance(self.pixels)

    @measured
    def anchors(self) -> Anchors:
        """What tells of exposure without pigment."""
        return measure_anchors(
            self.pixels,
            self.face,
            self.regions,
            self.observation.close_up,
            source_ied=self.observation.source_ied,
            around=self.observation.around,
        )

    @measured
    def eyes(self) -> EyeTones:
        """Both eyes at close range."""
        return _look_at_eyes(self.observation)


@dataclass(frozen=True)
class EyeTones:
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


def open_sight(observation: Observation, *, framed: bool) -> Sight:
    """Reduce a ``observation`` that saw a face; finds the person first where nobody has yet."""
    h, w = observation.pixels.shape[:2]
    factor = min(1.0, LONGEST / max(h, w))
    sw, sh = max(1, round(w * factor)), max(1, round(h * factor))
    pixels = filters.resize(observation.pixels, sw, sh)
    face = observation.seen.moved(geometry.rescaling((h, w), (sh, sw)))
    if observation.alpha is None:
        codes = colour.p3_to_srgb_codes(pixels)
        alpha = PersonMask(codes, face).over(np.eye(2, 3), sw, sh)
    else:
        alpha = filters.resize(observation.alpha, sw, sh)
    return Sight(observation, pixels, face, alpha, measure_regions(pixels, alpha, face), framed)


def _look_at_eyes(observation: Observation) -> EyeTones:
    """What is seen between the lids, of the cut that the anchors are told from, too."""
    cut = cut_eyes(observation.close_up)
    seen = cut.y[cut.inside]
    if seen.size < 12:
        return EyeTones(None, None, 0.0, 1.0)
    black, bright = (float(v) for v in np.percentile(seen, [3, 97]))
    if len(cut.whites) < 12:
        return EyeTones(None, None, black, bright)
    lab = colour.p3_to_lab(cut.whites[None])[0]
    white = float(np.percentile(colour.luminance(cut.whites), 75))
    return EyeTones(lab, white, black, bright)
