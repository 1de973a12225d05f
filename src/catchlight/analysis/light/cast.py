"""The judge of casts: whether the light of a portrait has a colour that nobody meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from catchlight.analysis.light.agreement import (
    agree,
    agree_with_room,
    is_opposed,
    let_room_second,
)
from catchlight.analysis.light.anchors import Anchors
from catchlight.analysis.light.tone import SkinTone
from catchlight.analysis.light.toned import is_toned
from catchlight.analysis.light.witnesses import Witness, call_witnesses
from catchlight.analysis.parts.regions import Regions
from catchlight.arrays import Float, Pixels, as_float
from catchlight.names import list_names
from catchlight.pixels import colour, tones

#: Hues that skin has under white light. The means of six measured groups lie at 45 to 59 degrees,
#: individuals vary by 6 to 9 (science.md); flushed and sallow faces reach further. Beyond the wide
#: zone no skin lies, in whatever group.
ZONE, WIDE = (33.0, 65.0), (18.0, 72.0)
#: CIELAB chroma that no skin passes under white light; below the least hue says nothing.
MOST_CHROMA, LEAST_CHROMA = 48.0, 4.0
#: A cast is one from this length of its log ratios on: about 700 K around daylight.
_SEEN = 0.10
#: On skin that could be so, witnesses must agree on more: this is what they are wrong by.
_MILDLY = 0.16
#: Of an impossible cast up to 90 % is taken: the last of it is what witnesses are wrong by.
_SHARES = tuple(float(s) for s in np.linspace(0.1, 0.9, 17))
#: Units of CIELAB from the colours of skin that are as good as none, and by how much the cast may
#: be taken further than to there.
_THERE, _BEYOND = 1.0, 3.0
#: Of a mild one no more than this, and one that would be less than that is none.
_MILD, _LEAST_SHARE = 0.8, 0.05
#: Skin is not drained below this chroma: nine in ten sitters in good light have more.
_PALE = 14.0
#: Where orange light leaves skin a chroma that skin has, so much of it stays: two people's warm
#: skin turned pink and grey at all that the witnesses said, and looked right at half.
_COLOURED = 0.8
#: What a correction of plausible skin may change of it: a share of its chroma, and degrees of hue.
#: Half of what the guard of the skin allows, as other edits change it too.
_CHROMA, _HUE = 0.08, 3.0
#: And a CIEDE2000 of as much: what nobody sees but beside the photo.
_UNSEEN = 1.0


@dataclass(frozen=True)
class Cast:
    """What the judge says.

    Attributes
    ----------
    u, v : float
        ln(R/G) and ln(B/G) of what should be taken from the light; 0, 0 for nothing.
    witnesses : tuple of Witness, all that were called
    agreed : tuple of str, the names of those that agree
    said : str, in words
    impossible : bool
        Whether skin has a colour that no skin has under white light, and two witnesses agree on
        the light, one of which at least is no wall.
    opposed : bool
        Whether the room is clearly of the other tint: what the person's light has too much, the
        room's has too little. Then the cast is the person's alone.
    """

    u: float
    v: float
    witnesses: tuple[Witness, ...]
    agreed: tuple[str, ...]
    said: str
    impossible: bool = False
    opposed: bool = False

    @property
    def gains(self) -> Float | None:
        """(3,) linear gains at equal luminance; None where there is nothing to take."""
        return None if (self.u, self.v) == (0.0, 0.0) else tones.neutralise(self.u, self.v)

    def to_json(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "u": round(self.u, 4),
            "v": round(self.v, 4),
            "impossible": self.impossible,
            "opposed": self.opposed,
            "said": self.said,
            "witnesses": [_row(w, self.agreed) for w in self.witnesses],
        }


def _row(witness: Witness, agreed: tuple[str, ...]) -> dict[str, Any]:
    kept = {"name": witness.name, "agrees": witness.name in agreed, "wall": witness.wall}
    numbers = {k: round(getattr(witness, k), 3) for k in ("u", "v", "sd", "weight")}
    return {**kept, **numbers}


def is_possible(tone: SkinTone) -> bool:
    """Whether skin may have that colour under white light."""
    if tone.pixels == 0 or tone.chroma < LEAST_CHROMA:
        return True
    hue = tone.hue - 360 if tone.hue > 248 else tone.hue
    return WIDE[0] <= hue <= WIDE[1] and tone.chroma <= MOST_CHROMA


def judge_cast(
    pixels: Pixels,
    regions: Regions,
    tone: SkinTone,
    found: Anchors,
    *,
    balance: str | None = None,
) -> Cast:
    """Judge the light's colour by its witnesses, with the skin's own as a veto.

    Skin of an impossible colour is brought back as far as the witnesses say, where two of them
    other than a wall agree, or a clean one and the room. Skin of a colour that skin has moves by
    8 % of its chroma, 3 degrees and a CIEDE2000 of 1 at most, and only towards the hues of skin:
    what is warm was meant to be, as far as anybody can tell.

    Parameters
    ----------
    pixels, regions : the measuring picture and its parts
    tone : SkinTone, of lit skin
    found : Anchors
    balance : {"auto", "manual"} or None, see :func:`witnesses.call_witnesses`
    """
    if tone.pixels == 0 or tone.chroma < LEAST_CHROMA or is_toned(pixels):
        return Cast(0.0, 0.0, (), (), "a black and white or toned picture")
    witnesses = call_witnesses(pixels, regions, found, balance=balance)
    u, v, agreed = agree(witnesses)
    if not is_possible(tone):
        if len(agreed) < 2 or np.hypot(u, v) < _SEEN:
            u, v, agreed = agree_with_room(witnesses)
        else:
            u, v, agreed = let_room_second(witnesses, (u, v, agreed))
    names = tuple(w.name for w in agreed)
    wanted, opposed = _NOTHING, is_opposed(witnesses, u, v)
    if len(agreed) > 1 and np.hypot(u, v) >= _SEEN:
        wanted = _bound(tone, u, v, opposed=opposed)
    return Cast(
        wanted.share * u,
        wanted.share * v,
        witnesses,
        names,
        _say(wanted, tone, u, v, names),
        impossible=wanted.impossible,
        opposed=opposed and wanted.share > 0,
    )


@dataclass(frozen=True)
class _Wanted:
    """How much of what the witnesses say is taken, and why that."""

    share: float
    why: str
    impossible: bool = False


_NOTHING = _Wanted(0.0, "no two witnesses to the light agree on a cast")


def _bound(tone: SkinTone, u: float, v: float, *, opposed: bool) -> _Wanted:
    """What the skin's own colour lets be taken of a cast that the witnesses agree on.

    All of it only where the room does not look ``opposed``, else as far as to the colours of skin.
    """
    lab = as_float([tone.lightness, tone.a, tone.b])
    if not is_possible(tone):
        shares = [s for s in _SHARES if _nearer(tone, u, v, s)]
        if not shares:
            return _Wanted(0.0, "skin has an impossible colour, which the witnesses do not explain")
        # Once skin has a colour of skin again, witnesses have only a little more to say.
        there = [s for s in shares if _off(_after(lab, s * u, s * v)) < _THERE]
        beyond = 1.0 if opposed else _BEYOND
        share = min(max(shares), beyond * there[0]) if there else max(shares)
        return _Wanted(share, "no skin has that colour under white light", impossible=True)
    # Warm and possible is what many mean; cool, green and magenta skin hardly anybody.
    if _is_warm(u, v) and tone.hue <= ZONE[1]:
        return _Wanted(0.0, "warm light, which may be meant")
    share = _MILD if np.hypot(u, v) >= _MILDLY else 0.0
    while share > _LEAST_SHARE and not _within(lab, _after(lab, share * u, share * v)):
        share *= 0.9
    if share <= _LEAST_SHARE or _off(_after(lab, share * u, share * v)) > _off(lab):
        return _Wanted(0.0, "skin has a colour of skin")
    return _Wanted(share, "skin moves within its bounds")


def _nearer(tone: SkinTone, u: float, v: float, share: float) -> bool:
    """Whether skin of an impossible colour came nearer to the colours of skin, and was not drained.

    A cast that adds colour has colour to give back; a complexion that is left ash-grey was not the
    light's to take.
    """
    before = as_float([tone.lightness, tone.a, tone.b])
    now = _after(before, share * u, share * v)
    floor = min(0.9 * tone.chroma, _PALE)
    if _is_warm(u, v) and tone.chroma <= MOST_CHROMA:
        floor = max(floor, _COLOURED * tone.chroma)
    return _off(now) <= _off(before) and float(np.hypot(now[1], now[2])) >= floor


def _within(before: Float, now: Float) -> bool:
    """Whether plausible skin moved no further than a correction may move it."""
    chroma = float(np.hypot(now[1], now[2]) / np.hypot(before[1], before[2])) - 1
    turned = (float(colour.lab_to_hue(now) - colour.lab_to_hue(before)) + 180) % 360 - 180
    seen = float(colour.ciede2000(before, now))
    return abs(chroma) <= _CHROMA and abs(turned) <= _HUE and seen <= _UNSEEN


def _after(lab: Float, u: float, v: float) -> Float:
    """CIELAB (3,) of a colour when u, v are taken from its light."""
    return as_float(colour.p3_to_lab(colour.lab_to_p3(lab[None]) * tones.neutralise(u, v))[0])


def _off(lab: Float) -> float:
    """How far a colour is from the colours of skin, in units of CIELAB."""
    hue = float(colour.lab_to_hue(lab))
    hue = hue - 360 if hue > 248 else hue
    chroma = float(np.hypot(lab[1], lab[2]))
    middle = np.radians(np.clip(hue, *ZONE))
    near = np.clip(chroma, 0, 40) * np.array([np.cos(middle), np.sin(middle)])
    return float(np.hypot(lab[1] - near[0], lab[2] - near[1]))


def _say(wanted: _Wanted, tone: SkinTone, u: float, v: float, names: tuple[str, ...]) -> str:
    if wanted is _NOTHING:
        return wanted.why
    return (
        f"the light is {_name(u, v)}, {list_names(names)} agree; "
        f"the skin's hue is {tone.hue:.0f} degrees and its chroma {tone.chroma:.0f}: {wanted.why}"
    )


def _is_warm(u: float, v: float) -> bool:
    return u - v > abs(u + v)


def _name(u: float, v: float) -> str:
    warm, green = u - v, -(u + v)
    if abs(green) > abs(warm):
        return "green" if green > 0 else "magenta"
    return "orange" if warm > 0 else "blue"
