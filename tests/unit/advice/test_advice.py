"""Advice on clothes: every rule speaks where its fault is and is silent where it is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from catchlight.advice.advise import advise, advise_scene
from catchlight.advice.beside import find_tones
from catchlight.advice.figure import Figure
from catchlight.advice.measure import Worn
from catchlight.advice.options import Option, choose_offered, rank_options
from catchlight.advice.words import REMINDER, WORDS
from catchlight.analysis.scene import Scene
from catchlight.analysis.wardrobe.palette import PALETTE
from catchlight.arrays import as_float
from catchlight.backdrop import parse_backdrop
from catchlight.pixels import colour
from catchlight.setting import list_settings, load_setting
from catchlight.wardrobe import REGIONS

LINKEDIN = load_setting("linkedin")
LAB = {
    "face": np.array([60, 15, 18], np.float32),
    "hair": np.array([20, 4, 6], np.float32),
    "ground": np.array([80, 0, 4], np.float32),
    "cloth": np.array([40, 0, -20], np.float32),
}
CALM = {
    "burnt": 0.0, "blocked": 0.0, "edge_lost": 0.2, "edge_seen": 0.5, "from_face": 35.0,
    "from_face_lightness": -20.0, "pattern": 0.5, "period": 2.0, "colours_mixed": 0.0,
    "bounce": 0.0, "below_chin": 180.0, "bare": 0.7, "glare": 0.0,
}  # fmt: skip


#: The face of LAB, lit and shaded.
TONES = LAB["face"] + np.linspace(-10, 8, 40, dtype=np.float32)[:, None] * (1, 0.2, 0.2)


def dressed(**changed: float) -> Worn:
    figures = {k: Figure(v, "", 1.0) for k, v in (CALM | changed).items()}
    around = np.tile(LAB["ground"], (40, 1))
    cloths = (("denim", 1.0, "#4b688a"),)
    return Worn(True, 1.0, "", cloths, LAB, figures, around, TONES.astype(np.float32))


def topics(worn: Worn) -> list[str]:
    said = advise(worn, LINKEDIN, ground="the wall")
    return [a.topic for a in said.advice]


def test_calm_clothes_are_left_alone_and_not_praised() -> None:
    assert topics(dressed()) == ["options"]


@pytest.mark.parametrize(
    ("topic", "changed", "said"),
    [
        ("burnt", {"burnt": 0.4}, "folds are lost"),
        ("blocked", {"blocked": 0.8}, "cannot be seen"),
        ("ground", {"edge_lost": 0.8, "edge_seen": 0.0}, "hard to make out"),
        ("stands", {"edge_lost": 0.0, "edge_seen": 0.95}, "that works well"),
        ("skin", {"from_face": 6.0}, "neckline"),
        ("busy", {"pattern": 4.0}, "calmer"),
        ("busy", {"pattern": 2.8, "colours_mixed": 0.3}, "calmer"),
        ("busy", {"even": 0.5, "even_contrast": 8.0}, "strong"),
        ("busy", {"even": 0.5, "even_contrast": 4.0}, "fine, even pattern"),
        ("busy", {"even": 0.5, "even_contrast": 2.5, "pattern": 4.0}, "strong"),
        ("close", {"below_chin": 12.0}, "close below the chin"),
        ("glare", {"glare": 0.2}, "glasses"),
    ],
)
def test_each_is_said_alone_and_before_the_colours(
    topic: str, changed: dict[str, float], said: str
) -> None:
    worn = dressed(**changed)
    assert topics(worn) == [topic, "options"]
    assert said in advise(worn, LINKEDIN, ground="the wall").advice[0].text


@pytest.mark.parametrize(
    "changed",
    [
        {"pattern": 2.7},
        {"colours_mixed": 0.9},
        {"even": 0.2, "even_contrast": 8.0},
        {"bounce": 20.0},
        {"edge_lost": 0.1, "edge_seen": 0.9},
    ],
)
def test_what_one_figure_alone_cannot_tell_is_not_said(changed: dict[str, float]) -> None:
    assert topics(dressed(**changed)) == ["options"]


def test_what_is_worn_already_is_no_advice() -> None:
    options = rank_options(LAB, LINKEDIN.wardrobe.colours)
    first, _ = choose_offered(options, None)
    instead = choose_offered(options, colour.hex_to_lab(first.rgb))
    assert instead
    assert first not in instead


def test_no_colour_is_offered_that_the_ground_has_in_it() -> None:
    names = ("white", "navy", "burgundy")
    sky = np.tile(np.array([[93, 0, 2]], np.float32), (30, 1))
    wall = np.tile(LAB["ground"], (70, 1)).astype(np.float32)
    dark = LAB | {"ground": np.array([30, 2, -6], np.float32)}
    even = rank_options(dark, names, around=np.tile(dark["ground"], (100, 1)))
    assert {o.name for o in even if o.clear} == {"white"}
    mixed = rank_options(dark, names, around=np.concatenate([sky, wall]))
    assert "white" not in {o.name for o in mixed if o.clear}
    nowhere = rank_options({"ground": LAB["ground"]}, names)
    assert choose_offered(nowhere, None) == ()


@pytest.mark.parametrize("changed", [{"seen": False, "sure": 0.2}, {"sure": 0.6}])
def test_what_is_not_seen_surely_is_not_judged(changed: dict[str, Any]) -> None:
    worn = replace(
        dressed(blocked=0.9, from_face=3.0), why="hair and clothes have one colour", **changed
    )
    said = advise(worn, LINKEDIN, ground="the wall")
    assert [a.topic for a in said.advice] == ["unseen", "options"]
    # What made it unsure is a guess: it stays among the figures.
    assert "hair" not in said.advice[0].text
    assert said.to_json()["why_unsure"] == "hair and clothes have one colour"
    assert said.norms
    # Where the frame ends at the neck, that is the reason.
    close = replace(worn, figures=dict(worn.figures) | {"below_chin": Figure(9.0, "mm", 1.0)})
    assert topics(close) == ["close", "options"]


def test_burnt_cloth_is_told_where_it_is_seen_and_not_where_it_is_not() -> None:
    worn = replace(dressed(burnt=0.9), sure=0.6)
    assert topics(worn) == ["burnt", "options"]
    assert topics(replace(worn, seen=False, sure=0.2)) == ["unseen", "options"]


def test_an_even_pattern_is_told_of_clothes_that_are_seen_less_surely() -> None:
    """Neither skin nor hair comes back evenly, so what was taken for cloth is some."""
    worn = replace(dressed(even=0.5, even_contrast=8.0, blocked=0.9), sure=0.6)
    assert topics(worn) == ["busy", "options"]


def test_where_nothing_is_known_one_general_sentence_is_said() -> None:
    # Every colour of the trade is near the ground, somewhere.
    everywhere = np.stack([colour.hex_to_lab(rgb) for rgb in PALETTE.values()] * 2)
    assert topics(replace(dressed(), around=everywhere.astype(np.float32))) == ["general"]


def test_to_a_photo_without_colours_none_is_told() -> None:
    said = advise(replace(dressed(), colourless=True), LINKEDIN, ground="the wall")
    assert [a.topic for a in said.advice] == ["colourless"]
    assert said.options == ()


def test_options_are_ranked_by_contrast_and_skin_decides_as_colour_alone() -> None:
    names = tuple(PALETTE)
    light = [o.name for o in rank_options(LAB, names)]
    dark_ground = LAB | {"ground": np.array([18, 0, -4], np.float32)}
    dark = [o.name for o in rank_options(dark_ground, names)]
    assert light.index("navy") < light.index("off-white")
    assert dark.index("pale-blue") < dark.index("navy")
    # A cloth of the face's own colour is the last of all.
    face = colour.hex_to_lab(PALETTE["camel"])
    assert rank_options(LAB | {"face": face}, ("camel", "navy"))[-1].name == "camel"


@pytest.mark.parametrize("name", list_settings())
def test_no_sentence_is_rude_or_about_whom_a_colour_suits(name: str) -> None:
    said = advise(dressed(), load_setting(name), ground="the wall")
    whole = " ".join([*WORDS.values(), REMINDER, *REGIONS.values()])
    whole += " ".join(text for _, text in said.norms)
    for word in ("CIE", "L*", " px", "[judgement]", "None."):
        assert word not in whole, word
    for word in ("dressed", "hair", "%", "garment"):
        assert word not in " ".join(WORDS.values()), word
    for word in ("undertone", "flatter", "ugly", "slim", "feminine", "masculine", " lady", "race"):
        assert word not in whole.lower(), word


def test_a_scene_is_advised_before_the_paper_that_will_stand_there(astronaut_scene: Scene) -> None:
    paper = parse_backdrop("charcoal")
    said = advise_scene(astronaut_scene, LINKEDIN, backdrop=paper, region="europe")
    assert said.ground == "the charcoal paper"
    assert said.norms[0] == ("where you are", REGIONS["europe"])
    assert 0 < len(said.sentences()) <= 2
    told = said.to_json()
    assert told["seen"] is True
    assert {o["name"] for o in told["options"]} == set(LINKEDIN.wardrobe.colours)
    own = advise_scene(astronaut_scene, LINKEDIN)
    assert own.worn.figures["from_ground"].value != said.worn.figures["from_ground"].value


def test_the_lightness_of_cloth_against_skin_alone_is_not_said() -> None:
    """One shirt before one wall is judged alike, whatever the sitter's skin."""
    assert "pull" not in WORDS


@pytest.mark.parametrize(("share", "offered"), [(0.0, True), (0.3, False)])
def test_a_colour_as_dark_as_part_of_the_ground_is_not_offered(
    share: float, *, offered: bool
) -> None:
    """Burgundy before dark teal beside one shoulder, as dark as it, merges there when small."""
    wall = np.array([80.0, 0.0, 0.0], np.float32)
    flag = np.array([30.0, -30.0, -8.0], np.float32)
    count = round(100 * share)
    around = np.concatenate([np.tile(wall, (100 - count, 1)), np.tile(flag, (count, 1))])
    lab = {"face": np.array([60.0, 15.0, 18.0], np.float32), "ground": wall}
    assert rank_options(lab, ("burgundy",), around=around)[0].clear is offered


def faces(middle: float, darkest: float, brightest: float) -> dict[str, np.ndarray]:
    """The figures of a face of one lightness, lit and shaded, before a pale wall."""
    steps = np.linspace(darkest, brightest, 50)
    tones = np.stack([steps, 0.25 * steps, 0.35 * steps], axis=1).astype(np.float32)
    face = np.array([middle, 0.25 * middle, 0.35 * middle], np.float32)
    return {"face": face, "tones": tones}


@pytest.mark.parametrize(
    ("face", "names", "apart"),
    [
        # A pale face in soft light: what is dark stands out from all of it, white does not.
        (faces(72, 60, 80), ("black", "navy", "plum", "white"), {"black", "navy", "plum"}),
        # A brown face whose shades are as dark as plum, and a very dark one as dark as black.
        (faces(45, 24, 62), ("plum", "burgundy", "pale-blue"), {"pale-blue"}),
        (faces(27, 8, 48), ("black", "navy", "charcoal", "white"), {"white"}),
        # Hard light: no colour of the middle is beyond all of its tones.
        (faces(50, 12, 92), ("teal", "navy", "mid-grey", "camel"), set()),
    ],
)
def test_a_colour_stands_out_from_a_face_that_it_is_beyond_in_light_and_shade(
    face: dict[str, np.ndarray], names: tuple[str, ...], apart: set[str]
) -> None:
    lab = {"face": face["face"], "ground": np.array([90, 0, 3], np.float32)}
    ranked = rank_options(lab, names, tones=face["tones"])
    assert {o.name for o in ranked if o.apart} == apart


def test_a_burnt_face_tells_no_tones_and_of_it_nothing_is_said(astronaut_scene: Scene) -> None:
    assert len(find_tones(astronaut_scene)) > 100
    skin = astronaut_scene.regions["face_skin"][..., None]
    burnt = as_float(np.maximum(astronaut_scene.small, 0.99 * (skin > 0.3)))
    assert len(find_tones(replace(astronaut_scene, small=burnt))) == 0
    unknown = replace(dressed(), tones=np.zeros((0, 3), np.float32))
    said = advise(unknown, LINKEDIN, ground="the wall").advice[-1]
    assert said.code == "two_ground"
    assert "face" not in said.text


def test_a_colour_off_face_and_ground_goes_before_one_off_the_ground_alone() -> None:
    both, ground = (
        Option(n, PALETTE[n], s, 40.0, 40.0, 30.0, apart=a)
        for n, s, a in (("navy", 0.5, True), ("teal", 0.9, False))
    )
    assert choose_offered((ground, both), None) == (both,)
    assert choose_offered((ground,), None) == (ground,)


@pytest.mark.parametrize("light", [-30.0, 0.0, 25.0])
def test_how_light_the_face_is_does_not_rank_the_colours(light: float) -> None:
    """The light on a face may be noise: only a colour like its own is ranked down for it."""
    names = ("white", "navy", "black")
    lab = LAB | {"face": LAB["face"] + np.array([light, 0, 0], np.float32)}
    ranked = [o.name for o in rank_options(lab, names) if (o.face or 0) > 20]
    assert ranked == [o.name for o in rank_options(LAB, names) if o.name in ranked]


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"below_chin": 90.0}, ["hidden"]),
        ({"below_chin": 90.0, "edge_lost": 0.0, "edge_seen": 0.95}, ["stands", "hidden"]),
        ({"below_chin": 300.0, "edge_lost": 0.0, "edge_seen": 0.95}, ["stands"]),
        ({"below_chin": 300.0}, ["unseen"]),
        ({"below_chin": 20.0}, ["close"]),
        # A jumper fills what is below the chin: it is we who could not tell it from its ground.
        ({"below_chin": 90.0, "bare": 0.3}, ["unseen"]),
    ],
)
def test_a_wider_picture_is_asked_for_where_it_would_tell_more(
    figures: dict[str, float], said: list[str]
) -> None:
    worn = replace(dressed(**figures), seen=False, sure=0.0)
    codes = [a.code for a in advise(worn, LINKEDIN, ground="the wall").advice]
    assert codes == [*said, "two"]
