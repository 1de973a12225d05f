"""Jobs: how far, what came of it, and cancel."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import StreamingResponse

from catchlight.web import media
from catchlight.web.problems import Problem
from catchlight.web.service import service_of

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])
JobId = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


@router.get("/{jid}")
async def read_job(request: Request, jid: JobId) -> dict[str, Any]:
    """How far a job is."""
    return service_of(request).jobs.get(jid).to_json()


@router.get(
    "/{jid}/events",
    response_class=StreamingResponse,
    responses=media.answers("text/event-stream"),
)
async def follow_job(request: Request, jid: JobId) -> StreamingResponse:
    """Server-sent events: `progress` 0..1 until `done`, `failed` or `cancelled`."""
    job = service_of(request).jobs.get(jid)
    return StreamingResponse(job.follow(), media_type="text/event-stream")


@router.get("/{jid}/result", response_class=Response)
async def take_result(request: Request, jid: JobId) -> Response:
    """What came of a job: as the request would have answered."""
    job = service_of(request).jobs.get(jid)
    if job.problem is not None:
        raise job.problem
    if job.result is None:
        raise Problem("busy", "It is not done yet.", {"Retry-After": "1"})
    return job.result


@router.delete("/{jid}", status_code=204)
async def cancel_job(request: Request, jid: JobId) -> Response:
    """End a job and forget it."""
    service = service_of(request)
    service.jobs.cancel(service.jobs.get(jid))
    return Response(status_code=204)
