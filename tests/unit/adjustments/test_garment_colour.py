"""garment_colour: the asked colour, the own folds, no skin and no ground; and when it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawing import render

from catchlight.adjustments.catalogue import NAMES
from catchlight.adjustments.garment_colour import refuse
from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.scene import Scene
from catchlight.analysis.wardrobe.leftover import measure_leftover
from catchlight.analysis.wardrobe.palette import PALETTE
from catchlight.analysis.wardrobe.pieces import find_pieces
from catchlight.arrays import as_float
from catchlight.look import Look
from catchlight.pixels import colour, filters, morphology


def tried(name: str) -> Look:
    strengths = dict.fromkeys(NAMES, 0.0) | {"garment_colour": 1.0}
    return Look(backdrop="keep", garment=name, adjust=strengths)


@pytest.mark.parametrize("name", ["navy", "off-white", "forest", "#805070"])
def test_a_recoloured_suit_is_the_same_suit(name: str, astronaut_scene: Scene) -> None:
    scene = astronaut_scene
    after = render(scene, tried(name)).pixels
    h, w = scene.pixels.shape[:2]
    piece = filters.resize(scene.garment.pieces[0].mask, w, h) > 0.95
    piece = morphology.erode(piece, 1.5 * scene.face.px_per_mm)
    was, now = (colour.p3_to_lab(np.clip(p, 0, 1)) for p in (scene.pixels, after))
    asked = colour.hex_to_lab(PALETTE.get(name, name))
    assert colour.ciede2000(np.median(now[piece], axis=0), asked) < 4
    assert np.corrcoef(was[..., 0][piece], now[..., 0][piece])[0, 1] > 0.98
    off = colour.ciede2000(was, now)
    skin = filters.resize(scene.regions["face_skin"], w, h) > 0.9
    assert off[skin].max() == 0
    assert (off[scene.matte.alpha < 0.02] > 0.5).mean() < 1e-4


def test_nothing_is_done_unasked(astronaut_scene: Scene) -> None:
    strengths = dict.fromkeys(NAMES, 0.0) | {"garment_colour": 1.0}
    out = render(astronaut_scene, Look(backdrop="keep", adjust=strengths))
    assert np.array_equal(out.pixels, astronaut_scene.pixels)
    assert Look().strengths["garment_colour"] == 0
    assert Look().garment == "own"


def test_it_says_why_it_refuses(astronaut_scene: Scene) -> None:
    garment = astronaut_scene.garment
    assert refuse(garment, "navy") == ""
    assert "different colours" in refuse(replace(garment, mixed=0.4), "navy")
    assert "spill over" in refuse(replace(garment, hung=0.3), "navy")
    assert "could not measure" in refuse(replace(garment, sure=0.2, why="so"), "navy")
    assert "keep its old colour" in refuse(replace(garment, torn=0.3), "navy")
    dark = replace(garment.pieces[0], lab=np.array([10, 0, 0], np.float32))
    assert "too dark" in refuse(replace(garment, pieces=(dark,)), "white")
    assert refuse(replace(garment, pieces=(dark,)), "navy") == ""


@pytest.mark.parametrize("sunlit", [False, True])
def test_a_garment_burnt_in_part_by_the_sun_is_refused(
    sunlit: bool, astronaut_scene: Scene
) -> None:
    face, (h, w) = astronaut_scene.small_face, astronaut_scene.small.shape[:2]
    # A blue shirt with folds is drawn below the chin; on two fifths of it lies the sun.
    below = np.arange(h) > face.points[CHIN, 1] + 0.5 * face.ied
    cloth = as_float(np.broadcast_to(below[:, None], (h, w)) * 1.0)
    lab = np.tile(as_float(colour.hex_to_lab("#8ea3c8")), (h, w, 1))
    lab[..., 0] *= 1 + 0.1 * np.sin(np.linspace(0, 40, w, dtype=np.float32))
    shirt = np.clip(colour.lab_to_p3(lab), 0, 1)
    if sunlit:
        shirt[:, np.arange(w) % 75 < 30] = (1, 0.99, 0.97)
    small = as_float(shirt * cloth[..., None] + 0.2 * (1 - cloth[..., None]))
    pieces = find_pieces(colour.p3_to_lab(small), cloth, face.px_per_mm)
    parts = astronaut_scene.regions
    patches, soft, stained = measure_leftover(small, cloth, cloth, pieces, face, parts)
    drawn = replace(
        astronaut_scene.garment, pieces=pieces, patches=patches, soft=soft, stained=stained
    )
    assert ("keep its old colour" in refuse(drawn, "navy")) == sunlit
    assert (refuse(drawn, "navy") == "") != sunlit


def test_it_refuses_what_would_be_torn(astronaut_scene: Scene) -> None:
    garment = astronaut_scene.garment
    assert "keep its old colour" in refuse(replace(garment, patches=0.01), "navy")
    assert "keep its old colour" in refuse(replace(garment, soft=0.6), "navy")
    assert "spill over" in refuse(replace(garment, stained=0.05), "navy")


def test_a_look_refuses_what_is_no_cloth() -> None:
    with pytest.raises(ValueError, match="no cloth is called 'plaid'"):
        Look(garment="plaid")


def test_what_would_look_flat_or_grainy_is_refused(astronaut_scene: Scene) -> None:
    garment = astronaut_scene.garment
    white = replace(garment.pieces[0], lab=np.array([95, 0, 0], np.float32))
    shirt = replace(garment, pieces=(white,), relief=1.5)
    assert "hardly be seen in navy" in refuse(shirt, "navy")
    # The same folds show in a colour that is nearly as light.
    assert refuse(shirt, "pale-blue") == ""
    assert refuse(replace(shirt, relief=5.0), "navy") == ""
    black = replace(garment.pieces[0], lab=np.array([8, 0, 0], np.float32))
    assert "too dark" in refuse(replace(garment, pieces=(black,)), "burgundy")
