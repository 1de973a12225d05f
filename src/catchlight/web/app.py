"""The app: routes, guards and a service that lives as long as it does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from catchlight import __version__
from catchlight.web.desk import Desk
from catchlight.web.doorkeeper import Doorkeeper
from catchlight.web.guard import Guard
from catchlight.web.jobs import Jobs
from catchlight.web.limits import Limits
from catchlight.web.metrics import Watch
from catchlight.web.problems import PROBLEMS, Problem, problem_of, respond
from catchlight.web.routes import audits, docs, jobs, page, picture, schema, sessions, versions
from catchlight.web.service import Service
from catchlight.web.store import Store
from catchlight.web.visits import Visits

#: Seconds between two looks for visits that nobody uses any more.
_ROUND = 20.0


def create_app(
    *,
    workers: int = 1,
    threads: int = 2,
    limits: Limits | None = None,
    home: Path | None = None,
    doorkeeper: Doorkeeper | None = None,
    warm: bool = True,
) -> FastAPI:
    """Build the app.

    Parameters
    ----------
    workers, threads : int
    limits : Limits, optional
    home : Path, optional
        Where uploads are kept; by default a private folder among the temporary ones.
    doorkeeper : Doorkeeper, optional
        By default one that lets in whoever is on this computer.
    warm : bool
        Whether workers start with the app, and not when they are needed.
    """
    limits, watch = limits or Limits(), Watch()

    @contextlib.asynccontextmanager
    async def live(app: FastAPI) -> AsyncIterator[None]:
        store = Store(home)
        desk = Desk(workers, threads, limits, watch=watch)
        app.state.service = service = Service(
            limits, store, Visits(store, limits), desk, Jobs(age_s=limits.job_age_s), watch
        )
        await desk.open(warm=warm)
        sweeping = asyncio.create_task(_sweep(service))
        try:
            yield
        finally:
            sweeping.cancel()
            for visit in list(service.visits.here.values()):
                service.visits.close(visit)
            await desk.close()
            store.close()

    app = FastAPI(
        title="Catchlight",
        version=__version__,
        lifespan=live,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    for routes in (sessions, picture, versions, jobs, audits, schema, docs, page):
        app.include_router(routes.router, responses=PROBLEMS)
    app.add_middleware(Guard, doorkeeper=doorkeeper or Doorkeeper(), limits=limits, watch=watch)
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    return app


async def _sweep(service: Service) -> None:
    while True:
        await asyncio.sleep(min(_ROUND, service.limits.age_s / 4))
        for visit in service.visits.list_stale():
            service.forget(visit)


async def _on_problem(request: Request, error: Exception) -> JSONResponse:
    return respond(problem_of(error), request.url.path)


async def _on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(p) for p in first["loc"][1:])
    code = "look" if "look" in first["loc"] else "request"
    return respond(Problem(code, f"{where}: {first['msg']}"), request.url.path)


async def _on_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    codes = {404: "missing", 405: "method", 413: "too-large"}
    headers = dict(error.headers or {})
    return respond(
        Problem(codes.get(error.status_code, "request"), str(error.detail), headers),
        request.url.path,
    )
