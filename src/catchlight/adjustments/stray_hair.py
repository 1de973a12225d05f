"""stray_hair: single hairs before the ground around the head fade; the outline keeps its hair."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.adjustments.edit import Gain
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, as_float
from catchlight.params import Params
from catchlight.pixels import colour, filters, powers
from catchlight.pixels.grid import find_box

#: Hairs and thin bundles of them are narrower than this, in mm; what is wider is a lock.
_STRAND = 1.4
#: Share of a strand's contrast that goes: hair without any is a helmet.
_SHARE = 0.75
#: Stops from the ground that are noise, and a strand surely.
_SEEN = (0.04, 0.12)
#: Fine contrast of the ground itself, in stops, from which no strand can be told from it.
_RESTLESS = (0.05, 0.12)


def build(scene: Scene, params: Params) -> Gain | None:
    """Thin strands in the zone around the hair lose three quarters of their contrast.

    What a closing (dark strands) or an opening (light ones) over 1.4 mm takes away is a strand; it
    fades towards what remains, channel by channel. The mass of the hair, its locks and curls lie
    outside the zone (region ``outline``) and stay. Where the ground has fine contrast of its own
    nothing is done. Before painted paper nothing is done either: there the cut-out decides.

    Notes
    -----
    At 4 samples a millimetre at most. Cost: about 40 ms.
    """
    zone = scene.region("outline")
    box = find_box(as_float(zone > 0.02))
    if box is None:
        return None
    x0, y0, x1, y1 = box
    mm = scene.face.px_per_mm
    width = max(1, round(0.5 * _STRAND * mm))
    pad = 4 * width
    u0, v0 = max(0, x0 - pad), max(0, y0 - pad)
    u1, v1 = min(zone.shape[1], x1 + pad), min(zone.shape[0], y1 + pad)
    log = powers.log2(np.maximum(scene.pixels[v0:v1, u0:u1], 2.0**-9))
    without, thin = _without_strands(log, width)
    near = filters.resize(zone[v0:v1, u0:u1], log.shape[1], log.shape[0])
    # The ground's own fine contrast, where no hair is near.
    calm = filters.blur_inside(as_float(np.minimum(thin, 0.3)), as_float(near > 0.02), 12.0 * mm)
    share = _SHARE * filters.smoothstep(thin, *_SEEN)
    share = share * filters.smoothstep(calm, _RESTLESS[1], _RESTLESS[0])
    stops = share[..., None] * np.clip(without - log, -2, 2)
    stops = as_float(stops[y0 - v0 : y1 - v0, x0 - u0 : x1 - u0])
    if float((np.abs(stops) * zone[y0:y1, x0:x1, None]).max()) < 0.05:
        return None
    return Gain(stops, scene.frame_grid, box)


def _without_strands(log: Float, radius: int) -> tuple[Float, Float]:
    """What remains of log RGB without thin structures, and by how much they stood out."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    closed = as_float(cv2.morphologyEx(log, cv2.MORPH_CLOSE, kernel))
    opened = as_float(cv2.morphologyEx(log, cv2.MORPH_OPEN, kernel))
    dark = np.maximum(as_float((closed - log) @ colour.P3_LUMINANCE), 0)
    light = np.maximum(as_float((log - opened) @ colour.P3_LUMINANCE), 0)
    # Between two dark strands a gap of light ground looks like a light one: what is more of the two
    # over the neighbourhood is the strand, as ground in the open is neither.
    darker = filters.blur(dark, 2.0 * radius) >= filters.blur(light, 2.0 * radius)
    smooth = filters.blur(as_float(darker), 1.0 * radius)[..., None]
    without = smooth * closed + (1 - smooth) * opened
    thin = smooth[..., 0] * dark + (1 - smooth[..., 0]) * light
    return as_float(filters.blur(as_float(without), 0.5 * radius)), as_float(thin)
