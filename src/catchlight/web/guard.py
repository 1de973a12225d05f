"""The guard at the door: who may ask, how much they may send, and how answers are sent.

Against other sites in the same browser: names of hosts (DNS rebinding), origins, no CORS. Against
floods: headers, bodies, time, requests at once. A pure ASGI layer, so that streams stay streams.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from catchlight.web.calls import say_where
from catchlight.web.doorkeeper import Doorkeeper
from catchlight.web.limits import Limits
from catchlight.web.metrics import Watch
from catchlight.web.problems import Problem, problem_of, respond

log = logging.getLogger("catchlight.web")
#: The page makes no request to anywhere else, and nobody may frame it.
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; worker-src 'self' blob:; font-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
}
#: Lines of headers; a browser sends about twenty.
_LINES = 64
#: Seconds that a wrong token costs.
_WRONG = 0.3


class Guard:
    """Asks who is there before anything else does.

    Parameters
    ----------
    app : ASGI application
    doorkeeper : Doorkeeper
    limits : Limits
    watch : Watch
    """

    def __init__(
        self, app: ASGIApp, *, doorkeeper: Doorkeeper, limits: Limits, watch: Watch
    ) -> None:
        self.app, self.doorkeeper, self.limits, self.watch = app, doorkeeper, limits, watch
        self._now = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            with contextlib.suppress(Exception):
                await send({"type": "websocket.close", "code": 1008})
            return
        self._now += 1
        visit = _Passage(self, scope, receive, send)
        try:
            await visit.go()
        finally:
            self._now -= 1

    @property
    def is_full(self) -> bool:
        """Whether too many requests are in progress."""
        return self._now > self.limits.at_once


class _Passage:
    """One request on its way in, and its answer on its way out."""

    def __init__(self, guard: Guard, scope: Scope, receive: Receive, send: Send) -> None:
        self.guard, self.scope, self._receive, self._send = guard, scope, receive, send
        self.headers = Headers(scope=scope)
        self.start = time.perf_counter()
        self.status = 0
        self._read, self._whole = 0, False
        self._refused: Problem | None = None

    async def go(self) -> None:
        """Let it in, or say why not."""
        try:
            entrance = await self._check()
        except Problem as problem:
            entrance = respond(problem, self.scope["path"])
        try:
            if entrance is not None:
                await entrance(self.scope, self._receive, self.send)
            else:
                await self.guard.app(self.scope, self.receive, self.send)
        except Exception as error:
            # What was raised may hold what a file says: the log has where, and nobody what.
            log.error("fault: %s %s", type(error).__name__, say_where(error))
            if self.status == 0:
                await respond(problem_of(error), self.scope["path"])(
                    self.scope, self._receive, self.send
                )
        finally:
            self._note()

    async def _check(self) -> Response | None:
        """Raise a Problem, or answer at once, or let it in (None)."""
        guard, headers = self.guard, self.headers
        if len(self.scope["headers"]) > _LINES:
            raise Problem("too-large", "Too many headers.")
        guard.doorkeeper.check_host(headers)
        guard.doorkeeper.check_origin(self.scope["method"], headers)
        if guard.is_full:
            raise Problem("busy", "Too many ask at once.", {"Retry-After": "2"})
        self._check_length()
        query = parse_qs(self.scope.get("query_string", b"").decode("latin-1"))
        given = query.get("token", [None])[0] if self.scope["path"] == "/" else None
        if given is not None and guard.doorkeeper.token is not None:
            return await self._welcome(given)
        open_to_all = self.scope["path"] == "/health"
        if not open_to_all and not guard.doorkeeper.knows(headers):
            await asyncio.sleep(_WRONG if "authorization" in headers else 0)
            raise Problem("token", "Open the address that was printed when the service began.",
                          {"WWW-Authenticate": 'Bearer realm="catchlight"'})  # fmt: skip
        return None

    async def _welcome(self, given: str) -> Response:
        """Turn a token in an address into a cookie, and the address into one without it."""
        doorkeeper = self.guard.doorkeeper
        if not doorkeeper.fits(given):
            await asyncio.sleep(_WRONG)
            raise Problem("token", "This token is not the one that was printed.")
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(
            "catchlight", doorkeeper.cookie, httponly=True, samesite="strict", path="/"
        )
        return response

    def _check_length(self) -> None:
        said = self.headers.get("content-length", "0")
        if not said.isascii() or not said.isdecimal():
            raise Problem("request", "The content's length is no number.")
        if int(said) > self._most:
            raise Problem("too-large", f"More than {self._most / 1e6:g} MB. Send less.")

    @property
    def _most(self) -> int:
        is_upload = self.headers.get("content-type", "").startswith("multipart/form-data")
        return self.guard.limits.body_bytes if is_upload else self.guard.limits.json_bytes

    async def receive(self) -> Message:
        """Hand on what comes, as much and as soon as is allowed."""
        if self._whole:
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), self.guard.limits.chunk_s)
        except asyncio.TimeoutError:
            return self._refuse(Problem("slow", "Nothing came for too long. Try again."))
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
            if self._read > self._most:
                return self._refuse(Problem("too-large", f"More than {self._most / 1e6:g} MB."))
        return message

    def _refuse(self, problem: Problem) -> Message:
        self._refused, self._whole = problem, True
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Hand on an answer, with what every answer says to a browser."""
        if self._refused is not None and self.status == 0:
            problem, self._refused = self._refused, None
            answer = respond(problem, self.scope["path"])
            answer.headers["Connection"] = "close"
            await answer(self.scope, self._receive, self.send)
            self._refused = problem
        if self._refused is not None:
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if self.scope["path"].startswith("/api/"):
                headers.setdefault("Cache-Control", "no-store")
        await self._send(message)

    def _note(self) -> None:
        """Count it, and log it without a name, an address or an ID."""
        seconds = time.perf_counter() - self.start
        route: Any = self.scope.get("route")
        path = getattr(route, "path", "none")
        method = self.scope["method"] if self.scope["method"] in _METHODS else "OTHER"
        self.guard.watch.requested(method, path, self.status, seconds)
        log.info("%s %s %d %.0f ms", method, path, self.status, 1000 * seconds)


_METHODS = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS".split())
