"""Visits: who is here, what they brought, and when it is forgotten."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from catchlight.studio.recent import Recent
from catchlight.web.calls import Shelf, Stored
from catchlight.web.limits import Limits
from catchlight.web.problems import Problem
from catchlight.web.store import Store

#: Of visits that ended the names are known for so many more, to tell them from those never made.
_REMEMBERED = 2000
#: Events that wait for a listener; looks whose evidence may be asked for.
_EVENTS, _LOOKS = 256, 64


@dataclass(eq=False)
class Visit:
    """One visitor.

    Attributes
    ----------
    id : str, a secret
    folder : Path, of what they brought
    shelf : Shelf
    told : dict of photo ID to what was seen in it
    key : str or None, the idempotency key they came with
    setting : str or None
    chosen : bool, whether they said which photo is the source
    plain : (photo ID, bytes) or None, the plain crop of the photo that was looked at last
    looks, frames : Recent, by key: looks that were measured, and one of each frame
    """

    id: str
    folder: Path
    shelf: Shelf
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    key: str | None = None
    setting: str | None = None
    chosen: bool = False
    plain: tuple[str, bytes] | None = None
    used: float = field(default_factory=time.monotonic)
    looks: Recent[Any] = field(default_factory=lambda: Recent(_LOOKS))
    frames: Recent[Any] = field(default_factory=lambda: Recent(_LOOKS))
    listeners: list[asyncio.Queue[str | None]] = field(default_factory=list)
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    def add(self, name: str, path: Path) -> Stored:
        """Put a photo on the shelf."""
        taken = [int(p.id[1:]) for p in self.shelf.photos]
        stored = Stored(f"p{max(taken, default=0) + 1}", str(path), name)
        self.shelf = replace(self.shelf, photos=(*self.shelf.photos, stored))
        self.told[stored.id] = {"role": "waiting"}
        return stored

    def note(self, id: str, seen: dict[str, Any], **more: Any) -> None:
        """Keep what a worker saw in a photo; its plain crop, if there is one, beside it."""
        plain = seen.pop("plain", None)
        if plain is not None:
            self.plain = (id, plain)
        self.told[id] = {**seen, **more}

    @property
    def idle_s(self) -> float:
        """Seconds since they were heard of."""
        return time.monotonic() - self.used

    def remember(self, key: str, look: Any) -> None:
        """Keep a look that was measured, by its key."""
        self.looks.keep(key, look)

    def remember_frame(self, key: str, look: Any) -> None:
        """Keep a look of a frame, by the frame's key."""
        self.frames.keep(key, look)

    def say(self, event: str, **told: Any) -> None:
        """Tell whoever listens."""
        text = f"event: {event}\ndata: {json.dumps(told)}\n\n"
        for queue in self.listeners:
            if queue.qsize() < _EVENTS:
                queue.put_nowait(text)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[str | None]]:
        """Hear what is said from now on; None is its end."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self.listeners.append(queue)
        try:
            yield queue
        finally:
            self.listeners.remove(queue)

    def to_json(self, age_s: float) -> dict[str, Any]:
        """Tell of it as the service does."""
        left = max(0.0, age_s - self.idle_s)
        rows = []
        for photo in self.shelf.photos:
            blank: dict[str, Any] = {
                "width": None,
                "height": None,
                "faces": [],
                "face": None,
                "verdict": None,
            }
            row = {**blank, "rank": None, "role": "waiting", "why": "", "notes": []}
            rows.append(row | self.told[photo.id] | {"id": photo.id, "name": photo.name})
        return {
            "id": self.id,
            "expires_in_s": round(left),
            "setting": self.setting,
            "source": self.shelf.source,
            "photos": rows,
            "backdrops": list(self.shelf.pictures),
        }


class Visits:
    """All who are here.

    Parameters
    ----------
    store : Store
    limits : Limits
    """

    def __init__(self, store: Store, limits: Limits) -> None:
        self.store, self.limits = store, limits
        self.here: OrderedDict[str, Visit] = OrderedDict()
        self._gone: OrderedDict[str, None] = OrderedDict()
        self._coming: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def once(self, key: str | None) -> AsyncIterator[Visit | None]:
        """Whoever came with this key before, waited for if they are just coming; else None."""
        if key is None:
            yield None
            return
        async with self._coming.setdefault(key, asyncio.Lock()):
            try:
                yield next((v for v in self.here.values() if v.key == key), None)
            finally:
                if not any(v.key == key for v in self.here.values()):
                    self._coming.pop(key, None)

    def open(self, key: str | None = None) -> Visit:
        """Let somebody in; ``key`` is what they came with, so as not to come in twice.

        Raises
        ------
        Problem
        """
        if len(self.here) >= self.limits.visits:
            raise Problem("busy", "Too many people are here. Try again in a minute.",
                          {"Retry-After": "60"})  # fmt: skip
        id = secrets.token_urlsafe(16)
        visit = Visit(id, self.store.new_folder(), Shelf(id), key=key)
        self.here[id] = visit
        return visit

    def check_room(self) -> None:
        """Make sure that more may be kept.

        Raises
        ------
        Problem
        """
        if self.store.count_bytes() > self.limits.store_bytes:
            raise Problem("busy", "There is no room for more photos. Try again in a minute.",
                          {"Retry-After": "60"})  # fmt: skip

    def get(self, id: str) -> Visit:
        """Return who has an ID.

        Raises
        ------
        Problem
        """
        visit = self.here.get(id)
        if visit is None:
            if id in self._gone:
                raise Problem("expired", "This session was forgotten. Send the photo again.")
            raise Problem("missing", "There is no such session.")
        visit.used = time.monotonic()
        self.here.move_to_end(id)
        return visit

    def close(self, visit: Visit) -> None:
        """Let somebody go: what they brought is deleted."""
        self.here.pop(visit.id, None)
        if visit.key is not None:
            self._coming.pop(visit.key, None)
        self._gone[visit.id] = None
        while len(self._gone) > _REMEMBERED:
            self._gone.popitem(last=False)
        for task in visit.tasks:
            task.cancel()
        for queue in visit.listeners:
            queue.put_nowait(None)
        self.store.forget(visit.folder)

    def list_stale(self) -> list[Visit]:
        """Those whom nobody heard of for too long."""
        return [v for v in self.here.values() if v.idle_s > self.limits.age_s]
