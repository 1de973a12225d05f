"""A pool: jobs in worker processes, each with its models open and its threads counted.

Each worker has a seat of its own (:mod:`catchlight.studio.seat`), so that one that dies takes down
only its own job; see docs/decisions/0010. Workers only make: what has a place is written here, so a
worker that is ended in the middle of its job leaves nothing behind.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Literal

from catchlight.errors import WorkerLost
from catchlight.results import Record
from catchlight.studio.jobs import Job, deliver, make, record_error
from catchlight.studio.machine import count_cores, give_back_memory, measure_held_memory
from catchlight.studio.seat import Seat

#: What a worker may hold after a job, MB; one that holds more is replaced. After six photos of up
#: to 24 megapixels, 0.7 to 1.0 GB were measured.
MOST_MB = 1500.0
#: A job whose worker died is tried so often in all.
_TRIES = 2
#: Done jobs that wait for a slow one before them, for each worker.
_AHEAD = 8
#: Told of a job when it begins and when it is done.
Tell = Callable[[Job, Literal["begun", "done"]], None]


class Pool:
    """Worker processes that do jobs.

    Parameters
    ----------
    workers : int
    threads : int, optional
        Of each worker; by default the cores shared out, at least 1.
    most_mb : float
        A worker that holds more memory than this after a job is replaced.
    """

    def __init__(
        self, workers: int, *, threads: int | None = None, most_mb: float = MOST_MB
    ) -> None:
        share = threads or max(1, count_cores() // workers)
        self._seats = [Seat(share) for _ in range(workers)]
        self._most_mb = most_mb

    def __enter__(self) -> Pool:
        """Return the pool; its workers start with their first job."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        """End the workers: at once where something went wrong."""
        for seat in self._seats:
            seat.end(at_once=kind is not None)

    def map(self, jobs: Sequence[Job], *, tell: Tell | None = None) -> Iterator[Record]:
        """Do jobs and yield their records in the order asked."""
        say = tell or (lambda _job, _what: None)
        waiting = deque(range(len(jobs)))
        free = deque(self._seats)
        busy: dict[Future[tuple[Record, float]], tuple[Seat, int]] = {}
        done: dict[int, Record] = {}
        tries: Counter[int] = Counter()
        shown = 0
        try:
            while shown < len(jobs):
                # A limit ahead, so that what waits for a slow job does not fill the memory.
                while free and waiting and waiting[0] < shown + _AHEAD * len(self._seats):
                    seat, at = free.popleft(), waiting.popleft()
                    tries[at] += 1
                    if tries[at] == 1:
                        say(jobs[at], "begun")
                    busy[seat.give(_work, jobs[at])] = seat, at
                finished, _ = wait(busy, return_when=FIRST_COMPLETED)
                for future in finished:
                    seat, at = busy.pop(future)
                    free.append(seat)
                    record = self._take(future, seat, jobs[at], last=tries[at] >= _TRIES)
                    if record is None:
                        waiting.appendleft(at)
                        continue
                    done[at] = record
                    say(jobs[at], "done")
                while shown in done:
                    yield done.pop(shown)
                    shown += 1
        except BaseException:
            for seat in self._seats:
                seat.end(at_once=True)
            raise

    def _take(
        self, future: Future[tuple[Record, float]], seat: Seat, job: Job, *, last: bool
    ) -> Record | None:
        """Deliver what a worker made; None where it died and the job is to be tried anew."""
        try:
            record, held = future.result()
        except BrokenProcessPool:
            how = seat.say_death()
            seat.end(at_once=True)
            if not last:
                return None
            lost = WorkerLost(
                f"{job.title}: the worker that held it {how}, twice. Often the system wanted its "
                "memory back: try fewer --workers, or a smaller photo."
            )
            return record_error(job, lost, {})
        if held > self._most_mb:
            seat.end(at_once=False)
        return deliver(job, record)


def _work(job: Job) -> tuple[Record, float]:
    """Do a job in a worker; returns its record, and the memory held after it, MB."""
    record = make(job)
    give_back_memory()
    return record, measure_held_memory()
