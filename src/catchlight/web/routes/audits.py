"""Audits that need no session: check a headshot from anywhere, rank photos."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from catchlight.web import media
from catchlight.web.problems import Problem
from catchlight.web.routes.sessions import UPLOAD
from catchlight.web.service import Service, service_of
from catchlight.web.uploads import Upload
from catchlight.web.visits import Visit

router = APIRouter(prefix="/api/v1", tags=["audits"])
_CHECK = media.form(
    "headshot",
    "photo",
    headshot=media.FILE,
    photo=media.files(11),
    page={"type": "string", "enum": ["0", "1"]},
)


@router.post("/check", openapi_extra=_CHECK)
async def check(request: Request) -> dict[str, Any]:
    """Whether a headshot from anywhere is still the person in real photos; `page=1` draws it."""
    service = service_of(request)
    visit, upload = await _bring(service, request)
    try:
        made = upload.of("headshot")
        if len(made) != 1 or not upload.of("photo"):
            raise Problem("request", "Send one `headshot` and at least one `photo`.")
        headshot = visit.add(*made[0]).id
        for name, path in upload.of("photo"):
            visit.add(name, path)
        given = {"headshot": headshot, "page": upload.values.get("page") == "1"}
        said: dict[str, Any] = await service.ask(request, visit, "check", given)
        return said
    finally:
        service.forget(visit)


@router.post("/pick", openapi_extra=UPLOAD)
async def pick(request: Request) -> dict[str, Any]:
    """Rank photos of one person as sources, the best first."""
    service = service_of(request)
    visit, upload = await _bring(service, request)
    try:
        for name, path in upload.of("photo"):
            visit.add(name, path)
        if not visit.shelf.photos:
            raise Problem("request", "No photo came. Send at least one file as `photo`.")
        said: dict[str, Any] = await service.ask(request, visit, "pick", {})
        return said
    finally:
        service.forget(visit)


async def _bring(service: Service, request: Request) -> tuple[Visit, Upload]:
    """Somebody who stays for one question."""
    visit = service.admit()
    try:
        upload = await service.receive(request, visit, room=service.limits.photos)
    except BaseException:
        service.forget(visit)
        raise
    return visit, upload
