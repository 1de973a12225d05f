"""The picture: looks, plans, numbers, thumbnails, and the file."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from fastapi import APIRouter, Request, Response

from catchlight.formats import WRITTEN
from catchlight.setting import load_setting
from catchlight.web import media
from catchlight.web.problems import Problem
from catchlight.web.routes.bodies import Ask, AskMeasure, AskPlan, AskRender, AskThumbnail
from catchlight.web.routes.sessions import SessionId
from catchlight.web.service import service_of

router = APIRouter(prefix="/api/v1/sessions/{sid}", tags=["picture"])
_PRIVATE = {"Cache-Control": "private, no-store"}


@router.post("/look")
async def spell_look(request: Request, sid: SessionId, body: Ask) -> dict[str, Any]:
    """Spell out a setting at a place of the dial; null asks for as much as likeness allows."""
    service = service_of(request)
    visit = service.visits.get(sid)
    said: dict[str, Any] = await service.ask(request, visit, "spell", body.model_dump())
    return said


@router.post("/plan", response_class=Response)
async def pack_plan(request: Request, sid: SessionId, body: AskPlan) -> Response:
    """What the browser draws, as a file."""
    service = service_of(request)
    visit = service.visits.get(sid)
    data, key, frame_key = await service.ask(request, visit, "plan", body.model_dump(mode="json"))
    visit.say("ready", key=key, frame_key=frame_key)
    headers = {"ETag": f'"{key}"', "X-Frame-Key": frame_key, **_PRIVATE}
    return Response(data, media_type=media.PLAN, headers=headers)


@router.post("/measure")
async def measure(request: Request, sid: SessionId, body: AskMeasure) -> dict[str, Any]:
    """Authenticity and polish of a look, and what they are made of; the newest asked for counts."""
    service = service_of(request)
    visit = service.visits.get(sid)
    given = body.model_dump(mode="json")
    said: dict[str, Any] = await service.ask(request, visit, "measure", given, newest=True)
    visit.remember(said["key"], given["look"])
    return said


@router.post("/thumbnail", response_class=Response)
async def show_thumbnail(request: Request, sid: SessionId, body: AskThumbnail) -> Response:
    """A look drawn small, as JPEG."""
    service = service_of(request)
    visit = service.visits.get(sid)
    data = await service.ask(request, visit, "thumbnail", body.model_dump(mode="json"))
    return Response(data, media_type="image/jpeg", headers=_PRIVATE)


@router.post("/render", response_class=Response)
async def render(request: Request, sid: SessionId, body: AskRender) -> Response:
    """The headshot at full size as a file, or several sizes as a zip."""
    service = service_of(request)
    visit = service.visits.get(sid)
    given = body.model_dump(mode="json", exclude={"report"})
    given["sizes"] = list_sizes(body)
    files = await service.ask(request, visit, "write", given)
    name, kind, data = gather(files, body)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **_PRIVATE}
    return Response(data, media_type=kind, headers=headers)


def list_sizes(body: AskRender) -> list[str]:
    """Names of the sizes that are asked for; none for the look's own."""
    if body.sizes == "setting":
        return list(load_setting(body.setting).sizes)
    found = list(dict.fromkeys(body.sizes or []))
    if len(found) > 12:
        raise Problem("look", "At most 12 sizes at a time.")
    return found


def gather(files: list[tuple[str, bytes]], body: AskRender) -> tuple[str, str, bytes]:
    """Name, media type and bytes of one file, or of a zip of several."""
    suffix = WRITTEN[body.format].suffixes[0]
    if len(files) == 1:
        return f"headshot{suffix}", media.OF_FORMAT[body.format], files[0][1]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as pack:
        for name, data in files:
            safe = "".join(c if c.isalnum() or c in "-_" else "-" for c in name)
            pack.writestr(f"headshot-{safe}{suffix}", data)
    return "headshots.zip", "application/zip", out.getvalue()
