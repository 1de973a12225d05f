"""What colour and place tell of a portrait: skin of face and neck, hair, clothes and head."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.analysis.face.landmarks import (
    CHIN,
    FACE_OVAL,
    LEFT_BROW,
    LEFT_CHEEK,
    LEFT_EYE,
    LIPS_OUTER,
    MID_FOREHEAD,
    NOSTRILS,
    RIGHT_BROW,
    RIGHT_CHEEK,
    RIGHT_EYE,
)
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.parts.features import draw_ring, soften
from catchlight.arrays import Mask, Pixels, as_float
from catchlight.pixels import colour, filters, morphology, powers


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


def measure_by_colour(pixels: Pixels, alpha: Mask, face: Face) -> dict[str, Mask]:
    """Skin of face and neck, hair, clothes and head: what colour and place tell."""
    shape, mm, ied = pixels.shape[:2], face.px_per_mm, face.ied

    def soft(mask: Mask, millimetres: float) -> Mask:
        return soften(mask, millimetres * mm)

    oval = draw_ring(face, FACE_OVAL, shape)
    eyes = np.maximum(draw_ring(face, RIGHT_EYE, shape), draw_ring(face, LEFT_EYE, shape))
    brows = np.maximum(draw_ring(face, RIGHT_BROW, shape), draw_ring(face, LEFT_BROW, shape))
    outer, nostrils = draw_ring(face, LIPS_OUTER, shape), draw_ring(face, NOSTRILS[0], shape)
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
    shoulders = filters.smoothstep(np.abs(xx - chin_x), 0.45 * ied, 0.6 * ied)
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
    return as_float(np.maximum.reduce([draw_ring(face, ring, shape) for ring in rings]))
