"""Who else stands in the photo: left out where a tighter frame can, unseen where nobody is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawn_sitter import Drawn, draw_sitter, make_face

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.frame import Frame
from catchlight.analysis.framing.plan import plan_frame


def plan_beside(drawn: Drawn, other: Face | None, head: float) -> Frame:
    faces = (drawn.subject.face,) if other is None else (drawn.subject.face, other)
    subject = replace(drawn.subject, faces=faces)
    return plan_frame(
        subject, "headshot", size=None, stay_inside=True, cutout=drawn.cutout, head=head
    )


@pytest.mark.parametrize("x", [760, 780, 800])
def test_half_a_stranger_is_left_out_by_a_tighter_frame(x: float) -> None:
    """At the size that is asked for her head would stand in the frame, whole or in half."""
    drawn = draw_sitter(1300, 1200, 500, 420, 60)
    other = make_face(x, 430, 55)
    asked, frame = (plan_beside(drawn, who, 0.32) for who in (None, other))
    x0, x1 = asked.width, frame.width
    assert other.moved(asked.transform).box[0] < x0
    assert other.moved(frame.transform).box[0] > x1 - 2
    assert frame.head < 0.55


@pytest.mark.parametrize(
    ("x", "y", "ied", "score"),
    [(480, 760, 25, 0.66), (760, 300, 50, 0.56)],
    ids=["shoulder", "leaves"],
)
def test_a_face_that_is_none_moves_nothing(x: float, y: float, ied: float, score: float) -> None:
    """The detector is not sure of it: five of 162 photos had one."""
    drawn = draw_sitter(1300, 1200, 500, 420, 60)
    none = replace(make_face(x, y, ied), score=score)
    alone, beside = (plan_beside(drawn, who, 0.32) for who in (None, none))
    assert np.array_equal(alone.transform, beside.transform)
