"""Pages in a real headless Chromium: each in a frame of its own width, measured by script."""

from __future__ import annotations

import base64
import html
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

#: Collects what goes wrong inside the page, from before its first own line.
_WITNESS = """<script>
window.wrong = [];
addEventListener("error", e => wrong.push("error: " + (e.message || e.target.outerHTML)), true);
addEventListener("securitypolicyviolation", e => wrong.push("blocked: " + e.blockedURI));
addEventListener("unhandledrejection", e => wrong.push("rejected: " + e.reason));
for (const way of ["error", "warn"]) console[way] = (...said) => wrong.push(way + ": " + said);
</script>"""
_FRAME = '<iframe id="{name}" width="{width}" height="800" {limits} srcdoc="{page}"></iframe>'
_HOST = """<!doctype html><html><head><meta charset="utf-8">
<meta name="color-scheme" content="light dark"></head><body>{frames}<pre id="told"></pre><script>
const asks = {{ {asks} }}, answers = {{}};
addEventListener("load", () => {{
  for (const [name, ask] of Object.entries(asks)) {{
    const frame = document.getElementById(name), w = frame.contentWindow;
    let told;
    try {{ told = ask(w, frame.contentDocument); }} catch (e) {{ told = {{ failed: String(e) }}; }}
    const all = w.performance.getEntriesByType("resource").map(entry => entry.name);
    const asked = all.filter(address => !address.startsWith("data:"));
    answers[name] = {{ told, wrong: w.wrong || [], asked }};
  }}
  const text = unescape(encodeURIComponent(JSON.stringify(answers)));
  document.getElementById("told").textContent = "TOLD" + btoa(text);
}});
</script></body></html>"""


@dataclass(frozen=True)
class Ask:
    """A page, and the body of a function of its window ``w`` and document ``d``."""

    page: str
    script: str
    width: int = 360
    scripts: bool = True


@dataclass(frozen=True)
class Answer:
    """What the function returned; errors, warnings and blocked requests; addresses requested."""

    told: Any
    wrong: list[str]
    asked: list[str]


def find_chromium() -> str:
    """Return the browser's path, or skip the test, saying why."""
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        if path := shutil.which(name):
            return path
    pytest.skip("no Chromium is installed: the pages were not checked in a browser")


def run_chromium(arguments: Sequence[str], *, dark: bool = False) -> str:
    """Run headless Chromium without any network; returns its standard output."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [
            find_chromium(),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={profile}",
            # Blink's own switch: 0 is a preference for dark, 1 for light.
            f"--blink-settings=preferredColorScheme={0 if dark else 1}",
            *arguments,
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", timeout=180, check=False
        )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def ask_pages(asks: Mapping[str, Ask], folder: Path, *, dark: bool = False) -> dict[str, Answer]:
    """Draw each page in a frame of its width, all in one browser, and ask each its question."""
    frames, scripts = "", ""
    for name, ask in asks.items():
        watched = ask.page.replace("<head>", "<head>" + _WITNESS, 1)
        limits = "" if ask.scripts else 'sandbox="allow-same-origin"'
        frames += _FRAME.format(
            name=name, width=ask.width, limits=limits, page=html.escape(watched)
        )
        scripts += f"{json.dumps(name)}: (w, d) => {{ {ask.script} }},\n"
    host = folder / "host.html"
    host.write_text(_HOST.format(frames=frames, asks=scripts), encoding="utf-8")
    out = run_chromium(["--virtual-time-budget=8000", "--dump-dom", host.as_uri()], dark=dark)
    found = re.search(r'<pre id="told">TOLD([\w+/=]*)</pre>', out)
    assert found, "the script did not run"
    answers = json.loads(base64.b64decode(found[1]))
    return {name: Answer(**answer) for name, answer in answers.items()}
