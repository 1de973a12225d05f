"""Frames of drawn sitters: heads, borders and turns of every kind, and what must hold of each."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from drawn_sitter import SKIN, Drawn, draw_sitter
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from catchlight.analysis.face.landmarks import CHIN, LIPS_OUTER
from catchlight.analysis.frame import CROPS, Frame
from catchlight.analysis.framing.base import look_at
from catchlight.analysis.framing.head import draw_head, is_bearded, measure_head
from catchlight.analysis.framing.plan import choose, plan_frame
from catchlight.analysis.subject import View
from catchlight.pixels import geometry

PORTRAITS = ("headshot", "square", "half")
#: How much taller than the head the tallest frame is where its whole head is asked for: the last
#: steps of the search are of 0.4 %. Of 4020 drawn heads with less than 12 % of room two lost more
#: than an eighth of an inter-eye distance: 0.134 with 0.1 % of room, 0.129 with 2.8 %.
ROOM = 1.01


@st.composite
def sitters(draw: st.DrawFn) -> Drawn:
    """A sitter somewhere in a photo of any shape, whole or cut by its border."""
    ied = draw(st.floats(22, 60))
    width = round(ied * draw(st.floats(4.0, 14)))
    height = round(ied * draw(st.floats(5.0, 14)))
    lean, body = draw(st.floats(-40, 40)), draw(st.sampled_from([0.0, 0.0, -12.0, 25.0]))
    assume(abs(lean - body) <= 50)  # no neck bends farther: 45 degrees in the young
    return draw_sitter(
        width,
        height,
        width * draw(st.floats(0.25, 0.75)),
        height * draw(st.floats(0.2, 0.6)),
        ied,
        lean=lean,
        body=body,
        hair=draw(st.floats(0.0, 0.7)),
        wide=draw(st.floats(1.25, 1.9)),
    )


def plan(drawn: Drawn, crop: str, *, stay: bool, **asked: float) -> Frame:
    return plan_frame(
        drawn.subject, crop, size=None, stay_inside=stay, cutout=drawn.cutout, **asked
    )


def outline_in(drawn: Drawn, frame: Frame) -> np.ndarray:
    """The head's outline as shares of the frame."""
    at = geometry.apply(frame.transform, drawn.outline)
    return (at + 0.5) / [frame.width, frame.height]


def measure_outside(drawn: Drawn, frame: Frame) -> float:
    """How far the head's outline reaches beyond the frame, in inter-eye distances."""
    at, size = outline_in(drawn, frame), np.array([frame.width, frame.height])
    beyond = float((np.maximum(-at, at - 1) * size).max())
    return beyond / geometry.scale_of(frame.transform) / drawn.subject.face.ied


def could_hold(drawn: Drawn, crop: str) -> bool:
    """Whether an upright frame of the crop's shape inside the photo can hold the whole head."""
    aspect = CROPS[crop].width / CROPS[crop].height
    picture = drawn.subject.picture
    tallest = min(picture.height, picture.width / aspect)
    across, down = np.ptp(drawn.outline, axis=0)
    return bool(tallest > ROOM * max(down, across / aspect))


def say(drawn: Drawn, frame: Frame) -> str:
    picture = drawn.subject.picture
    return (
        f"photo {picture.width} x {picture.height}, eyes at {drawn.subject.face.eyes.mean(0)}, "
        f"ied {drawn.subject.face.ied:.0f}: turn {frame.turn:.1f}, head {frame.head:.2f}, "
        f"notes {frame.notes}, why {frame.why}"
    )


# The same heads each time: a search among frames has near ties, and one met by chance in a run
# that changed nothing of it stops all.
slow = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


@slow
@given(sitters(), st.sampled_from(PORTRAITS), st.booleans())
def test_a_head_that_the_photo_holds_is_whole_in_the_frame(
    drawn: Drawn, crop: str, stay: bool
) -> None:
    """Whatever the turn, but for an eighth of an inter-eye distance: the precision of the plan."""
    assume(drawn.whole(drawn.subject.face.ied / 11) and could_hold(drawn, crop))
    frame = plan(drawn, crop, stay=stay)
    assert measure_outside(drawn, frame) <= 0.125, say(drawn, frame)
    assert not any("cuts" in note for note in frame.notes if "top" in note), say(drawn, frame)


@st.composite
def tight_sitters(draw: st.DrawFn) -> Drawn:
    """A head with a bare chin in a narrow photo, of which a square holds little more than it."""
    ied = draw(st.floats(22, 60))
    shape = {"hair": draw(st.floats(0.0, 0.7)), "wide": draw(st.floats(1.25, 1.6))}
    shape |= {"lean": draw(st.floats(-25, 25)), "body": draw(st.sampled_from([0.0, -12.0]))}
    outline = draw_sitter(9, 9, 0, 0, ied, **shape).outline
    (left, top), (across, down) = outline.min(0), np.ptp(outline, axis=0)
    side = math.ceil(draw(st.floats(1.015, 1.08)) * max(down, across))
    width, height = side, round(side * draw(st.floats(1.2, 2.5)))
    x = -left + (width - 1 - across) * draw(st.floats(0.2, 0.8))
    y = -top + (height - 1 - down) * draw(st.floats(0.1, 0.6))
    return draw_sitter(width, height, x, y, ied, **shape)


@slow
@given(tight_sitters())
def test_no_hair_is_cut_for_a_bare_neck(drawn: Drawn) -> None:
    """What lies below a bare chin counted as beard: a square cut up to 6 % of the hair for it."""
    assume(drawn.whole())
    frame = plan(drawn, "square", stay=True)
    assert measure_outside(drawn, frame) <= 0.125, say(drawn, frame)


def test_a_beard_is_part_of_the_head() -> None:
    """A dark chin and what hangs below it; a bare chin ends just above the neck."""
    drawn = draw_sitter(400, 600, 200, 300, 60)
    face, pixels = drawn.subject.face, drawn.subject.picture.codes
    dark = pixels.copy()
    dark[int(face.points[LIPS_OUTER, 1].max()) :] = (60, 45, 38)
    assert is_bearded(face, dark)
    assert not is_bearded(face, pixels)
    person = np.ones((600, 400), np.float32)
    head = measure_head(face, person)
    for bearded, below in ((False, 0.03), (True, 0.10)):
        mask = draw_head(face, head, person, bearded=bearded)
        lowest = np.flatnonzero(mask[:, 200]).max() - face.points[CHIN, 1]
        assert lowest == pytest.approx(below * head.height, abs=1.5)


@slow
@given(sitters(), st.sampled_from(PORTRAITS), st.booleans())
def test_a_face_is_in_the_middle_or_the_note_says_why(drawn: Drawn, crop: str, stay: bool) -> None:
    frame = plan(drawn, crop, stay=stay)
    x0, _, x1, _ = drawn.subject.face.moved(frame.transform).box
    off = ((x0 + x1) / 2 + 0.5) / frame.width - 0.5
    assert frame.off_centre == pytest.approx(off, abs=0.01)
    said = any("of the middle" in note for note in frame.notes)
    assert said == (abs(frame.off_centre) > 0.08), f"{off:.3f}; {say(drawn, frame)}"


@slow
@given(sitters(), st.sampled_from(PORTRAITS))
def test_a_kept_ground_shows_nothing_but_photo(drawn: Drawn, crop: str) -> None:
    frame = plan(drawn, crop, stay=True)
    assert frame.inside, say(drawn, frame)


@slow
@given(sitters(), st.sampled_from(PORTRAITS))
def test_a_painted_ground_costs_no_more_than_a_kept_one(drawn: Drawn, crop: str) -> None:
    """What is allowed inside the photo is allowed with any ground: 267 of 1458 frames were dearer.

    Where a border cuts the body the best frame lies along it, in one place only.
    """
    base, preset = look_at(drawn.subject, drawn.cutout), CROPS[crop]
    aspect = preset.width / preset.height
    kept, painted = (
        choose(base, preset, aspect, stay_inside=stay, turn=0.0).cost for stay in (True, False)
    )
    assert painted <= kept * 1.02 + 0.2


@slow
@given(sitters(), st.sampled_from(PORTRAITS))
def test_what_is_said_to_be_cut_is_cut(drawn: Drawn, crop: str) -> None:
    frame = plan(drawn, crop, stay=True)
    if any("the photo cuts" in note for note in frame.notes):
        assert not drawn.whole(1.5), say(drawn, frame)


@pytest.mark.parametrize(
    ("lean", "body", "x", "y", "hair", "wide"),
    [
        (25.5, 0.0, 0.402, 0.577, 0.28, 1.34),
        (27.7, -12.0, 0.392, 0.399, 0.12, 1.26),
        (-30.8, 0.0, 0.573, 0.540, 0.19, 1.30),
        (30.0, -12.0, 0.576, 0.589, 0.27, 1.29),
    ],
)
def test_a_shoulder_that_the_border_cuts_is_no_head(
    lean: float, body: float, x: float, y: float, hair: float, wide: float
) -> None:
    """A narrow photo cuts the shoulder beside the jaw of a leaning head; the head it holds."""
    drawn = draw_sitter(88, 110, 88 * x, 110 * y, 22, lean=lean, body=body, hair=hair, wide=wide)
    assert drawn.whole(1.5)
    frame = plan(drawn, "headshot", stay=True)
    assert not any("the photo cuts" in note for note in frame.notes), say(drawn, frame)


@pytest.mark.parametrize("lean", [-25.0, 0.0, 25.0])
@pytest.mark.parametrize(
    ("x", "y", "word"), [(0.05, 0.4, "side"), (0.95, 0.4, "side"), (0.5, 0.1, "top")]
)
def test_a_head_that_the_border_cuts_is_told(x: float, y: float, word: str, lean: float) -> None:
    drawn = draw_sitter(300, 380, 300 * x, 380 * y, 50, lean=lean)
    frame = plan(drawn, "headshot", stay=True)
    assert any(f"cuts {'the top' if word == 'top' else 'a side'}" in n for n in frame.notes), say(
        drawn, frame
    )


@pytest.mark.parametrize(("colour", "said"), [(SKIN, False), ((60, 40, 30), True)])
def test_an_arm_that_the_border_cuts_is_no_head(colour: tuple[int, ...], said: bool) -> None:
    """Hands in her hair, elbows beyond the border; what has no skin there is hair."""
    drawn = draw_sitter(200, 360, 100, 160, 45)
    pixels, alpha = drawn.subject.picture.codes.copy(), drawn.cutout.alpha.copy()
    for part in (slice(0, 40), slice(160, 200)):
        pixels[115:165, part], alpha[115:165, part] = colour, 1
    picture, view = replace(drawn.subject.picture, codes=pixels), View(pixels, np.eye(2, 3))
    raised = Drawn(
        replace(drawn.subject, picture=picture, view=view),
        replace(drawn.cutout, alpha=alpha),
        drawn.outline,
    )
    frame = plan(raised, "headshot", stay=True)
    assert any("cuts a side" in note for note in frame.notes) == said, say(raised, frame)


@settings(max_examples=30, deadline=None)
@given(st.floats(-20, 20))
@example(13.0)
def test_a_head_tilted_over_level_shoulders_is_left(lean: float) -> None:
    drawn = draw_sitter(600, 800, 300, 280, 50, lean=lean, body=0.0)
    assert plan(drawn, "headshot", stay=True).turn == 0


def test_a_photo_held_askew_is_levelled_by_its_lines() -> None:
    """Upright lines of the room lean as the head does: the camera did."""
    import cv2

    drawn = draw_sitter(900, 900, 450, 380, 50, lean=9.0, body=9.0)
    pixels = drawn.subject.picture.codes.copy()
    away = drawn.cutout.alpha < 0.5
    for x in range(60, 900, 90):
        line = np.zeros(pixels.shape[:2], np.uint8)
        cv2.line(line, (x + 71, 0), (x - 71, 900), 1, 5)
        pixels[(line > 0) & away] = (60, 60, 60)
    view = replace(drawn.subject.view, pixels=pixels)
    subject = replace(drawn.subject, view=view)
    frame = plan_frame(subject, "headshot", size=None, stay_inside=True, cutout=drawn.cutout)
    assert frame.turn == pytest.approx(-9, abs=1.5), frame.why
    assert "lines" in " ".join(frame.why)


def test_headroom_is_added_where_the_ground_is_painted() -> None:
    drawn = draw_sitter(600, 700, 300, 150, 55, hair=0.1)
    kept, painted = (plan(drawn, "headshot", stay=stay) for stay in (True, False))
    room = [outline_in(drawn, frame)[:, 1].min() for frame in (kept, painted)]
    assert kept.inside
    assert not painted.inside
    assert room[1] > room[0] + 0.02
    assert room[1] > 0.035


@pytest.mark.parametrize("head", [0.3, 0.45, 0.6])
def test_the_head_has_the_size_that_was_asked_for(head: float) -> None:
    drawn = draw_sitter(1600, 1600, 800, 700, 50)
    frame = plan(drawn, "square", stay=True, head=head)
    assert frame.asked == head
    assert frame.head == pytest.approx(head, rel=0.08)


def test_a_turn_that_a_person_asks_for_is_taken() -> None:
    drawn = draw_sitter(1600, 1600, 800, 700, 50)
    assert plan(drawn, "headshot", stay=True, turn=-7.0).turn == -7.0


def test_the_photos_own_crop_is_kept_where_it_is_good() -> None:
    drawn = draw_sitter(800, 1000, 400, 380, 110)
    frame = plan(drawn, "headshot", stay=True)
    assert any("own crop" in why for why in frame.why), frame.why
    corners = geometry.apply(frame.transform, np.array([[-0.5, -0.5], [799.5, 999.5]]))
    assert corners[0] == pytest.approx([-0.5, -0.5], abs=1)
    assert corners[1] == pytest.approx([frame.width - 0.5, frame.height - 0.5], abs=1)
