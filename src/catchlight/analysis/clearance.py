"""Clearance: how far a place of the picture stands clear of the sitter."""

from __future__ import annotations

import numpy as np

from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, as_float
from catchlight.measured import measured_once
from catchlight.pixels import filters

#: Millimetres over which it sets in beside the outline. Over 5 and more, pale walls kept a glow
#: round the head, which looked like a poor cut-out where there was none.
_SOFT = 2.0
#: Soundness of the cut-out below which half of it is done, and from which on all.
_DOUBTED, _SURE = 0.3, 0.8


#: Millimetres into the sitter over which shade fades: as a lens's own falloff does, it crosses the
#: outline. Where it stopped there, pixels that are half wall stayed pale: a rim round ears and
#: shoulders, which a reader who saw only the pictures named.
_INTO = 3.0


@measured_once
def stand_clear(scene: Scene) -> Float:
    """How far a place of the measuring picture stands clear of the sitter, (h, w) in 0..1.

    0 at the outline and 1 from 2 mm on, times the trust that the cut-out deserves.
    """
    return as_float(_trust(scene) * np.clip(1 - 1.2 * _near(scene, _SOFT), 0, 1))


def lie_in_shade(scene: Scene) -> Float:
    """Where shade behind the sitter lies, (h, w) in 0..1: whole up to the outline.

    It fades over the outermost 3 mm of the sitter, times the trust that the cut-out deserves.
    """
    return as_float(_trust(scene) * filters.smoothstep(1 - _near(scene, _INTO), 0.0, 0.5))


def _near(scene: Scene, reach: float) -> Float:
    """How near the sitter is, (h, w): 0.5 at the outline, 1 ``reach`` millimetres inside."""
    return filters.blur(scene.regions["person"], 0.5 * reach * scene.small_face.px_per_mm)


def _trust(scene: Scene) -> Float:
    doubt = filters.smoothstep(as_float([[scene.soundness.score]]), _DOUBTED, _SURE)
    return as_float(0.5 + 0.5 * doubt)
