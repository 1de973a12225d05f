"""A pattern is told where something comes back evenly, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from catchlight.advice.pattern import measure_even, measure_evenness
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, Pixels, as_float
from catchlight.pixels import colour, filters

#: Pixels a millimetre, and a cloth of 120 x 160 mm in L*.
MM = 3.0
ALL = np.ones((360, 480), np.float32)
Y, X = (as_float(v / MM) for v in np.mgrid[:360, :480])


def fold(strength: float) -> Float:
    """Folds, knit and noise: a field whose spectrum falls evenly, of so much contrast in L*."""
    noise = as_float(np.random.default_rng(18).standard_normal(ALL.shape))
    scales = (0.6, 1.2, 2.4, 5.0, 10.0, 20.0)
    field = sum(s * filters.blur(noise, s * MM) / filters.blur(noise, s * MM).std() for s in scales)
    return as_float(60 + strength * field / field.std())


@pytest.mark.parametrize("period", [2.2, 4.0, 7.0])
@pytest.mark.parametrize("way", ["down", "across", "aslant", "check", "bent"])
def test_what_comes_back_evenly_is_told_with_its_period(period: float, way: str) -> None:
    line = {"down": X, "across": Y, "bent": X + 6 * np.sin(Y / 30)}.get(way, (X + Y) / 2**0.5)
    wave = np.sign(np.sin(2 * np.pi * line / period))
    if way == "check":
        wave = np.sign(np.sin(2 * np.pi * X / period)) + np.sign(np.sin(2 * np.pi * Y / period))
    found = measure_evenness(as_float(fold(4.0) + 5 * wave), ALL, MM)
    assert found.share > 0.6
    assert abs(found.period / period - 1) < 0.15
    # The first harmonic of a square wave of 5 L* has a standard deviation of 4.5.
    assert 3.4 < found.contrast < 5.6


@pytest.mark.parametrize("strength", [0.5, 4.0, 12.0])
def test_folds_knit_and_noise_are_no_pattern(strength: float) -> None:
    assert measure_evenness(fold(strength), ALL, MM).share < 0.1


def test_one_edge_and_a_pale_weave_are_none() -> None:
    lapel = as_float(fold(1.0) - 30 * (X + 0.4 * Y > 100))
    assert measure_evenness(lapel, ALL, MM).share < 0.1
    weave = as_float(60 + 0.8 * np.sin(2 * np.pi * X / 3.0))
    assert measure_evenness(weave, ALL, MM).share == 0
    assert measure_evenness(weave, np.zeros_like(ALL), MM).places == 0


def test_a_striped_suit_is_told_and_the_plain_one_is_not(astronaut_scene: Scene) -> None:
    scene = astronaut_scene
    plain = measure_even(scene)
    assert plain["even"].value < 0.2
    found = measure_even(stripe(scene, scene.pixels))
    assert found["even"].value > 0.6
    assert abs(found["even_period"].value - 4.0) < 0.5
    assert found["even"].sure == 1


def test_stripes_are_told_where_cloth_is_not(astronaut_scene: Scene) -> None:
    """A suit of the skin's own colour is told from it by its stripes alone, at half the surety."""
    scene, (h, w) = astronaut_scene, astronaut_scene.pixels.shape[:2]
    skin = np.median(scene.small[scene.regions["face_skin"] > 0.7], axis=0)
    cloth = filters.resize(scene.garment.cloth, w, h)[..., None]
    bare = as_float(scene.pixels * (1 - cloth) + skin * cloth)
    striped = stripe(scene, bare)
    assert not striped.garment.seen
    found = measure_even(striped)
    assert found["even"].value > 0.5
    assert found["even"].sure < 1


def stripe(scene: Scene, pixels: Pixels) -> Scene:
    """The scene with stripes of 4 mm and 12 L* on its clothes."""
    h, w = pixels.shape[:2]
    lab = colour.p3_to_lab(np.clip(pixels, 0, 1))
    wave = np.sin(2 * np.pi * np.arange(w) / (4.0 * scene.face.px_per_mm))
    lab[..., 0] -= filters.resize(scene.garment.cloth, w, h) * as_float(6 + 6 * wave)
    made = as_float(np.clip(colour.lab_to_p3(lab), 0, 1))
    sh, sw = scene.small.shape[:2]
    return replace(scene, pixels=made, small=filters.resize(made, sw, sh))
