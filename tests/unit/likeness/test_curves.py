"""Curves: what light does is shared, what a whitening curve does is not."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from catchlight.arrays import as_float
from catchlight.likeness.curves import Sample, measure_unshared
from catchlight.pixels.tones import lift, lower

#: Linear luminance of skins from light to dark, and of what is beside them.
SKINS = (0.42, 0.25, 0.12, 0.06)
FEATURES = (0.012, 0.02, 0.03, 0.55, 0.7)
LEAST = 4 / 116


def code(y: float) -> float:
    return float(y ** (1 / 2.2))


def light(c: float) -> float:
    return float(c**2.2)


def unshared(curve: Callable[[float], float], skin: float) -> tuple[float, float]:
    """The rise of a skin under a curve of linear luminance, and what of it is not shared."""
    rise = math.log(curve(skin) / skin)
    samples = []
    for y in FEATURES:
        if abs(math.log(y / skin)) > 0.25:
            samples.append(Sample(math.log(y / skin), rise - math.log(curve(y) / y)))
    return rise, measure_unshared(samples, rise, -math.log(skin))


@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("stops", [-1.0, -0.33, 0.33, 0.5])
def test_exposure_is_shared_by_all(skin: float, stops: float) -> None:
    rise, found = unshared(lambda y: y * 2.0**stops, skin)
    assert rise == pytest.approx(stops * math.log(2))
    assert found == 0


@pytest.mark.parametrize("skin", SKINS)
def test_our_own_exposure_with_its_shoulder_is_light(skin: float) -> None:
    def curve(y: float) -> float:
        return y * 2.0 ** float(lift(as_float([y]), 0.33)[0])

    rise, found = unshared(curve, skin)
    assert rise > 0.15
    assert found < 0.3 * rise


@pytest.mark.parametrize("skin", SKINS)
def test_our_own_darkening_that_holds_white_is_light(skin: float) -> None:
    def curve(y: float) -> float:
        return y * 2.0 ** float(lower(as_float([y]), 0.4)[0])

    rise, found = unshared(curve, skin)
    assert rise < -0.2
    assert abs(found) < 0.3 * abs(rise)


@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize(
    "curve",
    [
        lambda y: light(code(y) ** 0.85),
        lambda y: light(math.log1p(code(y) * 0.6) / math.log(1.6)),
        lambda y: light(1 - (1 - code(y)) * (1 - 0.2 * code(y))),
    ],
    ids=["gamma", "logarithm", "screen"],
)
def test_whitening_curves_are_pigment_on_every_skin(
    skin: float, curve: Callable[[float], float]
) -> None:
    rise, found = unshared(curve, skin)
    assert rise > 0.05
    assert found > 0.6 * rise


def test_a_lift_of_the_middle_alone_is_pigment_and_contrast_is_not() -> None:
    middle = unshared(lambda y: y * (1.25 if 0.1 < y < 0.5 else 1.0), 0.25)
    assert middle[1] == pytest.approx(middle[0])
    contrast = unshared(lambda y: y * (y / 0.2) ** 0.3, 0.25)
    assert contrast[1] == 0


def test_a_darkening_is_told_with_its_sign_and_nothing_seen_is_nothing() -> None:
    rise, found = unshared(lambda y: light(code(y) ** 1.2), 0.25)
    assert rise < 0
    assert found == pytest.approx(rise)
    assert measure_unshared([], 0.3, 1.0) == 0
    assert measure_unshared([Sample(0.5, 0.1)], 0.0, 1.0) == 0
