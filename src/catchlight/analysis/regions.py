"""The parts of a portrait as soft masks, from the mesh, the matte and the statistics of colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from catchlight.analysis.mesh import CHIN, Face
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import colour, filters, geometry

# Rings of the mesh (Google's Face Mesh topology); "right" is the sitter's right.
FACE_OVAL = [
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
    148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
]  # fmt: skip
LIPS_OUTER = [
    61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185,
]  # fmt: skip
LIPS_INNER = [
    78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191,
]  # fmt: skip
RIGHT_EYE = [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246]
LEFT_EYE = [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466]
RIGHT_BROW = [46, 53, 52, 65, 55, 107, 66, 105, 63, 70]
LEFT_BROW = [276, 283, 282, 295, 285, 336, 296, 334, 293, 300]
# Lower lid from outer to inner corner; the two rows of the mesh between which the trough lies.
RIGHT_LOWER_LID = [33, 7, 163, 144, 145, 153, 154, 155, 133]
LEFT_LOWER_LID = [263, 249, 390, 373, 374, 380, 381, 382, 362]
RIGHT_TROUGH = ([232, 231, 230, 229], [121, 120, 119, 118])
LEFT_TROUGH = ([452, 451, 450, 449], [350, 349, 348, 347])
NOSTRILS = [[98, 97, 2, 326, 327, 294, 19, 64]]
RIGHT_CHEEK = [117, 118, 101, 36, 205, 187, 123]
LEFT_CHEEK = [346, 347, 330, 266, 425, 411, 352]
MID_FOREHEAD = [67, 109, 10, 338, 297, 299, 9, 69]

NAMES = (
    "all", "person", "face_skin", "neck_skin", "skin", "eyes", "irises", "brows", "lips", "teeth",
    "under_eyes", "hair", "clothes", "background", "head",
)  # fmt: skip


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


def _iris_discs(face: Face, shape: tuple[int, ...]) -> Mask:
    out = np.zeros(shape[:2], np.float32)
    for centre in (468, 473):
        rim = face.points[centre + 1 : centre + 5]
        middle = face.points[centre]
        radius = np.linalg.norm(rim - middle, axis=1).mean()
        t = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        disc = middle + radius * np.stack([np.cos(t), np.sin(t)], 1)
        out = np.maximum(out, geometry.fill_polygon(disc, shape[1], shape[0]))
    return out


def skin_likeness(pixels: Pixels, sample: Mask) -> Mask:
    """How much each pixel has the colour of the skin under ``sample``, 0..1.

    Chromaticity in logarithms, which shading leaves alone, against a robust Gaussian of the sample;
    what is darker than the sample's deepest shadow by more than a stop (hair, frames, beard) or
    has another hue goes.
    """
    log = np.log2(np.maximum(pixels, 2.0**-9))
    u, v = log[..., 0] - log[..., 1], log[..., 2] - log[..., 1]
    y = np.log2(np.maximum(colour.luminance(pixels), 2.0**-9))
    chosen = sample > 0.5
    if chosen.sum() < 12:
        return np.zeros(pixels.shape[:2], np.float32)
    points = np.stack([u[chosen], v[chosen]], 1)
    middle = np.median(points, 0)
    spread = 1.4826 * np.median(np.abs(points - middle), 0)
    # At least 0.07 stops of red-green and 0.14 of blue-green: skin varies over any face.
    sd = np.maximum(spread, [0.07, 0.14])
    d2 = ((u - middle[0]) / sd[0]) ** 2 + ((v - middle[1]) / sd[1]) ** 2
    alike = np.exp(-0.5 * np.maximum(np.sqrt(d2) - 2.0, 0) ** 2 / 1.5**2)
    low, high = np.percentile(y[chosen], [5, 98])
    alike *= filters.smoothstep(y, low - 2.2, low - 0.9)
    alike *= filters.smoothstep(y, high + 2.0, high + 1.2)
    return as_float(alike)


def measure_regions(pixels: Pixels, alpha: Mask, face: Face) -> Regions:
    """Split a framed portrait into its parts.

    Parameters
    ----------
    pixels : (h, w, 3) linear P3, the measuring picture
    alpha : (h, w) matte
    face : Face in its pixels

    Returns
    -------
    Regions
    """
    shape = pixels.shape
    mm = face.px_per_mm

    def soft(mask: Any, millimetres: float) -> Mask:
        return filters.blur(as_float(mask), millimetres * mm)

    oval = _polygon(face, FACE_OVAL, shape)
    eyes = np.maximum(_polygon(face, RIGHT_EYE, shape), _polygon(face, LEFT_EYE, shape))
    brows = np.maximum(_polygon(face, RIGHT_BROW, shape), _polygon(face, LEFT_BROW, shape))
    outer, inner = _polygon(face, LIPS_OUTER, shape), _polygon(face, LIPS_INNER, shape)
    nostrils = _polygon(face, NOSTRILS[0], shape)
    iris = np.minimum(_iris_discs(face, shape), eyes)
    kernel = np.ones((3, 3), np.uint8)
    grow = max(1, round(1.2 * mm))
    features = np.maximum.reduce([eyes, brows, outer, nostrils])
    features = cv2.dilate(features, kernel, iterations=grow)
    sample = sample_sites(face, shape) * (1 - features)
    alike = skin_likeness(pixels, sample)
    face_skin = oval * (1 - np.clip(features, 0, 1)) * alike
    # Neck and ears: person, skin-coloured, near the head, outside the oval.
    h, w = shape[:2]
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    chin_x, chin_y = face.points[CHIN]
    eye_x, eye_y = face.eyes.mean(0)
    reach = filters.smoothstep(
        np.hypot((xx - chin_x) / 1.15, yy - (chin_y + 0.35 * face.ied)),
        1.9 * face.ied,
        1.3 * face.ied,
    )
    below = filters.smoothstep(yy, eye_y + 0.9 * face.ied, eye_y + 1.4 * face.ied)
    neck = alpha * (1 - oval) * alike * reach * below
    head_reach = filters.smoothstep(
        np.hypot((xx - eye_x) / 1.0, (yy - eye_y + 0.2 * face.ied) / 1.25),
        2.6 * face.ied,
        2.2 * face.ied,
    )
    above = filters.smoothstep(yy, chin_y + 1.6 * face.ied, chin_y + 0.3 * face.ied)
    not_skin = 1 - np.clip(alike, 0, 1) * np.maximum(oval, below * reach)
    hair = alpha * (1 - oval * alike) * head_reach * above * not_skin * (1 - eyes) * (1 - outer)
    clothes = alpha * filters.smoothstep(yy, chin_y - 0.1 * face.ied, chin_y + 0.5 * face.ied)
    clothes = clothes * (1 - neck) * (1 - oval) * (1 - hair)
    teeth = _find_teeth(pixels, outer, inner, face)
    masks = {
        "all": np.ones(shape[:2], np.float32),
        "person": alpha,
        "face_skin": soft(face_skin, 0.8),
        "neck_skin": soft(neck, 1.0),
        "skin": soft(np.maximum(face_skin, neck), 0.8),
        "eyes": soft(eyes, 0.3),
        "irises": soft(iris, 0.3),
        "brows": soft(brows, 1.0),
        "lips": soft(np.clip(outer - inner, 0, 1), 0.6),
        "teeth": teeth,
        "under_eyes": _under_eyes(face, eyes, shape),
        "hair": soft(hair, 1.0),
        "clothes": soft(clothes, 1.0),
        "background": 1 - alpha,
        "head": soft(np.maximum(oval, hair), 1.0),
    }
    masks = {k: np.clip(v, 0, 1).astype(np.float32) for k, v in masks.items()}
    return Regions(masks, glasses=_wears_glasses(pixels, face))


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


def _find_teeth(pixels: Pixels, outer: Mask, inner: Mask, face: Face) -> Mask:
    """Teeth between the lips; none if the mouth is closed.

    Told by the sitter's own lips, whatever their tone: over 29 open and closed mouths of all tones
    the brightest fifth between the lips was 20 to 50 L* lighter and under 0.65 of the lips' a*
    where it was teeth; where not, it was at most 5 lighter or at least 0.95 as red. A pixel is
    tooth where a* is nearer to the teeth's than to the lips' (gums and tongue are as red as lips)
    and which is not the dark of the mouth's corners.
    """
    mm = face.px_per_mm
    none = np.zeros_like(inner)
    near = inner > 0.5
    if inner.sum() < 22 * mm**2 or near.sum() < 8:  # a slit under 22 mm^2 shows no teeth
        return none
    size = 2 * max(1, round(0.8 * mm)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    lips = (outer > 0.5) & (cv2.dilate(inner, kernel) < 0.5)
    if lips.sum() < 8:
        return none
    lab = colour.p3_to_lab(pixels)
    lip = np.median(lab[lips], axis=0)
    lightness, red = lab[..., 0], lab[..., 1]
    bright = lightness >= np.percentile(lightness[near], 80)
    tooth = np.median(lab[bright & near], axis=0)
    if tooth[0] < lip[0] + 6 or lip[1] - tooth[1] < max(0.3 * lip[1], 3.0):
        return none
    share = (red - tooth[1]) / max(float(lip[1] - tooth[1]), 3.0)
    like = filters.smoothstep(share, 0.62, 0.42)
    # Side teeth lie in the shade of the cheeks, up to some 40 L* below the front ones.
    like *= filters.smoothstep(lightness, float(tooth[0]) - 44, float(tooth[0]) - 32)
    # The mesh's inner lip line is off by up to about 1 mm; what is found must still lie inside it.
    found = (like * cv2.dilate(inner, kernel) > 0.5).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(found)
    least = 2.0 * mm**2  # a third of the smallest front tooth seen
    inside = np.bincount(labels.ravel(), near.ravel(), minlength=count)
    area = stats[:, cv2.CC_STAT_AREA]
    keep = (area >= least) & (inside >= 0.7 * area)
    keep[0] = False
    if area[keep].sum() < 8 * mm**2:
        return none
    # Soft by 0.25 mm towards the inside only: not a thousandth of it lies on gum or lip.
    teeth = filters.blur(as_float(keep[labels]), 0.25 * mm)
    return as_float(np.clip(2 * teeth - 1, 0, 1) * keep[labels])


def glasses_evidence(pixels: Pixels, face: Face) -> Float:
    """Three numbers that rise with glasses: edges of the bridge, of the lower rims, of the temples.

    Mean absolute vertical gradient of log luminance on the nose bridge between the eyes, on the
    arcs below the eyes, and beside them, each against the cheek's.
    """
    patch = 96  # the eyes 48 pixels apart, level
    right, left = face.eyes
    angle = float(np.degrees(np.arctan2(left[1] - right[1], left[0] - right[0])))
    flat = float(np.linalg.norm(left - right))
    to_patch = geometry.similarity(
        48 / flat, -angle, (right + left) / 2, np.array([48, 40], np.float32)
    )
    small = geometry.resample(pixels, to_patch, patch, patch)
    y = np.log2(np.maximum(colour.luminance(small), 2.0**-8))
    y = cv2.GaussianBlur(y, (0, 0), 0.8)
    gy = np.abs(cv2.Sobel(y, cv2.CV_32F, 0, 1)) / 8
    gx = np.abs(cv2.Sobel(y, cv2.CV_32F, 1, 0)) / 8
    cheek = float(np.median(np.concatenate([gy[58:72, 14:34].ravel(), gy[58:72, 62:82].ravel()])))
    bridge = float(np.percentile(gy[30:48, 43:53].max(axis=0), 50))
    rims = float(
        np.median(np.concatenate([gy[46:60, 16:32].max(axis=0), gy[46:60, 64:80].max(axis=0)]))
    )
    sides = float(
        np.median(np.concatenate([gx[36:50, 4:16].max(axis=1), gx[36:50, 80:92].max(axis=1)]))
    )
    return np.array([bridge - cheek, rims - cheek, sides - cheek], np.float32)


def _wears_glasses(pixels: Pixels, face: Face) -> bool:
    """Decide on glasses by a linear rule over :func:`glasses_evidence`."""
    bridge, rims, sides = glasses_evidence(pixels, face)
    return bool(GLASSES_RULE[0] + np.dot(GLASSES_RULE[1:], [bridge, rims, sides]) > 0)


# Bias and weights, fitted by balanced logistic regression on 162 tagged photographs, 23 of them
# with glasses (in-sample: 74 % of glasses found, 4 % false alarms).
GLASSES_RULE = (-1.45, 6.86, -1.38, -0.46)
