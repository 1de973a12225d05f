"""The machine: how many workers it carries."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

#: What a worker needs at its peak, MB: bench of 2026-11-28, 1.1 to 1.9 GB at 2 to 24 megapixels.
EACH_MB = 1900.0
_CGROUP = Path("/sys/fs/cgroup")


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


def measure_free_memory() -> float:
    """Memory that can still be had, MB; within a container, what that one may take."""
    import psutil

    free = float(psutil.virtual_memory().available)
    with contextlib.suppress(OSError, ValueError):  # "max" where there is no limit
        most, now = (int((_CGROUP / f"memory.{name}").read_text()) for name in ("max", "current"))
        free = min(free, float(most - now))
    return free / 1e6
