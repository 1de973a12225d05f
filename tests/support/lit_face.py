"""Rendered faces whose light is known: the canonical head in many shapes, pigments and lights.

What the measurement is given differs from the truth as a photo's does: its mesh has the true
outline, but only half of what makes this head's depth differ from the average head's, and noise.
Cast shadows (nose, brow, lips, chin) are traced through the true depth.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import cv2
import numpy as np
import sitter

from catchlight.analysis.face import landmarks
from catchlight.analysis.face.canonical import canonical_face
from catchlight.analysis.face.mesh import Face, Pose
from catchlight.analysis.face.normals import rasterise, vertex_normals
from catchlight.analysis.face_crop import FaceCrop
from catchlight.analysis.light import tone
from catchlight.analysis.light.key import estimate_key
from catchlight.analysis.parts.regions import measure_regions
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import colour, filters, geometry

WIDTH, HEIGHT, PX_PER_CM = 512, 640, 13.0
#: Azimuth (positive: from the viewer's right) and elevation of the key, degrees from the camera.
LIGHTS = {"loop": (38, 30), "rembrandt": (45, 45), "split": (88, 5), "overhead": (0, 65)}


@dataclass(frozen=True)
class LitFace:
    """A rendered face and the truth about it.

    Attributes
    ----------
    pixels : (h, w, 3) linear P3
    face : Face, as a mesh network might see it
    shading : (h, w) stops of light on the true surface, 0 where it faces the key; without shadows
    shadow : (h, w), 0..1, where something blocks the key
    lit : (h, w) stops of all light: the shading with its cast shadows
    skin : (h, w) bool, visible skin of the face, clear of eyes, brows, lips and nostrils
    key : (3,) unit vector to the key
    """

    pixels: Pixels
    face: Face
    shading: Float
    shadow: Mask
    lit: Float
    skin: np.ndarray
    key: Float


def key_vector(azimuth: float, elevation: float) -> Float:
    a, e = np.radians(azimuth), np.radians(elevation)
    return as_float(np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)]))


def shape_head(seed: int) -> tuple[Float, Float]:
    """A head (468, 3) in cm and what a network would say of it; seed 0 is the average head."""
    average = canonical_face().vertices
    if seed == 0:
        return average.copy(), average.copy()
    rng = np.random.default_rng(seed)
    x, y, z = average.T.copy()
    # Widths and heights of adult heads vary by 4-5 % (sd); depth of nose, brow and cheeks by more.
    wide, tall, deep = 1 + np.array([0.045, 0.045, 0.10]) * rng.standard_normal(3)
    jaw = 1 + 0.05 * rng.standard_normal() * np.clip(-y / 9, 0, 1)
    nose = 0.35 * rng.standard_normal() * np.exp(-(x**2 + (y + 0.5) ** 2 / 3) / 1.5)
    brow = 0.25 * rng.standard_normal() * np.exp(-((y - 4.2) ** 2) / 1.5)
    cheek = 0.25 * rng.standard_normal() * np.exp(-((np.abs(x) - 4.5) ** 2 + (y + 0.5) ** 2) / 4)
    true = np.column_stack([x * wide * jaw, y * tall, z * deep + nose + brow + cheek])
    seen = true.copy()
    seen[:, 2] = 0.5 * true[:, 2] + 0.5 * z
    seen += 0.04 * rng.standard_normal(seen.shape)
    return as_float(true), as_float(seen)


def place(vertices: Float) -> Float:
    """Vertices in cm as a mesh of the picture: x, y in pixels, z likewise, near is less."""
    middle = np.array([WIDTH / 2, 0.47 * HEIGHT, 0])
    return as_float(vertices * [PX_PER_CM, -PX_PER_CM, -PX_PER_CM] + middle)


def see_face(mesh: Float) -> Face:
    """A Face of the mesh; its irises stand in the middle of the lids."""
    rows = []
    for ring in (landmarks.RIGHT_EYE, landmarks.LEFT_EYE):
        middle = mesh[ring].mean(0)
        r = 0.58 * PX_PER_CM
        rim = [middle + np.array([r * c, r * s, 0]) for c, s in ((1, 0), (0, -1), (-1, 0), (0, 1))]
        rows += [middle, *rim]
    whole = as_float(np.vstack([mesh, rows]))
    ied = float(np.linalg.norm(whole[473, :2] - whole[468, :2]))
    return Face(whole, 1.0, 1.0, Pose(0.0, 0.0, 0.0), ied)


def _trace(depth: Float, cover: Mask, key: Float, ied: float) -> Mask:
    """What stands between each point and the key: march towards it through the depth."""
    rows, columns = np.nonzero(cover)
    box = (slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1))
    part, over = np.ascontiguousarray(depth[box]), np.ascontiguousarray(cover[box])
    h, w = part.shape
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    blocked = np.zeros((h, w), np.float32)
    flat = max(float(np.hypot(key[0], key[1])), 1e-3)
    for step in np.arange(3.0, 0.8 * ied, 1.5):
        x = (xx + step * key[0] / flat).astype(np.float32)
        y = (yy - step * key[1] / flat).astype(np.float32)
        there = cv2.remap(part, x, y, cv2.INTER_LINEAR)
        inside = cv2.remap(over, x, y, cv2.INTER_LINEAR) > 0.99
        # A tolerance that keeps a smooth surface from shading itself.
        higher = there - (part + step * key[2] / flat) - 1.0
        blocked = np.maximum(blocked, np.clip(higher, 0, 1) * inside)
    out = np.zeros_like(depth)
    out[box] = blocked * over
    return filters.blur(out, 1.2)


def render_face(
    azimuth: float,
    elevation: float,
    *,
    ratio: float = 4.0,
    shape: int = 0,
    lightness: float = 62.0,
    beard: float | tuple[float, float, float] = 0.0,
    goatee: bool = False,
    cast: bool = True,
    soft: float = 0.05,
    key_colour: tuple[float, float, float] = (1, 1, 1),
    fill_colour: tuple[float, float, float] = (1, 1, 1),
    seed: int = 0,
) -> LitFace:
    """Render a face under one key and an even fill.

    Parameters
    ----------
    ratio : what faces the key has this many times the light of what sees only the fill
    shape : seed of the head's shape; 0 is the average head
    lightness : L* of lit skin
    beard : stops of pigment of a beard, or of its red, green and blue
    goatee : the beard is an ellipse around mouth and chin; else it covers jaw and cheeks too
    soft : size of the key: the cosine is rounded off over this much
    seed : of the skin's mottling (8 % of albedo) and the noise (3 %)
    """
    true, seen = shape_head(shape)
    mesh = place(true)
    up = as_float(mesh * [1, -1, -1])
    face = see_face(place(seen))
    values = np.column_stack([vertex_normals(up, rounds=0), up[:, 2]])
    drawn, cover = rasterise(mesh[:, :2], as_float(values), up[:, 2], (HEIGHT, WIDTH))
    drawn = filters.blur_inside(drawn, cover, 0.2 * PX_PER_CM)
    normals = drawn[..., :3] / np.maximum(np.linalg.norm(drawn[..., :3], axis=2), 1e-6)[..., None]
    key = key_vector(azimuth, elevation)
    cosine = normals @ key
    lobe = (cosine + np.sqrt(cosine**2 + soft**2)) / (1 + np.sqrt(1 + soft**2))
    blocked = _trace(drawn[..., 3], cover, key, face.ied) if cast else np.zeros_like(lobe)
    fill = 1 / ratio
    rng = np.random.default_rng(100 + seed)
    mottle = filters.blur(as_float(rng.standard_normal((HEIGHT, WIDTH))), 0.9 * PX_PER_CM)
    hair = _goatee(face) if goatee else _beard(face)
    albedo = np.exp(0.08 * mottle / mottle.std())[..., None]
    albedo = albedo * 2.0 ** (-np.array(beard) * hair[..., None])
    rgb = sitter.skin_colour(lightness) * albedo
    falls = (1 - fill) * (lobe * (1 - blocked))[..., None] * np.array(key_colour)
    falls = falls + fill * np.array(fill_colour)
    pixels = rgb * falls * (1 + 0.03 * rng.standard_normal((HEIGHT, WIDTH, 1)))
    wall = np.full(3, 0.25)
    pixels = np.where(cover[..., None] > 0, pixels, wall)
    dark = 1 - 0.85 * _features(face)
    pixels = np.maximum(pixels * dark[..., None], 1e-4)
    skin = (cv2.erode(cover, np.ones((9, 9))) > 0) & (_features(face) < 0.05)
    return LitFace(
        pixels=as_float(pixels),
        face=face,
        shading=as_float(np.log2((1 - fill) * lobe + fill)),
        shadow=as_float(blocked),
        lit=as_float(np.log2((1 - fill) * lobe * (1 - blocked) + fill)),
        skin=skin,
        key=key,
    )


def _features(face: Face) -> Mask:
    rings = (landmarks.RIGHT_EYE, landmarks.LEFT_EYE, landmarks.RIGHT_BROW, landmarks.LEFT_BROW)
    rings += (landmarks.LIPS_OUTER, landmarks.NOSTRILS[0])
    drawn = [geometry.fill_polygon(face.points[r], WIDTH, HEIGHT) for r in rings]
    return filters.blur(cv2.dilate(np.maximum.reduce(drawn), np.ones((3, 3))), 1.0)


def _beard(face: Face) -> Mask:
    """Moustache, chin and jaw, 0..1."""
    p = face.points
    y = np.arange(HEIGHT, dtype=np.float32)[:, None] * np.ones((1, WIDTH), np.float32)
    x = np.abs(np.arange(WIDTH, dtype=np.float32)[None] - p[1, 0]) / face.ied
    line = p[2, 1] - 0.35 * face.ied * np.clip(x - 0.5, 0, 1)
    return filters.smoothstep(y, line + 0.02 * face.ied, line + 0.2 * face.ied)


def _goatee(face: Face) -> Mask:
    """An ellipse around mouth and chin, 0..1."""
    p = face.points
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    middle = p[2, 1] + 0.62 * (p[152, 1] - p[2, 1])
    away = ((x - p[1, 0]) / 0.42) ** 2 + ((y - middle) / 0.62) ** 2
    return filters.smoothstep(as_float(away / face.ied**2), 1.15, 0.85)


def in_scene(lit: LitFace, model: Scene) -> Scene:
    """A Scene of the rendered face; ``model`` lends what a rendering has not (frame, face crop)."""
    alpha = as_float(
        rasterise(
            lit.face.points[:468],
            np.ones((468, 1), np.float32),
            -lit.face.mesh[:468, 2],
            lit.pixels.shape,
        )[1]
    )
    parts = measure_regions(lit.pixels, alpha, lit.face)
    matte = replace(model.matte, alpha=alpha, cleaned=lit.pixels)
    skin = tone.measure_tone(lit.pixels, lit.face, parts)
    exposure = tone.measure_exposure(lit.pixels, lit.face, parts, source_ied=40.0)
    scene = replace(
        model,
        pixels=lit.pixels,
        small=lit.pixels,
        covered=None,
        face=lit.face,
        matte=matte,
        regions=parts,
        restored=None,
        tone=skin,
        exposure=exposure,
        illuminant=tone.estimate_illuminant(lit.pixels, parts, skin, eyes_seen=False),
        key=estimate_key(lit.pixels, lit.face, parts),
    )
    # The face crop is still the model's: its eyes say nothing of this light.
    return with_catchlight(scene, None)


@dataclass(frozen=True, eq=False)
class TellingCrop(FaceCrop):
    """A face crop in whose eyes a light is seen that the test knows."""

    spot: Float | None = None

    @property
    def catchlight(self) -> Float | None:
        return self.spot


def with_catchlight(scene: Scene, spot: Float | None) -> Scene:
    """The scene with a light ``spot`` (3,) mirrored in its eyes, or none."""
    known = {f.name: getattr(scene.face_crop, f.name) for f in fields(FaceCrop)}
    return replace(scene, face_crop=TellingCrop(**known, spot=spot))


__all__ = ["LIGHTS", "LitFace", "colour", "in_scene", "key_vector", "render_face", "shape_head"]
