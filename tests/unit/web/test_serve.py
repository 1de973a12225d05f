"""The command: what it imports, what it says where it cannot serve, and where it is."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest
from click.testing import CliRunner

from catchlight.cli import main
from catchlight.errors import CatchlightError
from catchlight.web.doorkeeper import Doorkeeper, is_loopback, make_token
from catchlight.web.serve import choose_memory, listen, name_address

_ONLY_HERE = ("fastapi", "uvicorn", "starlette", "python_multipart", "prometheus_client")


@pytest.mark.parametrize("said", ["import catchlight", "from catchlight import cli, studio"])
def test_nobody_else_loads_a_web_server(said: str) -> None:
    code = f"{said}\nimport sys\nprint([m for m in {_ONLY_HERE!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in sys.modules if n.startswith("catchlight.web")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    done = CliRunner().invoke(main, ["serve"])
    assert done.exit_code == 2
    assert "pip install 'catchlight[web]'" in done.output


def test_a_port_that_is_taken_is_said() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(CatchlightError, match="Try another --port"),
    ):
        listen("127.0.0.1", taken.getsockname()[1])
    with pytest.raises(CatchlightError):
        listen("no such host", 0)


def test_the_address_is_one_that_can_be_opened() -> None:
    assert name_address("127.0.0.1", 8700, None) == "http://127.0.0.1:8700/"
    assert name_address("::1", 1, "t") == "http://[::1]:1/?token=t"
    assert "0.0.0.0" not in name_address("0.0.0.0", 8700, "t")


def test_a_worker_may_hold_a_share_of_the_memory() -> None:
    assert 1500 <= choose_memory(1) <= 4000
    assert choose_memory(64) == 1500


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.9.9.9"])
def test_this_computer_is_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.com", "localhost.evil"])
def test_others_are_no_loopback(host: str) -> None:
    assert not is_loopback(host)


def test_tokens_are_not_guessed_and_only_the_whole_one_fits() -> None:
    assert len({make_token() for _ in range(9)}) == 9
    keeper = Doorkeeper("0.0.0.0", token="geheim-ä")
    assert keeper.fits("geheim-ä")
    assert not any(keeper.fits(t) for t in ("", "geheim", "geheim-ä ", keeper.cookie))
