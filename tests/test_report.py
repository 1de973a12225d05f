"""The report: nothing that was not measured, nothing asked of a server, readable by anyone."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from catchlight.adjustments.catalogue import CATALOGUE
from catchlight.analysis.scene import Scene
from catchlight.analysis.sitting import Sitting
from catchlight.images import Metadata, Picture
from catchlight.look import Look
from catchlight.render import Rendered, render
from catchlight.report.compare import show_before, side_by_side
from catchlight.report.evidence import Likeness, SkinChange, measure_likeness, measure_skin
from catchlight.report.page import write_page
from catchlight.report.record import record_failure, record_shot

pytestmark = pytest.mark.models


@dataclass(frozen=True)
class Shot:
    """As the studio's, made of what the fixtures have."""

    picture: Picture
    sitting: Sitting
    scene: Scene
    rendered: Rendered
    look: Look
    seconds: dict[str, float]
    warnings: tuple[str, ...]


@pytest.fixture(scope="session")
def made(astronaut: Picture, astronaut_sitting: Sitting, astronaut_scene: Scene) -> Shot:
    look = Look(matte="fast")
    metadata = Metadata(removed=("location", "serial number"))
    return Shot(
        replace(astronaut, metadata=metadata),
        astronaut_sitting,
        astronaut_scene,
        render(astronaut_scene, look),
        look,
        {"decode": 0.01, "render": 0.2},
        ("the <face> is small & soft",),
    )


class _Reader(HTMLParser):
    """Tags as they come, checking that they close in order."""

    _EMPTY = frozenset({"meta", "img", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self._EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.text += data


def read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


def page_of(made: Shot, name: str = "photos/me <1>.jpg") -> str:
    record = record_shot(made, name=name, output=Path("out/me.headshot.jpg"))
    return write_page(made, record, version="1.2.3")


def test_a_record_is_plain_and_complete(made: Shot) -> None:
    record = record_shot(made, name="me.jpg", output=Path("me.headshot.jpg"))
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert record["size"] == [640, 800]
    assert record["look"]["adjust"] == made.look.strengths
    assert record["metadata_removed"] == ["location", "serial number"]
    assert record["frame"]["extends_beyond_photo"] is True
    failed = record_failure("me.jpg", ValueError("why"), "why", {})
    assert failed.keys() == record.keys()
    assert failed["error"] == {"type": "ValueError", "message": "why"}


def test_the_page_asks_nothing_of_any_server(made: Shot) -> None:
    page = page_of(made)
    reader = read(page)
    for tag, attributes in reader.tags:
        assert tag not in ("link", "iframe", "object", "video")
        for key in ("src", "href", "srcset", "action"):
            assert (attributes.get(key) or "data:").startswith("data:")
    assert "url(" not in page
    assert "http://" not in page
    assert "https://" not in page
    assert len(page) < 1_500_000


def test_the_page_can_be_read_by_anyone(made: Shot) -> None:
    page = page_of(made)
    reader = read(page)
    images = [attributes for tag, attributes in reader.tags if tag == "img"]
    assert len(images) == 2
    assert all(image.get("alt") for image in images)
    assert ("html", {"lang": "en"}) in reader.tags
    ranges = [a for tag, a in reader.tags if tag == "input" and a.get("type") == "range"]
    assert all(r.get("aria-label") for r in ranges)
    assert len(ranges) == 1
    for feature in ("prefers-color-scheme: dark", "@media print", "width=device-width"):
        assert feature in page


def test_the_page_says_what_was_found_and_done(made: Shot) -> None:
    text = read(page_of(made)).text
    for row in CATALOGUE:
        assert row.text in text
    for word in (
        "43 pixels between the eyes",
        "studio-warm",
        "location, serial number",
        "photo to headshot",
        "Measured on this photo only",
        "me <1>.jpg",
        "Catchlight 1.2.3",
        "the <face> is small & soft",
    ):
        assert word in text


def test_a_name_cannot_write_into_the_page(made: Shot) -> None:
    reader = read(page_of(made, name='x"><script>alert(1)</script>.jpg'))
    assert [tag for tag, _ in reader.tags].count("script") == 1


def test_what_was_not_measured_is_said_so(made: Shot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catchlight.report.page.measure_skin", lambda *_: "no skin in sight")
    monkeypatch.setattr("catchlight.report.page.measure_likeness", lambda *_: "no face in sight")
    soft = replace(made.scene.quality, sharpness=float("nan"))
    text = read(page_of(replace(made, scene=replace(made.scene, quality=soft)))).text
    for why in ("no skin in sight", "no face in sight", "no clear edge"):
        assert f"not measured: {why}" in text
    assert "nan" not in text.lower().split()


def test_a_photo_is_at_no_distance_from_itself(astronaut_scene: Scene) -> None:
    found = measure_likeness(astronaut_scene, astronaut_scene.pixels, astronaut_scene.pixels)
    assert isinstance(found, Likeness)
    assert found.result == 0
    assert 0 < found.jpeg < 0.1
    assert 0 < found.shift < 0.2
    skin = measure_skin(astronaut_scene, astronaut_scene.pixels)
    assert isinstance(skin, SkinChange)
    assert skin.delta_e == pytest.approx(0, abs=1e-4)
    assert skin.ita_after == pytest.approx(skin.ita_before)


def test_another_face_and_another_skin_are_seen(astronaut_scene: Scene) -> None:
    scene = astronaut_scene
    mirrored = np.ascontiguousarray(scene.pixels[:, ::-1]).copy()
    found = measure_likeness(scene, scene.pixels, mirrored)
    assert isinstance(found, Likeness)
    assert found.result > 3 * found.jpeg
    darker = (scene.pixels * np.float32(0.7)).astype(np.float32)
    skin = measure_skin(scene, darker)
    assert isinstance(skin, SkinChange)
    assert skin.delta_e > 4
    assert skin.ita_after < skin.ita_before


def test_before_is_grey_only_beyond_the_photo(astronaut_scene: Scene, kept_scene: Scene) -> None:
    before = show_before(astronaut_scene)
    covered = astronaut_scene.covered
    assert covered is not None
    inside, outside = covered == 1, covered == 0
    assert outside.any()
    np.testing.assert_allclose(before[inside], astronaut_scene.pixels[inside], atol=1e-6)
    assert (before[outside] == before[outside][0]).all()
    assert show_before(kept_scene) is kept_scene.pixels


def test_side_by_side_keeps_both(astronaut_scene: Scene) -> None:
    before, after = astronaut_scene.pixels, astronaut_scene.pixels * np.float32(0.5)
    joined = side_by_side(before, after)
    width = before.shape[1]
    np.testing.assert_array_equal(joined[:, :width], before)
    np.testing.assert_array_equal(joined[:, -width:], after)
