"""The picture: looks spelled out, planned, measured, shown and written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from catchlight.adjustments.catalogue import CATALOGUE
from catchlight.errors import LookError, PictureTooLarge
from catchlight.likeness.component import Component
from catchlight.look import Look
from catchlight.render import render
from catchlight.results import Dialled
from catchlight.setting import load_setting
from catchlight.studio.clock import Clock
from catchlight.studio.dial import choose_polish
from catchlight.studio.headshot import frame_subject
from catchlight.studio.output import Output, encode
from catchlight.studio.session import Session
from catchlight.studio.winner import measure_likeness
from catchlight.web.rooms.room import Room, read_brief
from catchlight.web.rooms.views import show
from catchlight.web.rooms.where import tell_where

#: Points of the dial at which the strengths are told.
_POINTS = 11
#: Pixels of the largest result, in millions, and its longer side where no size is asked for: five
#: pictures of it in floats are a worker's memory.
_MOST_MEGAPIXELS, _LONGEST = 24.0, 4800


def spell_look(
    room: Room, clock: Clock, *, setting: str, polish: float | None, values: Mapping[str, Any]
) -> dict[str, Any]:
    """A brief spelled out, and where likeness would stop the dial, if that is known.

    ``polish`` None asks for as much as the likeness allows: up to five proofs.
    """
    brief = read_brief(room, setting, polish, values)
    fullest = brief.look(brief.most)
    session = room.session(fullest, clock)
    # How far the likeness allows is another thing once the photo's detail is restored.
    detail = room.is_detailed(fullest)
    key = (room.frame_key(fullest), setting, repr(sorted(values.items())), detail)
    dialled: Dialled = clock("dial", lambda: choose_polish(session, brief))
    if dialled.automatic:
        room.stops.get(key, lambda: dialled)
    stop: Dialled | None = room.stops.kept.get(key)
    points = [i / (_POINTS - 1) for i in range(_POINTS)]
    curves = [brief.look(p).strengths for p in points]
    settled = session.settle(dialled.look)
    held = dialled.guarded
    return {
        "look": room.spell_out(dialled.look),
        "polish": dialled.polish,
        "automatic": dialled.automatic,
        "own": dialled.own,
        "stopped_at": None if stop is None or stop.stopped_by is None else stop.polish,
        "stopped_by": None if stop is None else stop.stopped_by,
        "reason": dialled.reason,
        "held_back": None if held is None or not held.scaled else held.say(),
        "backdrop": {"name": room.call(settled.name), "why": settled.why},
        "curve": {
            "polish": points,
            "adjust": {a.name: [c[a.name] for c in curves] for a in CATALOGUE},
        },
        "frame_key": room.frame_key(dialled.look),
    }


def pack_plan(
    room: Room,
    clock: Clock,
    *,
    look: Mapping[str, Any],
    longest: int,
    have: Sequence[str],
    detail: bool,
    shown: int | None = None,
) -> tuple[bytes, str, str]:
    """The plan of a look as a file, its key and the frame's.

    ``shown`` asks for a first look: that large and with what the look itself uses, so that it is
    there sooner. It is drawn from the same scene, so all of it follows without a jump.
    """
    asked = room.read_look(look)
    opened = room.detailed if detail else room.prepare_all if shown is None else room.session
    session = opened(asked, clock, longest=longest)
    known = room.is_detailed(asked, longest)
    plan = clock("layers", lambda: session.plan(asked))
    missing = [] if known else ["detail"]
    if shown is not None:
        plan = plan.resized(shown)
        if session.fullest is None:
            missing += [n for n, strength in asked.strengths.items() if strength == 0]
    key = room.plan_key(asked, longest, detail=known, shown=shown)
    frame_key = room.frame_key(asked, longest)
    data = clock(
        "pack",
        lambda: room.packer.pack(
            plan,
            key=key,
            frame_key=frame_key,
            have=have,
            missing=missing,
            where=tell_where(session.scene, plan.size),
        ),
    )
    return data, key, frame_key


def measure(room: Room, clock: Clock, *, look: Mapping[str, Any], quick: bool) -> dict[str, Any]:
    """Both numbers of a look, with all that they are made of."""
    asked = room.read_look(look)
    session = room.session(asked, clock)
    proof = clock("likeness", lambda: session.prove(asked))
    return {
        "key": look_key(room, asked),
        "detail": room.is_detailed(asked),
        "authenticity": {
            "score": proof.authenticity.score,
            "reason": proof.authenticity.reason,
            "limited_by": proof.authenticity.limited_by,
            "components": [tell(c, drawn=_DRAWN) for c in proof.authenticity.components],
        },
        "polish": {
            "score": proof.polish.score,
            "reason": proof.polish.reason,
            "limited_by": _weakest(proof.polish.components),
            "components": [tell(c, drawn=frozenset()) for c in proof.polish.components],
        },
        "polish_before": None if quick else session.polish_before.score,
        "likeness": None if quick else distance(room, session, asked),
    }


#: Components whose evidence can be drawn.
_DRAWN = frozenset({"texture_kept", "marks", "tone"})


def tell(c: Component, *, drawn: frozenset[str]) -> dict[str, Any]:
    """A component for a page."""
    said = {k: getattr(c, k) for k in ("name", "title", "score", "value", "unit", "verdict")}
    seen = c.name in drawn and c.score is not None
    return said | {"text": c.reason, "weight": c.weight, "picture": seen}


def _weakest(components: Sequence[Component]) -> str | None:
    judged = [c for c in components if c.score is not None]
    return min(judged, key=lambda c: c.score or 0.0).name if judged else None


def distance(room: Room, session: Session, look: Look) -> float | None:
    """Mean distance of a look's identity to all photos of the person that were looked at."""
    seen = [w for w in room.references() if w.face is not None]
    return measure_likeness(session, look, seen)


def look_key(room: Room, look: Look) -> str:
    """What a look is called."""
    said = room.frame_key(look) + look.model_dump_json()
    return hashlib.sha1(said.encode(), usedforsecurity=False).hexdigest()[:20]


def thumbnail(room: Room, clock: Clock, *, look: Mapping[str, Any], longest: int) -> bytes:
    """A look drawn small."""
    asked = room.read_look(look)
    session = room.session(asked, clock)
    small = clock("layers", lambda: session.plan(asked)).resized(longest)
    drawn = clock("render", lambda: render(small, asked.strengths))
    return show(drawn.pixels, longest)


def write(
    room: Room,
    clock: Clock,
    *,
    look: Mapping[str, Any],
    format: str,
    size: str | None,
    setting: str,
    quality: int,
) -> bytes:
    """A look at full size, or at a size that a setting names, as a file.

    Raises
    ------
    LookError, PictureTooLarge
    """
    asked = room.read_look(look)
    if size is not None:
        found = load_setting(setting).sizes
        if size not in found:
            raise LookError(f"{size!r} is no size of {setting}; there are {', '.join(found)}")
        wanted = (found[size].width, found[size].height)
        asked = asked.model_copy(update={"size": wanted})
    pixels = _count_pixels(asked.size)
    if pixels > _MOST_MEGAPIXELS * 1e6:
        raise PictureTooLarge(
            f"{pixels / 1e6:.0f} megapixels are more than {_MOST_MEGAPIXELS:g}. Ask for less."
        )
    subject = clock("find faces", room.subject)
    frame, scene, _ = frame_subject(subject, asked, stage=clock, longest=_LONGEST)
    session = Session(scene, frame=frame, max_megapixels=room.max_megapixels)
    drawn = clock("render", lambda: session.render(asked))
    return clock("encode", lambda: encode(drawn, subject.picture, Output(quality=quality), format))


def _count_pixels(size: tuple[int, int] | int | None) -> int:
    if size is None:
        return 0
    return size[0] * size[1] if isinstance(size, tuple) else size * size
