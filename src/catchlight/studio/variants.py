"""``explore``: variants of one photo side by side, and the one that is most the person.

Where nothing is said, a handful that a person can tell apart at a glance (:mod:`studio.spread`)
and the dial as a film strip (:mod:`studio.strip`); where choices are named, every combination.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from catchlight.advice.advise import advise_scene
from catchlight.analysis.framing.plan import plan_frame
from catchlight.analysis.subject import Subject, open_subject
from catchlight.analysis.verdict.verdict import Verdict
from catchlight.errors import LookError
from catchlight.images import Picture
from catchlight.likeness.observation import Observation
from catchlight.likeness.observe import observe_photo, observe_subject
from catchlight.likeness.odds import weigh
from catchlight.look import Look
from catchlight.pixels import filters
from catchlight.results import Exploration, Station, Variant
from catchlight.studio.clock import Clock
from catchlight.studio.dial import Brief, hold_at
from catchlight.studio.headshot import frame_subject
from catchlight.studio.session import Session
from catchlight.studio.spread import Draft, choose_spread, list_candidates
from catchlight.studio.strip import draw_strip
from catchlight.studio.winner import choose, harmless, mark_front, measure_likeness

#: Longer side of a scene that is only explored, and of a picture on the sheet.
EXPLORED, THUMBNAIL = 1000, 560
#: What a named choice is tried at where no polish is said; and the backdrops of a named polish.
POLISHES, BACKDROPS = (0.0, 0.35, 0.7, 1.0), ("auto", "studio-cool", "charcoal")
_MOST = 60
#: No scene is explored smaller than this.
_SMALLEST = 400
#: Points of polish that a pattern or a warmth may cost where the photo has few to begin with.
_SAME = 5.0


class Rooms:
    """The sessions of one photo, one for each frame that looks of it have.

    Parameters
    ----------
    subject : Subject
    others : sequence of Observation, further photos of the same person
    clock : Clock
    max_megapixels, verdict : as :class:`~catchlight.studio.session.Session` takes them
    """

    def __init__(
        self,
        subject: Subject,
        others: Sequence[Observation],
        clock: Clock,
        *,
        max_megapixels: float = 120.0,
        verdict: Verdict | None = None,
    ) -> None:
        self.subject, self.others, self.clock = subject, others, clock
        self._given: dict[str, Any] = {"max_megapixels": max_megapixels, "verdict": verdict}
        self._kept: dict[Any, Session] = {}

    def of(self, brief: Brief) -> Session:
        """The session in which every place of the dial of a brief can be seen."""
        fullest = brief.look(1.0)
        key = frame_key(fullest)
        if key not in self._kept:
            _, scene, _ = frame_subject(self.subject, fullest, stage=self.clock)
            self._kept[key] = Session(scene, others=self.others, **self._given)
        room = self._kept[key]
        room.fullest = fullest
        return room


def explore(
    photo: Picture,
    brief: Brief,
    *,
    like: Sequence[Picture] = (),
    polishes: Sequence[float] | None = None,
    axes: Mapping[str, Sequence[Any]] | None = None,
    face: int | None = None,
    stage: Clock | None = None,
) -> Exploration:
    """Develop and measure variants that differ; of named choices every combination.

    Parameters
    ----------
    photo : Picture
    brief : Brief
        Setting, and what holds for all variants; its polish is not used.
    like : sequence of Picture
        Further photos of the same person.
    polishes : sequence of float 0..1, optional
    axes : mapping of a Look field (``light``, ``backdrop``, ``crop``) to the values to try
        With neither of these, six to nine are chosen that can be told apart at a glance.
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
    named = None
    if polishes is not None or axes is not None:
        named = plan_variants(brief, polishes=polishes or POLISHES, axes=axes)
    observations = clock("photos", lambda: [observe_photo(p) for p in like])
    subject = clock("find faces", lambda: open_subject(photo, number=face))
    others = clock("photos", lambda: _same_person(subject, observations))
    small = replace(brief, values={"size": choose_size(subject, brief), **brief.values})
    rooms = Rooms(subject, others, clock)
    strip: tuple[Station, ...] = ()
    edge: float | None = None
    if named is None:
        strip, edge = clock("dial", lambda: draw_strip(rooms.of(small), small))
        candidates = clock("candidates", lambda: list_candidates(rooms.of, small, edge))
        made = clock("variants", lambda: _choose(rooms, small, candidates))
    else:
        size = small.values["size"]
        asked = [(t, p, replace(b, values={"size": size, **b.values})) for t, p, b in named]
        made = clock(
            "variants",
            lambda: [develop_variant(rooms, small, n, *r) for n, r in enumerate(asked, 1)],
        )
    variants = mark_front(made)
    # Half of what a harmless change costs is no difference.
    noise = 0.5 * harmless(rooms.of(small))
    winner, why = choose(variants, brief.setting, noise=noise, photos=len(others) + 1)
    names = tuple(w.name for w in others)
    room = rooms.of(small)
    settled = room.settle(variants[0].look).backdrop
    dressed = clock("wardrobe", lambda: advise_scene(room.scene, brief.setting, backdrop=settled))
    said = dressed.sentences()
    return Exploration(tuple(variants), winner, why, names, clock.seconds, strip, edge, said)


def choose_size(subject: Subject, brief: Brief) -> int:
    """The longer side at which variants are made: no larger than the source gives.

    An enlarged source would be restored first, which takes longer than all variants.
    """
    look = brief.look(brief.own)
    frame = plan_frame(
        subject,
        look.crop,
        size=None,
        stay_inside=look.behind.keeps_photo,
        head=look.head,
        place=look.place,
        turn=look.turn,
    )
    return max(_SMALLEST, min(EXPLORED, max(frame.width, frame.height)))


def develop_variant(
    rooms: Rooms, base: Brief, number: int, title: str, polish: float, asked: Brief
) -> Variant:
    """Develop and measure one variant; ``base`` is what it differs from."""
    room = rooms.of(asked)
    look, _ = hold_at(room, asked, polish)
    proof = room.prove(look)
    pixels = filters.resize_to(room.render(look).pixels, THUMBNAIL)
    own = {k: v for k, v in asked.values.items() if base.values.get(k) != v}
    likeness = measure_likeness(room, look)
    return Variant(number, title, polish, look, pixels, proof, likeness, values=own)


def _choose(rooms: Rooms, brief: Brief, candidates: Sequence[Draft]) -> list[Variant]:
    """Develop those that differ and will do, the setting's own always."""
    made: dict[Draft, Variant] = {}

    def develop(c: Draft) -> Variant:
        return made.setdefault(c, develop_variant(rooms, brief, 1, c.title, c.polish, c.brief))

    own = develop(candidates[0])

    def accept(c: Draft) -> bool:
        return will_do(develop(c), own, brief)

    chosen = choose_spread(candidates, accept)
    return [replace(made[c], number=n) for n, c in enumerate(chosen, 1)]


def will_do(found: Variant, own: Variant, brief: Brief) -> bool:
    """Whether a variant lies above the setting's floors.

    What the setting's own has not got on this photo is asked of no other.
    """
    low = min(brief.setting.authenticity_floor, own.authenticity or 0.0)
    least = min(brief.setting.polish_floor, (own.polish or 0.0) - _SAME)
    return (found.authenticity or 0) >= low and (found.polish or 0) >= least


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
