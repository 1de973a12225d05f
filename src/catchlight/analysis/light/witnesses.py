"""Witnesses to the colour of the light: what in a portrait is white or mirrors the light itself.

Vocabulary: a *witness* says ln(R/G) and ln(B/G) of the light in linear P3 (0, 0 is neutral), how
sure it is, and whether it is more than a wall: a red wall is as likely a wall as a light.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from catchlight.analysis.light.anchors import CEILING, Anchors, Eyes
from catchlight.analysis.parts.regions import Regions
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import colour

#: CIELAB of a clean white of the eye and of a tooth under D65: pink and yellow a little, and
#: yellow (vital teeth measure a* 0 to 3 and b* 8 to 18).
_WHITE_OF_EYE, _TOOTH = (1.0, 4.0), (1.5, 12.0)
#: The least standard deviation of each witness, as a distance of log ratios.
_SD = {
    "whites of the eyes": 0.07, "teeth": 0.10, "mirror on the skin": 0.14,
    "white clothes": 0.10, "grey hair": 0.12, "camera": 0.12, "room": 0.20,
}  # fmt: skip
#: Scatter of the whites' colour at which they count half: veins, lids, the colours of a screen.
_CLEAN = 0.15
#: White clothes are among the brightest things: no more than this many stops below the top.
_NEAR_TOP = 1.3
#: Grey hair is no darker than this many stops below lit skin.
_GREY = 1.3
#: What the mirror's difference takes too much of red: over 9 people of the London set, whose light
#: is neutral by their white collars, the median of ln(R/G) was -0.14.
_REDDER = 0.12
_LEAST = 40


@dataclass(frozen=True)
class Witness:
    """What one thing says of the light.

    Attributes
    ----------
    name : str
    u, v : float, ln(R/G) and ln(B/G) of the light
    sd : float, its standard deviation
    weight : float, 0..1, how far it can be relied on at all
    wall : bool, whether it is only what stands behind
    """

    name: str
    u: float
    v: float
    sd: float
    weight: float
    wall: bool = False


def call_witnesses(
    pixels: Pixels, regions: Regions, found: Anchors, *, balance: str | None
) -> tuple[Witness, ...]:
    """Call every witness that the portrait has.

    Parameters
    ----------
    pixels : (h, w, 3) linear P3, some 500 pixels large
    regions : Regions over it
    found : Anchors, of the same
    balance : {"auto", "manual"} or None
        How the camera says that it set its white balance: an automatic one took the light for
        neutral, which is a witness of its own.
    """
    rows = [
        _eyes(found.eyes),
        _teeth(pixels, regions["teeth"]),
        _mirror(pixels, regions),
        _clothes(pixels, regions["clothes"], found.top),
        _hair(pixels, regions, found.skin),
        _room(pixels, regions),
    ]
    if balance == "auto":
        rows.append(Witness("camera", 0.0, 0.0, _SD["camera"], 0.5))
    return tuple(row for row in rows if row is not None)


def chromaticity(rgb: Float) -> tuple[float, float]:
    """ln(R/G) and ln(B/G) of a colour (3,)."""
    r, g, b = np.maximum(np.asarray(rgb, np.float64), 1e-6)
    return float(np.log(r / g)), float(np.log(b / g))


def _own(lightness: float, a: float, b: float) -> tuple[float, float]:
    """Chromaticity of a thing of known colour under D65."""
    return chromaticity(colour.lab_to_p3(as_float([[lightness, a, b]]))[0])


def _middle(rgb: Float) -> tuple[float, float, float]:
    """Median chromaticity of pixels (n, 3), and how far they scatter around it."""
    log = np.log(np.maximum(rgb, 1e-5))
    both = np.stack([log[:, 0] - log[:, 1], log[:, 2] - log[:, 1]], 1)
    middle = np.median(both, 0)
    scatter = 1.4826 * float(np.median(np.hypot(*(both - middle).T)))
    return float(middle[0]), float(middle[1]), scatter


def _eyes(eyes: Eyes) -> Witness | None:
    if eyes.whites is None or eyes.white is None or eyes.trust <= 0:
        return None
    u, v, scatter = _middle(eyes.whites)
    own = _own(116 * (2.0**eyes.white) ** (1 / 3) - 16, *_WHITE_OF_EYE)
    clean = 1 / (1 + (scatter / _CLEAN) ** 2)
    name = "whites of the eyes"
    return Witness(name, u - own[0], v - own[1], _SD[name], eyes.trust * clean)


def _teeth(pixels: Pixels, teeth: Mask) -> Witness | None:
    found = pixels[teeth > 0.6]
    found = found[found.max(axis=1) < CEILING]
    if len(found) < _LEAST:
        return None
    y = colour.luminance(found)
    bright = found[y >= np.percentile(y, 50)]
    u, v, scatter = _middle(bright)
    lightness = 116 * float(np.median(colour.luminance(bright))) ** (1 / 3) - 16
    own = _own(lightness, *_TOOTH)
    weight = 0.8 / (1 + (scatter / _CLEAN) ** 2)
    return Witness("teeth", u - own[0], v - own[1], _SD["teeth"], weight)


def _mirror(pixels: Pixels, regions: Regions) -> Witness | None:
    """The light mirrored on nose and forehead, by the dichromatic model (Shafer 1985).

    What the brightest skin has more than lit skin is the light itself, unless it is only better
    lit: then no channel gains on another. Skin reflects the less the shorter the wave, whatever
    the light, so a mirror shows as blue gaining on red.
    """
    skin = regions["face_skin"] > 0.6
    found = pixels[skin]
    found = found[found.max(axis=1) < CEILING]
    if len(found) < 10 * _LEAST:
        return None
    y = colour.luminance(found)
    low, high, top = np.percentile(y, [50, 80, 98.5])
    lit = np.median(found[(y >= low) & (y <= high)], 0)
    hot = np.median(found[y >= top], 0)
    more = hot - lit
    if lit.min() <= 1e-4 or more.min() <= 0.01 * hot.max():
        return None
    gained = float(np.log((hot[2] / lit[2]) / (hot[0] / lit[0])))
    sure = float(np.clip((gained - 0.10) / 0.25, 0, 1))
    if sure == 0:
        return None
    name = "mirror on the skin"
    u, v = chromaticity(as_float(more))
    return Witness(name, u + _REDDER, v, _SD[name], 0.8 * sure)


def _clothes(pixels: Pixels, clothes: Mask, top: float) -> Witness | None:
    found = pixels[clothes > 0.7]
    found = found[found.max(axis=1) < CEILING]
    if len(found) < 4 * _LEAST:
        return None
    y = colour.luminance(found)
    bright = found[y >= np.percentile(y, 90)]
    level = float(np.log2(max(float(np.median(colour.luminance(bright))), 1e-6)))
    if level < top - _NEAR_TOP:
        return None
    u, v, scatter = _middle(bright)
    name = "white clothes"
    return Witness(name, u, v, _SD[name], 0.7 / (1 + (scatter / _CLEAN) ** 2))


def _hair(pixels: Pixels, regions: Regions, skin: float | None) -> Witness | None:
    found = pixels[regions["hair"] > 0.8]
    if len(found) < 4 * _LEAST or skin is None:
        return None
    y = colour.luminance(found)
    bright = found[y >= np.percentile(y, 75)]
    level = float(np.log2(max(float(np.median(colour.luminance(bright))), 1e-6)))
    if level < skin - _GREY:
        return None
    u, v, scatter = _middle(bright)
    return Witness("grey hair", u, v, _SD["grey hair"], 0.5 / (1 + (scatter / _CLEAN) ** 2))


def _room(pixels: Pixels, regions: Regions) -> Witness | None:
    """Shades of grey (Finlayson & Trezzi 2004, p = 6) of what is neither skin nor hair."""
    most = np.maximum(np.maximum(pixels[..., 0], pixels[..., 1]), pixels[..., 2])
    rest = (regions["person"] < 0.1) & (most < CEILING) & (most > 0)
    if rest.mean() < 0.1:
        return None
    seen = np.maximum(pixels[rest], 0).astype(np.float64) ** 6
    u, v = chromaticity(as_float(seen.mean(0) ** (1 / 6)))
    return Witness("room", u, v, _SD["room"], 0.3, wall=True)
