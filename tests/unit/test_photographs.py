"""Truth from photographs of no plain wall (tools/training: candidates, sheets, settle)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from places import ROOT


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(ROOT / "tools" / "training"))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if "training" in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def test_a_hand_drawn_polygon_has_the_last_word() -> None:
    import settle

    held = {"ours": np.full((60, 60), 128, np.uint8), "large": np.zeros((60, 60), np.uint8)}
    square = [[10, 10], [30, 10], [30, 30], [10, 30]]
    drawn = {"base": "o", "keep": [square], "remove": [[[40, 40], [55, 40], [55, 55], [40, 55]]]}
    person = settle.mend(held, drawn)
    assert person[20, 20] == 1 and person[48, 48] == 0
    assert person[5, 5] == pytest.approx(128 / 255)
    assert not settle.mend(held, "l").any()


def test_a_picture_cut_to_a_circle_is_no_photograph(tmp_path: Path) -> None:
    import candidates

    y, x = np.mgrid[-1:1:300j, -1:1:400j]
    codes = np.full((300, 400, 4), 90, np.uint8)
    codes[..., 3] = 255
    Image.fromarray(codes).save(tmp_path / "whole.png")
    codes[..., 3] = 255 * (x**2 + y**2 < 1)
    Image.fromarray(codes).save(tmp_path / "round.png")
    assert candidates.read_photo(tmp_path / "round.png") is None
    whole = candidates.read_photo(tmp_path / "whole.png")
    assert whole.shape == (300, 400, 3) and (whole == 90).all()


def test_a_sheet_shows_what_each_answer_leaves(tmp_path: Path) -> None:
    import sheets

    path = tmp_path / "one.jpg.npz"
    planes = np.full((8, 352, 288), 200, np.uint8)
    answers = {"ours": np.full((352, 288), 255, np.uint8), "large": np.zeros((352, 288), np.uint8)}
    np.savez(path, coarse=planes, **answers)
    row = sheets.draw_row(path, 7)
    wide = row.shape[1] // 4
    tiles = [row[150, k * wide + 120] for k in range(4)]
    assert (tiles[0] == 200).all() and (tiles[1] == 200).all()
    assert (tiles[2] == sheets.GREEN).all()


def test_people_are_read_when_they_are_asked_for(tmp_path: Path) -> None:
    import generate

    field = np.full((20, 20), 255, np.uint8)
    points = np.zeros((478, 2), np.float32)
    fore = np.full((20, 20, 3), 51, np.uint8)
    for name in ("001_smiling", "002", "003"):
        np.savez(tmp_path / f"{name}.npz", alpha=field, trust=field, fore=fore, points=points)
    people = generate.People(tmp_path, {"001"})
    assert list(people) == ["002", "003"]
    person = people["002"]
    assert not person["clothed"] and person["fore"].max() == pytest.approx(0.04)
