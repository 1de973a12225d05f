"""Where a plan lies: what a hand on the page begins with is where a Look would put it."""

from __future__ import annotations

import numpy as np
import pytest
from places import ROOT

from catchlight.look import Look
from catchlight.studio.clock import Clock
from catchlight.studio.headshot import frame_subject, open_photo

pytestmark = pytest.mark.models


def test_a_frame_asked_for_by_the_place_that_is_told_is_the_same_frame() -> None:
    from catchlight.analysis.subject import open_subject
    from catchlight.web.rooms.where import tell_where

    photo = ROOT / "examples" / "astronaut.jpg"
    subject = open_subject(open_photo(photo, max_megapixels=120))
    look = Look(crop="square", head=0.5, turn=4.0, size=(600, 600))
    frame, scene, _ = frame_subject(subject, look, stage=Clock(), longest=600)
    told = tell_where(scene, (frame.width, frame.height))
    again = look.model_copy(
        update={"place": tuple(told["place"]), "turn": told["turn"], "head": None}
    )
    second, _, _ = frame_subject(subject, again, stage=Clock(), longest=600)
    ends = np.array([[0, 0, 1], [500, 500, 1]]).T
    assert np.abs(frame.transform @ ends - second.transform @ ends).max() < 1.5
    # A scene is measured larger than a small frame that was asked for.
    eyes = scene.face.eyes.mean(0) * frame.width / scene.frame.width
    assert told["face"]["middle"] == pytest.approx(eyes.tolist(), abs=0.1)
    assert np.hypot(*told["face"]["across"]) == pytest.approx(1, abs=1e-3)
    # Half the size: the same place, half the pixels.
    half = tell_where(scene, (300, 300))
    assert half["place"] == told["place"]
    assert half["face"]["px_per_mm"] == pytest.approx(told["face"]["px_per_mm"] / 2)
