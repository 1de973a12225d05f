"""The frame: invariants over random heads, borders and people, and the whole way on real photos."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
import sitter
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from catchlight.analysis.frame import CROPS, Crop
from catchlight.analysis.framing import compose as composing
from catchlight.analysis.framing.head import HeadExtent, measure_head
from catchlight.analysis.framing.layout import Layout, sum_table
from catchlight.analysis.framing.limits import draw_cover, find_forbidden
from catchlight.analysis.framing.plan import plan_frame
from catchlight.analysis.study import frame_pixels
from catchlight.analysis.subject import Subject, open_subject
from catchlight.images import Picture
from catchlight.pixels import filters, geometry

PORTRAITS = ("headshot", "square", "half")


PLAN = 330  # 15 inter-eye distances of 22 pixels
IED = 22.0
FREE = np.zeros((PLAN, PLAN), bool)


def compose(
    head: HeadExtent, forbidden: np.ndarray, crop: Crop, aspect: float
) -> tuple[float, float, float]:
    """Place a frame around a bare head: left, top, height."""
    y, x = np.mgrid[0:PLAN, 0:PLAN]
    middle = (head.left + head.right) / 2
    across, down = (head.right - head.left) / 2, (head.chin - head.hair) / 2
    oval = ((x - middle) / across) ** 2 + ((y - head.chin + down) / down) ** 2 < 1
    box = (head.middle - 1.1 * IED, head.eyes - IED, head.middle + 1.1 * IED, head.chin)
    layout = Layout(head, box, forbidden, sum_table(oval), float(oval.sum()))
    place = composing.compose(layout, crop, aspect)
    return place.left, place.top, place.height


# --- compose --------------------------------------------------------------------------------------


@st.composite
def heads(draw: st.DrawFn) -> HeadExtent:
    """A head where the plan has it, with the proportions of people."""
    eyes, middle = PLAN * 0.42, PLAN / 2 + draw(st.floats(-8, 8))
    chin = eyes + IED * draw(st.floats(1.4, 2.1))
    crown = chin - IED * draw(st.floats(3.2, 3.9))
    hair = crown - IED * draw(st.floats(-0.35, 1.0))
    left = middle - IED * draw(st.floats(1.2, 2.2))
    right = middle + IED * draw(st.floats(1.2, 2.2))
    return HeadExtent(eyes, chin, crown, hair, middle, left, right)


@st.composite
def walls(draw: st.DrawFn, head: HeadExtent) -> np.ndarray:
    """Forbidden parts of the plan: half planes of any slant, none through the face."""
    yy, xx = np.mgrid[0:PLAN, 0:PLAN].astype(float)
    forbidden = FREE.copy()
    y0 = (head.eyes + head.chin) / 2
    for _ in range(draw(st.integers(0, 4))):
        angle = draw(st.floats(0, 2 * math.pi))
        nx, ny = math.cos(angle), math.sin(angle)
        reach = draw(st.floats(2.6 * IED, 9 * IED))
        forbidden |= (xx - head.middle) * nx + (yy - y0) * ny > reach
    return forbidden


def rectangle(place: tuple[float, float, float], aspect: float) -> tuple[slice, slice]:
    """Plan pixels that a frame touches; pixel i reaches from i - 0.5 to i + 0.5."""
    left, top, height = place
    return (
        slice(math.floor(top + 0.51), math.ceil(top + height + 0.49)),
        slice(math.floor(left + 0.51), math.ceil(left + height * aspect + 0.49)),
    )


shapes = st.sampled_from([None, 1.0, 0.5, 1.4])


@settings(max_examples=60, deadline=None)
@given(st.data(), heads(), st.sampled_from(PORTRAITS), shapes)
def test_a_frame_reaches_nothing_forbidden(
    data: st.DataObject, head: HeadExtent, name: str, wanted: float | None
) -> None:
    crop = CROPS[name]
    aspect = wanted or crop.width / crop.height
    forbidden = data.draw(walls(head))
    place = compose(head, forbidden, crop, aspect)
    left, top, height = place
    assert height > 10
    # Pixel i reaches from i - 0.5 to i + 0.5.
    assert left >= -0.5
    assert top >= -0.5
    assert left + height * aspect <= PLAN - 0.5
    assert top + height <= PLAN - 0.5
    assert not forbidden[rectangle(place, aspect)].any()
    # The face is in it: walls keep 2.6 inter-eye distances away.
    assert left < head.middle < left + height * aspect
    assert top < head.eyes < top + height


@settings(max_examples=60, deadline=None)
@given(heads(), st.sampled_from(PORTRAITS))
def test_a_free_frame_has_the_composition_of_the_trade(head: HeadExtent, name: str) -> None:
    crop = CROPS[name]
    left, top, height = compose(head, FREE, crop, crop.width / crop.height)
    width = height * crop.width / crop.height
    eyes = (head.eyes - top) / height
    assert crop.eyes - 0.04 <= eyes <= crop.eyes + 0.1, f"eye line at {eyes:.2f}"
    tall = (head.chin - head.crown) / height
    # Tall or wide hair may take up to a quarter (a circle more) of the head's share.
    assert crop.head / (1.7 if crop.circle else 1.3) <= tall <= crop.head * 1.05, f"head {tall:.2f}"
    assert left + width / 2 == pytest.approx(head.middle, abs=0.04 * width)
    assert top <= head.hair + 0.01 * height, "the hair is cut though nothing asked for it"


@settings(max_examples=60, deadline=None)
@given(heads())
def test_a_square_is_safe_in_a_circle(head: HeadExtent) -> None:
    """Chin, hair top and the widest hair lie inside the inscribed circle where nothing limits."""
    left, top, side = compose(head, FREE, CROPS["square"], 1.0)
    middle = np.array([left + side / 2, top + side / 2])
    for x, y in (
        (head.middle, head.hair),
        (head.middle, head.chin),
        (head.left, head.eyes),
        (head.right, head.eyes),
    ):
        reach = float(np.hypot(*(np.array([x, y]) - middle))) / (side / 2)
        assert reach <= 0.96, f"{reach:.2f} of the radius"


@settings(max_examples=40, deadline=None)
@given(heads(), st.sampled_from(["left", "right"]))
def test_a_wall_on_one_side_shifts_the_frame_away(head: HeadExtent, side: str) -> None:
    crop, aspect = CROPS["headshot"], 0.8
    left, _, height = compose(head, FREE, crop, aspect)
    forbidden = FREE.copy()
    edge = round(left + 0.1 * height * aspect)
    if side == "left":
        forbidden[:, :edge] = True
    else:
        edge = round(left + 0.9 * height * aspect)
        forbidden[:, edge:] = True
    moved = compose(head, forbidden, crop, aspect)
    assert not forbidden[rectangle(moved, aspect)].any()
    assert (
        (moved[0] > left)
        if side == "left"
        else (moved[0] + moved[2] * aspect < left + height * aspect)
    )
    assert moved[2] > 0.75 * height, "tightened by more than the wall took"


# Always the same heads: where two frames of the search cost nearly the same, a mirror may turn the
# choice (seen once, by 8 of 330 pixels).
@settings(max_examples=25, deadline=None, derandomize=True)
@given(heads(), st.sampled_from(PORTRAITS))
def test_a_mirrored_plan_gives_the_mirrored_frame(head: HeadExtent, name: str) -> None:
    crop = CROPS[name]
    aspect = crop.width / crop.height
    forbidden = FREE.copy()
    forbidden[:, : round(head.left - 10)] = True
    forbidden[round(head.chin + 70) :] = True
    here = compose(head, forbidden, crop, aspect)
    last = PLAN - 1.0
    other = replace(head, middle=last - head.middle, left=last - head.right, right=last - head.left)
    there = compose(other, forbidden[:, ::-1], crop, aspect)
    assert last - there[0] - there[2] * aspect == pytest.approx(here[0], abs=0.02 * here[2])
    assert there[1:] == pytest.approx(here[1:], abs=0.02 * here[2])


# --- what is forbidden ----------------------------------------------------------------------------


@st.composite
def covers(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """A photo of any size and turn on the plan, as the subject draws it; also what is below it."""
    w, h = draw(st.integers(150, 700)), draw(st.integers(150, 700))
    turn = draw(st.floats(-20, 20))
    scale = draw(st.floats(0.4, 1.5))
    centre = np.array([w * draw(st.floats(0.35, 0.65)), h * draw(st.floats(0.3, 0.6))])
    t = geometry.similarity(scale, turn, centre, np.array([PLAN / 2, PLAN * 0.42]))
    corners = np.array([[-0.5, -0.5], [w - 0.5, -0.5], [w - 0.5, h - 0.5], [-0.5, h - 0.5]])
    return draw_cover(corners.astype(np.float32), t, PLAN)


@st.composite
def people(draw: st.DrawFn) -> np.ndarray:
    """A person on the plan: a head and shoulders, perhaps an arm to one side."""
    mask = np.zeros((PLAN, PLAN), np.float32)
    x, y = PLAN / 2, PLAN * 0.42
    cv2.ellipse(mask, (int(x), int(y)), (34, 46), 0, 0, 360, 1, -1)
    wide, low = draw(st.integers(50, 170)), draw(st.integers(60, 120))
    cv2.ellipse(mask, (int(x), int(y + low + 110)), (wide, 110), 0, 0, 360, 1, -1)
    if draw(st.booleans()):
        end = (draw(st.integers(0, PLAN)), draw(st.integers(0, PLAN)))
        cv2.line(mask, (int(x), int(y + 120)), end, 1, 24)
    return mask


@settings(max_examples=40, deadline=None)
@given(covers(), people(), st.booleans(), st.sampled_from(PORTRAITS))
def test_no_cut_of_the_body_lies_inside_a_frame(
    cover: tuple[np.ndarray, np.ndarray], person: np.ndarray, stay: bool, name: str
) -> None:
    """Where the photo's border cuts the body, the frame does not show the other side of it."""
    covered, below = cover
    forbidden = find_forbidden(person, covered, below, stay_inside=stay)
    x, y = PLAN / 2, PLAN * 0.42
    head = HeadExtent(y, y + 40, y - 38, y - 46, x, x - 34, x + 34)
    crop = CROPS[name]
    aspect = crop.width / crop.height
    place = compose(head, forbidden, crop, aspect)
    assume(place[2] > 10)  # a photo that is all face
    part = rectangle(place, aspect)
    seen = covered > 0.5
    if stay:
        assert seen[part].all(), "the frame leaves the photo"
        return
    # Body pixels of the photo with a pixel beyond the photo beside them: the cuts.
    cuts = seen & (person > 0.5) & (cv2.erode(seen.astype(np.uint8), np.ones((3, 3))) == 0)
    beyond = cv2.dilate(cuts.astype(np.uint8), np.ones((3, 3))) > 0
    beyond &= ~seen
    # A cut's own neighbours across a corner may be the wall's: one pixel of tolerance.
    inside = beyond[part] & (cv2.erode(beyond.astype(np.uint8), np.ones((2, 2)))[part] > 0)
    assert not inside.any(), f"{inside.sum()} plan pixels beyond a cut lie inside the frame"
    assert not (below[part] > 0.5).any(), "the frame shows what is beneath the photo"


def test_a_wall_may_be_continued_and_a_shoulder_may_not() -> None:
    person = np.zeros((100, 100), np.float32)
    person[60:] = 1
    covered = np.zeros((100, 100), np.float32)
    covered[5:80, 10:] = 1
    below = np.zeros((100, 100), np.float32)
    below[80:] = 1
    free = find_forbidden(person, covered, below, stay_inside=False)
    assert not free[:5, 20:].any(), "above the head the border shows only wall"
    assert not free[10:50, :10].any(), "beside the head too"
    assert free[65:80, :10].all(), "beside the shoulder it cuts the body"
    assert free[80:, 10:].all(), "there is always more of the person below"
    assert not free[5:80, 10:].any()
    kept = find_forbidden(person, covered, below, stay_inside=True)
    assert np.array_equal(kept, covered < 0.5)


# --- Frame.at -------------------------------------------------------------------------------------


@pytest.mark.parametrize("longest", [160, 400, 640])
def test_a_smaller_frame_shows_the_same(astronaut_subject: Subject, longest: int) -> None:
    frame = plan_frame(astronaut_subject, "headshot", size=None, stay_inside=True)
    small = frame.at(longest)
    assert max(small.width, small.height) == longest
    assert small.turn == frame.turn
    full, _ = frame_pixels(astronaut_subject, frame)
    part, _ = frame_pixels(astronaut_subject, small)
    want = filters.resize(full, small.width, small.height)
    off = np.abs(sitter.to_codes(part) - sitter.to_codes(want))
    assert off.mean() < 2.5, f"{off.mean():.2f} codes in the mean"
    # Shifting by one pixel would be far worse than that.
    moved = np.abs(sitter.to_codes(np.roll(part, 1, axis=1)) - sitter.to_codes(want))
    assert moved.mean() > 1.5 * off.mean()


def test_a_frame_is_never_made_larger_by_at(astronaut_subject: Subject) -> None:
    frame = plan_frame(astronaut_subject, "headshot", size=None, stay_inside=True)
    assert frame.at(5000) is frame


# --- the whole way --------------------------------------------------------------------------------


def crop_photo(photo: Picture, x0: int, y0: int, x1: int, y1: int) -> Picture:
    return replace(photo, codes=photo.codes[y0:y1, x0:x1])


#: The astronaut's face is at about (224, 120), her shoulders reach 60 and 390 at the lower border.
CUTS = {
    "whole": (0, 0, 512, 512),
    "left shoulder": (130, 0, 512, 512),
    "right shoulder": (0, 0, 320, 512),
    "both shoulders": (130, 0, 330, 512),
    "top of the hair": (0, 45, 512, 512),
    "chest": (0, 0, 512, 300),
    "all around": (140, 40, 320, 300),
}


@pytest.mark.parametrize("crop", PORTRAITS)
@pytest.mark.parametrize("stay", [True, False], ids=["own wall", "backdrop"])
@pytest.mark.parametrize("cut", CUTS)
def test_a_photo_that_cuts_the_body_gives_a_frame_that_ends_there(
    cut: str, stay: bool, crop: str, astronaut: Picture, need_models: None
) -> None:
    photo = crop_photo(astronaut, *CUTS[cut])
    subject = open_subject(photo)
    frame = plan_frame(subject, crop, size=None, stay_inside=stay)
    assert_no_cut_inside(subject, frame.transform, frame.width, frame.height, stay)
    want: Crop = CROPS[crop]
    assert abs(frame.width - frame.height * want.width / want.height) <= 1
    eyes = geometry.apply(frame.transform, subject.face.eyes).mean(0)
    assert 0.1 < eyes[1] / frame.height < 0.55
    assert 0.25 < eyes[0] / frame.width < 0.75


@pytest.mark.parametrize(
    "size", [(1600, 900), (900, 1600), (1200, 1200), (2000, 500)], ids=lambda s: f"{s[0]}x{s[1]}"
)
@pytest.mark.parametrize("stay", [True, False], ids=["own wall", "backdrop"])
def test_any_shape_is_framed_exactly_and_within_the_photo(
    size: tuple[int, int], stay: bool, astronaut_subject: Subject
) -> None:
    frame = plan_frame(astronaut_subject, "headshot", size=size, stay_inside=stay)
    assert (frame.width, frame.height) == size
    assert_no_cut_inside(astronaut_subject, frame.transform, *size, stay)


@pytest.mark.parametrize("roll", [-40.0, -20.0, 15.0, 30.0])
@pytest.mark.parametrize("stay", [True, False], ids=["own wall", "backdrop"])
def test_a_leaning_head_is_framed_within_the_photo(
    roll: float, stay: bool, astronaut: Picture, need_models: None
) -> None:
    """A photo turned by so much, corners and all: cut square again out of its middle."""
    side = 512 * 0.70
    t = geometry.similarity(1.0, roll, np.array([230, 190]), np.array([side / 2, side * 0.42]))
    turned = geometry.resample(astronaut.linear(), t, round(side), round(side))
    subject = open_subject(sitter.make_photo(np.clip(turned, 0, 1)))
    assert subject.face.pose.roll == pytest.approx(roll, abs=6)
    frame = plan_frame(subject, "headshot", size=None, stay_inside=stay)
    lean = subject.face.pose.roll
    # Turned back as far as the head then still fits, and never over to the other side.
    assert abs(lean + frame.turn) <= abs(lean) + 0.01
    at = geometry.apply(frame.transform, subject.face.points)
    was = (subject.face.points.min(), subject.face.points.max() - round(side) + 1)
    if was[0] >= 0 and was[1] <= 0:
        assert at.min() > -0.03 * frame.height
        assert (at.max(0) < 1.03 * np.array([frame.width, frame.height])).all()
    assert_no_cut_inside(subject, frame.transform, frame.width, frame.height, stay)


def assert_no_cut_inside(
    subject: Subject, transform: geometry.Transform, width: int, height: int, stay: bool
) -> None:
    """No point of the photo's border that may not be seen lies inside the frame.

    With the own wall that is every point, on a backdrop those where the border surely cuts the
    person (at the wisps of hair two looks of the segmentation differ by a few pixels).
    """
    photo = subject.picture
    person = subject.person_over(np.eye(2, 3), photo.width, photo.height)
    n = np.arange
    w, h = photo.width, photo.height
    # Points on the very border; the person is read two pixels inside.
    edges = [(n(w), 0 * n(w)), (n(w), 0 * n(w) + h - 1), (0 * n(h), n(h)), (0 * n(h) + w - 1, n(h))]
    xs = np.concatenate([e[0] for e in edges])
    ys = np.concatenate([e[1] for e in edges])
    if not stay:
        solid = cv2.erode(person, np.ones((5, 5))) > 0.9
        cut = solid[np.clip(ys, 2, h - 3), np.clip(xs, 2, w - 3)]
        xs, ys = xs[cut], ys[cut]
    outer = np.stack([xs + np.sign(xs - w / 2) * 0.5 * (np.isin(xs, (0, w - 1))), ys], 1)
    outer[:, 1] += np.sign(ys - h / 2) * 0.5 * np.isin(ys, (0, h - 1))
    at = geometry.apply(transform, outer)
    # One plan pixel: 1/22 of the inter-eye distance.
    slack = geometry.scale_of(transform) * subject.face.ied / 22 + 1.0
    inside = (
        (at[:, 0] > slack)
        & (at[:, 0] < width - 1 - slack)
        & (at[:, 1] > slack)
        & (at[:, 1] < height - 1 - slack)
    )
    assert not inside.any(), (
        f"{inside.sum()} border points inside the frame, up to "
        f"{_depth(at[inside], width, height):.0f} px deep in {width} x {height}; "
        f"first photo points {outer[inside][:3].tolist()}"
    )


def _depth(at: np.ndarray, width: int, height: int) -> float:
    if not len(at):
        return 0.0
    return float(
        np.minimum.reduce([at[:, 0], width - 1 - at[:, 0], at[:, 1], height - 1 - at[:, 1]]).max()
    )


def test_original_keeps_the_photo(astronaut_subject: Subject) -> None:
    frame = plan_frame(astronaut_subject, "original", size=None, stay_inside=True)
    pixels, covered = frame_pixels(astronaut_subject, frame)
    assert covered is None
    off = np.abs(pixels - astronaut_subject.picture.linear())
    assert off.max() < 1e-5


@settings(max_examples=30, deadline=None)
@given(st.floats(-30, 30), st.floats(-0.6, 0.9))
@example(0.0, 0.0)
def test_measure_head_finds_the_hair(shift: float, tall: float) -> None:
    """A made-up head: the top of its hair is found to a pixel, wherever it stands."""
    # A face is needed only for its eyes, chin and box.
    from catchlight.analysis.face.mesh import Face, Pose

    ied = 22.0
    mesh = np.zeros((478, 3), np.float32)
    x, y = 165 + shift, 140.0
    mesh[:, 0], mesh[:, 1] = x, y
    mesh[468, :2], mesh[473, :2] = (x - ied / 2, y), (x + ied / 2, y)
    mesh[152, :2] = (x, y + 1.75 * ied)
    mesh[234, :2], mesh[454, :2] = (x - 1.1 * ied, y), (x + 1.1 * ied, y)
    face = Face(mesh, 1.0, 1.0, Pose(0, 0, 0), ied)
    crown = y + 1.75 * ied - 3.5 * ied
    top = crown - tall * ied
    person = np.zeros((330, 330), np.float32)
    person[round(top) :, round(x - 1.5 * ied) : round(x + 1.5 * ied)] = 1
    head = measure_head(face, person)
    limit = min(max(round(top), crown - 1.3 * ied), crown + 0.35 * ied)
    assert head.hair == pytest.approx(limit, abs=1.01)
    assert head.left == pytest.approx(round(x - 1.5 * ied), abs=1.01)
    assert head.crown == pytest.approx(crown, abs=0.5)
    assert head.middle == pytest.approx(x, abs=1.0)
