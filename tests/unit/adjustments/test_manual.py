"""Brightness and warmth by hand: they always act, both ways, and ask nothing of the photo."""

from __future__ import annotations

import numpy as np
import pytest
import sitter

from catchlight.adjustments.catalogue import BY_NAME
from catchlight.analysis.scene import Scene
from catchlight.look import Look
from catchlight.params import Params
from catchlight.pixels import colour
from catchlight.studio import develop


def change(scene: Scene, **strengths: float) -> tuple[np.ndarray, np.ndarray]:
    zero = dict.fromkeys(BY_NAME, 0.0)
    before = sitter.cheek_lab(scene.pixels, scene.face)
    out = develop(scene, Look(backdrop="keep", adjust={**zero, **strengths})).pixels
    return before, sitter.cheek_lab(out, scene.face)


@pytest.mark.parametrize("name", ["brightness", "warmth"])
def test_they_act_on_a_good_photo_and_are_off_by_default(name: str, near_scene: Scene) -> None:
    assert BY_NAME[name].default == 0
    assert BY_NAME[name].low == -1
    assert BY_NAME[name].build(near_scene, Params()) is not None


def test_brightness_goes_both_ways(near_scene: Scene) -> None:
    before, up = change(near_scene, brightness=0.5)
    _, down = change(near_scene, brightness=-0.5)
    assert up[0] > before[0] + 4
    assert down[0] < before[0] - 4


def test_warmth_goes_both_ways_at_equal_luminance(near_scene: Scene) -> None:
    before, warm = change(near_scene, warmth=1.0)
    _, cool = change(near_scene, warmth=-1.0)
    assert warm[2] > before[2] + 3
    assert cool[2] < before[2] - 3
    grey = near_scene.pixels * 0 + np.float32(0.3)
    edit = BY_NAME["warmth"].build(near_scene, Params())
    assert edit is not None
    after = grey * np.exp2(edit.stops)
    assert float(colour.luminance(after).mean()) == pytest.approx(0.3, abs=1e-3)
