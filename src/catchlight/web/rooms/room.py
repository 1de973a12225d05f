"""A room: what a worker keeps of one visitor's photos; all can be made again from the shelf."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from catchlight.adjustments.catalogue import CATALOGUE
from catchlight.analysis.subject import Subject, open_subject
from catchlight.analysis.verdict.judge import judge_source
from catchlight.analysis.verdict.verdict import Verdict
from catchlight.errors import LookError
from catchlight.images import Picture
from catchlight.likeness.observation import Observation
from catchlight.likeness.observe import observe_photo
from catchlight.look import Look, parse_look
from catchlight.setting import load_setting
from catchlight.studio.clock import Clock
from catchlight.studio.dial import Brief
from catchlight.studio.headshot import frame_subject, open_photo
from catchlight.studio.recent import Recent
from catchlight.studio.session import Session
from catchlight.studio.variants import frame_key
from catchlight.web.calls import Shelf
from catchlight.web.rooms.plan_file import Packer

#: What is kept of a visitor: photos opened, frames studied.
_PHOTOS, _FRAMES = 2, 2
#: Looks whose numbers are kept, with 10 MB of picture each.
_PROOFS = 8
#: Full strength of everything: whose layers are built needs no server when a slider moves.
_FULL = {a.name: 1.0 for a in CATALOGUE}


class Room:
    """Photos, subjects and scenes of one visitor.

    Parameters
    ----------
    shelf : Shelf
    max_megapixels : float
    """

    def __init__(self, shelf: Shelf, *, max_megapixels: float) -> None:
        self.shelf = shelf
        self.max_megapixels = max_megapixels
        self.packer = Packer()
        self._pictures: Recent[Picture] = Recent(_PHOTOS)
        self._subjects: Recent[Subject] = Recent(_PHOTOS)
        self._verdicts: Recent[Verdict] = Recent(_PHOTOS)
        self._seen: Recent[Observation] = Recent(16)
        self._sessions: Recent[Session] = Recent(_FRAMES)
        self._complete: set[tuple[Any, ...]] = set()
        self.stops: Recent[Any] = Recent(8)
        self.exploring: Recent[Any] = Recent(1)

    def picture(self, id: str) -> Picture:
        """Open a photo, called what its owner calls it."""
        stored = self.shelf.photo(id)

        def open_it() -> Picture:
            found = open_photo(stored.path, max_megapixels=self.max_megapixels)
            return replace(found, name=stored.name)

        return self._pictures.get(id, open_it)

    def subject(self, id: str | None = None, face: int | None = None) -> Subject:
        """The faces of a photo; by default of the source, with the face that was chosen."""
        if id is None:
            id, face = self.shelf.source, self.shelf.face
        return self._subjects.get((id, face), lambda: open_subject(self.picture(id), number=face))

    def verdict(self, id: str | None = None, face: int | None = None) -> Verdict:
        """Whether a photo will do."""
        if id is None:
            id, face = self.shelf.source, self.shelf.face
        return self._verdicts.get((id, face), lambda: judge_source(self.subject(id, face)))

    def observation(self, id: str) -> Observation:
        """What is seen of the person in a photo."""
        return self._seen.get(id, lambda: observe_photo(self.picture(id)))

    def references(self) -> list[Observation]:
        """What is seen in the other photos of the person; a new worker looks at them again."""
        return [self.observation(i) for i in self.shelf.references if i != self.shelf.source]

    def read_look(self, data: Mapping[str, Any]) -> Look:
        """Read a look that came over the wire.

        Raises
        ------
        LookError
        """
        return self.fill_in(parse_look(dict(data)))

    def fill_in(self, look: Look) -> Look:
        """A look whose picture is one of the shelf; no other path is ever read.

        An automatic cut-out is the fast one: the fine takes seconds and a gigabyte, so it is for
        those who ask for it.

        Raises
        ------
        LookError
        """
        if look.matte == "auto":
            look = look.model_copy(update={"matte": "fast"})
        named = look.behind.picture
        if named is None:
            return look
        if look.backdrop not in self.shelf.pictures:
            raise LookError(
                "backdrop: no such picture. Send it to /backdrops and use the name in the answer."
            )
        return look.model_copy(update={"backdrop": self.shelf.pictures[look.backdrop]})

    def spell_out(self, look: Look) -> dict[str, Any]:
        """A look as JSON, every strength in force said, and no path in it."""
        said = look.model_dump(mode="json") | {"adjust": look.strengths}
        return said | {"backdrop": self.call(look.backdrop)}

    def call(self, backdrop: str) -> str:
        """A backdrop's name, as its owner knows it: no path of the store is told."""
        names = {path: name for name, path in self.shelf.pictures.items()}
        return names.get(backdrop, backdrop)

    def session(self, look: Look, clock: Clock, *, longest: int = 1600) -> Session:
        """The session of a look's frame, its longer side at most ``longest`` pixels.

        The photo's detail is restored in it if somebody asked for that before. Until somebody asks
        for all of it (:meth:`prepare_all`), a look's plan holds what that look uses.
        """
        key = self._frame_of(look, longest)
        if key not in self._sessions.kept:
            self._complete.discard(key)
        return self._sessions.get(key, lambda: self._study(look, clock, longest))

    def prepare_all(self, look: Look, clock: Clock, *, longest: int = 1600) -> Session:
        """The same, every plan of it from now on with all that any strength may want."""
        found = self.session(look, clock, longest=longest)
        if found.fullest is None:
            found.fullest = look.model_copy(update={"adjust": _FULL})
        return found

    def detailed(self, look: Look, clock: Clock, *, longest: int = 1600) -> Session:
        """The same, the photo's detail restored now if it was not."""
        key, found = self._frame_of(look, longest), self.prepare_all(look, clock, longest=longest)
        if key not in self._complete:
            found = clock("detail", found.detailed)
            self._sessions.keep(key, found)
            self._complete.add(key)
        return found

    def is_detailed(self, look: Look, longest: int = 1600) -> bool:
        """Whether the detail of a look's frame is restored."""
        return self._frame_of(look, longest) in self._complete

    def _study(self, look: Look, clock: Clock, longest: int) -> Session:
        subject = clock("find faces", self.subject)
        quick = look.model_copy(update={"adjust": {**look.adjust, "detail": 0.0}})
        frame, scene, _ = frame_subject(subject, quick, stage=clock, longest=longest)
        return Session(
            scene,
            frame=frame,
            max_megapixels=self.max_megapixels,
            verdict=self.verdict(),
            proofs=_PROOFS,
        )

    def _frame_of(self, look: Look, longest: int) -> tuple[Any, ...]:
        return (self.shelf.source, self.shelf.face, *frame_key(look), longest)

    def frame_key(self, look: Look, longest: int = 1600) -> str:
        """What a look's frame is called."""
        return _digest(self._frame_of(look, longest))

    def plan_key(self, look: Look, longest: int, *, detail: bool, shown: int | None = None) -> str:
        """What a look's plan is called: strengths are no part of it, but of a first look."""
        fields = look.model_dump(mode="json", exclude={"adjust"} if shown is None else None)
        return _digest((self._frame_of(look, longest), json.dumps(fields), detail, shown))


def read_brief(room: Room, setting: Any, polish: float | None, values: Mapping[str, Any]) -> Brief:
    """A brief that came over the wire, its pictures from the shelf.

    Raises
    ------
    LookError
    """
    if not isinstance(values.get("adjust", {}), Mapping):
        raise LookError("adjust: write the strength of each adjustment, such as {'shadows': 0.4}")
    brief = Brief(load_setting(setting), polish, dict(values))
    filled = room.fill_in(brief.look(brief.most))
    given = {"backdrop": filled.backdrop} if "backdrop" in values else {}
    return replace(brief, values={**values, **given, "matte": filled.matte})


def _digest(key: object) -> str:
    return hashlib.sha1(repr(key).encode(), usedforsecurity=False).hexdigest()[:20]
