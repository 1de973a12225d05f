"""The service: what all routes share."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from catchlight.web.desk import Desk
from catchlight.web.limits import Limits
from catchlight.web.problems import Problem
from catchlight.web.store import Store
from catchlight.web.visits import Visit, Visits

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
    """

    limits: Limits
    store: Store
    visits: Visits
    desk: Desk

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

        work = asyncio.ensure_future(
            self.desk.ask(visit.shelf, task, given, tell=tell, newest=newest)
        )
        gone = asyncio.ensure_future(_wait_until_gone(request))
        try:
            await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                work.cancel()
                raise Problem("stopped", "Nobody waits for it any more.")
            return work.result()
        finally:
            gone.cancel()
            if not work.done():
                work.cancel()

    def forget(self, visit: Visit) -> None:
        """Forget a visitor and what they brought."""
        self.desk.forget(visit.id)
        self.visits.close(visit)


async def _wait_until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def service_of(request: Request) -> Service:
    """The service behind a request."""
    found = request.app.state.service
    assert isinstance(found, Service)
    return found
