"""Serving: the app on a socket, until Ctrl-C."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import webbrowser
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from catchlight.errors import CatchlightError
from catchlight.studio.machine import choose_workers, count_cores, measure_free_memory
from catchlight.web.app import create_app
from catchlight.web.doorkeeper import Doorkeeper, is_loopback, make_token
from catchlight.web.limits import Limits

#: Workers: two, so that a long job of one person does not keep another waiting.
_LEAST = 2
#: Share of the free memory that all workers may hold, and the least and most of each, MB.
_SHARE, _LITTLE_MB, _MUCH_MB = 0.5, 1500.0, 4000.0
#: Seconds within which the headers of a request must have come.
HEADERS_S = 10.0


class PatientProtocol(H11Protocol):
    """HTTP/1.1 whose patience with slow headers ends."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Somebody calls: headers are awaited."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Something came: if a request is whole, there is nothing to wait for."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._wait_no_more()
        elif self._late is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """They hung up."""
        self._wait_no_more()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """The next request is awaited as the server's own keep-alive does."""
        self._wait_no_more()
        super().on_response_complete()

    def _wait(self) -> None:
        self._late = asyncio.get_running_loop().call_later(HEADERS_S, self._hang_up)

    def _wait_no_more(self) -> None:
        if self._late is not None:
            self._late.cancel()
        self._late = None

    def _hang_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()


def run(
    host: str,
    port: int,
    *,
    open_page: bool,
    workers: int | None,
    token: str | None,
    verbose: bool,
    say: Callable[[str], None],
) -> None:
    """Serve until somebody stops it.

    Parameters
    ----------
    host, port : where; another host than this computer's own gets a token if none is given
    open_page : bool, whether a browser is opened
    workers : int, optional
    token : str, optional
    verbose : bool, whether requests are logged (without names, addresses and IDs)
    say : callable, for a person
    """
    if verbose:
        logging.basicConfig(format="%(levelname)s %(message)s", level=logging.INFO)
    if token is None and not is_loopback(host):
        token = make_token()
    count = workers or max(_LEAST, choose_workers(count_cores()))
    limits = Limits(worker_mb=choose_memory(count))
    app = create_app(
        workers=count,
        threads=min(4, count_cores()),
        limits=limits,
        doorkeeper=Doorkeeper(host, token=token),
    )
    config = uvicorn.Config(
        app, http=PatientProtocol, ws="none", access_log=False, log_level="warning",
        server_header=False, date_header=False, proxy_headers=False,
        h11_max_incomplete_event_size=limits.header_bytes, timeout_keep_alive=10,
        timeout_graceful_shutdown=2, lifespan="on",
    )  # fmt: skip
    with listen(host, port) as bound:
        address = name_address(host, bound.getsockname()[1], token)
        say(f"Catchlight is at {address}")
        say("Nothing leaves this computer. Ctrl-C ends it and forgets all photos.")
        if open_page:
            # The socket listens already: a browser that is early waits.
            webbrowser.open(address)
        # When the server has ended it raises what ended it: then this process ends in order, too.
        signal.signal(signal.SIGTERM, _leave)
        uvicorn.Server(config).run(sockets=[bound])


def _leave(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def listen(host: str, port: int) -> socket.socket:
    """Listen at an address.

    Raises
    ------
    CatchlightError
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise CatchlightError(
            f"{host} port {port} cannot be listened at ({why}). Try another --port, or 0 for any."
        ) from None


def name_address(host: str, port: int, token: str | None) -> str:
    """The address to open, as a browser on this computer or on its network takes it."""
    if host in ("0.0.0.0", "::"):
        host = socket.gethostname()
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/" + (f"?token={token}" if token else "")


def choose_memory(workers: int) -> float:
    """Memory of a worker in MB: a share of what is free, within reason.

    A studio of 12 megapixels takes 200 MB, what a worker begins with 650.
    """
    share = _SHARE * measure_free_memory() / workers
    return min(max(share, _LITTLE_MB), _MUCH_MB)
