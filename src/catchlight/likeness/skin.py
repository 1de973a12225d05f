"""Skin as it was shown: how far lightness, chroma and hue of lit skin went, and how far they may.

The guard of the house. Vocabulary: *lit skin* is what the photo showed plausibly lit: neither in
deep shade nor burnt nor glare; a *change* is told by its median and by its 95th percentile; the
*modelling* is how far lit skin is lighter in one place than in another; the *excess* of a change is
how many times it went beyond what a default may do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import channels, colour

#: What no default may pass in the median: L*, a share of the chroma, degrees of hue. Between two
#: good prints of one negative sitters do not remark so much (science.md 11.2 allows a CIEDE2000 of
#: 2 that light does not explain; 3 L*, 2 C* of 20 and 4 degrees are about 2.5 each).
LIGHTNESS, CHROMA, HUE = 3.0, 0.10, 4.0
#: A twentieth of the skin may go further, by half as much again.
TAIL = 1.5
#: Share of its modelling that lit skin may lose. Unheld, a fill and less shine took 3 % in the
#: median of 162 photos and 16 % at the most; those that lost more than 6 % were the ones called
#: flat, milky or dull beside the plain crop, though lightness, chroma and hue had hardly moved.
MODELLING = 0.05
#: L* of modelling by which a share of it is reckoned at the least; and stops above lit skin from
#: which a place is a hot spot, which may go and takes no modelling with it.
_MODELLED, _HOT = 3.0, 0.5
#: Stops below the lit skin to which skin counts as lit: the shaded side of a 3:1 light.
_SHADE = 1.6
#: Stops above it from which it is glare, and the channel value from which it is burnt.
_GLARE, _BURNT = 1.3, 0.97
#: Chroma from which hue means something, and by which a share is reckoned at the least.
_COLOURED = 8.0


@dataclass(frozen=True)
class SkinChange:
    """How far lit skin went between two pictures of one frame.

    Attributes
    ----------
    lightness, chroma, hue : (median, 95th percentile)
        Of the size of the change: L*, a share of the chroma, degrees.
    signed : (L*, share of chroma, degrees), medians with their signs
    places : int, how much skin was compared
    modelling : float
        Share of the spread of L* over lit skin that was gained, or below 0 lost; without hot spots.
    """

    lightness: tuple[float, float]
    chroma: tuple[float, float]
    hue: tuple[float, float]
    signed: tuple[float, float, float]
    places: int
    modelling: float = 0.0

    @property
    def excess(self) -> float:
        """The largest of the seven figures over its limit; up to 1 nothing was betrayed."""
        return max(self.ratios.values())

    @property
    def ratios(self) -> dict[str, float]:
        """Each figure over its limit, the larger of median and tail."""
        named = {"lightness": (self.lightness, LIGHTNESS), "chroma": (self.chroma, CHROMA)}
        named["hue"] = (self.hue, HUE)
        ratios = {n: max(v[0] / most, v[1] / (TAIL * most)) for n, (v, most) in named.items()}
        return ratios | {"modelling": max(-self.modelling, 0.0) / MODELLING}

    @property
    def held(self) -> bool:
        """Whether it lies within the guard, to the rounding of half floats."""
        return self.excess <= 1.005

    def say(self) -> str:
        """Say it in half a sentence."""
        lightness, chroma, hue = self.signed
        return (
            f"lightness {lightness:+.1f} L* (95 %: {self.lightness[1]:.1f}), chroma "
            f"{100 * chroma:+.0f} % ({100 * self.chroma[1]:.0f}), hue {hue:+.1f} degrees "
            f"({self.hue[1]:.1f}), modelling {100 * self.modelling:+.0f} %"
        )

    def to_json(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "lightness": [round(v, 2) for v in self.lightness],
            "chroma_percent": [round(100 * v, 1) for v in self.chroma],
            "hue_degrees": [round(v, 2) for v in self.hue],
            "signed": [round(v, 3) for v in self.signed],
            "limits": [LIGHTNESS, 100 * CHROMA, HUE],
            "tail": TAIL,
            "modelling_percent": round(100 * self.modelling, 1),
            "modelling_limit": -100 * MODELLING,
            "within": self.held,
        }


#: Nothing was compared, so nothing changed.
UNCHANGED = SkinChange((0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0, 0.0), 0)


def find_lit_skin(pixels: Pixels, skin: Mask) -> NDArray[np.bool_]:
    """Skin that the photo shows plausibly lit, (h, w).

    From 1.6 stops below the median of the skin's lit half to 1.3 above it, no channel burnt. What
    is darker is shade, where a fill may do more; what is brighter is glare.

    Parameters
    ----------
    pixels : (h, w, 3) linear P3, the picture before
    skin : (h, w), 0..1
    """
    chosen = skin > 0.6
    if chosen.sum() < 20:
        return np.zeros(skin.shape, np.bool_)
    level = np.log2(np.maximum(colour.luminance(pixels), 2.0**-12))
    seen = level[chosen]
    lit = float(np.median(seen[seen >= np.median(seen)]))
    burnt = channels.find_most(pixels) >= _BURNT
    return np.asarray(chosen & (level > lit - _SHADE) & (level < lit + _GLARE) & ~burnt)


def measure_skin_change(before: Pixels, after: Pixels) -> SkinChange:
    """Measure how far skin went.

    Parameters
    ----------
    before, after : (n, 3) linear P3, the same places of lit skin (:func:`find_lit_skin`)

    Returns
    -------
    SkinChange
        Nothing for fewer than 20 places.
    """
    if len(before) < 20:
        return UNCHANGED
    old, new = (colour.p3_to_lab(as_float(np.clip(x, 0, 1))) for x in (before, after))
    lightness = new[:, 0] - old[:, 0]
    c0, c1 = (np.hypot(x[:, 1], x[:, 2]) for x in (old, new))
    chroma = (c1 - c0) / np.maximum(c0, _COLOURED)
    turned = (colour.lab_to_hue(new) - colour.lab_to_hue(old) + 180) % 360 - 180
    # Grey has no hue: what little colour there is counts for less.
    hue = turned * np.minimum(np.minimum(c0, c1) / _COLOURED, 1) ** 2
    each = [as_float(x) for x in (lightness, chroma, hue)]
    sizes = [_summarise(np.abs(x)) for x in each]
    signed = (float(np.median(each[0])), float(np.median(each[1])), float(np.median(each[2])))
    level = np.log2(np.maximum(colour.luminance(before), 2.0**-12))
    form = level < np.median(level[level >= np.median(level)]) + _HOT
    spread = [float(x[form, 0].std()) for x in (old, new)]
    modelling = (spread[1] - spread[0]) / max(spread[0], _MODELLED)
    return SkinChange(sizes[0], sizes[1], sizes[2], signed, len(before), modelling)


def _summarise(size: Float) -> tuple[float, float]:
    """Median and 95th percentile."""
    middle, tail = np.percentile(size, [50, 95])
    return float(middle), float(tail)
