"""The machine: how many workers it carries, and its memory."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import sys
from pathlib import Path

#: What a worker needs at its peak, MB: 0.6, 1.0 and 1.2 GB were measured in a worker of one thread
#: after photos of 2, 12 and 24 megapixels, 1.3 after six of all kinds.
EACH_MB = 1400.0
_CGROUP = Path("/sys/fs/cgroup")
#: The environment's names of glibc, mallopt's in its malloc.h, and what they are set to: one heap
#: for all threads, from which pictures of up to 64 MB are taken as well, and 256 MB that are kept
#: for the next.
_HEAP = (
    ("MALLOC_ARENA_MAX", -8, 1),
    ("MALLOC_MMAP_THRESHOLD_", -3, 64 << 20),
    ("MALLOC_TRIM_THRESHOLD_", -1, 256 << 20),
)
#: The same, for a process that is yet to start: one that begins with twenty threads has given each
#: a heap before any Python runs, and keeps them. After five photos an actor of Ray held 990 MB of
#: 1550 at its peak with the call alone, 560 of 1190 with these.
HEAP_WORDS = {word: str(value) for word, _, value in _HEAP}


def choose_workers(count: int) -> int:
    """How many workers suit ``count`` jobs here: a core each, as far as the memory reaches."""
    most = min(count, count_cores())
    return most if most < 2 else max(1, min(most, int(measure_free_memory() // EACH_MB)))


def count_cores() -> int:
    """The cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        return os.cpu_count() or 1


def share_heap() -> None:
    """Let all threads of this process take their memory from one heap, and use it again.

    Else each thread keeps what it freed for itself, and large pictures come page by page from the
    system each time. Of six photos of 12 megapixels this took a third off the peak and five sixths
    of the page faults. It is the process's own affair, so only doors call it: the command, a
    worker, the bench. Linux with glibc only; elsewhere nothing is done.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            for _, name, value in _HEAP:
                ctypes.CDLL(None).mallopt(name, value)


def give_back_memory() -> None:
    """Return to the system what is not needed; the C library keeps much of it for itself.

    What is kept grows with every photo that is unlike those before it, since pieces of many sizes
    lie between each other. Linux with glibc only.

    Before that, things that hold each other are let go: Python looks for them when there are many,
    and a photo's are few and large. Of five photos of 2 megapixels a worker held 1010 MB without
    this, 377 with it, whatever came before; looking takes 0.06 to 0.1 s.
    """
    gc.collect()
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def measure_held_memory() -> float:
    """Memory that this process holds, MB."""
    import psutil

    return float(psutil.Process().memory_info().rss) / 1e6


def measure_free_memory() -> float:
    """Memory that can still be had, MB; within a container, what that one may take."""
    import psutil

    free = float(psutil.virtual_memory().available)
    with contextlib.suppress(OSError, ValueError):  # "max" where there is no limit
        most, now = (int((_CGROUP / f"memory.{name}").read_text()) for name in ("max", "current"))
        free = min(free, float(most - now))
    return free / 1e6
