"""Versions: explore, rank, what edits cost, marks of the skin, evidence."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from catchlight.web import media
from catchlight.web.jobs import Progress
from catchlight.web.problems import Problem
from catchlight.web.routes.bodies import AskCosts, AskExplore, AskRank, AskWardrobe, Prefer
from catchlight.web.routes.sessions import SessionId
from catchlight.web.service import Service, service_of
from catchlight.web.visits import Visit

router = APIRouter(prefix="/api/v1/sessions/{sid}", tags=["versions"])
KeyName = Annotated[str, Query(pattern=r"^[0-9a-f]{8,64}$")]


@router.post("/explore")
async def explore(
    request: Request, sid: SessionId, body: AskExplore, prefer: Prefer = None
) -> Response:
    """Make, measure and show variants that can be told apart, and say which is most the person."""
    service = service_of(request)
    visit = service.visits.get(sid)

    async def work(tell: Progress) -> Response:
        return JSONResponse(await _explore(service, visit, body, tell))

    return await service.do(request, visit, "explore", work, prefer)


async def _explore(
    service: Service, visit: Visit, body: AskExplore, tell: Progress
) -> dict[str, Any]:
    """Short calls, so that others have their turns between them."""
    whole = body.model_dump()
    total = left = await service.desk.ask(visit.shelf, "look around", whole)
    while left:
        tell(0.4 * (total - left) / total, "job.looking")
        left = await service.desk.ask(visit.shelf, "look around", whole)
    rows: list[dict[str, Any]] = []
    tried: list[tuple[int, bool]] = []
    while True:
        tell(0.4 + 0.55 * len(rows) / body.count, "job.variant")
        row = await service.desk.ask(visit.shelf, "variant", {**whole, "tried": tried})
        if row is None:
            break
        tried.append((row.pop("candidate"), row.pop("fits")))
        if not tried[-1][1]:
            continue
        rows.append(row)
        shown = {k: row[k] for k in ("name", "look", "authenticity", "polish", "likeness")}
        visit.say("variant", number=len(rows), of=body.count, **shown)
        visit.remember(row["key"], row["look"])
    told = await service.desk.ask(visit.shelf, "choose", {"setting": body.setting, "rows": rows})
    front = told.pop("front")
    variants = [{"number": i, **row, "on_front": i in front} for i, row in enumerate(rows, 1)]
    return {"variants": variants, **told}


@router.post("/wardrobe")
async def wardrobe(request: Request, sid: SessionId, body: AskWardrobe) -> dict[str, Any]:
    """What to wear next time, and which colours can be tried on the clothes of a look."""
    service = service_of(request)
    visit = service.visits.get(sid)
    given = body.model_dump(mode="json")
    said: dict[str, Any] = await service.ask(request, visit, "wardrobe", given)
    return said


@router.post("/rank")
async def rank(request: Request, sid: SessionId, body: AskRank) -> dict[str, Any]:
    """Order looks by likeness to all photos of the person."""
    service = service_of(request)
    visit = service.visits.get(sid)
    said: dict[str, Any] = await service.ask(request, visit, "rank", body.model_dump(mode="json"))
    return said


@router.post("/costs")
async def costs(request: Request, sid: SessionId, body: AskCosts) -> list[dict[str, Any]]:
    """What each edit of a look gives and costs, in points of both numbers."""
    service = service_of(request)
    visit = service.visits.get(sid)
    given = body.model_dump(mode="json")
    names = await service.ask(request, visit, "acting", given)
    return [await service.ask(request, visit, "cost", {**given, "name": name}) for name in names]


@router.get("/marks")
async def marks(request: Request, sid: SessionId, frame: KeyName) -> list[dict[str, Any]]:
    """The marks of the skin in a frame whose look or plan was asked for."""
    service = service_of(request)
    visit = service.visits.get(sid)
    if frame not in visit.frames.kept:
        raise Problem("missing", "There is no such frame. Ask for its look or plan first.")
    given = {"look": visit.frames.kept[frame]}
    said: list[dict[str, Any]] = await service.ask(request, visit, "marks", given)
    return said


@router.get(
    "/evidence/{number}/{component}",
    response_class=Response,
    responses=media.answers("image/png"),
)
async def evidence(
    request: Request,
    sid: SessionId,
    number: Literal["authenticity", "polish"],
    component: Annotated[str, Path(pattern=r"^[a-z_]{1,40}$")],
    look: KeyName,
) -> Response:
    """A component's picture, of a look that was measured."""
    service = service_of(request)
    visit = service.visits.get(sid)
    if look not in visit.looks.kept:
        raise Problem("missing", "No such look was measured. Measure it first.")
    given = {"look": visit.looks.kept[look], "number": number, "component": component}
    data = await service.ask(request, visit, "evidence", given)
    return Response(data, media_type="image/png", headers=media.PRIVATE)
