"""The picture inside its margins: found where it is, and only there."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from drawn_sitter import draw_sitter
from hypothesis import given, settings
from hypothesis import strategies as st

from catchlight.analysis.framing.base import lay_plan
from catchlight.analysis.framing.inside import find_inner_picture
from catchlight.analysis.subject import Subject, View
from catchlight.pixels import geometry


def make_scene(width: int = 420, height: int = 520) -> np.ndarray:
    """A sitter before a mottled wall."""
    drawn = draw_sitter(width, height, width / 2, height * 0.4, 50)
    noise = np.random.default_rng(1).normal(0, 9, (height // 12, width // 12, 3))
    big = cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(drawn.subject.picture.codes + big, 0, 255).astype(np.uint8)


@settings(max_examples=25, deadline=None)
@given(
    st.tuples(*[st.integers(0, 150)] * 4),
    st.sampled_from([(0, 0, 0), (255, 255, 255), (20, 18, 22)]),
)
def test_bars_are_left_out(bars: tuple[int, int, int, int], colour: tuple[int, int, int]) -> None:
    picture = make_scene()
    bars = tuple(b if b > 25 else 0 for b in bars)
    top, _, left, _ = bars
    photo = cv2.copyMakeBorder(picture, *bars, cv2.BORDER_CONSTANT, value=colour)
    found = find_inner_picture(photo)
    if not any(bars):
        assert found is None
        return
    assert found is not None
    corners, angle = found
    assert angle == 0
    low, high = corners.min(0), corners.max(0)
    want = [left, top], [left + 420, top + 520]
    # Never on the margin, and at most a hundredth of the photo inside.
    assert (low >= np.array(want[0]) - 1).all()
    assert (high <= np.array(want[1]) + 1).all()
    assert np.abs(low - want[0]).max() < 10
    assert np.abs(high - want[1]).max() < 10


@pytest.mark.parametrize("angle", [-20.0, -8.0, 5.0, 15.0])
@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255)])
def test_a_turned_scan_is_found_with_its_angle(angle: float, colour: tuple[int, ...]) -> None:
    picture = make_scene()
    h, w = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((w / 2, h / 2), -angle, 1)
    matrix[:, 2] += [120, 120]
    photo = cv2.warpAffine(picture, matrix, (w + 240, h + 240), borderValue=colour)
    found = find_inner_picture(photo)
    assert found is not None
    assert found[1] == pytest.approx(angle, abs=0.7)
    ones = cv2.warpAffine(np.ones((h, w), np.float32), matrix, (w + 240, h + 240))
    inner = np.zeros(ones.shape, np.uint8)
    cv2.fillPoly(inner, [np.round(found[0]).astype(np.int32)], 1)
    assert ones[inner > 0].mean() > 0.995
    assert inner.sum() > 0.93 * ones.sum()


@pytest.mark.parametrize("wall", [(255, 255, 255), (250, 250, 249), (3, 3, 3), (128, 128, 128)])
def test_a_studio_wall_is_no_margin(wall: tuple[int, int, int]) -> None:
    drawn = draw_sitter(420, 520, 210, 200, 50)
    alpha = drawn.cutout.alpha[..., None]
    pixels = alpha * drawn.subject.picture.codes + (1 - alpha) * np.array(wall)
    assert find_inner_picture(pixels.astype(np.uint8)) is None


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255)])
def test_a_tight_crop_turned_in_its_scan_is_found(colour: tuple[int, int, int]) -> None:
    """The eyes lie hardly an inter-eye distance below its upper border; corners are no picture."""
    drawn = draw_sitter(300, 330, 150, 100, 110, hair=0.2, wide=1.2)
    noise = np.random.default_rng(2).normal(0, 9, (330, 300, 1))
    pixels = np.clip(drawn.subject.picture.codes + noise, 60, 215).astype(np.uint8)
    turn = geometry.similarity(1.0, 6.0, np.array([150.0, 165.0]), np.array([175.0, 190.0]))
    scan = cv2.warpAffine(pixels, turn, (350, 380), borderValue=colour)
    picture = replace(drawn.subject.picture, codes=scan)
    face = drawn.subject.face.moved(turn)
    laid = lay_plan(Subject(picture, (face,), View(scan, np.eye(2, 3))))
    assert laid.margins
    assert laid.angle == pytest.approx(6.0, abs=0.7)


def test_a_margin_that_reaches_into_the_face_is_none() -> None:
    """White paper held before a mouth ends in a straight line, too."""
    drawn = draw_sitter(300, 400, 150, 150, 80)
    noise = np.random.default_rng(2).normal(0, 9, (400, 300, 1))
    pixels = np.clip(drawn.subject.picture.codes + noise, 60, 215).astype(np.uint8)
    pixels[int(drawn.subject.face.points[13, 1]) :] = 255
    picture = replace(drawn.subject.picture, codes=pixels)
    assert find_inner_picture(pixels) is not None
    laid = lay_plan(Subject(picture, drawn.subject.faces, View(pixels, np.eye(2, 3))))
    assert not laid.margins
