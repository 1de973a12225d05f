"""Sessions: photos in, who is in them, and which is used."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from catchlight.setting import list_settings
from catchlight.web import media
from catchlight.web.calls import PLAIN
from catchlight.web.jobs import BEAT
from catchlight.web.problems import Problem
from catchlight.web.routes.bodies import Use
from catchlight.web.service import Service, service_of
from catchlight.web.visits import Visit

router = APIRouter(prefix="/api/v1/sessions", tags=["sessions"])
SessionId = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
UPLOAD = media.form("photo", photo=media.files(12), setting={"type": "string"})


@router.post("", status_code=201, openapi_extra=UPLOAD)
async def open_session(
    request: Request,
    idempotency_key: Annotated[str | None, Header(max_length=128, min_length=8)] = None,
) -> JSONResponse:
    """Send photos; the first one is looked at before the answer, the others after it."""
    service = service_of(request)
    async with service.visits.once(idempotency_key) as known:
        visit = known or service.admit(idempotency_key)
        try:
            if known is None:
                await _bring(service, request, visit)
        except BaseException:
            service.forget(visit)
            raise
    return JSONResponse(visit.to_json(service.limits.age_s), status_code=201)


@router.get("/{sid}")
async def read_session(request: Request, sid: SessionId) -> dict[str, Any]:
    """What is known of a session."""
    service = service_of(request)
    return service.visits.get(sid).to_json(service.limits.age_s)


@router.delete("/{sid}", status_code=204)
async def forget_session(request: Request, sid: SessionId) -> Response:
    """Forget everything of a session at once."""
    service = service_of(request)
    service.forget(service.visits.get(sid))
    return Response(status_code=204)


@router.post("/{sid}/photos", openapi_extra=UPLOAD)
async def add_photos(request: Request, sid: SessionId) -> dict[str, Any]:
    """Send more photos of the same person."""
    service = service_of(request)
    visit = service.visits.get(sid)
    await _bring(service, request, visit)
    return visit.to_json(service.limits.age_s)


@router.post("/{sid}/use")
async def use_photo(request: Request, sid: SessionId, body: Use) -> dict[str, Any]:
    """Say which photo the headshot is made of, and which face of it."""
    service = service_of(request)
    visit = service.visits.get(sid)
    if body.photo not in visit.told:
        raise Problem("missing", f"There is no photo {body.photo}.")
    shelf = replace(visit.shelf, source=body.photo, face=body.face)
    given = {"photo": body.photo, "face": body.face}
    before, visit.shelf = visit.shelf, shelf
    try:
        seen = await service.ask(request, visit, "look at", given)
    except BaseException:
        visit.shelf = before
        raise
    visit.chosen = True
    for told in visit.told.values():
        if told["role"] == "source":
            told["role"] = "reference"
    visit.note(body.photo, {**visit.told[body.photo], **seen}, role="source")
    return visit.to_json(service.limits.age_s)


@router.get(
    "/{sid}/photos/{pid}/preview",
    response_class=Response,
    responses=media.answers("image/jpeg"),
)
async def preview_photo(
    request: Request,
    sid: SessionId,
    pid: Annotated[str, Path(pattern=r"^p[0-9]{1,4}$")],
    longest: Annotated[int, Query(ge=64, le=1600)] = 800,
) -> Response:
    """A plain crop by the face, at once; provisional."""
    service = service_of(request)
    visit = service.visits.get(sid)
    if pid not in visit.told:
        raise Problem("missing", f"There is no photo {pid}.")
    if visit.plain is not None and visit.plain[0] == pid and longest == PLAIN:
        data = visit.plain[1]
    else:
        given = {"photo": pid, "longest": longest}
        data = await service.ask(request, visit, "preview", given)
    return Response(data, media_type="image/jpeg", headers=media.PRIVATE)


@router.get(
    "/{sid}/events",
    response_class=StreamingResponse,
    responses=media.answers("text/event-stream"),
)
async def hear_events(request: Request, sid: SessionId) -> StreamingResponse:
    """Server-sent events: `stage`, `photos`, `ready`, `variant`, `problem`."""
    visit = service_of(request).visits.get(sid)

    async def stream() -> AsyncIterator[str]:
        with visit.listening() as queue:
            yield "retry: 2000\n\n"
            while True:
                try:
                    text = await asyncio.wait_for(queue.get(), BEAT)
                except asyncio.TimeoutError:
                    text = ": still here\n\n"
                if text is None:
                    return
                yield text

    return StreamingResponse(stream(), media_type="text/event-stream")


async def _bring(service: Service, request: Request, visit: Visit) -> None:
    """Put what was sent on the shelf, and look at it."""
    room = service.limits.photos - len(visit.shelf.photos)
    upload = await service.receive(request, visit, room=room)
    photos = upload.of("photo")
    if not photos:
        raise Problem("request", "No photo came. Send at least one file as `photo`.")
    setting = upload.values.get("setting")
    if setting:
        if setting not in list_settings():
            raise Problem("look", f"There is no setting {setting[:40]!r}.")
        visit.setting = setting
    brought = [visit.add(name, path).id for name, path in photos]
    rest = brought
    if not visit.shelf.source:
        rest = await _find_first(service, request, visit, brought)
    if len(visit.shelf.photos) > 1:
        task = asyncio.create_task(_look_at_rest(service, visit, rest))
        visit.tasks.add(task)
        task.add_done_callback(visit.tasks.discard)


async def _find_first(
    service: Service, request: Request, visit: Visit, brought: list[str]
) -> list[str]:
    """Use the first photo of which a headshot could be made; returns the others.

    Raises
    ------
    Problem
        Of the first photo, where none will do.
    """
    first: Problem | None = None
    for at, id in enumerate(brought):
        visit.shelf = replace(visit.shelf, source=id)
        try:
            seen = await service.ask(request, visit, "look at", {"photo": id})
        except Problem as problem:
            if problem.code not in ("face", "picture", "too-large"):
                raise
            first = first or problem
            visit.told[id] = {"role": "left out", "why": problem.detail}
            continue
        visit.note(id, seen, role="source", rank=1 if len(brought) == 1 else None)
        return brought[at + 1 :]
    assert first is not None
    raise first


async def _look_at_rest(service: Service, visit: Visit, rest: list[str]) -> None:
    """Look at further photos, one after the other, and rank all."""
    try:
        for id in rest:
            visit.note(id, await service.desk.ask(visit.shelf, "observe", {"photo": id}))
            visit.told[id].setdefault("role", "reference")
            visit.say("photos", **visit.to_json(service.limits.age_s))
        usable = [p.id for p in visit.shelf.photos if visit.told[p.id]["role"] != "left out"]
        for row in await service.desk.ask(visit.shelf, "sort", {"photos": usable}):
            visit.told[row.pop("id")] |= row
        _settle_source(visit)
        visit.say("photos", **visit.to_json(service.limits.age_s))
    except Problem as problem:
        visit.say("problem", **problem.to_json())


def _settle_source(visit: Visit) -> None:
    """The best photo is the source, unless the visitor said another."""
    told = visit.told
    best = next((id for id, row in told.items() if row["role"] == "source"), None)
    if visit.chosen or best is None:
        for id, row in told.items():
            if row["role"] == "source" and id != visit.shelf.source:
                row["role"] = "reference"
        told[visit.shelf.source]["role"] = "source"
    else:
        visit.shelf = replace(visit.shelf, source=best, face=None)
    same = tuple(id for id, row in told.items() if row["role"] in ("source", "reference"))
    visit.shelf = replace(visit.shelf, references=same)
