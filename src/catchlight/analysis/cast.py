"""Cast shadows: where skin is darker than the light on its form explains."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.analysis.mesh import Face
from catchlight.analysis.regions import Regions
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import colour, filters, geometry, powers

# Below this many stops a smooth residual is mottling or make-up: rendered skin of 8 % has 0.1.
_MOTTLE, _CAST = 0.12, (0.2, 0.55)
#: Where a beard grows, if there is one: from the cheeks and the nose's foot to the jaw's edge.
_BEARD_RING = [
    205, 98, 2, 327, 425, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136,
    172, 58, 132,
]  # fmt: skip


def beard_zone(face: Face, shape: tuple[int, ...]) -> Mask:
    """Moustache, chin and jaw, (h, w) in 0..1, soft by 2.5 mm."""
    drawn = geometry.fill_polygon(face.points[_BEARD_RING], shape[1], shape[0])
    return filters.blur(drawn, 2.5 * face.px_per_mm)


def find_cast(
    pixels: Pixels, face: Face, regions: Regions, shade: Float, known: Mask, beard: Mask
) -> tuple[Float, Mask]:
    """Cast shadows in stops, and where they end hard.

    ``shade`` is what the form explains, in log2 of luminance; ``known`` is 1 on the mesh, ``beard``
    where a beard was found. What is left is averaged over skin, over 2 mm on the face and 6 mm
    beyond it, where a simple solid stands for the form. Below 0.12 stops it is mottling. Under the
    eyes, where pigment and thin skin look the same, half of it counts, in a beard a third. Eyes,
    brows and lips take the shadow of the skin around.
    """
    mm, shape = face.px_per_mm, shade.shape
    there = ((regions["skin"] > 0.01) | (known > 0.01)).astype(np.uint8)
    x0, y0, wide, high = cv2.boundingRect(there)
    # Nothing beyond 12 mm around skin and mesh has a say, nor gets one.
    rim = round(12 * mm)
    box = np.s_[max(0, y0 - rim) : y0 + high + rim, max(0, x0 - rim) : x0 + wide + rim]
    shade, known, beard = shade[box], known[box], beard[box]
    skin = regions["skin"][box]
    y = powers.log2(np.maximum(colour.luminance(pixels)[box], 2.0**-10))
    off = as_float(shade - y)
    less = filters.blur_inside(off, skin * skin, 2.0 * mm)
    less = less + (1 - known) * (filters.blur_inside(off, skin * skin, 6.0 * mm) - less)
    less = np.maximum(less * (1 - 0.5 * regions["under_eyes"][box]), 0)
    # What is darker by over 2.2 stops is hair more likely than skin; beyond the face, by over 1.8.
    less = as_float(less)
    hair = known * filters.smoothstep(less, 2.6, 1.8)
    less = less * (hair + (1 - known) * filters.smoothstep(less, 2.2, 1.4))
    # x - t above t, rounded off below.
    over = less - _MOTTLE * (1 - powers.exp(-less / _MOTTLE))
    over = over * (1 - 0.67 * beard)
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
