"""teeth: a little less yellow, hardly brighter; gums and lips stay bit for bit."""

from __future__ import annotations

import numpy as np

from catchlight.adjustments.edit import Gain
from catchlight.analysis.scene import Scene
from catchlight.params import Params
from catchlight.pixels import blend, colour

#: The index of whiteness WI_D = 0.511 L* - 2.324 a* - 1.100 b* (Perez 2016) may rise by 2.6, the
#: limit of what observers accept; 0.7 is what they notice. 1.9 * 1.100 + 0.9 * 0.511 = 2.55.
_LESS_YELLOW, _LIGHTER = 1.9, 0.9
#: Part of the yellow above the least b* that may go, before the cap above.
_SHARE = 0.35
#: Teeth of b* under 2 are the blue of a bleach; L* 92 is the lightest shade of a guide.
_LEAST_B, _MOST_L = 2.0, 92.0
_LEAST_PIXELS = 40


def build(scene: Scene, params: Params) -> Gain | None:
    """Take b* down by at most 1.9 and L* up by at most 0.9; a* stays.

    Form, translucency and the differences between teeth stay: the change is near constant. None
    where under 40 pixels of teeth show. Cost: a few ms.
    """
    face_crop = scene.face_crop
    teeth = face_crop.regions["teeth"] > 0
    if (face_crop.regions["teeth"] > 0.5).sum() < _LEAST_PIXELS:
        return None
    lab = face_crop.lab[teeth]
    yellow = np.maximum(lab[:, 2] - _LEAST_B, 0)
    after = lab.copy()
    after[:, 2] -= np.minimum(_SHARE * yellow, _LESS_YELLOW)
    # Room to white fades over the last 9 L*; a tooth without yellow is not made lighter either.
    room = np.clip((_MOST_L - lab[:, 0]) / 9, 0, 1) * np.clip(yellow / 4, 0, 1)
    after[:, 0] += _LIGHTER * room
    # In the dark between teeth a step of L* would be a large ratio.
    fade = np.clip(lab[:, 0] / 40, 0, 1)[:, None]
    change = colour.lab_to_p3((lab + fade * (after - lab))[None])[0]
    e = blend.EPSILON
    stops = np.zeros_like(face_crop.pixels)
    stops[teeth] = np.log2((np.maximum(change, 0) + e) / (face_crop.pixels[teeth] + e))
    if float(np.abs(stops).max()) < 0.02:
        return None
    return Gain(stops, scene.face_grid)
