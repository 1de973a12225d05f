"""What is worn: pieces and their names, what is not sure, and the palette."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.scene import Scene
from catchlight.analysis.wardrobe.extent import grow_main
from catchlight.analysis.wardrobe.garment import find_garment
from catchlight.analysis.wardrobe.palette import PALETTE, parse_cloth
from catchlight.analysis.wardrobe.pieces import Cloth, find_pieces, name_cloth
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


def test_a_bright_rim_along_the_shoulder_and_a_shaded_neckline_belong_to_the_garment(
    astronaut_scene: Scene,
) -> None:
    """A navy jacket beside a face: what lies between it, the wall and the neck is no other's."""
    face, (h, w) = astronaut_scene.small_face, astronaut_scene.small.shape[:2]
    mm = face.px_per_mm
    y, x = (as_float(v) for v in np.mgrid[:h, :w])
    middle, chin = face.points[CHIN]
    away = np.abs(x - middle)
    person = (y > chin - 0.5 * face.ied) & (away < 1.9 * face.ied)
    neck = person & (away < 0.7 * face.ied)
    own = lab_of("navy")
    lab = np.where(person[..., None], own, lab_of("light-grey"))
    rim = person & (y < chin - 0.5 * face.ied + 3 * mm)
    lab = np.where(rim[..., None], own + np.array([26, 0, 8]), lab)
    shade = person & ~neck & (away < 0.7 * face.ied + 2 * mm)
    lab = np.where(shade[..., None], own + np.array([12, 2, 10]), lab)
    piece = as_float((person & ~neck & ~rim & ~shade & (y > chin)) * 1.0)
    hair = as_float((y < face.eyes.mean(0)[1] - face.ied) * 1.0)
    lab = np.where(hair[..., None] > 0, lab_of("camel"), lab)
    parts = replace(astronaut_scene.regions, masks={"hair": hair})
    cloth = Cloth("navy", 1.0, as_float(own), piece)
    free = as_float((person & ~neck) * 1.0)
    found = grow_main((cloth,), as_float(lab), free, ~person, face, parts, hung=0.0)[0].mask
    shoulder = rim & ~neck & (away > face.ied) & (away < 1.7 * face.ied)
    assert found[shoulder].mean() > 0.8
    assert found[shade & (y > chin)].mean() > 0.8
    assert found[neck & (away < 0.5 * face.ied)].max() < 0.05
    assert found[~person & (y < chin - face.ied)].max() < 0.05
    # Where hair hangs, what is nearer to its colour stays as it was.
    lab = np.where(hair[..., None] > 0, own + np.array([40, 2, 14]), lab)
    hanging = grow_main((cloth,), as_float(lab), free, ~person, face, parts, hung=0.2)[0].mask
    assert hanging[shoulder].mean() < found[shoulder].mean() - 0.3
