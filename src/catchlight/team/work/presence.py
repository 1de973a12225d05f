"""Presence: what makes portraits on one page look like one company, measured on a picture.

Of each person only what a page has in common is measured: the backdrop, the side and the strength
of the key light, contrast, sharpness. Their tone is their own and is not looked at.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.light.toned import is_grey, measure_chroma
from catchlight.analysis.quality import estimate_sharpness
from catchlight.arrays import Float, Mask, Pixels
from catchlight.pixels import colour

#: Where no person is.
_EMPTY = 0.02
#: Percentiles between which the light on the face is reckoned: beyond them lie glare and brows.
_LOW, _HIGH = 10.0, 90.0


@dataclass(frozen=True)
class Presence:
    """What a portrait shares with the others on its page.

    Attributes
    ----------
    head : float, chin to crown over the height
    eyes : float, eye line from the top over the height
    backdrop : (L*, a*, b*) behind the head, the median; None where nothing of it shows
    unrest : float or None, standard deviation of the backdrop's L*
    key : float, stops that the right half of the face is brighter than the left, as one looks at it
    contrast : float, stops between the bright and the dark tenth of the face's skin
        Told, and never held against anybody: gloss and beards widen it, and gloss shows more on
        dark skin.
    sharpness : float or None, width of edges in mm of the face; smaller is sharper
    chroma : float or None, CIELAB, of the face's skin, the median
        Only whether there is any: how much is the person's own.
    """

    head: float
    eyes: float
    backdrop: tuple[float, float, float] | None
    unrest: float | None
    key: float
    contrast: float
    sharpness: float | None
    chroma: float | None = None

    @property
    def is_coloured(self) -> bool:
        """Whether its skin is in colour, and not black and white."""
        return not is_grey(self.chroma)

    @property
    def ratio(self) -> float:
        """Stops between the two halves of the face: how uneven the light is, whatever the skin."""
        return abs(self.key)

    def to_json(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return asdict(self)


def measure_presence(
    pixels: Pixels, face: Face, skin: Mask, person: Mask, *, head: float, eyes: float
) -> Presence:
    """Measure a picture.

    Parameters
    ----------
    pixels : (h, w, 3) linear P3, a few hundred pixels large
    face : Face in its pixels
    skin, person : (h, w) 0..1
    head, eyes : float, of the frame; see :class:`Presence`
    """
    ground = _find_backdrop(pixels, face, person)
    lab = colour.p3_to_lab(ground) if len(ground) else None
    stops = np.log2(np.maximum(colour.luminance(pixels), 1e-4))
    lit = stops[skin > 0.5]
    low, high = np.percentile(lit, [_LOW, _HIGH]) if lit.size else (0.0, 0.0)
    sharp = estimate_sharpness(pixels, face)
    middle = None if lab is None else np.median(lab, axis=0)
    return Presence(
        head,
        eyes,
        None if middle is None else (float(middle[0]), float(middle[1]), float(middle[2])),
        None if lab is None else float(lab[..., 0].std()),
        _measure_key(stops, face, skin),
        float(high - low),
        float(sharp) if np.isfinite(sharp) else None,
        measure_chroma(pixels[skin > 0.5]),
    )


def _find_backdrop(pixels: Pixels, face: Face, person: Mask) -> Float:
    """The pixels (n, 3) behind the head; below the chin are shoulders, and the shade they throw."""
    below = int(np.clip(face.points[CHIN, 1], 1, pixels.shape[0]))
    return pixels[:below][person[:below] < _EMPTY]


def _measure_key(stops: Float, face: Face, skin: Mask) -> float:
    """Stops that the half of the face on the viewer's right is brighter than the other."""
    middle, chin = face.eyes.mean(0), face.points[CHIN]
    down = (chin - middle) / max(float(np.linalg.norm(chin - middle)), 1e-6)
    y, x = np.mgrid[0 : stops.shape[0], 0 : stops.shape[1]].astype(np.float32)
    # Across the face's own axis: positive to the viewer's right of the nose.
    across = (x - middle[0]) * down[1] - (y - middle[1]) * down[0]
    right, left = (skin > 0.5) & (across > 0), (skin > 0.5) & (across < 0)
    if right.sum() < 20 or left.sum() < 20:
        return 0.0
    return float(stops[right].mean() - stops[left].mean())
