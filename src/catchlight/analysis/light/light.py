"""The light on a face as data: what the fit found, and how a photographer would say it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from catchlight.analysis.face.mesh import IED_MM
from catchlight.analysis.light.shading import lamps
from catchlight.arrays import Float, Mask, as_float

#: Hard edges of this length, in inter-eye distances, are worth a word: a nose's shadow has twice.
_HARD = 0.25
#: What lies less than this many stops below the lit side is the lit side.
_LIT = 0.3


@dataclass(frozen=True)
class Light:
    """The light on the face, as the form and the skin tell it.

    Attributes
    ----------
    shading : (h, w) float32, stops
        Light on the sitter's form over the measuring picture, 0 on the lit side; the form alone,
        without cast shadows.
    cast : (h, w) float32, stops, 0 or more
        How much darker skin is than its form explains: cast shadows. Pigment is left out as far as
        it can be told.
    edges : (h, w) float32, 0..1
        Where a cast shadow ends hard: nose, glasses, the brim of a hat, the bars of a window.
    edge_mm : float, millimetres, about how long these edges are
    dome : (52,) float32
        The lamps (see :mod:`catchlight.analysis.light.shading`); the lit side's shade is 1.
    azimuth, elevation : float, degrees
        Direction of the key from the camera's axis: positive to the viewer's right, and up.
    ratio : float
        Light of the lit side over that of the shaded side, 1 or more: the 92nd and the 8th
        percentile of the skin that faces the camera.
    key_tint, fill_tint : (2,) float32
        ln(R/G) and ln(B/G) of the key and of the fill against all light on the face.
    tint : (2,) float32
        ln(R/G) and ln(B/G) of all light, as white balance judges it.
    beard : float
        Stops of light that a beard takes.
    confidence : float, 0..1
        How far direction and shading may be relied on.
    """

    shading: Float
    cast: Float
    edges: Mask
    edge_mm: float
    dome: Float
    azimuth: float
    elevation: float
    ratio: float
    key_tint: Float
    fill_tint: Float
    tint: Float
    beard: float
    confidence: float

    @property
    def direction(self) -> Float:
        """(3,) unit vector to the key: x to the viewer's right, y up, z to the camera."""
        a, e = np.radians(self.azimuth), np.radians(self.elevation)
        return as_float(np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)]))

    @property
    def mixed(self) -> float:
        """How far key and fill differ in colour, as a distance in ln(R/G) and ln(B/G)."""
        return float(np.linalg.norm(self.key_tint - self.fill_tint))

    @property
    def hard(self) -> float:
        """Length of hard edges of cast shadows, in inter-eye distances."""
        return self.edge_mm / IED_MM

    def describe(self) -> str:
        """Say it as a photographer would: ``key from upper left, 3:1, warm``."""
        words = []
        if self.ratio < 1.25:
            words.append("even light")
        elif self.confidence < 0.3:
            words.append("light of unclear direction")
        else:
            high = "upper " if self.elevation > 15 else "lower " if self.elevation < -20 else ""
            side = "left" if self.azimuth < -12 else "right" if self.azimuth > 12 else ""
            place = high + side if side else "above" if self.elevation > 15 else "the front"
            place = "below" if not side and self.elevation < -20 else place
            words.append(f"key from {place}")
        words.append(f"{self.ratio:.1f}:1".replace(".0:", ":"))
        if name := name_tint(self.tint):
            words.append(name)
        clear = self.ratio > 1.8 and self.confidence > 0.3
        if clear and self.mixed > 0.3 and (name := name_tint(self.fill_tint - self.key_tint)):
            words.append(f"{name} fill")
        if clear and self.hard > _HARD:
            words.append("hard shadows")
        return ", ".join(words)


def name_tint(tint: Float) -> str:
    """Name a tint, ln(R/G) and ln(B/G), of 0.12 or more; an empty string for less."""
    u, v = float(tint[0]), float(tint[1])
    if np.hypot(u, v) < 0.12:
        return ""
    warm, green = u - v, -(u + v)
    if abs(green) > abs(warm):
        return "green" if green > 0 else "magenta"
    return "warm" if warm > 0 else "cool"


def below_lit(stops: Float) -> Float:
    """Shading in stops with the lit side, 0.3 stops deep, made one: 0 there, rounded off below.

    What a change of light reckons from, so that the lit side keeps its light.
    """
    depth = np.maximum(-stops, 0)
    return as_float(-(depth - _LIT * (1 - np.exp(-depth / _LIT))))


def unknown_light(shape: tuple[int, int], tint: tuple[float, float]) -> Light:
    """Even light, of which nothing is known."""
    zero, none = np.zeros(shape, np.float32), np.zeros(2, np.float32)
    dome = np.zeros(len(lamps()) + 1, np.float32)
    dome[-1] = 1
    return Light(
        zero, zero, zero, 0.0, dome, 0.0, 0.0, 1.0, none, none, as_float(np.array(tint)), 0.0, 0.0
    )
