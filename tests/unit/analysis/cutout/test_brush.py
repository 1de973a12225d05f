"""Strokes: checked, written and read with the Look, and obeyed by the cut-out at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from catchlight.analysis.cutout.brush import draw_stroke, obey, to_face
from catchlight.analysis.cutout.stroke import Stroke
from catchlight.analysis.subject import Subject
from catchlight.errors import LookError
from catchlight.look import Look, dump_look, load_look, parse_look
from catchlight.models import runners
from catchlight.pixels import geometry
from catchlight.studio.clock import Clock
from catchlight.studio.headshot import frame_subject
from catchlight.studio.variants import frame_key

#: Over the wall right of the astronaut's head, and over her hair above the forehead.
KEEP = Stroke(kind="keep", points=((110.0, -60.0), (130.0, -40.0)), radius=9.0)
REMOVE = Stroke(kind="remove", points=((-20.0, -75.0), (20.0, -75.0)), radius=8.0)


def drawn(subject: Subject, stroke: Stroke, radius: float) -> np.ndarray:
    cutout = subject.cutout
    h, w = cutout.alpha.shape
    return draw_stroke(stroke, geometry.invert(to_face(cutout.face)), (w, h), radius)


def test_strokes_are_obeyed(astronaut_subject: Subject) -> None:
    before = astronaut_subject.cutout
    core = {s.kind: drawn(astronaut_subject, s, 0.5 * s.radius) for s in (KEEP, REMOVE)}
    assert before.alpha[core["keep"]].max() < 0.5
    assert before.alpha[core["remove"]].min() > 0.5
    after = obey(before, (KEEP, REMOVE))
    assert after.alpha[core["keep"]].min() == 1
    assert after.alpha[core["remove"]].max() == 0
    assert after.confidence[core["keep"] | core["remove"]].min() == 1


def test_beyond_a_strokes_rim_nothing_changes(astronaut_subject: Subject) -> None:
    before = astronaut_subject.cutout
    after = obey(before, (KEEP, REMOVE))
    near = drawn(astronaut_subject, KEEP, KEEP.radius + 2.5)
    near |= drawn(astronaut_subject, REMOVE, REMOVE.radius + 2.5)
    assert np.array_equal(after.alpha[~near], before.alpha[~near])
    assert obey(before, ()) is before


def test_a_later_stroke_paints_over_an_earlier_one(astronaut_subject: Subject) -> None:
    undo = KEEP.model_copy(update={"kind": "remove"})
    core = drawn(astronaut_subject, KEEP, 0.5 * KEEP.radius)
    cutout = astronaut_subject.cutout
    assert obey(cutout, (KEEP, undo)).alpha[core].max() == 0
    assert obey(cutout, (undo, KEEP)).alpha[core].min() == 1


def test_strokes_hold_in_millimetres_of_the_face(
    astronaut_subject: Subject, near_subject: Subject
) -> None:
    """Twice the photo's size, the same stroke covers the same part of the head."""
    for subject in (astronaut_subject, near_subject):
        cutout = subject.cutout
        left, right = cutout.face.eyes
        eyes = geometry.apply(to_face(cutout.face), cutout.face.eyes)
        assert eyes[0] == pytest.approx([-eyes[1][0], 0], abs=0.1)
        # 63 mm apart but for the turn of the head.
        assert 40 < np.linalg.norm(eyes[1] - eyes[0]) <= 70
        assert left[0] < right[0]
    shares = [
        drawn(s, KEEP, KEEP.radius).sum() / s.cutout.face.px_per_mm**2
        for s in (astronaut_subject, near_subject)
    ]
    assert shares[0] == pytest.approx(shares[1], rel=0.06)


def test_no_network_runs_again(astronaut_subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    cutout = astronaut_subject.cutout

    def refuse(*_: object) -> None:
        raise AssertionError("a network was run for a stroke")

    monkeypatch.setattr(runners, "_session", refuse)
    assert obey(cutout, (KEEP,)).alpha.max() == 1


def test_a_look_with_strokes_makes_its_own_scene(astronaut_subject: Subject) -> None:
    look = Look(matte="fast", size=640, strokes=(REMOVE,), adjust={"detail": 0.0})
    bare = look.model_copy(update={"strokes": ()})
    assert frame_key(look) != frame_key(bare)
    _, scene, _ = frame_subject(astronaut_subject, look, stage=Clock())
    eyes = scene.face.eyes.mean(0)
    x, y = eyes + scene.face.px_per_mm * np.float32([0, -75])
    assert scene.matte.alpha[round(float(y)), round(float(x))] < 0.05


def test_strokes_are_written_and_read_with_the_look(tmp_path: Path) -> None:
    look = Look(strokes=(KEEP, REMOVE))
    file = tmp_path / "look.toml"
    file.write_text(dump_look(look))
    assert load_look(file).strokes == look.strokes


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "kept", "points": [[0, 0]], "radius": 3}, "strokes.0.kind"),
        ({"kind": "keep", "points": [], "radius": 3}, "strokes.0.points"),
        ({"kind": "keep", "points": [[0, 9000]], "radius": 3}, "strokes.0.points.0.1"),
        ({"kind": "keep", "points": [[0, float("nan")]], "radius": 3}, "strokes.0.points.0.1"),
        ({"kind": "keep", "points": [[0, 0]], "radius": 0}, "strokes.0.radius"),
        ({"kind": "keep", "points": [[0, 0]], "radius": 3, "soft": 1}, "strokes.0.soft"),
    ],
)
def test_a_wrong_stroke_is_refused_by_name(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(LookError, match=said):
        parse_look({"strokes": [wrong]})


def test_a_stroke_outside_the_photo_changes_nothing(astronaut_subject: Subject) -> None:
    far = Stroke(kind="keep", points=((1900.0, 1900.0),), radius=10)
    cutout = astronaut_subject.cutout
    assert np.array_equal(obey(cutout, (far,)).alpha, cutout.alpha)
