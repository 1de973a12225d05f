"""The command line: what it writes, what it says, what it refuses, and with which exit code."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
import spoilt
from click.testing import CliRunner, Result
from PIL import Image, ImageDraw
from places import ROOT

from catchlight.adjustments.catalogue import CATALOGUE
from catchlight.analysis.subject import open_subject
from catchlight.backdrop import NAMES as BACKDROPS
from catchlight.cli import exits, main, menu, naming, options
from catchlight.images import open_picture

ASTRONAUT = ROOT / "examples" / "astronaut.jpg"
FAST = ("--matte", "fast", "--size", "200")


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], input=stdin)


def shoot(*arguments: str | Path) -> Result:
    return run("shot", *arguments, *FAST)


def check(result: Result, code: int, *words: str) -> None:
    """The exit code, the words on stderr, and no traceback."""
    assert result.exit_code == code, result.stderr
    said = " ".join(result.stderr.split())
    for word in words:
        assert word in said
    assert "Traceback" not in said


def read(path: Path) -> tuple[str | None, tuple[int, int]]:
    """Format and size of a picture."""
    with Image.open(path) as picture:
        return picture.format, picture.size


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal so wide that no path is broken over two lines."""
    monkeypatch.setenv("COLUMNS", "400")


@pytest.fixture
def me(tmp_path: Path) -> Path:
    return Path(shutil.copy(ASTRONAUT, tmp_path / "me.jpg"))


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    """A picture without a face."""
    image = Image.new("RGB", (320, 240), "#88aacc")
    ImageDraw.Draw(image).rectangle((40, 120, 280, 240), fill="#446633")
    image.save(tmp_path / "drawing.png")
    return tmp_path / "drawing.png"


# --- Help -----------------------------------------------------------------------------------------


def test_every_field_of_the_look_is_an_option() -> None:
    from catchlight.look import Look

    context = click.Context(main)
    shot, explore = (main.get_command(context, name) for name in ("shot", "explore"))
    assert shot is not None
    assert explore is not None
    flags = {o for p in shot.params for o in p.opts}
    assert {f"--{name}" for name in Look.model_fields if name not in ("adjust", "strokes")} | {
        "--set"
    } <= flags
    axes = {o for p in explore.params for o in p.opts}
    assert {"--crop", "--backdrop", "--light", "--marks", "--lens", "--matte"} <= axes


def test_what_a_setting_decides_is_not_called_the_default_of_the_look() -> None:
    assert menu.decided_by_setting() == {"crop", "backdrop", "head", "light", "marks"}


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        ({"anyOf": [{"enum": ["off"]}, {"type": "number"}], "unit": "metres"}, "0.35m", 0.35),
        ({"anyOf": [{"enum": ["off"]}, {"type": "number"}], "unit": "metres"}, "off", "off"),
        ({"anyOf": [{"type": "array"}, {"type": "integer"}]}, "1200X1500", (1200, 1500)),
        ({"anyOf": [{"type": "array"}, {"type": "integer"}]}, "1500", 1500),
        ({"type": "string", "examples": ["keep"]}, "wall.jpg", "wall.jpg"),
    ],
)
def test_a_new_field_is_read_by_its_schema(
    schema: dict[str, Any], text: str, value: object
) -> None:
    """No command knows the field: what it takes comes from the schema alone."""
    option = options.make_option("novelty", schema | {"description": "Something new."})
    command = option(click.Command("try", callback=lambda novelty: click.echo(repr(novelty))))
    done = CliRunner().invoke(command, ["--novelty", text])
    assert done.output.strip() == repr(value)
    assert "Something new." in CliRunner().invoke(command, ["--help"]).output
    if schema.get("type") != "string":
        bad = CliRunner().invoke(command, ["--novelty", "a b"])
        assert bad.exit_code == 2
        assert "is none of" in bad.output


def test_help_lists_adjustments_backdrops_and_exit_codes() -> None:
    page = run("shot", "--help").output
    for row in CATALOGUE:
        assert row.name in page
        assert row.text in page
    named = (*BACKDROPS, *menu.setting_names())
    for name in (*named, *exits.MEANINGS.values()):
        assert name in page


@pytest.mark.parametrize("arguments", [["--help"], ["shot", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom catchlight.cli import main\n"
        f"try: main({arguments!r})\nexcept SystemExit: pass\n"
        "heavy = {'cv2', 'numpy', 'scipy', 'PIL', 'jinja2', 'rich', 'dlib'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows does not tell the time of a child")
def test_help_answers_at_once() -> None:
    """Within 0.3 s of a bare Python, in seconds of processor: others may be at work, too."""

    def cost(*arguments: str) -> float:
        before = os.times()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        after = os.times()
        return sum(after[2:4]) - sum(before[2:4])

    bare = min(cost("-c", "pass") for _ in range(3))
    for page in (("--help",), ("shot", "--help")):
        assert min(cost("-m", "catchlight", *page) for _ in range(3)) < bare + 0.3


def test_the_page_of_the_commands_is_current() -> None:
    script = ROOT / "tools" / "manual.py"
    done = subprocess.run(
        [sys.executable, script, "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_readme_lists_the_exit_codes() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8").replace("`", "")
    for code, meaning in exits.MEANINGS.items():
        assert f"| {code} | {meaning} |" in text


@pytest.mark.models
@pytest.mark.parametrize("page", ["README.md", "docs/library.md"])
def test_the_library_does_what_its_pages_say(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, need_models: None
) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(
        r"```python\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL
    )
    assert blocks
    for block in blocks:
        exec(compile(block, page, "exec"), {})
    assert (tmp_path / "me.headshot.jpg").is_file()


# --- Which file becomes which ---------------------------------------------------------------------


def test_two_photos_of_one_stem_do_not_collide(tmp_path: Path) -> None:
    names = ["a.jpg", "a.png", "A.webp", "b/a.jpg"]
    (tmp_path / "b").mkdir()
    for name in names:
        (tmp_path / name).touch()
    plan = naming.name_results(tuple(str(tmp_path / n) for n in names), f"{tmp_path}/out/", None)
    found = [named.target.name for named in plan if named.target]
    assert found == [
        "a.headshot.jpg",
        "a-png.headshot.jpg",
        "A-webp.headshot.jpg",
        "a-jpg.headshot.jpg",
    ]


def test_a_folder_is_its_pictures_without_our_own(tmp_path: Path) -> None:
    for name in ("b.jpg", "a.HEIC", "b.headshot.jpg", "b.compare.jpg", "notes.txt", ".hidden.jpg"):
        (tmp_path / name).touch()
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "c.jpg").touch()
    again = str(tmp_path / "b.jpg")
    plan = naming.name_results((str(tmp_path), again), None, "png")
    assert [named.source and named.source.name for named in plan] == ["a.HEIC", "b.jpg"]
    assert plan[0].target == tmp_path / "a.headshot.png"


def test_companions_are_named_after_the_result() -> None:
    named = naming.Named(Path("me.jpg"), Path("out/me.headshot.jpg"))
    assert named.beside(naming.COMPARE) == Path("out/me.compare.jpg")
    assert named.beside(naming.REPORT) == Path("out/me.headshot.html")


# --- Headshots ------------------------------------------------------------------------------------


@pytest.mark.models
def test_one_photo_with_everything_beside_it(me: Path, need_models: None) -> None:
    before = me.read_bytes()
    look = me.with_name("mine.toml")
    result = shoot(me, "--compare", "--report", "--set", "shadows=0.25", "--save-look", look)
    check(
        result,
        0,
        "me.headshot.jpg (160 x 200)",
        "a face,",
        "backdrop keep (the photo's own background stays",
        "find faces",
    )
    assert result.stdout == ""
    assert me.read_bytes() == before
    assert read(me.with_name("me.headshot.jpg"))[1] == (160, 200)
    assert read(me.with_name("me.compare.jpg"))[1] == (160 * 2 + 3, 200)
    assert "<!doctype html>" in me.with_name("me.headshot.html").read_text(encoding="utf-8")
    assert sorted(p.name for p in me.parent.iterdir()) == [
        "me.compare.jpg",
        "me.headshot.html",
        "me.headshot.jpg",
        "me.jpg",
        "mine.toml",
    ]
    # The look that was written gives the same picture, and what the command says comes before it.
    again = run("shot", me, "--look", look, "-o", me.with_name("again.jpg"), "--json")
    check(again, 0)
    said = json.loads(again.stdout)
    assert said["look"]["adjust"]["shadows"] == 0.25
    assert me.with_name("again.jpg").read_bytes() == me.with_name("me.headshot.jpg").read_bytes()
    other = run(
        *("shot", me, "--look", look, "-o", me.with_name("other.png"), "--json"),
        *("--set", "shadows=0", "--backdrop", "#336699"),
    )
    said = json.loads(other.stdout)
    assert said["look"]["adjust"]["shadows"] == 0
    assert said["look"]["backdrop"] == "#336699"
    assert said["look"]["size"] == 200


@pytest.mark.models
def test_json_is_one_object_a_line_and_nothing_else(
    me: Path, drawing: Path, need_models: None
) -> None:
    (me.parent / "broken.jpg").write_bytes(me.read_bytes()[:20_000])
    result = shoot(me.parent, "-o", f"{me.parent}/out/", "--json")
    assert result.exit_code == exits.SOME_FAILED
    lines: list[dict[str, Any]] = [json.loads(line) for line in result.stdout.splitlines()]
    assert len({tuple(record) for record in lines}) == 1, "every record has the same keys"
    broken, flat, good = lines
    assert broken["error"]["type"] == "UnreadablePicture"
    assert flat["error"]["type"] == "FaceError"
    assert "no face" in flat["error"]["message"]
    assert good["error"] is None
    assert good["output"] == str(me.parent / "out" / "me.headshot.jpg")
    assert good["size"] == [160, 200]
    assert 40 < good["face"]["ied_px"] < 46
    assert good["face"]["others"] == 0
    assert set(good["face"]["pose"]) == {"yaw", "pitch", "roll"}
    assert set(good["frame"]) == {
        "crop", "turn_degrees", "enlarged", "extends_beyond_photo", "head", "head_asked",
        "off_centre", "why",
    }  # fmt: skip
    assert set(good["look"]["adjust"]) == {row.name for row in CATALOGUE}
    assert good["matte"] == "fast"
    assert {"decode", "find faces", "render", "encode"} <= set(good["seconds"])
    assert good["peak_rss_mb"] is None or good["peak_rss_mb"] > 50


@pytest.mark.models
def test_a_bad_photo_does_not_stop_the_others(me: Path, drawing: Path, need_models: None) -> None:
    result = shoot(drawing, me)
    check(result, exits.SOME_FAILED, "no face found", "1 of 2 done", "1 failed")
    assert me.with_name("me.headshot.jpg").is_file()


@pytest.mark.models
def test_through_a_pipe(me: Path, need_models: None) -> None:
    command = [sys.executable, "-m", "catchlight", "shot", "-", *FAST, "--format", "png"]
    done = subprocess.run(command, input=me.read_bytes(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    picture = Image.open(io.BytesIO(done.stdout))
    assert (picture.format, picture.size) == ("PNG", (160, 200))
    # From a file to a pipe, and nothing on stdout where it fails.
    command = [sys.executable, "-m", "catchlight", "shot", "-", *FAST]
    done = subprocess.run(command, input=b"no picture", capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (3, b"")


@pytest.mark.models
def test_quiet_says_nothing(me: Path, need_models: None) -> None:
    result = shoot(me, "-q")
    check(result, 0)
    assert result.output == ""


@pytest.mark.models
def test_the_format_comes_from_the_name_or_the_option(me: Path, need_models: None) -> None:
    check(shoot(me, "-o", me.with_name("a.webp")), 0)
    assert read(me.with_name("a.webp"))[0] == "WEBP"
    check(shoot(me, "--format", "tiff", "--bits", "16"), 0)
    assert read(me.with_name("me.headshot.tif"))[0] == "TIFF"


# --- Refusals -------------------------------------------------------------------------------------


def test_not_a_picture(tmp_path: Path, need_models: None) -> None:
    (tmp_path / "notes.jpg").write_text("hello")
    check(shoot(tmp_path / "notes.jpg"), 3, "notes.jpg is not a picture")
    check(shoot(tmp_path / "nowhere.jpg"), 3, "no such file")


def test_an_empty_folder(tmp_path: Path) -> None:
    check(shoot(tmp_path), 3, "holds no pictures")


def test_too_many_pixels(me: Path, need_models: None) -> None:
    check(shoot(me, "--max-megapixels", "0.1"), 3, "0.3 megapixels", "the limit is 0.1")


@pytest.mark.models
def test_no_face(drawing: Path, need_models: None) -> None:
    check(shoot(drawing), 4, "no face found", "both eyes")


@pytest.mark.models
def test_a_photo_that_will_not_do_is_said_and_refused_only_if_asked(
    tmp_path: Path, need_models: None
) -> None:
    photo = open_picture(ASTRONAUT)
    face = open_subject(photo).face
    codes = spoilt.mask(np.asarray(photo.preview(512)), face, np.random.default_rng(3))
    masked = tmp_path / "masked.jpg"
    Image.fromarray(codes).save(masked, quality=95)
    refused = shoot(masked, "--strict", "--json")
    assert refused.exit_code == 8
    assert json.loads(refused.stdout)["error"]["code"] == "unsuitable"
    done = shoot(masked, "--json", "--polish", "0.3")
    assert done.exit_code == 0
    record = json.loads(done.stdout)
    assert record["verdict"]["grade"] == "unsuitable"
    assert record["authenticity"]["score"] is None
    assert "covered" in record["authenticity"]["reason"]
    assert record["skin"]["left"]["within"]


@pytest.mark.models
def test_no_face_of_that_number(me: Path, need_models: None) -> None:
    check(shoot(me, "--face", "3"), 4, "there is no face 3")


def test_models_missing_and_offline(
    me: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CATCHLIGHT_OFFLINE", "1")
    monkeypatch.setenv("CATCHLIGHT_CACHE", str(tmp_path / "empty"))
    # In a process of its own: this one has its models open.
    command = [sys.executable, "-m", "catchlight", "shot", str(me), *FAST]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 5, done.stderr
    assert "CATCHLIGHT_OFFLINE" in done.stderr
    check(run("models", "pull"), 5, "CATCHLIGHT_OFFLINE")
    check(run("models", "verify"), 5, "catchlight models pull")


def test_an_existing_output_is_kept(me: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = me.with_name("me.headshot.jpg")
    result.write_bytes(b"precious")
    # Refused before any work: nothing is even fetched.
    monkeypatch.setattr("catchlight.cli.batch._fetch_models", lambda **_: pytest.fail("worked"))
    check(shoot(me), 6, "already there", "--force")
    assert result.read_bytes() == b"precious"


def test_an_existing_report_is_kept(me: Path) -> None:
    me.with_name("me.headshot.html").write_text("precious")
    check(shoot(me, "--report"), 6, "me.headshot.html is already there")
    assert not me.with_name("me.headshot.jpg").exists()


@pytest.mark.models
def test_force_replaces(me: Path, need_models: None) -> None:
    result = me.with_name("me.headshot.jpg")
    result.write_bytes(b"old")
    check(shoot(me, "--force"), 0)
    assert read(result)[1] == (160, 200)


def test_the_input_is_never_the_output(me: Path) -> None:
    before = me.read_bytes()
    check(shoot(me, "-o", me, "--force"), 6, "is the input itself")
    link = me.with_name("link.jpg")
    link.symlink_to(me)
    check(shoot(me, "-o", link, "--force"), 6, "is the input itself")
    assert me.read_bytes() == before


def test_an_existing_look_is_kept(me: Path) -> None:
    look = me.with_name("mine.toml")
    look.write_text("precious")
    check(shoot(me, "--save-look", look), 6, "mine.toml is already there")
    assert look.read_text() == "precious"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["--backdrop", "disco"],
            "no backdrop is called 'disco'; use auto, keep, blur, studio-warm",
        ),
        (["--backdrop", "#12"], "no backdrop is called '#12'"),
        (["--backdrop", "wall.jpg"], "wall.jpg: no such picture"),
        (["--set", "beauty=1"], "no adjustment is called 'beauty'; there are white_balance"),
        (["--set", "exposure=2"], "the strength of exposure must be between 0 and 1, not 2.0"),
        (["--set", "exposure=nan"], "the strength of exposure must be between 0 and 1, not nan"),
        (["--set", "exposure"], "'exposure' is not NAME=STRENGTH"),
        (["--size", "big"], "'big' is not a size of default"),
        (["--size", "20"], "between 64 and 8192 pixels, not 20"),
        (["--crop", "round"], "'round' is not one of"),
        (["--bits", "16"], "--bits 16 needs --format png or --format tiff"),
        (["-o", "x.png", "--format", "jpeg"], "x.png ends in .png, but --format says jpeg"),
        (["-o", "x.gif"], "x.gif: end the name in"),
        (["-o", "-", "--json"], "cannot both go to standard output"),
        (["-o", "-", "--report"], "need a file beside which to write"),
        (["--look", "nowhere.toml"], "nowhere.toml: No such file"),
        (["--look", "bad.toml"], "bad.toml is not valid TOML"),
        (["--look", "odd.toml"], "odd.toml: retouch: unknown setting; there are crop"),
        (["you.jpg", "-o", "x.jpg"], "x.jpg names one file, but there are several photos"),
        (["you.jpg", "-o", "bad.toml"], "bad.toml is a file; several photos need -o FOLDER/"),
        (["you.jpg", "-o", "-"], "several photos cannot go to standard output"),
        (["-"], "'-' (standard input) cannot be mixed"),
    ],
)
def test_what_is_wrong_with_the_command(
    arguments: list[str], words: str, me: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(me.parent)
    shutil.copy(me, "you.jpg")
    Path("bad.toml").write_text("crop = ")
    Path("odd.toml").write_text("retouch = 1")
    check(run("shot", me, *arguments), 2, words)
    assert not list(me.parent.glob("*.headshot.*"))


def test_a_fault_of_ours_is_named_as_one(me: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("half a pixel")

    monkeypatch.setattr("catchlight.cli.batch._fetch_models", lambda **_: None)
    monkeypatch.setattr("catchlight.studio.headshot.shoot", fail)
    check(shoot(me), 1, "unexpected ZeroDivisionError: half a pixel", "-v shows where")
    result = shoot(me, "-v")
    assert result.exit_code == 1
    assert "Traceback" in result.stderr


def test_stopping_is_clean(me: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("catchlight.cli.batch._fetch_models", lambda **_: None)
    monkeypatch.setattr("catchlight.studio.headshot.shoot", stop)
    check(shoot(me), exits.STOPPED, "Stopped.")
    assert list(me.parent.iterdir()) == [me]


# --- Models and doctor ----------------------------------------------------------------------------


def test_models_list() -> None:
    page = run("models", "list").output
    assert "face_landmarks" in page
    assert "CC0-1.0" in page


def test_models_pull_takes_the_fine_one_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr("catchlight.models.pull", lambda names, **_: asked.append(names) or [])
    check(run("models", "pull"), 0)
    check(run("models", "pull", "--fine"), 0)
    assert "salient_large" not in asked[0]
    assert "salient_large" in asked[1]


@pytest.mark.models
def test_doctor_on_a_good_day(need_models: None) -> None:
    found = json.loads(run("doctor", "--json").stdout)
    assert found["problems"] == []
    assert all(found["runtimes"].values())
    assert "All is well." in run("doctor").output


def test_doctor_names_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATCHLIGHT_CACHE", str(tmp_path))
    monkeypatch.setenv("CATCHLIGHT_OFFLINE", "1")
    result = run("doctor")
    assert result.exit_code == 5
    assert "forbids fetching them" in " ".join(result.output.split())
