"""Which way up a photo is: turned by quarters only for a face that is found far better so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawn_sitter import draw_sitter

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.upright import stand_up
from catchlight.images import Picture


@pytest.mark.parametrize(
    ("as_it_lies", "upside", "turned"),
    [
        (0.86, 0.98, True),  # passed for an upright one: a photo stayed on its head
        (0.86, 0.90, False),  # not surer enough
        (0.90, 0.99, False),  # sure as it lies
        (0.50, 0.75, True),
    ],
)
def test_a_photo_is_turned_for_a_surer_face(as_it_lies: float, upside: float, turned: bool) -> None:
    drawn = draw_sitter(200, 240, 100, 100, 30)
    picture, face = drawn.subject.picture, drawn.subject.face

    def find(way: Picture) -> list[Face]:
        right = (way.codes == picture.codes[::-1, ::-1]).all() if len(way.codes) == 240 else False
        return [replace(face, score=upside)] if right else []

    found, faces = stand_up(picture, [replace(face, score=as_it_lies)], find)
    assert (faces[0].score == upside) == turned
    assert any("upside down" in note for note in found.notes) == turned
