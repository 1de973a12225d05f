"""Two questions about colour: of a picture as a whole, and of skin alone."""

from __future__ import annotations

import numpy as np
import pytest

from catchlight.analysis.light.toned import is_grey, is_toned, measure_chroma
from catchlight.analysis.scene import Scene
from catchlight.arrays import Pixels
from catchlight.pixels import colour


def tone(pixels: Pixels, tint: tuple[float, float, float]) -> Pixels:
    """A print of one tone."""
    grey = np.repeat(colour.luminance(pixels)[..., None], 3, axis=2)
    return np.ascontiguousarray(grey * np.array(tint, np.float32))


@pytest.mark.parametrize(
    ("tint", "skin_is_grey"),
    [((1.0, 1.0, 1.0), True), ((1.1, 1.0, 0.75), False), ((0.7, 1.0, 1.2), False)],
)
def test_a_print_of_one_tone_is_told_and_its_skin_may_have_a_colour(
    tint: tuple[float, float, float], skin_is_grey: bool, astronaut_scene: Scene
) -> None:
    made = tone(astronaut_scene.small, tint)
    skin = astronaut_scene.regions["face_skin"] > 0.7
    assert is_toned(made)
    assert is_grey(measure_chroma(made[skin])) is skin_is_grey


def test_a_photo_in_colour_is_not_toned_nor_its_skin_grey(astronaut_scene: Scene) -> None:
    skin = astronaut_scene.regions["face_skin"] > 0.7
    assert not is_toned(astronaut_scene.small)
    assert not is_grey(measure_chroma(astronaut_scene.small[skin]))


def test_a_little_colour_in_a_picture_of_greys_is_colour(astronaut_scene: Scene) -> None:
    """A pale face and a red mouth before grey, as of one photo whose cast was not looked for."""
    made = tone(astronaut_scene.small, (1.0, 1.0, 1.0))
    h, w = made.shape[:2]
    made[h // 2 : h // 2 + h // 8, w // 2 : w // 2 + w // 5] *= np.array([1.4, 0.8, 0.7])
    assert not is_toned(made)


def test_of_nothing_nothing_is_said() -> None:
    assert measure_chroma(np.zeros((0, 3), np.float32)) is None
    assert not is_grey(None)
    assert not is_toned(np.full((8, 8, 3), 0.2, np.float32))
