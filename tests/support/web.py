"""The web service in a test: without workers, with one, and on a socket."""

from __future__ import annotations

import contextlib
import copy
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from catchlight.web.app import create_app
from catchlight.web.doorkeeper import Doorkeeper
from catchlight.web.limits import Limits
from catchlight.web.serve import PatientProtocol

#: What a worker says of a photo that it never sees, by task.
_SEEN = {"width": 8, "height": 8, "faces": [], "face": 1, "verdict": None, "notes": []}
_KEY = "0" * 20
ANSWERS: dict[str, Any] = {
    "look at": _SEEN, "observe": _SEEN, "sort": [], "preview": b"", "thumbnail": b"",
    "spell": {"look": {}, "frame_key": _KEY}, "plan": (b"", _KEY, _KEY), "measure": {"key": _KEY},
    "write": b"", "report": {"report": b"", "look": b""}, "look around": 0,
    "variant": None, "choose": {"winner": None, "why": "", "front": []},
    "rank": {},
    "acting": ["shadows"], "cost": {},
    "wardrobe": {}, "marks": [], "evidence": b"", "check": {}, "pick": {},
}  # fmt: skip


class Client(httpx.Client):
    """A client of a service in this process, which can be looked into."""

    def __init__(self, app: FastAPI, address: str) -> None:
        super().__init__(base_url=address, timeout=60)
        self.app = app
        self.address = address
        self.asked: list[tuple[str, dict[str, Any]]] = []


@contextlib.contextmanager
def without_workers(
    home: Path, *, limits: Limits | None = None, doorkeeper: Doorkeeper | None = None
) -> Iterator[Client]:
    """A service whose desk answers at once; what is asked of it is listed in ``client.asked``."""
    app = create_app(limits=limits, home=home, doorkeeper=doorkeeper, warm=False)

    async def answer(_shelf: Any, task: str, given: dict[str, Any], **_how: Any) -> Any:
        client.asked.append((task, given))
        return copy.copy(ANSWERS[task])

    with on_a_socket(app) as address, Client(app, address) as client:
        app.state.service.desk.ask = answer
        yield client


@contextlib.contextmanager
def on_a_socket(app: FastAPI) -> Iterator[str]:
    """The app served by uvicorn in a thread; its address."""
    free = socket.socket()
    free.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, http=PatientProtocol, ws="none", log_level="error", timeout_graceful_shutdown=1,
        h11_max_incomplete_event_size=Limits().header_bytes, lifespan="on",
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [free]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{free.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        free.close()
