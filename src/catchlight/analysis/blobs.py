"""Blobs of the skin: places that stand out of its texture, in darkness or in redness.

Blobs are extrema of the Laplacian of Gaussian over scales (Lindeberg 1998), in units of the
response's local spread within 8 mm: so a spot counts as much on dark, grainy or blotchy skin as
what else is seen there.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import cv2
import numpy as np

from catchlight.arrays import Float, Mask, as_float
from catchlight.pixels import colour, filters

Channel = Literal["red", "dark", "light"]
#: Radii looked for (science.md 5.2), mm: each 1.26^2 times the one before, so that neighbours share
#: a blur. What is wider than 4 mm is no spot but a blotch.
RADII_MM = (0.4, 0.635, 1.008, 1.6, 2.54)
# Candidates stand out of the local spread of responses this many times over; redness more than
# darkness, of which stubble and pores are full.
_Z: dict[Channel, float] = {"red": 3.2, "dark": 4.5, "light": 4.5}
# Response below which nobody sees a blob, natural density: a spot answers with a quarter of its
# contrast, and 0.04 is about 1 a* or 2 L*; reached at _LEAST_Z spreads.
_LEAST_SPREAD, _LEAST_Z = 0.04 / 4, 4.0
#: At most so many are measured, the strongest first.
_MOST: dict[Channel, int] = {"red": 80, "dark": 45, "light": 30}


@dataclass(frozen=True)
class Blob:
    """A place that stands out.

    Attributes
    ----------
    x, y : int, pixels of the ground
    radius_mm : float, of :data:`RADII_MM`
    channel : {"red", "dark", "light"}
    z : float, how many times it stands out of the local spread
    """

    x: int
    y: int
    radius_mm: float
    channel: Channel
    z: float


class Ground:
    """The skin that blobs are looked for in.

    Attributes
    ----------
    density : (h, w, 3), natural optical density, -ln(linear); filled in beyond the skin
    red : (h, w), ln R - ln G, erythema
    dark : (h, w), density of luminance
    skin : (h, w) 0 or 1
    mm : float, pixels per millimetre
    """

    def __init__(self, pixels: Float, skin: Mask, mm: float) -> None:
        log = np.log(np.maximum(pixels, 2e-3))
        log = filters.fill_outside(as_float(log), skin, 2 * mm)
        self.density, self.skin, self.mm = as_float(-log), skin, mm
        self.red = as_float(log[..., 0] - log[..., 1])
        self.dark = as_float(-(log @ colour.P3_LUMINANCE))


def find_blobs(ground: Ground) -> list[Blob]:
    """Find what stands out, the strongest first, none within another of its own channel."""
    pair = np.stack([ground.red, ground.dark], -1)
    ladder, at = [], 0.0
    for radius in (*RADII_MM, RADII_MM[-1] * 1.26**2):
        # A difference of Gaussians stands for the Laplacian; the ratio 1.6 is Marr's.
        sigma = radius * ground.mm / np.sqrt(2) / 1.26
        pair, at = filters.blur(pair, float(np.sqrt(sigma**2 - at**2))), sigma
        ladder.append(pair)
    responses = [fine - coarse for fine, coarse in pairwise(ladder)]
    spreads = [_spread(r, ground) for r in responses]
    found: list[Blob] = []
    for channel, index, sign in (("red", 0, 1), ("dark", 1, 1), ("light", 1, -1)):
        found += _peaks(responses, spreads, index, sign, channel, ground)  # type: ignore[arg-type]
    return found


def _spread(response: Float, ground: Ground) -> Float:
    """The local spread (h, w, 2) of a response, at least what can be seen."""
    h, w = ground.skin.shape
    # Every other pixel tells a spread as well as all.
    size, skin = np.abs(response[::2, ::2]), ground.skin[::2, ::2]
    typical = as_float(1.4826 * np.median(size[::2, ::2][skin[::2, ::2] > 0.5], axis=0))
    # Mean absolute value with outliers clipped: a spot must not hide itself.
    np.minimum(size, 3 * typical, out=size)
    quarter = (max(1, w // 4), max(1, h // 4))
    size, skin = filters.resize(size, *quarter), filters.resize(skin, *quarter)
    # ``size`` counts beyond the skin too, where filling has left nothing: weighed by the skin.
    spread = 1.2533 * filters.blur_inside(size, skin, 2 * ground.mm)
    spread = np.maximum(np.maximum(spread, 0.7 * typical), _LEAST_SPREAD / _LEAST_Z)
    return filters.resize(as_float(spread), w, h)


def _peaks(
    responses: list[Float],
    spreads: list[Float],
    index: int,
    sign: int,
    channel: Channel,
    ground: Ground,
) -> list[Blob]:
    """The peaks of one channel.

    That there is a blob is decided in units of the local spread, its scale by the plain response.
    The strongest are those that stand out at most scales together: a spot answers at all of them,
    the noise of a coded picture at one.
    """
    shape, mm = ground.skin.shape, ground.mm
    best, strong = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    scale, every = np.zeros(shape, np.uint8), np.zeros(shape, np.float32)
    for i, (response, spread) in enumerate(zip(responses, spreads, strict=True)):
        got = sign * response[..., index] * ground.skin
        z = got / spread[..., index]
        larger = (z > _Z[channel]) & (got > strong)
        strong[larger] = got[larger]
        scale[larger] = i
        np.maximum(best, z, out=best)
        every += np.maximum(z, 0)
    size = 2 * max(1, round(0.6 * mm)) + 1
    peak = cv2.dilate(every, np.ones((size, size), np.uint8))
    y, x = np.nonzero((every >= peak) & (best > _Z[channel]))
    taken: list[Blob] = []
    for k in np.argsort(-every[y, x]):
        radius = RADII_MM[scale[y[k], x[k]]]
        if all(
            np.hypot(x[k] - t.x, y[k] - t.y) >= 1.2 * mm * max(radius, t.radius_mm) for t in taken
        ):
            taken.append(Blob(int(x[k]), int(y[k]), radius, channel, float(best[y[k], x[k]])))
        if len(taken) == _MOST[channel]:
            break
    return taken
