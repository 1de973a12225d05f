"""Ranking a person's photos as sources: faults come later, someone else is found and said so."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import sitter

from catchlight.images import Picture, open_picture
from catchlight.likeness.observation import Observation
from catchlight.likeness.observe import observe_photo
from catchlight.pixels import filters, geometry
from catchlight.polish.circle import draw_circle
from catchlight.polish.sources import rank_sources

# --- Who belongs to a set -------------------------------------------------------------------------


def people(*at: Sequence[float]) -> list[np.ndarray]:
    """Identities (128,) at places of a plane."""
    out = []
    for place in at:
        point = np.zeros(128, np.float32)
        point[: len(place)] = place
        out.append(point)
    return out


def test_a_stranger_is_judged_by_the_sets_own_spread() -> None:
    e = 0.1 * np.eye(4)
    close = people(*e[:3], 11 * e[3])
    assert draw_circle(close).strangers.tolist() == [False, False, False, True]
    # The same distance, 1.10, in a set whose photos lie 0.9 apart, is nobody else.
    wide = people(*(6.36 * e[:3]), 9.04 * e[3])
    assert not draw_circle(wide).strangers.any()


def test_strangers_do_not_move_the_middle() -> None:
    circle = draw_circle(people((0, 0), (0.2, 0), (0, 0.2), (1.4, 0.6), (-1.4, 0.8)))
    assert circle.medoid in (0, 1, 2)
    assert circle.strangers.tolist() == [False, False, False, True, True]
    assert np.isfinite(circle.removes).all()


def test_copies_of_one_photo_call_nobody_else_a_stranger() -> None:
    circle = draw_circle(people((0, 0), (0, 0.01), (0.01, 0), (0.9, 0)))
    assert not circle.strangers.any()


def test_one_and_two_photos_have_no_spread() -> None:
    assert draw_circle(people((0, 0))).spread is None
    two = draw_circle(people((0, 0), (0.9, 0)))
    assert two.spread is None
    assert not two.strangers.any()
    assert two.removes.tolist() == pytest.approx([0.9, 0.9])


# --- Ranking --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def own(astronaut: Picture, need_models: None) -> Observation:
    return observe_photo(sitter.enlarge(astronaut, 3))


def named(observation: Observation, name: str, pixels: np.ndarray | None = None) -> Observation:
    pixels = observation.pixels if pixels is None else pixels
    # Of a photo around the spoilt picture nothing is known.
    own = np.ascontiguousarray(pixels, np.float32)
    return replace(observation, name=name, pixels=own, around=None)


def test_the_plain_photo_comes_before_its_faults(own: Observation, astronaut: Picture) -> None:
    mm = own.seen.px_per_mm
    small = cv2.resize(astronaut.linear(), (230, 230), interpolation=cv2.INTER_AREA)
    candidates = [
        named(own, "blurred", filters.blur(own.pixels, 2.0 * mm)),
        named(own, "dark", sitter.expose(own.pixels, -2.5)),
        named(own, "side-lit", sitter.shade_side(own.pixels, own.seen, 3.5)),
        named(observe_photo(sitter.make_photo(small)), "small"),
        named(own, "plain"),
        Observation("a wall", np.full((90, 90, 3), 0.2, np.float32), None, 0.0),
    ]
    found = rank_sources(candidates)
    assert [r.place for r in found] == [1, 2, 3, 4, 5, 6]
    assert found[0].observation.name == "plain"
    assert found[-1].observation.name == "a wall"
    assert found[-1].score is None
    assert "no face" in found[-1].reasons[0]
    assert not any(r.someone_else for r in found)
    by_name = {r.observation.name: r for r in found}
    for name, word in (
        ("blurred", "soft"),
        ("dark", "too dark"),
        ("side-lit", "harsh light"),
        ("small", "px between the eyes"),
    ):
        assert any(word in said for said in by_name[name].reasons), by_name[name].reasons
    assert "eyes open" in by_name["plain"].reasons
    assert found[0].to_json()["photo"] == "plain"


def test_a_turned_head_is_said_and_ranked_lower(own: Observation) -> None:
    pose = replace(own.seen.pose, yaw=40.0)
    turned = replace(own, name="turned", face=replace(own.seen, pose=pose))
    found = rank_sources([turned, named(own, "plain")])
    assert [r.observation.name for r in found] == ["plain", "turned"]
    assert any("head is turned (40" in said for said in found[1].reasons)
    assert [r.someone_else for r in found] == [None, None]


def test_a_single_photo_and_none(own: Observation) -> None:
    only = rank_sources([own])
    assert only[0].place == 1
    assert only[0].remove is None
    assert "likeness" not in only[0].criteria
    assert rank_sources([]) == []


def test_the_order_of_the_files_does_not_matter(own: Observation) -> None:
    turn = geometry.similarity(1.0, 12.0, own.seen.eyes.mean(0), own.seen.eyes.mean(0))
    h, w = own.pixels.shape[:2]
    turned = replace(
        own,
        name="turned",
        pixels=np.maximum(geometry.resample(own.pixels, turn, w, h), 0),
        face=own.seen.moved(turn),
    )
    dark = named(own, "dark", sitter.expose(own.pixels, -2))
    names = [
        [r.observation.name for r in rank_sources(o)]
        for o in ([own, turned, dark], [dark, turned, own])
    ]
    assert names[0] == names[1]


# --- Real photographs -----------------------------------------------------------------------------


def sets_of(photos: Path) -> dict[str, list[str]]:
    with (photos / "index.csv").open() as file:
        found: dict[str, list[str]] = defaultdict(list)
        for row in csv.DictReader(file):
            found[row["person_id"]].append(row["file"])
    return found


@pytest.mark.photos
@pytest.mark.parametrize(
    ("person", "stranger"),
    [("obama", "dlib__John_Salley_000183_02159543.jpg"), ("compreface_A", "sam__866.jpg")],
)
def test_someone_else_among_a_persons_photos(person: str, stranger: str, photos: Path) -> None:
    names = [*sets_of(photos)[person][:4], stranger]
    found = rank_sources([observe_photo(open_picture(photos / name)) for name in names])
    assert [r.someone_else for r in found] == [False] * 4 + [True]
    assert found[-1].observation.name == stranger
    assert "someone else" in found[-1].reasons[0]


@pytest.mark.photos
def test_copies_too_small_to_use_come_last(photos: Path) -> None:
    """Four files of one person, two of them small copies of the first."""
    names = ["obama", "obama2", "obama_small", "obama-240p"]
    files = [photos / f"face_recognition__examples_{name}.jpg" for name in names]
    found = rank_sources([observe_photo(open_picture(file)) for file in files])
    order = [r.observation.name.removeprefix("face_recognition__examples_") for r in found]
    assert set(order[:2]) == {"obama.jpg", "obama2.jpg"}
    assert order[3] == "obama-240p.jpg"
