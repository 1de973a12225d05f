"""A crew on a real Ray of two workers: all is done once, and a killed worker costs one try."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

pytest.importorskip("ray", reason="the extra `team` is not installed")

#: In a process of its own: Ray leaves threads and warnings behind.
SCRIPT = """
import json, os, signal
import psutil
import ray
from catchlight.team.crew.actors import hire_actors
from catchlight.team.crew.task import ask

def task(person):
    photos = [(person, b"no picture")]
    return ask("survey", person, {"photos": photos, "face": None, "max_megapixels": 9.0})

crew = hire_actors(2)
# Asked before it has work: an actor does one thing at a time, and would answer when it is idle.
victim = crew._hands[0]
victim._actor = victim._kind.remote()
process = ray.get(victim._actor.say_process.remote())
words = psutil.Process(process).environ()

def tasks():
    yield task("a")
    # The first hand holds it, and has nothing loaded yet: it dies before it answers.
    os.kill(process, signal.SIGKILL)
    for person in "bcdef":
        yield task(person)

found = {o.task.person: o for o in crew.work(tasks())}
crew.end(at_once=True)
ray.shutdown()
print("FOUND" + json.dumps({
    "people": sorted(found), "done": sum(o.result is not None for o in found.values()),
    "tries": {o.task.person: o.tries for o in found.values()},
    "threads": words.get("OMP_NUM_THREADS"), "heaps": words.get("MALLOC_ARENA_MAX"),
    "elsewhere": process != os.getpid(),
}))
"""


def test_everybody_is_surveyed_though_a_worker_dies(tmp_path: Path) -> None:
    script = tmp_path / "crew.py"
    script.write_text(textwrap.dedent(SCRIPT))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(script)],
        capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "RAY_DEDUP_LOGS": "0"},
    )  # fmt: skip
    line = next((row for row in done.stdout.splitlines() if row.startswith("FOUND")), None)
    assert line is not None, done.stderr[-3000:]
    found = json.loads(line.removeprefix("FOUND"))
    assert found["people"] == list("abcdef")
    assert found["done"] == 6
    assert found["elsewhere"]
    assert (found["threads"], found["heaps"]) == ("1", "1")
    assert found["tries"] == {"a": 2, **dict.fromkeys("bcdef", 1)}
