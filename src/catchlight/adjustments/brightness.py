"""brightness: lighter or darker by hand, as the person at the slider likes it."""

from __future__ import annotations

from catchlight.adjustments.edit import Gain
from catchlight.analysis.scene import Scene
from catchlight.params import Params
from catchlight.pixels import tones

#: Stops at full strength: what one click of a camera's compensation dial gives three times over,
#: and more than anybody asks of a photo that was exposed as meant.
_MOST = 1.0


def build(scene: Scene, params: Params) -> Gain | None:
    """One stop up at 1 and down at -1; white stays white, hue stays, black stays black.

    It acts on every photo alike and asks nothing of it: whether a photo was exposed as meant is
    the question of ``exposure``, what a person likes is not.
    """
    return Gain(tones.lift(scene.luminance, _MOST), scene.frame_grid)
