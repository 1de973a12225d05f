"""The house: a worker's rooms, one for each visitor; the one unused for longest goes first."""

from __future__ import annotations

import time
from collections import OrderedDict
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from catchlight.errors import CatchlightError, PictureTooLarge, code_of, describe
from catchlight.studio.clock import Clock
from catchlight.studio.machine import give_back_memory, measure_held_memory
from catchlight.web.calls import Answer, Call, Refused, Stopped, say_where
from catchlight.web.limits import Limits

#: Share of a worker's memory beyond which rooms are emptied.
_FULL = 0.8


class House:
    """What one worker keeps.

    Parameters
    ----------
    tell : Connection, stages are told there
    stopped : shared integer, the number of a call that nobody waits for any more
    limits : Limits
    """

    def __init__(self, tell: Connection, stopped: Any, limits: Limits) -> None:
        self.tell, self.stopped, self.limits = tell, stopped, limits
        self.rooms: OrderedDict[str, Any] = OrderedDict()

    def answer(self, call: Call) -> Answer:
        """Do what is asked."""
        from catchlight.web.rooms.tasks import TASKS

        start = time.perf_counter()
        stages = 0

        def tell(stage: str) -> None:
            nonlocal stages
            if self.stopped.value == call.number:
                raise Stopped("nobody waits for it")
            stages += 1
            self.tell.send((call.number, stage, stages))

        try:
            tell(call.task)
            value = TASKS[call.task](self.room(call), Clock(tell=tell), **call.given)
            answer = Answer(value)
        except Exception as error:
            answer = self._explain(call, error)
        self._make_room(call.shelf.visit)
        seconds = time.perf_counter() - start
        return Answer(answer.value, answer.problem, answer.trace, measure_held_memory(), seconds)

    def room(self, call: Call) -> Any:
        """The room of a call's visitor."""
        from catchlight.web.rooms.room import Room

        shelf = call.shelf
        if shelf.visit not in self.rooms:
            self.rooms[shelf.visit] = Room(shelf, max_megapixels=self.limits.megapixels)
        self.rooms.move_to_end(shelf.visit)
        self.rooms[shelf.visit].shelf = shelf
        return self.rooms[shelf.visit]

    def forget(self, visit: str) -> None:
        """Empty a visitor's room."""
        self.rooms.pop(visit, None)
        give_back_memory()

    def _make_room(self, visit: str) -> None:
        """Empty the rooms that were not used for longest, until there is enough memory."""
        while len(self.rooms) > 1 and measure_held_memory() > _FULL * self.limits.worker_mb:
            gone, _ = self.rooms.popitem(last=False)
            if gone == visit:
                break
            give_back_memory()

    def _explain(self, call: Call, error: Exception) -> Answer:
        code = "too-large" if isinstance(error, PictureTooLarge) else code_of(error)
        code = error.said if isinstance(error, Refused) else code
        words = describe(error)
        for photo in call.shelf.photos:
            words = words.replace(Path(photo.path).name, photo.name)
        trace = ""
        if not isinstance(error, CatchlightError):
            trace = f"{type(error).__name__} {say_where(error)}"
            words = "Something unexpected went wrong. It is in the log."
        return Answer(None, (code, words), trace)


_HOUSE: House | None = None


def open_house(tell: Connection, stopped: Any, limits: Limits) -> None:
    """Prepare a worker."""
    global _HOUSE  # noqa: PLW0603 - a worker process has one
    _HOUSE = House(tell, stopped, limits)


def answer(call: Call) -> Answer:
    """Answer a call in a worker."""
    assert _HOUSE is not None
    return _HOUSE.answer(call)


def warm() -> None:
    """Open the models in a worker, before anybody waits for them."""
    from catchlight.web.rooms import tasks, warm

    assert tasks.TASKS
    warm.warm_up()


def forget(visit: str) -> None:
    """Empty a visitor's room in a worker."""
    assert _HOUSE is not None
    _HOUSE.forget(visit)
