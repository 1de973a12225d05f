"""blemishes: let what will be gone in three weeks be gone today; what is the sitter's own stays."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.adjustments.choices import BlemishChoices
from catchlight.adjustments.edit import Gain
from catchlight.analysis.face_crop import FaceCrop
from catchlight.analysis.marks.mark import Mark, Verdicts
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, Mask, as_float
from catchlight.pixels import blend, colour, filters, powers
from catchlight.pixels.blemish_removal import bend, draw_out
from catchlight.pixels.membrane import Membrane
from catchlight.pixels.strips import measure_largest

# Healed are 1.25 diameters around the middle: a Gaussian spot has fallen to 1.3 % there.
_REACH, _LEAST_MM = 1.25, 1.2
# The ring that says what the skin is like, beyond that.
_RING_MM = 1.0
# The sitter's own pores stay where their energy is that of the ring (science.md 5.4).
_OWN = (0.6, 1.6)
# ... but of a spot hardly wider than a pore nothing is told from pores.
_PORES_MM = 1.6
# Donors: so far away (mm), in so many directions.
_FAR_MM, _DIRECTIONS = (8.0, 12.0, 17.0, 24.0), 16
_STOPS = np.log2(np.e)


def build(scene: Scene, params: BlemishChoices) -> Gain | None:
    """Heal the passing marks with the sitter's own skin.

    The blood is drawn out of a blemish and its own skin stays, held to what the skin around it is
    like (:func:`catchlight.pixels.blemish_removal.draw_out`): no patch, no smear, light and shading
    run through. A mark that a person names and that is no blemish is replaced by the texture of a
    donor patch 8 to 24 mm away plus the harmonic membrane that fits it to the rim (Georgiev 2005;
    Perez 2003); its own pores are laid over it where they are still those of skin. Strongest mark
    first, each donor used once.
    """
    stops = heal_marks(scene.face_crop, params.verdicts)
    return None if stops is None else Gain(stops, scene.face_grid)


def heal_marks(face_crop: FaceCrop, verdicts: Verdicts) -> Float | None:
    """Stops (h, w, 3) over the face crop that heal what the ``verdicts`` give up; None for none."""
    marks = [m for m in face_crop.marks if verdicts.heals(m)]
    if not marks:
        return None
    log = powers.log(face_crop.pixels + blend.EPSILON)
    healed = _Healing(face_crop, log, verdicts).run(marks)
    healed -= log
    healed *= np.float32(_STOPS)
    return healed if measure_largest(healed) > 0.005 else None


class _Healing:
    """The work on one face crop: what is healed so far, and which skin may serve."""

    def __init__(self, face_crop: FaceCrop, log: Float, verdicts: Verdicts) -> None:
        self.verdicts = verdicts
        self.face_crop, self.out, self.mm = face_crop, log.copy(), face_crop.px_per_mm
        self.skin = face_crop.bare_skin > 0.5
        off = cv2.distanceTransform((~self.skin).astype(np.uint8), cv2.DIST_L2, 5)
        self.ground = filters.smoothstep(as_float(off), 1.0 * self.mm, 0.0)
        # Skin with a mark on it, healed or kept, is no donor and no rim.
        self.clean = self.skin.copy()
        for mark in face_crop.marks:
            if mark.kind != "freckles":
                self._stamp(self.clean, mark.x, mark.y, max(mark.diameter_mm, 1.0) * self.mm)

    def _reach(self, mark: Mark) -> float:
        return max(_REACH * mark.diameter_mm, _LEAST_MM) * self.mm

    def _stamp(self, mask: np.ndarray, x: float, y: float, radius: float) -> None:
        box = _box(mask.shape, x, y, radius)
        mask[box] &= _distance(box, x, y) > radius

    def run(self, marks: list[Mark]) -> Float:
        for mark in sorted(marks, key=lambda m: -m.redness):
            self._heal(mark)
        return self.out

    def _heal(self, mark: Mark) -> None:
        stain = mark.kind == "blemish"
        radius = self._reach(mark)
        x, y = round(mark.x), round(mark.y)
        margin = radius + (_RING_MM if stain else 2.0) * self.mm
        size = int(np.ceil(margin))
        h, w = self.skin.shape
        if not (size <= x < w - size and size <= y < h - size):
            return
        box = np.s_[y - size : y + size + 1, x - size : x + size + 1]
        patch = self.out[box]
        r = _distance(box, mark.x, mark.y)
        ring = (r < margin) & self.clean[box] & (r > (0.8 if stain else 1.0) * radius)
        free = self._free(mark, box)
        if stain:
            if ring.sum() < 20:
                return
            half = 0.5 * mark.diameter_mm * self.mm
            base = draw_out(patch, as_float(ring), r, half, self.mm, headed=mark.headed)
        else:
            found = self._patched(mark, box, patch, ring, r, radius, free > 0.5)
            if found is None:
                return
            base = found
        fade = filters.smoothstep(r, 1.1 * radius, 0.85 * radius) * free
        self.out[box] = patch + fade[..., None] * (base - patch)

    def _patched(
        self,
        mark: Mark,
        box: tuple[slice, slice],
        patch: Float,
        ring: np.ndarray,
        r: Float,
        radius: float,
        free: np.ndarray,
    ) -> Float | None:
        """The patch with a donor's skin in place of the mark's; None where nothing fits."""
        size = (patch.shape[0] - 1) // 2
        rim_known = self.clean[box] | ((r <= radius + 1) & (r > radius - 1) & self.skin[box])
        membrane = Membrane(radius, size, rim_known & free)
        if membrane.weak:
            return None
        donor = self._donor(round(mark.x), round(mark.y), size, radius, patch, ring)
        soft = 0.25 * self.mm
        # What a membrane cannot follow, the curvature of a cheek, comes from the ring.
        curve = bend(patch, ring, order=2)
        base = curve + membrane(filters.blur(patch - curve, soft))
        if donor is not None:
            plain = donor - bend(donor, r <= size, order=2)
            base = base + plain - membrane(filters.blur(plain, soft))
        return self._with_own_pores(patch, base, ring, r < radius, mark)

    def _free(self, mark: Mark, box: tuple[slice, slice]) -> Mask:
        """0 on marks that stay and off the skin, fading over 1 mm."""
        free = self.ground[box].copy()
        for other in self.face_crop.marks:
            if other is mark or other.kind == "freckles" or self.verdicts.heals(other):
                continue
            d = _distance(box, other.x, other.y)
            near = 0.75 * other.diameter_mm * self.mm
            free *= filters.smoothstep(d, near, near + 0.5 * self.mm)
        return free

    def _donor(
        self, x: int, y: int, size: int, radius: float, patch: Float, ring: np.ndarray
    ) -> Float | None:
        """The patch of clean skin most like the ring in shading, colour and texture."""
        if ring.sum() < 20:
            return None
        h, w = self.skin.shape
        here = _character(patch, ring, self.mm)
        best: tuple[float, Float, int, int] | None = None
        least = 2 * radius / self.mm
        for far in {max(f, least + 1) for f in _FAR_MM}:
            for k in range(_DIRECTIONS):
                angle = 2 * np.pi * k / _DIRECTIONS
                u, v = (
                    round(c + far * self.mm * t)
                    for c, t in ((x, np.cos(angle)), (y, np.sin(angle)))
                )
                if not (size <= u < w - size and size <= v < h - size):
                    continue
                box = np.s_[v - size : v + size + 1, u - size : u + size + 1]
                inside = _distance(box, u, v) <= radius + 1
                if not self.clean[box][inside].all():
                    continue
                there = _character(self.out[box], inside, self.mm)
                cost = float(np.abs((there - here) * _WEIGHTS).sum()) + 0.01 * far
                if best is None or cost < best[0]:
                    best = (cost, self.out[box].copy(), u, v)
        if best is None:
            return None
        self._stamp(self.clean, best[2], best[3], 0.7 * radius)  # each donor once
        return best[1]

    def _with_own_pores(
        self, patch: Float, base: Float, ring: np.ndarray, disc: np.ndarray, mark: Mark
    ) -> Float:
        """Lay the patch's own fine lightness over ``base`` where its energy is that of the ring."""
        if mark.diameter_mm < _PORES_MM:
            return base
        sigma = float(np.clip(0.1 * mark.diameter_mm, 0.15, 0.4)) * self.mm
        y = patch @ colour.P3_LUMINANCE
        own = y - filters.blur(as_float(y), sigma)
        ratio = float(own[disc].var() / max(own[ring].var(), 1e-9)) if ring.any() else 0.0
        if not _OWN[0] <= ratio <= _OWN[1]:
            return base
        z = base @ colour.P3_LUMINANCE
        other = z - filters.blur(as_float(z), sigma)
        return as_float(base + (own - other)[..., None])


#: How much a difference counts: shading and colour (natural log), texture (log of its energy).
_WEIGHTS = np.array([1.0, 3.0, 3.0, 0.5], np.float32)


def _character(patch: Float, where: np.ndarray, mm: float) -> Float:
    """(4,) lightness, two colour ratios and texture energy of the skin under ``where``."""
    mean = patch[where].mean(0)
    y = as_float(patch @ colour.P3_LUMINANCE)
    fine = y - filters.blur(y, 0.4 * mm)
    energy = 0.5 * np.log(float(fine[where].var()) + 1e-6)
    return as_float([mean[1], mean[0] - mean[1], mean[2] - mean[1], energy])


def _distance(box: tuple[slice, slice], x: float, y: float) -> Float:
    """Distance of the pixels in a box from a point."""
    rows, columns = box
    down = np.arange(rows.start, rows.stop, dtype=np.float32)[:, None] - np.float32(y)
    across = np.arange(columns.start, columns.stop, dtype=np.float32) - np.float32(x)
    return as_float(np.hypot(across, down))


def _box(shape: tuple[int, ...], x: float, y: float, radius: float) -> tuple[slice, slice]:
    r = int(np.ceil(radius)) + 1
    return np.s_[
        max(0, round(y) - r) : min(shape[0], round(y) + r + 1),
        max(0, round(x) - r) : min(shape[1], round(x) + r + 1),
    ]
