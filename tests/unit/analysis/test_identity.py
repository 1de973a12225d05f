"""Identity: one vector a face whatever the picture's size, and the same from either side."""

from __future__ import annotations

import numpy as np
import pytest
import sitter

from catchlight.analysis.face.identity import ask_witness, measure_distance, measure_identity
from catchlight.analysis.subject import Subject, open_subject
from catchlight.images import Picture
from catchlight.pixels import geometry


@pytest.fixture(scope="module")
def subject(astronaut: Picture, need_models: None) -> Subject:
    return open_subject(sitter.enlarge(astronaut, 2))


def test_an_identity_has_length_1_and_comes_out_the_same(subject: Subject) -> None:
    face = subject.face.moved(subject.view.transform)
    found = measure_identity(subject.view.pixels, face)
    assert found.shape == (128,) and found.dtype == np.float32
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-5)
    assert measure_distance(found, measure_identity(subject.view.pixels, face)) == 0


def test_the_mirror_shows_the_same_person(subject: Subject) -> None:
    codes = subject.view.pixels
    face = subject.face.moved(subject.view.transform)
    mirrored = sitter.mirror_face(face, codes.shape[1])  # its chip is not quite symmetric
    there = measure_identity(np.ascontiguousarray(codes[:, ::-1]), mirrored)
    assert measure_distance(there, measure_identity(codes, face)) < 0.2


def test_a_picture_half_as_large_shows_the_same_person_and_another_crop_of_it_nobody(
    subject: Subject,
) -> None:
    codes = subject.view.pixels
    face = subject.face.moved(subject.view.transform)
    own = measure_identity(codes, face)
    half = np.ascontiguousarray(codes[::2, ::2])
    assert (
        measure_distance(own, measure_identity(half, face.moved(geometry.scaling(0.5, 0.5)))) < 0.5
    )
    beside = face.moved(geometry.translation(2.5 * face.ied, 2.0 * face.ied))
    assert measure_distance(own, measure_identity(codes, beside)) > 0.9


def test_the_witness_speaks_another_language(subject: Subject) -> None:
    face = subject.face.moved(subject.view.transform)
    found = ask_witness(subject.view.pixels, face)
    assert found.shape == (128,)
    assert 1.2 < np.linalg.norm(found) < 1.7
