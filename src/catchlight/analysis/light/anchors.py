"""Anchors: what in a portrait tells of its exposure and of the colour of its light, not of pigment.

Vocabulary: an *anchor* is a thing whose own lightness or colour is known within bounds whoever the
sitter is: the whites of the eyes, teeth, the mirror of the light on nose and forehead, catchlights,
the brightest thing in the picture. Skin itself is none: how light it is says nothing about how
light it should be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.landmarks import LEFT_EYE, RIGHT_EYE
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.light.around import Around, measure_beside
from catchlight.analysis.light.tone import find_sclera, measure_opening
from catchlight.analysis.parts.irises import draw_irises
from catchlight.analysis.parts.regions import Regions
from catchlight.arrays import Float, Mask, Pixels
from catchlight.measured import measured_once
from catchlight.pixels import colour, filters, geometry
from catchlight.pixels.morphology import Bits

#: No level is told below this: eight bits have nothing there.
DARKEST = 2.0**-11
#: A channel from here on is at its ceiling.
CEILING = 0.97
#: And from here on it is the last code of eight bits: nothing above it was kept.
_LAST = 0.995
#: Pixels between the eyes at which whites are first told from lids, and surely.
_SMALL = (15.0, 80.0)
#: Lid gap over eye width likewise.
_SHUT = (0.10, 0.28)
#: Fewer pixels than this are told nothing of.
_LEAST = 12
#: Pixels of cloth below which it is no witness.
_CLOTH = 50


class CloseUp(Protocol):
    """A face at close range: its face crop."""

    @property
    def pixels(self) -> Pixels:
        """(h, w, 3) linear P3."""
        ...

    @property
    def face(self) -> Face:
        """The face in their pixels."""
        ...


@dataclass(frozen=True)
class Eyes:
    """Both eyes at close range.

    Attributes
    ----------
    whites : (n, 3) linear P3 of the whites, None where too few pixels show them
    trust : float, 0..1, how far whites can be told from lids, lashes and glasses
    white : float or None, log2 luminance of the lit whites (75th percentile)
    catch : float or None, log2 luminance of the brightest percent inside the lids
    """

    whites: Float | None
    trust: float
    white: float | None
    catch: float | None


@dataclass(frozen=True)
class Anchors:
    """What the exposure can be judged by, in log2 of linear luminance; None where unseen.

    Attributes
    ----------
    eyes : Eyes
    teeth : float or None, 75th percentile of the teeth
    mirror : float or None, 99.5th percentile of the face's skin: its speculars
    top : float, 99.9th percentile of the whole picture, and of the photo around it where known
    white : float, 99th percentile of what is not skin
    skin : float or None
        The lit skin. No anchor: it only says whether there is a face to lift.
    beside : float
        Share of what is around the head that is neither skin nor head, and lit: no more than six
        stops below its own top. A black ground, a night, a dark jacket have nothing white to show.
        Of the photo where that is known, else of the picture.
    burnt, clipped, burnt_person : float
        Share of the face's skin, of the picture and of the whole person, with a channel at its
        ceiling.
    burnt_clothes : float
        The same of the clothes; 0 where too little of them is seen.
    lost_person : float
        Share of the whole person with a channel at the last code of the file, where all above it is
        lost: what was exposed with care keeps just below.
    """

    eyes: Eyes
    teeth: float | None
    mirror: float | None
    top: float
    white: float
    skin: float | None
    beside: float
    burnt: float
    clipped: float
    burnt_person: float = 0.0
    burnt_clothes: float = 0.0
    lost_person: float = 0.0


def measure_anchors(
    pixels: Pixels,
    face: Face,
    regions: Regions,
    close_up: CloseUp,
    *,
    source_ied: float,
    covered: Mask | None = None,
    around: Around | None = None,
) -> Anchors:
    """Measure the anchors of a portrait.

    Parameters
    ----------
    pixels : (h, w, 3) linear P3, some 500 pixels large
    face, regions : of the same
    close_up : CloseUp, the eyes at close range
    source_ied : float, pixels of the photo between the eyes
    covered : (h, w) or None, where the photo reaches
    around : Around or None
        What the photo shows around the picture, where it is known: what is white in a photo tells
        of its exposure, whether or not a frame shows it.
    """
    inside = np.ones(pixels.shape[:2], np.bool_) if covered is None else covered > 0.9
    y = colour.luminance(pixels)
    skin = (regions["face_skin"] > 0.5) & inside
    other = (regions["skin"] < 0.2) & inside
    teeth = regions["teeth"] > 0.6
    clothes = (regions["clothes"] > 0.7) & inside
    person = (regions["person"] > 0.5) & inside
    most = np.maximum(np.maximum(pixels[..., 0], pixels[..., 1]), pixels[..., 2])
    ceiling = most > CEILING
    seen = y[skin]
    lit = seen[seen >= np.median(seen)] if seen.size else seen
    own = _level(y[inside], 99.9) or 0.0
    return Anchors(
        eyes=look_at_eyes(close_up, face, regions, source_ied=source_ied),
        teeth=_level(y[teeth], 75),
        mirror=_level(seen, 99.5),
        top=own if around is None else max(own, around.top),
        white=_level(y[other], 99) or 0.0,
        skin=_level(lit, 50),
        beside=measure_beside(pixels, regions, inside) if around is None else around.beside,
        burnt=float(ceiling[skin].mean()) if skin.any() else 0.0,
        clipped=float(ceiling[inside].mean()) if inside.any() else 0.0,
        burnt_person=float(ceiling[person].mean()) if person.any() else 0.0,
        burnt_clothes=float(ceiling[clothes].mean()) if clothes.sum() >= _CLOTH else 0.0,
        lost_person=float((most[person] > _LAST).mean()) if person.any() else 0.0,
    )


def measure_top(codes: NDArray[np.uint8]) -> float:
    """Log2 luminance of the brightest thousandth of an sRGB picture (h, w, 3) of eight bits."""
    linear = colour.srgb_to_linear(codes[::2, ::2].astype(np.float32) / 255)
    return _level(colour.luminance(linear), 99.9) or 0.0


def _level(found: Float, percentile: float) -> float | None:
    """Log2 of a percentile of luminances; None for fewer than a dozen."""
    if found.size < _LEAST:
        return None
    return float(np.log2(max(float(np.percentile(found, percentile)), DARKEST)))


@dataclass(frozen=True, eq=False)
class EyeCut:
    """Both eyes, cut out of a close-up once for whoever asks.

    Attributes
    ----------
    y : (h, w) relative luminance around them
    inside : (h, w) bool, between the lids
    whites : (n, 3) linear P3 of the whites
    """

    y: Float
    inside: Bits
    whites: Float


@measured_once
def cut_eyes(close_up: CloseUp) -> EyeCut:
    """Cut the eyes out of the face at close range and find their whites."""
    here = close_up.face
    ring = here.points[[*RIGHT_EYE, *LEFT_EYE]]
    box = geometry.box_around(ring, 0.1 * here.ied, close_up.pixels.shape, least=2)
    pixels = close_up.pixels[box]
    here = here.moved(geometry.translation(-box[1].start, -box[0].start))
    h, w = pixels.shape[:2]
    inside = np.maximum(
        *(geometry.fill_polygon(here.points[r], w, h) for r in (RIGHT_EYE, LEFT_EYE))
    )
    soft = 0.3 * here.px_per_mm
    irises = filters.blur(draw_irises(here.points, (h, w)), soft)
    parts = Regions({"eyes": filters.blur(inside, soft), "irises": irises}, glasses=False)
    found = pixels[find_sclera(pixels, parts) > 0.5]
    return EyeCut(colour.luminance(pixels), inside > 0.5, found)


def look_at_eyes(close_up: CloseUp, face: Face, regions: Regions, *, source_ied: float) -> Eyes:
    """What the eyes tell of the exposure."""
    cut = cut_eyes(close_up)
    catch, found = _level(cut.y[cut.inside], 99), cut.whites
    if len(found) < _LEAST:
        return Eyes(None, 0.0, None, catch)
    trust = _rise(source_ied, *_SMALL) * _rise(measure_opening(face), *_SHUT)
    # Glasses dim and mirror.
    trust *= 0.5 if regions.glasses else 1.0
    return Eyes(found, trust, _level(colour.luminance(found), 75), catch)


def _rise(value: float, low: float, high: float) -> float:
    return float(np.clip((value - low) / (high - low), 0, 1))
