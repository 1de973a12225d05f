"""Exploring in a room: the command's own spread, made in many short calls.

What the command does at a stretch (:mod:`catchlight.studio.variants`) is asked for here step by
step, so that everybody else at this worker has their turn in between. All of it can be made again
from what a call says, where the worker that had begun it is gone.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from catchlight.likeness.authenticity import Authenticity
from catchlight.polish.score import Polish
from catchlight.results import Proof, Variant
from catchlight.setting import load_setting
from catchlight.studio.clock import Clock
from catchlight.studio.dial import Brief
from catchlight.studio.spread import Draft, Spread, Wanted, list_wanted, see
from catchlight.studio.strip import draw_strip
from catchlight.studio.variants import Rooms, choose_size, develop_variant, will_do
from catchlight.studio.winner import decide, harmless, mark_front
from catchlight.web.rooms.picture import look_key
from catchlight.web.rooms.room import Room, read_brief
from catchlight.web.rooms.views import show

#: Longer side of a variant's picture; and how many candidates are seen in one call.
_SHOWN, _AT_ONCE = 320, 5


class Exploring:
    """One exploration, as far as it has come.

    Parameters
    ----------
    room : Room
    brief : Brief, what holds for all variants
    clock : Clock
    most : int, as many variants are shown at the most
    """

    def __init__(self, room: Room, brief: Brief, clock: Clock, most: int) -> None:
        subject = clock("find faces", room.subject)
        others = [w for w in room.references() if w.face is not None]
        self.rooms = Rooms(
            subject, others, clock, max_megapixels=room.max_megapixels, verdict=room.verdict()
        )
        self.asked, self.most = brief, most
        self.brief = replace(brief, values={"size": choose_size(subject, brief), **brief.values})
        self.seen: list[Draft] = []
        self.made: dict[int, Variant] = {}
        self._wanted: list[Wanted] | None = None
        self._spread: Spread | None = None

    def step(self, clock: Clock) -> int:
        """See some more candidates; answers how many are still to be seen."""
        self.rooms.clock = clock
        if self._wanted is None:
            room = self.rooms.of(self.brief)
            _, edge = clock("dial", lambda: draw_strip(room, self.brief))
            self._wanted = list_wanted(self.rooms.of(self.brief), self.brief, edge)
        else:
            for wanted in self._wanted[len(self.seen) :][:_AT_ONCE]:
                found = clock("candidates", lambda: see(self.rooms.of, self.brief, wanted))  # noqa: B023
                self.seen.append(found)
        return len(self._wanted) - len(self.seen)

    def propose(self, clock: Clock, tried: Sequence[tuple[int, bool]]) -> int | None:
        """The candidate that comes after those that were tried, and whether they were shown."""
        self.rooms.clock = clock
        while self._wanted is None or len(self.seen) < len(self._wanted):
            self.step(clock)
        if self._spread is None or self._spread.tried != tried[: len(self._spread.tried)]:
            self._spread = Spread(self.seen, most=self.most)
        for number, shown in tried[len(self._spread.tried) :]:
            self._spread.settle(number, shown=shown)
        return self._spread.propose()

    def develop(self, clock: Clock, number: int) -> Variant:
        """A candidate, developed and measured."""
        if number not in self.made:
            c = self.seen[number]
            self.made[number] = clock(
                "variants",
                lambda: develop_variant(self.rooms, self.brief, 1, c.title, c.polish, c.brief),
            )
        return self.made[number]


def look_around(
    room: Room, clock: Clock, *, setting: str, values: Mapping[str, Any], count: int
) -> int:
    """See some of what may be shown; answers how many candidates are left to be seen."""
    return _exploring(room, clock, setting, values, count).step(clock)


def make_variant(
    room: Room,
    clock: Clock,
    *,
    setting: str,
    values: Mapping[str, Any],
    count: int,
    tried: Sequence[tuple[int, bool]],
) -> dict[str, Any] | None:
    """The next variant, held by the guard, measured and shown small; None where there is no more.

    ``tried`` are the candidates before it, and whether each was shown.
    """
    work = _exploring(room, clock, setting, values, count)
    number = work.propose(clock, [(n, shown) for n, shown in tried])
    if number is None:
        return None
    found = work.develop(clock, number)
    fits = not tried or will_do(found, work.develop(clock, 0), work.brief)
    # It was looked at small; on the page it is as large as everything else there.
    look = found.look.model_copy(update={"size": work.asked.look(found.dial).size})
    told = {
        "candidate": number,
        "fits": fits,
        "name": found.title,
        "dial": found.dial,
        "look": room.spell_out(look),
        "values": _tell_values(room, found.values),
        "key": look_key(room, look),
        "authenticity": found.authenticity,
        "polish": found.polish,
        "likeness": found.likeness,
        "noise": 0.5 * harmless(work.rooms.of(work.brief)),
    }
    if fits:
        picture = base64.b64encode(show(found.pixels, _SHOWN)).decode()
        told["thumbnail"] = f"data:image/jpeg;base64,{picture}"
    return told


def choose_variant(
    room: Room, clock: Clock, *, setting: str, rows: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Which variant wins, why, and which no other beats in both numbers."""
    nothing = np.zeros((1, 1, 3), np.float32)
    variants = []
    for number, row in enumerate(rows, 1):
        look = room.read_look(row["look"])
        authenticity = Authenticity(row["authenticity"], (), 1.0, None, same_photo=True, reason="")
        proof = Proof(look, authenticity, Polish(row["polish"], (), ""))
        own = {"number": number, "title": row["name"], "dial": row["dial"], "look": look}
        measured = {"pixels": nothing, "proof": proof, "likeness": row["likeness"]}
        variants.append(Variant(**own, **measured, values=row["values"]))
    wanted = load_setting(setting)
    found = decide(variants, wanted, noise=max(row["noise"] for row in rows))
    photos = 1 + len(room.references())
    room.exploring.kept.clear()
    return {
        "winner": None if found.winner is None else found.winner.number,
        "why": found.say(wanted, photos),
        "tied": list(found.tied),
        "by_polish": found.by_polish,
        "photos": photos,
        "front": [v.number for v in mark_front(variants) if v.on_front],
    }


def _exploring(
    room: Room, clock: Clock, setting: str, values: Mapping[str, Any], count: int
) -> Exploring:
    key = (room.shelf.source, room.shelf.face, setting, repr(sorted(values.items())), count)

    def begin() -> Exploring:
        return Exploring(room, read_brief(room, setting, None, values), clock, count)

    found: Exploring = room.exploring.get(key, begin)
    return found


def _tell_values(room: Room, values: Mapping[str, Any]) -> dict[str, Any]:
    """What a variant chose for itself, no path in it."""
    told = dict(values)
    if isinstance(told.get("backdrop"), str):
        told["backdrop"] = room.call(told["backdrop"])
    return told
