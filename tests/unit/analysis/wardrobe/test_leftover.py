"""What a dye would leave: patches of hard sun, borders without an edge, folds and specks."""

from __future__ import annotations

import numpy as np
import pytest

from catchlight.adjustments.garment_colour import PATCHED, SOFT, STAINED
from catchlight.analysis.scene import Scene
from catchlight.analysis.wardrobe.leftover import (
    drop_specks,
    join_folds,
    measure_soft,
    measure_stained,
    read_lab,
)
from catchlight.analysis.wardrobe.pieces import Cloth
from catchlight.arrays import Mask, Pixels, as_float
from catchlight.pixels import colour

SHAPE = (160, 240)


def piece(mask: Mask, lab: tuple[float, float, float]) -> Cloth:
    return Cloth("drawn", 1.0, as_float(np.array(lab)), as_float(mask))


def painted(left: tuple[float, float, float], right: tuple[float, float, float]) -> Pixels:
    lab = np.tile(as_float(np.array(left)), (*SHAPE, 1))
    lab[:, 120:] = right
    return as_float(np.clip(colour.lab_to_p3(lab), 0, 1))


def halved() -> Mask:
    mask = np.zeros(SHAPE, np.float32)
    mask[:, :120] = 1
    return mask


@pytest.mark.parametrize(("right", "soft"), [((95, 0, 0), False), ((31, 0, 0), True)])
def test_a_border_is_soft_where_the_photo_has_no_edge(
    right: tuple[float, float, float], soft: bool
) -> None:
    small, whole = painted((30, 0, 0), right), np.ones(SHAPE, np.float32)
    share = measure_soft(small, whole, (piece(halved(), (30, 0, 0)),), 2.0)
    assert (share > SOFT) == soft
    assert (share > 0.95) if soft else (share < 0.05)
    assert 0 < PATCHED < SOFT


def test_a_vivid_garment_keeps_its_deep_fold_and_no_other_garment() -> None:
    lab = np.tile(as_float(np.array((50, 60, 38))), (*SHAPE, 1))
    lab[60:64, 40:80] = (22, 34, 21)
    lab[:, 180:] = (40, 2, 2)
    mask = np.ones(SHAPE, np.float32)
    mask[58:66, 38:82] = mask[:, 180:] = 0
    free, cloth = np.ones(SHAPE, bool), np.ones(SHAPE, np.float32)
    (red,) = join_folds((piece(mask, (50, 60, 38)),), lab, cloth, free, 2.0)
    assert red.mask[62, 60] > 0.9
    assert red.mask[:, 190:].max() == 0
    # A grey has no hue by which a fold could be told.
    (grey,) = join_folds((piece(mask, (50, 2, 1)),), lab, cloth, free, 2.0)
    assert np.array_equal(grey.mask, mask)


def test_a_speck_apart_is_none_of_the_garment() -> None:
    mask = halved()
    mask[20:26, 200:206] = 1
    (main,) = drop_specks((piece(mask, (14, 5, -10)),), 2.0)
    assert main.mask[:, 150:].max() == 0
    assert np.array_equal(main.mask[:, :118], mask[:, :118])


@pytest.mark.parametrize("dyed", [False, True])
def test_skin_in_the_garment_is_told(dyed: bool, astronaut_scene: Scene) -> None:
    scene = astronaut_scene
    mask = as_float(np.zeros(scene.small.shape[:2]))
    mask[-100:] = 1
    mask[scene.regions["face_skin"] > 0.7] = dyed
    white = (piece(mask, (95, 0, 0)),)
    small = np.where((np.arange(len(mask)) >= len(mask) - 100)[:, None, None], 0.9, scene.small)
    mm = scene.small_face.px_per_mm
    share = measure_stained(read_lab(as_float(small), mm), white, scene.regions, mm)
    assert (share > STAINED) == dyed
