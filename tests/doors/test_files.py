"""Files as people have them, at the door: names, folders, streams, locales, runs cut off."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image
from places import ROOT

from catchlight.cli import main, naming
from catchlight.cli.folders import look_into
from catchlight.names import printable

ASTRONAUT = ROOT / "examples" / "astronaut.jpg"
FAST = ("--matte", "fast", "--size", "96", "--polish", "0.3")
COMMAND = [sys.executable, "-m", "catchlight", "shot"]
unix = pytest.mark.skipif(os.name == "nt", reason="such names and signals are Unix's")
LOCALES = [
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii:strict"},
    {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "utf-8:strict"},
]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The photograph of the repository at 256 pixels."""
    path = tmp_path / "small.jpg"
    with Image.open(ASTRONAUT) as image:
        image.resize((256, 256)).save(path, quality=92)
    return path


# --- Names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("plain é 日本.jpg", "plain é 日本.jpg"),
        ("two\nlines", "two\\nlines"),
        ("red\x1b[31m", "red\\x1b[31m"),
        ("gpj.\u202eexe", "gpj.\\u202eexe"),
        (b"caf\xe9".decode("utf-8", "surrogateescape"), "caf\\xe9"),
        ("é".encode().decode("ascii", "surrogateescape"), "é"),
        ("\ud800", "\\ud800"),
    ],
)
def test_every_name_can_be_shown(name: str, words: str) -> None:
    assert printable(name) == words
    printable(name).encode("utf-8")


@pytest.mark.parametrize(
    ("name", "stem"),
    [("CON.jpg", "_CON"), ("aux.x.jpg", "_aux.x"), ("com1.jpg", "_com1"), ("-x.jpg", "-x")],
)
def test_names_that_windows_keeps_are_not_given(name: str, stem: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    (named,) = naming.name_results((str(tmp_path / name),), f"{tmp_path}/out/", None)
    assert named.target is not None
    assert named.target.name == f"{stem}.headshot.jpg"


@unix
@pytest.mark.parametrize("stem", ["a" * 251, "é" * 125, "日" * 83, "a" * 230])
def test_a_long_name_is_cut_between_letters_and_stays_its_own(stem: str, tmp_path: Path) -> None:
    for suffix in (".jpg", ".png", ".tif"):
        (tmp_path / (stem[: (255 - 4) // len(stem[0].encode())] + suffix)).touch()
    named = naming.name_results((str(tmp_path),), None, None)
    targets = [n.target for n in named if n.target]
    assert len({t.name.casefold() for t in targets}) == 3
    for row, target in zip(named, targets, strict=True):
        others = [row.beside(naming.COMPARE), row.beside(naming.REPORT)]
        assert max(len(os.fsencode(p.name)) for p in (target, *others)) <= 255
        target.touch()


def test_names_that_some_disks_hold_for_one_are_told_apart(tmp_path: Path) -> None:
    names = ["é.jpg", "e\u0301.jpg", "É.jpg"]
    for i, name in enumerate(names):
        (tmp_path / str(i)).mkdir()
        (tmp_path / str(i) / name).touch()
    photos = tuple(str(tmp_path / str(i) / name) for i, name in enumerate(names))
    targets = [n.target for n in naming.name_results(photos, f"{tmp_path}/out/", None)]
    folded = {naming._fold(t.name) for t in targets if t}
    assert len(folded) == 3


@unix
@pytest.mark.models
@pytest.mark.parametrize("locale", LOCALES, ids=["C", "ascii strict", "utf-8 strict"])
def test_json_is_utf_8_and_one_line_a_photo(
    locale: dict[str, str], small: Path, need_models: None
) -> None:
    folder = os.fsencode(small.parent / "in")
    os.mkdir(folder)  # noqa: PTH102 - names of bytes
    for name in (b"caf\xe9.jpg", b"two\nlines.jpg", "é日.jpg".encode()):
        shutil.copy(os.fsencode(small), folder + b"/" + name)
    (small.parent / "in" / "broken.jpg").write_bytes(b"hello")
    done = subprocess.run(
        [*COMMAND, "in", "-o", "out/", *FAST, "--json", "--workers", "1"],
        cwd=small.parent,
        env={**os.environ, **locale},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 7, done.stderr
    assert b"Traceback" not in done.stderr
    lines = done.stdout.split(b"\n")
    assert lines.pop() == b""
    records = [json.loads(line.decode("utf-8")) for line in lines]
    assert [r["input"] for r in records] == [
        "in/broken.jpg",
        "in/caf\\xe9.jpg",
        "in/two\nlines.jpg",
        "in/é日.jpg",
    ]
    made = sorted(os.fsencode(p.name) for p in (small.parent / "out").iterdir())
    assert made == [
        b"caf\xe9.headshot.jpg",
        b"two\nlines.headshot.jpg",
        "é日.headshot.jpg".encode(),
    ]


# --- Folders --------------------------------------------------------------------------------------


def test_a_folder_is_looked_into_by_suffix_and_content(tmp_path: Path, small: Path) -> None:
    data = small.read_bytes()
    folder = tmp_path / "in"
    folder.mkdir()
    photos = ["a.HIF", "b.JFIF", "c.JPE", "d.MPO", "e", "f.jpg_large", "g.DNG", "h.jxl"]
    for name in photos:
        (folder / name).write_bytes(data)
    for name in ("notes.txt", "Thumbs.db", "clip.mp4"):
        (folder / name).write_bytes(b"something else")
    for name in (".hidden.jpg", "._a.jpg", "a.headshot.jpg", "a.compare.jpg", "a.explore.png"):
        (folder / name).write_bytes(data)
    (folder / "deeper.jpg").mkdir()
    found, others = look_into(folder)
    assert [p.name for p in found] == photos
    assert [p.name for p in others] == ["Thumbs.db", "clip.mp4", "notes.txt"]
    if os.name != "nt":
        os.mkfifo(folder / "pipe")
        assert (folder / "pipe") in look_into(folder)[1], "a pipe would block"


@pytest.mark.models
def test_what_is_no_picture_is_counted_and_no_failure(small: Path, need_models: None) -> None:
    (small.parent / "notes.txt").write_text("hello")
    result = run("shot", small.parent, *FAST)
    assert result.exit_code == 0, result.stderr
    assert "1 file is no picture: left out" in result.stderr
    again = run("shot", small.parent, *FAST, "--skip-existing", "-v")
    assert again.exit_code == 0, again.stderr
    assert "notes.txt" in again.stderr.replace("\n", "")
    assert json.loads(run("shot", small.parent, *FAST, "--force", "--json").stdout)["error"] is None


def test_a_folder_of_other_things_says_so(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    result = run("shot", tmp_path)
    assert result.exit_code == 3
    assert "holds no pictures among its 1 files" in " ".join(result.stderr.split())


# --- Streams --------------------------------------------------------------------------------------


@unix
@pytest.mark.models
def test_a_stream_says_use_o_and_goes_with_it(small: Path, need_models: None) -> None:
    def shell(*more: str) -> subprocess.CompletedProcess[str]:
        words = [*COMMAND, *FAST, *more]
        script = f"{' '.join(words)} <(cat {small})"
        return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)

    refused = shell()
    assert refused.returncode == 2
    assert "is a stream" in refused.stderr
    assert "-o" in refused.stderr
    target = small.with_name("out.jpg")
    done = shell("-o", str(target))
    assert done.returncode == 0, done.stderr
    assert target.is_file()


@unix
def test_a_device_is_a_stream_too(small: Path) -> None:
    with small.open("rb") as stream:
        done = subprocess.run(
            [*COMMAND, "/dev/stdin"], stdin=stream, capture_output=True, text=True, check=False
        )
    assert done.returncode == 2
    assert "is a stream" in done.stderr


def test_a_wholly_transparent_picture_says_so(tmp_path: Path, need_models: None) -> None:
    Image.new("RGBA", (64, 64), (9, 9, 9, 0)).save(tmp_path / "clear.png")
    result = run("shot", tmp_path / "clear.png")
    assert result.exit_code == 3
    assert "wholly transparent" in result.stderr


# --- What is cut off ------------------------------------------------------------------------------


@pytest.mark.models
def test_a_folder_run_again_does_what_is_missing(small: Path, need_models: None) -> None:
    shutil.copy(small, small.with_name("other.jpg"))
    (small.parent / "small.headshot.jpg").write_bytes(b"finished")
    # What a run that was killed left: a companion whose headshot is missing.
    (small.parent / "other.compare.jpg").write_bytes(b"half")
    result = run("shot", small.parent, *FAST, "--skip-existing", "--compare", "--json")
    assert result.exit_code == 0, result.stderr
    other, first = (json.loads(line) for line in result.stdout.splitlines())
    assert (first["skipped"], first["output"]) == (True, str(small.parent / "small.headshot.jpg"))
    assert first.keys() == other.keys()
    assert not other["skipped"]
    assert (small.parent / "small.headshot.jpg").read_bytes() == b"finished"
    with Image.open(small.parent / "other.compare.jpg") as image:
        assert image.format == "JPEG"
    assert run("shot", small, "--force", "--skip-existing").exit_code == 2


@pytest.mark.models
def test_nothing_to_do_loads_nothing(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (small.parent / "small.headshot.jpg").write_bytes(b"finished")
    monkeypatch.setattr("catchlight.studio.headshot.shoot", lambda *_, **__: pytest.fail("worked"))
    monkeypatch.setattr("catchlight.cli.batch._fetch_models", lambda **_: pytest.fail("fetched"))
    result = run("shot", small, "--skip-existing")
    assert result.exit_code == 0
    assert "left alone" in result.stderr


@unix
@pytest.mark.models
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_batch_that_is_ended_can_be_run_again(
    how: signal.Signals, small: Path, need_models: None
) -> None:
    folder, out = small.parent / "in", small.parent / "out"
    folder.mkdir()
    for n in range(4):
        shutil.copy(small, folder / f"{n}.jpg")
    words = [*COMMAND, str(folder), "-o", f"{out}/", *FAST, "-q"]
    child = subprocess.Popen(words, start_new_session=True)
    end = time.monotonic() + 120
    while time.monotonic() < end and not (out.is_dir() and any(out.glob("*.jpg"))):
        time.sleep(0.05)
    child.send_signal(how)
    assert child.wait(30) in (-signal.SIGKILL, 130, 0)
    done = {p.name: p.stat().st_mtime_ns for p in out.glob("*.jpg")}
    assert done
    subprocess.run([*words, "--skip-existing", "--workers", "1"], check=True)
    left = {p.name: p.stat().st_mtime_ns for p in out.iterdir()}
    assert sorted(left) == [f"{n}.headshot.jpg" for n in range(4)]
    assert all(left[name] == when for name, when in done.items()), "finished ones are untouched"


@unix
@pytest.mark.models
def test_a_reader_that_goes_and_a_disk_that_is_full(small: Path, need_models: None) -> None:
    target = small.with_name("o.jpg")
    words = [*COMMAND, str(small), "-o", str(target), *FAST, "--force", "--json"]
    reader = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert reader.stdout is not None
    assert reader.stderr is not None
    reader.stdout.close()
    said = reader.stderr.read()
    reader.stderr.close()
    assert reader.wait() == 1
    assert b"Traceback" not in said
    assert b"Exception ignored" not in said
    assert target.is_file()
    if not Path("/dev/full").exists():
        return
    for arguments in ((str(small),), (str(small), "-o", "-")):
        words = [*COMMAND, *arguments, *FAST, "--force", *(["--json"] * (len(arguments) == 1))]
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 3, done.stderr
        assert b"standard output cannot be written" in done.stderr
        assert b"Traceback" not in done.stderr
        assert b"Exception ignored" not in done.stderr


def test_what_cannot_be_written_is_said_before_the_work(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catchlight.cli.batch._fetch_models", lambda **_: pytest.fail("worked"))
    for target, words in (
        (small.parent / ("a" * 300 + ".jpg"), "name is too long"),
        (small / "in" / "a.jpg", "is a file"),
    ):
        result = run("shot", small, "-o", target)
        assert result.exit_code == 3, result.stderr
        assert words in " ".join(result.stderr.split())
