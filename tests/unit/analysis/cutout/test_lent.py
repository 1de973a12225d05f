"""Lent maps: brought from the square a network was shown to the steps of ours."""

from __future__ import annotations

import numpy as np
import pytest

from catchlight.analysis.cutout.lent import bring_maps, no_maps
from catchlight.analysis.cutout.refiner import HEIGHT, WIDTH
from catchlight.arrays import Float


def ramps(low: float, high: float) -> list[Float]:
    """Maps that tell across each cell's own place between two values."""
    return [
        np.tile((low + (np.arange(n) + 0.5) / n * (high - low)), (1, 64, n, 1)).astype(np.float32)
        for n in (40, 40, 20, 20, 10)
    ]


def test_a_cell_of_ours_tells_what_lies_at_its_place() -> None:
    inside = np.zeros((HEIGHT, WIDTH), np.float32)
    inside[40:300, 60:250] = 1
    maps = bring_maps(ramps(60, 250), inside)
    assert [m.shape for m in maps] == [(128, 44, 36), (128, 22, 18), (64, 11, 9)]
    for step, field in zip((8, 16, 32), maps, strict=True):
        x, y = ((np.arange(n) + 0.5) * step for n in (field.shape[2], field.shape[1]))
        across, down = (x >= 60) & (x < 250), (y >= 40) & (y < 300)
        # Within half a cell of the border of the square the outermost one is continued.
        most = 0.5 * 190 / (320 / step) + 1e-3
        assert np.abs(field[5, down][:, across] - x[across]).max() <= most
        assert not field[:, ~down].any()
        assert not field[:, :, ~across].any()


def test_up_and_down_are_not_exchanged() -> None:
    inside = np.ones((HEIGHT, WIDTH), np.float32)
    turned = [m.transpose(0, 1, 3, 2) for m in ramps(0, HEIGHT)]
    fine = bring_maps(turned, inside)[0]
    assert fine[0, 3, 0] == pytest.approx(3.5 * 8, abs=0.2)
    assert np.ptp(fine[0, 3]) < 1e-3


def test_no_maps_have_the_shapes_of_maps() -> None:
    inside = np.ones((HEIGHT, WIDTH), np.float32)
    assert [m.shape for m in no_maps()] == [m.shape for m in bring_maps(ramps(0, 1), inside)]
    assert not any(m.any() for m in no_maps())
