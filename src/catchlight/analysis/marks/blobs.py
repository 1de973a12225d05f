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
from catchlight.pixels import colour, filters, powers

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


class SkinDensity:
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
        log = powers.log(np.maximum(pixels, np.float32(2e-3)))
        log = filters.fill_outside(log, skin, 2 * mm)
        self.density, self.skin, self.mm = as_float(-log), skin, mm
        self.red = as_float(log[..., 0] - log[..., 1])
        self.dark = as_float(-(log @ colour.P3_LUMINANCE))


def find_blobs(ground: SkinDensity) -> list[Blob]:
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
    channels: tuple[tuple[Channel, ...], ...] = (("red",), ("dark", "light"))
    for index, both in enumerate(channels):
        got = [as_float(cv2.extractChannel(r, index)) * ground.skin for r in responses]
        z = [g / cv2.extractChannel(s, index) for g, s in zip(got, spreads, strict=True)]
        for channel in both:
            if channel == "light":
                got, z = [-g for g in got], [-g for g in z]
            found += _peaks(got, z, channel, ground.mm)
    return found


def _spread(response: Float, ground: SkinDensity) -> Float:
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


def _peaks(got: list[Float], z: list[Float], channel: Channel, mm: float) -> list[Blob]:
    """The peaks of one channel, by its responses at every scale, ``got`` as such, ``z`` in spreads.

    That there is a blob is decided in units of the local spread, its scale by the plain response.
    The strongest are those that stand out at most scales together: a spot answers at all of them,
    the noise of a coded picture at one.
    """
    best, every = np.zeros_like(z[0]), np.zeros_like(z[0])
    for response in z:
        np.maximum(best, response, out=best)
        every += np.maximum(response, 0)
    size = 2 * max(1, round(0.6 * mm)) + 1
    peak = cv2.dilate(every, np.ones((size, size), np.uint8))
    y, x = np.nonzero((every >= peak) & (best > _Z[channel]))
    answers = [np.where(s[y, x] > _Z[channel], g[y, x], 0) for g, s in zip(got, z, strict=True)]
    scale = np.argmax(answers, axis=0)
    taken: list[Blob] = []
    for k in np.argsort(-every[y, x]):
        radius = RADII_MM[scale[k]]
        if all(
            np.hypot(x[k] - t.x, y[k] - t.y) >= 1.2 * mm * max(radius, t.radius_mm) for t in taken
        ):
            taken.append(Blob(int(x[k]), int(y[k]), radius, channel, float(best[y[k], x[k]])))
        if len(taken) == _MOST[channel]:
            break
    return taken
