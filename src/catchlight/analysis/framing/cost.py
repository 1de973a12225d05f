"""What speaks against a frame, in one number. docs/framing.md explains each term.

Every term is 1 where a photographer would call the frame a little off, and grows with the square
of the fault: four where it is twice as far off. What must not be (showing what the photo does not
have) is no term but forbidden.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from catchlight.analysis.frame import Crop
from catchlight.analysis.framing.layout import Layout, read_table
from catchlight.arrays import Float

#: Natural logarithm of too tight and of too wide that costs 1. [judgement]
TIGHT, WIDE = 0.18, 0.20
#: Off centre, as a share of the width, that costs 1; and how much more beyond ``FREE``.
CENTRE, FREE, BEYOND = 0.06, 0.07, 0.03
#: Eye line below and above its place, as a share of the height, that costs 1. Above it costs less:
#: a photo with little headroom is framed high rather than tight. [judgement]
EYES_LOW, EYES_HIGH = 0.045, 0.09
#: Headroom over the hair below which something is missed, share of the height, and what costs 1.
HEADROOM, HEADROOM_STEP = 0.035, 0.02
#: Share of the head's silhouette (hair, ears, beard) left out that costs 1: under a millimetre.
HAIR = 0.002
#: Share of the face's box left out that costs 1: hardly any may be.
FACE = 0.004
#: Room below the chin, in heads, what is missed of it (share of the height) that costs 1, and the
#: most it may cost: no hair is cut for a throat.
THROAT, THROAT_STEP, THROAT_MOST = 0.20, 0.04, 4.0
#: How much of the clothes (heads below where they begin) keeps shoulders from looking undressed,
#: what is missed of it (share of the height) that costs 1, and the most it may cost.
DRESS, DRESS_STEP, DRESS_MOST = 0.12, 0.06, 6.0
#: A hand or another's head cut in half by the frame; and shown although the photo cuts it.
HALF, SHOWN = 2.0, 0.7
#: Another person in the frame: a head half as large again as asked costs less.
OTHER = 6.0
#: The circle's radius that the head should keep to, share of the height, and what costs 1.
CIRCLE, CIRCLE_STEP = 0.46, 0.02
#: Headroom that the ideal frame leaves.
_HEADROOM = 0.07


@dataclass(frozen=True)
class Ideal:
    """The frame that the composition asks for.

    Attributes
    ----------
    height : float, plan pixels
    eyes : float, eye line from the top over the height
    """

    height: float
    eyes: float


def find_ideal(layout: Layout, crop: Crop, aspect: float) -> Ideal:
    """Height of the frame and eye line that the composition asks for."""
    head = layout.head
    height = head.height / crop.head
    half_width = max(head.right - head.middle, head.middle - head.left)
    # Tall hair keeps its headroom and wide hair its sides by a larger frame, up to a quarter.
    tall = (head.eyes - head.hair) / (crop.eyes + 0.05 - _HEADROOM)
    height = min(max(height, tall, 2 * half_width / 0.9 / aspect), 1.25 * height)
    eyes = float(np.clip((head.eyes - head.hair) / height + _HEADROOM, crop.eyes, crop.eyes + 0.06))
    if not crop.circle:
        return Ideal(height, eyes)
    x, y = _outline(layout)
    for _ in range(20):
        if np.hypot(x, y - head.eyes + (eyes - 0.5) * height).max() <= CIRCLE * height:
            break
        height *= 1.02
    return Ideal(height, eyes)


def _outline(layout: Layout) -> tuple[Float, Float]:
    """The head's outline as six points about its middle."""
    head = layout.head
    half_width = max(head.right - head.middle, head.middle - head.left)
    brow = head.hair + 0.15 * (head.chin - head.hair)
    x = np.array([0, 0.7, -0.7, 1, -1, 0.45], np.float32) * np.float32(half_width)
    y = np.array([head.hair, brow, brow, head.eyes, head.eyes, head.chin], np.float32)
    return x, y


def _square(value: Float, step: float) -> Float:
    """Squared faults over ``step``, from four steps on in a straight line."""
    q = np.maximum(value, 0) / step
    return np.where(q < 4, q * q, 8 * q - 16)


def measure_cost(
    layout: Layout, crop: Crop, ideal: Ideal, aspect: float, left: Float, top: Float, height: Float
) -> dict[str, Float]:
    """Terms of the cost of frames, by name; arrays of one shape in plan pixels go in and out."""
    head = layout.head
    width = height * aspect
    right, bottom = left + width, top + height
    ratio = np.log(height / ideal.height)
    off = np.abs(left + width / 2 - head.middle) / width
    x0, y0, x1, y1 = layout.box
    shown = np.clip(np.minimum(right, x1) - np.maximum(left, x0), 0, None) * np.clip(
        np.minimum(bottom, y1) - np.maximum(top, y0), 0, None
    )
    lost = 1 - read_table(layout.hair, left, top, right, bottom) / layout.area
    line = (head.eyes - top) / height - ideal.eyes
    terms = {
        "size": np.square(ratio / np.where(ratio < 0, TIGHT, WIDE)),
        "centre": np.square(off / CENTRE) + _square(off - FREE, BEYOND),
        "eye_line": np.square(line / np.where(line > 0, EYES_LOW, EYES_HIGH)),
        "headroom": _square(HEADROOM - (head.hair - top) / height, HEADROOM_STEP),
        "hair": _square(lost, HAIR),
        "face": _square(1 - shown / ((x1 - x0) * (y1 - y0)), FACE),
        "throat": np.minimum(
            _square((head.chin + THROAT * head.height - bottom) / height, THROAT_STEP), THROAT_MOST
        ),
    }
    if layout.neckline is not None:
        missed = (layout.neckline + DRESS * head.height - bottom) / height
        terms["dress"] = np.minimum(_square(missed, DRESS_STEP), DRESS_MOST)
    for piece in layout.pieces:
        share = read_table(piece.table, left, top, right, bottom) / piece.area
        cost = HALF * 4 * share * (1 - share) + (SHOWN if piece.cut else 0.0) * share
        cost = cost if piece.own else cost + OTHER * share
        name = "hands" if piece.own else "others"
        terms[name] = terms.get(name, np.zeros_like(height)) + cost
    if crop.circle:
        terms["circle"] = _miss_circle(layout, left, top, height)
    return terms


def _miss_circle(layout: Layout, left: Float, top: Float, height: Float) -> Float:
    """Cost of a head that leaves the circle of a square frame."""
    x, y = _outline(layout)
    cx = left + height / 2 - layout.head.middle
    cy = top + height / 2
    reach = np.max([np.hypot(a - cx, b - cy) for a, b in zip(x, y, strict=True)], axis=0)
    return _square(reach / height - CIRCLE, CIRCLE_STEP)
