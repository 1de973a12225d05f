"""A team from its photos to its page: made once, resumed, reviewed, and obeyed."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image
from places import ROOT

from catchlight.cli import main
from catchlight.images import open_picture
from catchlight.provenance.read import read_account

ASTRONAUT = ROOT / "examples" / "astronaut.jpg"
pytestmark = [pytest.mark.models, pytest.mark.usefixtures("need_models")]


def run(people: Path, out: Path, *words: str) -> Result:
    given = ["team", str(people), "-o", str(out), "--workers", "1", "--sizes", "web-page,signature"]
    # A look without detail: no network enlarges the small example.
    return CliRunner().invoke(main, [*given, "--look", str(people.parent / "look.toml"), *words])


def table(out: Path) -> dict[str, dict[str, str]]:
    text = (out / "team.csv").read_text(encoding="utf-8-sig")
    return {row["key"]: row for row in csv.DictReader(text.splitlines())}


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("team")
    (folder / "look.toml").write_text(
        'backdrop = "navy"\nsize = 600\nmatte = "fast"\n[adjust]\ndetail = 0\n'
    )
    people = folder / "people"
    (people / "Eileen Collins").mkdir(parents=True)
    shutil.copy(ASTRONAUT, people / "Eileen Collins" / "a.jpg")
    with Image.open(ASTRONAUT) as photo:
        photo.crop((60, 0, 460, 500)).save(people / "Eileen Collins" / "b.jpg", quality=95)
        photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(people / "somebody.jpg", quality=95)
    Image.new("RGB", (300, 300), "#446688").save(people / "wall.png")
    return people


def test_a_team_is_made_resumed_reviewed_and_obeyed(people: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    pytest.importorskip("c2pa", reason="the extra `provenance` is not installed")
    CliRunner().invoke(main, ["credentials", "init", "--file", str(tmp_path / "own.toml")])
    own = ("--credentials", str(tmp_path / "own.toml"))
    said = run(people, out, *own)
    assert said.exit_code == 7, said.output  # the wall has no face
    assert "wall: no photo shows a face" in said.output
    assert "looks like the same person as" in said.output
    rows = table(out)
    assert rows["wall"]["state"] == "set aside"
    made = [rows[key]["reason"] for key in ("eileen-collins", "somebody")]
    assert made == ["", ""]
    heads = [float(rows[key]["head"]) for key in ("eileen-collins", "somebody")]
    assert abs(heads[0] - heads[1]) < 0.03
    page = out / "eileen-collins" / "eileen-collins-web-page.jpg"
    shown = open_picture(page)
    assert (shown.width, shown.height) == (800, 1000)
    account = read_account(page.read_bytes())
    assert account.origin.source_type == "composite"
    assert rows["eileen-collins"]["source_type"] == "composite"
    assert rows["wall"]["source_type"] == ""
    assert account.manifest is not None
    assert account.manifest.intact
    small = out / "somebody" / "somebody-signature.jpg"
    assert small.stat().st_size <= 60_000  # 40 kB, and what is signed
    for name in ("sheet.png", "sheet.pdf", "review.html", "team.jsonl"):
        assert (out / name).stat().st_size > 1000

    # Again: nothing is done twice.
    def count() -> list[tuple[str, int]]:
        with sqlite3.connect(out / ".team" / "journal.sqlite") as base:
            found = base.execute("select kind, count(*), sum(seconds) from done group by kind")
            return [tuple(row) for row in found]  # type: ignore[misc]

    before, written = count(), page.stat().st_mtime_ns
    assert run(people, out, *own).exit_code == 7
    assert count() == before
    assert page.stat().st_mtime_ns == written

    # Rejected: the other photo; approved: as it is; a note: in the table.
    used = rows["eileen-collins"]["photo"]
    decisions = {
        "eileen-collins": {"word": "reject", "photo": used, "note": "eyes"},
        "somebody": {"word": "reject", "photo": rows["somebody"]["photo"], "note": ""},
    }
    (out / "decisions.json").write_text(json.dumps({"version": 1, "decisions": decisions}))
    assert run(people, out, *own).exit_code == 7
    rows = table(out)
    assert rows["eileen-collins"]["state"] == "made"
    assert rows["eileen-collins"]["photo"] != used
    assert rows["eileen-collins"]["note"] == "eyes"
    assert rows["somebody"]["state"] == "set aside"
    assert "rejected" in rows["somebody"]["reason"]


def test_check_says_what_is_wrong_and_makes_nothing(people: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = run(people, out, "--check")
    assert said.exit_code == 7
    assert "wall: no photo shows a face" in said.output
    assert [p.name for p in out.iterdir()] == [".team"]


def test_a_headshot_that_is_liked_gives_paper_head_and_light(tmp_path: Path) -> None:
    from catchlight.studio.jobs import Job
    from catchlight.studio.jobs import run as do
    from catchlight.team.one_look.match import take_after

    look = {"backdrop": "#8899aa", "size": 500, "matte": "fast", "adjust": {"detail": 0.0}}
    made = do(Job(ASTRONAUT, {"look": look}, files={"headshot": tmp_path / "liked.jpg"}))
    asked, seen = take_after((tmp_path / "liked.jpg").read_bytes(), max_megapixels=120.0)
    red, green, blue = (int(asked["backdrop"][at : at + 2], 16) for at in (1, 3, 5))
    assert abs(red - 0x88) + abs(green - 0x99) + abs(blue - 0xAA) < 20
    assert seen.head == pytest.approx(made.json["frame"]["head"], abs=0.03)
    assert 0.25 < seen.eyes < 0.5
    # Before something restless no colour is taken.
    asked, _ = take_after(ASTRONAUT.read_bytes(), max_megapixels=120.0)
    assert asked == {}
