"""The desk: calls go to the worker that keeps the visitor's room, in fair turns, bounded in number.

Each worker has a queue of each visitor's calls and takes one of each in turn, so that somebody who
asks for much waits for it alone. A call whose worker died is tried once more, on the next one.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
from collections import Counter
from collections.abc import Mapping
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from catchlight.web.calls import Answer, Call, Shelf
from catchlight.web.limits import Limits
from catchlight.web.metrics import Watch
from catchlight.web.place import Asked, Tell, Workbench
from catchlight.web.problems import CODES, Problem
from catchlight.web.rooms import house

#: A call whose worker died over it is tried so often in all, and given to so many workers at most;
#: seconds that what a dead worker told of its stages may take to be heard.
_TRIES, _STARTS, _LAST_WORDS = 2, 4, 0.05
#: A visitor whose calls ended a worker for good so often is not served any more.
_STRIKES = 2
log = logging.getLogger("catchlight.web")


class Desk:
    """Workers, and who is served next.

    Parameters
    ----------
    workers, threads : int, how many, and the threads of each
    limits : Limits
    watch : Watch, optional
        Counts calls and workers that ended.
    """

    def __init__(
        self, workers: int, threads: int, limits: Limits, *, watch: Watch | None = None
    ) -> None:
        self.limits, self._watch = limits, watch
        self._numbers = itertools.count(1)
        self.places = [Workbench(threads, limits, self._hear) for _ in range(workers)]
        self._homes: dict[str, Workbench] = {}
        self._strikes: Counter[str] = Counter()
        self._tasks: list[asyncio.Task[None]] = []
        self._by_number: dict[int, Asked] = {}

    async def open(self, *, warm: bool = True) -> None:
        """Begin to serve; ``warm``: workers open their models now, not when they are needed."""
        self._loop = asyncio.get_running_loop()
        self._tasks = [asyncio.create_task(self._serve(place)) for place in self.places]
        for place in self.places if warm else ():
            await self._loop.run_in_executor(None, place.seat.give, house.warm)
            place.close_ours()

    async def close(self) -> None:
        """Send the workers home."""
        for task in self._tasks:
            task.cancel()
        for place in self.places:
            place.seat.end(at_once=True)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def ask(
        self,
        shelf: Shelf,
        task: str,
        given: Mapping[str, Any],
        *,
        tell: Tell | None = None,
        newest: bool = False,
    ) -> Any:
        """Ask a worker, and wait for its answer. Whoever stops waiting stops the work.

        Parameters
        ----------
        shelf : Shelf
        task : str
        given : mapping
        tell : callable, optional
            Told of each stage, and its number.
        newest : bool
            Whether an older call of the same visitor and task is answered no more.

        Raises
        ------
        Problem
        """
        if self._strikes[shelf.visit] >= _STRIKES:
            said = "What was asked of this photo ended its worker again and again. Send another."
            raise Problem("worker", said)
        place = self._home_of(shelf.visit)
        if newest:
            self._supersede(place, shelf.visit, task)
        mine = len(place.waiting.get(shelf.visit, ()))
        if place.count >= self.limits.waiting or mine >= self.limits.each_waiting:
            raise Problem("busy", "Too many wait already. Try again in a moment.",
                          {"Retry-After": str(1 + place.count // 4)})  # fmt: skip
        call = Call(next(self._numbers), task, shelf, dict(given))
        asked = Asked(call, self._loop.create_future(), tell)
        self._by_number[call.number] = asked
        place.add(asked)
        try:
            return await asked.answer
        except asyncio.CancelledError:
            place.stop(asked)
            raise
        finally:
            self._by_number.pop(call.number, None)

    def forget(self, visit: str) -> None:
        """A visitor has gone: nothing of theirs is answered any more, and their room is emptied."""
        place = self._homes.pop(visit, None)
        self._strikes.pop(visit, None)
        if place is None:
            return
        place.visits.discard(visit)
        for asked in place.of(visit):
            if not asked.answer.done():
                asked.answer.set_exception(Problem("missing", "This session was forgotten."))
                place.stop(asked)
        if place.seat.pid is not None:
            with contextlib.suppress(Exception):
                place.seat.give(house.forget, visit)

    def _home_of(self, visit: str) -> Workbench:
        if visit not in self._homes:
            place = min(self.places, key=lambda p: (len(p.visits), p.count))
            place.visits.add(visit)
            self._homes[visit] = place
        return self._homes[visit]

    def _supersede(self, place: Workbench, visit: str, task: str) -> None:
        for asked in place.of(visit):
            if asked.call.task == task and not asked.answer.done():
                asked.answer.set_exception(Problem("superseded", "A newer one was asked for."))
                place.stop(asked)

    async def _serve(self, place: Workbench) -> None:
        while True:
            asked = place.take()
            if asked is None:
                place.something.clear()
                await place.something.wait()
                continue
            place.running = asked
            try:
                await self._do(place, asked)
            finally:
                place.running = None

    async def _do(self, place: Workbench, asked: Asked) -> None:
        tries = 0
        for _ in range(_STARTS):
            asked.begun = False
            try:
                answer = await self._give(place, asked.call)
            except asyncio.TimeoutError:
                self._lose(place)
                said = f"It took longer than {self.limits.call_s:.0f} seconds, so it was stopped."
                return self._strike(asked, Problem("slow", said))
            except BrokenProcessPool:
                how = place.seat.say_death()
                self._lose(place)
                await asyncio.sleep(_LAST_WORDS)
                # One that died before it began died of something else.
                tries += asked.begun
                if tries < _TRIES and not asked.answer.done():
                    continue
                break
            place.held_mb = answer.held_mb
            if self._watch is not None:
                self._watch.answered(asked.call.task, answer)
            if answer.held_mb > self.limits.worker_mb:
                place.seat.end(at_once=False)
            return _finish(asked, answer)
        said = f"The worker that held it {how}, twice. Try a smaller photo."
        return self._strike(asked, Problem("worker", said))

    async def _give(self, place: Workbench, call: Call) -> Answer:
        future = await self._loop.run_in_executor(None, place.seat.give, house.answer, call)
        place.close_ours()
        # Not wait_for: up to Python 3.11 it hands out what came in the same turn in which it was
        # cancelled, which is then forgotten, and who closes waits for ever.
        work = asyncio.wrap_future(future)
        try:
            done, _ = await asyncio.wait({work}, timeout=self.limits.call_s)
        finally:
            work.cancel()
        if not done:
            raise asyncio.TimeoutError
        return work.result()

    def _strike(self, asked: Asked, problem: Problem) -> None:
        self._strikes[asked.visit] += 1
        _fail(asked, problem)

    def _lose(self, place: Workbench) -> None:
        place.seat.end(at_once=True)
        if self._watch is not None:
            self._watch.lost()

    def _hear(self, number: int, stage: str, count: int) -> None:
        """Hand on what a worker's listener heard, on its thread, to the loop."""
        self._loop.call_soon_threadsafe(self._told, number, stage, count)

    def _told(self, number: int, stage: str, count: int) -> None:
        asked = self._by_number.get(number)
        if asked is not None:
            asked.begun = True
        if asked is not None and asked.tell is not None:
            asked.tell(stage, count)


def _fail(asked: Asked, problem: Problem) -> None:
    if not asked.answer.done():
        asked.answer.set_exception(problem)


def _finish(asked: Asked, answer: Answer) -> None:
    if answer.trace:
        log.error("fault in %r: %s", asked.call.task, answer.trace)
    if asked.answer.done():
        return
    if answer.problem is None:
        asked.answer.set_result(answer.value)
    else:
        code, words = answer.problem
        asked.answer.set_exception(Problem(code if code in CODES else "refused", words))
