"""The service: what all routes share."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from catchlight.web.desk import Desk
from catchlight.web.jobs import Jobs, Work, accept
from catchlight.web.limits import Limits
from catchlight.web.metrics import Watch
from catchlight.web.problems import Problem
from catchlight.web.store import Store
from catchlight.web.uploads import Upload, receive
from catchlight.web.visits import Visit, Visits

T = TypeVar("T")
#: Seconds after which somebody who was not heard of gives way to who comes.
_IDLE = 300.0
#: Stages of a studio, for a bar that does not lie: more are told than there are.
STAGES = 14


@dataclass(eq=False)
class Service:
    """Store, visits and desk.

    Attributes
    ----------
    limits : Limits
    store : Store
    visits : Visits
    desk : Desk
    jobs : Jobs
    watch : Watch
    """

    limits: Limits
    store: Store
    visits: Visits
    desk: Desk
    jobs: Jobs
    watch: Watch

    async def ask(
        self, request: Request, visit: Visit, task: str, given: Mapping[str, Any], *,
        newest: bool = False,
    ) -> Any:  # fmt: skip
        """Ask a worker for somebody who waits; when they are gone, so is the work.

        Raises
        ------
        Problem
        """

        def tell(stage: str, count: int) -> None:
            said = {"stage": stage, "of": task, "text_key": f"stage.{stage.replace(' ', '_')}"}
            visit.say("stage", **said, done=count, total=max(STAGES, count + 1))

        return await wait_for(
            request, self.desk.ask(visit.shelf, task, given, tell=tell, newest=newest)
        )

    async def do(
        self, request: Request, visit: Visit, kind: str, work: Work, prefer: str | None
    ) -> Response:
        """Do what takes long while somebody waits, or as a job where they prefer that.

        Raises
        ------
        Problem
        """
        if prefer is not None and "respond-async" in prefer:
            return accept(self.jobs.start(kind, visit.id, work))
        done: Response = await wait_for(request, work(lambda _progress, _key: None))
        return done

    async def receive(self, request: Request, visit: Visit, *, room: int) -> Upload:
        """Take what somebody sends into a folder of their own; of what fails nothing is kept.

        Raises
        ------
        Problem
        """
        self.visits.check_room()
        folder = self.store.new_folder(visit.folder)
        try:
            return await receive(request, folder, self.limits, room=room)
        except BaseException:
            self.store.forget(folder)
            raise

    def admit(self, key: str | None = None) -> Visit:
        """Let somebody in; where it is full, whoever was not heard of for longest goes.

        Raises
        ------
        Problem
            All who are here are busy.
        """
        oldest = next(iter(self.visits.here.values()), None)
        full = len(self.visits.here) >= self.limits.visits
        if full and oldest is not None and oldest.idle_s > _IDLE:
            self.forget(oldest)
        return self.visits.open(key)

    def forget(self, visit: Visit) -> None:
        """Forget a visitor and what they brought."""
        self.jobs.forget(visit.id)
        self.desk.forget(visit.id)
        self.visits.close(visit)


async def wait_for(request: Request, waited: Coroutine[Any, Any, T]) -> T:
    """Wait while the client does; when they are gone, the work is stopped.

    Raises
    ------
    Problem
    """
    work = asyncio.ensure_future(waited)
    gone = asyncio.ensure_future(_wait_until_gone(request))
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise Problem("stopped", "Nobody waits for it any more.")
        return work.result()
    finally:
        gone.cancel()
        if not work.done():
            work.cancel()


async def _wait_until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def service_of(request: Request) -> Service:
    """The service behind a request."""
    found = request.app.state.service
    assert isinstance(found, Service)
    return found
