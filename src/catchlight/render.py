"""The renderer: a plan drawn at the strengths that a person chose. It knows nothing else.

First light, summed by :mod:`catchlight.light_sum`; then the one resampling, where something moves,
and the ground.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.layer import Layer, Move
from catchlight.light_sum import LightSum, sum_layers
from catchlight.pixels import blend, channels, filters
from catchlight.pixels.displacement import Displacement
from catchlight.pixels.strips import over_strips
from catchlight.pixels.tiles import enlarge_rows
from catchlight.plan import Plan

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


def _expose_ground(plan: Plan, light: LightSum) -> Pixels:
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


def _compose(plan: Plan, light: LightSum, ground: Pixels, lift: Float | None) -> Pixels:
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
