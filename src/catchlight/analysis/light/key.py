"""Where the light came from: direction, ratio and colour of the key, and the shadows it casts."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from catchlight.analysis.face.landmarks import LEFT_CHEEK, RIGHT_CHEEK
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.face.normals import Form
from catchlight.analysis.face.outline import draw_hull
from catchlight.analysis.light.beard import beard_zones, find_beard
from catchlight.analysis.light.cast_shadows import expect_shadows, find_cast
from catchlight.analysis.light.light import Light, unknown_light
from catchlight.analysis.light.shading import find_key, fit_dome, shade_of, split_colour
from catchlight.analysis.parts.regions import Regions
from catchlight.arrays import Mask, Pixels, as_float
from catchlight.pixels import colour, filters, geometry

#: Grid of the form, pixels per millimetre: light on a form has no detail below 3 mm.
GRID = 0.45
#: Skin whose normal leans less than 53 degrees off the camera's axis faces it.
FACING = 0.6
#: The share of its weight that skin loses where a shadow is expected: expected is not seen.
_SHADED = 0.8
# What a change of light does on hair and clothes, as a share (science.md 3, step 2, halved).
_HAIR, _CLOTHES = 0.3, 0.15
# Distance from the face (mm) over which a neck's form, and with it a change of light, ends.
_NECK = (10.0, 45.0)


@dataclass(frozen=True)
class KeyLight:
    """The key light, from the two cheeks.

    Attributes
    ----------
    side : float
        -1 (key from the viewer's left) to 1 (from the viewer's right); 0 where it is even.
    ratio : float
        Linear luminance of the lit cheek over the shaded one, 1 or more.
    """

    side: float
    ratio: float


def estimate_key(pixels: Pixels, face: Face, regions: Regions) -> KeyLight:
    """Compare the cheeks' median luminance where both show skin."""
    y = colour.luminance(pixels)
    skin = regions["face_skin"]
    found = []
    for ring in (RIGHT_CHEEK, LEFT_CHEEK):
        patch = geometry.fill_polygon(face.points[ring], y.shape[1], y.shape[0]) * skin > 0.4
        if patch.sum() < 6:
            return KeyLight(0.0, 1.0)
        found.append(max(float(np.median(y[patch])), 1e-4))
    stops = float(np.log2(found[1] / found[0]))
    # Natural left-right differences in even light reach 0.15 stops.
    side = float(np.clip(np.sign(stops) * max(abs(stops) - 0.12, 0) / 0.8, -1, 1))
    return KeyLight(side, float(2 ** abs(stops)))


def measure_reach(regions: Regions, known: Mask, face: Face) -> Mask:
    """How far a change of light may go, (h, w) in 0..1: face and neck 1, hair and clothes less.

    A light falls on eyes, lips and beard as on skin. The form of hair and clothes is a guess: 30 %
    and 15 %. Soft over 3 mm, and over 8 where the mesh ends on a high forehead. The form of a neck
    ends down the neck, and with it the reach: on a shoulder turned to the camera a fill and a key
    drew a bright patch with a straight edge.
    """
    mm = face.px_per_mm
    neck = regions["neck_skin"] * _near_face(face, known.shape)
    wide = np.maximum(known, filters.blur(known, 8.0 * mm) * regions["person"])
    parts = [wide, neck, _HAIR * regions["hair"], _CLOTHES * regions["clothes"]]
    soft = filters.blur(as_float(np.maximum.reduce(parts)), 2.0 * mm)
    return as_float(soft * regions["person"])


def _near_face(face: Face, shape: tuple[int, ...]) -> Mask:
    """1 on the face, falling to 0 down the neck."""
    beside = ~draw_hull(face, shape[1], shape[0])
    away = cv2.distanceTransform(beside.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return as_float(1 - filters.smoothstep(as_float(away / face.px_per_mm), *_NECK))


def estimate_light(
    pixels: Pixels, face: Face, regions: Regions, form: Form, tint: tuple[float, float]
) -> Light:
    """Fit the light to the skin of the face.

    Parameters
    ----------
    pixels : (h, w, 3) linear P3, the measuring picture
    face : Face in its pixels
    regions : Regions over it
    form : Form on a grid of its own, of the same place
    tint : ln(R/G), ln(B/G) of the illuminant

    Returns
    -------
    Light
    """
    h, w = pixels.shape[:2]
    gh, gw = form.known.shape
    small = filters.resize(pixels, gw, gh)
    skin = filters.resize(regions["face_skin"], gw, gh)
    chosen = (skin > 0.3) & (form.known > 0.5)
    if chosen.sum() < 60:
        return unknown_light((h, w), tint)
    normals = form.normals[chosen]
    seen = np.maximum(colour.luminance(small), 2.0**-10)
    # A pixel at the turn of the cheek stands for more skin than one that faces the camera.
    weight = as_float(skin[chosen] / np.maximum(normals[:, 2], 0.3))
    where = geometry.similarity(gw / w, 0.0, np.array([-0.5, -0.5]), np.array([-0.5, -0.5]))
    moved = face.moved(where)
    zones = beard_zones(moved, (gh, gw))
    # 2000 places settle 53 unknowns; for a first look 1000 do.
    step = max(1, int(chosen.sum()) // 2000)
    some, few = np.s_[::step], np.s_[:: 2 * step]
    first = fit_dome(normals[few], seen[chosen][few], weight[few], zones[chosen][few])
    # The first light says where shadows fall and a beard grows; the second fit knows of both.
    shade = np.maximum(shade_of(first.dome, form.normals), 2.0**-12)
    expected = expect_shadows(form, first.dome, shade, moved.px_per_mm)
    off = as_float(np.log2(seen / shade))
    on = as_float(skin * (form.known > 0.3))
    beard = find_beard(off, first.beard, zones, on, expected, moved.px_per_mm)
    surely = weight * (1 - _SHADED * expected[chosen])
    fit = fit_dome(normals[some], seen[chosen][some], surely[some], beard[chosen][some, None])
    taken = float(fit.beard[0])
    stops = np.log2(np.maximum(shade_of(fit.dome, form.normals), 2.0**-12))
    order = stops[chosen]
    # What turns away from the camera is dark in any light: that is form, not a ratio.
    facing = (skin[chosen] > 0.5) & (normals[:, 2] > FACING)
    if facing.sum() < 30:
        return unknown_light((h, w), tint)
    lit, dark = (float(v) for v in np.percentile(order[facing], [92, 8]))
    shading = filters.resize(as_float(np.minimum(stops - lit, 0.5)), w, h)
    dome = as_float(fit.dome / 2.0**lit)
    direction, own = find_key(dome)
    azimuth = float(np.degrees(np.arctan2(direction[0], direction[2])))
    elevation = float(np.degrees(np.arcsin(np.clip(direction[1], -1, 1))))
    beard, expected, known = (filters.resize(m, w, h) for m in (beard, expected, form.known))
    shade = as_float(shading + lit - taken * beard)
    bearded = as_float(beard * _rise(taken, 0.12, 0.32))
    cast, edges = find_cast(pixels, face, regions, shade, known, bearded, expected)
    key_tint, fill_tint = split_colour(normals[some], small[chosen][some], weight[some], dome, own)
    depth = _rise(lit - dark, 0.2, 0.6)
    # The first fit's: the second took for beard what the light does not explain.
    sure = _rise(first.spread, 0.70, 0.25)
    turned = _rise(abs(face.pose.yaw), 60, 35)
    return Light(
        shading=shading,
        cast=cast,
        edges=edges,
        # Marked about 2 mm wide.
        edge_mm=float(edges.sum()) / face.px_per_mm**2 / 2,
        dome=dome,
        azimuth=azimuth,
        elevation=elevation,
        ratio=float(2 ** (lit - dark)),
        key_tint=key_tint,
        fill_tint=fill_tint,
        tint=as_float(np.array(tint)),
        beard=taken,
        confidence=depth * sure * turned,
    )


def _rise(value: float, low: float, high: float) -> float:
    return float(filters.smoothstep(as_float(np.array([value])), low, high)[0])
