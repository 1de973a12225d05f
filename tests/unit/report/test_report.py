"""The report: nothing that was not measured, nothing asked of a server, readable by anyone."""

from __future__ import annotations

import io
import itertools
import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import staged
from PIL import Image

from catchlight.adjustments.catalogue import CATALOGUE
from catchlight.analysis.restoration.restore import Restored
from catchlight.analysis.scene import Scene
from catchlight.analysis.subject import Subject
from catchlight.errors import FaceError
from catchlight.images import Picture
from catchlight.likeness.authenticity import Authenticity
from catchlight.report.check_page import write_check_page
from catchlight.report.compare import show_before, side_by_side
from catchlight.report.contact_sheet import draw_contact_sheet, encode_contact_sheet, to_plain
from catchlight.report.dial import draw_dial
from catchlight.report.explore_page import write_explore_page
from catchlight.report.numbers import (
    say_measure,
    say_number,
    say_range,
    say_sentence,
    say_signed,
    say_unit,
)
from catchlight.report.overlay import draw_spots, place_marks
from catchlight.report.page import write_page
from catchlight.report.record import list_marks, record_failure, record_shot
from catchlight.report.scatter import draw_scatter
from catchlight.report.swatches import draw_swatches, measure_swatches
from catchlight.report.table import authenticity_table, polish_table, variants_table
from catchlight.results import Answer, Shot

needs_models = pytest.mark.models
GREY = np.full((50, 40, 3), 0.2, np.float32)


@pytest.fixture(scope="session")
def made(astronaut: Picture, astronaut_subject: Subject, astronaut_scene: Scene) -> Shot:
    return staged.shot(astronaut, astronaut_subject, astronaut_scene)


class _Reader(HTMLParser):
    """Tags as they come, checking that they close in order."""

    _EMPTY = frozenset({"meta", "img", "input", "br", "path", "circle", "line", "polyline"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self._EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.text += data

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


def page_of(made: Shot, name: str = "photos/me <1>.jpg", marks: int = 3) -> str:
    record = record_shot(made, name=name, output=Path("out/me.headshot.jpg"))
    record["marks"] = staged.marks(made, marks)
    return write_page(made, record, version="1.2.3", evidence=staged.evidence())


def check_page(
    overall: Authenticity | None = None, photos: int = 2, answer: Answer = "yes", reason: str = "so"
) -> str:
    against = [(f"photos/{i}&.jpg", GREY) for i in range(photos)]
    said = staged.check("out/<her>.jpg", GREY, against, overall, answer, reason)
    return write_check_page(said, version="1.2.3")


def explore_page(winner: int | None = 4) -> str:
    return write_explore_page(
        staged.variants(GREY),
        winner=winner,
        why="Nearest to all <3> photos.",
        version="1.2.3",
        name="me & you.jpg",
        command="catchlight explore 'me & you.jpg' --for linkedin",
    )


@pytest.fixture(scope="session")
def pages(made: Shot) -> dict[str, str]:
    return {"report": page_of(made), "check": check_page(), "explore": explore_page()}


@needs_models
def test_a_record_is_plain_and_complete(made: Shot) -> None:
    record = record_shot(made, name="me.jpg", output=Path("me.headshot.jpg"))
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert record["size"] == [640, 800]
    assert record["look"]["adjust"] == made.look.strengths
    assert record["metadata_removed"] == ["location", "serial number"]
    assert record["frame"]["extends_beyond_photo"] is True
    failed = record_failure("me.jpg", ValueError("why"), "why", {})
    assert failed.keys() == record.keys()
    assert failed["error"] == {"type": "ValueError", "message": "why", "code": "fault"}
    lost = record_failure("me.jpg", FaceError("none"), "none", {})
    assert lost["error"]["code"] == "face"


@needs_models
@pytest.mark.parametrize("name", ["report", "check", "explore"])
def test_a_page_asks_nothing_of_any_server(pages: dict[str, str], name: str) -> None:
    page = pages[name]
    for tag, attributes in read(page).tags:
        assert tag not in ("link", "iframe", "object", "video", "form")
        for key in ("src", "href", "srcset", "action"):
            assert (attributes.get(key) or "data:").startswith(("data:", "#"))
    for way in ("url(", "@import", "http://", "https://", "fetch(", "XMLHttpRequest"):
        assert way not in page
    assert "default-src 'none'" in page
    assert len(page) < 2_000_000


@needs_models
@pytest.mark.parametrize("name", ["report", "check", "explore"])
def test_a_page_can_be_read_by_anyone(pages: dict[str, str], name: str) -> None:
    reader = read(pages[name])
    assert reader.all("img")
    assert all(image.get("alt") for image in reader.all("img"))
    assert reader.all("html") == [{"lang": "en"}]
    for landmark in ("header", "main", "footer", "h1"):
        assert len(reader.all(landmark)) == 1
    levels = [int(tag[1]) for tag, _ in reader.tags if tag in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    names = [a["id"] for _, a in reader.tags if a.get("id")]
    assert len(names) == len(set(names))
    labelled = {label.get("for") for label in reader.all("label")}
    for field in (*reader.all("input"), *reader.all("select")):
        within = field.get("id") in ("order", "front-only")  # inside their labels
        assert within or field.get("aria-label") or field["id"] in labelled
    for drawn in reader.all("svg"):
        assert drawn.get("aria-hidden") or drawn.get("aria-label")
    for feature in ("prefers-color-scheme: dark", "@media print", "width=device-width"):
        assert feature in pages[name]


@needs_models
def test_the_report_says_what_was_found_and_done(pages: dict[str, str]) -> None:
    text = read(pages["report"]).text
    for row in CATALOGUE:
        assert row.text in text
    for words in (
        "43 pixels between the eyes",
        "The photo's own background stays",
        "linkedin",
        "location, serial number",
        "Measured on this photo only",
        "me <1>.jpg",
        "Catchlight 1.2.3",
        "the <face> is small & soft",
        "Polish stopped at 0.55",
        "Held back most by: Marks kept.",
        "93% of the evidence could be judged.",
    ):
        assert words in text


@needs_models
def test_the_report_shows_all_evidence(pages: dict[str, str]) -> None:
    reader = read(pages["report"])
    for component in staged.components():
        assert component.title in reader.text
        assert say_sentence(component.reason) in reader.text
    for verdict in ("pass", "warning", "fail", "cannot be judged"):
        assert verdict in reader.text
    dials = [a["aria-label"] for a in reader.all("svg") if a.get("role") == "img"]
    assert "Authenticity: 59 of 100" in dials
    assert "Polish: 84 of 100, 61 before" in dials
    assert "Marks of the skin: 2 kept, 1 healed" in dials
    # After and before, the close-up, and the picture of one component.
    assert len(reader.all("img")) == 4
    for figure in ("−2.6", "+6.2", "0.02", "−12.2", "allowed: at least 0.9", "−4 to 4°"):
        assert figure in reader.text


@needs_models
def test_colours_are_shown_as_they_were_and_became(made: Shot) -> None:
    scene = made.scene
    still = {s.name: s for s in measure_swatches(scene, scene.small)}
    assert {"Lit skin", "Hair, where lit", "Clothes, where lit"} <= set(still)
    warm = measure_swatches(scene, scene.pixels * np.float32([1.3, 1.0, 0.7]))
    for swatch in warm:
        was = still[swatch.name]
        np.testing.assert_allclose(was.before, was.after)
        np.testing.assert_allclose(swatch.before, was.before)
        assert swatch.after[0] > swatch.before[0] > 0
    drawn = str(draw_swatches(warm))
    assert drawn.count("<path") == 2 * len(warm)
    assert "Lit skin: 0.0 apart" in str(draw_swatches(tuple(still.values())))
    assert "Lit skin: 0.0 apart" not in drawn


def test_without_evidence_nothing_is_claimed(made: Shot) -> None:
    soft = replace(made.scene.quality, sharpness=float("nan"))
    blind = replace(made, scene=replace(made.scene, quality=soft))
    record = record_shot(blind, name="me.jpg", output=None)
    text = read(write_page(blind, record, version="1.2.3")).text
    assert "Authenticitynot measured" in text
    assert "Polishnot measured" in text
    assert "What each edit contributed was not measured." in text
    assert "not measured: no clear edge" in text
    assert "nan" not in text.lower().split()
    assert "Is it still them?" not in text


@needs_models
def test_the_report_says_where_a_network_drew(made: Shot) -> None:
    pixels = made.scene.pixels
    restored = Restored(
        pixels, ("noise of 2.0 codes", "enlarged 2.1 times by super-resolution"), 0.75, network=True
    )
    scene = replace(made.scene, restored=restored)
    drawn = replace(made.rendered, applied={**made.rendered.applied, "detail": 1.0})
    record = record_shot(replace(made, scene=scene, rendered=drawn), name="me.jpg", output=None)
    assert record["restored"] == {
        "steps": ["noise of 2.0 codes", "enlarged 2.1 times by super-resolution"],
        "share": 0.75,
        "network": True,
    }
    text = read(write_page(made, record, version="1.2.3")).text
    for words in ("A network drew the finest detail", "by super-resolution", "75%"):
        assert words in text
    # Nothing was restored where the edit did not act, whatever the scene holds.
    still = replace(made.rendered, applied={})
    record = record_shot(replace(made, scene=scene, rendered=still), name="me.jpg", output=None)
    assert record["restored"] is None
    assert "network drew" not in read(write_page(made, record, version="1.2.3")).text


@needs_models
def test_marks_are_listed_for_who_asked_and_not_for_who_looked_first(made: Shot) -> None:
    off = {**made.look.strengths, "blemishes": 0.0}
    plain = made.look.model_copy(update={"adjust": off})
    _ = made.scene.face_crop.marks  # somebody else wanted them
    assert list_marks(made.scene, plain) is None
    named = plain.model_copy(update={"keep": ("l23d41",)})
    found = list_marks(made.scene, named)
    assert found is not None
    assert not any(mark["healed"] for mark in found)


@needs_models
def test_a_name_cannot_write_into_the_page(made: Shot) -> None:
    reader = read(page_of(made, name='x"><script>alert(1)</script>.jpg'))
    assert [tag for tag, _ in reader.tags].count("script") == 1


@needs_models
def test_a_mark_is_drawn_where_it_lies(made: Shot) -> None:
    marks = staged.marks(made, 2)
    eye = made.subject.face.eyes[0]
    marks[0] |= {"x": float(eye[0]), "y": float(eye[1])}
    marks[1] |= {"x": -1000.0}
    (spot,) = place_marks(made.scene, marks)
    np.testing.assert_allclose([spot.x, spot.y], made.scene.face.eyes[0], atol=0.01)
    assert spot.radius == pytest.approx(0.75 * made.scene.face.px_per_mm)
    drawn = draw_spots([spot], (0, 0, 640, 800))
    assert f'cx="{spot.x:.1f}"' in drawn
    assert 'class="kept"' in drawn
    assert ">r00d00</text>" in drawn


@needs_models
def test_many_marks_wear_numbers_and_none_hides_another(made: Shot) -> None:
    spots = place_marks(made.scene, staged.marks(made, 30))
    drawn = read(draw_spots(spots, (0, 0, 640, 800)))
    assert [a["class"] for a in drawn.all("g")].count("healed") == 1
    texts = drawn.all("text")
    places = {(t["x"], t["y"]) for t in texts}
    assert len(places) == len(texts) == 30


def test_the_check_answers_in_words() -> None:
    assert "Still them, as far as these 2 photos can tell." in check_page()
    far = replace(staged.components()[0], verdict="fail", reason="The faces lie far apart.")
    overall = replace(staged.authenticity(12.0), components=(far,), limited_by="identity")
    page = check_page(overall, 1, "no", "The faces lie far apart.")
    assert "Not recognisably them: the face does not match this photo." in page
    assert "The faces lie far apart." in page
    unknown = replace(staged.authenticity(None), components=staged.components()[-1:])
    page = check_page(unknown, 2, "cannot say", "No face.")
    assert "It cannot be told whether this is them." in page
    assert "Authenticity: not measured" in page
    assert "Nothing could be judged." in page
    page = check_page(None, 1, "doubtful", "it is the person, but changed: marks kept")
    text = read(page).text
    assert "It is them, but changed: not as they are in this photo" in text
    assert "It is the person, but changed: marks kept." in text
    assert "Polish: 84 of 100" in page


def test_the_explore_page_marks_front_and_winner() -> None:
    page = explore_page()
    reader = read(page)
    cards = {c["id"]: c for c in reader.all("li")}
    assert {k for k, c in cards.items() if c["data-front"] == "1"} == {"v1", "v2", "v4", "v5"}
    assert [k for k, c in cards.items() if "won" in (c["class"] or "").split()] == ["v4"]
    assert "data-authenticity" not in cards["v6"]
    for number in range(1, 7):
        assert f"catchlight explore 'me & you.jpg' --for linkedin --pick {number}" in reader.text
    assert "Nearest to all <3> photos." in reader.text
    links = [a["href"] for a in reader.all("a")]
    assert sorted(links) == ["#v1", "#v2", "#v3", "#v4", "#v5"]
    assert "None was chosen." in explore_page(winner=None)


def test_no_variant_hides_another_in_the_plot() -> None:
    same = [
        replace(v, proof=staged.proof(59.0, 57.0 + 0.1 * v.number))
        for v in staged.variants(GREY, 12)
    ]
    drawn = read(draw_scatter(same, winner=3))
    places = [
        (float(c["cx"] or 0), float(c["cy"] or 0))
        for c in drawn.all("circle")
        if c["class"] in ("on", "off")
    ]
    assert len(places) == 12
    for a, b in itertools.combinations(places, 2):
        assert np.hypot(a[0] - b[0], a[1] - b[1]) >= 20
    leaders = len(drawn.all("line")) - len(
        [t for t in drawn.all("text") if "tick" in (t["class"] or "")]
    )
    assert leaders == 11  # all but the one chosen, which keeps its place
    assert draw_scatter(same[:1], winner=None) == ""


def test_a_contact_sheet_shows_every_variant() -> None:
    reds = [
        replace(v, pixels=np.full((50, 40, 3), (0.1 * v.number, 0, 0), np.float32))
        for v in staged.variants(GREY)
    ]
    sheet = draw_contact_sheet(reds, winner=2, title="Zoë")
    assert sheet.dtype == np.uint8
    colours = {tuple(c) for c in sheet.reshape(-1, 3)}
    alone = {tuple(c) for c in draw_contact_sheet(reds[:1], winner=2).reshape(-1, 3)}
    assert len(colours) > len(alone)
    accent = (0x7D, 0x4A, 0x16)
    assert accent in colours
    with Image.open(io.BytesIO(encode_contact_sheet(sheet))) as image:
        np.testing.assert_array_equal(np.asarray(image), sheet)
    plain = draw_contact_sheet(reds, winner=None, title="Zoë")
    assert (plain == accent).all(-1).sum() < 0.6 * (sheet == accent).all(-1).sum()


def test_a_sheet_has_letters_for_every_name() -> None:
    assert to_plain("Zoë – 2 × −0.5 李.jpg") == "Zoe - 2 x -0.5 _.jpg"


def test_the_console_tells_the_same() -> None:
    from rich.console import Console

    console = Console(width=120, file=io.StringIO(), color_system=None)
    console.print(authenticity_table(staged.authenticity()))
    console.print(polish_table(staged.polish(84.2, 0.66), staged.polish(61.4, 0.71)))
    console.print(variants_table(staged.variants(GREY), winner=4))
    said = console.file.getvalue().replace("\N{NO-BREAK SPACE}", " ")  # type: ignore[attr-defined]
    lines = said.splitlines()
    assert next(line for line in lines if "Marks kept" in line).startswith("x fail")
    assert lines.index(next(x for x in lines if "Marks kept" in x)) < lines.index(
        next(x for x in lines if "Identity" in x)
    )
    for words in ("authenticity 59", "−1.2°", "polish 84, before 61", "0.71 mm", "chosen, front"):
        assert words in said
    assert "cannot be judged: Lines, Eyes, Left-right differences" in said
    lost = next(line for line in lines if "polish 1, <keep>, square" in line)
    assert lost.split()[-3:] == ["–", "70", "–"]


def test_numbers_read_well() -> None:
    assert [say_number(v) for v in (0.0, -0.5, 1234.5, 12.345, 0.0341, 0.9)] == [
        "0", "−0.5", "1234", "12.3", "0.034", "0.9",
    ]  # fmt: skip
    assert say_number(0.0001) == "<\N{NO-BREAK SPACE}0.001"
    assert say_measure(float("nan"), "mm") == say_measure(None, "mm") == "not measured"
    assert say_measure(-2, "stops") == "−2\N{NO-BREAK SPACE}stops"
    assert say_measure(3.5, "%") == "3.5%"
    assert say_measure(0.035, "share of the face") == "3.5%"
    assert say_measure(2.64, "ratio") == "2.64:1"
    assert [say_unit(u) for u in ("", "mm", "% of IED", "share kept", "1 - coherence")] == [
        "", "", "of IED", "kept", "(1 − coherence)",
    ]  # fmt: skip
    assert say_range(0.75, None, "share kept") == "at least 75%"
    assert say_range(None, None, "mm") == ""
    assert say_range(-1, 2, "°") == "−1 to 2°"
    assert say_range(None, 0.6, "% of IED") == "at most 0.6%"
    assert say_sentence("light fell by -0.2 stops (re-lit)") == "Light fell by −0.2 stops (re-lit)."
    assert say_sentence("Calm.") == "Calm."
    assert say_sentence("") == ""
    assert [say_signed(v, 1) for v in (-0.04, 0.5, -0.5)] == ["0.0", "+0.5", "−0.5"]


def test_a_dial_turns_with_its_score() -> None:
    """The arc ends at the left for 0, at the top for 50, at the right for 100."""
    ends = {}
    for score in (50.0, 100.0, 250.0):
        paths = [a["d"] or "" for a in read(draw_dial(score, "x")).all("path")]
        ends[score] = tuple(float(v) for v in paths[1].split(" 1 ")[-1].split())
    assert ends[50.0] == (100, 14)
    assert ends[100.0] == (182, 96)
    assert ends[250.0] == ends[100.0]
    assert len(read(draw_dial(None, "x")).all("path")) == 1
    assert "not measured" in draw_dial(float("nan"), "x")


@needs_models
def test_before_is_grey_only_beyond_the_photo(astronaut_scene: Scene, kept_scene: Scene) -> None:
    before = show_before(astronaut_scene)
    covered = astronaut_scene.covered
    assert covered is not None
    inside, outside = covered == 1, covered == 0
    assert outside.any()
    np.testing.assert_allclose(before[inside], astronaut_scene.pixels[inside], atol=1e-6)
    assert (before[outside] == before[outside][0]).all()
    assert show_before(kept_scene) is kept_scene.pixels


@needs_models
def test_side_by_side_keeps_both(astronaut_scene: Scene) -> None:
    before, after = astronaut_scene.pixels, astronaut_scene.pixels * np.float32(0.5)
    joined = side_by_side(before, after)
    width = before.shape[1]
    np.testing.assert_array_equal(joined[:, :width], before)
    np.testing.assert_array_equal(joined[:, -width:], after)


def test_each_change_is_said_in_its_own_unit() -> None:
    """Light in stops, a warp in millimetres of the face."""
    from catchlight.cli.telling import say_done

    record = {
        "look": {"crop": "headshot", "backdrop": "keep"},
        "backdrop": {"asked": "keep", "chosen": "keep", "why": ""},
        "frame": {"turn_degrees": 0.0},
        "changes": {"shadows": 0.5, "lens": 9.25},
    }
    assert say_done(record).endswith("shadows up to 0.50 stops, lens up to 9.25 mm")
