"""Blending: gains in stops, compositing in linear light, light wrap, grain."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import channels, filters, powers
from catchlight.pixels.colour import luminance
from catchlight.pixels.strips import over_strips, strips
from catchlight.pixels.tiles import enlarge_part, find_tiles

#: Light, of which an 8-bit code of black is 30 times as much, below which none is added.
_DARK = 1e-5
#: Share of the light around an edge that even black throws back at grazing angles, and the light at
#: which a surface throws back half of the rest.
_SHEEN, _MID_GREY = np.float32(0.25), np.float32(0.18)
#: Added before a gain and taken away after it, so that near-black pixels can be changed exactly.
EPSILON = np.float32(2.0**-12)


def apply_stops(pixels: Pixels, stops: Float) -> Pixels:
    """Apply a gain: (x + e) 2^stops - e, never below 0; where stops are 0, x bit for bit.

    Parameters
    ----------
    pixels : (H, W, 3)
    stops : (H, W), (H, W, 3) or (1, 1, 3)
    """
    out = np.empty_like(pixels)
    for rows in strips(*pixels.shape[:2]):
        here = stops if stops.shape[0] == 1 else stops[rows]
        expose_into(out[rows], pixels[rows], here if here.ndim == 3 else here[..., None])
    return out


def expose_into(out: Pixels, pixels: Pixels, stops: Float) -> None:
    """Write (x + e) 2^stops - e, 0 or more; where stops are 0, x bit for bit.

    Parameters
    ----------
    out, pixels : (n, m, 3)
    stops : (n, m, 1 or 3) or (1, 1, 3)
    """
    factor = powers.exp2(stops)
    if factor.shape[2] < pixels.shape[2] and factor.shape[:2] == pixels.shape[:2]:
        factor = channels.spread(factor[..., 0], pixels.shape[2])
    # x f + e (f - 1): the same number, and exactly x where f is 1.
    np.multiply(pixels, factor, out=out)
    factor -= 1
    factor *= EPSILON
    out += factor
    np.maximum(out, 0, out=out)


def composite(foreground: Pixels, background: Pixels, alpha: Mask) -> Pixels:
    """Lay ``foreground`` over ``background`` in linear light: a F + (1 - a) B."""
    out, ground = np.empty_like(foreground), np.broadcast_to(background, foreground.shape)

    def lay(rows: slice) -> None:
        behind = ground[rows]
        here = np.subtract(foreground[rows], behind, out=out[rows])
        here *= channels.spread(alpha[rows], 3)
        here += behind

    over_strips(lay, *alpha.shape)
    return out


def wrap_light(
    foreground: Pixels, background: Pixels, alpha: Mask, *, reach: float, amount: float
) -> Pixels:
    """Let the backdrop's light creep around the edge of the person, as a real one's does.

    F' = F + w (1 - a_s) B_s inside the outline, with alpha blurred over ``reach`` pixels and the
    backdrop over three times as much; weighted by how much brighter the backdrop is than the edge,
    so that a dark backdrop changes nothing.
    """
    h, w = alpha.shape
    factor = min(1.0, 480 / max(h, w))
    sw, sh = max(1, round(w * factor)), max(1, round(h * factor))
    person, behind = filters.resize(foreground, sw, sh), filters.resize(background, sw, sh)
    a = filters.resize(alpha, sw, sh)
    lift = measure_wrap(person, behind, a, reach=reach * factor, amount=amount)
    out = foreground.copy()
    # Beyond the person nothing is lit that shows; deep inside hardly anything.
    lit = cv2.transform(lift, np.ones((1, 3))) > _DARK
    for box in find_tiles(lit & (a > 0), (h, w)):
        out[box] += enlarge_part(lift, (h, w), box)
    return out


def measure_wrap(
    foreground: Pixels, background: Pixels, alpha: Mask, *, reach: float, amount: float
) -> Pixels:
    """The light that :func:`wrap_light` adds, (h, w, 3); small pictures are enough to tell it.

    What falls on the edge is thrown back by it: black hair hardly gives any of it away, but for its
    sheen, so that it has no grey rim before pale paper.
    """
    b = filters.blur(background, 3 * reach)
    f = filters.blur_inside(foreground, alpha, reach)
    near = np.clip(1 - filters.blur(alpha, reach), 0, 1)
    thrown = _SHEEN + (1 - _SHEEN) * f / (f + _MID_GREY)
    return as_float(amount * near[..., None] * thrown * np.maximum(b - f, 0))


def add_grain(pixels: Pixels, sigma: float, *, size: float, seed: int) -> Pixels:
    """Add luminance grain so that a painted backdrop is as fine-grained as the photo.

    Parameters
    ----------
    sigma : float
        Standard deviation of sqrt-coded luminance.
    size : float
        Blur of the grain in pixels; an enlarged or denoised photo has coarse grain.
    """
    if sigma <= 0:
        return pixels
    h, w = pixels.shape[:2]
    tile = draw_grain(size, seed=seed)
    noise = np.tile(tile, (1, -(-w // 256)))[:, :w] * np.float32(sigma)
    out = np.empty_like(pixels)

    def grain(rows: slice) -> None:
        # d(sqrt y) = s  ->  y' = (sqrt y + s)^2, as a factor on all channels.
        root = luminance(pixels[rows])
        np.sqrt(np.maximum(root, 1e-4, out=root), out=root)
        factor = noise.take(np.arange(rows.start, rows.stop) % 256, axis=0)
        factor /= root
        factor += 1
        np.square(np.maximum(factor, 0, out=factor), out=factor)
        cv2.multiply(pixels[rows], channels.spread(factor, 3), dst=out[rows])

    over_strips(grain, h, w)
    return out


def draw_grain(size: float, *, seed: int) -> Float:
    """The tile of grain that :func:`add_grain` repeats, (256, 256), of standard deviation 1."""
    tile = as_float(np.random.default_rng(seed).standard_normal((256, 256)))
    if size > 0.3:
        tile = as_float(cv2.GaussianBlur(tile, (0, 0), size, borderType=cv2.BORDER_REFLECT_101))
        tile /= float(tile.std())
    return tile
