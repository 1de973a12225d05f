"""Hands on this computer: worker processes, each on a seat of the studio's."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from catchlight.studio.machine import count_cores
from catchlight.studio.seat import Seat
from catchlight.team.crew.foreman import MOST_MB, Foreman, HandLost
from catchlight.team.crew.task import Task, do


class _Process:
    """A worker process."""

    def __init__(self, threads: int) -> None:
        self._seat = Seat(threads)

    def give(self, task: Task) -> Future[Any]:
        return self._seat.give(do, task.kind, task.payload)

    def take(self, handle: Future[Any]) -> tuple[bytes | None, str, float, float]:
        try:
            found: tuple[bytes | None, str, float, float] = handle.result()
        except BrokenProcessPool:
            raise HandLost(self._seat.say_death()) from None
        return found

    def end(self, *, at_once: bool) -> None:
        self._seat.end(at_once=at_once)


def hire_processes(workers: int, *, most_mb: float = MOST_MB) -> Foreman:
    """A crew of processes here, the cores shared out among them."""
    threads = max(1, count_cores() // workers)
    hands = [_Process(threads) for _ in range(workers)]
    return Foreman(hands, _wait, most_mb=most_mb)


def _wait(handles: list[Any]) -> list[Any]:
    return list(wait(handles, return_when=FIRST_COMPLETED).done)
