"""skin_evenness: pull blotches of redness and pigment towards the skin around them."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.adjustments.edit import Gain
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, Mask, as_float
from catchlight.params import Params
from catchlight.pixels import bands, colour, filters, powers

# Natural-log absorption per channel (linear RGB) of unit blood and unit melanin. Blood: the
# haemoglobin vector of Tsumura 2003; melanin: absorption ~ wavelength^-3.3. Shading is (1, 1, 1),
# which has no part in either log ratio below: it cannot be touched.
_BLOOD = (0.2988, 0.6838, 0.6657)
_MELANIN = (0.33, 0.48, 0.81)
_PIGMENTS = -np.array([_BLOOD, _MELANIN], np.float32)
# What a unit of each does to ln R/G and ln B/G: (2, 2), ratio by pigment.
_RATIOS = np.stack([_PIGMENTS[:, 0] - _PIGMENTS[:, 1], _PIGMENTS[:, 2] - _PIGMENTS[:, 1]])
#: A grid of 0.8 mm holds every blotch; a median of five there (4 mm) holds neither freckles nor
#: moles under 3 mm, lines nor pores, so none of them is touched.
_GRID, _MEDIAN = 1.25, 5
#: The surroundings (Gaussian, mm): wider than a blotch of 15 mm, narrower than a cheek's glow.
_SURROUND = 8.8
#: Share of colour taken at full strength: the correction is smooth, and 0.7 to 0.85 of it arrives.
_COLOUR, _LIGHTNESS = 1.08, 0.22
# Log ratios (natural): 0.06 is a faint blotch, 0.15 a strong one; beyond 0.37 it is a birthmark.
_TOLERANCE, _MOST = 0.035, 0.37
#: What stands out in luminance by more (natural log; 0.35 is about 8 L*), darker and lighter, is a
#: mark or form, not a blotch. No mark is lighter than the skin by much; a lit cheekbone is.
_DARKER, _LIGHTER = 0.35, 0.70
#: Paler than its surroundings and lighter than a lack of pigment makes it (natural log luminance,
#: from, to) is shine: that is another adjustment's, and a third of the share is left of it.
_PALE, _GLARE = 0.60, (0.10, 0.30)


def _median(field: Float) -> Float:
    """Median of 5 by 5 grid points of every channel."""
    return as_float(np.dstack([cv2.medianBlur(as_float(c), _MEDIAN) for c in np.dsplit(field, 3)]))


def _unmix(ratios: Float, relief: Float) -> Float:
    """Pigment (h, w, 2), blood and melanin, that explains log ratios (ln R/G, ln B/G).

    ``relief`` (h, w) is how much lighter the place is; where more than the pigment explains, what
    is pale is shine.
    """
    amounts = as_float(ratios @ np.linalg.inv(_RATIOS).T)
    glare = filters.smoothstep(
        as_float(relief - amounts @ _PIGMENTS @ colour.P3_LUMINANCE), *_GLARE
    )
    pale = (1 - (1 - _PALE) * glare)[..., None]
    return as_float(np.where(amounts < 0, pale * amounts, amounts))


def damp_blotches(log: Float, mask: Mask, scale: float) -> Float:
    """Change of natural log RGB (h, w, 3) that evens the skin on a coarse grid.

    Parameters
    ----------
    log : (h, w, 3) natural log of linear RGB, without freckles and lines
    mask : (h, w), skin
    scale : float, pixels per millimetre
    """
    ratios = np.dstack([log[..., 0] - log[..., 1], log[..., 2] - log[..., 1]])
    spot = ratios - bands.robust_surround(ratios, mask, _SURROUND * scale, _TOLERANCE)
    light = log @ colour.P3_LUMINANCE
    relief = light - bands.smooth_inside(light, mask, _SURROUND * scale)
    size = np.hypot(spot[..., 0], spot[..., 1])
    stands = relief / np.where(relief < 0, _DARKER, _LIGHTER)
    keep = powers.exp(-np.minimum((size / _MOST) ** 4 + stands**4, 60.0))
    pigment = _unmix(spot, relief) * as_float(_COLOUR * keep[..., None])
    less = -(pigment @ _PIGMENTS)
    lighter = less @ colour.P3_LUMINANCE
    # Of the pigment's own lightness a part. On the average nothing: skin as such gets no lighter,
    # and keeps its colour; without this, spots being darker more often than paler, it lost yellow.
    less = less - ((1 - _LIGHTNESS) * lighter)[..., None]
    less = less - (less * mask[..., None]).sum(axis=(0, 1)) / mask.sum()
    # Puffiness and uneven lightness, 0.9 to 2.8 mm, a fifth of it; folds exceed 2.5 spreads.
    band = bands.smooth_inside(light, mask, 0.9 * scale)
    band = band - bands.smooth_inside(light, mask, 2.8 * scale)
    threshold = max(2.5 * bands.spread_of(band, mask), 0.01)
    lightness = -_LIGHTNESS * bands.limit(band, threshold)
    return as_float(less + lightness[..., None])


def build(scene: Scene, params: Params) -> Gain | None:
    """Blotches of 5 to 15 mm lose 70 % of their colour; light, pores and marks stay.

    In log RGB, where light adds the same to all channels, a blotch is what the ratios of channels
    differ by from a robust average of the skin around (9 mm). Blood and melanin that explain it
    are taken away with a part of their lightness; shading has no ratio to show.
    All is relative to the sitter's own skin, so that every tone is treated alike.

    Notes
    -----
    Cost: about 115 ms for a face crop of 1.3 megapixels, whatever the frame's size.

    References
    ----------
    Tsumura et al. 2003, "Image-based skin color and texture analysis/synthesis by extracting
    hemoglobin and melanin information in the skin". Matts et al. 2007 on why colour, not relief.
    """
    face_crop = scene.face_crop
    mask = face_crop.regions["skin"]
    if (mask > 0.5).sum() < 100:
        return None
    log = powers.log(np.maximum(face_crop.pixels, 2.0**-10))
    small, weight, scale = bands.to_grid(log, mask, face_crop.px_per_mm, _GRID)
    smooth = _median(small)
    change = damp_blotches(smooth, weight, scale)
    change = filters.blur(change, 0.7 * scale) * np.float32(1 / np.log(2))
    if float(np.abs(change[weight > 0.5]).max(initial=0)) < 0.01:
        return None
    grid = scene.smooth_face_grid
    return Gain(filters.resize(as_float(change), grid.width, grid.height), grid)
