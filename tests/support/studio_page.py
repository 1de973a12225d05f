"""The studio in a browser: the real service on a free port, and a page that is watched."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from places import ROOT

PHOTO = ROOT / "examples" / "astronaut.jpg"
READY = "!!window.catchlight?.studio.plan && !window.catchlight.studio.stale"
#: The picture stands, is measured, and nothing more is on its way.
QUIET = READY + " && window.catchlight.studio.busy.size === 0"
#: And what takes seconds has come as well: the photo's detail, the stop of the dial.
SETTLED = QUIET + " && !catchlight.studio.lacking && !catchlight.studio.unstopped"

#: To await in the page: what was asked to be drawn is drawn, at the next frame but one.
DRAWN = "new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"


@contextmanager
def serve_studio(workers: int = 1) -> Iterator[str]:
    """The real service, as the command starts it; its address."""
    pytest.importorskip("fastapi", reason="the extra web is not installed")
    sources = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "catchlight", "serve", "--port", "0"]
    command += ["--workers", str(workers)]
    with subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": sources},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as service:
        assert service.stdout is not None
        found = re.search(r"http://[\d.]+:\d+", service.stdout.readline())
        assert found, "the service said no address"
        try:
            yield found[0]
        finally:
            service.terminate()
            try:
                service.wait(30)
            except subprocess.TimeoutExpired:
                service.kill()  # else the end of this block waits for it, for ever
                raise


def until(page: Any, script: str, seconds: float = 60) -> None:
    """Wait until a script says true; the page's own policy forbids what Playwright would use."""
    end = time.monotonic() + seconds
    while not page.evaluate(script):
        assert time.monotonic() < end, f"waited in vain for {script}"
        time.sleep(0.05)


def watch(page: Any, url: str) -> list[str]:
    """Errors, blocked things and requests to elsewhere, as they happen."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on(
        "console",
        lambda said: (
            wrong.append(f"{said.type}: {said.text}")
            # 409: a newer picture or number was asked for meanwhile, as it should be.
            if (said.type == "error" and "409" not in said.text) or "Content Security" in said.text
            else None
        ),
    )
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith((url, "blob:", "data:")) else wrong.append(asked.url)
        ),
    )
    return wrong


def bring_photo(page: Any, url: str, photo: Path = PHOTO, *, seconds: float = 90) -> None:
    """Open the page, choose a photo, and wait until its picture stands and is measured."""
    page.goto(url)
    until(page, "!!document.querySelector('cl-welcome label')")
    page.set_input_files("#files", str(photo))
    until(page, QUIET, seconds)


def open_tab(page: Any, name: str) -> None:
    """Press a tab beside the picture."""
    page.click(f"#tab-{name}")
    until(page, f"!document.getElementById('panel-{name}').hidden")
