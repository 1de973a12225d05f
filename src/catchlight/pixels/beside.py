"""Work done beside other work, where there is a second core for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

import cv2

T = TypeVar("T")


def beside(work: Callable[[], T]) -> Callable[[], T]:
    """Begin ``work`` on a thread of its own; what is returned waits for it and gives its result.

    With a single thread (as a worker of many has it) the work is done when its result is first
    asked for. What it raises is raised there. NumPy, OpenCV and the networks let go of the
    interpreter, so that two such works take little longer than the longer of them.
    """
    if cv2.getNumThreads() < 2:
        return cache(work)
    pool = ThreadPoolExecutor(1)
    future = pool.submit(work)
    pool.shutdown(wait=False)
    return future.result
