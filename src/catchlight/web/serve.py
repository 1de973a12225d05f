"""Serving: the app on a socket, until Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable

import uvicorn

from catchlight.studio.machine import choose_workers, count_cores
from catchlight.web.app import create_app
from catchlight.web.limits import Limits


def run(
    host: str,
    port: int,
    *,
    open_page: bool,
    workers: int | None,
    token: str | None,
    say: Callable[[str], None],
) -> None:
    """Serve until somebody stops it."""
    limits = Limits()
    app = create_app(
        workers=workers or max(2, choose_workers(4)), threads=min(4, count_cores()), limits=limits
    )
    say(f"Catchlight is at http://{host}:{port}/ (Ctrl-C ends it)")
    uvicorn.run(
        app, host=host, port=port, http="h11", access_log=False, log_level="warning",
        server_header=False, h11_max_incomplete_event_size=limits.header_bytes,
        timeout_graceful_shutdown=2,
    )  # fmt: skip
