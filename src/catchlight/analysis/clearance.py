"""Clearance: how far a place of the picture stands clear of the sitter."""

from __future__ import annotations

import numpy as np

from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, as_float
from catchlight.pixels import filters

#: Millimetres over which it sets in beside the outline. Over 5 and more, pale walls kept a glow
#: round the head, which looked like a poor cut-out where there was none.
_SOFT = 2.0
#: Soundness of the cut-out below which half of it is done, and from which on all.
_DOUBTED, _SURE = 0.3, 0.8


def stand_clear(scene: Scene) -> Float:
    """How far a place of the measuring picture stands clear of the sitter, (h, w) in 0..1.

    0 at the outline and 1 from 2 mm on, times the trust that the cut-out deserves.
    """
    person = scene.regions["person"]
    near = filters.blur(person, 0.5 * _SOFT * scene.small_face.px_per_mm)
    trust = filters.smoothstep(as_float([[scene.soundness.score]]), _DOUBTED, _SURE)
    return as_float((0.5 + 0.5 * trust) * np.clip(1 - 1.2 * near, 0, 1))
