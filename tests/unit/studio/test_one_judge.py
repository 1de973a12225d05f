"""One judge of exposure: the adjustment, polish and ``pick`` say the same of one photo."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import sitter

from catchlight.analysis.light.around import Around
from catchlight.analysis.scene import Scene
from catchlight.images import Picture
from catchlight.likeness.observe import observe_photo, observe_scene
from catchlight.look import Look
from catchlight.polish import measure_polish
from catchlight.studio import develop, study
from catchlight.studio.comparison import Comparison

#: Polish is judged at 512 pixels, a scene at 640: so far apart may the two say it, in stops.
CLOSE = 0.12
LOOK = Look(backdrop="keep", crop="headshot", matte="fast", adjust={"detail": 0.0})


def put_beside_white(picture: Picture, stops: float) -> Picture:
    """The picture darker by so many stops, and to its right a white wall that stays white."""
    dark = sitter.expose(picture.linear(), -stops)
    h, w = dark.shape[:2]
    # With a grain and a slope: what is quite even is a bar, and no part of the photo.
    wall = (
        np.random.default_rng(5).uniform(0.7, 1.0, (h, w // 5, 1))
        * np.linspace(1, 0.6, h)[:, None, None]
    )
    return sitter.make_photo(np.hstack([dark, np.repeat(wall, 3, axis=2)]).astype(np.float32))


def test_white_that_no_frame_shows_counts_for_all_three(astronaut: Picture) -> None:
    photo = put_beside_white(astronaut, 2.2)
    scene = study(photo, LOOK)
    assert scene.small.max() < 0.9, "the wall is in the frame"
    given = scene.exposed.off
    assert replace(scene, around=None).exposed.off > given + 0.4, "the wall says nothing"
    framed = measure_polish(observe_scene(scene))["exposure"].value
    ranked = measure_polish(observe_photo(photo), framed=False)["exposure"].value
    assert framed == pytest.approx(given, abs=CLOSE)
    assert ranked == pytest.approx(given, abs=CLOSE)


def test_noise_limits_what_is_given_and_not_what_is_said(near_scene: Scene) -> None:
    dark = sitter.refresh(near_scene, near_scene.pixels * np.float32(0.2))
    grainy = replace(dark, quality=replace(dark.quality, noise=0.03))
    assert grainy.exposed.stops < dark.exposed.stops - 0.5
    assert grainy.exposed.off == dark.exposed.off


def test_what_was_given_to_the_frame_is_given_to_the_white_around_it(near_scene: Scene) -> None:
    """A result is not called dark by a wall that a camera would have lifted with it."""
    around = Around(top=-1.9, beside=0.3)
    dark = replace(sitter.refresh(near_scene, near_scene.pixels * np.float32(0.2)), around=around)
    look = LOOK.model_copy(update={"adjust": {**LOOK.strengths, "exposure": 1.0}})
    held, made = Comparison(dark), develop(dark, look)
    seen = held.see(made, look)
    assert held.before.around == around
    assert seen.around is not None
    assert seen.around.beside == around.beside
    assert seen.around.top == pytest.approx(-1.9 + dark.exposed.stops, abs=0.35)
    assert seen.around.top > -1.9 + 0.5
    assert seen.around.top <= 0
