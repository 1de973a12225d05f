"""Time the studio as its visitor does: a photo in a real Chromium, with software WebGL.

Starts a service of its own on a free port, brings the photo several times, and prints the least and
the median of each: drop to plain crop, to the picture, and to all that comes later; bytes sent;
frames of a drag; the dial to the numbers; variants; a saved file.

    python tools/time_studio.py PHOTO [--times 5] [--turns 15] [--workers 1]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from page_host import open_chromium  # noqa: E402
from studio_page import QUIET, SETTLED, serve_studio, until  # noqa: E402

#: Notes in the page when what is waited for first happens, in ms since the photo was handed over.
_WITNESS = """() => {
  window.seen = {};
  let begin = null;
  const note = (name) => begin !== null && (window.seen[name] ??= performance.now() - begin);
  // The photo is handed over when the page hears of it.
  const first = { capture: true, once: true };
  document.addEventListener("change", () => (begin = performance.now()), first);
  // Nothing here asks for frames: where the processor draws, they would be what is measured.
  const image = document.querySelector("cl-stage .provisional");
  const shown = () => !image.hidden && note("plain crop");
  new MutationObserver(shown).observe(image, { attributeFilter: ["hidden"] });
  catchlight.stage.addEventListener("drawn", () => requestAnimationFrame(() => {
    note("studio");
    if (!catchlight.studio.lacking) note("whole picture");
  }));
  catchlight.studio.addEventListener("numbers", () => note("first numbers"), { once: true });
}"""
#: One frame after another while a hand moves, each waited for by reading a pixel; ms.
_DRAG = """async (count) => {
  const { studio, stage } = catchlight, times = [];
  const one = document.createElement("canvas");
  one.width = one.height = 1;
  const context = one.getContext("2d", { willReadFrequently: true });
  for (let i = 0; i < count; i++) {
    const begin = performance.now();
    studio.setStrength("shadows", (i % 10) / 10, { done: false });
    await new Promise((go) => requestAnimationFrame(go));
    context.drawImage(stage.after, 0, 0, 1, 1);
    context.getImageData(0, 0, 1, 1);
    times.push(performance.now() - begin);
  }
  studio.resetStrength("shadows");
  return times.slice(3);
}"""
#: One turn of the dial, to a place where it never was, until its numbers are there, ms.
_TURN = """(to) => new Promise((done) => {
  const { studio } = catchlight;
  const begin = performance.now();
  studio.addEventListener("numbers", () => done(performance.now() - begin), { once: true });
  studio.setPolish(to, { done: true });
})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photo", type=Path)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--turns", type=int, default=15)
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    found: dict[str, list[float]] = defaultdict(list)
    with serve_studio(asked.workers) as url, open_chromium() as browser:
        for number in range(asked.times):
            page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="en-GB")
            visit(page, url, asked.photo, found)
            if number == asked.times - 1:
                work(page, found, asked.turns)
            page.evaluate("catchlight.studio.forgetAll()")
            page.close()
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{asked.photo.name}, {asked.times} visits; load of the machine {load}")
    for name, values in found.items():
        print(f"{name:26} least {min(values):8.1f}   median {statistics.median(values):8.1f}")


def visit(page: Any, url: str, photo: Path, found: dict[str, list[float]]) -> None:
    """Bring the photo; wait until all of it is there."""
    sent: dict[str, float] = defaultdict(float)

    def weigh(answer: Any) -> None:
        size = float(answer.headers.get("content-length", 0))
        if answer.url.endswith("/plan"):
            sent["plan" if not sent["plan"] else "later"] += size / 1e6
        elif "/preview" in answer.url:
            sent["preview"] = max(sent["preview"], size / 1e3)

    page.on("response", weigh)
    page.goto(url)
    until(page, "!!window.catchlight?.studio.schema && !!document.querySelector('#files')")
    page.evaluate(_WITNESS)
    start = time.perf_counter()
    page.set_input_files("#files", str(photo))
    until(page, QUIET, 120)
    until(page, SETTLED, 120)
    found["drop to all of it, s"].append(time.perf_counter() - start)
    seen = page.evaluate("seen")
    for name in ("plain crop", "studio", "first numbers", "whole picture"):
        if name in seen:
            found[f"drop to {name}, s"].append(seen[name] / 1000)
    found["first plan, MB"].append(sent["plan"])
    found["later plans, MB"].append(sent["later"])
    found["plain crop, kB"].append(sent["preview"])


def work(page: Any, found: dict[str, list[float]], turns: int) -> None:
    """Drag, turn the dial, ask for variants, save."""
    width, height = page.evaluate("[catchlight.studio.plan.width, catchlight.studio.plan.height]")
    for backdrop in ("keep", "white"):
        page.evaluate(f"catchlight.studio.choose({{ backdrop: '{backdrop}' }})")
        until(page, SETTLED, 120)
        kind = f"frame, {backdrop}, {width}x{height}, ms"
        found[kind] += page.evaluate(_DRAG, 40)
        until(page, SETTLED, 120)
    for turn in range(turns):
        found["dial to numbers, ms"].append(page.evaluate(_TURN, 0.1 + 0.8 * (0.37 * turn % 1)))
        page.wait_for_timeout(150)
    until(page, SETTLED, 120)
    start = time.perf_counter()
    page.evaluate("document.querySelector('cl-tray').explore()")
    until(page, "catchlight.studio.versions.length >= 4", 120)
    found["variants, s"].append(time.perf_counter() - start)
    page.click(".bar .save")
    start = time.perf_counter()
    with page.expect_download(timeout=120_000):
        page.click(".sheet-dialog.save .button.primary")
    found["save at full size, s"].append(time.perf_counter() - start)


if __name__ == "__main__":
    main()
