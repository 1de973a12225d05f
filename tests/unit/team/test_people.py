"""Who the team is: folders, lists, names, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from corpus import draw
from PIL import Image

from catchlight.errors import CrewError
from catchlight.team.naming import DEFAULT, name_files
from catchlight.team.people.gather import gather_people, tell_apart
from catchlight.team.people.person import Person, to_key
from catchlight.team.people.problems import check_people, check_survey
from catchlight.team.platforms import choose_platforms, list_platforms


def picture(path: Path, seed: int = 0) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.roll(draw(), seed, 1)).save(path, "PNG")
    return str(path)


def test_a_folder_of_folders_and_files(tmp_path: Path) -> None:
    picture(tmp_path / "Zoë O'Hara" / "a.png")
    picture(tmp_path / "Zoë O'Hara" / "b.png")
    picture(tmp_path / "jan_de-vries.png")
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / ".hidden.png").write_bytes(b"x")
    people = gather_people(str(tmp_path))
    assert [(p.name, len(p.photos), p.key) for p in people] == [
        ("Zoë O'Hara", 2, "zoe-o-hara"),
        ("jan de vries", 1, "jan-de-vries"),
    ]


@pytest.mark.parametrize("comma", [",", ";", "\t"])
def test_a_csv_as_spreadsheets_write_it(tmp_path: Path, comma: str) -> None:
    rows = [
        ["Name", "files", "face", "notes"],
        ["Ann", "a.png|b.png", "2", "new"],
        ["Bo", "c.png", "", ""],
    ]
    text = "\n".join(comma.join(row) for row in rows)
    (tmp_path / "team.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    ann, bo = gather_people(str(tmp_path / "team.csv"))
    assert ann == Person("Ann", (f"{tmp_path}/a.png", f"{tmp_path}/b.png"), 2, None, "new")
    assert bo.photos == (f"{tmp_path}/c.png",)
    assert bo.face is None


def test_a_toml_list(tmp_path: Path) -> None:
    (tmp_path / "team.toml").write_text(
        '[[people]]\nname = "Ann"\nfiles = ["a.png"]\nsetting = "linkedin"\nface = 1\n'
    )
    (ann,) = gather_people(str(tmp_path / "team.toml"))
    assert (ann.setting, ann.face) == ("linkedin", 1)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("t.csv", "who,files\nAnn,a.png", "first line"),
        ("t.csv", "name,files\n,a.png", "row 1: there is no name"),
        ("t.csv", "name,files,face\nAnn,a.png,zero", "no number"),
        ("t.toml", "[[people", "not valid TOML"),
        ("t.toml", '[[people]]\nname="A"\nage=3', "age"),
        ("t.csv", "name,files\n", "holds nobody"),
    ],
)
def test_what_is_wrong_with_a_list_is_said(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(CrewError, match=said):
        gather_people(str(tmp_path / name))
    with pytest.raises(CrewError, match="no folder"):
        gather_people(str(tmp_path / "nothing"))


def test_missing_files_and_equal_names_are_told_before_any_work(tmp_path: Path) -> None:
    there = picture(tmp_path / "a.png")
    people = [
        Person("Ann", (there, str(tmp_path / "gone.png"))),
        Person("ANN", (there,)),
        Person("Bo", (str(tmp_path / "gone.png"),)),
        Person("Cy", ()),
    ]
    told = list(check_people(people))
    assert [(p.person, p.aside) for p in told] == [
        ("Ann", False),
        ("Bo", True),
        ("Cy", True),
        ("Ann", False),
    ]
    assert "same file names" in told[-1].said


def survey(numbers: list[float], **more: object) -> dict[str, object]:
    vector = np.zeros(128, np.float32)
    vector[: len(numbers)] = numbers
    row = {
        "photo": "a.png", "someone_else": False, "others": 0, "grade": "good", "verdict": "",
        "score": 80.0, "at": 0,
    }  # fmt: skip
    found = {
        "best": 0,
        "ranked": [row],
        "failed": [],
        "identity": vector,
        "face": None,
        "seals": {},
    }
    return {**found, **more}


def test_what_only_the_pictures_tell() -> None:
    row = survey([1.0])["ranked"]
    assert isinstance(row, list)
    surveys = {
        "ann": survey([1.0, 0.0], seals={"x/a.png": "1"}),
        "bo": survey([0.95, 0.31], seals={"y/b.png": "1"}),
        "cy": survey(
            [0.0, 0.0, 1.0], ranked=[row[0] | {"others": 2}, row[0] | {"someone_else": True}]
        ),
        "di": survey([0.0] * 4 + [1.0], best=None, identity=None),
        "ed": survey(
            [0.0] * 5 + [1.0], ranked=[row[0] | {"grade": "unsuitable", "verdict": "dark"}]
        ),
    }
    told = [p.say() for p in check_survey(surveys, {k: k.title() for k in surveys})]
    assert any("Bo: b.png is Ann's as well" in text for text in told)
    assert any("Ann: looks like the same person as Bo" in text for text in told)
    assert any("Cy: a.png shows 3 faces" in text for text in told)
    assert any("Cy: a.png shows somebody else" in text for text in told)
    assert any("Di: no photo shows a face" in text for text in told)
    assert any("Ed: a.png will not do" in text for text in told)
    assert len(told) == 6


def test_names_for_files() -> None:
    assert to_key("  Müller & Söhne ") == "muller-sohne"
    assert to_key("...") == "person"
    assert to_key("../../etc") == "etc"
    people = [Person("Ann", ()), Person("Bo", ())]
    platforms = choose_platforms("linkedin,badge")
    named = name_files(DEFAULT, people, platforms)
    assert named["bo", "badge"] == "bo/bo-badge.jpg"
    assert len(set(named.values())) == 4
    for template, said in (
        ("{platform}{suffix}", "would be a file of"),
        ("{name}{suffix}", "would be a file of"),
        ("../{name}-{platform}", "leaves the output folder"),
        ("/{name}-{platform}", "leaves the output folder"),
        ("{age}-{name}", "is not known"),
    ):
        with pytest.raises(CrewError, match=said):
            name_files(template, people, platforms)


def test_namesakes_are_two_people_where_the_template_numbers_them() -> None:
    names = ("Ann", "ANN", "Ann 2", "Bo")
    people = tell_apart(Person(name, (f"{at}.jpg",)) for at, name in enumerate(names))
    assert [p.name for p in people] == list(names)
    assert [p.key for p in people] == ["ann", "ann-2", "ann-2-2", "bo"]
    named = name_files("{number}-{platform}{suffix}", people, choose_platforms("badge"))
    assert list(named.values()) == [f"{n}-badge.jpg" for n in (1, 2, 3, 4)]
    with pytest.raises(CrewError, match="a file of Ann and of ANN"):
        name_files(DEFAULT, people, choose_platforms("badge"))


def test_the_table_of_platforms_is_sourced_and_dated() -> None:
    platforms = list_platforms()
    assert {"linkedin", "web-page", "directory", "signature", "badge", "video-call"} <= set(
        platforms
    )
    for platform in platforms.values():
        assert platform.source
        assert platform.date >= "2026-11-28"
    with pytest.raises(CrewError, match="no platform"):
        choose_platforms("myspace")
