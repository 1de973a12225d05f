"""The pool: order, a broken photo, a killed worker, a bound of memory, Ctrl-C."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Literal

import pytest
from places import ROOT

from catchlight.look import Look
from catchlight.studio import machine
from catchlight.studio.batch import run_all
from catchlight.studio.dial import asked_to_data
from catchlight.studio.jobs import Job
from catchlight.studio.machine import choose_workers
from catchlight.studio.pool import Pool

pytestmark = pytest.mark.usefixtures("need_models")
ASTRONAUT = ROOT / "examples" / "astronaut.jpg"
LOOK = asked_to_data(Look(matte="fast", size=200, backdrop="keep", adjust={"detail": 0.0}))


def job(folder: Path, name: str, *, broken: bool = False) -> Job:
    data = ASTRONAUT.read_bytes()
    photo = data[:20_000] if broken else data
    return Job(photo, LOOK, name=name, files={"headshot": folder / f"{name}.jpg"})


def workers() -> list[int]:
    return [p.pid for p in multiprocessing.active_children() if p.pid]


def is_gone(group: int) -> bool:
    """Whether nobody of a process group is left, or will be in a moment."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_order_and_a_broken_photo_among_good_ones(tmp_path: Path) -> None:
    jobs = [job(tmp_path, name, broken=name == "c") for name in "abcd"]
    told: list[tuple[str, str]] = []
    records = list(run_all(jobs, workers=2, tell=lambda j, what: told.append((j.title, what))))
    assert [r.json["input"] for r in records] == list("abcd")
    assert [r.failed for r in records] == [False, False, True, False]
    assert records[2].json["error"]["code"] == "picture"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.jpg", "b.jpg", "d.jpg"]
    assert sorted(told) == sorted((n, what) for n in "abcd" for what in ("begun", "done"))
    assert all(not r.files for r in records)


def test_a_worker_killed_once_costs_nothing(tmp_path: Path) -> None:
    killed: list[int] = []

    def tell(_job: Job, what: Literal["begun", "done"]) -> None:
        if what == "begun" and not killed:
            threading.Timer(0.3, kill).start()

    def kill() -> None:
        killed.extend(workers())
        for pid in killed:
            os.kill(pid, signal.SIGKILL)

    with Pool(1) as pool:
        records = list(pool.map([job(tmp_path, name) for name in "ab"], tell=tell))
    assert killed
    assert [r.failed for r in records] == [False, False]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.jpg", "b.jpg"]


def test_a_worker_killed_twice_is_said_and_the_others_are_done(tmp_path: Path) -> None:
    deadly = threading.Event()

    def hunt() -> None:
        while not deadly.is_set():
            for pid in workers():
                with contextlib.suppress(ProcessLookupError):  # it may have gone by itself
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.1)

    def tell(done: Job, what: Literal["begun", "done"]) -> None:
        if (done.title, what) == ("a", "begun"):
            threading.Thread(target=hunt, daemon=True).start()
        if (done.title, what) == ("a", "done"):
            deadly.set()

    with Pool(1) as pool:
        lost, good = pool.map([job(tmp_path, name) for name in "ab"], tell=tell)
    assert lost.json["error"]["type"] == "WorkerLost"
    assert lost.json["error"]["code"] == "worker"
    assert "signal 9" in lost.json["error"]["message"]
    assert not good.failed
    assert [p.name for p in tmp_path.iterdir()] == ["b.jpg"]


@pytest.mark.parametrize(("most_mb", "count"), [(1.0, 3), (1e6, 1)])
def test_a_worker_that_holds_too_much_is_replaced(
    tmp_path: Path, most_mb: float, count: int
) -> None:
    """Three jobs, by one worker each where each holds too much, by one in all where none does."""
    before, seen = set(workers()), set[int]()
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            seen.update(workers())

    threading.Thread(target=watch, daemon=True).start()
    with Pool(1, most_mb=most_mb) as pool:
        records = list(pool.map([job(tmp_path, name) for name in "abc"]))
    over.set()
    assert not any(record.failed for record in records)
    assert len(seen - before) == count


def test_workers_fit_the_cores_and_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "count_cores", lambda: 8)
    monkeypatch.setattr(machine, "measure_free_memory", lambda: 3.5 * machine.EACH_MB)
    assert choose_workers(50) == 3
    assert choose_workers(2) == 2
    assert choose_workers(1) == 1
    monkeypatch.setattr(machine, "measure_free_memory", lambda: 10.0)
    assert choose_workers(50) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups of this kind")
def test_ctrl_c_ends_all_at_once_and_leaves_no_half_file(tmp_path: Path) -> None:
    for name in range(8):
        shutil.copy(ASTRONAUT, tmp_path / f"{name}.jpg")
    command = [sys.executable, "-m", "catchlight", "shot", str(tmp_path), "--workers", "2"]
    command += ["-o", f"{tmp_path}/out/", "--matte", "fast"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        time.sleep(3.0)
        os.killpg(running.pid, signal.SIGINT)
        start = time.monotonic()
        said = running.communicate(timeout=20)[1]
        took = time.monotonic() - start
    assert running.returncode == 130, said
    assert took < 3
    assert "Traceback" not in said
    assert "Stopped." in said
    assert is_gone(running.pid)
    left = [p.name for p in tmp_path.rglob("*") if p.name.startswith(".")]
    assert left == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_workers_end_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    for name in range(4):
        shutil.copy(ASTRONAUT, tmp_path / f"{name}.jpg")
    command = [sys.executable, "-m", "catchlight", "shot", str(tmp_path), "--workers", "2", "-q"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True) as running:
        time.sleep(2.0)
        running.kill()
    assert is_gone(running.pid)
