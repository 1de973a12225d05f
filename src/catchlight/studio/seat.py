"""A seat: the place of one worker process, its models open and its threads counted.

A process pool of one (``concurrent.futures``), so that a worker that dies takes down only what it
was doing; see docs/decisions/0010.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from catchlight.studio.machine import share_heap

T = TypeVar("T")
_THREADS = (
    "CATCHLIGHT_THREADS OMP_NUM_THREADS OPENBLAS_NUM_THREADS MKL_NUM_THREADS VECLIB_MAXIMUM_THREADS"
)
#: One worker starts at a time, so that its process can be told from others.
_STARTING = threading.Lock()


class Seat:
    """The place of one worker; a new one sits down there when the last is gone.

    Parameters
    ----------
    threads : int, of the worker
    prepare : callable, optional
        Called in every new worker before its first task, with what ``hand_over`` gives.
    hand_over : callable, optional
        Called here whenever a worker sits down; what it returns is pickled for ``prepare``, pipes
        and shared numbers included.
    """

    def __init__(
        self,
        threads: int,
        *,
        prepare: Callable[..., None] | None = None,
        hand_over: Callable[[], tuple[Any, ...]] = tuple,
    ) -> None:
        self._threads, self._prepare, self._hand_over = threads, prepare, hand_over
        self._executor: ProcessPoolExecutor | None = None
        self._process: Any = None
        # Who ends it while another thread starts its worker waits until there is one to be ended.
        self._changing = threading.RLock()

    @property
    def pid(self) -> int | None:
        """Process of the worker; None where nobody sits."""
        return None if self._process is None else self._process.pid

    def give(self, work: Callable[..., T], *given: Any) -> Future[T]:
        """Have the worker do something: a function of a module, and what it is given."""
        with self._changing:
            if self._executor is not None:
                try:
                    return self._executor.submit(work, *given)
                except BrokenProcessPool:  # it was ended while it waited
                    self.end(at_once=True)
            return self._start(work, given)

    def _start(self, work: Callable[..., T], given: tuple[Any, ...]) -> Future[T]:
        """Have a new worker sit down, and do its first job."""
        first = (self._threads, self._prepare, self._hand_over())
        context = multiprocessing.get_context("spawn")
        self._executor = ProcessPoolExecutor(
            1, mp_context=context, initializer=_begin, initargs=first
        )
        with _STARTING, _deaf():
            before = set(multiprocessing.active_children())
            future = self._executor.submit(work, *given)
            (self._process,) = set(multiprocessing.active_children()) - before
        return future

    def say_death(self) -> str:
        """How the worker ended, in words."""
        # The pool's own thread waits for it, too: while that one has the code, ours gets none.
        until = time.monotonic() + 1
        while (code := self._process.exitcode) is None and time.monotonic() < until:
            time.sleep(0.005)
        if code is not None and code < 0:
            return f"was ended by the system (signal {-code})"
        return "ended" if code is None else f"ended (exit code {code})"

    def end(self, *, at_once: bool) -> None:
        """Send the worker home; the next job finds another."""
        with self._changing:
            if self._executor is None:
                return
            if at_once and self._process is not None:  # None: it could not be started
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


def _begin(threads: int, prepare: Callable[..., None] | None, given: tuple[Any, ...]) -> None:
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
    if prepare is not None:
        prepare(*given)


def _end_with_parent() -> None:
    """A worker whose parent was killed has nobody left to work for."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
