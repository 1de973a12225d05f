"""Draw a stain out of a surface and leave the surface: its grain, its light, its lie."""

from __future__ import annotations

import numpy as np

from catchlight.arrays import Float, Mask, as_float
from catchlight.pixels import filters

#: Blood's absorption of linear R, G, B by its green less its red: its bands (Tsumura 1999), hardly
#: any of red.
BLOOD = as_float([0.15, 0.70, 0.60]) / np.float32(0.55)
# What remains is held to this many standard deviations of the ring's own lumps...
_LUMPS = 2.0
# ... and, where it has more than this times the ring's variance, brought down to that.
_GRAIN = 1.4
# Lightness, red over green, blue over green, of logarithms: skin varies less in the last two.
_OPPONENT = np.array([[0.3, 0.6, 0.1], [1, -1, 0], [0, -1, 1]], np.float32)
# The head of a pustule is this part of its ring wide.
_HEAD = 0.4
# Blur between what is lump and what is grain, in half widths of the stain.
_SMOOTH = 0.35


def draw_out(
    patch: Float, ring: Mask, r: Float, radius: float, px_per_mm: float, *, headed: bool = False
) -> Float:
    """Draw a red stain out of a patch of skin.

    The excess of redness (ln R - ln G) over the plane of the ring says where blood lies, and how
    much; it is taken out of all three channels, along its absorption. The patch's own pores and
    lumps stay, as they are no part of the redness. What then still rises out of the ring, the
    shading of a bump, a pale head, is held to what the skin around it varies by itself.

    Parameters
    ----------
    patch : (h, w, 3) float32, ln of linear light
    ring : (h, w), above 0.5 on clean skin around the stain; at least 20 pixels
    r : (h, w) float32, distance from the stain's middle, pixels
    radius : float, half its width at half of its contrast, pixels
    px_per_mm : float
    headed : bool
        Whether there is a pale head in it. Pus has no absorption that tells it from skin: what the
        middle and its head differ from the ring by, in lightness and colour, goes with the blood.

    Returns
    -------
    (h, w, 3), the patch without the stain; true within two and a half radii
    """
    known = ring > 0.5
    smooth = max(_SMOOTH * radius, 0.2 * px_per_mm)
    excess = bend(patch, known, order=1) - patch
    redness = excess[..., 1] - excess[..., 0]
    # A round spot of the measured width first, then, blurred against noise, what it leaves: so the
    # blur need not be as fine as the stain's edge, and the skin's own mottling stays.
    near = r < 2.5 * radius
    shapes = np.stack([_spot(r, radius), _spot(r, _HEAD * radius)], -1)
    blood = as_float(shapes @ _heights(shapes, redness, near))
    blood = blood + filters.blur(redness - blood, smooth)
    out = as_float(patch + blood[..., None] * BLOOD)
    if headed:
        out = _without_head(out, known, shapes, near)
    return _hold(out, known, r, radius, px_per_mm)


def _spot(r: Float, radius: float) -> Float:
    """A Gaussian spot that has half its height at ``radius``."""
    return as_float(np.exp(-np.log(2) * np.square(r / radius)))


def _heights(shapes: Float, field: Float, where: np.ndarray) -> Float:
    """(2,) or (2, C) heights of the two ``shapes`` that fit ``field`` best."""
    basis = shapes[where]
    square = basis.T @ basis + 1e-3 * len(basis) * np.eye(2) * float((basis**2).mean())
    return as_float(np.linalg.solve(square, basis.T @ field[where]))


def _without_head(patch: Float, ring: np.ndarray, shapes: Float, near: np.ndarray) -> Float:
    """Take what the middle and its head differ from the ring by out of the ``patch``."""
    rest = as_float((patch - bend(patch, ring, order=1)) @ _OPPONENT.T)
    head = as_float(shapes @ _heights(shapes, rest, near))
    return as_float(patch - head @ np.linalg.inv(_OPPONENT).T)


def _hold(patch: Float, ring: np.ndarray, r: Float, radius: float, px_per_mm: float) -> Float:
    """Hold lumps and grain of the middle to those of the ``ring``, in lightness and in colour."""
    rest = as_float((patch - bend(patch, ring, order=1)) @ _OPPONENT.T)
    out, inside = np.zeros_like(rest), r < 1.5 * radius
    for smooth in (max(_SMOOTH * radius, 0.2 * px_per_mm), 0.2 * radius):
        lumps = filters.blur(rest, smooth)
        most = np.maximum(_LUMPS * lumps[ring].std(0), 0.004)
        # Linear up to there, level at 1.2 times that.
        held = lumps / np.sqrt(np.sqrt(1 + (lumps / (1.2 * most)) ** 4))
        out += held * _calm(held[inside], lumps[ring]) - lumps
        rest = as_float(rest - lumps)
    out += (_calm(rest[inside], rest[ring]) - 1) * rest
    return as_float(patch + out @ np.linalg.inv(_OPPONENT).T)


def _calm(here: Float, there: Float) -> Float:
    """(C,) what brings the spread of ``here`` (n, C) down to that of ``there``; 1 where it is."""
    ratio = here.var(0) / np.maximum(there.var(0), 1e-9)
    return as_float(np.where(ratio > _GRAIN, 1 / np.sqrt(np.maximum(ratio, 1e-9)), 1.0))


def bend(patch: Float, where: np.ndarray, *, order: int) -> Float:
    """The plane (``order`` 1) or quadratic (2) that fits ``patch`` under ``where``: its shading."""
    n = max(patch.shape[:2]) / 2
    v, u = np.mgrid[0 : patch.shape[0], 0 : patch.shape[1]].astype(np.float32) / n - 1
    terms = [np.ones_like(u), u, v]
    if order == 2:
        terms += [u * u, u * v, v * v]
    basis = np.stack(terms, -1)
    if where.sum() < 6 * len(terms):
        return as_float(np.broadcast_to(patch[where].mean(0), patch.shape))
    fit, *_ = np.linalg.lstsq(basis[where], patch[where], rcond=None)
    return as_float(basis @ fit)
