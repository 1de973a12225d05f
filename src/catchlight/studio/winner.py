"""Which variant wins: recognisable first; where that ties, polish and the setting's intent."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace

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


def choose(
    variants: Sequence[Variant], setting: Setting, *, noise: float, photos: int
) -> tuple[int | None, str]:
    """Choose the most recognisable above the setting's floors; say why.

    Parameters
    ----------
    variants : sequence of Variant
    setting : Setting, its floors and its intent
    noise : float
        Likenesses that differ by less are a tie: it is said, and goes to the more polished; where
        polish ties as well, to what is nearest to the setting's own choices.
    photos : int
        How many photos the likeness was measured against.

    Returns
    -------
    the winner's number or None, and the reason
    """
    known = [v for v in variants if v.likeness is not None and v.authenticity is not None]
    if not known:
        return None, "no winner: the likeness cannot be judged on this photo"
    fit = [v for v in known if (v.polish or 0) >= setting.polish_floor]
    note = ""
    if not fit:
        top = max(v.polish or 0 for v in known)
        note = f" (none reaches the polish of {setting.polish_floor:.0f} that {setting.name} wants)"
        fit = [v for v in known if (v.polish or 0) >= top - 3]
    fit = [v for v in fit if (v.authenticity or 0) >= setting.authenticity_floor] or fit
    best = min(v.likeness or 0.0 for v in fit)
    tied = [v for v in fit if (v.likeness or 0.0) <= best + noise]
    finest = max(v.polish or 0.0 for v in tied)
    alike = [v for v in tied if (v.polish or 0.0) >= finest - _SAME_POLISH]
    win = min(alike, key=lambda v: (_stray(v, setting), -(v.polish or 0), -(v.authenticity or 0)))
    seen = "the photo" if photos == 1 else f"all {photos} photos"
    median = statistics.median(v.likeness or 0.0 for v in known)
    figures = f"authenticity {win.authenticity:.0f}, polish {win.polish or 0:.0f}"
    if len(tied) == 1:
        return win.number, (
            f"variant {win.number} is the most like the person among those polished enough{note}: "
            f"distance {win.likeness:.3f} to {seen} (median of all {median:.3f}), {figures}"
        )
    listed = ", ".join(str(v.number) for v in tied)
    why = f"variants {listed} are equally like the person, within the measure's noise{note}; "
    if len(alike) == 1:
        why += f"of them {win.number} is the most polished"
    else:
        why += f"of those as polished, {win.number} is nearest to what {setting.name} asks for"
    return win.number, f"{why}: distance {win.likeness:.3f} to {seen}, {figures}"


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
