"""Edits as generators and beauty apps make them, planted on one photo and looked for across two.

Each takes an observation and returns linear P3 pixels of the same frame, or None where the photo
has nothing to edit. Those of :mod:`planted_edits` are used where they say the same.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import planted_edits as planted
from likeness_mirrors import even_shape, mirror_half, mirror_mean

from catchlight.analysis.face import landmarks
from catchlight.analysis.face.landmarks import LEFT_IRIS, RIGHT_IRIS
from catchlight.analysis.parts.irises import away_from_iris
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.likeness.mark_places import REACH_MM, seek_moles
from catchlight.likeness.observation import Observation
from catchlight.pixels import colour, filters, geometry

Edit = Callable[[Observation], Pixels | None]


def skin_of(before: Observation) -> Mask:
    """Facial skin over the picture."""
    return planted.carry(before, before.aligned.face_skin)


def to_codes(pixels: Pixels) -> Float:
    """SRGB codes, 0..1, of linear P3 (the primaries are kept: curves work on channels)."""
    return colour.linear_to_srgb(np.clip(pixels, 0, 1))


def whiten_by_curve(before: Observation, strength: float) -> Pixels:
    """The logarithmic curve of beauty filters over the whole picture."""
    base = 1 + 4 * strength
    light = np.log1p(to_codes(before.pixels) * (base - 1)) / np.log(base)
    return colour.srgb_to_linear(as_float(light))


def tan_skin(before: Observation, strength: float) -> Pixels:
    """Skin darkened and warmed, as by more melanin: optical densities 0.33, 0.48, 0.81."""
    density = as_float([0.33, 0.48, 0.81]) * np.float32(strength)
    return as_float(before.pixels * np.exp(-skin_of(before)[..., None] * density))


def slim_jaw(before: Observation, share: float) -> Pixels:
    """The jaw narrower by ``share``, fading out at the mouth's height and beyond the face."""
    h, w = before.pixels.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    p, mm = before.seen.points, before.seen.px_per_mm
    u, v, along = _axes(before, x, y, p[2])
    half = 0.5 * float(np.linalg.norm(p[172] - p[397]))
    rise = filters.smoothstep(as_float(v), 0, 22 * mm)
    fall = filters.smoothstep(as_float(v), 100 * mm, 62 * mm)
    side = filters.smoothstep(as_float(np.abs(u)), 2.0 * half, 1.15 * half)
    push = rise * fall * side * np.float32(1 / (1 - share) - 1) * u
    return planted._remap(before.pixels, as_float(push * along[0]), as_float(push * along[1]))


def slim_nose(before: Observation, share: float) -> Pixels:
    """The nose narrower by ``share``, wings and all; fades out on the cheeks, 17 to 34 mm off."""
    h, w = before.pixels.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    p, mm = before.seen.points, before.seen.px_per_mm
    u, v, along = _axes(before, x, y, 0.5 * (p[1] + p[2]))
    side = filters.smoothstep(as_float(np.abs(u)), 34 * mm, 17 * mm)
    height = filters.smoothstep(as_float(np.abs(v + 8 * mm)), 32 * mm, 16 * mm)
    push = side * height * np.float32(1 / (1 - share) - 1) * u
    return planted._remap(before.pixels, as_float(push * along[0]), as_float(push * along[1]))


def enlarge_eyes(before: Observation, share: float) -> Pixels:
    """Both eyes larger by ``share``, lids, corners and irises; fades out 15 to 28 mm off."""
    h, w = before.pixels.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    dx, dy = np.zeros((h, w), np.float32), np.zeros((h, w), np.float32)
    mm = before.seen.px_per_mm
    for centre in (RIGHT_IRIS, LEFT_IRIS):
        ex, ey = before.seen.points[centre]
        away = as_float(np.hypot(x - ex, y - ey))
        pull = filters.smoothstep(away, 28 * mm, 15 * mm) * np.float32(1 - 1 / (1 + share))
        dx -= pull * (x - ex)
        dy -= pull * (y - ey)
    return planted._remap(before.pixels, dx, dy)


def _axes(before: Observation, x: Float, y: Float, middle: Float) -> tuple[Float, Float, Float]:
    """Across and down the face from a point, in pixels; and the direction across."""
    eyes = before.seen.points[[RIGHT_IRIS, LEFT_IRIS]]
    along = (eyes[1] - eyes[0]) / np.linalg.norm(eyes[1] - eyes[0])
    down = np.array([-along[1], along[0]])
    u = (x - middle[0]) * along[0] + (y - middle[1]) * along[1]
    v = (x - middle[0]) * down[0] + (y - middle[1]) * down[1]
    return as_float(u), as_float(v), as_float(along)


def erase_moles(before: Observation, photo: Observation) -> Pixels | None:
    """The moles that a real photo of the person shows, painted over where they are here."""
    sought = seek_moles(photo, before)
    if not sought:
        return None
    h, w = before.pixels.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    mm = before.seen.px_per_mm
    gone = np.zeros((h, w), np.float32)
    log = np.log(np.maximum(before.pixels, 2.0**-9))
    for mole in sought:
        radius = max(0.5 * mole.mark.diameter_mm * mm, 1.0)
        # It lies where it stands out most within reach of its place.
        dark = -np.asarray(filters.blur(as_float(log.mean(2)), 0.6 * radius))
        dark += np.asarray(filters.blur(as_float(log.mean(2)), 1.8 * radius))
        dark[np.hypot(x - mole.x, y - mole.y) > REACH_MM * mm] = -1
        cy, cx = np.unravel_index(int(dark.argmax()), dark.shape)
        far = np.hypot(x - cx, y - cy) / (1.5 * radius + 0.6 * mm)
        gone = np.maximum(gone, filters.smoothstep(as_float(far), 1.2, 0.9))
    known = as_float(gone < 0.02)
    filled = np.exp(filters.fill_outside(as_float(log), known, 0.7 * mm))
    return as_float(before.pixels + gone[..., None] * (filled - before.pixels))


def erase_lines(before: Observation, strength: float = 0.85) -> Pixels:
    """Folds and lines filled: what is darker than its surroundings over 1 to 8 mm of skin."""
    mm = before.seen.px_per_mm
    log = np.log(np.maximum(before.pixels, 2.0**-9))
    skin = skin_of(before)
    known = as_float(skin > 0.5)
    wide = filters.blur_inside(as_float(log), known, 4.0 * mm)
    fine = filters.blur_inside(as_float(log), known, 0.5 * mm)
    fill = np.maximum(wide - fine, 0) * np.float32(strength)
    return as_float(before.pixels * np.exp(skin[..., None] * fill))


def smooth_age(before: Observation) -> Pixels:
    """Lines filled and skin ground: ten years in an app."""
    lined = planted.edited(before, erase_lines(before), "lines")
    return planted.grind_skin(lined, 0.7)


def recolour_irises(before: Observation) -> Pixels:
    """Brown to blue, blue and green to brown: the ratio of red to blue turned over."""
    h, w = before.pixels.shape[:2]
    out = before.pixels.copy()
    rings = ((RIGHT_IRIS, landmarks.RIGHT_EYE), (LEFT_IRIS, landmarks.LEFT_EYE))
    for centre, ring in rings:
        away = away_from_iris(before.seen.points, centre, (h, w))
        opening = geometry.fill_polygon(before.seen.points[ring], w, h)
        disc = filters.smoothstep(away, 1.05, 0.95) * opening
        core = disc * filters.smoothstep(away, 0.3, 0.4)
        mean = (out * core[..., None]).sum((0, 1)) / max(float(core.sum()), 1e-6)
        warm = mean[0] > 1.25 * mean[2]
        gain = as_float([0.55, 0.95, 1.9] if warm else [1.5, 0.85, 0.4])
        out = as_float(out * (1 + core[..., None] * (gain - 1)))
    return out


def whiten_teeth(before: Observation) -> Pixels | None:
    """Teeth a third of a stop lighter, and two thirds of their yellow gone."""
    teeth = before.aligned.face_crop.regions["teeth"]
    if float(teeth.sum()) < 30 * before.aligned.mm**2:
        return None
    mask = planted.carry(before, teeth)[..., None]
    grey = colour.luminance(before.pixels)[..., None]
    white = 1.26 * (grey + (before.pixels - grey) / 3)
    return as_float(before.pixels + mask * (white - before.pixels))


#: What is planted: name, component that must name it, edit.
EDITS: dict[str, tuple[str, Edit]] = {
    "eyes +8 %": ("geometry", lambda w: enlarge_eyes(w, 0.08)),
    "eyes +12 %": ("geometry", lambda w: enlarge_eyes(w, 0.12)),
    "nose -8 %": ("geometry", lambda w: slim_nose(w, 0.08)),
    "nose -12 %": ("geometry", lambda w: slim_nose(w, 0.12)),
    "jaw -8 %": ("geometry", lambda w: slim_jaw(w, 0.08)),
    "jaw -12 %": ("geometry", lambda w: slim_jaw(w, 0.12)),
    "skin blurred, 0.3 mm": ("texture_kept", lambda w: planted.blur_skin(w, 0.3)),
    "skin ground, bilateral": ("texture_kept", lambda w: planted.grind_skin(w, 1.0)),
    "whitened by a curve": ("tone", lambda w: whiten_by_curve(w, 0.3)),
    "whitened by a mask": ("tone", lambda w: planted.whiten(w, 0.3)),
    "tanned": ("tone", lambda w: tan_skin(w, 0.45)),
    "lines erased": ("lines", erase_lines),
    "aged back": ("texture_kept", smooth_age),
    "irises recoloured": ("eyes", recolour_irises),
    "symmetric by one half": ("asymmetry", mirror_half),
    "symmetric by the mean": ("asymmetry", mirror_mean),
    "symmetric in shape alone": ("asymmetry", even_shape),
    "teeth whitened": ("tone", whiten_teeth),
}
