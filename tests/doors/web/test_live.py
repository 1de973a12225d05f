"""What only shows on a living service: streams, workers that die, slow senders, its end."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from corpus import draw, saved
from PIL import Image
from places import ROOT
from web import Client, on_a_socket, without_workers

from catchlight.web import serve
from catchlight.web.app import create_app
from catchlight.web.limits import Limits

ASTRONAUT = (ROOT / "examples" / "astronaut.jpg").read_bytes()
JPEG = saved(Image.fromarray(draw()), "JPEG")
SESSIONS = "/api/v1/sessions"
LOOK = {"matte": "fast", "backdrop": "keep", "adjust": {"detail": 0.0}}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, need_models: None) -> Iterator[Client]:
    limits = Limits(call_s=25.0)
    app = create_app(workers=1, threads=2, home=tmp_path_factory.mktemp("store"), limits=limits)
    with on_a_socket(app) as address, Client(app, address) as client:
        yield client


@pytest.fixture
def at(client: Client) -> Iterator[str]:
    answer = client.post(SESSIONS, files={"photo": ("me.jpg", ASTRONAUT)})
    yield f"{SESSIONS}/{answer.json()['id']}"
    client.delete(f"{SESSIONS}/{answer.json()['id']}")


def worker(client: Client) -> int:
    (place,) = client.app.state.service.desk.places
    assert place.seat.pid
    return int(place.seat.pid)


def is_dead(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def wait_for(happened: Any, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_stages_are_told_while_they_happen(client: Client, at: str) -> None:
    events: list[tuple[str, dict[str, Any]]] = []

    def listen() -> None:
        with Client(client.app, client.address) as other, other.stream("GET", f"{at}/events") as s:
            assert s.headers["content-type"].startswith("text/event-stream")
            listening.set()
            name = ""
            for line in s.iter_lines():
                name = line.removeprefix("event: ") if line.startswith("event: ") else name
                if line.startswith("data: "):
                    events.append((name, json.loads(line[6:])))

    listening = threading.Event()
    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    listening.wait(5)
    client.post(f"{at}/plan", json={"look": LOOK, "longest": 640, "detail": False})
    wait_for(lambda: "ready" in [name for name, _ in events])
    stages = [told for name, told in events if name == "stage"]
    assert {"matte", "regions", "layers", "pack"} <= {told["stage"] for told in stages}
    assert all(0 < told["done"] < told["total"] for told in stages)
    assert {told["of"] for told in stages} == {"plan"}
    client.delete(at)  # ends the stream, too
    thread.join(5)
    assert not thread.is_alive()


def test_a_worker_killed_at_rest_or_at_work_costs_nobody_their_session(
    client: Client, at: str
) -> None:
    before = client.post(f"{at}/plan", json={"look": LOOK, "longest": 640, "detail": False})
    first = worker(client)
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: is_dead(first))
    (place,) = client.app.state.service.desk.places
    killed: list[int] = []

    def kill_at_work() -> None:
        wait_for(lambda: place.running is not None and place.running.begun)
        killed.append(worker(client))
        os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill_at_work)
    killer.start()
    # The next call finds another worker; that one is ended at work, and a third makes the same
    # again from the upload.
    answer = client.post(f"{at}/plan", json={"look": LOOK, "longest": 640, "detail": False})
    killer.join()
    assert answer.status_code == 200, answer.text
    assert answer.content == before.content
    assert worker(client) not in (first, *killed)
    assert re.search(r"workers_lost_total [12]\.0", client.get("/metrics").text)


def test_a_photo_that_ends_its_workers_does_not_stop_the_service(client: Client, at: str) -> None:
    """Whoever kills workers again and again is not served any more; all others are."""
    desk = client.app.state.service.desk
    visit = client.app.state.service.visits.get(at.rpartition("/")[2])
    other = client.post(SESSIONS, files={"photo": ("me.jpg", ASTRONAUT)}).json()["id"]
    stop = threading.Event()

    def poison() -> None:
        while not stop.is_set():
            for place in desk.places:
                running, pid = place.running, place.seat.pid
                if running is not None and running.call.shelf.visit == visit.id and pid:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)

    thread = threading.Thread(target=poison)
    thread.start()
    for _ in range(3):
        answer = client.post(f"{at}/measure", json={"look": LOOK})
        assert (answer.status_code, answer.json()["code"]) == (503, "worker")
    stop.set()
    thread.join()
    assert client.get(f"{SESSIONS}/{other}/photos/p1/preview").status_code == 200
    client.delete(f"{SESSIONS}/{other}")


def test_a_client_gone_stops_its_work(client: Client, at: str) -> None:
    asked = json.dumps({"look": {**LOOK, "adjust": {}}, "longest": 640, "detail": True}).encode()
    head = f"POST {at}/plan HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    host, port = client.address.removeprefix("http://").split(":")
    (place,) = client.app.state.service.desk.places
    with socket.create_connection((host, int(port))) as line:
        line.sendall(head.encode() + f"Content-Length: {len(asked)}\r\n\r\n".encode() + asked)
        wait_for(lambda: place.running is not None)
    wait_for(lambda: place.running is None, 20)
    counted = client.get("/metrics").text
    assert 'catchlight_call_problems_total{code="stopped",task="plan"}' in counted


def test_metrics_name_no_one(client: Client, at: str) -> None:
    counted = client.get("/metrics").text
    assert 'route="/api/v1/sessions"' in counted
    assert "catchlight_call_seconds_count" in counted
    assert "me.jpg" not in counted
    assert at.rpartition("/")[2] not in counted


def test_slow_senders_are_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "HEADERS_S", 0.4)
    with without_workers(tmp_path / "s", limits=Limits(chunk_s=0.3, upload_s=1.0)) as client:
        host, port = client.address.removeprefix("http://").split(":")

        def say(text: bytes, *more: bytes) -> bytes:
            with socket.create_connection((host, int(port)), timeout=10) as line:
                line.sendall(text)
                for piece in more:
                    time.sleep(0.15)
                    try:
                        line.sendall(piece)
                    except OSError:
                        break
                try:
                    return line.recv(4096)
                except ConnectionResetError:
                    return b""

        start = time.monotonic()
        assert say(b"GET /health HTTP/1.1\r\nHost: 127") == b""  # headers that never end
        assert say(b"") == b""
        head = (
            b"POST /api/v1/sessions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
        )
        assert b" 408 " in say(head)  # a body that stops
        assert b" 408 " in say(head, *[b"x"] * 12)  # one that drips
        body = (
            b"POST /api/v1/sessions/x/use HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n"
        )
        assert b" 408 " in say(body)
        assert time.monotonic() - start < 8
        assert client.get("/health").status_code == 200
        assert not list(client.app.state.service.store.root.rglob("u*"))


@contextlib.contextmanager
def _serve(home: Path, *flags: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "catchlight", "serve", "--port", "0", "--workers", "1", *flags]
    env = os.environ | {"TMPDIR": str(home)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=env, **pipes) as child:
        assert child.stdout is not None
        found = re.search(r"(http://\S+)", child.stdout.readline())
        assert found
        try:
            yield child, found[1]
        finally:
            child.kill()


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
def test_the_command_serves_and_leaves_nothing_behind(tmp_path: Path) -> None:
    import httpx

    with _serve(tmp_path) as (_, address):
        assert httpx.get(f"{address}health").json()["status"] == "ok"
        assert httpx.get(f"{address}?token=x").status_code == 200
    (home,) = tmp_path.glob("catchlight-*")
    (crashed,) = home.iterdir()
    assert crashed.is_dir()
    with _serve(tmp_path, "--host", "127.0.0.1", "--token", "secret") as (child, address):
        assert address.endswith("?token=secret")
        assert httpx.get(address.partition("?")[0]).status_code == 401
        assert not crashed.exists()  # the next start swept what the crash left
        child.send_signal(signal.SIGINT)
        assert child.wait(15) == 130
    assert not [p for p in tmp_path.rglob("*") if not p.name.startswith("catchlight-")]
    with _serve(tmp_path) as (child, address):
        assert httpx.get(f"{address}health").status_code == 200
        child.send_signal(signal.SIGTERM)
        assert child.wait(15) == 128 + signal.SIGTERM
        assert child.stderr is not None
        assert child.stderr.read() == ""
    assert not [p for p in tmp_path.rglob("*") if not p.name.startswith("catchlight-")]
