"""Blobs: what is packed comes back, as exactly as is said."""

from __future__ import annotations

import numpy as np
import plan_wire
import pytest

from catchlight.arrays import as_float
from catchlight.pixels.colour import linear_to_srgb
from catchlight.web.rooms.blobs import (
    CodedArray,
    pack_field,
    pack_halves,
    pack_mask,
    pack_part,
    pack_picture,
)

RNG = np.random.default_rng(3)


def back(blob: CodedArray) -> np.ndarray:
    return plan_wire.decode(blob.to_json(0), blob.data)


@pytest.mark.parametrize("top", [1.0, 1.8])
def test_a_picture_is_right_to_half_a_ten_bit_code(top: float) -> None:
    light = as_float(RNG.random((37, 53, 3)) ** 2 * top)
    off = linear_to_srgb(back(pack_picture(light))) - linear_to_srgb(light)
    assert np.abs(off).max() <= 0.55 * linear_to_srgb(as_float([top]))[0] / 1023


def test_light_below_black_is_black() -> None:
    assert back(pack_picture(as_float(np.full((2, 3, 3), -0.1)))).max() == 0


def test_a_part_tells_where_it_is() -> None:
    light = as_float(RNG.random((9, 11, 3)))
    shown = RNG.random((9, 11)) > 0.5
    found = back(pack_part(light, shown))
    assert np.array_equal(found[..., 3] > 0, shown)
    off = linear_to_srgb(found[..., :3][shown]) - linear_to_srgb(light[shown])
    assert np.abs(off).max() <= 0.51 / 255


@pytest.mark.parametrize("shape", [(7, 9), (7, 9, 3), (1, 1), (5, 4, 2)])
@pytest.mark.parametrize("size", [0.05, 3.0])
def test_a_field_is_right_to_half_a_step_and_nothing_stays_nothing(
    shape: tuple[int, ...], size: float
) -> None:
    field = as_float(RNG.normal(0, size, shape))
    field[0, 0] = 0
    blob = pack_field(field, 1 / 512)
    assert blob.coding == ("u8z" if np.ptp(np.rint(field * 512)) < 255 else "u16z")
    found = back(blob)
    assert np.abs(found - field).max() <= 0.501 / 512
    assert np.all(found[0, 0] == 0)


def test_halves_and_masks() -> None:
    field = as_float(RNG.normal(0, 2, (6, 5, 3)))
    assert np.array_equal(back(pack_halves(field)), field.astype(np.float16).astype(np.float32))
    mask = as_float(RNG.random((6, 5)))
    assert np.abs(back(pack_mask(mask)) - mask).max() <= 0.501 / 255


def test_a_key_is_one_thing() -> None:
    field = as_float(RNG.normal(0, 1, (6, 5)))
    assert pack_field(field, 0.1).key == pack_field(field.copy(), 0.1).key
    assert len({pack_field(field, s).key for s in (0.1, 0.2)} | {pack_mask(field).key}) == 3
