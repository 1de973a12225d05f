"""Layers and moves: what one adjustment changes at full strength, under its mask."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from catchlight.adjustments.adjustment import Adjustment
from catchlight.adjustments.edit import Edit, Warp
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float
from catchlight.pixels import filters, geometry
from catchlight.pixels.grid import Box, Grid, find_box
from catchlight.pixels.halves import Half, to_half, weigh
from catchlight.pixels.strips import lay_mask, measure_largest

#: Stops travel as half floats: at 3 stops they are right to 0.002, at a quarter to 0.0001. In a
#: plan's own :attr:`Plan.near` they are floats.
Stops = Half | Float


@dataclass(frozen=True, eq=False)
class Layer:
    """A change of light at full strength, already under its mask.

    Attributes
    ----------
    name : str, of the adjustment
    grid : Grid, where its samples lie
    box : Box, the part of the grid that it covers
    stops : (h, w) or (h, w, 3) float16 (in :attr:`Plan.near` float32), as large as the box
    region : str, whose mask lies on it
    most : float, its largest change in stops
    """

    name: str
    grid: Grid
    box: Box
    stops: Stops
    region: str
    most: float


@dataclass(frozen=True, eq=False)
class Move:
    """A change of geometry at full strength.

    Attributes
    ----------
    name : str, of the adjustment
    grid : Grid, over the whole frame
    field : (h, w, 2) float32, mm of the face; the result at x shows the frame at x + field(x)
    most : float, its longest displacement in mm
    """

    name: str
    grid: Grid
    field: Float
    most: float


def shrink_layer(layer: Layer, old: tuple[int, int], new: tuple[int, int]) -> Layer:
    """A layer for a smaller frame; one of the frame's own pixels is averaged, once."""
    grid = layer.grid
    if grid.width > new[0] and grid.covers(*old) and layer.box == (0, 0, grid.width, grid.height):
        # Of very many samples every k-th tells the average as well, and converts in less time.
        k = max(1, int(grid.width / new[0] / 2))
        stops = filters.resize(weigh(layer.stops[::k, ::k]), *new)
        return replace(
            layer,
            grid=Grid.over(new[::-1], new),
            box=(0, 0, *new),
            stops=to_half(stops),
        )
    return replace(layer, grid=grid.chained(geometry.rescaling(old[::-1], new[::-1])))


def bring_layer(layer: Layer, size: tuple[int, int]) -> Layer:
    """A layer with a sample for each pixel of a frame; one of the whole frame's light stays so."""
    if layer.grid.width == layer.grid.height == 1:
        return layer
    box, stops = layer.grid.carry(weigh(layer.stops), layer.box, *size)
    return replace(layer, grid=Grid.over(size[::-1], size), box=box, stops=stops)


def lay(scene: Scene, adjustment: Adjustment, edit: Edit) -> Layer | Move | None:
    """Lay an edit's mask on it; None where the mask leaves nothing.

    The only place that knows which region an adjustment may touch.
    """
    if isinstance(edit, Warp):
        far = float(np.hypot(edit.field[..., 0], edit.field[..., 1]).max())
        return Move(adjustment.name, edit.grid, edit.field, far) if far > 0 else None
    x0, y0, x1, y1 = edit.place
    stops = edit.stops
    if adjustment.region != "all":
        mask = scene.region_on(adjustment.region, edit.grid)[y0:y1, x0:x1]
        inner = find_box(mask)
        if inner is None:
            return None
        u0, v0, u1, v1 = inner
        x0, y0, x1, y1 = x0 + u0, y0 + v0, x0 + u1, y0 + v1
        half, most = lay_mask(stops[v0:v1, u0:u1], mask[v0:v1, u0:u1])
    else:
        half, most = stops.astype(np.float16, copy=False), measure_largest(stops)
    if most == 0:
        return None
    return Layer(adjustment.name, edit.grid, (x0, y0, x1, y1), half, adjustment.region, most)
