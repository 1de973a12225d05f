"""The place of the frame on a level plan: many are tried, coarse to fine, the cheapest kept."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from catchlight.analysis.frame import Crop
from catchlight.analysis.framing.cost import Ideal, find_ideal, measure_cost
from catchlight.analysis.framing.layout import Layout, Table, sum_table
from catchlight.arrays import Float, as_float

#: The tightest frame that is tried, in heads: tighter is a face without a head.
_TIGHTEST = 0.55
#: Rounds of refinement, each three times as fine as the one before: the last steps by 0.4 % of the
#: size and the frame.
_ROUNDS = 3


@dataclass(frozen=True)
class Place:
    """A frame on the plan.

    Attributes
    ----------
    left, top, height : float, plan pixels
    cost : float
    parts : mapping of the cost's terms
    """

    left: float
    top: float
    height: float
    cost: float
    parts: dict[str, float] = field(default_factory=dict)


def compose(layout: Layout, crop: Crop, aspect: float) -> Place:
    """Of all frames that reach nothing forbidden, the one of the least cost.

    Parameters
    ----------
    layout : Layout
    crop : Crop
    aspect : float, width over height
    """
    ideal = find_ideal(layout, crop, aspect)
    table = sum_table(layout.forbidden)
    # As tight as a face, as wide as a third more than asked: what is wider is the photo's own crop.
    low = np.log(_TIGHTEST * layout.head.height)
    high = np.log(1.45 * ideal.height)
    sizes = np.linspace(high, low, 26)
    places = _spread(ideal, layout, aspect, as_float(np.exp(sizes)), 0.42, 19)
    best = _choose(layout, crop, ideal, aspect, table, places)
    step, reach = float(sizes[0] - sizes[1]), 0.42 / 9
    for _ in range(_ROUNDS):
        if best is None:
            break
        around = np.exp(np.log(best.height) + np.linspace(-1, 1, 7) * step)
        shifts = np.linspace(-1, 1, 9) * reach
        height, dx, dy = (v.ravel() for v in np.meshgrid(around, shifts, shifts, indexing="ij"))
        grown = (height - best.height) / 2
        # Around the frame's middle, and with its eye line kept: both are tried by the shifts.
        left = best.left - grown * aspect + dx * height * aspect
        top = best.top - grown + dy * height
        finer = _choose(
            layout, crop, ideal, aspect, table, (as_float(left), as_float(top), as_float(height))
        )
        if finer is not None and finer.cost <= best.cost:
            best = finer
        step, reach = step / 3, reach / 3
    if best is None:  # a photo that is all face: as much of it as the aspect allows
        return _largest_inside(layout, aspect)
    return best


def weigh(layout: Layout, crop: Crop, aspect: float, place: tuple[float, float, float]) -> Place:
    """Cost of one frame (left, top, height), whether or not it reaches something forbidden."""
    ideal = find_ideal(layout, crop, aspect)
    left, top, height = (np.array([v], np.float32) for v in place)
    terms = measure_cost(layout, crop, ideal, aspect, left, top, height)
    parts = {name: float(value[0]) for name, value in terms.items()}
    return Place(*place, sum(parts.values()), parts)


def _spread(
    ideal: Ideal, layout: Layout, aspect: float, heights: Float, reach: float, count: int
) -> tuple[Float, Float, Float]:
    """Frames of all heights at all shifts about the ideal place, and along the photo's borders.

    A frame as large as a photo allows fits in one place only, which no even spacing meets; so it is
    beside a body that the border cuts, too, where the ground beyond may be painted.
    """
    rows, columns = layout.forbidden.shape
    x0, y0, x1, y1 = layout.photo or (-0.5, -0.5, columns - 0.5, rows - 0.5)
    # A little inside, as what a border only touches counts as reached.
    x0, y0, x1, y1 = x0 + 0.01, y0 + 0.01, x1 - 0.01, y1 - 0.01
    largest = np.array([y1 - y0, (x1 - x0) / aspect])
    heights = np.unique(np.append(heights, np.outer(largest, [0.94, 0.97, 1.0])))[:, None]
    shifts = np.linspace(-reach, reach, count)[None]
    across = layout.head.middle + (shifts - 0.5) * heights * aspect
    left = np.hstack([across, np.full_like(heights, x0), x1 - heights * aspect])
    down = layout.head.eyes + (shifts - ideal.eyes) * heights
    top = np.hstack([down, np.full_like(heights, y0), y1 - heights])
    every = np.broadcast_to(heights[..., None], (len(heights), left.shape[1], top.shape[1]))
    lefts, tops = np.broadcast_to(left[..., None], every.shape), top[:, None] + 0 * every
    return as_float(lefts.ravel()), as_float(tops.ravel()), as_float(every.ravel())


def _choose(
    layout: Layout,
    crop: Crop,
    ideal: Ideal,
    aspect: float,
    table: Table,
    places: tuple[Float, Float, Float],
) -> Place | None:
    """The cheapest of the frames that may be; None where none may."""
    left, top, height = places
    rows, columns = layout.forbidden.shape
    right, bottom = left + height * aspect, top + height
    fits = (left >= -0.5) & (top >= -0.5) & (right <= columns - 0.5) & (bottom <= rows - 0.5)
    left, top, height = left[fits], top[fits], height[fits]
    right, bottom = right[fits], bottom[fits]
    # Pixel i reaches from i - 0.5 to i + 0.5.
    x0, y0 = np.floor(left + 0.5).astype(int), np.floor(top + 0.5).astype(int)
    x1, y1 = np.ceil(right + 0.5).astype(int), np.ceil(bottom + 0.5).astype(int)
    x1, y1 = np.minimum(x1, columns), np.minimum(y1, rows)
    free = table[y1, x1] - table[y0, x1] - table[y1, x0] + table[y0, x0] < 0.5
    if not free.any():
        return None
    left, top, height = left[free], top[free], height[free]
    terms = measure_cost(layout, crop, ideal, aspect, left, top, height)
    cost = np.sum([*terms.values()], axis=0)
    at = int(cost.argmin())
    parts = {name: float(value[at]) for name, value in terms.items()}
    return Place(float(left[at]), float(top[at]), float(height[at]), float(cost[at]), parts)


def _largest_inside(layout: Layout, aspect: float) -> Place:
    """Largest allowed frame around the middle of the face, however tight."""
    head, forbidden = layout.head, layout.forbidden
    middle_y = (head.eyes + head.chin) / 2
    height = float(forbidden.shape[0])
    while height > 4:
        width = height * aspect
        x, y = head.middle - width / 2, middle_y - height / 2
        part = forbidden[
            max(0, int(y + 0.5)) : max(1, int(np.ceil(y + height + 0.5))),
            max(0, int(x + 0.5)) : max(1, int(np.ceil(x + width + 0.5))),
        ]
        if x >= 0 and y >= 0 and not part.any():
            return Place(x, y, height, np.inf)
        height *= 0.96
    return Place(head.middle, middle_y, 4.0, np.inf)
