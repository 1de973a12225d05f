"""Registration: are both pictures one photograph? If so, the after in the pixels of the before."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from catchlight.arrays import Float, Pixels, Points, as_float
from catchlight.likeness.aligned_face import AlignedFace, Sighting, align_face, log_luminance
from catchlight.likeness.motion import measure_motion
from catchlight.likeness.observation import Observation
from catchlight.pixels import filters, geometry

#: Correlation of the faces' detail above which two pictures are one photograph: files of one
#: photo reached 0.94 and more, different photos of one person 0.64 at the most (60 pairs).
_ALIKE = 0.80
#: A picture stored smaller lost what its own last fifth of resolution would show.
_RESAMPLED = 0.8
#: Detail that is correlated, standard deviations in mm: features, not pores and not shading.
_BAND = (0.7, 6.0)


@dataclass(frozen=True, eq=False)
class Pair:
    """Two pictures of a face in register.

    Attributes
    ----------
    view : View, the before
    after : (h, w, 3) linear P3, the after in the view's pixels, an intended warp taken back
    correlation : float, of the faces' detail
    stored : tuple of (quality, scale), the JPEG files that the two were read from, as far as
        known; the scale in pixels of the file per pixel of the view
    """

    view: AlignedFace
    after: Pixels
    correlation: float
    stored: tuple[tuple[int, float], ...] = ()

    @cached_property
    def log(self) -> Float:
        """(h, w) natural logarithm of the after's luminance."""
        return log_luminance(self.after)

    @cached_property
    def coarse(self) -> Float:
        """The same at the size of the view's ``coarse``."""
        h, w = self.view.coarse[0].shape
        return filters.resize(self.log, w, h)

    @cached_property
    def motion(self) -> Points:
        """(478, 2) motion of the mesh's points from before to after, in view pixels."""
        return measure_motion(self.view, self.coarse)

    @cached_property
    def sighting(self) -> Sighting:
        """What the networks see of the after, inside the face."""
        return self.view.look(self.after)


def pair_up(
    before: Observation, after: Observation, *, same_frame: bool | None, warp: Float | None
) -> Pair | None:
    """Bring the after into the before's view; None where they are different photographs."""
    if same_frame is False:
        return None
    if same_frame:
        view = align_face(before, before.source_ied)
        pixels = view.hold_ground(_draw_same(view, after.pixels, warp))
        return Pair(view, pixels, _correlate(view, pixels), _files(view, before, after))
    # The smaller of the two says how much detail can be compared; 3 % is the mesh's own noise.
    detail = min(before.source_ied, before.seen.ied)
    mine = min(after.source_ied, after.seen.ied)
    view = align_face(before, detail if mine > 0.97 * detail else _RESAMPLED * mine)
    found = _register(before, after, view)
    if found is None:
        return None
    pixels = geometry.resample(after.pixels, found, *view.size)
    pixels = view.hold_ground(np.maximum(pixels, 0))
    return Pair(view, pixels, _correlate(view, pixels), _files(view, before, after))


def _files(view: AlignedFace, *observations: Observation) -> tuple[tuple[int, float], ...]:
    ied = view.face_crop.face.ied
    return tuple((w.jpeg, w.source_ied / ied) for w in observations if w.jpeg is not None)


def _draw_same(view: AlignedFace, pixels: Pixels, warp: Float | None) -> Pixels:
    if warp is not None:
        h, w = pixels.shape[:2]
        y, x = np.mgrid[0:h, 0:w].astype(np.float32)
        scale = np.float32(view.mm / geometry.scale_of(view.to_aligned))
        pixels = as_float(
            cv2.remap(
                pixels,
                x + warp[..., 0] * scale,
                y + warp[..., 1] * scale,
                cv2.INTER_LANCZOS4,
                borderMode=cv2.BORDER_REPLICATE,
            )
        )
    return np.maximum(geometry.resample(pixels, view.to_aligned, *view.size), 0)


def _detail(log: Float, mm: float) -> Float:
    """Detail of log luminance between two Gaussians: features, not pores and not shading."""
    return as_float(filters.blur(log, _BAND[0] * mm) - filters.blur(log, _BAND[1] * mm))


def _correlate(view: AlignedFace, after: Pixels) -> float:
    """Correlation of the detail inside the face."""
    log, m, mm = view.coarse
    if m.sum() < 1:
        return 0.0
    now = filters.resize(log_luminance(after), m.shape[1], m.shape[0])
    a, b = _detail(log, mm), _detail(now, mm)
    a, b = a - (a * m).sum() / m.sum(), b - (b * m).sum() / m.sum()
    top = float((m * a * b).sum())
    return top / max(float(np.sqrt((m * a * a).sum() * (m * b * b).sum())), 1e-9)


def _register(
    before: Observation, after: Observation, view: AlignedFace
) -> geometry.Transform | None:
    """The similarity from the after's pixels to the view's, refined on the face's detail."""
    start = geometry.estimate_similarity(after.seen.points, view.face_crop.face.points)
    w, h = view.size
    mask = (view.inside > 0.3).astype(np.uint8)
    target = _detail(view.log, view.mm)
    for _ in range(2):
        drawn = view.hold_ground(np.maximum(geometry.resample(after.pixels, start, w, h), 0))
        moving = _detail(log_luminance(drawn), view.mm)
        stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 1e-5)
        try:
            _, there = cv2.findTransformECC(
                target, moving, np.eye(2, 3, dtype=np.float32), cv2.MOTION_AFFINE, stop, mask, 3
            )
        except cv2.error:  # no overlap to speak of: not one photograph
            return None
        # ECC's matrix takes the target's pixels to the moving picture's; the nearest similarity.
        points = view.face_crop.face.points
        moved = geometry.apply(np.asarray(there, np.float64), points)
        start = geometry.chain(start, geometry.estimate_similarity(moved, points))
    drawn = view.hold_ground(np.maximum(geometry.resample(after.pixels, start, w, h), 0))
    return start if _correlate(view, drawn) >= _ALIKE else None
