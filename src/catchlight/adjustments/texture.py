"""texture: more or less contrast of the skin's fine detail, within the limits of what is real."""

from __future__ import annotations

import numpy as np

from catchlight.adjustments.edit import Gain
from catchlight.analysis.scene import Scene
from catchlight.arrays import as_float
from catchlight.params import Params
from catchlight.pixels import bands, colour, powers

#: Share of bands T (pores, fine lines), M1 (lumps, lines) and M2 (puffiness) that strength 1 adds
#: and -1 takes: at -1 as much as a print retoucher softens and no more, half of the relief left in
#: the worst quarter of the skin. Only the last fifth of the dial asks for it. The Gaussian bands
#: overlap, so M1 also moves T a little.
_SHARES = {"T": 0.32, "M1": 0.60, "M2": 0.50}
#: Detail beyond this many spreads is no texture but an edge, a fold or a mark.
_EDGE = 3.0


def build(scene: Scene, params: Params) -> Gain | None:
    """A linear change of fine contrast in log luminance, the same gain on all channels.

    Bands T (0.12 to 0.30 mm), M1 (0.30 to 0.9 mm) and M2 (0.9 to 2.8 mm) inside skin; what exceeds
    three of the sitter's own spreads stays, so that no edge gets a halo and no line is erased.
    Detail below 0.12 mm and form are not touched: it never gets waxy. Cost: about 190 ms at a face
    of 250 pixels between the eyes and beyond.
    """
    face_crop = scene.face_crop
    mask = face_crop.regions["skin"]
    if (mask > 0.5).sum() < 100:
        return None
    y = powers.log2(np.maximum(colour.luminance(face_crop.pixels), 2.0**-10))
    found = bands.split(y, mask, face_crop.px_per_mm)
    stops = np.zeros_like(y)
    for name, share in _SHARES.items():
        spread = bands.spread_of(found[name], mask)
        if spread > 0:
            stops += share * bands.limit(found[name], _EDGE * spread)
    if float(np.abs(stops[mask > 0.5]).max(initial=0)) < 0.002:
        return None
    return Gain(as_float(stops), scene.face_grid)
