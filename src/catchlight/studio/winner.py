"""Which variant wins: recognisable first; where that ties, polish and the setting's intent."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from catchlight.likeness.observation import Observation
from catchlight.look import Look
from catchlight.measured import measured_once
from catchlight.results import Variant
from catchlight.setting import Setting
from catchlight.studio.session import Session

#: Points of polish that no eye tells apart.
_SAME_POLISH = 2.0
#: How far another choice than the setting's own lies from its intent, in places of the dial.
_OTHERWISE = 0.2


def mark_front(variants: Sequence[Variant]) -> list[Variant]:
    """Mark what no other variant beats in both authenticity and polish."""

    def beaten(v: Variant) -> bool:
        a, p = v.authenticity, v.polish
        if a is None or p is None:
            return True
        for o in variants:
            oa, op = o.authenticity, o.polish
            if oa is not None and op is not None and oa >= a and op >= p and (oa > a or op > p):
                return True
        return False

    return [replace(v, on_front=not beaten(v)) for v in variants]


@dataclass(frozen=True)
class Choice:
    """Which variant wins, and what decided it.

    Attributes
    ----------
    winner : Variant or None, where the likeness cannot be judged
    tied : tuple of int, numbers of those that are as like the person within the measure's noise
    by_polish : bool, whether among those the most polished was taken; else what is nearest to the
        setting's own choices
    short : bool, whether none reaches the polish that the setting wants
    median : float, of all distances
    """

    winner: Variant | None
    tied: tuple[int, ...] = ()
    by_polish: bool = False
    short: bool = False
    median: float = 0.0

    def say(self, setting: Setting, photos: int) -> str:
        """Why it is that one, in a sentence; ``photos`` it was measured against."""
        win = self.winner
        if win is None:
            return "no winner: the likeness cannot be judged on this photo"
        wanted = f"the polish of {setting.polish_floor:.0f} that {setting.name} wants"
        note = f" (none reaches {wanted})" if self.short else ""
        seen = "the photo" if photos == 1 else f"all {photos} photos"
        figures = f"authenticity {win.authenticity:.0f}, polish {win.polish or 0:.0f}"
        if len(self.tied) == 1:
            return (
                f"variant {win.number} is the most like the person among those polished "
                f"enough{note}: distance {win.likeness:.3f} to {seen} "
                f"(median of all {self.median:.3f}), {figures}"
            )
        listed = ", ".join(str(number) for number in self.tied)
        why = f"variants {listed} are equally like the person, within the measure's noise{note}; "
        if self.by_polish:
            why += f"of them {win.number} is the most polished"
        else:
            why += f"of those as polished, {win.number} is nearest to what {setting.name} asks for"
        return f"{why}: distance {win.likeness:.3f} to {seen}, {figures}"


def choose(
    variants: Sequence[Variant], setting: Setting, *, noise: float, photos: int
) -> tuple[int | None, str]:
    """Choose as :func:`decide` does; say why, for ``photos`` it was measured against.

    Returns
    -------
    the winner's number or None, and the reason
    """
    found = decide(variants, setting, noise=noise)
    number = None if found.winner is None else found.winner.number
    return number, found.say(setting, photos)


def decide(variants: Sequence[Variant], setting: Setting, *, noise: float) -> Choice:
    """Choose the most recognisable above the setting's floors.

    Parameters
    ----------
    variants : sequence of Variant
    setting : Setting, its floors and its intent
    noise : float
        Likenesses that differ by less are a tie: it is said, and goes to the more polished; where
        polish ties as well, to what is nearest to the setting's own choices.
    """
    known = [v for v in variants if v.likeness is not None and v.authenticity is not None]
    if not known:
        return Choice(None)
    fit = [v for v in known if (v.polish or 0) >= setting.polish_floor]
    short = not fit
    if short:
        top = max(v.polish or 0 for v in known)
        fit = [v for v in known if (v.polish or 0) >= top - 3]
    fit = [v for v in fit if (v.authenticity or 0) >= setting.authenticity_floor] or fit
    best = min(v.likeness or 0.0 for v in fit)
    tied = [v for v in fit if (v.likeness or 0.0) <= best + noise]
    finest = max(v.polish or 0.0 for v in tied)
    alike = [v for v in tied if (v.polish or 0.0) >= finest - _SAME_POLISH]
    win = min(alike, key=lambda v: (_stray(v, setting), -(v.polish or 0), -(v.authenticity or 0)))
    median = statistics.median(v.likeness or 0.0 for v in known)
    return Choice(win, tuple(v.number for v in tied), len(alike) == 1, short, median)


def _stray(variant: Variant, setting: Setting) -> float:
    """How far a variant lies from the setting's own choices, in places of the dial."""
    return abs(variant.dial - setting.polish) + _OTHERWISE * len(variant.values)


def measure_likeness(
    room: Session, look: Look, others: Sequence[Observation] | None = None
) -> float | None:
    """Mean identity distance of a look to the photo itself and to the person's other photos.

    ``others``: by default the session's own. None where no face is found in the look.
    """
    identity = room.identity(look)
    if identity is None:
        return None
    seen = [room.before, *(room.others if others is None else others)]
    return float(np.mean([np.linalg.norm(identity - w.identity) for w in seen]))


@measured_once
def harmless(room: Session) -> float:
    """The identity distance that a harmless change costs on this photo: a shift by 2 pixels."""
    before = room.before
    moved = np.roll(before.pixels, 2, axis=1)
    other = Observation("moved", moved, before.face, before.source_ied)
    return float(np.linalg.norm(other.identity - before.identity))
