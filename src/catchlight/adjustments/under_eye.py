"""under_eye: lift the darkness and the blue below the eyes half-way to the sitter's own cheek."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.adjustments.edit import Gain
from catchlight.analysis.face.landmarks import LEFT_CHEEK, RIGHT_CHEEK
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, Mask, as_float
from catchlight.params import Params
from catchlight.pixels import colour, filters, geometry, powers

#: Part of the gap to the cheek that full strength closes: retouchers soften, never erase.
_SHARE = 0.5
#: Dark lines narrower than this, soft edges included (creases, lashes), are not seen, in mm; then
#: the blur.
_CREASE, _SMOOTH = 2.4, 1.0
#: How far the cheek speaks for the skin above it, in mm: about half an eye's width.
_REACH = 12.0
#: Stops. Gaps saturate at these: circles measured on 24 faces are 0.1 to 0.7 dark, on deep-set eyes
#: of brown skin up to 0.9; 0.05 to 0.3 blue or red. From 1.2 to 2 it is more and more a cast
#: shadow, which is the light's affair.
_DARKEST, _STRONGEST, _CAST = 1.0, 0.4, (2.0, 1.2)
#: Gaps below this are the spread of skin over any cheek, in stops; they fade out.
_NOTHING = 0.08
#: Part of the region that may be no skin; with more, it lies under a dark lens or a broad rim.
_COVERED = 0.5
_BRIDGE = 168  # mesh point between the eyes
_FLOOR = np.float32(2.0**-9)


def build(scene: Scene, params: Params) -> Gain | None:
    """Half the difference between under-eye and cheek in log light, structures above 2 mm only.

    Everything is a ratio to the cheek just below, so a tone of skin does not enter: equal pigment
    is an equal number of stops on every skin, and skin moves along the line to its own cheek, never
    towards grey. Lightness is closed where it is lower; R/G and B/G where they are higher (violet
    and blue). Dark lines under 2 mm are closed before the gap is measured, so that creases and the
    edge of a bag neither cause a lift nor lose contrast: the gain is the same on both sides of
    them. Rims of glasses, glare and cast shadows are left. Cost: about 25 ms.
    """
    face_crop = scene.face_crop
    region, points, mm = face_crop.regions["under_eyes"], face_crop.face.points, face_crop.px_per_mm
    h, w = region.shape
    cheeks = np.maximum(
        geometry.fill_polygon(points[RIGHT_CHEEK], w, h),
        geometry.fill_polygon(points[LEFT_CHEEK], w, h),
    )
    cheeks = as_float(cheeks * face_crop.regions["face_skin"] * (1 - region))
    if region.max() < 0.5 or (cheeks > 0.5).sum() < 40:
        return None
    x0, y0, wide, high = cv2.boundingRect(((region > 0) | (cheeks > 0)).astype(np.uint8))
    cut = np.s_[y0 : y0 + high, x0 : x0 + wide]
    region, cheeks = region[cut], cheeks[cut]
    found = _split(face_crop.pixels[cut])
    # On cheek and under-eye alike: a closing lifts all texture a little.
    found[..., 0] = _without_lines(found[..., 0], _CREASE * mm)
    middle = int(np.clip(points[_BRIDGE, 0] - x0, 1, found.shape[1] - 1))
    cheek = _cheek_above(found, cheeks, middle, mm)
    away = _unlike(filters.blur(found, 0.8 * mm), cheek)
    if float((away * region).sum()) > _COVERED * float(region.sum()):
        return None
    skin = as_float((1 - away) * (face_crop.regions["eyes"][cut] < 0.05))
    gap = cheek - filters.blur_inside(found, skin, _SMOOTH * mm)
    lift = _part(gap[..., 0], _DARKEST) * filters.smoothstep(gap[..., 0], *_CAST)
    red, blue = _part(-gap[..., 1], _STRONGEST), _part(-gap[..., 2], _STRONGEST)
    # Colour at equal luminance: Y of (R/G, 1, B/G) before and after.
    ratio = cheek[..., 1:] - gap[..., 1:]
    before = _luminance(ratio[..., 0], ratio[..., 1])
    lift = lift - np.log2(_luminance(ratio[..., 0] - red, ratio[..., 1] - blue) / before)
    there = filters.blur(as_float(1 - away), 0.4 * mm) * (region > 0)
    stops = as_float(np.stack([lift - red, lift, lift - blue], -1) * there[..., None])
    if float((np.abs(stops) * region[..., None]).max()) < 0.03:
        return None
    return Gain(stops, scene.face_grid, (x0, y0, x0 + wide, y0 + high))


def _split(pixels: Float) -> Float:
    """Linear RGB -> log2 luminance, log2 R/G, log2 B/G."""
    log = powers.log2(np.maximum(pixels, 0) + _FLOOR)
    y = powers.log2(np.maximum(colour.luminance(np.ascontiguousarray(pixels)), 0) + _FLOOR)
    return as_float(np.stack([y, log[..., 0] - log[..., 1], log[..., 2] - log[..., 1]], -1))


def _luminance(red: Float, blue: Float) -> Float:
    wr, wg, wb = colour.P3_LUMINANCE
    return as_float(wr * powers.exp2(red) + wg + wb * powers.exp2(blue))


def _cheek_above(found: Float, cheeks: Mask, middle: int, mm: float) -> Float:
    """What the cheek would be under the eye: its nearby average, no lighter than its usual light.

    The average follows the light from side to side. A highlight on the cheekbone is no aim for the
    hollow above it: what is lighter than the 60th percentile does not count.
    """
    out = np.empty_like(found)
    for side in (np.s_[:, :middle], np.s_[:, middle:]):
        inside = cheeks[side] > 0.5
        if not inside.any():
            out[side] = filters.blur_inside(found, cheeks, _REACH * mm)[side]
            continue
        capped = found.copy()
        usual = np.percentile(found[side][inside][:, 0], 60)
        capped[..., 0] = np.minimum(capped[..., 0], usual)
        own = np.zeros_like(cheeks)
        own[side] = cheeks[side]
        out[side] = filters.blur_inside(capped, own, _REACH * mm)[side]
    return out


def _unlike(found: Float, cheek: Float) -> Mask:
    """How sure a pixel is no skin, 0..1: a frame, glare or paint, in stops from the cheek."""
    d = found - cheek
    dark, glare = filters.smoothstep(d[..., 0], -1.3, -2.0), filters.smoothstep(d[..., 0], 0.7, 1.2)
    strange = filters.smoothstep(np.maximum(np.abs(d[..., 1]), np.abs(d[..., 2])), 0.8, 1.4)
    return as_float(np.maximum.reduce([dark, glare, strange]))


def _without_lines(y: Float, width: float) -> Float:
    """Close dark lines narrower than ``width`` pixels, pixel noise first averaged."""
    size = 2 * max(1, round(width / 2)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return as_float(cv2.morphologyEx(filters.blur(y, width / 8), cv2.MORPH_CLOSE, kernel))


def _part(gap: Float, most: float) -> Float:
    """Half of a positive gap, saturating at half of ``most``; the skin's own spread fades out."""
    x = np.maximum(gap, 0)
    x = x * filters.smoothstep(x, 0, _NOTHING)
    return as_float(_SHARE * x / np.sqrt(np.sqrt(1 + np.square(np.square(x / most)))))
