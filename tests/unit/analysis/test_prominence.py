"""Whose portrait a photo with several faces is."""

from __future__ import annotations

from catchlight.analysis.subject import _prominence
from support.drawn_sitter import make_face


def test_whole_face_comes_before_a_larger_one_that_the_border_cuts() -> None:
    # Met in a test picture: a neighbour 1.4 times as large, a seventh of whose face lay beyond
    # the photo, was taken for the sitter in the middle.
    whole, cut = make_face(675, 620, 230), make_face(200, 630, 325)
    beyond = float((cut.points[:, 0] < 0).mean())
    assert 0.08 < beyond < 0.25
    assert _prominence(whole, 1350, 1350) > _prominence(cut, 1350, 1350)
    # Wholly shown, the larger one is the sitter.
    inside = make_face(450, 630, 325)
    assert (inside.points[:, 0] >= 0).all()
    assert _prominence(inside, 1350, 1350) > _prominence(whole, 1350, 1350)
