"""Cast shadows: where skin is darker than the light on its form explains."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.face.normals import Form
from catchlight.analysis.light.shading import find_key, shade_of
from catchlight.analysis.parts.regions import Regions
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import colour, filters, powers

# Below this many stops a smooth residual is mottling or make-up: rendered skin of 8 % has 0.1.
_MOTTLE, _CAST = 0.12, (0.2, 0.55)
#: The tallest thing that throws a shadow on a face, the nose, reaches this far, millimetres.
_REACH = (3.0, 45.0)
# The mesh knows depth to about 1.5 mm; an edge of shadow is expected within 4 mm of its true place.
_DEPTH, _ROUGH = 1.5, 4.0


def expect_shadows(form: Form, dome: Float, shade: Float, mm: float) -> Mask:
    """Where something on the face should stand before the key, (h, w) in 0..1 on the form's grid.

    Each place looks towards the key of ``dome`` over the form's depth. What counts is a shadow of
    0.1 to 0.3 stops: what turns away from the key has none to lose. The mask is 4 mm wider than
    the shadow, since the mesh knows the nose's height no better. ``shade`` is what the dome gives
    the form, ``mm`` the grid's pixels per millimetre. Cost: 2 ms.
    """
    key, own = find_key(dome)
    flat = float(np.hypot(key[0], key[1]))
    stops = np.zeros_like(shade)
    over = (form.known > 0.5).astype(np.float32)
    x0, y0, wide, high = cv2.boundingRect(over.astype(np.uint8))
    # A key beside the lens throws its shadows behind what throws them.
    if flat < 0.1 or wide * high == 0:
        return as_float(stops)
    box = np.s_[y0 : y0 + high, x0 : x0 + wide]
    depth, over = np.ascontiguousarray(form.depth[box]) * mm, np.ascontiguousarray(over[box])
    blocked = np.zeros_like(depth)
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    for step in np.arange(_REACH[0] * mm, _REACH[1] * mm, 1.5, dtype=np.float32):
        places = (x + step * key[0] / flat, y - step * key[1] / flat)
        there = cv2.remap(depth, *places, cv2.INTER_LINEAR)
        inside = cv2.remap(over, *places, cv2.INTER_LINEAR) > 0.9
        higher = (there - depth - step * key[2] / flat) / mm - _DEPTH
        blocked = np.maximum(blocked, np.clip(higher, 0, 1) * inside)
    direct = shade_of(as_float(np.append(dome[:-1] * own, 0)), form.normals[box])
    share = np.minimum(direct / np.maximum(shade[box], 1e-6), 0.95)
    stops[box] = -np.log2(1 - blocked * over * share)
    side = 2 * round(_ROUGH * mm) + 1
    round_ = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    grown = cv2.dilate(filters.smoothstep(stops, 0.1, 0.3), round_)
    return filters.blur(as_float(grown), mm)


def find_cast(
    pixels: Pixels,
    face: Face,
    regions: Regions,
    shade: Float,
    known: Mask,
    beard: Mask,
    expected: Mask,
) -> tuple[Float, Mask]:
    """Cast shadows in stops, and where they end hard.

    ``shade`` is what the form explains, in log2 of luminance; ``known`` is 1 on the mesh, ``beard``
    where a beard was found, ``expected`` where something stands before the key. What is left is
    averaged over skin, over 2 mm on the face and 6 mm beyond it, where a simple solid stands for
    the form. Below 0.12 stops it is mottling. Under the eyes, where pigment and thin skin look the
    same, half of it counts, in a beard a third. Where a shadow is expected all of it counts, up to
    its edge (averaged over 1.2 mm: pores are no shadow). Eyes, brows and lips take the shadow of
    the skin around.
    """
    mm, shape = face.px_per_mm, shade.shape
    there = ((regions["skin"] > 0.01) | (known > 0.01)).astype(np.uint8)
    x0, y0, wide, high = cv2.boundingRect(there)
    # Nothing beyond 12 mm around skin and mesh has a say, nor gets one.
    rim = round(12 * mm)
    box = np.s_[max(0, y0 - rim) : y0 + high + rim, max(0, x0 - rim) : x0 + wide + rim]
    shade, known, beard, expected = shade[box], known[box], beard[box], expected[box]
    skin = regions["skin"][box]
    y = powers.log2(np.maximum(colour.luminance(pixels)[box], 2.0**-10))
    off = as_float(shade - y)
    less = filters.blur_inside(off, skin * skin, 2.0 * mm)
    less = less + (1 - known) * (filters.blur_inside(off, skin * skin, 6.0 * mm) - less)
    less = less + expected * (filters.blur_inside(off, skin * skin, 1.2 * mm) - less)
    less = np.maximum(less * (1 - 0.5 * regions["under_eyes"][box]), 0)
    # What is darker by over 2.2 stops is hair more likely than skin; beyond the face, by over 1.8.
    less = as_float(less)
    hair = known * filters.smoothstep(less, 2.6, 1.8)
    less = less * (hair + (1 - known) * filters.smoothstep(less, 2.2, 1.4))
    # x - t above t, rounded off below.
    over = less - _MOTTLE * (1 - expected) * (1 - powers.exp(-less / _MOTTLE))
    over = over * (1 - 0.67 * beard * (1 - expected))
    bare = filters.smoothstep(skin, 0.2, 0.7)
    over = as_float(np.minimum(over, 2.5))
    cast = as_float(bare * over + (1 - bare) * known * filters.blur_inside(over, bare, 4.0 * mm))
    fine = filters.blur_inside(off, skin * skin, 0.7 * mm)
    gy, gx = np.gradient(fine)
    slope = as_float(np.hypot(gx, gy) * mm)  # stops per millimetre
    near = filters.blur(filters.smoothstep(cast, *_CAST), 1.5 * mm)
    # Frames, brows and nostrils have hard edges of their own: 4 mm clear of all that is not skin.
    inner = filters.smoothstep(filters.blur(regions["face_skin"][box], 2.0 * mm), 0.85, 0.98)
    inner = inner * (1 - beard) * filters.smoothstep(known, 0.9, 1.0)
    edges = filters.smoothstep(slope, 0.12, 0.3) * np.minimum(2 * near, 1) * inner
    out = np.zeros((2, *shape), np.float32)
    out[0][box], out[1][box] = cast, edges
    return out[0], out[1]
