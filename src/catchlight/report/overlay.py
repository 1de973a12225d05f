"""The marks of the skin drawn over a picture: a ring and a name for each, kept or healed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup

from catchlight.analysis.scene import Scene
from catchlight.arrays import Float
from catchlight.pixels import displacement, geometry
from catchlight.report.template import fill

#: A window of a picture in its pixels: x0, y0, x1, y1.
Window = tuple[float, float, float, float]
_FONT = 0.03  # of the window's width: 9 px on a phone of 360, with a halo
#: More marks than this wear their number in the table: names would hide the face.
MOST_NAMES = 12


@dataclass(frozen=True)
class Ring:
    """A mark in the frame: its number and name, place and radius in pixels, and its fate."""

    number: int
    id: str
    x: float
    y: float
    radius: float
    kind: str
    healed: bool


def place_marks(
    scene: Scene, marks: Sequence[Mapping[str, Any]] | None, warp: Float | None = None
) -> tuple[Ring, ...]:
    """Place the record's ``marks`` (photo pixels) in the frame; those outside are left out.

    ``warp`` (H, W, 2; mm of the face) is what the renderer moved: the marks go where it took them.
    """
    if not marks:
        return ()
    photo = np.array([[m["x"], m["y"]] for m in marks], np.float32)
    height, width = scene.pixels.shape[:2]
    spots = []
    places = geometry.apply(scene.frame.transform, photo)
    if warp is not None:
        places = displacement.carry(places, warp * np.float32(scene.face.px_per_mm))
    for number, (mark, (x, y)) in enumerate(zip(marks, places, strict=True), 1):
        if 0 <= x < width and 0 <= y < height:
            radius = mark["diameter_mm"] / 2 * scene.face.px_per_mm
            place = (float(x), float(y), radius)
            spots.append(Ring(number, mark["id"], *place, mark["kind"], mark["healed"]))
    return tuple(spots)


def window_around(scene: Scene, spots: Sequence[Ring]) -> tuple[int, int, int, int]:
    """Return the window of the frame that shows the face and every mark."""
    height, width = scene.pixels.shape[:2]
    x0, y0, x1, y1 = scene.face.box
    margin = 0.12 * (x1 - x0)
    xs, ys = [x0, x1, *(s.x for s in spots)], [y0, y1, *(s.y for s in spots)]
    low = (max(0, int(min(xs) - margin)), max(0, int(min(ys) - margin)))
    return (*low, min(width, int(max(xs) + margin)), min(height, int(max(ys) + margin)))


def draw_spots(spots: Sequence[Ring], window: Window) -> Markup:
    """Draw rings and names as an SVG that covers a picture of this ``window``.

    Labels stand beside their rings, on the nearer side, moved down where they would overlap.
    """
    x0, y0, x1, y1 = window
    font = _FONT * (x1 - x0)
    taken: list[tuple[float, float, float]] = []
    rings = []
    for spot in sorted(spots, key=lambda s: s.y):
        # A ring on the very edge of a mark would hide it.
        radius = max(1.6 * spot.radius, 0.4 * font)
        label = spot.id if len(spots) <= MOST_NAMES else str(spot.number)
        right = spot.x >= (x0 + x1) / 2
        width = 0.58 * font * len(label)
        left = spot.x + radius + 0.3 * font if right else spot.x - radius - 0.3 * font - width
        left = min(max(left, x0), x1 - width)
        line = spot.y
        while any(abs(line - y) < font and left < b and a < left + width for a, b, y in taken):
            line += 0.25 * font
        taken.append((left, left + width, line))
        fate = "healed" if spot.healed else "kept"
        leader = None
        if line - spot.y > 0.6 * font:
            end = left if right else left + width
            leader = [f"{v:.1f}" for v in (spot.x, spot.y + radius, end, line)]
        rings.append(
            {
                "fate": fate,
                "title": f"{spot.id}: {spot.kind}, {fate}",
                "x": f"{spot.x:.1f}",
                "y": f"{spot.y:.1f}",
                "radius": f"{radius:.1f}",
                "leader": leader,
                "left": f"{left:.1f}",
                "line": f"{line + 0.35 * font:.1f}",
                "label": label,
            }
        )
    healed = sum(s.healed for s in spots)
    values = {
        "box": f"{x0:g} {y0:g} {x1 - x0:g} {y1 - y0:g}",
        "said": f"Marks of the skin: {len(spots) - healed} kept, {healed} healed",
        "rings": rings,
        "font": f"{font:.1f}",
        "stroke": f"{0.22 * font:.1f}",
    }
    return fill("overlay.svg", values)
