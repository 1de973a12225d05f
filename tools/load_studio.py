"""Load the studio: people at once on a service of its own, on loopback, for a bounded time.

Each person brings a photo, asks for its look and plan, then makes changes: eight sliders that are
measured, two backdrops that are planned. Halfway a worker is killed (``--kill``). Says how long
each kind of request took, how fair the turns were, how much memory was held, and what failed.

    python tools/load_studio.py examples --people 20 --seconds 120 --kill
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import httpx
import psutil

CHANGES = 10
SLIDERS = ("shadows", "skin_evenness", "shine", "contrast", "dimension", "eyes", "brightness")
BACKDROPS = ("studio-cool", "navy", "keep", "charcoal")


class Crowd:
    """What all people saw."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.of_person: dict[int, list[float]] = defaultdict(list)
        self.failed: Counter[str] = Counter()
        self.waited: Counter[str] = Counter()
        self.lock = threading.Lock()

    def note(self, person: int, kind: str, seconds: float) -> None:
        with self.lock:
            self.seconds[kind].append(seconds)
            if kind == "measure":
                self.of_person[person].append(seconds)


class Person(threading.Thread):
    """Somebody who brings a photo and makes changes at their own pace."""

    def __init__(self, number: int, address: str, photo: Path, seconds: float, crowd: Crowd):
        super().__init__(daemon=True)
        self.number, self.photo, self.crowd = number, photo, crowd
        self.http = httpx.Client(base_url=address, timeout=180)
        self.rng = random.Random(number)
        self.end = time.monotonic() + seconds
        self.pause = seconds / (CHANGES + 2)

    def run(self) -> None:
        time.sleep(self.rng.random() * self.pause)
        sent = {"files": {"photo": ("photo.jpg", self.photo.read_bytes())}}
        opened = self.ask("open", "/api/v1/sessions", **sent)
        if opened is None:
            return
        at = f"/api/v1/sessions/{opened.json()['id']}"
        said = self.ask("look", f"{at}/look", json={"setting": "corporate", "polish": 0.5})
        if said is None:
            return
        look = said.json()["look"]
        self.plan(at, look)
        for change in range(CHANGES):
            if time.monotonic() > self.end:
                self.crowd.failed["out of time"] += CHANGES - change
                break
            start = time.monotonic()
            if change % 5 == 4:
                look = {**look, "backdrop": self.rng.choice(BACKDROPS)}
                self.plan(at, look)
            else:
                adjust = {**look["adjust"], self.rng.choice(SLIDERS): round(self.rng.random(), 2)}
                look = {**look, "adjust": adjust}
            self.ask("measure", f"{at}/measure", json={"look": look})
            time.sleep(max(0.0, self.pause - (time.monotonic() - start)))
        self.http.delete(at)

    def plan(self, at: str, look: dict[str, Any]) -> None:
        self.ask("plan", f"{at}/plan", json={"look": look, "longest": 1600, "detail": False})

    def ask(self, kind: str, path: str, **sent: Any) -> httpx.Response | None:
        start = time.monotonic()
        while True:
            try:
                answer = self.http.post(path, **sent)
            except httpx.HTTPError as error:
                self.crowd.failed[f"{kind}: {type(error).__name__}"] += 1
                return None
            if answer.status_code != 429:
                break
            self.crowd.waited[kind] += 1
            time.sleep(float(answer.headers["retry-after"]))
        self.crowd.note(self.number, kind, time.monotonic() - start)
        if answer.is_error:
            self.crowd.failed[f"{kind}: {answer.status_code} {answer.json().get('code')}"] += 1
            return None
        return answer


def watch(server: psutil.Process, held: list[float], stop: threading.Event) -> None:
    """Note the memory of the largest worker and of all."""
    while not stop.wait(0.5):
        sizes = [0.0]
        for child in server.children(recursive=True):
            try:
                sizes.append(child.memory_info().rss / 1e6)
            except psutil.Error:
                continue
        held[0], held[1] = max(held[0], *sizes), max(held[1], sum(sizes))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kill", action="store_true")
    asked = parser.parse_args()
    photos = sorted(p for p in asked.photos.iterdir() if p.suffix.lower() in (".jpg", ".jpeg"))
    command = [sys.executable, "-m", "catchlight", "serve", "--port", "0"]
    command += ["--workers", str(asked.workers)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        found = re.search(r"(http://\S+?)/?$", child.stdout.readline().split(" (")[0].strip())
        assert found
        crowd, held, stop = Crowd(), [0.0, 0.0], threading.Event()
        process = psutil.Process(child.pid)
        watching = threading.Thread(target=watch, args=(process, held, stop), daemon=True)
        watching.start()
        people = [
            Person(i, found[1], photos[i % len(photos)], asked.seconds, crowd)
            for i in range(asked.people)
        ]
        start = time.monotonic()
        for person in people:
            person.start()
        if asked.kill:
            time.sleep(asked.seconds / 2)
            worker = max(process.children(), key=lambda p: p.memory_info().rss)
            worker.kill()
            print(f"killed a worker after {time.monotonic() - start:.0f} s")
        for person in people:
            person.join()
        took = time.monotonic() - start
        lost = httpx.get(f"{found[1]}/metrics").text
        stop.set()
        child.terminate()
    say(crowd, held, took, re.findall(r"workers_lost_total (\d\S*)", lost))


def say(crowd: Crowd, held: list[float], took: float, lost: list[str]) -> None:
    print(f"{len(crowd.of_person)} people in {took:.0f} s; workers lost: {', '.join(lost)}")
    for kind, seconds in crowd.seconds.items():
        middle, slow = statistics.median(seconds), sorted(seconds)[int(0.95 * (len(seconds) - 1))]
        print(f"{kind:8} {len(seconds):4} times, median {middle:.2f} s, 95 % {slow:.2f} s, "
              f"slowest {max(seconds):.2f} s")  # fmt: skip
    each = [statistics.mean(seconds) for seconds in crowd.of_person.values()]
    if each:
        ratio = max(each) / statistics.median(each)
        print(f"fair turns: the slowest person waits {ratio:.1f} times as long as the median")
    print(f"memory: largest worker {held[0]:.0f} MB, all {held[1]:.0f} MB")
    print(f"asked to wait: {dict(crowd.waited) or 'nobody'}")
    print(f"failed: {dict(crowd.failed) or 'nothing'}")


if __name__ == "__main__":
    main()
