"""The picture inside its margins: found where it is, and only there."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from drawn_sitter import Drawn, draw_sitter
from hypothesis import given, settings
from hypothesis import strategies as st

from catchlight.analysis.framing.base import lay_plan, look_at
from catchlight.analysis.framing.inside import find_inner_picture
from catchlight.analysis.framing.plan import plan_frame
from catchlight.analysis.subject import Subject, View
from catchlight.pixels import geometry
from catchlight.pixels.grid import Grid


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


@pytest.mark.parametrize("angle", [-35.0, 12.0])
def test_a_white_sky_that_runs_into_the_margin_hides_no_turned_scan(angle: float) -> None:
    """The edge beside it is no straight one: what fills a turned rectangle is one all the same."""
    picture = make_scene()
    cv2.ellipse(picture, (120, 0), (50, 40), 0, 0, 360, (255, 255, 255), -1)
    h, w = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((w / 2, h / 2), -angle, 1)
    matrix[:, 2] += [120, 120]
    photo = cv2.warpAffine(picture, matrix, (w + 240, h + 240), borderValue=(255, 255, 255))
    found = find_inner_picture(photo)
    assert found is not None
    assert found[1] == pytest.approx(angle, abs=0.7)


def scan_askew(lean: float, angle: float) -> Drawn:
    """A sitter whose head leans by ``lean`` in a picture that lies by ``angle`` in its scan."""
    drawn = draw_sitter(420, 520, 210, 220, 50, lean=lean)
    codes = np.clip(drawn.subject.picture.codes, 40, 215)
    turn = geometry.similarity(1.0, angle, np.array([210.0, 260.0]), np.array([330.0, 380.0]))
    scan = cv2.warpAffine(codes, turn, (660, 760), borderValue=(255, 255, 255))
    alpha = cv2.warpAffine(drawn.cutout.alpha, turn, (660, 760))
    picture, face = replace(drawn.subject.picture, codes=scan), drawn.subject.face.moved(turn)
    subject = Subject(picture, (face,), View(scan, np.eye(2, 3)))
    cutout = replace(
        drawn.cutout,
        grid=Grid.through(660, 760, np.eye(2, 3)),
        face=face,
        pixels=(scan / 255).astype(np.float32),
        alpha=alpha,
        confidence=np.ones_like(alpha),
        others=np.zeros_like(alpha),
        clothes=np.zeros_like(alpha),
        size=(660, 760),
        content=(0, 0, 660, 760),
    )
    return Drawn(subject, cutout, drawn.outline)


@pytest.mark.parametrize(("lean", "angle"), [(47.0, 12.0), (0.0, 30.0), (-17.0, 35.0)])
def test_a_scan_stands_up_and_a_head_that_lies_on_an_arm_stays(lean: float, angle: float) -> None:
    """A pose of 47 degrees in a scan that lay by 12 was nearer to a quarter turn."""
    drawn = scan_askew(lean, angle)
    base = look_at(drawn.subject, drawn.cutout)
    assert base.margins
    assert base.askew == pytest.approx(angle, abs=0.7)


def test_a_whole_scan_whose_head_stands_upright_is_turned_where_a_frame_holds_more() -> None:
    """Upright in its corners a square holds little more than the head."""
    drawn = scan_askew(-15.0, 15.0)
    frame = plan_frame(drawn.subject, "headshot", size=None, stay_inside=True, cutout=drawn.cutout)
    assert frame.turn == pytest.approx(-15.0, abs=0.7)
    assert "scan" in " ".join(frame.why)


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
