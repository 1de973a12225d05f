"""What is worn: pieces and their names, what is not sure, and the palette."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from catchlight.analysis.scene import Scene
from catchlight.analysis.wardrobe.garment import find_garment
from catchlight.analysis.wardrobe.palette import PALETTE, parse_cloth
from catchlight.analysis.wardrobe.pieces import find_pieces, name_cloth
from catchlight.arrays import Mask, as_float
from catchlight.pixels import colour, filters


def lab_of(name: str) -> np.ndarray:
    return colour.hex_to_lab(PALETTE[name])


@pytest.mark.parametrize("name", PALETTE)
def test_every_cloth_has_its_own_name(name: str) -> None:
    assert name_cloth(lab_of(name)) == name


def test_a_cloth_is_read_as_a_person_writes_it() -> None:
    assert parse_cloth("Pale Blue") == "pale-blue"
    assert parse_cloth("#A0B1C2") == "#a0b1c2"
    with pytest.raises(ValueError, match="no cloth is called 'beige'; use white, off-white"):
        parse_cloth("beige")


def worn(*names: str) -> tuple[np.ndarray, Mask]:
    """Stripes 60 pixels wide of cloths with folds, beside each other, L* from 0.8 to 1.2 of it."""
    folds = 1 + 0.2 * np.sin(np.linspace(0, 12, 160))[:, None, None]
    lab = np.hstack([np.tile(lab_of(n), (160, 60, 1)) * folds for n in names])
    return as_float(lab), np.ones(lab.shape[:2], np.float32)


@pytest.mark.parametrize("names", [("navy", "white"), ("charcoal", "burgundy"), ("teal", "cream")])
def test_two_cloths_are_two_pieces_and_folds_are_none(names: tuple[str, str]) -> None:
    pieces = find_pieces(*worn(*names), 2.0)
    assert {p.name for p in pieces} == set(names)
    assert sum(p.share for p in pieces) > 0.9
    alone = find_pieces(*worn(names[0]), 2.0)
    assert [p.name for p in alone] == [names[0]]


def test_a_sitter_in_a_suit_is_seen_and_one_without_clothes_is_not(astronaut_scene: Scene) -> None:
    garment = astronaut_scene.garment
    assert garment.seen
    assert garment.pieces[0].name in ("coral", "rust", "terracotta", "red")
    h, w = astronaut_scene.small.shape[:2]
    alpha = filters.resize(astronaut_scene.matte.alpha, w, h)
    face = astronaut_scene.small_face
    # The suit in the skin's own colour: nothing may be said of it.
    skin = np.median(astronaut_scene.small[astronaut_scene.regions["face_skin"] > 0.7], axis=0)
    bare = np.where(garment.cloth[..., None] > 0.05, skin, astronaut_scene.small)
    unsure = find_garment(as_float(bare), alpha, face, astronaut_scene.regions)
    assert not unsure.seen
    assert unsure.why


def test_a_frame_that_ends_at_the_chin_shows_no_clothes(astronaut_scene: Scene) -> None:
    parts = replace(astronaut_scene.regions)
    nothing = np.zeros(astronaut_scene.small.shape[:2], np.float32)
    found = find_garment(astronaut_scene.small, nothing, astronaut_scene.small_face, parts)
    assert not found.seen
    assert "too little" in found.why
