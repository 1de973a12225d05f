"""What an adjustment is, and the two kinds of change it may return."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from catchlight.analysis.scene import Scene
from catchlight.arrays import Float


@dataclass(frozen=True)
class Gain:
    """A change of pixels at full strength, in stops: log2(after / before).

    Attributes
    ----------
    stops : float32
        (H, W) or (H, W, 3) at the frame's size or smaller (a smooth field may be coarse; the
        renderer enlarges it), or (1, 1, 3) for a constant; over the face crop where ``on_chart``.
    on_chart : bool
        Whether the stops lie over the scene's face crop of the face instead of its frame.
    """

    stops: Float
    on_chart: bool = False


@dataclass(frozen=True)
class Warp:
    """A change of geometry at full strength: where each pixel of the result comes from.

    The result at x shows the photo at x + field(x). Fields are scaled by strength and summed, and
    the picture is resampled once; before and after are never cross-faded, which doubles edges.

    Attributes
    ----------
    field : (h, w, 2) float32
        Displacement over the frame, x then y, in millimetres of the face. It is smooth, so it may
        be coarse; the renderer enlarges it. Exactly 0 where nothing moves.
    """

    field: Float


Edit = Gain | Warp


@dataclass(frozen=True)
class Adjustment:
    """A row of the catalogue.

    Attributes
    ----------
    name : str
        What the sitter sees.
    text : str
        One sentence for a person who moves the slider.
    default : float
        Strength in the plain look, ``low``..1.
    region : str
        The region that masks it; a name of ``regions.NAMES``. A warp is ``all``: a mask would
        tear it.
    about_colour : bool
        Whether it may change the colour of a neutral grey.
    build : callable
        Scene -> Gain or Warp at full strength, or None where there is nothing to do.
    low : float
        Least strength: 0, or -1 for a control whose opposite is of use too.
    unit : str
        What its change is measured in: ``stops``, of a warp ``mm`` of the face.
    """

    name: str
    text: str
    default: float
    region: str
    about_colour: bool
    build: Callable[[Scene], Edit | None]
    low: float = 0.0
    unit: str = "stops"
