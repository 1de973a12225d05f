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
#: A colour is offered where no more than this share of the ground near the sitter is within so much
#: of it (CIEDE2000), and its middle is further away than the third [judgement].
_SHARE, _NEAR, _CLEAR = 0.06, 15.0, 20.0
#: It is said to stand out from the face where this CIEDE2000 lies between it and the face's middle,
#: the second between it and nine in ten of the face's tones, lit and shaded, and its L* lies so far
#: beyond nine in ten of them: a plum within the shades of a brown face, a black within those of a
#: very dark one do not, though they are far from its middle [judgement].
_FACE, _TONES, _BEYOND, _TENTH = 26.0, 18.0, 6.0, 10.0
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
    clear : bool, whether it stands out from all of the ground near the sitter, and is no skin's
    apart : bool, whether it stands out from the face, too, lit and shaded, in hue and lightness
    """

    name: str
    rgb: str
    score: float
    ground: float | None
    face: float | None
    lightness: float | None
    clear: bool = True
    apart: bool = True


def rank_options(
    lab: Mapping[str, Float],
    names: tuple[str, ...],
    *,
    around: Float | None = None,
    tones: Float | None = None,
) -> tuple[Option, ...]:
    """Rank cloths by contrast with the ground and the face of one picture.

    A cloth has to stand off the ground in lightness or hue and must not look like skin. How much
    lighter or darker than the face it is does not count: that is the light's doing as much as
    theirs. Ties keep the trade's own order.

    Parameters
    ----------
    lab : mapping of ``face``, ``ground`` and others to (3,) CIELAB
    names : tuple of names of the palette
    around : (n, 3) CIELAB, optional
        The ground near the sitter, place by place.
    tones : (n, 3) CIELAB, optional
        The face, place by place; the face's middle where they are not known.
    """
    found = []
    if tones is None:
        tones = lab["face"][None] if "face" in lab else np.zeros((0, 3), np.float32)
    for name in names:
        own = colour.hex_to_lab(PALETTE[name])
        off = {k: float(colour.ciede2000(own, lab[k])) for k in lab}
        score, light = 1.0, None
        if "ground" in lab:
            light = float(own[0] - lab["ground"][0])
            score *= max(ramp(abs(light), 4, _STANDS), 0.8 * ramp(off["ground"], 8, 35))
        if "face" in lab:
            score *= ramp(off["face"], 5, _APART)
        clear = "face" in lab and off["face"] > _APART and off.get("ground", 99.0) > _CLEAR
        clear = clear and (light is None or abs(light) > _STEP or off["ground"] > _FAR)
        clear = clear and _is_off_ground(own, around)
        apart = off.get("face", 0.0) > _FACE and _is_off_face(own, tones)
        where = off.get("ground"), off.get("face"), light
        found.append(Option(name, PALETTE[name], score, *where, bool(clear), bool(apart)))
    # Steps of a twentieth: less is no difference that an eye would see.
    return tuple(sorted(found, key=lambda o: -round(20 * o.score)))


def _is_off_ground(own: Float, around: Float | None) -> bool:
    """Whether a colour stands out from all of the ground near the sitter; true where none is."""
    if around is None or not len(around):
        return True
    spread = colour.ciede2000(np.broadcast_to(own, around.shape), around)
    step = np.abs(own[0] - around[:, 0])
    like = (step < _LEVEL) | ((step < _EVEN) & (spread < _HUE))
    return float((spread < _NEAR).mean()) < _SHARE and float(like.mean()) < _LIKE


def _is_off_face(own: Float, tones: Float) -> bool:
    """Whether a colour stands out from the face, lit and shaded, by lightness and in all."""
    if not len(tones):
        return False
    spread = colour.ciede2000(np.broadcast_to(own, tones.shape), tones)
    dark, lit = np.percentile(tones[:, 0], (_TENTH, 100 - _TENTH))
    beyond = max(dark - float(own[0]), float(own[0]) - lit)
    return float(np.percentile(spread, _TENTH)) > _TONES and beyond > _BEYOND


def choose_offered(options: tuple[Option, ...], worn: Float | None) -> tuple[Option, ...]:
    """The best two that stand out clearly and are not what is worn already; none where none does.

    Where one stands out from the face, too, none is named that does not.

    Parameters
    ----------
    options : tuple of Option, ranked
    worn : (3,) CIELAB, optional
        The largest cloth, where it is surely seen.
    """
    found: list[Option] = []
    for option in options:
        own = colour.hex_to_lab(option.rgb)
        same = worn is not None and float(colour.ciede2000(own, worn)) < _WORN
        if option.clear and not same:
            found.append(option)
    apart = [option for option in found if option.apart]
    return tuple((apart or found)[:2])
