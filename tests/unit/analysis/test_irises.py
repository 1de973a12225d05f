"""The discs of the irises."""

from __future__ import annotations

import numpy as np
import pytest

from catchlight.analysis.face.landmarks import LEFT_IRIS, RIGHT_IRIS
from catchlight.analysis.parts import irises


def points(*middles: tuple[float, float], radius: float) -> np.ndarray:
    out = np.zeros((478, 2), np.float32)
    rim = radius * np.array([[1, 0], [0, -1], [-1, 0], [0, 1]])
    for centre, middle in zip((RIGHT_IRIS, LEFT_IRIS), middles, strict=True):
        out[centre] = middle
        out[centre + 1 : centre + 5] = np.array(middle) + rim
    return out


def test_discs_have_the_area_and_the_middle_of_the_irises() -> None:
    mesh = points((40.3, 50.6), (150.2, 47.1), radius=12.5)
    disc = irises.draw_irises(mesh, (100, 200))
    for half, (x, y) in ((disc[:, :100], (40.3, 50.6)), (disc[:, 100:], (50.2, 47.1))):
        assert half.sum() == pytest.approx(np.pi * 12.5**2, rel=0.01)
        v, u = np.mgrid[0:100, 0:100]
        assert (half * u).sum() / half.sum() == pytest.approx(x, abs=0.05)
        assert (half * v).sum() / half.sum() == pytest.approx(y, abs=0.05)
    away = irises.away_from_iris(mesh, RIGHT_IRIS, (100, 200))
    assert away[51, 40] < 0.05 and away[51, 53] == pytest.approx(1.016, abs=0.01)
