"""Jobs: data in, a record out, both of which can be sent; nothing left behind by a failure."""

from __future__ import annotations

import gc
import json
import pickle
import platform
import subprocess
import sys
import weakref
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from places import ROOT

from catchlight.errors import LookError
from catchlight.look import Look
from catchlight.results import Record
from catchlight.setting import load_setting
from catchlight.studio.dial import Brief, asked_to_data, data_to_asked
from catchlight.studio.jobs import Job, deliver, make, run

ASTRONAUT = ROOT / "examples" / "astronaut.jpg"
SMALL = asked_to_data(Look(matte="fast", size=200, backdrop="keep"))


def done(kinds: str = "headshot") -> Record:
    """A record as :func:`make` gives it."""
    files: Any = {kind: kind.encode() for kind in kinds.split()}
    return Record({"error": None, "seconds": {}}, files)


@pytest.mark.parametrize(
    "asked",
    [
        Look(size=(400, 500), adjust={"shadows": 0.2}, keep=("l23d41",)),
        Brief(load_setting("author"), 0.5, {"size": (400, 500), "adjust": {"shine": 0.1}}),
        Brief(load_setting("default")),
    ],
)
def test_what_was_asked_survives_as_plain_data(asked: Look | Brief) -> None:
    data = json.loads(json.dumps(asked_to_data(asked)))
    back = data_to_asked(data)
    looks = [a if isinstance(a, Look) else a.look(0.5) for a in (asked, back)]
    assert looks[0] == looks[1]
    assert type(back) is type(asked)


def test_a_setting_may_be_named() -> None:
    brief = data_to_asked({"setting": "linkedin", "polish": 0.3})
    assert isinstance(brief, Brief)
    assert (brief.setting.name, brief.polish) == ("linkedin", 0.3)
    with pytest.raises(LookError, match="colour: unknown"):
        data_to_asked({"setting": "linkedin", "colour": "red"})


def test_a_job_and_its_record_can_be_sent() -> None:
    job = Job(b"no picture", SMALL, name="me.jpg", files={"headshot": Path("a.jpg")})
    assert pickle.loads(pickle.dumps(job)) == job
    record = run(replace(job, files={"headshot": None}))
    assert record.failed
    again = pickle.loads(pickle.dumps(record))
    assert again == record
    assert again.json["error"]["code"] == "picture"
    assert again.json["input"] == "me.jpg"
    assert "UnreadablePicture" in again.trace


def test_bytes_go_in_and_come_out(need_models: None) -> None:
    job = Job(
        ASTRONAUT.read_bytes(),
        SMALL,
        name="her.jpg",
        files={"headshot": None, "compare": None, "report": None, "look": None},
    )
    record = run(job)
    assert not record.failed, record.trace
    assert record.files["headshot"].startswith(b"\xff\xd8")
    assert record.files["compare"].startswith(b"\xff\xd8")
    assert record.files["report"].startswith(b"<!doctype html>")
    assert b'backdrop = "keep"' in record.files["look"]
    assert json.loads(json.dumps(record.json, allow_nan=False)) == record.json
    assert record.json["polish"]["before"]["score"] is not None


def test_all_is_written_or_nothing(tmp_path: Path) -> None:
    """A report appears in the way while the job is under way: no headshot, no new folder."""
    new = tmp_path / "new" / "deep" / "me.jpg"
    job = Job(b"", SMALL, files={"headshot": new, "report": tmp_path / "me.html"})
    (tmp_path / "me.html").write_text("precious")
    record = deliver(job, done("headshot report"))
    assert record.json["error"]["code"] == "exists"
    assert [p.name for p in tmp_path.iterdir()] == ["me.html"]
    assert not deliver(replace(job, force=True), done("headshot report")).failed
    assert new.read_bytes() == b"headshot"


def test_what_has_no_place_comes_back(tmp_path: Path) -> None:
    job = Job(b"", SMALL, files={"headshot": tmp_path / "a.jpg", "report": None})
    assert deliver(job, done("headshot report")).files == {"report": b"report"}


def test_what_is_in_the_way_is_said_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catchlight.studio.headshot.shoot", lambda *_, **__: pytest.fail("worked"))
    taken = tmp_path / "me.jpg"
    taken.touch()
    record = make(Job(ASTRONAUT, SMALL, files={"headshot": taken}))
    assert record.json["error"]["code"] == "exists"
    blocked = make(Job(ASTRONAUT, SMALL, files={"headshot": taken / "in" / "a.jpg"}))
    assert "me.jpg is a file" in blocked.json["error"]["message"]


def test_another_run_may_be_faster(tmp_path: Path) -> None:
    """Its headshot appears while ours is made: it stays, and that is no failure."""
    target = tmp_path / "a.jpg"
    job = Job(b"", SMALL, files={"headshot": target}, skip_existing=True)
    assert not job.is_done
    target.write_bytes(b"theirs")
    record = deliver(job, done())
    assert record.json["skipped"]
    assert not record.failed
    assert target.read_bytes() == b"theirs"
    assert deliver(replace(job, skip_existing=False), done()).json["error"]["code"] == "exists"


def test_what_a_killed_run_left_beside_is_replaced(tmp_path: Path) -> None:
    """Its report without its headshot; anything else of that name would be precious."""
    files: Any = {"headshot": tmp_path / "a.jpg", "report": tmp_path / "a.html"}
    (tmp_path / "a.html").write_text("left behind")
    job = Job(b"", SMALL, files=files, skip_existing=True)
    assert not deliver(job, done("headshot report")).failed
    assert (tmp_path / "a.html").read_bytes() == b"report"


def test_memory_is_given_back_where_it_can_be() -> None:
    from catchlight.studio.machine import give_back_memory

    class Photo:
        """What holds itself, as an observation and its aligned face do."""

    photo = Photo()
    photo.itself = photo  # type: ignore[attr-defined]
    seen = weakref.ref(photo)
    gc.disable()
    try:
        del photo
        assert seen() is not None
        give_back_memory()  # and nothing is said where the C library has no such thing
        assert seen() is None
    finally:
        gc.enable()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library's own affair")
def test_a_shared_heap_gives_the_same_pages_again() -> None:
    says = """
import resource
from catchlight.studio.machine import share_heap
share_heap()
def faults(): return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(2):
    before = faults()
    large = b"x" * 40_000_000
    del large
print(faults() - before)
"""
    done = subprocess.run([sys.executable, "-c", says], check=True, capture_output=True, text=True)
    assert int(done.stdout) < 1000, "40 MB are 9 800 pages"
