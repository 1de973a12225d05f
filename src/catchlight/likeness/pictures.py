"""Pictures of the evidence: where texture went, which marks are there, what the light did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Float, Pixels, as_float
from catchlight.likeness.across_marks import GONE as MISSED
from catchlight.likeness.component import Component
from catchlight.likeness.register import Pair
from catchlight.pixels import colour, filters, geometry

#: Colours for kept, faded and gone, sRGB codes: told apart by lightness as well as by hue.
_COLOURS = {"kept": (190, 230, 190), "faded": (240, 190, 60), "gone": (255, 70, 100)}
#: Stops at which the map of light is at its full colour.
_STOPS = 1.0


def add_pictures(components: Iterable[Component], pair: Pair) -> tuple[Component, ...]:
    """Add the pictures to the components that have one."""
    draw = {
        "texture_kept": lambda c: draw_texture(pair),
        "marks": lambda c: draw_marks(pair, c.details.get("marks", ())),
        "tone": lambda c: draw_stops(pair),
    }
    return tuple(
        replace(c, picture=draw[c.name](c)) if c.name in draw and c.score is not None else c
        for c in components
    )


def draw_texture(pair: Pair) -> NDArray[np.uint8]:
    """Coherent gain of detail from 0.3 to 1 mm over 5 mm: grey kept, blue gone, red added."""
    view = pair.view
    b, a = (_band(x, view.mm) for x in (view.log, pair.log))
    window = 2.5 * view.mm
    both, power = filters.blur(as_float(a * b), window), filters.blur(as_float(b * b), window)
    gain = as_float((both + 1e-5) / (power + 1e-5))
    return _tint(view.log, as_float(gain - 1), view.skin)


def draw_stops(pair: Pair) -> NDArray[np.uint8]:
    """Change of light in stops, smooth over 2 mm: blue darker, red lighter, full at one stop."""
    view = pair.view
    change = filters.blur(as_float(pair.log - view.log), 2 * view.mm)
    return _tint(view.log, as_float(change / np.log(2) / _STOPS), view.inside)


def draw_marks(pair: Pair, rows: Iterable[Mapping[str, Any]]) -> NDArray[np.uint8]:
    """The after, each permanent mark of the photo ringed by its verdict."""
    out = colour.p3_to_srgb_codes(pair.after)
    mm = pair.view.mm
    for row in rows:
        radius = max(3, round((0.6 * row["diameter_mm"] + 1.2) * mm))
        centre = (round(row["x"]), round(row["y"]))
        wide = max(1, round(0.35 * mm))
        cv2.circle(out, centre, radius, _COLOURS[row["verdict"]], wide, cv2.LINE_AA)
    return out


def ring_missed(
    pixels: Pixels, to_pixels: geometry.Transform, rows: Iterable[Mapping[str, Any]], mm: float
) -> Pixels:
    """Ring, in linear ``pixels``, the places of marks that were looked for and not found.

    ``rows`` are those of the marks' component across photographs, in the pixels that ``to_pixels``
    takes to these; ``mm`` are pixels a millimetre.
    """
    out = np.ascontiguousarray(pixels).copy()
    for row in rows:
        if row["share"] >= MISSED:
            continue
        x, y = geometry.apply(to_pixels, as_float([[row["x"], row["y"]]]))[0]
        radius = max(4, round((0.6 * row["diameter_mm"] + 2.0) * mm))
        at = (round(float(x)), round(float(y)))
        cv2.circle(out, at, radius, (0.9, 0.06, 0.12), max(1, round(0.5 * mm)), cv2.LINE_AA)
    return out


def _band(log: Float, mm: float) -> Float:
    return as_float(filters.blur(log, 0.12 * mm) - filters.blur(log, 0.9 * mm))


def _tint(log: Float, value: Float, mask: Float) -> NDArray[np.uint8]:
    """A grey picture of the face, coloured by ``value`` from -1 (blue) to 1 (red)."""
    grey = np.clip(np.exp(log / 2.4), 0, 1)[..., None] * np.ones(3, np.float32)
    strength = (np.clip(np.abs(value), 0, 1) * mask)[..., None]
    red, blue = as_float([0.85, 0.15, 0.2]), as_float([0.1, 0.35, 0.9])
    hue = np.where(value[..., None] > 0, red, blue)
    mixed = grey + 0.75 * strength * (hue - grey)
    return np.asarray(np.round(np.clip(mixed, 0, 1) * 255), np.uint8)
