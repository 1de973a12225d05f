"""Backdrops: what stands behind the person, with the falloff, pool and grain of a photograph."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from catchlight.analysis.scene import Scene
from catchlight.arrays import Mask, Pixels, as_float
from catchlight.pixels import blend, colour, filters


@dataclass(frozen=True)
class Paper:
    """A roll of studio paper.

    Attributes
    ----------
    rgb : str, sRGB of the paper at the pool's middle brightness
    pool : float, stops between the pool of light and the far corners
    """

    rgb: str
    pool: float


# 0.5-0.9 stops of falloff are the 6-10 L* that lit seamless paper shows; white paper is lit evenly.
STUDIO = {
    "studio-warm": Paper("#cdc4b9", 0.70),
    "studio-cool": Paper("#bcc4cb", 0.70),
    "charcoal": Paper("#46474a", 1.10),
    "white": Paper("#f6f6f5", 0.06),
    "navy": Paper("#27364f", 1.00),
    "sage": Paper("#9aa58f", 0.80),
}


def hex_to_p3(rgb: str) -> Pixels:
    """``#rrggbb`` (sRGB) -> (3,) linear P3."""
    codes = np.array([int(rgb[i : i + 2], 16) for i in (1, 3, 5)], np.float32) / 255
    return as_float(colour.SRGB_TO_P3 @ colour.srgb_to_linear(codes))


def paint_paper(scene: Scene, paper: Paper) -> Pixels:
    """Paint studio paper behind the sitter, (H, W, 3) linear P3.

    The pool of light lies behind the shoulders, moved away from the key: a key from the left lights
    the backdrop's right, so that the lit cheek stands against the darker part and the shaded one
    against the lighter.
    """
    h, w = scene.pixels.shape[:2]
    face = scene.face
    x0 = face.eyes[:, 0].mean() - scene.key.side * 0.9 * face.ied
    y0 = face.points[152, 1] - 0.2 * face.ied
    # Painted small: it is smooth to the pixel, and the grain comes after.
    sw, sh = max(2, w // 8), max(2, h // 8)
    y, x = np.mgrid[0:sh, 0:sw].astype(np.float32)
    x, y = (x + 0.5) * w / sw - x0, (y + 0.5) * h / sh - y0
    reach = 0.62 * max(h, w)
    r2 = (x / (0.95 * reach)) ** 2 + (y / (1.15 * reach)) ** 2
    pool = np.exp(-1.1 * r2) - 0.78
    # Paper also falls off towards the ceiling, away from the floor's bounce.
    slope = 0.12 * np.clip(y / reach, -1.2, 1.0)
    stops = (paper.pool * (pool + slope)).astype(np.float32)
    light = np.minimum(np.exp2(stops)[..., None] * hex_to_p3(paper.rgb), 1.0)
    light = cv2.resize(light.astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
    return _grain(scene, light)


def paint_colour(scene: Scene, rgb: str) -> Pixels:
    """One even colour, exactly as asked: no pool, no grain."""
    h, w = scene.pixels.shape[:2]
    return np.broadcast_to(hex_to_p3(rgb), (h, w, 3)).astype(np.float32)


def fit_picture(scene: Scene, picture: Pixels) -> Pixels:
    """Cover the frame with a picture of one's own (linear P3), cropped around its middle."""
    h, w = scene.pixels.shape[:2]
    ph, pw = picture.shape[:2]
    scale = max(h / ph, w / pw)
    size = (max(w, round(pw * scale)), max(h, round(ph * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    big = cv2.resize(picture, size, interpolation=how)
    x, y = (size[0] - w) // 2, (size[1] - h) // 2
    return np.maximum(big[y : y + h, x : x + w], 0).astype(np.float32)


def blur_background(pixels: Pixels, alpha: Mask, ied: float) -> Pixels:
    """Throw the real background out of focus, as a longer lens would.

    The person is taken out first (weights 1 - alpha, grown by a little, filled by push-pull), so
    that no colour of theirs leaks into a halo; then a disc, in linear light, of 0.13 inter-eye
    distances.
    """
    h, w = alpha.shape
    factor = min(1.0, 640 / max(h, w))
    sw, sh = max(1, round(w * factor)), max(1, round(h * factor))
    small = filters.resize(pixels, sw, sh)
    person = filters.resize(alpha, sw, sh)
    grow = max(1, round(0.10 * ied * factor))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * grow + 1, 2 * grow + 1))
    empty = (1 - cv2.dilate((person > 0.02).astype(np.float32), kernel)).astype(np.float32)
    if empty.sum() < 20:
        return pixels
    filled = filters.fill_outside(small, empty, 0.0)
    radius = max(1.0, 0.13 * ied * factor)
    n = int(np.ceil(radius))
    y, x = np.mgrid[-n : n + 1, -n : n + 1]
    disc = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
    out = cv2.filter2D(filled, -1, disc / disc.sum(), borderType=cv2.BORDER_REFLECT_101)
    return np.asarray(cv2.resize(out, (w, h), interpolation=cv2.INTER_CUBIC), np.float32).clip(0)


def _grain(scene: Scene, pixels: Pixels) -> Pixels:
    """Match the photo's own grain; an enlarged photo has coarse grain."""
    sigma = min(scene.quality.noise, 0.012)
    coarse = 0.35 * min(scene.frame.enlarged, 4.0)
    return blend.add_grain(pixels, sigma, size=coarse, seed=7)
