"""The page and its files, and whether the service is well."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any

from fastapi import APIRouter, Request, Response

from catchlight import __version__
from catchlight.web import media
from catchlight.web.metrics import MEDIA_TYPE
from catchlight.web.problems import Problem
from catchlight.web.service import service_of

router = APIRouter()
#: What is served of the page's folder, by suffix.
_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
    ".glsl": "text/plain; charset=utf-8",
}


@router.get("/", include_in_schema=False)
async def index(request: Request) -> Response:
    """The studio."""
    return _send(request, "index.html")


@router.get("/check", include_in_schema=False)
async def check(request: Request) -> Response:
    """The page that checks a headshot from anywhere."""
    return _send(request, "check.html")


@router.get("/page/{name:path}", include_in_schema=False)
async def file(request: Request, name: str) -> Response:
    """A file of the page."""
    return _send(request, name)


@router.get("/health", tags=["service"])
async def health(request: Request) -> dict[str, Any]:
    """Whether the service is well."""
    service = service_of(request)
    return {
        "status": "ok",
        "version": __version__,
        "workers": len(service.desk.places),
        "sessions": len(service.visits.here),
    }


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """What the service counts of itself, for Prometheus."""
    service = service_of(request)
    return Response(service.watch.write(service), headers={"Content-Type": MEDIA_TYPE})


def _send(request: Request, name: str) -> Response:
    """A file of the page by its name, which leads nowhere else."""
    parts = PurePosixPath(name).parts
    kind = _KINDS.get(PurePosixPath(name).suffix)
    strange = not name.isprintable() or any(p.startswith((".", "/")) for p in parts)
    if kind is None or strange:
        raise Problem("missing", "There is no such file.")
    path = Path(str(files("catchlight.web").joinpath("page", *parts)))
    try:
        data = path.read_bytes()
    except OSError:
        raise Problem("missing", "There is no such file.") from None
    return media.send_unless_known(request, data, kind)
