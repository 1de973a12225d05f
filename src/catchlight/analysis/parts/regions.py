"""The parts of a portrait as soft masks, from the mesh, the matte and the statistics of colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from catchlight.analysis.face.landmarks import (
    CHIN,
    FACE_OVAL,
    LEFT_BROW,
    LEFT_CHEEK,
    LEFT_EYE,
    LEFT_LOWER_LID,
    LEFT_TROUGH,
    LIPS_INNER,
    LIPS_OUTER,
    MID_FOREHEAD,
    NOSTRILS,
    RIGHT_BROW,
    RIGHT_CHEEK,
    RIGHT_EYE,
    RIGHT_LOWER_LID,
    RIGHT_TROUGH,
)
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.parts.glasses import wears_glasses
from catchlight.analysis.parts.irises import draw_irises
from catchlight.analysis.parts.teeth import find_teeth
from catchlight.arrays import Mask, Pixels, as_float
from catchlight.pixels import colour, filters, geometry, morphology, powers

NAMES = (
    "all", "person", "face_skin", "neck_skin", "skin", "eyes", "irises", "brows", "lips", "teeth",
    "under_eyes", "hair", "clothes", "garment", "background", "head", "outline",
)  # fmt: skip

#: Pixels per millimetre at which colour tells the parts, and how much coarser that must be.
_GRID, _WORTH = 2.0, 0.7
Box = tuple[slice, slice]


@dataclass(frozen=True)
class Regions:
    """Soft masks over the measuring picture, all (h, w) float32 in 0..1.

    Attributes
    ----------
    masks : mapping of name to mask, the names in ``NAMES``
    glasses : bool
        Whether the sitter wears glasses.
    """

    masks: Mapping[str, Mask]
    glasses: bool

    def __getitem__(self, name: str) -> Mask:
        """Return the mask of that name."""
        return self.masks[name]


def _polygon(face: Face, ring: list[int], shape: tuple[int, ...]) -> Mask:
    return geometry.fill_polygon(face.points[ring], shape[1], shape[0])


def skin_likeness(pixels: Pixels, sample: Mask) -> Mask:
    """How much each pixel has the colour of the skin under ``sample``, 0..1.

    Chromaticity in logarithms, which shading leaves alone, against a robust Gaussian of the sample;
    what is darker than the sample's deepest shadow by more than a stop (hair, frames, beard) or
    has another hue goes.
    """
    log = powers.log2(np.maximum(pixels, 2.0**-9))
    u, v = log[..., 0] - log[..., 1], log[..., 2] - log[..., 1]
    y = powers.log2(np.maximum(colour.luminance(pixels), 2.0**-9))
    chosen = sample > 0.5
    if chosen.sum() < 12:
        return np.zeros(pixels.shape[:2], np.float32)
    points = np.stack([u[chosen], v[chosen]], 1)
    middle = np.median(points, 0)
    spread = 1.4826 * np.median(np.abs(points - middle), 0)
    # At least 0.07 stops of red-green and 0.14 of blue-green: skin varies over any face.
    sd_u, sd_v = (float(s) for s in np.maximum(spread, [0.07, 0.14]))
    distance = np.hypot((u - middle[0]) / sd_u, (v - middle[1]) / sd_v)
    alike = powers.exp(-0.5 * np.maximum(distance - 2.0, 0) ** 2 / 1.5**2)
    low, high = np.percentile(y[chosen], [5, 98])
    alike *= filters.smoothstep(y, low - 2.2, low - 0.9)
    alike *= filters.smoothstep(y, high + 2.0, high + 1.2)
    return alike


def measure_regions(pixels: Pixels, alpha: Mask, face: Face) -> Regions:
    """Split a framed portrait into its parts.

    Parameters
    ----------
    pixels : (h, w, 3) linear P3, the measuring picture or the face crop
    alpha : (h, w) matte
    face : Face in its pixels

    Returns
    -------
    Regions

    Notes
    -----
    What is told by colour (skin, hair, clothes) has edges soft by a millimetre: on a face crop it
    is measured at 2 pixels per millimetre. Eyes, lips and teeth are drawn at the picture's own
    scale. Cost: about 100 ms for a face crop of 1.3 megapixels.
    """
    h, w = alpha.shape
    masks = _draw_features(pixels, face)
    factor = _GRID / face.px_per_mm
    if factor < _WORTH:
        size = max(16, round(w * factor)), max(16, round(h * factor))
        small = filters.resize(pixels, *size)
        there = face.moved(geometry.rescaling((h, w), small.shape))
        parts = _measure_by_colour(small, filters.resize(alpha, *size), there)
        masks |= {k: filters.resize(v, w, h) for k, v in parts.items()}
    else:
        masks |= _measure_by_colour(pixels, alpha, face)
    masks |= {"all": np.ones((h, w), np.float32), "person": alpha, "background": 1 - alpha}
    return Regions({name: masks[name] for name in NAMES}, wears_glasses(pixels, face))


def _soften(mask: Mask, sigma: float) -> Mask:
    """Blur by ``sigma`` pixels, within 0..1 whatever the rounding."""
    return as_float(np.clip(filters.blur(as_float(mask), sigma), 0, 1))


def _draw_features(pixels: Pixels, face: Face) -> dict[str, Mask]:
    """What the mesh draws: eyes, irises, brows, lips and below the eyes; and the teeth."""
    shape, mm = pixels.shape[:2], face.px_per_mm

    def around(rings: tuple[list[int], ...], margin: float) -> tuple[Box, Face, tuple[int, int]]:
        """A box around rings of the mesh, ``margin`` mm wide; the face in its pixels; its size."""
        points = face.points[[p for ring in rings for p in ring]]
        box = rows, columns = geometry.box_around(points, margin * mm, shape)
        near = face.moved(geometry.translation(-columns.start, -rows.start))
        return box, near, (rows.stop - rows.start, columns.stop - columns.start)

    def whole(box: Box, part: Mask) -> Mask:
        out = np.zeros(shape, np.float32)
        out[box] = part
        return out

    upper = (RIGHT_EYE, LEFT_EYE, RIGHT_BROW, LEFT_BROW, *RIGHT_TROUGH, *LEFT_TROUGH)
    box, near, size = around(upper, 8.0)
    eyes = np.maximum(_polygon(near, RIGHT_EYE, size), _polygon(near, LEFT_EYE, size))
    brows = np.maximum(_polygon(near, RIGHT_BROW, size), _polygon(near, LEFT_BROW, size))
    iris = np.minimum(draw_irises(near.points, size), eyes)
    masks = {
        "eyes": whole(box, _soften(eyes, 0.3 * mm)),
        "irises": whole(box, _soften(iris, 0.3 * mm)),
        "brows": whole(box, _soften(brows, 1.0 * mm)),
        "under_eyes": whole(box, _under_eyes(near, eyes, size)),
    }
    box, near, size = around((LIPS_OUTER,), 4.0)
    outer, inner = _polygon(near, LIPS_OUTER, size), _polygon(near, LIPS_INNER, size)
    masks["lips"] = whole(box, _soften(np.maximum(outer - inner, 0), 0.6 * mm))
    masks["teeth"] = whole(box, find_teeth(pixels[box], outer, inner, near))
    return masks


def _measure_by_colour(pixels: Pixels, alpha: Mask, face: Face) -> dict[str, Mask]:
    """Skin of face and neck, hair, clothes and head: what colour and place tell."""
    shape, mm, ied = pixels.shape[:2], face.px_per_mm, face.ied

    def soft(mask: Mask, millimetres: float) -> Mask:
        return _soften(mask, millimetres * mm)

    oval = _polygon(face, FACE_OVAL, shape)
    eyes = np.maximum(_polygon(face, RIGHT_EYE, shape), _polygon(face, LEFT_EYE, shape))
    brows = np.maximum(_polygon(face, RIGHT_BROW, shape), _polygon(face, LEFT_BROW, shape))
    outer, nostrils = _polygon(face, LIPS_OUTER, shape), _polygon(face, NOSTRILS[0], shape)
    features = np.maximum.reduce([eyes, brows, outer, nostrils])
    grow = max(1, round(1.2 * mm))
    features = cv2.dilate(features, np.ones((3, 3), np.uint8), iterations=grow)
    alike = skin_likeness(pixels, as_float(sample_sites(face, shape) * (1 - features)))
    face_skin = oval * (1 - np.clip(features, 0, 1)) * alike
    # Neck and ears: person, skin-coloured, near the head, outside the oval.
    yy, xx = np.ogrid[0 : shape[0], 0 : shape[1]]
    xx, yy = as_float(xx), as_float(yy)
    chin_x, chin_y = (float(c) for c in face.points[CHIN])
    eye_x, eye_y = (float(c) for c in face.eyes.mean(0))
    reach = filters.smoothstep(
        np.hypot((xx - chin_x) / 1.15, yy - (chin_y + 0.35 * ied)), 1.9 * ied, 1.3 * ied
    )
    below = filters.smoothstep(yy, eye_y + 0.9 * ied, eye_y + 1.4 * ied)
    neck = alpha * (1 - oval) * alike * reach * below
    head_reach = filters.smoothstep(
        np.hypot(xx - eye_x, (yy - eye_y + 0.2 * ied) / 1.25), 2.6 * ied, 2.2 * ied
    )
    above = filters.smoothstep(yy, chin_y + 1.6 * ied, chin_y + 0.3 * ied)
    not_skin = 1 - alike * np.maximum(oval, below * reach)
    hair = alpha * (1 - oval * alike) * head_reach * above * not_skin * (1 - eyes) * (1 - outer)
    clothes = alpha * filters.smoothstep(yy, chin_y - 0.1 * ied, chin_y + 0.5 * ied)
    clothes = clothes * (1 - neck) * (1 - oval) * (1 - hair)
    # Whatever may be cloth, to its rim: who changes a garment's colour finds its own edges within.
    free = np.clip(8 * (1 - soft(np.maximum(neck, oval), 1.0)), 0, 1)
    garment = np.clip(3 * soft(alpha, 0.7), 0, 1) * free
    shoulders = filters.smoothstep(np.abs(xx - chin_x), 0.7 * ied, 0.9 * ied)
    shoulders = shoulders * filters.smoothstep(yy, eye_y + 0.4 * ied, eye_y + 0.7 * ied)
    low = filters.smoothstep(yy, chin_y - 0.1 * ied, chin_y + 0.06 * ied)
    garment = garment * np.maximum(low, shoulders)
    return {
        "face_skin": soft(face_skin, 0.8),
        "neck_skin": soft(neck, 1.0),
        "skin": soft(np.maximum(face_skin, neck), 0.8),
        "hair": soft(hair, 1.0),
        "clothes": soft(clothes, 1.0),
        "garment": as_float(garment),
        "head": soft(np.maximum(oval, hair), 1.0),
        "outline": soft(_around_hair(alpha, hair, face), 1.0),
    }


def _around_hair(alpha: Mask, hair: Mask, face: Face) -> Mask:
    """Where single hairs stand off: from 2 to 26 mm outside the mass of the hair, above the mouth.

    The mass is what an opening over 6 mm leaves of the person, so a lock belongs to it and a strand
    does not.
    """
    mm = face.px_per_mm
    mass = morphology.drop_thin(alpha > 0.5, 3.0 * mm)
    if not mass.any() or not (hair > 0.5).any():
        return np.zeros_like(alpha)
    solid = (hair > 0.5) & mass
    from_mass, from_hair = (
        as_float(cv2.distanceTransform((~x).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE))
        for x in (mass, solid)
    )
    zone = filters.smoothstep(from_mass, 1.0 * mm, 3.0 * mm)
    zone = zone * filters.smoothstep(from_hair, 26.0 * mm, 18.0 * mm)
    y = as_float(np.arange(len(alpha)))[:, None]
    nose = float(face.eyes.mean(0)[1]) + 0.6 * face.ied
    return as_float(zone * filters.smoothstep(y, nose + 10 * mm, nose))


def sample_sites(face: Face, shape: tuple[int, ...]) -> Mask:
    """Both cheeks and the mid forehead: the fixed sites at which skin is measured."""
    rings = (RIGHT_CHEEK, LEFT_CHEEK, MID_FOREHEAD)
    return as_float(np.maximum.reduce([_polygon(face, ring, shape) for ring in rings]))


def _under_eyes(face: Face, eyes: Mask, shape: tuple[int, ...]) -> Mask:
    """Below each lower lid down to the tear trough, about 10 mm; lid rim and lashes stay out.

    The lower edge runs midway between the mesh's rows at about 7 and 13 mm; the outer corner, where
    the face turns away and its shade is form, is left out. Soft by 1.8 mm; clear of the lids'
    opening by 2 mm (the rim, from which the lashes spring) and full from 5 mm.
    """
    mm = face.px_per_mm
    p = face.points
    out = np.zeros(shape[:2], np.float32)
    for lid, (upper, lower) in (
        (RIGHT_LOWER_LID, RIGHT_TROUGH),
        (LEFT_LOWER_LID, LEFT_TROUGH),
    ):
        ring = np.concatenate([p[lid[1:]], (p[upper] + p[lower]) / 2])
        out = np.maximum(out, geometry.fill_polygon(ring, shape[1], shape[0]))
    away = cv2.distanceTransform((eyes < 0.5).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return as_float(
        filters.blur(out, 1.8 * mm) * filters.smoothstep(as_float(away), 2.0 * mm, 5.0 * mm)
    )
