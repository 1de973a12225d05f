"""The trade's colours ranked by how they stand off one picture's ground, face and hair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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

#: Score under which even the best option hardly stands off [judgement].
_WEAK = 0.3


@dataclass(frozen=True)
class Option:
    """A colour of the trade, by how it stands off what is in the picture.

    Attributes
    ----------
    name, rgb : str
    score : float, 0..1
    ground, face, hair : float or None, CIEDE2000
    lightness : float or None, L* from the ground
    """

    name: str
    rgb: str
    score: float
    ground: float | None
    face: float | None
    hair: float | None
    lightness: float | None


def rank_options(lab: Mapping[str, Float], names: tuple[str, ...]) -> tuple[Option, ...]:
    """Rank cloths by contrast with the ground, the face and the hair of one picture.

    A cloth has to stand off the ground in lightness or hue, must not look like skin, and should not
    be so far from the face in lightness that it is seen first. Ties keep the trade's own order.
    """
    found = []
    for name in names:
        own = colour.hex_to_lab(PALETTE[name])
        off = {k: float(colour.ciede2000(own, lab[k])) for k in lab if k != "cloth"}
        score, light = 1.0, None
        if "ground" in lab:
            light = float(own[0] - lab["ground"][0])
            score *= max(ramp(abs(light), 4, _STANDS), 0.8 * ramp(off["ground"], 8, 35))
        if "face" in lab:
            light_off = float(own[0] - lab["face"][0])
            pull = max(ramp(light_off, *BRIGHTER), ramp(-light_off, *_DARKER))
            score *= ramp(off["face"], 5, _APART) * (1 - 0.4 * pull)
        if "hair" in lab:
            score *= 0.85 + 0.15 * ramp(off["hair"], 4, 20)
        row = Option(
            name, PALETTE[name], score, off.get("ground"), off.get("face"), off.get("hair"), light
        )
        found.append(row)
    # Steps of a twentieth: less is no difference that an eye would see.
    return tuple(sorted(found, key=lambda o: -round(20 * o.score)))


def say_options(options: tuple[Option, ...], setting: str, ground: str) -> str:
    """Say the best three in a sentence; their figures are the options' own."""
    names = [o.name.replace("-", " ") for o in options[:3]]
    told = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    usual = "usual colours" if setting == "default" else f"colours usual for {setting}"
    if options[0].score < _WEAK:
        return f"Of the {usual} none stands far off {ground}; {told} do best."
    return f"Of the {usual}, {told} stand off best from {ground} and from your face and hair here."
