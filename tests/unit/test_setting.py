"""Settings: every file is sound, the dial does what it says, and errors name the key."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from catchlight.adjustments.adjustment import CORRECTIONS, MANUAL, REFINING
from catchlight.adjustments.catalogue import BY_NAME
from catchlight.errors import LookError
from catchlight.look import Look
from catchlight.setting import Setting, list_settings, load_setting, parse_setting
from catchlight.setting_page import describe_setting, describe_settings, setting_rows

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "src" / "catchlight" / "settings"
#: The curve of shine in the therapist's file.
SHINE = "[[0, 0.0], [0.2, 0.4], [1, 0.62]]"
ASKED = (
    "default linkedin corporate finance-law healthcare education nonprofit creative author "
    "therapist actor speaker"
).split()


@pytest.fixture(params=ASKED)
def setting(request: pytest.FixtureRequest) -> Setting:
    return load_setting(request.param)


def test_the_list_is_complete() -> None:
    assert set(list_settings()) >= set(ASKED)
    assert list_settings()[0] == "default"


def test_at_0_nothing_is_refined(setting: Setting) -> None:
    look = setting.look(0.0)
    assert isinstance(look, Look)
    assert all(look.strengths[name] == 0 for name in REFINING)


def test_the_dial_moves_what_refines_and_nothing_else(setting: Setting) -> None:
    looks = [setting.look(p / 4) for p in range(5)]
    for name in BY_NAME:
        stands = len({look.strengths[name] for look in looks}) == 1
        assert stands == (name not in REFINING) or setting.strengths[name].at(1) == 0, name
    rest = [look.model_dump(exclude={"adjust"}) for look in looks]
    assert all(look == rest[0] for look in rest)


def test_a_refinement_left_out_is_not_made() -> None:
    values = load_setting("default").model_dump()
    del values["strengths"]["dimension"]
    bare = Setting.model_validate(values)
    assert bare.look(1.0).strengths["dimension"] == 0
    assert BY_NAME["dimension"].default > 0


def test_more_polish_never_takes_anything_back(setting: Setting) -> None:
    steps = [setting.look(p / 10).strengths for p in range(11)]
    for name in setting.strengths:
        sizes = [abs(s[name]) for s in steps]
        assert sizes == sorted(sizes), name
    assert steps[0] != steps[-1]


def test_every_retouching_adjustment_has_its_curve(setting: Setting) -> None:
    """A strength that a setting leaves out would stand at its default whatever the dial says."""
    standing = {n for n, a in BY_NAME.items() if a.default == 0 and n not in setting.strengths}
    late = {"light_colour", "lens", "garment_colour", *MANUAL}
    assert standing <= late


def test_every_file_says_why_in_comments_too(setting: Setting) -> None:
    text = (HOME / f"{setting.name}.toml").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "[judgement]" in text
    assert setting.sources
    assert "Custom" in setting.wardrobe.custom + setting.wardrobe.why


def test_the_norms_of_clothes_are_whole_sourced_and_dated(setting: Setting) -> None:
    norms = setting.wardrobe
    assert norms.differs is not None
    for text in (norms.formality, norms.colours_why, norms.patterns, norms.jewellery):
        assert len(text) > 20, text
    assert len(norms.colours) >= 5
    assert len(norms.avoid) >= 3
    assert norms.sources
    for kind in ("Braids", "natural hair"):
        assert kind in norms.differs.religious
    # What no study bears out is said to be custom; what is a study has a place and a year.
    assert "custom of the trade; no study known" in {s.where for s in norms.sources}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"sage",', '"sageish",', r"wardrobe.colours: no cloth is called 'sageish'"),
        ('date = "2019-07"', 'date = "once"', r"wardrobe.sources.1.date: "),
        ('kind = "law"', 'kind = "hearsay"', r"wardrobe.sources.1.kind: "),
    ],
)
def test_the_norms_are_checked(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = (HOME / "therapist.toml").read_text(encoding="utf-8")
    assert old in text
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LookError, match=said):
        load_setting(mine)


def test_nothing_is_said_of_faith_race_or_sex_of_the_sitter(setting: Setting) -> None:
    text = (HOME / f"{setting.name}.toml").read_text(encoding="utf-8").lower()
    for word in (" men ", " women wear", "female", "male ", "race", "your colours", "undertone"):
        assert word not in text.replace("beautified women", ""), word


def test_those_who_are_met_in_person_stay_nearest_to_themselves() -> None:
    """The mission's order: the more a setting lives on trust, the higher its floor."""
    floor = {name: load_setting(name).authenticity_floor for name in ASKED}
    reach = {name: sum(map(abs, retouching(name, 1.0))) for name in ASKED}
    order = "therapist author nonprofit education healthcare corporate finance-law".split()
    floors, reaches = [floor[n] for n in order], [reach[n] for n in order]
    assert floors == sorted(floors, reverse=True)
    assert reaches == sorted(reaches)
    assert floor["actor"] == max(floor.values())


def retouching(name: str, polish: float) -> list[float]:
    strengths = load_setting(name).strengths_at(polish)
    light = ("shadows", "key_light", "dimension", "contrast")
    return [s for n, s in strengths.items() if n in REFINING and n not in light]


def test_the_dial_ends_at_0_and_1() -> None:
    found = load_setting("linkedin")
    with pytest.raises(LookError, match=r"between 0 and 1, not 1\.2"):
        found.look(1.2)
    assert found.look().adjust == found.look(found.polish).adjust


def test_a_size_by_its_name() -> None:
    found = load_setting("linkedin")
    assert found.look(0.5, size="cv").size == (826, 1062)
    assert found.look(0.5).size is None
    with pytest.raises(LookError, match="'poster' is not a size of linkedin; there are linkedin"):
        found.look(0.5, size="poster")


def test_a_curve_of_many_points() -> None:
    found = load_setting("linkedin").model_dump()
    found["strengths"]["eyes"]["curve"] = [[0, 0.0], [0.5, 0.1], [1, 0.5]]
    bent = Setting.model_validate(found)
    assert bent.strengths_at(0.25)["eyes"] == pytest.approx(0.05)
    assert bent.strengths_at(0.75)["eyes"] == pytest.approx(0.3)
    assert bent.strengths_at(1.0)["eyes"] == pytest.approx(0.5)


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    text = (HOME / "therapist.toml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace('use = "square"', 'use = "half"'), encoding="utf-8")
    found = load_setting(mine)
    assert (found.name, found.crop.use) == ("mine", "half")
    assert load_setting(str(mine)) == found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("polish_floor = 55", "polish_flor = 55", r"polish_floor: is missing"),
        ("polish_floor = 55", "polish_floor = 55\nglow = 1", r"glow: unknown key; take it out"),
        ("polish = 0.2", "polish = 3", r"polish: .*less than or equal to 1"),
        ('use = "square"', 'use = "round"', r"crop.use: .*'headshot'"),
        ('use = "auto:linen"', 'use = "beach"', r"no backdrop is called 'beach'"),
        (
            "[strengths.shine]",
            "[strengths.glow]",
            r"strengths.glow: no adjustment is called 'glow'",
        ),
        (SHINE, "[[0, 0.1], [1, 0.4]]", r"shine: at polish 0 nothing is"),
        (SHINE, "[[0, 0.0], [1, 1.4]]", r"shine: a strength must be .* not 1.4"),
        (SHINE, "[[0.2, 0.0], [1, 0.4]]", r"shine.curve: points of the dial must"),
        (SHINE, "[[0, 0], [0.5, 0.4], [1, 0.1]]", r"shine.curve: .*one way"),
        ("width = 1000", "width = 10", r"sizes.directory.width: .*greater than or equal to 64"),
        ("polish = 0.2", "polish = = 0.2", r"not valid TOML"),
    ],
)
def test_errors_name_the_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = (HOME / "therapist.toml").read_text(encoding="utf-8")
    assert old in text
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LookError, match=said) as caught:
        load_setting(mine)
    assert "mine.toml" in str(caught.value)


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(
        LookError, match=r"no setting is called 'dentist'; there are default, actor"
    ):
        load_setting("dentist")
    with pytest.raises(LookError, match=r"absent\.toml: No such file"):
        load_setting("absent.toml")


def test_all_is_said_to_people(setting: Setting) -> None:
    text = describe_setting(setting)
    assert all(len(line) <= 100 for line in text.splitlines()), text
    for word in (setting.title, "wardrobe", "sources", *setting.strengths, *setting.sizes):
        assert word in text
    assert setting.name in describe_settings()
    assert setting.name in {row.name for row in setting_rows()}


def test_the_page_is_current() -> None:
    tool = ROOT / "tools" / "settings_page.py"
    done = subprocess.run(
        [sys.executable, tool, "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_correction_is_the_same_at_every_place_of_the_dial(setting: Setting) -> None:
    for name in CORRECTIONS:
        if name in setting.strengths:
            assert len({setting.strengths[name].at(p / 4) for p in range(5)}) == 1, name


def test_a_correction_that_follows_the_dial_is_refused() -> None:
    values = load_setting("default").model_dump()
    values["strengths"]["exposure"]["curve"] = [[0, 0.5], [1, 1.0]]
    with pytest.raises(LookError, match="does not follow the dial"):
        parse_setting(values, "mine.toml")
