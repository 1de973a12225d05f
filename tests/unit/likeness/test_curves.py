"""Curves: what light does is shared, what a whitening curve does is not."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
import pytest

from catchlight.arrays import Mask, Pixels, as_float
from catchlight.likeness.curves import Sample, attribute, measure_unshared
from catchlight.likeness.whole_curve import find_curve, measure_lag
from catchlight.pixels import colour
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


# --- The whole curve, read off a picture ----------------------------------------------------------


def person(skin: float) -> tuple[Pixels, Mask]:
    """A face among dark hair, a dark coat and a pale collar: levels of every kind, each spread."""
    rng = np.random.default_rng(4)
    picture = np.empty((80, 60, 3), np.float32)
    for rows, level in ((20, 0.02), (50, skin), (58, 0.62), (70, 0.05), (80, 0.25)):
        start = {20: 0, 50: 20, 58: 50, 70: 58, 80: 70}[rows]
        picture[start:rows] = level * np.float32([1.15, 0.95, 0.8])
    picture *= np.exp2(rng.uniform(-0.7, 0.4, (80, 60, 1))).astype(np.float32)
    # Neighbours are alike, as they are at one sample a millimetre.
    return cv2.blur(np.minimum(picture, 0.8), (3, 3)), np.ones((80, 60), np.float32)


def unshared_of_all(change: Callable[[Pixels], Pixels], skin: float) -> tuple[float, float]:
    picture, alpha = person(skin)
    after = change(picture)
    curve = find_curve(picture, after, alpha, px_per_mm=1.0)
    y0, y1 = (float(np.median(colour.luminance(x)[25:45])) for x in (picture, after))
    rise = math.log(y1 / y0)
    return rise, 0.0 if curve is None else measure_lag(curve, y0, rise)


@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("name", ["logarithm", "gamma", "screen", "middle tones"])
def test_a_whitening_curve_is_read_from_end_to_end(name: str, skin: float) -> None:
    curves: dict[str, Callable[[Pixels], Pixels]] = {
        "logarithm": lambda c: np.log1p(0.6 * c) / math.log(1.6),
        "gamma": lambda c: c**0.9,
        "screen": lambda c: 1 - (1 - c) * (1 - 0.12 * c),
        "middle tones": lambda c: c + 0.05 * np.sin(np.pi * c) ** 2,
    }
    rise, found = unshared_of_all(lambda x: as_float(curves[name](x ** (1 / 2.2)) ** 2.2), skin)
    assert rise > 0.05
    assert attribute(found, rise) > 0.9 * rise


@pytest.mark.parametrize("skin", SKINS)
def test_exposure_and_light_from_the_side_are_no_curve(skin: float) -> None:
    slope = np.exp2(np.linspace(-0.7, 0.7, 60, dtype=np.float32))[None, :, None]
    for change in (
        lambda x: as_float(x * 2**0.33),
        lambda x: as_float(x * 2**-0.5),
        lambda x: as_float(x * np.exp2(lift(colour.luminance(x), 0.5))[..., None]),
        lambda x: as_float(x * slope),
    ):
        rise, found = unshared_of_all(change, skin)
        assert abs(attribute(found, rise)) < 0.1 * max(abs(rise), 0.1)


@pytest.mark.parametrize("skin", SKINS)
def test_contrast_is_not_held_against_anybody(skin: float) -> None:
    """Dark darker and bright brighter: the skin may rise with the bright."""
    rise, found = unshared_of_all(
        lambda x: as_float(np.clip(x * (0.9 + 0.5 * x ** (1 / 2.2)), 0, 1)), skin
    )
    assert attribute(found, rise) == 0
