"""Where alpha is unknown: further off outside of hair than beside clothes."""

from __future__ import annotations

import numpy as np
from drawn_sitter import make_face

from catchlight.analysis.cutout.edges import draw_trimap
from catchlight.analysis.face.landmarks import CHIN


def test_haze_outside_of_hair_is_unknown_and_beside_clothes_it_is_not() -> None:
    face = make_face(235, 190, 63 * 1.2)
    mm, h, w = face.px_per_mm, 470, 470
    person = np.zeros((h, w), np.float32)
    edge = 350
    person[:, 120:edge] = 1
    person[:, edge : edge + 8] = 0.2
    inside, outside = draw_trimap(person, face, np.zeros((h, w), bool))
    chin = round(float(face.points[CHIN, 1]))
    unknown = (inside < 0.5) & (outside < 0.5)
    reach = unknown[:, edge:].sum(axis=1)
    assert (reach[20 : chin - 1] >= 8 + round(3 * mm) - 1).all()
    assert (reach[20 : chin - 1] <= 8 + round(3 * mm) + 1).all()
    assert (reach[chin + 1 : -20] <= round(2 * mm) + 1).all()
