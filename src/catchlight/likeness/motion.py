"""Motion: where every point of the face went, from before to after, whatever the light did."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Float, Mask, Points, as_float
from catchlight.likeness.aligned_face import AlignedFace
from catchlight.measured import measured_once
from catchlight.pixels import filters


def _to_codes(log: Float, inside: Mask, mm: float) -> NDArray[np.uint8]:
    """Local detail over its own local spread, so that no light shows."""
    band = log - filters.blur(log, 5 * mm)
    # 0.05: a twentieth of natural density; on what is flatter there is nothing to follow.
    spread = np.sqrt(filters.blur(as_float(band * band), 6 * mm)) + 0.05
    return np.asarray(np.clip(128 + 48 * band / spread * inside, 0, 255), np.uint8)


def _explained(start: NDArray[np.uint8], now: NDArray[np.uint8], flow: Float, mm: float) -> Mask:
    """How far motion explains the change, 0..1: a gloss that went is no feature that moved.

    The share of the squared difference within 4 mm that goes when the after is taken back through
    the flow. Eyes enlarged and noses slimmed leave less than half of it.
    """
    h, w = start.shape
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    back = cv2.remap(
        as_float(now),
        x + flow[..., 0],
        y + flow[..., 1],
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    still, moved = (
        filters.blur(as_float((v - start) ** 2), 2 * mm) for v in (as_float(now), as_float(back))
    )
    return filters.smoothstep(as_float(1 - moved / np.maximum(still, 1.0)), 0.4, 0.7)


@measured_once
def _start(view: AlignedFace) -> NDArray[np.uint8]:
    """What the flow starts from."""
    return _to_codes(*view.coarse)


def measure_motion(view: AlignedFace, after: Float) -> Points:
    """Motion (478, 2) of the mesh's points in view pixels; 0 at the face's border.

    Dense inverse search (Kroeger 2016) on local detail at 2 pixels per millimetre, averaged over
    1.5 mm: a landmark is where its surroundings are, not one pixel. ``after`` is its log luminance
    at the size of the view's ``coarse``.
    """
    _, inside, mm = view.coarse
    h, w = inside.shape
    start = _start(view)
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    empty = np.zeros((h, w, 2), np.float32)
    now = _to_codes(after, inside, mm)
    flow = as_float(search.calc(start, now, empty))
    flow = filters.blur(flow * _explained(start, now, flow, mm)[..., None], 1.5 * mm)
    points = view.face_crop.face.points * (mm / view.mm)
    at = np.clip(np.round(points).astype(int), 0, [w - 1, h - 1])
    seen = inside[at[:, 1], at[:, 0]] > 0.15
    return as_float(flow[at[:, 1], at[:, 0]] * seen[:, None] * (view.mm / mm))


def follow_detail(before: Float, after: Float, inside: Mask, mm: float) -> Float:
    """Motion (h, w, 2) of local detail between two photographs laid on each other, in pixels.

    As :func:`measure_motion`, without asking whether it explains the change: in another light
    nothing explains all of it.
    """
    h, w = inside.shape
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    empty = np.zeros((h, w, 2), np.float32)
    start, now = _to_codes(before, inside, mm), _to_codes(after, inside, mm)
    return filters.blur(as_float(search.calc(start, now, empty)), 1.5 * mm)
