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
import ray
from catchlight.team.crew.actors import hire_actors
from catchlight.team.crew.task import ask

def task(person):
    photos = [(person, b"no picture")]
    return ask("survey", person, {"photos": photos, "face": None, "max_megapixels": 9.0})

crew = hire_actors(2)
told = []
def tasks():
    yield task("a")
    yield task("b")
    # Both are at work now: one of them dies before it answers.
    victim = crew._hands[0]._actor
    told.append(ray.get(victim.say_process.remote()))
    os.kill(told[0], signal.SIGKILL)
    for person in "cdef":
        yield task(person)

found = {o.task.person: o for o in crew.work(tasks())}
crew.end(at_once=True)
ray.shutdown()
print("FOUND" + json.dumps({
    "people": sorted(found), "done": sum(o.result is not None for o in found.values()),
    "tries": max(o.tries for o in found.values()), "elsewhere": told[0] != os.getpid(),
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
    assert found["tries"] <= 2
