"""Edits planted on a portrait to see whether the likeness notices: harmless and harmful ones.

Each takes an observation and a strength and returns linear P3 pixels of the same frame.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from catchlight.analysis.face import landmarks
from catchlight.analysis.face.landmarks import LEFT_IRIS, RIGHT_IRIS
from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.likeness.aligned_face import AlignedFace
from catchlight.likeness.observation import Observation
from catchlight.pixels import colour, filters, geometry


def edited(
    before: Observation, pixels: Pixels, name: str, *, jpeg: int | None = None
) -> Observation:
    """An edit in the same frame, observed; the face is looked at afresh inside its crop."""
    # A file's own inter-eye distance is that of its pixels.
    ied = before.source_ied if jpeg is None else before.seen.ied
    return replace(before, pixels=pixels, name=name, jpeg=jpeg, source_ied=ied)


def _view(before: Observation) -> AlignedFace:
    return before.aligned


def carry(before: Observation, mask: Mask) -> Mask:
    """A mask of the view over the picture."""
    h, w = before.pixels.shape[:2]
    back = geometry.invert(_view(before).to_aligned)
    return as_float(cv2.warpAffine(mask, back, (w, h), flags=cv2.INTER_LINEAR))


def _to_codes(pixels: Pixels) -> Float:
    return colour.linear_to_srgb(np.clip(pixels, 0, 1))


def save_jpeg(before: Observation, quality: float) -> Pixels:
    """Stored as a JPEG with colour at half size, and read again."""
    codes = colour.p3_to_srgb_codes(before.pixels)[..., ::-1]
    options = [cv2.IMWRITE_JPEG_QUALITY, int(quality)]
    _, stored = cv2.imencode(".jpg", codes, options)
    again = cv2.imdecode(stored, cv2.IMREAD_COLOR)[..., ::-1]
    linear = colour.srgb_to_linear(again.astype(np.float32) / 255)
    return colour.apply_matrix(linear, colour.SRGB_TO_P3)


def expose(before: Observation, stops: float) -> Pixels:
    """More or less light on everything."""
    return np.clip(before.pixels * np.float32(2.0**stops), 0, 1)


def blur_skin(before: Observation, sigma_mm: float) -> Pixels:
    """A Gaussian over the skin."""
    skin = carry(before, _view(before).skin)
    sigma = sigma_mm * before.seen.px_per_mm
    soft = filters.blur_inside(before.pixels, as_float(skin > 0.02), sigma)
    return before.pixels + skin[..., None] * (soft - before.pixels)


def grind_skin(before: Observation, strength: float) -> Pixels:
    """The bilateral filter of beauty apps: 2.5 mm, range 0.06 of the codes."""
    skin = carry(before, _view(before).skin) * np.float32(strength)
    codes = _to_codes(before.pixels)
    mm = before.seen.px_per_mm
    low, high = (np.asarray(v, int) for v in (before.seen.box[:2], before.seen.box[2:]))
    part = (slice(max(low[1], 0), high[1]), slice(max(low[0], 0), high[0]))
    ground = codes.copy()
    ground[part] = cv2.bilateralFilter(np.ascontiguousarray(codes[part]), 0, 0.06 * 2, 2.5 * mm / 2)
    return colour.srgb_to_linear(codes + skin[..., None] * (ground - codes))


def whiten(before: Observation, strength: float) -> Pixels:
    """Skin lightened by the logarithmic curve of beauty filters; a peer's default is 0.8."""
    skin = carry(before, _view(before).face_skin)[..., None]
    codes = _to_codes(before.pixels)
    base = 1 + 4 * strength
    light = np.log1p(codes * (base - 1)) / np.log(base)
    return colour.srgb_to_linear(as_float(codes + skin * (light - codes)))


def _remap(pixels: Pixels, dx: Float, dy: Float) -> Pixels:
    h, w = pixels.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    out = cv2.remap(
        pixels, as_float(x + dx), as_float(y + dy), cv2.INTER_LANCZOS4,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    return np.maximum(as_float(out), 0)


def enlarge_eyes(before: Observation, share: float) -> Pixels:
    """Both eyes larger by ``share``, within 22 mm of their centres."""
    h, w = before.pixels.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    dx, dy = np.zeros((h, w), np.float32), np.zeros((h, w), np.float32)
    for centre in (RIGHT_IRIS, LEFT_IRIS):
        ex, ey = before.seen.points[centre]
        r2 = ((x - ex) ** 2 + (y - ey) ** 2) / (22 * before.seen.px_per_mm) ** 2
        pull = np.where(r2 < 1, (1 - r2) ** 2, 0) * (1 - 1 / (1 + share))
        dx -= pull * (x - ex)
        dy -= pull * (y - ey)
    return _remap(before.pixels, dx, dy)


def slim_nose(before: Observation, share: float) -> Pixels:
    """The nose narrower by ``share``."""
    h, w = before.pixels.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    p, mm = before.seen.points, before.seen.px_per_mm
    along = p[LEFT_IRIS] - p[RIGHT_IRIS]
    along = along / np.linalg.norm(along)
    down = np.array([-along[1], along[0]])
    middle = 0.5 * (p[1] + p[2])
    u = (x - middle[0]) * along[0] + (y - middle[1]) * along[1]
    v = (x - middle[0]) * down[0] + (y - middle[1]) * down[1]
    r2 = (u / (28 * mm)) ** 2 + ((v + 8 * mm) / (28 * mm)) ** 2
    push = np.where(r2 < 1, (1 - r2) ** 2, 0) * (1 / (1 - share) - 1) * u
    return _remap(before.pixels, as_float(push * along[0]), as_float(push * along[1]))


def erase_marks(before: Observation, share: float) -> Pixels | None:
    """The strongest permanent marks painted over with the skin around them."""
    view = _view(before)
    marks = [m for m in view.marks if m.kind != "freckles"]
    if not marks:
        return None
    marks.sort(key=lambda m: -abs(m.melanin + m.redness) * m.diameter_mm)
    h, w = before.pixels.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    back = geometry.invert(view.to_aligned)
    gone = np.zeros((h, w), np.float32)
    for mark in marks[: max(1, round(share * len(marks)))]:
        at = geometry.apply(back, np.array([[mark.x, mark.y]], np.float32))[0]
        reach = (0.75 * mark.diameter_mm + 0.6) * before.seen.px_per_mm
        far = np.hypot(x - at[0], y - at[1]) / reach
        gone = np.maximum(gone, filters.smoothstep(as_float(far), 1.2, 0.9))
    log = np.log(np.maximum(before.pixels, 2.0**-9))
    known = as_float(gone < 0.02)
    filled = np.exp(filters.fill_outside(log, known, 0.7 * before.seen.px_per_mm))
    return as_float(before.pixels + gone[..., None] * (filled - before.pixels))


def _displace(before: Observation, points: Float) -> tuple[Float, Float]:
    """Smooth field that is ``points`` - mesh at the mesh's points, and fades outside the face."""
    h, w = before.pixels.shape[:2]
    step = max(1.0, before.seen.px_per_mm)
    size = (int(w / step) + 1, int(h / step) + 1)
    field, known = np.zeros((size[1], size[0], 2), np.float32), np.zeros(size[::-1], np.float32)
    at = np.clip(np.round(before.seen.points / step).astype(int), 0, np.array(size) - 1)
    field[at[:, 1], at[:, 0]] = points - before.seen.points
    known[at[:, 1], at[:, 0]] = 1
    filled = filters.fill_outside(field, known, 1.0)
    grown = cv2.resize(filters.blur(filled, 1.5), (w, h), interpolation=cv2.INTER_CUBIC)
    return as_float(grown[..., 0]), as_float(grown[..., 1])


def _face_mask(before: Observation) -> Mask:
    h, w = before.pixels.shape[:2]
    oval = geometry.fill_polygon(before.seen.points[landmarks.FACE_OVAL], w, h)
    away = cv2.distanceTransform((oval > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    return filters.smoothstep(as_float(away), 0, 6 * before.seen.px_per_mm)


def blend_people(before: Observation, other: Observation, share: float) -> Pixels:
    """Shape and skin mixed with another person's, by ``share``; 1 pastes the other's face."""
    h, w = before.pixels.shape[:2]
    fit = geometry.estimate_similarity(other.seen.points, before.seen.points)
    there = geometry.apply(fit, other.seen.points)
    mixed = as_float((1 - share) * before.seen.points + share * there)
    # Backwards: where the mixed shape has a point, the own photo has it at its own place.
    middle = replace(before.seen, mesh=np.column_stack([mixed, before.seen.mesh[:, 2]]))
    shape = replace(before, face=as_face(middle))
    fade = _face_mask(before)
    dx, dy = _displace(shape, before.seen.points)
    mine = _remap(before.pixels, dx * fade, dy * fade)
    theirs = geometry.resample(other.pixels, fit, w, h)
    dx, dy = _displace(shape, there)
    theirs = _remap(np.maximum(theirs, 0), dx, dy)
    mask = fade > 0.5
    ratio = np.median(mine[mask], axis=0) / np.maximum(np.median(theirs[mask], axis=0), 1e-4)
    theirs = theirs * ratio
    return as_float(mine + share * fade[..., None] * (theirs - mine))


def as_face(face: Face) -> Face:
    """The face with a float32 mesh."""
    return replace(face, mesh=np.asarray(face.mesh, np.float32))


def add_grain(before: Observation, amount: float) -> Pixels:
    """White noise of ``amount`` in the root of light."""
    rng = np.random.default_rng(3)
    grain = rng.standard_normal(before.pixels.shape[:2]).astype(np.float32) * np.float32(amount)
    return as_float(np.maximum(np.sqrt(np.maximum(before.pixels, 0)) + grain[..., None], 0) ** 2)
