"""The trade's colours ranked by how they stand off one picture's ground and face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from catchlight.analysis.wardrobe.palette import PALETTE
from catchlight.arrays import Float
from catchlight.pixels import colour
from catchlight.pixels.filters import ramp

#: L* from the ground from which nothing is gained by more [judgement].
_STANDS = 30.0
#: CIEDE2000 from the face from which a cloth does not look like skin [judgement].
_APART = 18.0
#: L* between cloth and face from which the cloth, not the face, is what is seen first: the eye goes
#: to what is brighter sooner than to what is darker [judgement].
BRIGHTER, _DARKER = (16.0, 42.0), (50.0, 75.0)
#: A colour is offered where no more than this share of the ground near the sitter is within so much
#: of it (CIEDE2000), and its middle and the face are further away than the others [judgement].
_SHARE, _NEAR, _CLEAR, _FACE = 0.06, 15.0, 20.0, 26.0
#: Two dark hues are told apart as patches, not at an edge: the ground has to be so far away in L*
#: too, or much further in all [judgement].
_STEP, _FAR = 14.0, 34.0
#: A small picture keeps lightness before hue: so much of the ground at the most may be nearer in L*
#: than the second, or nearer than the third without being as far in CIEDE2000 as the fourth. A
#: tenth of all of it is a fifth of what lies beside one shoulder [judgement].
_LIKE, _LEVEL, _EVEN, _HUE = 0.1, 8.0, 18.0, 45.0
#: CIEDE2000 within which a colour is what is worn already, and no advice.
_WORN = 14.0


@dataclass(frozen=True)
class Option:
    """A colour of the trade, by how it stands off what is in the picture.

    Attributes
    ----------
    name, rgb : str
    score : float, 0..1
    ground, face : float or None, CIEDE2000
    lightness : float or None, L* from the ground
    clear : bool, whether it stands out from all of the ground near the sitter and from the face
    """

    name: str
    rgb: str
    score: float
    ground: float | None
    face: float | None
    lightness: float | None
    clear: bool = True


def rank_options(
    lab: Mapping[str, Float], names: tuple[str, ...], *, around: Float | None = None
) -> tuple[Option, ...]:
    """Rank cloths by contrast with the ground and the face of one picture.

    A cloth has to stand off the ground in lightness or hue, must not look like skin, and should not
    be so far from the face in lightness that it is seen first. Ties keep the trade's own order.

    Parameters
    ----------
    lab : mapping of ``face``, ``ground`` and others to (3,) CIELAB
    names : tuple of names of the palette
    around : (n, 3) CIELAB, optional
        The ground near the sitter, place by place.
    """
    found = []
    for name in names:
        own = colour.hex_to_lab(PALETTE[name])
        off = {k: float(colour.ciede2000(own, lab[k])) for k in lab}
        score, light = 1.0, None
        if "ground" in lab:
            light = float(own[0] - lab["ground"][0])
            score *= max(ramp(abs(light), 4, _STANDS), 0.8 * ramp(off["ground"], 8, 35))
        if "face" in lab:
            light_off = float(own[0] - lab["face"][0])
            pull = max(ramp(light_off, *BRIGHTER), ramp(-light_off, *_DARKER))
            score *= ramp(off["face"], 5, _APART) * (1 - 0.4 * pull)
        clear = "face" in lab and off["face"] > _FACE and off.get("ground", 99.0) > _CLEAR
        clear = clear and (light is None or abs(light) > _STEP or off["ground"] > _FAR)
        if around is not None and len(around):
            spread = colour.ciede2000(np.broadcast_to(own, around.shape), around)
            clear = clear and float((spread < _NEAR).mean()) < _SHARE
            step = np.abs(own[0] - around[:, 0])
            like = (step < _LEVEL) | ((step < _EVEN) & (spread < _HUE))
            clear = clear and float(like.mean()) < _LIKE
        row = Option(
            name, PALETTE[name], score, off.get("ground"), off.get("face"), light, bool(clear)
        )
        found.append(row)
    # Steps of a twentieth: less is no difference that an eye would see.
    return tuple(sorted(found, key=lambda o: -round(20 * o.score)))


def choose_offered(options: tuple[Option, ...], worn: Float | None) -> tuple[str, ...]:
    """The best two that stand out clearly and are not what is worn already; none where none does.

    Parameters
    ----------
    options : tuple of Option, ranked
    worn : (3,) CIELAB, optional
        The largest cloth, where it is surely seen.
    """
    found: list[str] = []
    for option in options:
        own = colour.hex_to_lab(option.rgb)
        same = worn is not None and float(colour.ciede2000(own, worn)) < _WORN
        if option.clear and not same:
            found.append(option.name)
    return tuple(found[:2])
