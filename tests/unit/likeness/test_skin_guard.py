"""The guard's one function: how far lit skin went."""

from __future__ import annotations

import numpy as np
import pytest

from catchlight.arrays import as_float
from catchlight.likeness.skin import UNCHANGED, find_lit_skin, measure_skin_change
from catchlight.pixels import colour

#: Light, medium and dark skin in one light.
TONES = ((72.0, 13.0, 17.0), (58.0, 15.0, 20.0), (38.0, 13.0, 16.0))


def skin(lab: tuple[float, float, float], n: int = 400) -> np.ndarray:
    rows = np.tile(np.array(lab, np.float32), (n, 1))
    rows[:, 0] += np.linspace(-6, 6, n)
    return colour.lab_to_p3(rows)


def moved(lab: tuple[float, float, float], lightness: float, chroma: float, hue: float) -> tuple:
    size, angle = np.hypot(lab[1], lab[2]) * (1 + chroma), np.arctan2(lab[2], lab[1])
    angle += np.radians(hue)
    return lab[0] + lightness, size * np.cos(angle), size * np.sin(angle)


@pytest.mark.parametrize("lab", TONES)
@pytest.mark.parametrize(
    ("change", "held"),
    [
        ((0, 0, 0), True),
        ((2.8, 0, 0), True),
        ((-3.4, 0, 0), False),
        ((0, 0.09, 0), True),
        ((0, -0.36, 0), False),
        ((0, 0, 3.6), True),
        ((0, 0, -4.6), False),
    ],
)
def test_what_passes_the_guard_and_what_does_not(
    lab: tuple[float, float, float], change: tuple[float, float, float], *, held: bool
) -> None:
    """Ash-grey (-36 % of chroma) and a lift by 3.4 L* are caught on light skin and on dark."""
    found = measure_skin_change(skin(lab), skin(moved(lab, *change)))
    assert found.held is held, found
    assert found.signed == pytest.approx(change, abs=0.15)


def test_a_twentieth_may_go_further_by_half_and_no_more() -> None:
    lab = TONES[0]
    before, after = skin(lab), skin(lab)
    after[-32:] = skin(moved(lab, 4.3, 0, 0))[-32:]  # 8 %, the brightest: no modelling is lost
    assert measure_skin_change(before, after).held
    after[-32:] = skin(moved(lab, 5.0, 0, 0))[-32:]
    assert not measure_skin_change(before, after).held


@pytest.mark.parametrize(("share", "held"), [(0.96, True), (0.94, False), (1.3, True)])
def test_a_face_is_not_made_flat(share: float, *, held: bool) -> None:
    """Nowhere by 3 L*, and yet it shows: what was lit loses what it stood out by."""
    before = skin(TONES[1])
    lab = colour.p3_to_lab(before)
    lab[:, 0] = 58 + share * (lab[:, 0] - 58)
    found = measure_skin_change(before, colour.lab_to_p3(lab))
    assert found.held is held, found
    assert found.modelling == pytest.approx(share - 1, abs=0.01)


def test_a_hot_spot_may_go() -> None:
    """Half a stop above lit skin shine begins, and what it stands out by is no modelling."""
    before = skin(TONES[2])
    before[-20:] *= np.float32(2.0**0.9)
    after = before.copy()
    after[-20:] *= np.float32(2.0**-0.25)
    assert measure_skin_change(before, after).modelling == pytest.approx(0, abs=1e-6)


def test_grey_has_no_hue_to_lose() -> None:
    found = measure_skin_change(skin((60, 0.3, 0.2)), skin((60, -0.2, 0.3)))
    assert found.held
    assert found.hue[1] < 0.5 * 4


def test_too_little_skin_is_no_change() -> None:
    assert measure_skin_change(skin(TONES[0], 10), skin(TONES[2], 10)) == UNCHANGED


def test_lit_skin_is_neither_shade_nor_glare_nor_burnt() -> None:
    pixels = np.full((40, 40, 3), 0.25, np.float32) * as_float([1.2, 1.0, 0.8])
    pixels[:8] *= 0.2
    pixels[8:10] = 0.9
    pixels[10:12] = 1.0
    found = find_lit_skin(pixels, np.ones((40, 40), np.float32))
    assert not found[:12].any()
    assert found[12:].all()
