"""What lies around a head is told of the photo: tight or wide, a frame has no say in exposure."""

from __future__ import annotations

import numpy as np
import sitter

from catchlight.analysis.light.around import measure_beside
from catchlight.analysis.scene import Scene
from catchlight.likeness.observe import observe_scene, observe_subject


def test_adjustment_polish_and_pick_know_one_photo(near_scene: Scene) -> None:
    around = near_scene.subject.around
    assert 0 < around.beside < 1
    seen = (observe_scene(near_scene), observe_subject(near_scene.subject))
    assert [o.around for o in seen] == [around, around]
    assert near_scene.around == around
    assert near_scene.anchors.beside == around.beside
    assert near_scene.anchors.top >= around.top


def test_the_window_says_what_a_square_frame_does(near_scene: Scene) -> None:
    own = measure_beside(near_scene.small, near_scene.regions)
    assert abs(own - near_scene.subject.around.beside) < 0.2


def test_what_is_not_lit_is_nothing_beside(near_scene: Scene) -> None:
    """A black ground has nothing white to show."""
    pixels, parts = near_scene.small, near_scene.regions
    night = np.where(parts["person"][..., None] > 0.5, pixels, 2.0**-9 * pixels)
    whole = measure_beside(pixels, parts)
    assert measure_beside(night.astype(np.float32), parts) < 0.5 * whole
    assert measure_beside(pixels, parts, np.zeros(pixels.shape[:2], np.bool_)) == 0
    dark = sitter.refresh(near_scene, 0.25 * near_scene.pixels)
    assert abs(dark.anchors.beside - whole) < 0.02
