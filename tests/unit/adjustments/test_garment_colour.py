"""garment_colour: the asked colour, the own folds, no skin and no ground; and when it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawing import render

from catchlight.adjustments.catalogue import NAMES
from catchlight.adjustments.garment_colour import refuse
from catchlight.analysis.scene import Scene
from catchlight.analysis.wardrobe.palette import PALETTE
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
    assert "patterned" in refuse(replace(garment, mixed=0.4), "navy")
    assert "hair hangs" in refuse(replace(garment, hung=0.3), "navy")
    assert "not told surely" in refuse(replace(garment, sure=0.2, why="so"), "navy")
    assert "differ too much" in refuse(replace(garment, torn=0.3), "navy")
    dark = replace(garment.pieces[0], lab=np.array([8, 0, 0], np.float32))
    assert "so dark" in refuse(replace(garment, pieces=(dark,)), "white")
    assert refuse(replace(garment, pieces=(dark,)), "navy") == ""


def test_a_look_refuses_what_is_no_cloth() -> None:
    with pytest.raises(ValueError, match="no cloth is called 'plaid'"):
        Look(garment="plaid")
