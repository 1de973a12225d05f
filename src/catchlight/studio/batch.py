"""Many jobs: one after the other in this process, or side by side in workers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from catchlight.results import Record
from catchlight.studio.jobs import Job, run
from catchlight.studio.machine import give_back_memory

if TYPE_CHECKING:
    from catchlight.studio.pool import Tell


def run_all(jobs: Sequence[Job], *, workers: int = 1, tell: Tell | None = None) -> Iterator[Record]:
    """Do jobs and yield their records in the order asked.

    Parameters
    ----------
    jobs : sequence of Job
    workers : int
        1: in this process, with all its threads; more: in so many worker processes.
    tell : callable, optional
    """
    if workers > 1:
        from catchlight.studio.pool import Pool

        with Pool(workers) as pool:
            yield from pool.map(jobs, tell=tell)
        return
    for job in jobs:
        if tell:
            tell(job, "begun")
        yield run(job)
        give_back_memory()
        if tell:
            tell(job, "done")
