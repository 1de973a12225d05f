"""warmth: warmer or cooler by hand, as the person at the slider likes it."""

from __future__ import annotations

from catchlight.adjustments.edit import Gain
from catchlight.analysis.scene import Scene
from catchlight.params import Params
from catchlight.pixels.tones import WARM


def build(scene: Scene, params: Params) -> Gain | None:
    """By 46 mired warmer at 1 and cooler at -1, as a filter before the lens; luminance is kept.

    It acts on every photo alike: which light a photo was taken in is the question of
    ``white_balance``, what a person likes is not.
    """
    return Gain(WARM[None, None], scene.whole_grid)
