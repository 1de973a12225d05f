"""Registration: are both pictures one photograph? If so, the after in the pixels of the before.

Laid on each other by the mesh and by the face's detail, they are one photograph where nothing
moved; see :mod:`catchlight.likeness.stillness`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from catchlight.arrays import Float, Mask, Pixels, Points, as_float
from catchlight.likeness.aligned_face import AlignedFace, log_luminance
from catchlight.likeness.motion import measure_motion
from catchlight.likeness.observation import Observation
from catchlight.likeness.sighting import Sighting
from catchlight.likeness.stillness import measure_stillness
from catchlight.measured import measured, measured_once
from catchlight.pixels import filters, geometry

#: Correlation of the faces' detail below which no two files of one photograph lie (a quarter of
#: another person mixed in left 0.73), and from which on they are one where too little detail shows
#: for :mod:`stillness` to say (in one studio two photographs of a person reached 0.94).
_UNLIKE, _ALIKE = 0.55, 0.97
#: Correlation at half that scale below which it is not looked at any closer.
_HOPELESS = 0.45
#: A picture stored smaller lost what its own last fifth of resolution would show.
_RESAMPLED = 0.8
#: Detail that is correlated, standard deviations in mm: features, not pores and not shading.
_BAND = (0.7, 6.0)


@dataclass(frozen=True, eq=False)
class Pair:
    """Two pictures of a face in register.

    Attributes
    ----------
    view : AlignedFace, the before
    after : (h, w, 3) linear P3, the after in the view's pixels, an intended warp taken back
    stored : tuple of (quality, scale), the JPEG files that the two were read from, as far as
        known; the scale in pixels of the file per pixel of the view
    intended : (H, W, 2) or None, the warp in mm that was taken back
    spread : sequence of float, distances between all photos of the person
    recoloured : bool
        Whether the colour of the light was changed on purpose: by hand, or because the photo's own
        evidence warrants it.
    """

    view: AlignedFace
    after: Pixels
    stored: tuple[tuple[int, float], ...] = ()
    intended: Float | None = None
    spread: Sequence[float] = ()
    recoloured: bool = False

    @measured
    def log(self) -> Float:
        """(h, w) natural logarithm of the after's luminance."""
        return log_luminance(self.after)

    @measured
    def coarse(self) -> Float:
        """The same at the size of the view's ``coarse``."""
        h, w = self.view.coarse[0].shape
        return filters.resize(self.log, w, h)

    @measured
    def motion(self) -> Points:
        """(478, 2) motion of the mesh's points from before to after, in view pixels."""
        return measure_motion(self.view, self.coarse)

    @measured
    def sighting(self) -> Sighting:
        """What the networks see of the after, inside the face."""
        return self.view.networks.look(self.after)


def pair_up(
    before: Observation, after: Observation, *, same_frame: bool | None, warp: Float | None
) -> Pair | None:
    """Bring the after into the before's view; None where they are different photographs."""
    if same_frame is False:
        return None
    if same_frame:
        view = before.aligned
        drawn = after.crop_through(view.to_aligned, *view.size).pixels
        drawn = view.hold_ground(_take_back(view, drawn, warp))
        return Pair(view, drawn, _files(view, before, after), warp)
    # The smaller of the two says how much detail can be compared; 3 % is the mesh's own noise.
    detail = min(before.source_ied, before.seen.ied)
    mine = min(after.source_ied, after.seen.ied)
    view = before.align(detail if mine > 0.97 * detail else _RESAMPLED * mine)
    found = _register(after, view)
    return None if found is None else Pair(view, found, _files(view, before, after))


def _files(view: AlignedFace, *observations: Observation) -> tuple[tuple[int, float], ...]:
    ied = view.face_crop.face.ied
    return tuple((w.jpeg, w.source_ied / ied) for w in observations if w.jpeg is not None)


def _take_back(view: AlignedFace, drawn: Pixels, warp: Float | None) -> Pixels:
    """Undo a warp (H, W, 2) over the frame, in mm: what it moved is fetched from where it went."""
    if warp is None:
        return drawn
    w, h = view.size
    here = as_float(cv2.warpAffine(warp, view.to_aligned, (w, h), borderMode=cv2.BORDER_REPLICATE))
    turn = as_float(view.to_aligned[:, :2] / geometry.scale_of(view.to_aligned))
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    x, y = (
        as_float(start + np.float32(view.mm) * (here @ row))
        for start, row in zip((x, y), turn, strict=True)
    )
    back = cv2.remap(drawn, x, y, cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REPLICATE)
    return np.maximum(as_float(back), 0)


def _detail(log: Float, mm: float) -> Float:
    """Detail of log luminance between two Gaussians: features, not pores and not shading."""
    return as_float(filters.blur(log, _BAND[0] * mm) - filters.blur(log, _BAND[1] * mm))


@measured_once
def _coarse_detail(view: AlignedFace) -> Float:
    """The detail of a coarse view, which every picture laid on it is held against."""
    log, _, mm = view.coarse
    return _detail(log, mm)


def _correlate(view: AlignedFace, after: Float) -> float:
    """Correlation of the detail inside the face with the ``after``'s log luminance, at its size."""
    log, m, mm = view.coarse
    if after.shape == m.shape:
        a = _coarse_detail(view)
    else:
        h, w = after.shape
        log, m, mm = filters.resize(log, w, h), filters.resize(m, w, h), mm * w / m.shape[1]
        a = _detail(log, mm)
    if m.sum() < 1:
        return 0.0
    b = _detail(after, mm)
    a, b = a - (a * m).sum() / m.sum(), b - (b * m).sum() / m.sum()
    top = float((m * a * b).sum())
    return top / max(float(np.sqrt((m * a * a).sum() * (m * b * b).sum())), 1e-9)


def _register(after: Observation, view: AlignedFace) -> Pixels | None:
    """The after in the view's pixels, by a similarity refined on the face's detail.

    First at half the scale: what is another photograph is nearly always told there.
    """
    log, inside, mm = view.coarse
    h, w = inside.shape
    shrink = geometry.rescaling(view.size[::-1], (h, w))
    halve = geometry.rescaling((h, w), (h // 2, w // 2))
    points = geometry.apply(shrink, view.face_crop.face.points)
    small = geometry.apply(halve, points)
    rough = _refine(
        after,
        geometry.estimate_similarity(after.seen.points, small),
        _detail(filters.resize(log, w // 2, h // 2), mm / 2),
        (filters.resize(inside, w // 2, h // 2), mm / 2),
        small,
    )
    if rough is None or _correlate(view, _draw(after, rough, w // 2, h // 2)) < _HOPELESS:
        return None
    whole = geometry.chain(rough, geometry.invert(halve))
    start = _refine(after, whole, _coarse_detail(view), (inside, mm), points)
    if start is None:
        return None
    now = _draw(after, start, w, h)
    alike = _correlate(view, now)
    if alike < _UNLIKE:
        return None
    one = measure_stillness(log, now, inside, mm).one
    if one is False or (one is None and alike < _ALIKE):
        return None
    to_view = geometry.chain(start, geometry.invert(shrink))
    return view.hold_ground(after.crop_through(to_view, *view.size).pixels)


def _draw(after: Observation, through: geometry.Transform, w: int, h: int) -> Float:
    """Log luminance of the after through a similarity."""
    return log_luminance(after.crop_through(through, w, h).pixels)


def _refine(
    after: Observation,
    start: geometry.Transform,
    seen: Float,
    where: tuple[Mask, float],
    points: Points,
) -> geometry.Transform | None:
    """Refine a similarity on the detail ``seen`` inside the face; None without overlap."""
    inside, mm = where
    h, w = inside.shape
    mask = (inside > 0.3).astype(np.uint8)
    moving = _detail(_draw(after, start, w, h), mm)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 1e-5)
    still = np.eye(2, 3, dtype=np.float32)
    try:
        _, there = cv2.findTransformECC(seen, moving, still, cv2.MOTION_AFFINE, stop, mask, 3)
    except cv2.error:  # no overlap to speak of: not one photograph
        return None
    # ECC's matrix takes the target's pixels to the moving picture's; the nearest similarity.
    moved = geometry.apply(np.asarray(there, np.float64), points)
    return geometry.chain(start, geometry.estimate_similarity(moved, points))
