"""The refiner: its window, its channels, and what it does with them."""

import numpy as np
import pytest

from catchlight.analysis.cutout import refiner
from catchlight.analysis.cutout.lent import no_maps
from catchlight.analysis.face.mesh import Face, Pose
from catchlight.errors import ModelError
from catchlight.models import own
from catchlight.pixels import geometry

H, W = refiner.HEIGHT, refiner.WIDTH
#: The row of the staged chin.
CHIN = 205.0


def face_at(x, y, ied=63.0):
    """A face whose mesh is an oval around the eyes' middle; irises are points 468 and 473."""
    a = np.linspace(0, 2 * np.pi, 478)
    mesh = np.stack([x + 0.9 * ied * np.cos(a), y + 0.4 * ied + 1.2 * ied * np.sin(a), 0 * a], 1)
    mesh[468], mesh[473] = (x - ied / 2, y, 0), (x + ied / 2, y, 0)
    return Face(mesh.astype(np.float32), 1.0, 1.0, Pose(0.0, 0.0, 0.0), ied)


def staged(hue=(200, 40, 40)):
    """A red disc with a red chest on grey, and votes that say so."""
    y, x = np.mgrid[0:H, 0:W]
    person = ((x - 144) / 50) ** 2 + ((y - 140) / 75) ** 2 < 1
    person |= (((x - 144) / 120) ** 2 + ((y - 340) / 120) ** 2 < 1) & (y > 200)
    rgb = np.where(person[..., None], np.uint8(hue), np.uint8([150, 150, 150]))
    faces = refiner.draw_faces((face_at(144, 132, 63 * refiner.SCALE),), np.eye(2, 3))
    return rgb.astype(np.uint8), person.astype(np.float32), faces


def test_the_eyes_lie_in_their_place_at_six_tenths_of_a_pixel_a_millimetre():
    face = face_at(500, 400, ied=126.0)
    window = refiner.window_of(face)
    assert geometry.apply(window, face.eyes.mean(0)[None])[0] == pytest.approx(refiner.EYES)
    assert geometry.scale_of(window) * face.px_per_mm == pytest.approx(refiner.SCALE)


def test_the_sitters_head_is_1_and_a_neighbours_minus_1_also_where_they_overlap():
    sitter, other = face_at(144, 132, 40), face_at(184, 132, 40)
    drawn = refiner.draw_faces((sitter, other), np.eye(2, 3))
    assert drawn[132, 144] == 1
    assert drawn[132, 164] == 1
    assert drawn[132, 205] == -1
    assert drawn[10, 10] == 0


def test_votes_that_agree_are_believed_and_nothing_is_person_outside_the_photo():
    rgb, person, faces = staged()
    inside = np.ones((H, W), np.float32)
    inside[:, 260:] = 0
    drawn = refiner.decide(rgb, person, person, person, faces, inside, no_maps(), CHIN)
    alpha, doubt = drawn.alpha, drawn.doubt
    assert alpha.shape == drawn.told.shape == doubt.shape == (H, W)
    assert not drawn.told[:, 260:].any()
    assert not alpha[:, 260:].any()
    seen = person > 0.5
    seen[:, 250:] = False
    assert alpha[seen].mean() > 0.9
    assert alpha[(person < 0.5)].mean() < 0.08
    assert 0 <= doubt.min() <= doubt.max() <= 1


def test_it_answers_without_one_of_the_votes():
    rgb, person, faces = staged()
    inside = np.ones((H, W), np.float32)
    alpha = refiner.decide(rgb, person, None, person, faces, inside, no_maps(), CHIN).alpha
    assert np.abs(alpha - person).mean() < 0.1


def test_weights_that_are_missing_say_what_to_do():
    with pytest.raises(ModelError, match="Install the package again"):
        own.own_file("no_such_network")


def test_the_surer_of_two_networks_counts_more(monkeypatch):
    # One says person and does not know, the other says ground and knows.
    answers = {"matte_coarse": (1.0, 0.4), "matte_lent": (0.0, 0.01)}

    def answer(name, x, *lent):
        assert len(lent) == (3 if name == "matte_lent" else 0)
        return np.stack([np.full((1, H, W), v, np.float32) for v in answers[name]], 1)

    monkeypatch.setattr(refiner, "run_own", answer)
    rgb, person, faces = staged()
    inside = np.ones((H, W), np.float32)
    drawn = refiner.decide(rgb, person, None, person, faces, inside, no_maps(), CHIN)
    assert drawn.alpha[:205].max() < 0.01
    # The body is the first network's.
    assert drawn.alpha[216:].min() == 1
    # What the lent one alone says, and how sure it is, is kept apart.
    assert not drawn.told.any()
    assert drawn.doubt == pytest.approx(np.full((H, W), 0.01))
    answers["matte_lent"] = (0.0, 0.4)
    alpha = refiner.decide(rgb, person, None, person, faces, inside, no_maps(), CHIN).alpha
    assert alpha[:205] == pytest.approx(np.full((205, W), 0.5))


def test_what_all_three_call_the_sitter_is_the_sitter_but_not_beside_another_face():
    rgb, person, faces = staged()
    inside = np.ones((H, W), np.float32)
    wing = np.zeros_like(person)
    wing[60:180, 15:80] = 1  # a block of wall-coloured "hair" that ours do not believe
    votes = np.maximum(person, wing)
    alone = refiner.decide(rgb, votes, votes, votes, faces, inside, no_maps(), CHIN).alpha
    assert alone[wing > 0].min() > 0.99
    crowd = faces.copy()
    crowd[90:130, 30:60] = -1
    beside = refiner.decide(rgb, votes, votes, votes, crowd, inside, no_maps(), CHIN).alpha
    assert beside[90:130, 30:60].mean() < 0.5
