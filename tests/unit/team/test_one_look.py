"""One look: goals told from the portraits, cuts that reach them, outliers named, pages made."""

from __future__ import annotations

import csv
import io
import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from catchlight.errors import CrewError
from catchlight.images import encode_picture, open_picture
from catchlight.images.origin import Origin, find_origin
from catchlight.setting import load_setting
from catchlight.studio.dial import asked_to_data
from catchlight.team.decisions import ReviewDecision, read_decisions
from catchlight.team.one_look.goal import (
    NEAR,
    Goal,
    bring_nearer,
    choose_fill,
    fill_of,
    floor_of,
    hold_back,
    is_nearer,
    set_goal,
)
from catchlight.team.one_look.outliers import find_outliers
from catchlight.team.one_look.spread import measure_spreads
from catchlight.team.pages.review import Card, write_review
from catchlight.team.pages.sheet import Cell, draw_pages, draw_sheet
from catchlight.team.pages.table import write_table
from catchlight.team.wish import ask_alike, ask_for
from catchlight.team.work.cut import cut_sizes, plan_cut
from catchlight.team.work.presence import Presence


def presence(**changed: Any) -> Presence:
    usual = {
        "head": 0.42, "eyes": 0.4, "backdrop": (75.0, 0.0, -3.0), "unrest": 2.0, "key": 0.3,
        "contrast": 1.0, "sharpness": 0.8,
    }  # fmt: skip
    return Presence(**{**usual, **changed})


def place(head: float = 0.4, eyes: float = 0.36, middle: float = 0.5) -> dict[str, float]:
    return {"width": 800.0, "height": 1000.0, "head": head, "eyes": eyes, "middle": middle}


def test_heads_and_eyes_of_all_that_can_are_where_the_goal_is() -> None:
    places = [place(h, e) for h, e in ((0.36, 0.33), (0.40, 0.38), (0.41, 0.39), (0.38, 0.35))]
    goal = set_goal(places, [presence()] * 4, head=0.42, eyes=0.40)
    cuts = [plan_cut(p, 0.8, head=goal.head, eyes=goal.eyes) for p in places]
    for cut in cuts:
        assert cut["head"] == pytest.approx(goal.head, abs=0.02)
        assert cut["eyes"] == pytest.approx(goal.eyes, abs=0.005)
        assert 0 <= cut["left"] <= 1 - cut["width"] + 1e-9
        assert 0 <= cut["top"] <= 1 - cut["height"] + 1e-9


def test_a_tight_photo_is_never_widened_and_does_not_tighten_all() -> None:
    places = [place(0.40)] * 9 + [place(0.75, 0.45)]
    goal = set_goal(places, [presence()] * 10, head=0.42, eyes=0.40)
    assert goal.head == pytest.approx(0.42)
    # Where many are tight, all are tighter, and no more than to 0.65.
    many = set_goal([place(0.62, 0.42)] * 4 + [place(0.75, 0.45)] * 6, [], head=0.42, eyes=0.40)
    assert many.head == pytest.approx(0.65, abs=0.01)
    cut = plan_cut(places[-1], 0.8, head=goal.head, eyes=goal.eyes)
    assert (cut["width"], cut["height"]) == (1.0, 1.0)
    assert cut["head"] == pytest.approx(0.75)


def test_squares_fit_into_the_portrait() -> None:
    cut = plan_cut(place(0.40), 1.0, head=0.42, eyes=0.4)
    assert cut["width"] == pytest.approx(1.0)
    assert cut["height"] == pytest.approx(0.8)


def test_light_is_brought_nearer_by_the_teams_own_fill() -> None:
    goal = Goal(0.42, 0.4, 1.0, 0.0)
    # From either side alike: what 0.3 took three times over.
    for side in (-1, 1):
        assert choose_fill(presence(key=side * 2.0), presence(key=side * 1.7), goal, 0.3) == 1.0
    assert choose_fill(presence(key=1.0), presence(key=0.7), goal, 0.3) == 0.0
    assert choose_fill(presence(), presence(key=1.0 + NEAR / 2), goal, 0.3) is None
    assert choose_fill(presence(key=2.0), presence(key=2.0), goal, 0.3) is None
    assert is_nearer(presence(key=-1.2), presence(key=1.5), goal)
    # Gloss and beards are no fault of the light, and nobody's face is changed for them.
    glossy = presence(key=1.0, contrast=3.0)
    assert choose_fill(glossy, glossy, goal, 0.3) is None


def test_what_is_asked_of_one_person_still_minds_the_skin() -> None:
    asked = asked_to_data(ask_alike("corporate", {}))
    assert asked["values"]["backdrop"] == "studio-cool"
    assert asked["polish"] == load_setting("corporate").polish
    nearer = bring_nearer(asked, 0.85)
    assert fill_of(nearer) == pytest.approx(0.85)
    # Not outright: the guard of the skin looks after what a setting asks.
    assert "shadows" not in nearer["values"].get("adjust", {})
    held = hold_back(asked)
    assert held["polish"] is None
    assert fill_of(held) == 0
    assert floor_of(asked) == 86
    own = ask_for("linkedin", asked)
    assert own["values"]["backdrop"] == "studio-cool"
    assert own["setting"]["name"] == "linkedin"


def test_a_company_in_black_and_white_is_one_too() -> None:
    grey = [presence(chroma=0.3)] * 3 + [presence(chroma=20.0)]
    assert not set_goal([place()] * 4, grey, head=0.42, eyes=0.4).colour
    assert set_goal([place()] * 4, grey[2:] * 2, head=0.42, eyes=0.4).colour
    assert set_goal([], [presence()], head=0.42, eyes=0.4).colour  # noted before it was measured


def test_spreads_are_those_of_the_numbers() -> None:
    before = [presence(head=0.3), presence(head=0.5)]
    after = [presence(), presence()]
    found = {s.name: s for s in measure_spreads(before, after)}
    assert found["head size"].before == pytest.approx(0.1)
    assert found["head size"].after == 0
    far = [presence(backdrop=(75.0, 0.0, 0.0)), presence(backdrop=(45.0, 0.0, 0.0))]
    coloured = {s.name: s for s in measure_spreads(far, after)}["backdrop"]
    assert coloured.before is not None
    assert coloured.before > 5
    assert coloured.after == pytest.approx(0, abs=1e-6)
    assert measure_spreads([], [])[0].before is None
    odd = [presence(), presence(), presence(head=0.9)]
    heads = measure_spreads(odd, odd, [True, True, False])[0]
    assert heads.after is not None
    assert heads.after > 0.2
    assert heads.fitting == 0


def made(after: Presence, **record: Any) -> dict[str, Any]:
    told = {
        "authenticity": {"score": 95.0},
        "dial": None,
        "backdrop": {"asked": "navy"},
        "verdict": None,
    }
    return {"after": after, "record": {**told, **record}, "sure": 0.9, "why_not": ""}


def test_outliers_are_named_with_what_to_do() -> None:
    goal = Goal(0.42, 0.4, 1.0, 1.0)
    fits = {"head": 0.42, "eyes": 0.4}
    assert find_outliers("Ann", made(presence()), fits, goal, 86.0) == []
    for change, cut, word in (
        ({}, {"head": 0.6, "eyes": 0.4}, "head is 43% larger"),
        ({}, {"head": 0.42, "eyes": 0.33}, "eyes lie higher"),
        ({"key": 1.8}, fits, "one half of the face"),
        ({"key": -0.7}, fits, "from the left"),
        ({"sharpness": 2.0}, fits, "soft"),
        ({"chroma": 0.4}, fits, "black and white"),
    ):
        (found,) = find_outliers("Ann", made(presence(**change)), cut, goal, 86.0)
        assert word in found.said
        assert found.advice
    assert find_outliers("Ann", made(presence(chroma=9.0)), fits, goal, 86.0) == []
    unsure = made(presence()) | {"sure": 0.1}
    assert "outline is not quite sure" in find_outliers("Ann", unsure, fits, goal, 86.0)[0].said
    softened = made(presence(contrast=5.0), backdrop={"asked": "blur"})
    assert "no paper" in find_outliers("Ann", softened, fits, goal, 86.0)[0].said
    changed = made(presence(), authenticity={"score": 60.0})
    assert "likeness 60" in find_outliers("Ann", changed, fits, goal, 86.0)[0].said


def test_sizes_are_cut_where_they_are_to_be_and_say_what_they_are() -> None:
    light = np.full((1000, 800, 3), 0.1, np.float32)
    light[340:380, 380:420] = 0.9  # the eyes
    record = {
        "restored": None, "backdrop": {"asked": "navy", "chosen": "navy", "why": ""},
        "frame": {
            "crop": "headshot", "turn_degrees": 0, "enlarged": 1, "extends_beyond_photo": False,
        },
        "size": [800, 1000], "look": {"adjust": {}}, "marks": None, "changes": {},
        "authenticity": None, "skin": None,
    }  # fmt: skip
    sizes = [
        {"name": "a", "width": 400, "height": 500, "format": "JPEG", "most_kb": None},
        {"name": "b", "width": 200, "height": 200, "format": "WebP", "most_kb": 3},
    ]
    sizes = [size | {"head": 0.5, "eyes": 0.4} for size in sizes]
    done = cut_sizes(
        encode_picture(light, format="PNG"), record, Origin(), place(), sizes, strip=False
    )
    first = open_picture(done["files"]["a"])
    assert (first.width, first.height) == (400, 500)
    rows = np.flatnonzero(first.codes[:, 200, 0] > 150)
    assert np.mean(rows) / 500 == pytest.approx(done["frames"]["a"]["eyes"], abs=0.005)
    assert done["frames"]["a"]["eyes"] == pytest.approx(0.4)
    assert len(done["files"]["b"]) < 5000
    told = find_origin(done["files"]["a"])
    assert told.source_type == "composite"
    assert told.history[-1] == "cut to 400 x 500 pixels for a"
    # Stripped: neither the file nor what will be signed tells of the photo.
    whose = Origin(source_type="digitalCapture", tool="Jane's own")
    bare = cut_sizes(encode_picture(light, format="PNG"), record, whose, place(), sizes, strip=True)
    assert find_origin(bare["files"]["a"]).history == ()
    assert bare["histories"]["a"].origin == Origin(source_type="digitalCapture")
    assert bare["histories"]["a"].steps[-1].said == "cut to 400 x 500 pixels for a"


def jpeg(side: int = 80) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), "#887766").save(out, "JPEG")
    return out.getvalue()


def test_the_sheet_and_its_pages() -> None:
    cells = [Cell(f"Person {n}", jpeg(), "soft" if n == 3 else "") for n in range(20)]
    with Image.open(io.BytesIO(draw_sheet(cells, "Team"))) as sheet:
        assert sheet.width > sheet.height
    pages = draw_pages(cells, "Team")
    assert pages.startswith(b"%PDF")
    assert pages.count(b"/Type /Page\n") + pages.count(b"/Type /Page ") == 2
    assert draw_pages([], "Nobody").startswith(b"%PDF")


def test_the_review_page_escapes_and_needs_no_server() -> None:
    card = Card(
        "ann", "<script>alert(1)</script>", "a.jpg", jpeg(), jpeg(), ["the head is larger."],
        [("head", "0.42")], ReviewDecision("reject", "a.jpg", 'say "hello" & <b>'),
    )  # fmt: skip
    page = write_review(
        [card], measure_spreads([], []), ["Bo: no face"], title="T", version="1"
    ).decode()
    assert "<script>alert(1)" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    assert 'data-word="reject"' in page
    assert "Bo: no face" in page


def test_decisions_are_read_as_the_page_saves_them() -> None:
    text = json.dumps(
        {"version": 1, "decisions": {"ann": {"word": "reject", "photo": "a", "note": "n"}}}
    )
    assert read_decisions(text.encode()) == {"ann": ReviewDecision("reject", "a", "n")}
    for bad in (b"", b"[]", b'{"decisions": {"a": {"word": "burn"}}}', b'{"decisions": 3}'):
        with pytest.raises(CrewError):
            read_decisions(bad)


def test_the_table_runs_no_formula() -> None:
    rows = [{"name": "=cmd()", "head": 0.41999, "reason": None}]
    text = write_table(rows).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["name"] == "'=cmd()"
    assert row["head"] == "0.42"
    assert row["reason"] == ""
    assert SimpleNamespace(**row).key == ""
