"""Jobs: what takes longer than one waits for, with progress, a result that is kept, and cancel."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal

from starlette.responses import JSONResponse, Response

from catchlight.web.problems import Problem, problem_of

#: Tells a job's progress, 0..1, and what is done.
Progress = Callable[[float, str], None]
Work = Callable[[Progress], Coroutine[Any, Any, Response]]
State = Literal["working", "done", "failed", "cancelled"]
#: Seconds between signs of life of a stream of events.
BEAT = 15.0


@dataclass(eq=False)
class WebJob:
    """One job.

    Attributes
    ----------
    id, kind : str
    visit : str or None, whose it is
    state, progress, text_key : how far it is
    result : Response or None
    problem : Problem or None
    """

    id: str
    kind: str
    visit: str | None
    state: State = "working"
    progress: float = 0.0
    text_key: str = "job.waiting"
    result: Response | None = None
    problem: Problem | None = None
    task: asyncio.Task[None] | None = None
    ended: float | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def to_json(self) -> dict[str, Any]:
        """Say how far it is."""
        said = {k: getattr(self, k) for k in ("id", "kind", "state", "progress", "text_key")}
        problem = None if self.problem is None else self.problem.to_json()
        return said | {"problem": problem}

    def tell(self, progress: float, text_key: str) -> None:
        """Note how far it is."""
        self.progress, self.text_key = max(self.progress, min(progress, 1.0)), text_key
        self.changed.set()

    async def follow(self) -> AsyncIterator[str]:
        """Server-sent events until it has ended."""
        while True:
            self.changed.clear()
            name = "progress" if self.state == "working" else self.state
            yield f"event: {name}\ndata: {json.dumps(self.to_json())}\n\n"
            if self.state != "working":
                return
            try:
                await asyncio.wait_for(self.changed.wait(), BEAT)
            except asyncio.TimeoutError:
                yield ": still here\n\n"


class Jobs:
    """All jobs, those of somebody who is gone forgotten.

    Parameters
    ----------
    age_s : float, after which an ended one is forgotten
    most : int, at a time
    """

    def __init__(self, *, age_s: float, most: int = 128) -> None:
        self.age_s, self.most = age_s, most
        self.here: OrderedDict[str, WebJob] = OrderedDict()

    def start(self, kind: str, visit: str | None, work: Work) -> WebJob:
        """Begin a job.

        Raises
        ------
        Problem
            There are too many.
        """
        self.sweep()
        if sum(j.state == "working" for j in self.here.values()) >= self.most:
            raise Problem("busy", "Too many jobs at a time.", {"Retry-After": "10"})
        job = WebJob(secrets.token_urlsafe(12), kind, visit)
        self.here[job.id] = job
        job.task = asyncio.create_task(self._do(job, work))
        return job

    async def _do(self, job: WebJob, work: Work) -> None:
        try:
            job.result = await work(job.tell)
            job.state, job.progress, job.text_key = "done", 1.0, "job.done"
        except asyncio.CancelledError:
            job.state, job.text_key = "cancelled", "job.cancelled"
        except Exception as error:
            job.problem = problem_of(error)
            job.state, job.text_key = "failed", "job.failed"
        job.ended = time.monotonic()
        job.changed.set()

    def get(self, id: str) -> WebJob:
        """Return a job.

        Raises
        ------
        Problem
        """
        if id not in self.here:
            raise Problem("missing", "There is no such job, or it was forgotten.")
        return self.here[id]

    def cancel(self, job: WebJob) -> None:
        """End a job; nothing of it is kept."""
        if job.task is not None:
            job.task.cancel()
        self.here.pop(job.id, None)

    def forget(self, visit: str) -> None:
        """End the jobs of somebody who is gone."""
        for job in [j for j in self.here.values() if j.visit == visit]:
            self.cancel(job)

    def sweep(self) -> None:
        """Forget those that ended long ago."""
        now = time.monotonic()
        for job in list(self.here.values()):
            if job.ended is not None and now - job.ended > self.age_s:
                del self.here[job.id]


def accept(job: WebJob) -> JSONResponse:
    """Say that a job has begun, and where it is."""
    headers = {"Location": f"/api/v1/jobs/{job.id}", "Preference-Applied": "respond-async"}
    return JSONResponse({"job": job.id}, status_code=202, headers=headers)
