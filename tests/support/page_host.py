"""The page's files on loopback, and a real Chromium that is asked to run their modules."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser import find_chromium
from numpy.typing import NDArray

from catchlight.images.dither import linear_to_codes
from catchlight.images.encode import choose_encoding
from catchlight.plan import Plan
from catchlight.render import render

PAGE = Path(str(files("catchlight"))) / "web" / "page"
KINDS = {
    ".js": "text/javascript",
    ".json": "application/json",
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
}
#: The policy that the server sends with the page.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; worker-src 'self' blob:; font-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
#: WebGL2 without a graphics card.
SOFTWARE = (
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--hide-scrollbars",
)


@dataclass
class Host:
    """A server on loopback: the page's files under /page, and what a test adds by path."""

    url: str
    extra: dict[str, tuple[str, bytes]] = field(default_factory=dict)


@contextmanager
def host_page() -> Iterator[Host]:
    """Serve the page's files until the block ends."""
    host = Host("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            path = self.path.split("?")[0]
            if path in host.extra:
                kind, data = host.extra[path]
            elif path == "/blank":
                kind, data = "text/html", b"<!doctype html><title>blank</title>"
            else:
                file = (PAGE / path.removeprefix("/page/")).resolve()
                if not (file.is_file() and file.is_relative_to(PAGE)):
                    self.send_error(404)
                    return
                kind, data = KINDS[file.suffix], file.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def open_chromium(more: Sequence[str] = (), **options: Any) -> Iterator[Any]:
    """A headless Chromium with software WebGL; the test is skipped where there is none.

    ``more`` are flags beside those that it always gets.
    """
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    path = find_chromium()
    with api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=[*SOFTWARE, *more], **options)
        try:
            yield browser
        finally:
            browser.close()


def run_module(page: Any, host: Host, script: str, argument: Any = None) -> Any:
    """Run the body of an async function of ``given`` on a blank page that may import modules."""
    page.goto(f"{host.url}/blank")
    return page.evaluate(f"async (given) => {{ {script} }}", argument)


#: Draws a plan at several strengths and hands back each picture's codes.
DRAW = """
  const { readPlan } = await import("/page/draw/plan_file.js");
  const { Painter } = await import("/page/draw/painter.js");
  const { CpuPainter } = await import("/page/draw/cpu.js");
  const plan = await readPlan(await (await fetch(given.plan)).arrayBuffer());
  const painter = given.cpu ? new CpuPainter() : new Painter(document.createElement("canvas"));
  await painter.bring(plan);
  const pictures = [];
  for (const strengths of given.strengths) {
    const drawn = painter.draw(strengths);
    const codes = given.cpu ? drawn : painter.read();
    let text = "";
    for (let i = 0; i < codes.length; i += 32768)
      text += String.fromCharCode(...codes.subarray(i, i + 32768));
    pictures.push(btoa(text));
  }
  return pictures;
"""


def compare_drawn(
    page: Any,
    host: Host,
    plan: Plan,
    data: bytes,
    strengths: Sequence[Mapping[str, float]],
    *,
    cpu: bool,
) -> Iterator[NDArray[np.int_]]:
    """|page - renderer| of a plan, packed as ``data``, in 8-bit codes without dither (H, W, 3).

    One picture for each of the strengths.
    """
    host.extra["/plan"] = ("application/x-catchlight-plan", data)
    given = {"plan": "/plan", "strengths": strengths, "cpu": cpu}
    encoding = choose_encoding("srgb")[0]
    for chosen, text in zip(strengths, run_module(page, host, DRAW, given), strict=True):
        want = linear_to_codes(render(plan, chosen).pixels, encoding, dither=False)
        yield np.abs(read_codes(text, *plan.size).astype(int) - want)


def read_codes(text: str, width: int, height: int) -> NDArray[np.uint8]:
    """The picture that a script handed back, (H, W, 3)."""
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)[..., :3]
