"""Real shoulders in constructed cloth: known colours, known faults, the photo's own folds.

What is worn in a photo is exchanged where it is surely cloth. L* over the middle's is kept, so the
folds are real; the colour, what is burnt or blocked and the pattern are known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from catchlight.analysis.scene import Scene
from catchlight.analysis.wardrobe.palette import PALETTE
from catchlight.arrays import Float, Pixels, as_float
from catchlight.pixels import colour, filters

#: What is worn in turn; names that an eye tells apart, and their neighbours that are as right.
ALIKE = {
    "white": ("off-white", "light-grey"),
    "charcoal": ("black", "mid-grey"),
    "navy": ("cobalt", "denim"),
    "burgundy": ("plum", "red"),
    "forest": ("emerald", "olive"),
    "teal": ("petrol", "emerald"),
    "mustard": ("camel",),
    "pale-blue": ("light-grey", "lavender"),
    "red": ("rust", "burgundy"),
}
#: L* that is added to both sides of a ratio of folds.
_NOISE = 8.0
#: A grey of the middle, on which faults and patterns are laid.
GREY = "#9aa0a8"


@dataclass(frozen=True)
class Stripes:
    """A pattern of known size and strength.

    Attributes
    ----------
    period : float, mm
    ratio : float, light of the dark stripes over that of the bright
    way : str, "down", "across", "aslant" or "check"
    """

    period: float
    ratio: float
    way: str = "down"

    def __str__(self) -> str:
        light = np.array([1.0, self.ratio]) * colour.luminance(colour.hex_to_p3(GREY)[None])[0]
        high, low = colour.p3_to_lab(as_float(np.repeat(light[:, None], 3, 1))[None])[0, :, 0]
        return f"{self.way} {self.period:g} mm, {high - low:.0f} L*"

    def draw(self, size: tuple[int, int], mm: float) -> Float:
        """Light's share at each place, (h, w, 1)."""
        y, x = (v.astype(np.float32) for v in np.mgrid[: size[0], : size[1]])
        lines = {
            "down": (x,),
            "across": (y,),
            "aslant": ((x + y) / np.float32(np.sqrt(2)),),
            "check": (x, y),
        }[self.way]
        out = np.ones(size, np.float32)
        for line in lines:
            # An edge over a pixel, as a lens draws it.
            wave = np.sin(2 * np.pi * line / (self.period * mm))
            sharp = self.period * mm / (2 * np.pi)
            share = np.clip(0.5 + wave * sharp, 0, 1)
            out *= as_float(self.ratio + (1 - self.ratio) * share)
        return out[..., None]


#: Patterns worn in turn: from a fine stripe to a broad one, of full and of two thirds of the light.
PATTERNS = (
    Stripes(2.2, 0.45),
    Stripes(4.0, 0.45),
    Stripes(7.0, 0.45),
    Stripes(4.0, 0.45, "across"),
    Stripes(4.0, 0.45, "aslant"),
    Stripes(6.0, 0.55, "check"),
    Stripes(2.2, 0.65),
    Stripes(4.0, 0.65),
)


def wear(scene: Scene, cloth: Pixels) -> Scene:
    """The scene with its clothes' pixels (H, W, 3) exchanged where all of a pixel is cloth."""
    h, w = scene.pixels.shape[:2]
    mask = filters.resize(scene.garment.cloth, w, h)[..., None]
    pixels = as_float(scene.pixels * (1 - mask) + cloth * mask)
    sh, sw = scene.small.shape[:2]
    matte = replace(scene.matte, pixels=pixels)
    return replace(scene, pixels=pixels, small=filters.resize(pixels, sw, sh), matte=matte)


def fold(scene: Scene, lab: Float) -> Pixels:
    """A cloth of one colour with the photo's own folds, linear P3."""
    h, w = scene.pixels.shape[:2]
    mask = filters.resize(scene.garment.cloth, w, h)
    own = colour.p3_to_lab(np.clip(scene.pixels, 0, 1))[..., 0]
    smooth = filters.blur_inside(as_float(own), mask, 1.5 * scene.face.px_per_mm)
    # Each piece's folds are told from its own middle, so that a dark jacket over a white shirt
    # becomes one cloth; what is no piece's is held to a third.
    weights = [filters.resize(p.mask, w, h) for p in scene.garment.pieces]
    levels = [max(float(p.lab[0]), 1.0) for p in scene.garment.pieces]
    whole = max(float(np.median(smooth[mask > 0.9])), 1.0)
    total = np.sum(weights, axis=0) + 0.02
    middle = (0.02 * whole + sum(m * v for m, v in zip(weights, levels, strict=True))) / total
    # Below an L* of ten or so light and dark are noise as much as folds.
    ratio = np.clip((smooth + _NOISE) / (middle + _NOISE), 0.65, 1.3)
    out = np.empty((h, w, 3), np.float32)
    out[..., 0] = np.minimum(lab[0] * ratio, 99)
    out[..., 1:] = lab[1:] * ratio[..., None]
    return as_float(np.clip(colour.lab_to_p3(out), 0, 1))


def dress(scene: Scene) -> Iterator[tuple[str, str, Scene]]:
    """Every constructed cloth in turn: its kind, its name, and the scene in it."""
    for name in ALIKE:
        yield "plain", name, wear(scene, fold(scene, colour.hex_to_lab(PALETTE[name])))
    base, rank = fold(scene, colour.hex_to_lab(GREY)), _rank(scene)
    for share in (0.25, 0.6):
        burnt = np.where(rank > 1 - share, np.float32(1), base)
        yield "burnt", f"{share:.0%}", wear(scene, as_float(burnt))
    for share in (0.6, 0.9):
        dark = np.where(rank < share, np.float32(0.0005), base * 0.03)
        yield "blocked", f"{share:.0%}", wear(scene, as_float(dark))
    size, mm = base.shape[:2], scene.face.px_per_mm
    for stripes in PATTERNS:
        yield "pattern", str(stripes), wear(scene, as_float(base * stripes.draw(size, mm)))


def _rank(scene: Scene) -> Float:
    """Each place's rank among those of the cloth by its own light, 0..1, (h, w, 1)."""
    y = colour.luminance(scene.pixels)
    mask = filters.resize(scene.garment.cloth, y.shape[1], y.shape[0])
    y = filters.blur_inside(y, mask, 0.5 * scene.face.px_per_mm)
    known = np.sort(y[mask > 0.9])
    return as_float(np.searchsorted(known, y) / len(known))[..., None]
