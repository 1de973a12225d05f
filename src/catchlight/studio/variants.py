"""``explore``: variants of one photo side by side, and the one that is most the person."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from catchlight.analysis.subject import Subject, open_subject
from catchlight.errors import LookError
from catchlight.images import Picture
from catchlight.likeness.observation import Observation, observe_photo, observe_subject
from catchlight.likeness.odds import weigh
from catchlight.look import Look
from catchlight.results import Exploration, Variant
from catchlight.setting import Setting
from catchlight.studio.clock import Clock
from catchlight.studio.dial import Brief
from catchlight.studio.headshot import frame_subject
from catchlight.studio.session import Session, resize_to

#: Longer side of a scene that is only explored, and of a picture on the sheet.
EXPLORED, THUMBNAIL = 1000, 560
#: What each direction tries where nothing is said.
POLISHES, BACKDROPS = (0.0, 0.35, 0.7, 1.0), ("auto", "studio-cool", "charcoal")
_MOST = 60


def explore(
    photo: Picture,
    brief: Brief,
    *,
    like: Sequence[Picture] = (),
    polishes: Sequence[float] = POLISHES,
    axes: Mapping[str, Sequence[Any]] | None = None,
    face: int | None = None,
    stage: Clock | None = None,
) -> Exploration:
    """Develop and measure every combination of polish and the choices in ``axes``.

    Parameters
    ----------
    photo : Picture
    brief : Brief
        Setting, and what holds for all variants; its polish is not used.
    like : sequence of Picture
        Further photos of the same person.
    polishes : sequence of float, 0..1
    axes : mapping of a Look field (``light``, ``backdrop``, ``crop``) to the values to try
        By default three backdrops.
    face : int, optional
    stage : Clock, optional

    Returns
    -------
    Exploration

    Raises
    ------
    FaceError, PictureError, ModelError
    LookError
        More variants than can be looked at (60), or a choice that does not exist.
    """
    clock = stage or Clock()
    plan = plan_variants(brief, polishes=polishes, axes=axes)
    observations = clock("photos", lambda: [observe_photo(p) for p in like])
    subject = clock("find faces", lambda: open_subject(photo, number=face))
    others = clock("photos", lambda: _same_person(subject, observations))
    made: list[Variant] = []
    rooms: dict[Any, Session] = {}
    most = max(polishes)
    for number, (title, polish, asked) in enumerate(plan, 1):
        small = replace(asked, values={"size": EXPLORED, **asked.values})
        look, fullest = small.look(polish), small.look(most)
        key = frame_key(look)
        if key not in rooms:
            _, scene, _ = frame_subject(subject, fullest, stage=clock)
            rooms[key] = Session(scene, others=others)
        room = rooms[key]

        def develop() -> Variant:
            held, _ = room.guard(look, asked.outright)  # noqa: B023 - called at once
            proof = room.prove(held)  # noqa: B023
            pixels = resize_to(room.render(held).pixels, THUMBNAIL)  # noqa: B023
            likeness = _likeness(room, held)  # noqa: B023
            return Variant(number, title, polish, held, pixels, proof, likeness)  # noqa: B023

        made.append(clock("variants", develop))
    variants = mark_front(made)
    # Half of what a harmless change costs is no difference.
    noise = 0.5 * harmless(room)
    winner, why = choose(variants, brief.setting, noise=noise, photos=len(others) + 1)
    named = tuple(w.name for w in others)
    return Exploration(tuple(variants), winner, why, named, clock.seconds)


def _same_person(subject: Subject, like: Sequence[Observation]) -> list[Observation]:
    """Those of the photos that do not show somebody else; likeness is measured to these."""
    seen = [w for w in like if w.face is not None]
    if not seen:
        return []
    own = observe_subject(subject)
    return [w for w in seen if weigh(own, w).verdict != "other"]


def plan_variants(
    brief: Brief,
    *,
    polishes: Sequence[float] = POLISHES,
    axes: Mapping[str, Sequence[Any]] | None = None,
) -> list[tuple[str, float, Brief]]:
    """List title, polish and brief of every variant, in the order of their numbers.

    Raises
    ------
    LookError
        None, or more than can be looked at, or a choice that does not exist.
    """
    axes = {"backdrop": BACKDROPS} if axes is None else axes
    rows = list(itertools.product(*axes.values()))
    count = len(polishes) * len(rows)
    if not 1 <= count <= _MOST:
        raise LookError(f"{count} variants were asked for; ask for 1 to {_MOST}.")
    plan = []
    for row in rows:
        asked = replace(brief, values={**brief.values, **dict(zip(axes, row, strict=True))})
        for polish in polishes:
            asked.look(polish)
            words = [f"polish {polish:g}", *(str(value) for value in row)]
            plan.append((", ".join(words), polish, asked))
    return plan


def frame_key(look: Look) -> tuple[Any, ...]:
    """What decides a look's scene: looks with the same key share one."""
    frame = look.crop, look.head, look.place, look.turn, look.size
    return (*frame, look.matte, look.behind.keeps_photo, look.strokes)


def _likeness(room: Session, look: Look) -> float | None:
    """Mean distance to the photo itself and to all others."""
    identity = room.identity(look)
    if identity is None:
        return None
    seen = [room.before, *room.others]
    return float(np.mean([np.linalg.norm(identity - w.identity) for w in seen]))


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
    """Choose the most recognisable above the setting's polish floor; say why.

    Parameters
    ----------
    variants : sequence of Variant
    setting : Setting, its floors
    noise : float
        Likenesses that differ by less are a tie: it goes to the more polished (to a point), then to
        the more authentic.
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
    win = max(tied, key=lambda v: (round(v.polish or 0), v.authenticity or 0))
    seen = "the photo" if photos == 1 else f"all {photos} photos"
    median = statistics.median(v.likeness or 0.0 for v in known)
    why = (
        f"variant {win.number} is the most like the person among those polished enough{note}: "
        f"distance {win.likeness:.3f} to {seen} (median of all variants {median:.3f}), "
        f"authenticity {win.authenticity:.0f}, polish {win.polish or 0:.0f}"
    )
    if len(tied) > 1:
        why += f"; {len(tied) - 1} other(s) are as like within the measure's noise"
    return win.number, why


def harmless(room: Session) -> float:
    """The identity distance that a harmless change costs on this photo: a shift by 2 pixels."""
    before = room.before
    moved = np.roll(before.pixels, 2, axis=1)
    other = Observation("moved", moved, before.face, before.source_ied)
    return float(np.linalg.norm(other.identity - before.identity))
