"""skin_evenness: pull blotches of redness and pigment towards the skin around them."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.adjustments.edit import Adjustment, Gain
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, Mask, as_float
from catchlight.pixels import bands, colour, filters

# Natural-log absorption per channel (linear RGB) of unit blood and unit melanin. Blood: the
# haemoglobin vector of Tsumura 2003; melanin: absorption ~ wavelength^-3.3. Shading is (1, 1, 1),
# which has no part in either log ratio below: it cannot be touched.
_BLOOD = (0.2988, 0.6838, 0.6657)
_MELANIN = (0.33, 0.48, 0.81)
#: A grid of 1 pixel per millimetre holds every blotch; a median of five there (5 mm) holds neither
#: freckles nor moles under 3.5 mm, lines nor pores, so none of them is touched.
_GRID, _MEDIAN = 1.0, 5
#: The surroundings (Gaussian, mm): wider than a blotch of 15 mm, narrower than a cheek's glow.
_SURROUND = 9.0
#: Share of colour taken at full strength: the correction is smooth, and about 0.7 of it arrives.
_COLOUR, _LIGHTNESS = 0.85, 0.30
# Log ratios (natural): 0.06 is a faint blotch, 0.15 a strong one; beyond 0.35 it is a birthmark.
_TOLERANCE, _MOST = 0.06, 0.35
#: What stands out in luminance by more (natural log; about 8 L*) is form or a mark, not a blotch.
_FORM = 0.35


def _median(field: Float) -> Float:
    """Median of 5 by 5 grid points of every channel."""
    return as_float(np.dstack([cv2.medianBlur(as_float(c), _MEDIAN) for c in np.dsplit(field, 3)]))


def _unmix(ratios: Float) -> Float:
    """Log ratios (ln R/G, ln B/G) -> natural-log change per channel that pigment alone explains."""
    vectors = np.array([_BLOOD, _MELANIN])
    seen = np.stack([vectors[:, 1] - vectors[:, 0], vectors[:, 1] - vectors[:, 2]])
    return as_float(ratios @ (-vectors.T @ np.linalg.inv(seen)).T.astype(np.float32))


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
    keep = np.exp(-np.minimum((size / _MOST) ** 4 + (relief / _FORM) ** 4, 60.0))
    colour_change = _unmix(as_float(-_COLOUR * spot * keep[..., None]))
    # Puffiness and uneven lightness, 0.9 to 2.8 mm, a third of it; folds exceed 2.5 spreads.
    band = bands.smooth_inside(light, mask, 0.9 * scale)
    band = band - bands.smooth_inside(light, mask, 2.8 * scale)
    threshold = max(2.5 * bands.spread_of(band, mask), 0.01)
    lightness = -_LIGHTNESS * bands.limit(band, threshold)
    return as_float(colour_change + lightness[..., None])


def build(scene: Scene) -> Gain | None:
    """Blotches of 5 to 15 mm lose 70 % of their colour; light, pores and marks stay.

    In log RGB, where light adds the same to all channels, a blotch is what the ratios of channels
    differ by from a robust average of the skin around (9 mm). Blood and melanin that explain it are
    taken away with their own lightness; what no pigment explains (shading) has no ratio to show.
    All is relative to the sitter's own skin, so that every tone is treated alike.

    Notes
    -----
    Cost: about 25 ms, whatever the frame's size.

    References
    ----------
    Tsumura et al. 2003, "Image-based skin color and texture analysis/synthesis by extracting
    hemoglobin and melanin information in the skin". Matts et al. 2007 on why colour, not relief.
    """
    chart = scene.chart
    mask = chart.regions["skin"]
    if (mask > 0.5).sum() < 100:
        return None
    log = as_float(np.log(np.maximum(chart.pixels, 2.0**-10)))
    small, weight, scale = bands.to_grid(log, mask, chart.px_per_mm, _GRID)
    smooth = _median(small)
    change = damp_blotches(smooth, weight, scale)
    change = filters.blur(change, 0.7 * scale) * np.float32(1 / np.log(2))
    if float(np.abs(change[weight > 0.5]).max(initial=0)) < 0.01:
        return None
    return Gain(filters.resize(as_float(change), mask.shape[1], mask.shape[0]), on_chart=True)


SKIN_EVENNESS = Adjustment(
    name="skin_evenness",
    text="Evens blotches of redness and pigment; pores, freckles and light stay.",
    default=0.0,
    region="skin",
    about_colour=True,
    build=build,
)
