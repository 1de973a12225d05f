"""The picture: looks, plans, numbers, thumbnails, and the file."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response

from catchlight.formats import WRITTEN
from catchlight.look import dump_look
from catchlight.setting import load_setting
from catchlight.web import media
from catchlight.web.jobs import Progress
from catchlight.web.problems import Problem
from catchlight.web.routes.bodies import (
    Ask,
    AskMeasure,
    AskPlan,
    AskRender,
    AskThumbnail,
    AskToml,
    Prefer,
)
from catchlight.web.routes.sessions import SessionId
from catchlight.web.service import Service, service_of
from catchlight.web.visits import Visit

router = APIRouter(prefix="/api/v1/sessions/{sid}", tags=["picture"])
#: Pictures that one visitor may bring as backdrops.
_BACKDROPS = 6
_PICTURE = media.form("picture", picture=media.FILE)


@router.post("/look")
async def spell_look(request: Request, sid: SessionId, body: Ask) -> dict[str, Any]:
    """Spell out a setting at a place of the dial; null asks for as much as likeness allows."""
    service = service_of(request)
    visit = service.visits.get(sid)
    said: dict[str, Any] = await service.ask(request, visit, "spell", body.model_dump())
    visit.remember_frame(said["frame_key"], said["look"])
    return said


@router.post("/plan", response_class=Response, responses=media.answers(media.PLAN))
async def pack_plan(request: Request, sid: SessionId, body: AskPlan) -> Response:
    """What the browser draws, as a file."""
    service = service_of(request)
    visit = service.visits.get(sid)
    data, key, frame_key = await service.ask(request, visit, "plan", body.model_dump(mode="json"))
    visit.remember_frame(frame_key, body.model_dump(mode="json")["look"])
    visit.say("ready", key=key, frame_key=frame_key)
    headers = {"ETag": f'"{key}"', "X-Frame-Key": frame_key, **media.PRIVATE}
    return Response(data, media_type=media.PLAN, headers=headers)


@router.post("/measure")
async def measure(request: Request, sid: SessionId, body: AskMeasure) -> dict[str, Any]:
    """Authenticity and polish of a look, and what they are made of.

    The newest quick one counts: it ends what this visit asked to measure before. One that is not
    quick waits its turn and ends nothing, in whichever order the two come in.
    """
    service = service_of(request)
    visit = service.visits.get(sid)
    given = body.model_dump(mode="json")
    said: dict[str, Any] = await service.ask(request, visit, "measure", given, newest=body.quick)
    visit.remember(said["key"], given["look"])
    return said


@router.post("/thumbnail", response_class=Response, responses=media.answers("image/jpeg"))
async def show_thumbnail(request: Request, sid: SessionId, body: AskThumbnail) -> Response:
    """A look drawn small, as JPEG."""
    service = service_of(request)
    visit = service.visits.get(sid)
    data = await service.ask(request, visit, "thumbnail", body.model_dump(mode="json"))
    return Response(data, media_type="image/jpeg", headers=media.PRIVATE)


@router.post(
    "/render",
    response_class=Response,
    responses=media.answers(*media.OF_FORMAT.values(), "application/zip"),
)
async def render(
    request: Request, sid: SessionId, body: AskRender, prefer: Prefer = None
) -> Response:
    """The headshot at full size as a file; several sizes, or the report with it, as a zip."""
    service = service_of(request)
    visit = service.visits.get(sid)
    sizes = list_sizes(body)

    async def work(tell: Progress) -> Response:
        files = await _write(service, visit, body, sizes, tell)
        name, kind, data = gather(files, body)
        headers = {"Content-Disposition": f'attachment; filename="{name}"', **media.PRIVATE}
        return Response(data, media_type=kind, headers=headers)

    return await service.do(request, visit, "render", work, prefer)


async def _write(
    service: Service, visit: Visit, body: AskRender, sizes: list[str], tell: Progress
) -> list[tuple[str, bytes]]:
    """Names and bytes of the files that were asked for, one call for each."""
    given = body.model_dump(mode="json", include={"look", "format", "quality"})
    suffix = WRITTEN[body.format].suffixes[0]
    files: list[tuple[str, bytes]] = []
    steps = len(sizes or [""]) + body.report
    for at, size in enumerate(sizes or [""]):
        tell(at / steps + 0.05, "job.render")
        more = {**given, "size": size or None, "setting": body.setting}

        def stage(_name: str, count: int, at: int = at) -> None:
            tell((at + min(0.9, count / 12)) / steps, "job.render")

        data = await service.desk.ask(visit.shelf, "write", more, tell=stage)
        files.append((f"headshot{'-' if size else ''}{_safe(size)}{suffix}", data))
    if body.report:
        tell(1 - 0.5 / steps, "job.report")
        made = await service.desk.ask(visit.shelf, "report", given)
        files += [("report.html", made["report"]), ("look.toml", made["look"])]
    return files


@router.post("/backdrops", status_code=201, openapi_extra=_PICTURE)
async def bring_backdrop(request: Request, sid: SessionId) -> dict[str, str]:
    """Send a picture to stand behind the person; its name is a look's backdrop then."""
    service = service_of(request)
    visit = service.visits.get(sid)
    if len(visit.shelf.pictures) >= _BACKDROPS:
        raise Problem("too-large", f"At most {_BACKDROPS} pictures as backdrops.")
    upload = await service.receive(request, visit, room=1)
    pictures = upload.of("picture")
    if not pictures:
        raise Problem("request", "No picture came. Send a file as `picture`.")
    _, path = pictures[0]
    name = f"own-{len(visit.shelf.pictures) + 1}{path.suffix or '.jpg'}"
    pictures_now = {**visit.shelf.pictures, name: str(path)}
    visit.shelf = replace(visit.shelf, pictures=pictures_now)
    return {"name": name}


@router.post("/toml", response_class=Response, responses=media.answers("application/toml"))
async def write_toml(request: Request, sid: SessionId, body: AskToml) -> Response:
    """A look as TOML, for the command line."""
    service_of(request).visits.get(sid)
    headers = {"Content-Disposition": 'attachment; filename="look.toml"', **media.PRIVATE}
    return Response(dump_look(body.look), media_type="application/toml", headers=headers)


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
    if len(files) == 1:
        return files[0][0], media.OF_FORMAT[body.format], files[0][1]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as pack:
        for name, data in files:
            pack.writestr(name, data)
    return "headshots.zip", "application/zip", out.getvalue()


def _safe(name: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in name)
