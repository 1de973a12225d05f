"""Half floats: NumPy's own bits, whoever converts."""

from __future__ import annotations

import numpy as np
import pytest

from catchlight.arrays import as_float
from catchlight.pixels import halves


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("shape", [(31, 40), (31, 40, 3), (0, 5, 3)])
def test_there_and_back_are_numpys(
    monkeypatch: pytest.MonkeyPatch, shape: tuple[int, ...], known: bool
) -> None:
    monkeypatch.setattr(halves, "_KNOWN", known and halves._KNOWN)
    rng = np.random.default_rng(3)
    field = as_float(rng.normal(size=shape) * np.exp2(rng.integers(-30, 16, shape)))
    if field.size:
        field.flat[:6] = [0, -0.0, 1e-8, -3e-8, 65519, 7e4]
    with np.errstate(over="ignore"):
        half = field.astype(np.float16)
    found = halves.to_half(field)
    assert found.dtype == np.float16
    assert (found.view(np.uint16) == half.view(np.uint16)).all()
    part = half[3:20, 5:]
    for strength in (1.0, 0.35, -0.8):
        wanted = part.astype(np.float32) * np.float32(strength)
        weighed = halves.weigh(part, strength)
        assert weighed.dtype == np.float32
        assert weighed.shape == part.shape
        assert np.array_equal(weighed, wanted)
