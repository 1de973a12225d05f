"""ground_warmth: warmer or cooler light on what stands behind a sitter."""

from __future__ import annotations

from catchlight.adjustments.edit import Gain
from catchlight.analysis.clearance import stand_clear
from catchlight.analysis.scene import Scene
from catchlight.arrays import as_float
from catchlight.params import Params
from catchlight.pixels.tones import WARM


def build(scene: Scene, params: Params) -> Gain | None:
    """By 46 mired warmer at 1 and cooler at -1, as a gel on the background's lamp.

    The sitter's colours stay: see :func:`~catchlight.analysis.clearance.stand_clear`. Luminance of
    greys is kept.

    Notes
    -----
    Painted paper has the setting's own colour and is not touched. Cost: about 5 ms.
    """
    clear = stand_clear(scene)
    if float(clear.max(initial=0)) < 0.05:
        return None
    return Gain(as_float(WARM * clear[..., None]), scene.measuring_grid)
