"""Killed at any step, a run leaves no half file, nothing that blocks, and nothing for long."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from catchlight.errors import PictureError
from catchlight.images import check_room, leftovers, write_all
from catchlight.images.leftovers import hold, name_temporary, sweep

DATA = {"headshot": b"new headshot" * 9000, "report": b"new report" * 9000}
STEPS = ("open", "write", "fsync", "link", "replace", "unlink")

# Dies without a word at the n-th call of the system's function of that name.
KILLER = """
import os, signal, sys
from pathlib import Path
from catchlight.images import write_all
name, count, folder, force = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4] == "1"
real, calls = getattr(os, name), 0
def die(*a, **k):
    global calls
    calls += 1
    if calls == count:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*a, **k)
setattr(os, name, die)
write_all({folder / "headshot": b"new headshot" * 9000, folder / "report": b"new report" * 9000},
          force=force)
"""

unix = pytest.mark.skipif(os.name == "nt", reason="Windows ends processes in another way")


@unix
@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("count", [1, 2])
def test_killed_at_every_step(tmp_path: Path, step: str, count: int, force: bool) -> None:
    old = {"headshot": b"old", "report": b"old"} if force else {}
    for name, data in old.items():
        (tmp_path / name).write_bytes(data)
    command = [sys.executable, "-c", KILLER, step, str(count), str(tmp_path), str(int(force))]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    for name, data in DATA.items():
        path = tmp_path / name
        if path.exists():
            assert path.read_bytes() in (data, b"old"), "half a file"
        else:
            assert not force, "what was there is gone"
    # The headshot is placed last: where it is, the others are.
    if not force and (tmp_path / "headshot").exists():
        assert (tmp_path / "report").exists()
    # The next run does what is missing, and nothing temporary is left.
    write_all({tmp_path / n: d for n, d in DATA.items()}, force=True)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == DATA


@pytest.mark.parametrize("step", STEPS[:-1])
@pytest.mark.parametrize("count", [1, 2])
def test_a_full_disk_at_every_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, count: int
) -> None:
    real, calls = getattr(os, step), 0

    def fail(*args: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls >= count and step != "unlink":
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*args, **options)

    (tmp_path / "headshot").write_bytes(b"old")
    monkeypatch.setattr(os, step, fail)
    try:
        write_all({tmp_path / n: d for n, d in DATA.items()}, force=True)
        whole = True
    except PictureError as error:
        assert "No space left" in str(error)
        whole = False
    monkeypatch.undo()
    left = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    assert left == (DATA if whole else {"headshot": b"old"})


@unix
def test_what_another_process_writes_is_not_swept(tmp_path: Path) -> None:
    part = name_temporary(tmp_path, "0123456789ab", 0, "part")
    handle = os.open(part, os.O_CREAT | os.O_WRONLY)
    assert hold(handle, part)
    code = "import pathlib, sys; from catchlight.images.leftovers import sweep; "
    code += "print(sweep(pathlib.Path(sys.argv[1])))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert part.exists()
    os.close(handle)
    assert sweep(tmp_path) == [part]


def test_only_what_is_ours_is_swept(tmp_path: Path) -> None:
    for name in (".catchlight-notes", "a.part", ".catchlight-x.part.jpg", ".hidden"):
        (tmp_path / name).touch()
    (tmp_path / ".catchlight-f-0.part").mkdir()
    assert sweep(tmp_path) == []
    assert sweep(tmp_path / "none") == []
    assert len(list(tmp_path.iterdir())) == 5


def _write_many(folder: str, number: int) -> None:
    for n in range(20):
        try:
            write_all({Path(folder) / f"{n}": bytes([number]) * 50_000}, force=False)
        except PictureError as error:
            assert "already there" in str(error)


def test_two_processes_in_one_folder(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_write_many, args=(str(tmp_path), i)) for i in (1, 2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    files = sorted(tmp_path.iterdir())
    assert sorted(int(p.name) for p in files) == list(range(20))
    for path in files:
        data = path.read_bytes()
        assert data in (b"\1" * 50_000, b"\2" * 50_000)


@pytest.mark.parametrize("length", [240, 255])
def test_a_long_name_has_a_temporary_one_that_fits(tmp_path: Path, length: int) -> None:
    path = tmp_path / ("é" * 200)[: length // 2]
    write_all({path: b"x"}, force=False)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_what_is_in_the_way_is_found_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(PictureError, match="name is too long"):
        check_room([tmp_path / ("a" * 300)])
    with pytest.raises(PictureError, match="name is too long"):
        check_room([tmp_path / ("a" * 300) / "b.jpg"])
    (tmp_path / "file").touch()
    with pytest.raises(PictureError, match="file is a file"):
        check_room([tmp_path / "file" / "b.jpg"])
    check_room([tmp_path / "new" / "deep" / "b.jpg"])
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
    for code, words in ((errno.ENOSPC, "Make room"), (errno.EROFS, "another folder")):

        def fail(*_args: object, number: int = code) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, "write", fail)
        with pytest.raises(PictureError, match=words):
            check_room([tmp_path / "b.jpg"])
        monkeypatch.undo()
        assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(leftovers.fcntl is None, reason="no locks of that kind here")
def test_a_file_made_anew_under_the_name_of_a_swept_one_is_not_swept(tmp_path, monkeypatch):
    """One sweep opens it; another removes it first; its writer makes it anew; the first goes on."""
    part = name_temporary(tmp_path, "abc", 0, "part")
    part.write_bytes(b"of nobody")
    lock = leftovers.fcntl.flock

    def late(handle, how):
        if how & leftovers.fcntl.LOCK_EX and part.read_bytes() == b"of nobody":
            part.unlink()
            part.write_bytes(b"at work")
        lock(handle, how)

    monkeypatch.setattr(leftovers.fcntl, "flock", late)
    assert sweep(tmp_path) == []
    assert part.read_bytes() == b"at work"
