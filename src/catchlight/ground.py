"""Grounds: what a backdrop looks like behind one person, as data.

With the falloff, pool and grain of a photograph; painted at any size, so that a preview and the
full picture have the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.scene import Scene
from catchlight.arrays import Mask, Pixels, as_float
from catchlight.measured import measured_once
from catchlight.pixels import blend, colour, filters, geometry
from catchlight.pixels.defocus import defocus
from catchlight.pixels.spill import remove_spill

#: A smooth ground is kept at this fraction of the frame: it is smooth to the pixel when enlarged.
_COARSE = 8
#: Longer side at which the photo's own background is thrown out of focus.
_BLURRED = 640


@dataclass(frozen=True, eq=False)
class Ground:
    """A ground to lay a person on.

    Attributes
    ----------
    field : (h, w, 3) float32 linear P3
        The whole frame, at any size; (1, 1, 3) for one even colour.
    grain : float
        Standard deviation of its grain, in the root of light; 0 for none.
    grain_px : float
        Blur of the grain, in pixels of the result.
    is_photo : bool
        Whether it is the photo's own background: gains and warps then act on it as well.
    own : (h, w) or None
        The share of the photo as it is that shows instead of the field, at the field's size; None
        for nowhere.
    """

    field: Pixels
    grain: float = 0.0
    grain_px: float = 0.0
    is_photo: bool = False
    own: Mask | None = None

    def paint(self, width: int, height: int) -> Pixels:
        """Paint it, (height, width, 3) linear P3, without what shows of the photo."""
        h, w = self.field.shape[:2]
        if (h, w) == (1, 1):
            return np.broadcast_to(self.field, (height, width, 3)).astype(np.float32)
        if (h, w) == (height, width):
            smooth = self.field
        else:
            how = cv2.INTER_AREA if h > height else cv2.INTER_CUBIC
            smooth = as_float(cv2.resize(self.field, (width, height), interpolation=how))
            np.maximum(smooth, 0, out=smooth)
        return blend.add_grain(smooth, self.grain, size=self.grain_px, seed=7)


def paint_paper(scene: Scene, rgb: str, pool: float) -> Ground:
    """Light studio paper behind the sitter.

    The pool of light lies behind the shoulders, moved away from the key: a key from the left lights
    the backdrop's right, so that the lit cheek stands against the darker part and the shaded one
    against the lighter. The grain is the photo's own; an enlarged photo has coarse grain.

    Parameters
    ----------
    scene : Scene
    rgb : str, ``#rrggbb`` of the paper at the pool's middle brightness
    pool : float, stops between the pool of light and the far corners
    """
    h, w = scene.pixels.shape[:2]
    face = scene.face
    x0 = face.eyes[:, 0].mean() - scene.key.side * 0.9 * face.ied
    y0 = face.points[CHIN, 1] - 0.2 * face.ied
    sw, sh = max(2, w // _COARSE), max(2, h // _COARSE)
    y, x = np.mgrid[0:sh, 0:sw].astype(np.float32)
    x, y = (x + 0.5) * w / sw - x0, (y + 0.5) * h / sh - y0
    reach = 0.62 * max(h, w)
    r2 = (x / (0.95 * reach)) ** 2 + (y / (1.15 * reach)) ** 2
    light = np.exp(-1.1 * r2) - 0.78
    # Paper also falls off towards the ceiling, away from the floor's bounce.
    slope = 0.12 * np.clip(y / reach, -1.2, 1.0)
    stops = as_float(pool * (light + slope))
    field = as_float(np.minimum(np.exp2(stops)[..., None] * colour.hex_to_p3(rgb), 1.0))
    return Ground(field, *_grain(scene))


def paint_colour(rgb: str) -> Ground:
    """One even colour, exactly as asked: no pool, no grain."""
    return Ground(colour.hex_to_p3(rgb)[None, None])


def fit_picture(picture: Pixels, shape: tuple[int, ...]) -> Ground:
    """Cover a frame of ``shape`` with a picture (linear P3), cropped around its middle."""
    h, w = shape[:2]
    ph, pw = picture.shape[:2]
    scale = max(h / ph, w / pw)
    size = (max(w, round(pw * scale)), max(h, round(ph * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    big = cv2.resize(picture, size, interpolation=how)
    x, y = (size[0] - w) // 2, (size[1] - h) // 2
    return Ground(np.maximum(big[y : y + h, x : x + w], 0).astype(np.float32))


def blur_background(scene: Scene, radius_mm: float) -> Ground:
    """Throw the real background out of focus, as a longer lens would; see :mod:`pixels.defocus`.

    It is out of focus up to the outline; what is calm and what may be the person keep the photo's
    own pixels. The grain is the photo's own.

    Parameters
    ----------
    scene : Scene
    radius_mm : float, of the disc, in mm of the face
    """
    h, w = scene.matte.alpha.shape
    factor = min(1.0, _BLURRED / max(h, w))
    sw, sh = max(1, round(w * factor)), max(1, round(h * factor))
    small, alpha = filters.resize(scene.pixels, sw, sh), filters.resize(scene.matte.alpha, sw, sh)
    mm = scene.face.px_per_mm * factor
    to_small = geometry.chain(scene.frame.transform, geometry.rescaling((h, w), (sh, sw)))
    agreed = scene.cutout.over(to_small, sw, sh, field="confidence")
    # Of this frame: what a planned one says of its enlarging, a preview of it says as well.
    source = geometry.scale_of(scene.frame.transform) * factor
    seen = defocus(small, alpha, agreed, mm, source=source, radius_mm=radius_mm)
    grain, size = _grain(scene)
    return Ground(seen.field, grain, size, is_photo=True, own=seen.own)


def colour_person(scene: Scene, ground: Ground) -> Pixels:
    """The person's colours before a ground, (H, W, 3).

    Before the photo's own background they are the photo's own pixels; before another one, a
    coloured wall's light is taken from the edge as well.
    """
    if ground.is_photo:
        return scene.pixels
    return _clear_person(scene)


@measured_once
def _clear_person(scene: Scene) -> Pixels:
    """The person without the wall's light, whatever ground comes."""
    matte = scene.matte
    person = matte.draw_foreground()
    remove_spill(person, scene.pixels, matte.alpha, scene.face.px_per_mm)
    return person


def _grain(scene: Scene) -> tuple[float, float]:
    """The photo's own grain and how coarse it is; an enlarged photo has coarse grain."""
    return min(scene.quality.noise, 0.012), 0.35 * min(scene.frame.enlarged, 4.0)
