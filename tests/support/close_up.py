"""A sitter at close range whose skin is known to the pixel, and marks to paint onto it.

The astronaut's mesh, hair, eyes and light at 230 pixels between the eyes, with the skin replaced:
her own smooth shading, a pore-like texture of a known spectrum, and not one mark. What a test then
paints is the only fault there is, and the picture before painting is the truth.

>>> scene = close_up(tone=40)                                       # doctest: +SKIP
>>> painted = scene.face_crop.pixels.copy()                             # doctest: +SKIP
>>> paint_mark(painted, 250, 620, 3.0, "papule")                    # doctest: +SKIP
>>> faulty = repaint(scene, painted)                                # doctest: +SKIP
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Literal

import cv2
import numpy as np
import pytest
import sitter
from places import NEEDED_MODELS, ROOT

from catchlight import models
from catchlight.analysis import subject as subjects
from catchlight.analysis.face.mesh import IED_MM
from catchlight.analysis.framing.plan import plan_frame
from catchlight.analysis.scene import Scene
from catchlight.analysis.study import build_scene
from catchlight.arrays import Mask, Pixels
from catchlight.images import open_picture
from catchlight.pixels import colour, filters

#: Inter-eye distance of the close-up in pixels, under the face crop's own limit of 252.
IED = 230.0
PX_PER_MM = IED / IED_MM
#: Skin's shading is the astronaut's, averaged over this radius: no spot of hers is left.
_SHADING_MM = 4.0
#: Optical density (natural) of the texture between 0.3 and 5 mm, standard deviation: about 0.9 L*
#: at L* 60, as on the cheeks of sharp portraits.
_TEXTURE = 0.02
# Absorption by linear R, G, B. Blood: its green and blue bands, hardly red (Tsumura 1999). Melanin:
# about wavelength^-3.3. Scar tissue has less of both.
BLOOD = np.array([0.15, 0.70, 0.60], np.float32)
MELANIN = np.array([0.33, 0.48, 0.81], np.float32)

Kind = Literal["papule", "pustule", "mole", "freckles", "scar", "blotch"]


def texture(shape: tuple[int, int], px_per_mm: float, *, seed: int = 0) -> np.ndarray:
    """Pore-like texture (h, w), standard deviation 1, mean 0.

    Power falls as f^-2.1, as measured on cheeks, from 5 mm down to the 0.25 mm of a pore.
    """
    h, w = shape
    noise = np.fft.rfft2(np.random.default_rng(seed).standard_normal(shape))
    f = np.hypot(np.fft.fftfreq(h)[:, None], np.fft.rfftfreq(w)[None]) * px_per_mm  # cycles / mm
    with np.errstate(divide="ignore"):
        amplitude = np.where(f > 0, np.maximum(f, 1e-6) ** (-2.1 / 2), 0)
    amplitude *= filters.smoothstep(f, 0.10, 0.25) * filters.smoothstep(f, 4.0, 2.0)
    out = np.fft.irfft2(noise * amplitude, s=shape)
    return ((out - out.mean()) / out.std()).astype(np.float32)


def _new_skin(pixels: Pixels, mask: Mask, px_per_mm: float) -> Pixels:
    """Skin under ``mask`` without marks: smooth shading times texture."""
    log = np.log(np.maximum(pixels, 2.0**-12))
    smooth = filters.blur_inside(log, mask, _SHADING_MM * px_per_mm)
    grain = texture(mask.shape, px_per_mm) * np.float32(_TEXTURE)
    skin = smooth + grain[..., None]
    soft = filters.blur(mask, 0.5 * px_per_mm)[..., None]
    return np.exp(log + soft * (skin - log)).astype(np.float32)


@lru_cache(maxsize=6)
def close_up(tone: int | None = None, *, longest: int | None = 1200) -> Scene:
    """A sitter without marks as a real Scene, its face crop at 3.65 pixels per millimetre.

    Parameters
    ----------
    tone : int, optional
        L* of the lit cheek (see ``sitter.re_albedo``); None: the astronaut's own.
    longest : int, optional
        Longer side of the frame; the face crop does not depend on it. None: as the photo gives.

    Returns
    -------
    Scene, read-only; skips the test where the models have not been fetched.
    """
    missing = [name for name in NEEDED_MODELS if not models.is_present(name)]
    if missing:
        pytest.skip(f"models {', '.join(missing)} are not in the cache: run `make setup`")
    near = _near()
    if tone is not None:
        near = sitter.re_albedo(near, float(tone))
    factor = IED / near.face.ied
    size = (round(near.pixels.shape[1] * factor), round(near.pixels.shape[0] * factor))
    # FaceCrop and frame are level copies of this: what is skin here is skin there.
    large = cv2.resize(near.pixels, size, interpolation=cv2.INTER_CUBIC)
    skin = near.region("skin")
    known = (filters.resize(skin, *size) > 0.5).astype(np.float32)
    large = _new_skin(np.maximum(large, 0), known, PX_PER_MM)
    photo = sitter.make_photo(np.clip(large, 0, 1), "close-up")
    grow = np.array([size[0] / near.pixels.shape[1], size[1] / near.pixels.shape[0]])
    to_large = np.column_stack([np.eye(2) * grow.mean(), (grow - 1) / 2])
    view = subjects._view(photo)
    subject = subjects.Subject(photo, (near.face.moved(to_large),), view)
    frame = plan_frame(subject, "headshot", size=None, stay_inside=True, head=0.51)
    if longest is not None:
        frame = frame.at(longest)
    return sitter.freeze(build_scene(subject, frame, engine="fast"))


@lru_cache(maxsize=1)
def _near() -> Scene:
    astronaut = open_picture(ROOT / "examples" / "astronaut.jpg")
    subject = subjects.open_subject(sitter.enlarge(astronaut, 2))
    frame = plan_frame(subject, "headshot", size=None, stay_inside=True, head=0.51)
    return build_scene(subject, frame, engine="fast")


def repaint(scene: Scene, crop_pixels: Pixels) -> Scene:
    """The Scene with its face crop painted over, in the frame as well; measured again."""
    face_crop = scene.face_crop
    ratio = np.log((crop_pixels + 1e-4) / (face_crop.pixels + 1e-4)).astype(np.float32)
    h, w = scene.pixels.shape[:2]
    scale = scene.face_grid.scale
    if scale < 0.7:
        ratio = filters.blur(ratio, 0.5 * np.sqrt(1 / scale**2 - 1))
    carried = cv2.warpAffine(ratio, scene.face_grid.matrix, (w, h), flags=cv2.INTER_LINEAR)
    pixels = np.where(
        carried == 0, scene.pixels, (scene.pixels + 1e-4) * np.exp(carried) - 1e-4
    ).astype(np.float32)
    fresh = sitter.refresh(scene, np.maximum(pixels, 0), parts=scene.regions)
    painted = replace(face_crop, pixels=np.ascontiguousarray(crop_pixels, np.float32))
    return replace(fresh, face_crop=painted)


# --- Marks ----------------------------------------------------------------------------------------


def _distance(shape: tuple[int, ...], x: float, y: float) -> np.ndarray:
    yy, xx = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    return np.hypot(xx - x, yy - y)


def soft_spot(shape: tuple[int, ...], x: float, y: float, radius: float) -> np.ndarray:
    """A Gaussian-edged spot (h, w), 1 in the middle, half at ``radius`` pixels."""
    r = _distance(shape, x, y)
    return np.exp(-np.log(2) * (r / radius) ** 2).astype(np.float32)


def sharp_spot(shape: tuple[int, ...], x: float, y: float, radius: float) -> np.ndarray:
    """A spot (h, w) of even density whose edge is a pixel or a tenth of its radius wide."""
    edge = max(0.7, 0.12 * radius)
    return filters.smoothstep(_distance(shape, x, y), radius + edge, radius - edge)


def add_density(pixels: Pixels, density: np.ndarray, absorption: np.ndarray) -> None:
    """Lay a pigment of optical ``density`` (h, w), natural, over linear ``pixels``, in place."""
    np.multiply(pixels, np.exp(-density[..., None] * absorption), out=pixels)


def paint_mark(
    pixels: Pixels,
    x: float,
    y: float,
    diameter_mm: float,
    kind: Kind,
    *,
    px_per_mm: float = PX_PER_MM,
    strength: float = 1.0,
    raised: float = 0.0,
    seed: int = 0,
) -> Mask:
    """Paint one mark onto face crop ``pixels`` in optical density, in place.

    Parameters
    ----------
    pixels : (h, w, 3) linear P3, written to
    x, y : float, the middle, pixels
    diameter_mm : float
        Full width at half maximum; of the whole field for ``freckles``, the length of a ``scar``.
    kind : {"papule", "pustule", "mole", "freckles", "scar", "blotch"}
        papule: red, soft. pustule: a pale yellow head in a red ring. mole: melanin, sharp edge.
        freckles: a field of small soft melanin spots. scar: light, linear. blotch: faint wide red.
    strength : float, times the usual density
    raised : float
        Height of its dome over its diameter, lit from above: its upper side is lighter, its lower
        side darker, by up to 1.4 times this in natural logarithms of light.
    seed : int, of a freckle field's places and a scar's direction

    Returns
    -------
    (h, w) float32, 1 where the mark is, fading as it does
    """
    shape, radius = pixels.shape[:2], 0.5 * diameter_mm * px_per_mm
    rng = np.random.default_rng(seed)
    if kind == "papule":
        where = soft_spot(shape, x, y, radius)
        add_density(pixels, 0.30 * strength * where, BLOOD)
    elif kind == "blotch":
        where = soft_spot(shape, x, y, radius)
        add_density(pixels, 0.14 * strength * where, BLOOD)
    elif kind == "pustule":
        where = soft_spot(shape, x, y, radius)
        head = soft_spot(shape, x, y, 0.4 * radius)
        add_density(pixels, 0.40 * strength * where * (1 - head), BLOOD)
        add_density(pixels, -0.10 * strength * head, np.array([1.0, 1.0, 0.3], np.float32))
    elif kind == "mole":
        where = sharp_spot(shape, x, y, radius)
        add_density(pixels, 0.9 * strength * where, MELANIN)
    elif kind == "freckles":
        where = np.zeros(shape, np.float32)
        # One freckle in about 9 mm^2, of 0.8 to 1.8 mm, melanin about a quarter of a mole's.
        for _ in range(max(12, round((diameter_mm / 2) ** 2 * np.pi / 9))):
            r, t = radius * np.sqrt(rng.random()), rng.random() * 2 * np.pi
            spot = soft_spot(
                shape, x + r * np.cos(t), y + r * np.sin(t), rng.uniform(0.4, 0.9) * px_per_mm
            )
            where = np.maximum(where, spot * np.float32(rng.uniform(0.6, 1.0)))
        add_density(pixels, 0.28 * strength * where, MELANIN)
    elif kind == "scar":
        angle = rng.random() * np.pi
        along = np.array([np.cos(angle), np.sin(angle)]) * radius
        middle = np.array([x, y])
        where = np.zeros(shape, np.float32)
        ends = [(round(v[0] * 16), round(v[1] * 16)) for v in (middle - along, middle + along)]
        width = max(1, round(0.8 * px_per_mm))
        cv2.line(where, ends[0], ends[1], 1.0, width, cv2.LINE_AA, 4)
        where = filters.blur(where, 0.15 * px_per_mm)
        add_density(pixels, -0.12 * strength * where, np.ones(3, np.float32))
        add_density(pixels, -0.15 * strength * where, MELANIN)
    else:
        raise ValueError(f"no mark of kind {kind}")
    if raised:
        # Lambert over a Gaussian dome of height raised * diameter under light from 45 degrees above
        # (n.l ~ 1 - slope): slope = dz/dy.
        slope = np.gradient(filters.blur(where, 0.3 * px_per_mm), axis=0)
        add_density(pixels, -slope * np.float32(raised * 2 * radius), np.ones(3, np.float32))
    return where


def lab_of(pixels: Pixels) -> np.ndarray:
    """CIELAB (h, w, 3) of linear P3."""
    return colour.p3_to_lab(np.ascontiguousarray(pixels, np.float32))
