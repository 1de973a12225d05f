"""The commands that measure: check, explore, pick, settings, and the dial of shot."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import staged
from test_cli import check, drawing, me, run, wide  # noqa: F401 - fixtures

from catchlight.look import load_look
from catchlight.setting import list_settings

pytestmark = pytest.mark.usefixtures("need_models")
FAST = ("--matte", "fast")


def test_settings_are_listed_and_explained() -> None:
    listed = run("settings")
    assert listed.exit_code == 0
    assert all(name in listed.stdout for name in list_settings())
    assert "authenticity" in run("settings", "author").stdout
    whole = json.loads(run("settings", "--json").stdout)
    assert [s["name"] for s in whole] == list(list_settings())
    check(run("settings", "circus"), 2, "no setting is called 'circus'")


def test_the_dial_is_said_and_its_look_can_be_used_again(me: Path, tmp_path: Path) -> None:  # noqa: F811
    saved = tmp_path / "mine.toml"
    one = run("shot", me, *FAST, "--for", "author", "--save-look", saved, "--json")
    assert one.exit_code == 0, one.stderr
    record = json.loads(one.stdout)
    dial = record["dial"]
    assert dial["setting"] == "author"
    assert dial["automatic"] is True
    assert dial["tried"][0]["polish"] == dial["own"] == 0.22
    assert dial["beyond"] is False
    assert record["look"]["backdrop"] == "auto:umber"
    assert record["authenticity"]["score"] >= 92 or dial["polish"] == 0
    assert record["polish"]["before"]["score"] is not None
    assert load_look(saved).strengths == record["look"]["adjust"]
    again = run("shot", me, "--look", saved, "-o", tmp_path / "again.png", "--json")
    assert json.loads(again.stdout)["dial"] is None
    assert json.loads(again.stdout)["authenticity"]["score"] == pytest.approx(
        record["authenticity"]["score"], abs=0.01
    )


def test_a_given_polish_and_a_strength_said_outright(me: Path, tmp_path: Path) -> None:  # noqa: F811
    made = run(
        *("shot", me, *FAST, "--for", "linkedin", "--polish", "0", "--set", "shine=0.9"),
        *("--size", "linkedin", "-o", tmp_path / "out.jpg", "--json"),
    )
    record = json.loads(made.stdout)
    assert record["size"] == [800, 800]
    assert record["dial"]["automatic"] is False
    assert record["look"]["adjust"]["shine"] == 0.9
    assert record["look"]["adjust"]["skin_evenness"] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("shot", "me.jpg", "--polish", "2"), "neither auto nor a number"),
        (("shot", "me.jpg", "--for", "circus"), "no setting is called 'circus'"),
        (("shot", "me.jpg", "--look", "a.toml", "--for", "author"), "--look holds every strength"),
        (("check", "me.jpg"), "name at least one real photo"),
        (("check", "me.jpg", "--against", "me.jpg"), "are the headshot itself"),
        (("explore", "me.jpg", "--polish", "7"), "write numbers from 0 to 1"),
        (("explore", "me.jpg", "--pick", "99"), "there is no variant 99"),
        (("explore", "me.jpg", "other.jpg"), "after --like"),
        (("explore", "me.jpg", "--backdrop", "wall"), "no backdrop is called 'wall'"),
        (("explore", "me.jpg", "-o", "sheet.jpg"), "end the sheet's name in .png"),
    ],
)
def test_what_is_wrong_is_said_before_any_work(
    arguments: tuple[str, ...],
    words: str,
    me: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(me.parent)
    check(run(*arguments), 2, words)


def test_check_audits_a_headshot(me: Path, drawing: Path, tmp_path: Path) -> None:  # noqa: F811
    made = tmp_path / "made.jpg"
    assert run("shot", me, *FAST, "-o", made, "--json").exit_code == 0
    page = tmp_path / "check.html"
    said = run("check", made, "--against", me, "--report", page, "--json")
    assert said.exit_code == 0, said.stderr
    found = json.loads(said.stdout)
    assert found["answer"] == "yes"
    assert found["authenticity"]["same_photo"] is True
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    check(run("check", made, "--against", me, "--report", page), 6, "already there")
    check(run("check", made, "--against", drawing), 4, "no face found")
    check(run("check", made, "--against", me), 0, "Is it still them? Yes.")


@pytest.mark.parametrize(
    ("answer", "verdict", "code"),
    [("yes", "warn", 0), ("doubtful", "fail", 10), ("no", "fail", 9), ("cannot say", "pass", 0)],
)
def test_strict_tells_another_person_and_what_is_not_natural_by_its_code(
    me: Path,  # noqa: F811
    drawing: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    verdict: str,
    code: int,
) -> None:
    rows = tuple(
        replace(row, verdict=verdict if row.name == "marks" else "pass")
        for row in staged.components()[:4]
    )
    overall = replace(staged.authenticity(), components=rows)
    grey = np.full((40, 30, 3), 0.4, np.float32)
    said = staged.check("result.jpg", grey, [("me.jpg", grey)], overall, answer, "so it is")
    monkeypatch.setattr("catchlight.studio.check", lambda *_, **__: said)
    arguments = ("check", me, "--against", drawing)
    assert run(*arguments).exit_code == 0
    strict = run(*arguments, "--strict", "--json")
    assert strict.exit_code == code
    natural = json.loads(strict.stdout)["natural"]
    assert natural is (None if answer == "no" else code != 10)


def test_check_goes_on_without_a_photo_that_cannot_be_read(me: Path, tmp_path: Path) -> None:  # noqa: F811
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(me.read_bytes())
    (folder / "b.jpg").write_bytes(b"no picture")
    copy = tmp_path / "copy.jpg"
    copy.write_bytes(me.read_bytes())
    said = run("check", copy, "--against", folder, "--json")
    assert said.exit_code == 0, said.stderr
    found = json.loads(said.stdout)
    assert found["answer"] == "yes"
    assert len(found["unread"]) == 1
    assert "b.jpg" in found["unread"][0]


def test_explore_writes_a_sheet_and_picks_from_it(me: Path, tmp_path: Path) -> None:  # noqa: F811
    axes = ("--polish", "0,1", "--backdrop", "studio-warm,navy", *FAST)
    said = run("explore", me, *axes)
    assert said.exit_code == 0, said.stderr
    sheet, page, whole = (me.with_name(f"me.explore.{s}") for s in ("png", "html", "json"))
    assert sheet.read_bytes().startswith(b"\x89PNG")
    found = json.loads(whole.read_text(encoding="utf-8"))
    assert [v["number"] for v in found["variants"]] == [1, 2, 3, 4]
    text = re.sub(r"<[^>]*>|&shy;|\u00ad|\u200b", "", page.read_text(encoding="utf-8"))
    assert "--backdrop studio-warm,navy" in " ".join(text.split())
    check(run("explore", me, *axes), 6, "already there")
    picked = tmp_path / "picked.jpg"
    check(run("explore", me, *axes, "--pick", "4", "-o", picked), 0, "polish 1, navy")
    assert picked.is_file()


def test_pick_ranks_photos(me: Path, drawing: Path) -> None:  # noqa: F811
    said = run("pick", me, drawing, "--json")
    assert said.exit_code == 0, said.stderr
    ranked = json.loads(said.stdout)["ranked"]
    assert [r["photo"] for r in ranked] == ["me.jpg", "drawing.png"]
    assert ranked[1]["score"] is None
