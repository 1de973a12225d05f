"""Evidence: what the headshot changed about the person, measured on this photo.

Vocabulary: *before* is the photo in its frame, *after* the result; both have one geometry, so the
mesh of the scene fits both.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.identity import measure_identity
from catchlight.analysis.scene import Scene
from catchlight.analysis.tone import measure_tone
from catchlight.arrays import Pixels
from catchlight.pixels import colour, filters


@dataclass(frozen=True)
class Likeness:
    """Distances between identity vectors, all from the framed photo.

    Attributes
    ----------
    result : float, to the headshot
    jpeg : float, to the same photo saved as JPEG of quality 90
    shift : float, to the same photo moved by 2 pixels under the mesh
    """

    result: float
    jpeg: float
    shift: float


@dataclass(frozen=True)
class SkinChange:
    """Change of lit skin at the fixed sites (both cheeks, mid forehead).

    Attributes
    ----------
    delta_e : float, CIEDE2000 between the medians
    ita_before, ita_after : float, degrees
    """

    delta_e: float
    ita_before: float
    ita_after: float


def measure_likeness(scene: Scene, before: Pixels, after: Pixels) -> Likeness | str:
    """Measure how far the face moved from itself, beside what harmless changes cost.

    Parameters
    ----------
    scene : Scene
    before, after : (H, W, 3) linear P3

    Returns
    -------
    Likeness, or a sentence why it was not measured
    """
    if before.shape != after.shape:
        return "the result has another size than the frame"
    if scene.face.ied < 12:
        return f"the face is too small ({scene.face.ied:.0f} px between the eyes)"
    codes = _to_srgb(before)
    origin = measure_identity(codes, scene.face)

    def distance(picture: NDArray[np.uint8]) -> float:
        return float(np.linalg.norm(measure_identity(picture, scene.face) - origin))

    shifted = np.ascontiguousarray(np.roll(codes, 2, axis=1))
    return Likeness(distance(_to_srgb(after)), distance(_through_jpeg(codes)), distance(shifted))


def measure_skin(scene: Scene, after: Pixels) -> SkinChange | str:
    """Measure how the colour of skin changed, or say why that was not measured."""
    h, w = scene.small.shape[:2]
    old = scene.tone
    new = measure_tone(filters.resize(after, w, h), scene.small_face, scene.regions)
    if min(old.pixels, new.pixels) < 20:
        return "too little skin can be seen at the cheeks and the forehead"
    labs = [np.array([t.lightness, t.a, t.b]) for t in (old, new)]
    return SkinChange(float(colour.ciede2000(*labs)), old.ita, new.ita)


def _to_srgb(pixels: Pixels) -> NDArray[np.uint8]:
    linear = colour.apply_matrix(pixels, colour.P3_TO_SRGB)
    codes = colour.linear_to_srgb(np.clip(linear, 0, 1)) * 255
    return np.asarray(np.round(codes), np.uint8)


def _through_jpeg(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    from PIL import Image

    stored = io.BytesIO()
    Image.fromarray(codes).save(stored, "JPEG", quality=90)
    stored.seek(0)
    with Image.open(stored) as image:
        return np.asarray(image.convert("RGB"))
