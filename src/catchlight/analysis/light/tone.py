"""Skin tone, exposure and white balance, measured at anchors that pigment does not move.

Skin *lightness* is never an anchor here: how bright skin is says nothing about how bright it
should be. The anchors of exposure are the whites of the eyes and the brightest things that are not
skin; the anchor of colour is the fused opinion of several estimators, with skin *hue* as a veto.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.parts.by_colour import sample_sites
from catchlight.analysis.parts.regions import Regions
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import colour


@dataclass(frozen=True)
class SkinTone:
    """Robust colour of lit skin at both cheeks and the forehead (CIELAB, D65).

    Attributes
    ----------
    lightness, a, b : float
    hue : float, degrees
    chroma : float
    ita : float, degrees; an exposure meter as much as a skin meter: use differences only
    luminance : float, linear Y of the same skin
    pixels : int, how many pixels were measured
    """

    lightness: float
    a: float
    b: float
    hue: float
    chroma: float
    ita: float
    luminance: float
    pixels: int


@dataclass(frozen=True)
class Exposure:
    """What the exposure of a portrait can be judged by, linear luminance; None where unseen.

    Attributes
    ----------
    sclera : float or None, 75th percentile over the whites of the eyes
    white : float, 99th percentile over everything that is not skin
    speculars : float, 99.5th percentile over the face's skin
    clipped : float, share of face skin with a channel at its ceiling
    """

    sclera: float | None
    white: float
    speculars: float
    clipped: float


@dataclass(frozen=True)
class Illuminant:
    """The fused opinion on the colour of the light.

    Attributes
    ----------
    u, v : float
        ln(R/G) and ln(B/G) of the illuminant in linear P3; 0, 0 is neutral.
    disagreement : float
        Largest Mahalanobis distance between two votes; above 3 nobody knows.
    votes : tuple of (name, u, v, sd)
    """

    u: float
    v: float
    disagreement: float
    votes: tuple[tuple[str, float, float, float], ...]


def measure_tone(pixels: Pixels, face: Face, regions: Regions) -> SkinTone:
    """Measure lit skin: the brighter two thirds at the fixed sites, medians of CIELAB."""
    skin = (sample_sites(face, pixels.shape) > 0.5) & (regions["face_skin"] > 0.5)
    if skin.sum() < 20:
        skin = regions["face_skin"] > 0.4
    if skin.sum() < 5:
        skin = sample_sites(face, pixels.shape) > 0.3
    if not skin.any():
        return SkinTone(0, 0, 0, 0, 0, -90, 0, 0)
    found = pixels[skin]
    y = colour.luminance(found)
    low, high = np.percentile(y, [33, 97])
    lit = found[(y >= low) & (y <= high)]
    lab = np.median(colour.p3_to_lab(lit), axis=0)
    return SkinTone(
        lightness=float(lab[0]),
        a=float(lab[1]),
        b=float(lab[2]),
        hue=float(colour.lab_to_hue(lab)),
        chroma=float(np.hypot(lab[1], lab[2])),
        ita=float(colour.lab_to_ita(lab)),
        luminance=float(np.median(colour.luminance(lit))),
        pixels=int(skin.sum()),
    )


def find_sclera(pixels: Pixels, regions: Regions) -> Mask:
    """Whites of the eyes (h, w) in 0/1: inside the lids, off the iris, not red, not the darkest."""
    inside = (regions["eyes"] > 0.85) & (regions["irises"] < 0.15)
    if inside.sum() < 12:
        return np.zeros(pixels.shape[:2], np.float32)
    lab = colour.p3_to_lab(pixels[inside][None])[0]
    lightness, a = lab[:, 0], lab[:, 1]
    low, high = np.percentile(lightness, [50, 95])
    out = np.zeros(pixels.shape[:2], np.float32)
    # Veins and the corner are red, lashes and lid shadow are dark, catchlights clip.
    out[inside] = (a <= np.percentile(a, 70)) & (lightness >= low) & (lightness <= high)
    return out


def measure_exposure(
    pixels: Pixels, face: Face, regions: Regions, *, source_ied: float
) -> Exposure:
    """Measure the anchors of exposure (see :class:`Exposure`).

    ``source_ied`` is the inter-eye distance in photo pixels: in a small face the whites of the eyes
    are not seen.
    """
    y = colour.luminance(pixels)
    sclera = find_sclera(pixels, regions) > 0.5
    eye_pixels = int(sclera.sum())
    # In small or nearly shut eyes lids and lashes are what one measures; glasses dim and mirror.
    seen = source_ied >= 80 and eye_pixels >= 30 and measure_opening(face) > 0.25
    seen = seen and not regions.glasses
    other = regions["skin"] < 0.2
    skin = regions["face_skin"] > 0.5
    return Exposure(
        sclera=float(np.percentile(y[sclera], 75)) if seen else None,
        white=float(np.percentile(y[other], 99)) if other.any() else 1.0,
        speculars=float(np.percentile(y[skin], 99.5)) if skin.any() else 1.0,
        clipped=float((pixels[skin].max(axis=1) > 0.985).mean()) if skin.any() else 0.0,
    )


def measure_opening(face: Face) -> float:
    """Lid gap over eye width, the wider eye."""
    p = face.points
    right = np.linalg.norm(p[159] - p[145]) / np.linalg.norm(p[33] - p[133])
    left = np.linalg.norm(p[386] - p[374]) / np.linalg.norm(p[263] - p[362])
    return float(max(right, left))


def estimate_illuminant(
    pixels: Pixels, regions: Regions, skin: SkinTone, *, eyes_seen: bool
) -> Illuminant:
    """Fuse votes on the illuminant's chromaticity as a product of Gaussians.

    Shades of grey (Finlayson & Trezzi 2004, p = 6), grey edge (van de Weijer 2007) on what is not
    skin, the whites of the eyes (Choi 2017), and the prior that the camera's own balance was right.

    ``eyes_seen`` says whether the whites of the eyes can be told from lids, lashes and glasses
    (:attr:`Exposure.sclera` is not None). Where a fifth of the picture is neither skin nor hair,
    the room has a voice; in a tight crop a collar would speak for it.
    """
    # Neither skin nor hair: their own colours are no opinion on the light.
    # Three planes: a reduction over an axis of length 3 is ten times as slow.
    most = np.maximum(np.maximum(pixels[..., 0], pixels[..., 1]), pixels[..., 2])
    rest = (regions["skin"] < 0.1) & (regions["head"] < 0.2) & (most < 0.97)
    votes: list[tuple[str, float, float, float]] = [("camera", 0.0, 0.0, 0.09)]
    if rest.mean() > 0.2:
        votes.append(("shades of grey", *_minkowski(np.square(np.maximum(pixels[rest], 0))), 0.12))
        smooth = cv2.GaussianBlur(pixels, (0, 0), 2)
        gx, gy = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
        votes.append(("grey edge", *_minkowski((gx * gx + gy * gy)[rest]), 0.12))
    sclera = find_sclera(pixels, regions) > 0.5
    if eyes_seen and sclera.sum() >= 60:
        lab = np.median(colour.p3_to_lab(pixels[sclera]), axis=0)
        # A sclera under neutral light is a little yellow and pink.
        lab = lab - np.array([0, 1.0, 4.0], np.float32)
        votes.append(("sclera", *_chromaticity(colour.lab_to_p3(lab[None])[0]), 0.05))
    if (vote := _skin_vote(skin)) is not None:
        votes.append(("skin hue", *vote, 0.08))
    weights = np.array([1 / sd**2 for *_, sd in votes])
    uv = np.array([[u, v] for _, u, v, _ in votes])
    mean = (uv * weights[:, None]).sum(0) / weights.sum()
    worst = 0.0
    for i, (_, u0, v0, s0) in enumerate(votes[1:], 1):
        for _, u1, v1, s1 in votes[i + 1 :]:
            worst = max(worst, float(np.hypot(u0 - u1, v0 - v1) / np.hypot(s0, s1)))
    return Illuminant(float(mean[0]), float(mean[1]), worst, tuple(votes))


def _minkowski(squares: Float) -> tuple[float, float]:
    """Chromaticity of the sixth-power mean of colours whose ``squares`` (n, 3) are given."""
    wide = squares.astype(np.float64)
    # OpenCV's mean: NumPy's over the first axis of an array three wide is ten times as slow.
    mean = np.array(cv2.mean((wide * wide * wide)[None])[:3])
    return _chromaticity(as_float(mean ** (1 / 6)))


def _skin_vote(skin: SkinTone) -> tuple[float, float] | None:
    """Illuminant that explains a skin hue no skin has; None inside 30 to 68 degrees.

    Individuals of all measured groups lie within 33 to 65. The vote is the least change along the
    blue-yellow and green-magenta axes, in equal parts, that brings the hue back to that zone.
    """
    if skin.pixels == 0 or skin.chroma < 5 or 30 <= skin.hue <= 68:
        return None
    lab = np.array([[[skin.lightness, skin.a, skin.b]]], np.float32)
    seen = colour.lab_to_p3(lab)
    # Degrees above 248 are blue-pink: the short way round is through red.
    low = skin.hue < 30 or skin.hue > 248
    for step in np.linspace(0.01, 0.4, 40):
        t = float(step) if low else -float(step)
        gains = np.exp(-np.array([0.5 * t, 0.0, t], np.float32))
        hue = float(colour.lab_to_hue(colour.p3_to_lab(seen * gains))[0, 0])
        if (low and 33 <= hue < 180) or (not low and hue <= 65):
            return 0.5 * t, t
    return (0.2, 0.4) if low else (-0.2, -0.4)


def _chromaticity(rgb: Float) -> tuple[float, float]:
    r, g, b = np.maximum(np.asarray(rgb, np.float64), 1e-6)
    return float(np.log(r / g)), float(np.log(b / g))
