"""What all layers of a plan together do to light, at the strengths that a person chose.

Gains are summed in stops where their samples lie and carried to the frame once; the sum is applied
a strip at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from catchlight.arrays import Float, Pixels, as_float
from catchlight.layer import Layer, Stops
from catchlight.pixels import blend, channels
from catchlight.pixels.grid import Box, Grid
from catchlight.pixels.halves import weigh
from catchlight.pixels.strips import over_strips
from catchlight.plan import Plan


@dataclass(frozen=True, eq=False)
class LightSum:
    """What all layers together do to light, ready for any picture of the frame's size.

    Attributes
    ----------
    even : (3,) float32, stops for the whole frame
    full : pairs of stops (H, W[, 3]) for every pixel and their strength
    parts : pairs of a box of the frame and the stops (h, w[, 3]) in it
    """

    even: Float
    full: tuple[tuple[Stops, float], ...]
    parts: tuple[tuple[Box, Float], ...]

    @property
    def nothing(self) -> bool:
        """Whether every pixel stays as it is."""
        return not (self.full or self.parts or self.even.any())

    def stops(self, rows: slice, columns: slice) -> Float:
        """Stops (n, m, 1 or 3) of a strip of rows, between two columns."""
        kinds = [field.ndim for field, _ in self.full] + [part.ndim for _, part in self.parts]
        colour = bool(np.ptp(self.even)) or 3 in kinds
        size = (rows.stop - rows.start, columns.stop - columns.start)
        out = np.empty((*size, 3 if colour else 1), np.float32)
        out[:] = self.even if colour else self.even[0]
        for half, strength in self.full:
            here = weigh(half[rows, columns], strength)
            out += here if here.ndim == 3 else channels.spread(here, out.shape[2])
        for (x0, y0, x1, y1), field in self.parts:
            top, bottom = max(y0, rows.start), min(y1, rows.stop)
            left, right = max(x0, columns.start), min(x1, columns.stop)
            if top < bottom and left < right:
                here = field[top - y0 : bottom - y0, left - x0 : right - x0]
                down, across = slice(top - rows.start, bottom - rows.start), columns.start
                at = out[down, left - across : right - across]
                at += here if here.ndim == 3 else channels.spread(here, out.shape[2])
        return out

    def apply(self, pixels: Pixels, rows: slice, columns: slice, out: Pixels) -> None:
        """Expose a part of ``pixels`` into ``out`` (n, m, 3): (x + e) 2^stops - e, 0 or more."""
        if self.nothing:
            out[:] = pixels[rows, columns]
            return
        blend.expose_into(out, pixels[rows, columns], self.stops(rows, columns))

    def expose(self, pixels: Pixels) -> Pixels:
        """Expose a picture of the frame's size; the picture itself where nothing changes."""
        if self.nothing:
            return pixels
        out = np.empty_like(pixels)
        across = slice(0, pixels.shape[1])
        over_strips(lambda rows: self.apply(pixels, rows, across, out[rows]), *pixels.shape[:2])
        return out


def sum_layers(plan: Plan, strengths: Mapping[str, float]) -> LightSum:
    """Weigh all layers by their strengths and bring them to the frame."""
    width, height = plan.size
    even = np.zeros(3, np.float32)
    full: list[tuple[Stops, float]] = []
    groups: dict[Grid, list[tuple[Layer, float]]] = defaultdict(list)
    for layer in plan.layers:
        strength = strengths.get(layer.name, 0.0)
        if strength == 0:
            continue
        if layer.grid.width == layer.grid.height == 1:
            even += as_float(layer.stops).reshape(-1) * np.float32(strength)
        elif layer.stops.shape[:2] == (height, width) and layer.grid.covers(width, height):
            full.append((layer.stops, strength))
        else:
            groups[layer.grid].append((layer, strength))
    parts = [grid.carry(*_sum_group(weighed), width, height) for grid, weighed in groups.items()]
    return LightSum(even, tuple(full), tuple(p for p in parts if p[1].size))


def _sum_group(weighed: list[tuple[Layer, float]]) -> tuple[Float, Box]:
    """The weighted sum of layers of one grid, and the box that it covers."""
    boxes = np.array([layer.box for layer, _ in weighed])
    x0, y0 = (int(v) for v in boxes[:, :2].min(0))
    x1, y1 = (int(v) for v in boxes[:, 2:].max(0))
    colour = any(layer.stops.ndim == 3 for layer, _ in weighed)
    total = np.zeros((y1 - y0, x1 - x0, 3) if colour else (y1 - y0, x1 - x0), np.float32)
    for layer, strength in weighed:
        u0, v0, u1, v1 = layer.box
        here = weigh(layer.stops, strength)
        at = total[v0 - y0 : v1 - y0, u0 - x0 : u1 - x0]
        at += here if here.ndim == total.ndim else channels.spread(here, 3)
    return total, (x0, y0, x1, y1)
