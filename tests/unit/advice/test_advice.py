"""Advice on clothes: every rule speaks where its fault is and is silent where it is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from catchlight.advice.advise import advise, advise_scene
from catchlight.advice.measure import Figure, Worn
from catchlight.advice.options import rank_options
from catchlight.analysis.scene import Scene
from catchlight.analysis.wardrobe.palette import PALETTE
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
    "burnt": 0.0, "blocked": 0.0, "from_ground": 40.0, "from_ground_lightness": -40.0,
    "from_face": 35.0, "from_face_lightness": -20.0, "pattern": 0.5, "period": 2.0,
    "colours_mixed": 0.0, "bounce": 0.0, "neckline": 50.0, "cloth_below": 0.3, "glare": 0.0,
}  # fmt: skip


def dressed(**changed: float) -> Worn:
    figures = {k: Figure(v, "", 1.0) for k, v in (CALM | changed).items()}
    return Worn(True, 1.0, "", (("denim", 1.0, "#4b688a"),), LAB, figures)


def topics(worn: Worn) -> list[str]:
    said = advise(worn, LINKEDIN, ground="the wall", px_per_mm=4.0, width=1200)
    return [a.topic for a in said.advice]


def test_calm_clothes_are_left_alone() -> None:
    assert topics(dressed()) == []


@pytest.mark.parametrize(
    ("topic", "changed", "said"),
    [
        ("burnt", {"burnt": 0.4}, "40%"),
        ("blocked", {"blocked": 0.8}, "80%"),
        ("ground", {"from_ground": 6.0, "from_ground_lightness": 5.0}, "merge"),
        ("skin", {"from_face": 6.0}, "neckline"),
        ("pull", {"from_face_lightness": 45.0}, "brightest"),
        ("moire", {"pattern": 2.5, "period": 0.8}, "0.8 mm"),
        ("busy", {"pattern": 9.0, "period": 8.0}, "competes"),
        ("bounce", {"bounce": 8.0}, "chin"),
        ("neckline", {"cloth_below": 0.01}, "50 mm"),
        ("glare", {"glare": 0.2}, "20%"),
    ],
)
def test_each_fault_is_said_alone_and_with_its_figure(
    topic: str, changed: dict[str, float], said: str
) -> None:
    worn = dressed(**changed)
    assert topics(worn) == [topic]
    (text,) = (a.text for a in advise(
        worn, LINKEDIN, ground="the wall", px_per_mm=4.0, width=1200
    ).advice)  # fmt: skip
    assert said in text


def test_what_is_worn_already_is_no_advice() -> None:
    best = rank_options(LAB, LINKEDIN.wardrobe.colours)[0].name
    worn = replace(
        dressed(from_ground=6.0, from_ground_lightness=5.0), cloths=((best, 1.0, "#000000"),)
    )
    said = advise(worn, LINKEDIN, ground="the wall", px_per_mm=4.0, width=1200)
    _, _, instead = said.advice[0].text.partition(":")
    assert f"{best} cloth" not in instead
    assert "cloth" in instead


def test_what_is_not_seen_is_not_judged() -> None:
    worn = replace(dressed(burnt=0.9), seen=False, sure=0.2, why="hair and clothes have one colour")
    said = advise(worn, LINKEDIN, ground="the wall", px_per_mm=4.0, width=1200)
    assert [a.topic for a in said.advice] == ["unseen"]
    assert "hair and clothes have one colour" in said.advice[0].text
    assert said.norms


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
    faults = {
        "burnt": 0.4, "blocked": 0.8, "from_ground": 6.0, "from_ground_lightness": 5.0,
        "from_face": 6.0, "pattern": 9.0, "period": 0.8, "bounce": 8.0, "cloth_below": 0.0,
        "glare": 0.2,
    }  # fmt: skip
    said = advise(
        dressed(**faults), load_setting(name), ground="the wall", px_per_mm=4.0, width=1200
    )
    whole = " ".join([*(a.text for a in said.advice), *said.sentences(9), *REGIONS.values()])
    whole += " ".join(text for _, text in said.norms)
    for word in ("CIE", "L*", " px"):
        assert word not in " ".join(a.text for a in said.advice), word
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
