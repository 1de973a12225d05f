"""A pool: jobs in worker processes, each with its models open and its threads counted.

Each worker is a process pool of one (``concurrent.futures``), so that one that dies takes down only
its own job; see docs/decisions/0010. Workers only make: what has a place is written here, so a
worker that is ended in the middle of its job leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Any, Literal

from catchlight.errors import WorkerLost
from catchlight.results import Record
from catchlight.studio.jobs import Job, deliver, make, record_error
from catchlight.studio.machine import count_cores, give_back_memory, share_heap

#: What a worker may hold after a job, MB; one that holds more is replaced. After six photos of up
#: to 24 megapixels, 0.7 to 1.0 GB were measured.
MOST_MB = 1500.0
#: A job whose worker died is tried so often in all.
_TRIES = 2
#: Done jobs that wait for a slow one before them, for each worker.
_AHEAD = 8
_THREADS = (
    "CATCHLIGHT_THREADS OMP_NUM_THREADS OPENBLAS_NUM_THREADS MKL_NUM_THREADS VECLIB_MAXIMUM_THREADS"
)
#: One worker starts at a time, so that its process can be told from others.
_STARTING = threading.Lock()
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
        self._seats = [_Seat(share) for _ in range(workers)]
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
        busy: dict[Future[tuple[Record, float]], tuple[_Seat, int]] = {}
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
                    busy[seat.give(jobs[at])] = seat, at
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
        self, future: Future[tuple[Record, float]], seat: _Seat, job: Job, *, last: bool
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


class _Seat:
    """The place of one worker; a new one sits down there when the last is gone."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._executor: ProcessPoolExecutor | None = None
        self._process: Any = None

    def give(self, job: Job) -> Future[tuple[Record, float]]:
        """Have the worker do a job."""
        if self._executor is not None:
            try:
                return self._executor.submit(_work, job)
            except BrokenProcessPool:  # it was ended while it waited
                self.end(at_once=True)
        context = multiprocessing.get_context("spawn")
        self._executor = ProcessPoolExecutor(
            1, mp_context=context, initializer=_begin, initargs=(self._threads,)
        )
        with _STARTING, _deaf():
            before = set(multiprocessing.active_children())
            future = self._executor.submit(_work, job)
            (self._process,) = set(multiprocessing.active_children()) - before
        return future

    def say_death(self) -> str:
        """How the worker ended, in words."""
        self._process.join(1)
        code = self._process.exitcode
        if code is not None and code < 0:
            return f"was ended by the system (signal {-code})"
        return "ended" if code is None else f"ended (exit code {code})"

    def end(self, *, at_once: bool) -> None:
        """Send the worker home; the next job finds another."""
        if self._executor is None:
            return
        if at_once:
            self._process.kill()
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = self._process = None


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Start children that do not hear Ctrl-C: who started them ends them."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows: see _begin
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(threads: int) -> None:
    """Prepare a worker: its threads are counted before any library asks for them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    share_heap()
    os.environ.update(dict.fromkeys(_THREADS.split(), str(threads)))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    import cv2
    import threadpoolctl

    cv2.setNumThreads(threads)
    # A script that started the pool may have loaded its BLAS before us.
    threadpoolctl.threadpool_limits(threads)


def _end_with_parent() -> None:
    """A worker whose parent was killed has nobody left to work for."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(job: Job) -> tuple[Record, float]:
    """Do a job in a worker; returns its record, and the memory held after it, MB."""
    import psutil

    record = make(job)
    give_back_memory()
    return record, psutil.Process().memory_info().rss / 1e6
