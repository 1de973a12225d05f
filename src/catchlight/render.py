"""The renderer: a plan drawn at the strengths that a person chose. It knows nothing else.

Gains are summed in stops where their samples lie and carried to the frame once; the sum is applied
a strip at a time. Then the one resampling, where something moves, and the ground.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import blend, channels, filters
from catchlight.pixels.displacement import Displacement
from catchlight.pixels.grid import Box, Grid
from catchlight.pixels.halves import weigh
from catchlight.pixels.strips import over_strips
from catchlight.pixels.tiles import enlarge_rows
from catchlight.plan import Layer, Move, Plan, Stops

#: Light that the ground throws around the person's edge: how far, in millimetres of the face (0.05
#: inter-eye distances), and how much.
WRAP_MM, WRAP = 3.15, 0.10


@dataclass(frozen=True, eq=False)
class Rendered:
    """A rendered headshot.

    Attributes
    ----------
    pixels : (H, W, 3) linear P3
    applied : mapping of adjustment name to the largest change it made, in stops, of a warp in
        millimetres; only those that had something to do
    warp : (H, W, 2) mm of the face, or None where nothing was moved
        The result at x shows what the frame showed at x + warp(x).
    painted, network : bool
        Whether another background than the photo's own stands there; whether a network drew detail.
    """

    pixels: Pixels
    applied: Mapping[str, float]
    warp: Float | None = None
    painted: bool = False
    network: bool = False


@dataclass(frozen=True, eq=False)
class Exposure:
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


def sum_layers(plan: Plan, strengths: Mapping[str, float]) -> Exposure:
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
    return Exposure(even, tuple(full), tuple(p for p in parts if p[1].size))


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


def sum_moves(plan: Plan, strengths: Mapping[str, float]) -> Float | None:
    """Sum strength * field of all moves over the frame, in mm; None where nothing moves."""
    total: Float | None = None
    for move in plan.moves:
        strength = np.float32(strengths.get(move.name, 0.0))
        if strength != 0:
            field = filters.resize(move.field * strength, *plan.size)
            total = field if total is None else total + field
    return total


def list_applied(plan: Plan, strengths: Mapping[str, float]) -> dict[str, float]:
    """The largest change that each adjustment makes, those that have something to do."""
    parts: list[Layer | Move] = [*plan.layers, *plan.moves]
    return {x.name: x.most * abs(s) for x in parts if (s := strengths.get(x.name, 0.0)) != 0}


def move_person(moves: Displacement, person: Pixels, alpha: Mask) -> tuple[Pixels, Mask]:
    """Draw a person where they show, and their outline where it is neither empty nor full."""
    coarse = filters.shrink(alpha, 8)
    # Full to rounding: a pixel in 64 that lacks half a percent is soft.
    soft = as_float((coarse > 0) & (coarse < 1 - 1e-4))
    return moves.draw(person, coarse), moves.draw(alpha, soft, most=1.0)


def render(plan: Plan, strengths: Mapping[str, float]) -> Rendered:
    """Draw a plan.

    Parameters
    ----------
    plan : Plan
    strengths : mapping of adjustment to strength; those left out are 0

    Returns
    -------
    Rendered
        With every strength 0 and no ground, the plan's base bit for bit.
    """
    light, field = sum_layers(plan, strengths), sum_moves(plan, strengths)
    applied = list_applied(plan, strengths)
    moves = None if field is None else Displacement(field, plan.px_per_mm)

    def change(picture: Pixels) -> Pixels:
        """Gains where the photo has them, then the one resampling."""
        return light.expose(picture) if moves is None else moves.draw(light.expose(picture))

    if plan.ground is None or plan.alpha is None or plan.foreground is None:
        pixels = change(plan.base)
        return Rendered(pixels.copy() if pixels is plan.base else pixels, applied, field)
    ground = _expose_ground(plan, light) if plan.ground.is_photo else plan.painted
    painted = not plan.ground.is_photo
    # The photo's own background follows the head, so that no gap opens beside it.
    if plan.ground.is_photo and moves is not None:
        ground = moves.draw(ground)
    if moves is None:
        # The photo's own background lit the edge when the photo was taken.
        lift = None if plan.ground.is_photo else _wrap(plan, strengths, ground)
        return Rendered(_compose(plan, light, ground, lift), applied, painted=painted)
    person, alpha = move_person(moves, light.expose(plan.foreground), plan.alpha)
    if not plan.ground.is_photo:
        reach = WRAP_MM * plan.px_per_mm
        person = blend.wrap_light(person, ground, alpha, reach=reach, amount=WRAP)
    return Rendered(blend.composite(person, ground, alpha), applied, field, painted)


def _expose_ground(plan: Plan, light: Exposure) -> Pixels:
    """The photo's own background, exposed; out of focus it gains no detail."""
    if plan.ground_light is None or plan.own is None:
        return light.expose(plan.painted)
    lit, field = light.expose(plan.base), plan.painted
    if not light.nothing:
        field = plan.ground_light.relight(field, lit)
    return blend.composite(lit, field, plan.own)


def _wrap(plan: Plan, strengths: Mapping[str, float], ground: Pixels) -> Float:
    """Light of the ground around the edge, told on a small plan of the same (h, w, 3)."""
    small = plan.near
    assert small.alpha is not None
    assert small.foreground is not None
    person = sum_layers(small, strengths).expose(small.foreground)
    behind = filters.resize(ground, *small.size)
    reach = WRAP_MM * small.px_per_mm
    return blend.measure_wrap(person, behind, small.alpha, reach=reach, amount=WRAP)


def _compose(plan: Plan, light: Exposure, ground: Pixels, lift: Float | None) -> Pixels:
    """Lay the exposed person with the lifted edge over the ground, strip by strip."""
    assert plan.alpha is not None
    assert plan.foreground is not None
    alpha, foreground = plan.alpha, plan.foreground
    out = np.empty_like(plan.base)
    # As wide as the frame; the rows of a strip are made where it is laid.
    lift = None if lift is None else filters.resize(lift, plan.size[0], lift.shape[0])

    def work(rows: slice) -> None:
        out[rows] = ground[rows]
        shown = np.flatnonzero(alpha[rows].any(axis=0))
        if len(shown) == 0:
            return
        # Beside the person there is nothing to expose.
        columns = slice(int(shown[0]), int(shown[-1]) + 1)
        here = np.empty((rows.stop - rows.start, columns.stop - columns.start, 3), np.float32)
        light.apply(foreground, rows, columns, here)
        if lift is not None:
            here += enlarge_rows(lift[:, columns], plan.size[1], rows)
        here -= ground[rows, columns]
        here *= channels.spread(alpha[rows, columns], 3)
        out[rows, columns] += here

    over_strips(work, *plan.base.shape[:2])
    return out
