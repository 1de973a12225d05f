"""A sitter whose faults are known: the astronaut with another pigment, another light, a mirror.

Everything here starts from a real Scene (real mesh, real matte) and changes only its light or its
pigment, then measures again with the same functions that built it. So whatever an adjustment reads
is what it would read of a photograph of that sitter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import cv2
import numpy as np

from catchlight.adjustments import lens
from catchlight.adjustments.lens_field import draw_field
from catchlight.analysis import quality
from catchlight.analysis.face import landmarks
from catchlight.analysis.face.canonical import canonical_face
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.face_crop import FaceCrop
from catchlight.analysis.frame import Frame
from catchlight.analysis.light import tone
from catchlight.analysis.light.around import Around, measure_beside
from catchlight.analysis.light.key import estimate_key
from catchlight.analysis.marks.find import Mark
from catchlight.analysis.parts import regions
from catchlight.analysis.parts.by_colour import sample_sites
from catchlight.analysis.parts.regions import Regions
from catchlight.analysis.perspective import fit_head, in_ied
from catchlight.analysis.restoration.restore import Restored
from catchlight.analysis.scene import MEASURING, Scene
from catchlight.analysis.subject import Subject
from catchlight.arrays import Mask, Pixels, as_float
from catchlight.images import Picture
from catchlight.images.encoding import standard_encoding
from catchlight.images.metadata import Metadata
from catchlight.pixels import colour, displacement, filters, geometry

#: Cheek L* of the eight sitters, light to dark; the London set's groups span 66 to 25.
TONES = tuple(float(v) for v in np.linspace(75, 25, 8))
# Colour of skin by lightness, between the means of the London Set's white (L* 66.2, C* 16.9, hue
# 44.6) and black groups (35.5, 16.1, 52.3). Pure melanin, optical densities about (.33, .48, .81)
# in linear RGB, would leave the colours of skin: blood and the surface's reflection dilute it.
_GROUPS = ((66.2, 16.9, 44.6), (35.5, 16.1, 52.3))


# --- Scenes ---------------------------------------------------------------------------------------


def refresh(scene: Scene, pixels: Pixels, *, parts: Regions | None = None) -> Scene:
    """The same mesh and matte over other ``pixels``; everything else is measured again.

    ``parts`` keeps the given regions instead of looking for them again.
    """
    h, w = pixels.shape[:2]
    factor = min(1.0, MEASURING / max(h, w))
    small = filters.resize(pixels, max(1, round(w * factor)), max(1, round(h * factor)))
    sh, sw = small.shape[:2]
    face = replace(scene, pixels=pixels, small=small).small_face
    alpha = filters.resize(scene.matte.alpha, sw, sh)
    parts = regions.measure_regions(small, alpha, face) if parts is None else parts
    change = (pixels + 2e-3) / (scene.pixels + 2e-3)
    solid = scene.matte.alpha[..., None] > 0.995
    foreground = np.where(solid, pixels, scene.matte.foreground * change).astype(np.float32)
    skin = tone.measure_tone(small, face, parts)
    exposure = tone.measure_exposure(small, face, parts, source_ied=scene.quality.ied)
    around = scene.around
    if around is not None:
        # The photo around the frame is made darker or brighter with it.
        tops = [float(np.percentile(colour.luminance(p), 99.9)) for p in (pixels, scene.pixels)]
        top = min(0.0, around.top + float(np.log2(max(tops[0], 1e-6) / max(tops[1], 1e-6))))
        around = Around(top, measure_beside(small, parts))
    return replace(
        scene,
        pixels=pixels,
        small=small,
        around=around,
        face_crop=_redraw(scene, change),
        matte=replace(scene.matte, cleaned=foreground),
        restored=_restored(scene, lambda x: ((x + 2e-3) * change - 2e-3).clip(0)),
        regions=parts,
        tone=skin,
        exposure=exposure,
        illuminant=tone.estimate_illuminant(
            small, parts, skin, eyes_seen=exposure.sclera is not None
        ),
        key=estimate_key(small, face, parts),
        quality=quality.Quality(
            ied=scene.quality.ied,
            sharpness=scene.quality.sharpness,
            noise=quality.estimate_noise(pixels),
        ),
    )


def _redraw(scene: Scene, change: Pixels) -> FaceCrop:
    """The face crop after a ``change`` (a factor) of the frame; beyond the frame as it was."""
    face_crop = scene.face_crop
    if np.all(change == 1):
        return face_crop
    h, w = face_crop.alpha.shape
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    carried = cv2.warpAffine(
        change, scene.face_grid.matrix, (w, h), flags=how, borderMode=cv2.BORDER_REPLICATE
    )
    return replace(face_crop, pixels=((face_crop.pixels + 2e-3) * carried - 2e-3).clip(0))


def mirror_face_crop(scene: Scene) -> FaceCrop:
    """The face crop as a mirror shows it, in the mirrored frame."""
    face_crop, t = scene.face_crop, scene.face_grid.matrix
    wide, width = face_crop.alpha.shape[1] - 1, scene.pixels.shape[1] - 1
    # x' = width - x in the frame, u' = wide - u in the face crop.
    turned = np.array([[t[0, 0], -t[0, 1], 0], [-t[1, 0], t[1, 1], 0]])
    turned[:, 2] = [width - t[0, 2] - t[0, 0] * wide, t[1, 2] + t[1, 0] * wide]
    parts = {k: _flip(v) for k, v in face_crop.regions.masks.items()}
    return replace(
        face_crop,
        pixels=_flip(face_crop.pixels),
        alpha=_flip(face_crop.alpha),
        face=mirror_face(face_crop.face, face_crop.alpha.shape[1]),
        to_picture=geometry.chain(turned, geometry.invert(scene.frame.transform)),
        parts=replace(face_crop.regions, masks=parts),
        seen=tuple(replace(m, x=wide - m.x) for m in face_crop.marks),
    )


def _restored(scene: Scene, act: Callable[[Pixels], Pixels]) -> Restored | None:
    """The scene's restored detail with ``act`` done to its pixels."""
    found = scene.restored
    return None if found is None else replace(found, pixels=act(found.pixels).astype(np.float32))


def sharpen(scene: Scene) -> Scene:
    """The scene as if a source had been restored: contrast of 3 to 12 mm raised by a third.

    For laws about the adjustment; whether a restoration is true is tested with ``detail``.
    """
    mm = scene.face.px_per_mm
    stops = np.log2(np.maximum(scene.pixels, 2.0**-9))
    fine = 0.33 * (filters.blur(stops, 3 * mm) - filters.blur(stops, 12 * mm))
    pixels = (scene.pixels + 2.0**-12) * 2**fine - 2.0**-12
    restored = Restored(as_float(pixels.clip(0)), ("sharpened by a test",), 1.0)
    return spot(replace(scene, restored=restored))


def spot(scene: Scene) -> Scene:
    """Say of a place on each cheek that a passing mark is there: healing it has to change skin.

    For laws about the adjustment on a face too small to see marks; finding them is tested apart.
    """
    face_crop = scene.face_crop
    places = [(f"{side}30d40", *face_crop.face.points[at]) for side, at in (("l", 205), ("r", 425))]
    seen = tuple(
        Mark(name, float(x), float(y), 6.0, 0.0, 0.1 + 0.01 * i, "blemish", "passing", 1.0)
        for i, (name, x, y) in enumerate(places)
    )
    return replace(scene, face_crop=replace(face_crop, parts=face_crop.regions, seen=seen))


def freeze(scene: Scene) -> Scene:
    """Make every array of a Scene read-only, so that whoever writes to one is caught."""
    arrays = [scene.pixels, scene.small, scene.covered, scene.matte.alpha, scene.matte.foreground]
    arrays += [scene.face.mesh, scene.luminance, *scene.regions.masks.values()]
    if scene.restored is not None:
        arrays.append(scene.restored.pixels)
    for array in arrays:
        if array is not None:
            array.flags.writeable = False
    return scene


@lru_cache(maxsize=1)
def mirror_order() -> np.ndarray:
    """(478,) index of the mesh point that a mirror puts in a point's place."""
    v = canonical_face().vertices.astype(np.float64)
    d = ((v[:, None] * [-1, 1, 1] - v[None]) ** 2).sum(2)
    # Irises, counted from the sitter's right: centre, then the rim's four points.
    order = [*d.argmin(1), 473, 476, 475, 474, 477, 468, 471, 470, 469, 472]
    assert sorted(order) == list(range(478))
    return np.array(order)


def _flip(array: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(array[:, ::-1])


def mirror_face(face: Face, width: int) -> Face:
    """The face as a mirror shows it, in a picture of ``width``."""
    mesh = face.mesh[mirror_order()].copy()
    mesh[:, 0] = width - 1 - mesh[:, 0]
    pose = replace(face.pose, yaw=-face.pose.yaw, roll=-face.pose.roll)
    return replace(face, mesh=mesh, pose=pose)


def mirror(scene: Scene) -> Scene:
    """The mirrored Scene: pixels, masks and mesh flipped, measurements taken again."""
    matte = replace(
        scene.matte, alpha=_flip(scene.matte.alpha), cleaned=_flip(scene.matte.foreground)
    )
    parts = replace(scene.regions, masks={k: _flip(v) for k, v in scene.regions.masks.items()})
    flipped = replace(
        scene,
        pixels=_flip(scene.pixels),
        covered=None if scene.covered is None else _flip(scene.covered),
        face=mirror_face(scene.face, scene.pixels.shape[1]),
        matte=matte,
        camera=replace(scene.camera, axis=scene.camera.axis * np.float32([-1, 1])),
        restored=_restored(scene, _flip),
    )
    fresh = refresh(flipped, flipped.pixels, parts=parts)
    return replace(fresh, matte=matte, face_crop=mirror_face_crop(scene))


# --- Pigment --------------------------------------------------------------------------------------


def bare_skin(scene: Scene) -> Mask:
    """Soft mask (H, W) of all with the sitter's pigment: face with lids and lips, upper neck.

    The region ``skin`` leaves a margin around eyes, brows, lips and nostrils; pigment does not.
    """
    face = scene.small_face
    h, w = scene.small.shape[:2]
    y = np.arange(h, dtype=np.float32)[:, None]
    chin = face.points[152, 1]
    # Below the throat the astronaut wears a metal collar.
    throat = filters.smoothstep(y, chin + 0.85 * face.ied, chin + 0.65 * face.ied)
    mask = np.maximum(scene.regions["face_skin"], scene.regions["neck_skin"] * throat)

    def ring(points: list[int]) -> Mask:
        return geometry.fill_polygon(face.points[points], w, h)

    eyes = np.maximum(ring(landmarks.RIGHT_EYE), ring(landmarks.LEFT_EYE))
    brows = np.maximum(ring(landmarks.RIGHT_BROW), ring(landmarks.LEFT_BROW))
    margin = np.maximum.reduce(
        [eyes, brows, ring(landmarks.LIPS_OUTER), ring(landmarks.NOSTRILS[0])]
    )
    size = 2 * max(1, round(2.8 * face.px_per_mm)) + 1
    margin = cv2.dilate(margin, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    margin = margin * ring(landmarks.FACE_OVAL) * (1 - eyes) * (1 - ring(landmarks.LIPS_INNER))
    mask = np.maximum(mask * (1 - eyes), filters.blur(margin, 0.5 * face.px_per_mm) * (1 - eyes))
    return filters.resize(mask.astype(np.float32), scene.pixels.shape[1], scene.pixels.shape[0])


def cheek_lab(pixels: Pixels, face: Face) -> np.ndarray:
    """Median CIELAB (3,) over the fixed sites, both cheeks and the mid forehead, where lit.

    Lit as in :func:`catchlight.analysis.light.tone.measure_tone`: the brighter two thirds.
    """
    found = pixels[sample_sites(face, pixels.shape) > 0.5]
    y = colour.luminance(found)
    low, high = np.percentile(y, [33, 97])
    return np.median(colour.p3_to_lab(found[(y >= low) & (y <= high)]), axis=0)


def skin_colour(lightness: float) -> np.ndarray:
    """Linear P3 (3,) of lit skin of that L*."""
    (l0, c0, h0), (l1, c1, h1) = _GROUPS
    t = (l0 - lightness) / (l0 - l1)
    chroma, hue = c0 + t * (c1 - c0), np.radians(h0 + t * (h1 - h0))
    lab = np.array([lightness, chroma * np.cos(hue), chroma * np.sin(hue)], np.float32)
    return colour.lab_to_p3(lab[None, None])[0, 0]


def re_pigment(scene: Scene, density: np.ndarray) -> Pixels:
    """The scene's pixels with optical ``density`` (3,) of pigment added to (or taken from) skin."""
    mask = bare_skin(scene)[..., None]
    body = scene.pixels * (10.0**-density).astype(np.float32)
    changed = scene.pixels + mask * (body - scene.pixels)
    return np.where(mask > 0, changed, scene.pixels).astype(np.float32)


def re_albedo(scene: Scene, lightness: float) -> Scene:
    """The same sitter in the same light with pigment for a cheek of that L*; measured again.

    Pigment multiplies light, so one optical density does for lit and shaded skin. Only skin
    changes: eyes, clothes, hair and background stay bit for bit.
    """
    small = refresh_small(scene)
    density = np.zeros(3)
    for _ in range(3):  # the lit patch moves a little with the pigment
        found = cheek_lab(re_pigment(small, density), small.face).astype(np.float32)
        now = colour.lab_to_p3(found[None, None])[0, 0]
        density = density + np.log10(now / skin_colour(lightness))
    return refresh(scene, re_pigment(scene, density))


def refresh_small(scene: Scene) -> Scene:
    """The Scene with the measuring picture as its pixels: enough to measure on, and quick."""
    return replace(scene, pixels=scene.small, face=scene.small_face, covered=None)


# --- Light ----------------------------------------------------------------------------------------


def expose(pixels: Pixels, stops: float) -> Pixels:
    """Change the exposure in linear light; what passes white is clipped, as by a sensor."""
    return np.minimum(pixels * np.float32(2.0**stops), 1.0).astype(np.float32)


def tint(pixels: Pixels, gains: tuple[float, float, float]) -> Pixels:
    """Put a coloured light on the picture (luminance of white kept)."""
    g = np.array(gains, np.float32)
    return (pixels * (g / (g @ colour.P3_LUMINANCE))).astype(np.float32)


def flatten(pixels: Pixels, pivot: float, slope: float) -> Pixels:
    """Compress log luminance around ``pivot`` to ``slope`` of its range; ratios of colour stay."""
    y = np.maximum(colour.luminance(pixels), 2.0**-12)
    hazy = pixels * ((y / pivot) ** (slope - 1))[..., None]
    # Nothing is black behind haze, and what holds no light cannot be multiplied.
    return np.maximum(hazy, 2.0**-6.5).astype(np.float32)


def shade_side(pixels: Pixels, face: Face, stops: float, *, edge: float = 0.25) -> Pixels:
    """Darken the viewer's right of the face smoothly by ``stops``; left of the nose nothing.

    ``edge`` is the half width of the terminator in inter-eye distances.
    """
    return (pixels * 2.0 ** -shade_field(pixels.shape, face, stops, edge)[..., None]).astype(
        np.float32
    )


def tint_side(pixels: Pixels, face: Face, gains: tuple[float, float, float]) -> Pixels:
    """Tint the viewer's right of the face; left of the nose nothing."""
    share = shade_field(pixels.shape, face, 1.0)[..., None]
    return (pixels * np.array(gains, np.float32) ** share).astype(np.float32)


def shade_field(shape: tuple[int, ...], face: Face, stops: float, edge: float = 0.25) -> Mask:
    """The stops (H, W) that :func:`shade_side` takes away."""
    x = np.arange(shape[1], dtype=np.float32)[None]
    nose = float(face.points[[1, 168, 152], 0].mean())
    rise = filters.smoothstep(x, nose - edge * face.ied, nose + edge * face.ied)
    return np.repeat(rise * np.float32(stops), shape[0], axis=0)


# --- Photographs ----------------------------------------------------------------------------------


def make_photo(pixels: Pixels, name: str = "made") -> Picture:
    """A 16-bit Display P3 Picture of linear ``pixels``, as if it had been decoded."""
    codes = np.rint(np.clip(colour.linear_to_srgb(pixels), 0, 1) * 65535).astype(np.uint16)
    codes.flags.writeable = False
    return Picture(
        codes=codes,
        encoding=standard_encoding("Display P3", 65536),
        alpha=None,
        format="TIFF",
        metadata=Metadata(),
        name=name,
    )


def draw_near(subject: Subject, far: float, near: float) -> Pixels:
    """A photo from ``far`` as from ``near`` (cm): the lens's own model of the head, backwards."""
    face, points = subject.face, in_ied(subject.face)
    head, _ = fit_head(points, np.zeros(2, np.float32), far)
    pixels = subject.picture.linear()
    field = lens.lay_on_picture(draw_field(head, points, far, near), face, pixels.shape)
    moved = displacement.displace(pixels, field * np.float32(face.px_per_mm))
    return np.clip(moved, 0, 1)


def enlarge(photo: Picture, factor: int) -> Picture:
    """The photo with ``factor`` times as many pixels a side: as if the face had been nearer."""
    size = (photo.width * factor, photo.height * factor)
    big = cv2.resize(photo.linear(), size, interpolation=cv2.INTER_CUBIC)
    return make_photo(np.clip(big, 0, 1), f"{photo.name}, enlarged")


def draw_strands(
    pixels: Pixels, face: Face, *, long: int = 40, wide: float = 1.0, dark: float = 0.95
) -> Pixels:
    """Single dark hairs, ``long`` and ``wide`` in mm, that stand off the hair above the head."""
    out, mm = pixels.copy(), face.px_per_mm
    x, y = face.eyes.mean(0)
    for k in range(-6, 7):
        # From within the hair upwards and outwards, 2 degrees of curl on each millimetre.
        angle, at = np.radians(8.0 * k), np.array([x + 5.0 * k * mm, y - 108 * mm])
        line = [at]
        for _ in range(long):
            line.append(line[-1] + mm * np.array([np.sin(angle), -np.cos(angle)]))
            angle += np.radians(2.0) * (1 if k >= 0 else -1)
        mask = np.zeros(out.shape[:2], np.uint8)
        points = np.round(np.array(line) * 16).astype(np.int32)
        cv2.polylines(
            mask,
            [points],
            isClosed=False,
            color=255,
            thickness=max(1, round(wide * mm)),
            lineType=cv2.LINE_AA,
            shift=4,
        )
        out *= 1 - dark * (mask / np.float32(255))[..., None]
    return as_float(out)


def degrade(photo: Picture, face: Face) -> Picture:
    """A photo with every fault at once: flat, lit from one side, tinted, 1.8 stops too dark.

    Single hairs stand off the head.

    The shaded side has another tint than the lit one.

    ``face`` lies in pixels of the photo. On this one every adjustment has something to do.
    """
    pixels = draw_strands(photo.linear(), face)
    pixels = shade_side(pixels, face, 2.2)
    pixels = tint_side(pixels, face, (1.2, 1.0, 0.75))
    pixels = flatten(pixels, 0.5, 0.4)
    pixels = tint(pixels, (0.84, 1.0, 0.74))
    return make_photo(expose(pixels, -1.8), "degraded")


# --- Measuring ------------------------------------------------------------------------------------


def to_codes(pixels: Pixels) -> np.ndarray:
    """Linear P3 -> sRGB codes 0..255 as floats, not rounded, clipped as a display would."""
    srgb = colour.apply_matrix(np.ascontiguousarray(pixels, np.float32), colour.P3_TO_SRGB)
    return np.clip(colour.linear_to_srgb(srgb), 0, 1) * 255


def preview_frame(frame: Frame, longest: int) -> Frame:
    """``frame.at`` under the name that the tests use."""
    return frame.at(longest)


def cached(function: Callable[..., Scene]) -> Callable[..., Scene]:
    """Keep what a maker of scenes returns for the life of the test run."""
    return lru_cache(maxsize=None)(function)
