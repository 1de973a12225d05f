"""A place at the desk: a worker's seat, what waits for it, and what it does."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from catchlight.studio.seat import Seat
from catchlight.web.calls import Call
from catchlight.web.limits import Limits
from catchlight.web.rooms import house

#: Told of a stage, and its number.
Tell = Callable[[str, int], None]


class Asked:
    """A call that waits or is being answered.

    Attributes
    ----------
    call : Call
    answer : Future
    tell : callable or None, told of its stages
    begun : bool, whether the worker that has it told of one
    """

    def __init__(self, call: Call, answer: asyncio.Future[Any], tell: Tell | None = None) -> None:
        self.call, self.answer, self.tell = call, answer, tell
        self.begun = False

    @property
    def visit(self) -> str:
        """Whose it is."""
        return self.call.shelf.visit


class Workbench:
    """A worker's seat, and who waits there.

    Parameters
    ----------
    threads : int, of the worker
    limits : Limits
    told : callable, called from a thread with a call's number, a stage, and the stage's number

    Attributes
    ----------
    seat : Seat
    running : Asked or None
    something : Event, set when somebody comes
    visits : set of str, whose place it is
    held_mb : float, memory of the worker after its last call
    """

    def __init__(self, threads: int, limits: Limits, told: Callable[[int, str, int], None]) -> None:
        self.limits, self._told = limits, told
        self.seat = Seat(threads, prepare=house.open_house, hand_over=self._hand_over)
        self.waiting: OrderedDict[str, deque[Asked]] = OrderedDict()
        self.running: Asked | None = None
        self.something = asyncio.Event()
        self.visits: set[str] = set()
        self.held_mb = 0.0
        self._stopped: Any = None
        self._writers: list[Connection] = []

    @property
    def count(self) -> int:
        """How many calls wait."""
        return sum(len(q) for q in self.waiting.values())

    def of(self, visit: str) -> list[Asked]:
        """A visitor's calls: those that wait, and the one that is being answered."""
        found = list(self.waiting.get(visit, ()))
        if self.running is not None and self.running.visit == visit:
            found.append(self.running)
        return found

    def add(self, asked: Asked) -> None:
        """Let a call wait."""
        self.waiting.setdefault(asked.visit, deque()).append(asked)
        self.something.set()

    def take(self) -> Asked | None:
        """The next call: each visitor in turn."""
        while self.waiting:
            visit, queue = self.waiting.popitem(last=False)
            asked = queue.popleft()
            if queue:
                self.waiting[visit] = queue
            if not asked.answer.done():
                return asked
        return None

    def stop(self, asked: Asked) -> None:
        """Nobody waits for a call any more: it is taken away, or ends at its next stage."""
        if self.running is asked and self._stopped is not None:
            self._stopped.value = asked.call.number
        queue = self.waiting.get(asked.visit)
        if queue is not None and asked in queue:
            queue.remove(asked)
            if not queue:
                del self.waiting[asked.visit]

    def close_ours(self) -> None:
        """The worker has a writer of its own: ours is closed, so that its end is heard."""
        while self._writers:
            self._writers.pop().close()

    def _hand_over(self) -> tuple[Any, ...]:
        """What a new worker gets: where to tell of stages, what is stopped, and the limits."""
        reader, writer = multiprocessing.Pipe(duplex=False)
        self._stopped = multiprocessing.get_context("spawn").Value("Q", 0, lock=False)
        threading.Thread(target=self._listen, args=(reader,), daemon=True).start()
        self._writers.append(writer)
        return writer, self._stopped, self.limits

    def _listen(self, reader: Connection) -> None:
        """Hand on what a worker tells of its stages, until it is gone."""
        with contextlib.suppress(EOFError, OSError, RuntimeError), reader:
            while True:
                self._told(*reader.recv())
