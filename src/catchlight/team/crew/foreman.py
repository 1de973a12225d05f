"""The foreman: hands out tasks, takes back results, and gives a lost one to somebody else once.

Who does the work is a :class:`Hand`: a process here, an actor on another machine. Tasks are taken
from an iterator only when a hand is free, so that no more photos are held than are being worked on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from catchlight.team.crew.task import Outcome, Task

#: A task whose worker died is tried so often in all; then it is set aside as poisoned.
TRIES = 2
#: What a worker may hold after a task, MB; one that holds more is replaced.
MOST_MB = 1300.0


class HandLost(Exception):  # noqa: N818 - reads as what happened
    """A worker ended in the middle of its task."""


class Hand(Protocol):
    """One worker."""

    def give(self, task: Task) -> Any:
        """Begin a task; returns a handle to wait for."""

    def take(self, handle: Any) -> tuple[bytes | None, str, float, float]:
        """What came of it, as :func:`catchlight.team.crew.task.do` says; HandLost where it died."""

    def end(self, *, at_once: bool) -> None:
        """Send the worker home; the next task finds another."""


@dataclass(frozen=True)
class _Asked:
    """A task that waits, how often it was begun, and who lost it."""

    task: Task
    tries: int = 1
    lost_by: Hand | None = None


class Foreman:
    """A crew at work.

    Parameters
    ----------
    hands : sequence of Hand
    wait : callable
        Waits for one of several handles and returns those that are done.
    most_mb : float
    """

    def __init__(
        self,
        hands: Sequence[Hand],
        wait: Callable[[list[Any]], list[Any]],
        *,
        most_mb: float = MOST_MB,
    ) -> None:
        self._hands, self._wait, self._most_mb = list(hands), wait, most_mb
        self.count = len(self._hands)

    def work(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """Do tasks; yields each as it is done, in no order. Closing it ends what is being done."""
        waiting = iter(tasks)
        again: list[_Asked] = []
        free = deque(self._hands)
        doing: dict[Any, tuple[Hand, _Asked]] = {}
        try:
            while True:
                for _ in range(len(free)):
                    hand = free.popleft()
                    found = self._choose(hand, again, waiting)
                    if found is None:
                        free.append(hand)
                    else:
                        doing[hand.give(found.task)] = hand, found
                if not doing:
                    return
                for handle in self._wait(list(doing)):
                    hand, asked = doing.pop(handle)
                    free.append(hand)
                    outcome = self._take(handle, hand, asked)
                    if outcome is None:
                        again.append(_Asked(asked.task, asked.tries + 1, hand))
                    else:
                        yield outcome
        except BaseException:
            self.end(at_once=True)
            raise

    def _choose(self, hand: Hand, again: list[_Asked], waiting: Iterator[Task]) -> _Asked | None:
        """What a hand does next: a task that another lost, a new one, or nothing."""
        for at, asked in enumerate(again):
            if asked.lost_by is not hand or self.count == 1:
                return again.pop(at)
        task = next(waiting, None)
        return None if task is None else _Asked(task)

    def _take(self, handle: Any, hand: Hand, asked: _Asked) -> Outcome | None:
        """What came of a task; None where its worker died and it is to be tried anew."""
        try:
            result, reason, seconds, held = hand.take(handle)
        except HandLost as lost:
            hand.end(at_once=True)
            if asked.tries < TRIES:
                return None
            why = f"the worker that held it {lost}, twice: set aside. Often it is the memory."
            return Outcome(asked.task, None, why, tries=asked.tries)
        if held > self._most_mb:
            hand.end(at_once=False)
        return Outcome(asked.task, result, reason, seconds, held, asked.tries)

    def end(self, *, at_once: bool) -> None:
        """Send everybody home."""
        for hand in self._hands:
            hand.end(at_once=at_once)
