"""The cut-out: where it looks, what it hands over, and who it takes for the person."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
import sitter

from catchlight.analysis.cutout.ballot import Votes
from catchlight.analysis.cutout.borders import find_content
from catchlight.analysis.cutout.bystanders import find_others
from catchlight.analysis.cutout.cutout import find_cuts
from catchlight.analysis.cutout.decide import decide
from catchlight.analysis.cutout.lent import no_maps
from catchlight.analysis.cutout.refiner import EYES, HEIGHT, SCALE, WIDTH, Drawing
from catchlight.analysis.cutout.window import plan_window
from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.face.mesh import IED_MM, Face
from catchlight.analysis.face.outline import draw_hull
from catchlight.analysis.framing.plan import plan_frame
from catchlight.analysis.subject import Subject, open_subject
from catchlight.arrays import Mask, as_float
from catchlight.images import Picture
from catchlight.pixels import colour, geometry, morphology
from catchlight.pixels.grid import Grid

Y, X = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)


@pytest.fixture(scope="module")
def face(astronaut_subject: Subject) -> Face:
    """The astronaut's face in samples of the votes' window."""
    found = astronaut_subject.face
    middle = found.eyes.mean(0)
    to = geometry.similarity(SCALE * IED_MM / found.ied, 0.0, middle, as_float(EYES))
    return found.moved(to)


def draw_body(face: Face) -> Mask:
    """A head as an ellipse and shoulders as another."""
    x, y = EYES
    chin = float(face.points[CHIN, 1])
    head = ((X - x) / (75 * SCALE)) ** 2 + ((Y - y - 15) / (115 * SCALE)) ** 2 < 1
    trunk = ((X - x) / (190 * SCALE)) ** 2 + ((Y - chin - 170) / (260 * SCALE)) ** 2 < 1
    return as_float(head | (trunk & (chin + 20 * SCALE < Y)))


def paint(body: Mask, wall: tuple[int, int, int] = (200, 190, 175)) -> np.ndarray:
    """A brownish, slightly woven person before a plain wall, as codes."""
    rng = np.random.default_rng(1)
    codes = np.empty((HEIGHT, WIDTH, 3), np.float32)
    codes[:] = wall
    weave = rng.normal(0, 10, (HEIGHT, WIDTH, 1)).astype(np.float32)
    return np.where(body[..., None] > 0, np.float32([120, 70, 60]) + weave, codes).clip(0, 255)


def votes_of(
    face: Face,
    codes: np.ndarray,
    *,
    selfie: Mask,
    salient: Mask,
    pose: Mask,
    others: tuple[Face, ...] = (),
) -> Votes:
    whole = np.ones((HEIGHT, WIDTH), np.float32)
    faces = (face, *others)
    return Votes(
        np.eye(2, 3), codes.astype(np.uint8), whole, selfie, salient, pose, no_maps(), faces
    )


# --- who is the person ----------------------------------------------------------------------------


def test_votes_that_agree_are_believed(face: Face) -> None:
    body = draw_body(face)
    found = decide(votes_of(face, paint(body), selfie=body, salient=body, pose=body))
    assert np.abs(found.person - body).mean() < 0.002
    assert found.confidence.min() > 0.9
    assert not found.others.any()


def test_a_cast_shadow_is_the_wall(face: Face) -> None:
    """Two of three networks take the shadow for the person; its hue and smoothness give it away."""
    body = draw_body(face)
    shifted = cv2.warpAffine(body, geometry.translation(40 * SCALE, 10 * SCALE), (WIDTH, HEIGHT))
    shadow = (shifted > 0) & (body == 0) & (float(face.points[CHIN, 1]) > Y)
    codes = paint(body)
    codes[shadow] *= 0.62
    both = as_float(np.maximum(body, shadow))
    found = decide(votes_of(face, codes, selfie=both, salient=body, pose=both))
    assert found.person[shadow].mean() < 0.1
    assert found.confidence[shadow].mean() < 0.6


@pytest.mark.parametrize(
    ("seen", "expected", "kept"), [(0.98, 0.7, 0.98), (0.66, 0.7, 0.0), (0.66, 0.95, 0.66)]
)
def test_a_haze_beside_the_shoulder_is_nobody(
    face: Face, seen: float, expected: float, kept: float
) -> None:
    """A jacket that two networks alone see is kept where one of the two is sure of it."""
    body = draw_body(face)
    beside = (EYES[0] + 60 < X) & (float(face.points[CHIN, 1]) + 30 < Y)
    jacket = beside & (body > 0)
    bare = as_float(np.where(jacket, 0, body))
    selfie = np.where(jacket, np.float32(seen), body)
    pose = np.where(jacket, np.float32(expected), body)
    codes = paint(body, (110, 72, 60))
    found = decide(votes_of(face, codes, selfie=selfie, salient=bare, pose=pose))
    assert float(found.person[jacket].mean()) == pytest.approx(kept, abs=0.05)


@pytest.mark.parametrize(
    ("doubt", "selfie", "neighbour", "stays"),
    [
        (0.05, 0.8, False, False),
        (0.2, 0.8, False, True),
        # An arm that selfie and pose network are sure of; and a neighbour's.
        (0.05, 1.0, False, True),
        (0.05, 1.0, True, False),
    ],
)
def test_a_bowl_that_all_others_see_goes_where_the_lent_network_is_sure(
    face: Face, doubt: float, selfie: float, neighbour: bool, stays: bool
) -> None:
    body = draw_body(face)
    chin = float(face.points[CHIN, 1])
    ring = (np.hypot(X - EYES[0], Y - EYES[1] + 20) < 110 * SCALE) & (body == 0) & (chin - 20 > Y)
    both = as_float((body > 0) | ring)
    beside = (face.moved(geometry.translation(-300, 0)),) if neighbour else ()
    seen = np.where(ring, np.float32(selfie), body)
    votes = votes_of(face, paint(both), selfie=seen, salient=both, pose=both, others=beside)
    drawn = Drawing(both, body, np.full_like(body, doubt))
    found = decide(votes, drawn).person
    assert (found[ring].mean() > 0.7) == stays
    assert (found[ring].mean() < 0.1) != stays
    assert found[body > 0].min() > 0.7


@pytest.mark.parametrize(
    ("salient", "doubt", "comes"), [(1.0, 0.1, True), (0.0, 0.1, False), (1.0, 0.4, False)]
)
def test_hair_that_a_rule_dropped_comes_back_where_the_lent_network_is_sure_and_it_stands_out(
    face: Face, salient: float, doubt: float, comes: bool
) -> None:
    body = draw_body(face)
    bun = np.hypot(X - EYES[0], Y - EYES[1] + 115 * SCALE) < 30 * SCALE
    whole = as_float((body > 0) | bun)
    bun &= body == 0
    seen = np.where(bun, np.float32(salient), body)
    votes = votes_of(face, paint(whole), selfie=body, salient=seen, pose=body)
    drawn = Drawing(body, whole, np.full_like(body, doubt))
    assert (decide(votes, drawn).person[bun].mean() > 0.9) == comes


def test_below_the_chin_the_lent_network_has_no_last_word(face: Face) -> None:
    body = draw_body(face)
    votes = votes_of(face, paint(body), selfie=body, salient=body, pose=body)
    low = float(face.points[CHIN, 1]) + 25 * SCALE < Y
    drawn = Drawing(body, np.where(low, np.float32(0), body), np.zeros_like(body))
    assert np.abs(decide(votes, drawn).person - body).mean() < 0.002


def test_a_hat_that_only_the_salient_network_misses_stays(face: Face) -> None:
    body = draw_body(face)
    x, y = EYES
    hat = (np.abs(X - x) < 60 * SCALE) & (np.abs(Y - y + 130 * SCALE) < 45 * SCALE) & (body == 0)
    wearing = as_float(np.maximum(body, hat))
    codes = paint(wearing)
    found = decide(votes_of(face, codes, selfie=wearing, salient=body, pose=wearing))
    assert found.person[hat].mean() > 0.9


def test_a_black_shirt_stays_before_a_black_wall(face: Face) -> None:
    """Below the chin what selfie and pose network both see is the person, whatever its colour."""
    body = draw_body(face)
    shirt = (body > 0) & (float(face.points[CHIN, 1]) + 40 * SCALE < Y)
    codes = paint(body, wall=(25, 25, 28))
    codes[shirt] = (22, 22, 26)
    head = as_float((body > 0) & ~shirt)
    found = decide(votes_of(face, codes, selfie=body, salient=head, pose=body))
    assert found.person[shirt].mean() > 0.95


def test_a_cap_of_wall_goes(face: Face) -> None:
    """What stands out far above the head, and no other network sees, is not the person."""
    body = draw_body(face)
    x, y = EYES
    cap = (np.abs(X - x) < 40 * SCALE) & (y - 105 * SCALE > Y) & (body == 0)
    both = as_float(np.maximum(body, cap))
    found = decide(votes_of(face, paint(body), selfie=body, salient=both, pose=body))
    assert found.person[cap].mean() < 0.1


def test_the_face_is_never_holed(face: Face) -> None:
    nothing = np.zeros((HEIGHT, WIDTH), np.float32)
    body = draw_body(face)
    found = decide(votes_of(face, paint(body), selfie=body, salient=nothing, pose=nothing))
    # But for a sample of its rim, where a mesh may reach too far.
    assert found.person[morphology.erode(draw_hull(face, WIDTH, HEIGHT), 1)].min() == 1


def test_a_hole_in_a_coat_is_closed_and_a_gap_at_the_arm_stays(face: Face) -> None:
    body = draw_body(face)
    chin = float(face.points[CHIN, 1])
    hole = np.hypot(X - EYES[0] - 40, Y - chin - 70) < 6
    gap = np.hypot(X - EYES[0] + 40, Y - chin - 70) < 6
    drawn, selfie = body.copy(), body.copy()
    drawn[hole | gap] = 0
    selfie[gap] = 0
    votes = votes_of(face, paint(body), selfie=selfie, salient=drawn, pose=np.zeros_like(body))
    found = decide(votes)
    assert found.person[hole].min() == 1
    assert found.person[gap].max() == 0


def test_islands_that_hang_on_nothing_go(face: Face) -> None:
    body = draw_body(face)
    island = (np.hypot(X - 30, Y - 60) < 12) & (body == 0)
    both = as_float(np.maximum(body, island))
    found = decide(votes_of(face, paint(both), selfie=both, salient=both, pose=both))
    assert found.person[island].max() == 0


# --- bystanders -----------------------------------------------------------------------------------


def put_behind(face: Face, step: float, down: float) -> tuple[Face, Mask, Mask, np.ndarray]:
    """Another face so far beside the sitter's, the two bodies, and the picture of both."""
    beside = geometry.translation(step, down)
    mine = draw_body(face)
    theirs = cv2.warpAffine(mine, beside, (WIDTH, HEIGHT))
    theirs = as_float(np.where(mine > 0, 0, theirs))
    codes = paint(mine)
    codes[theirs > 0] = (40, 60, 120)
    return face.moved(beside), mine, theirs, codes


def test_the_body_of_another_head_is_not_the_sitters(face: Face) -> None:
    """Two people side by side whom every network takes for persons: split between the heads."""
    step = 130.0
    other, mine, theirs, codes = put_behind(face, step, 8.0)
    everyone = np.maximum(mine, theirs)
    found = find_others(codes.astype(np.uint8), (face, other), everyone)
    assert found[(theirs > 0) & (EYES[0] + 0.5 * step < X)].mean() > 0.9
    # Of the sitter's own only the tip of a shoulder, before the other's chest.
    assert found[mine > 0].mean() < 0.11
    votes = votes_of(face, codes, selfie=everyone, salient=everyone, pose=mine, others=(other,))
    assert decide(votes).person[theirs > 0].mean() < 0.15


@pytest.mark.parametrize(("doubt", "whole"), [(0.0, True), (0.2, False)])
def test_a_shoulder_before_somebody_behind_stays_the_sitters(
    face: Face, doubt: float, whole: bool
) -> None:
    """Where the other's trunk is expected is the sitter's own shoulder; one network is sure of it,
    the one that draws bodies drew half of it."""
    step = -95.0
    other, mine, theirs, codes = put_behind(face, step, 3.0)
    shoulder = (mine > 0) & (EYES[0] + 0.8 * step > X)
    everyone = np.maximum(mine, theirs)
    drawn = Drawing(
        as_float(np.where(shoulder, 0.2, mine)), mine, np.full_like(mine, np.float32(doubt))
    )
    votes = votes_of(face, codes, selfie=everyone, salient=everyone, pose=mine, others=(other,))
    found = decide(votes, drawn)
    assert bool(found.person[shoulder].mean() > 0.9) is whole
    assert found.person[theirs > 0].mean() < 0.1


def test_a_small_head_far_behind_is_left_to_the_votes(face: Face) -> None:
    small = face.moved(np.array([[0.3, 0, 30], [0, 0.3, 30]], np.float64))
    body = draw_body(face)
    assert not find_others(paint(body).astype(np.uint8), (face, small), body).any()


def test_a_doubtful_small_face_in_the_hair_takes_nothing(face: Face) -> None:
    """A curl taken for a face, less than half the sitter's size and not sure of itself."""
    body = draw_body(face)
    codes = paint(body).astype(np.uint8)
    curl = face.moved(np.array([[0.4, 0, 45], [0, 0.4, 120]], np.float64))
    assert not find_others(codes, (face, replace(curl, score=0.66)), body).any()
    assert find_others(codes, (face, replace(curl, score=0.95)), body).any()


# --- what is handed over --------------------------------------------------------------------------


def test_the_window_lies_inside_the_photo(astronaut_subject: Subject) -> None:
    picture = astronaut_subject.picture
    grid = plan_window(astronaut_subject.face, (0, 0, picture.width, picture.height))
    ends = np.array([[-0.5, -0.5], [grid.width - 0.5, grid.height - 0.5]], np.float32)
    low, high = geometry.apply(grid.matrix, ends)
    assert (low >= -0.51).all()
    # The last sample may reach beyond by less than its own size.
    assert (high <= np.array([picture.width, picture.height]) - 0.5 + grid.scale).all()
    assert geometry.invert(grid.matrix)[0, 1] == 0


def test_a_cutout_over_its_own_grid_is_itself(astronaut_subject: Subject) -> None:
    cutout = astronaut_subject.cutout
    h, w = cutout.alpha.shape
    again = cutout.over(geometry.invert(cutout.grid.matrix), w, h)
    inside = cutout.trust > 0.999
    assert np.abs(again - cutout.alpha)[inside].max() < 1e-3
    assert np.abs(again - cutout.alpha).mean() < 0.01


def test_nothing_is_the_person_outside_the_photo(astronaut_subject: Subject) -> None:
    away = np.array([[1.0, 0, 300], [0, 1.0, 300]])
    over = astronaut_subject.cutout.over(away, 900, 900)
    assert not over[:297].any() and not over[:, :297].any() and not over[815:].any()
    assert over.max() == pytest.approx(1, abs=1e-3)


def test_a_solid_shoulder_stays_solid_up_to_the_photos_border(astronaut_subject: Subject) -> None:
    """The photo's lower border cuts the trunk: its last row is as much the person as the rest."""
    photo = astronaut_subject.picture
    over = astronaut_subject.cutout.over(np.eye(2, 3), photo.width, photo.height)
    middle = round(float(astronaut_subject.face.points[CHIN, 0]))
    assert over[-60:, middle - 20 : middle + 20].mean() > 0.97
    assert over[-1, middle - 20 : middle + 20].min() > 0.97


def test_alpha_is_the_same_person_in_every_frame(near_subject: Subject) -> None:
    """A large and a small frame show one cut-out: it is made once, whatever the frame."""
    frame = plan_frame(near_subject, "headshot", size=None, stay_inside=True)
    cutout = near_subject.cutout
    large = cutout.over(frame.transform, frame.width, frame.height)
    half = frame.resized(max(frame.width, frame.height) // 2)
    small = cutout.over(half.transform, half.width, half.height)
    reduced = cv2.resize(large, (half.width, half.height), interpolation=cv2.INTER_AREA)
    assert np.abs(small - reduced).mean() < 0.004
    assert near_subject.cutout is cutout


def test_cuts_are_told_in_photo_pixels(astronaut_subject: Subject) -> None:
    alpha = np.zeros((50, 40), np.float32)
    alpha[20:, 10:30] = 1
    alpha[30:45, 30:] = 1
    grid = Grid.through(40, 50, np.array([[2.0, 0, 0.5], [0, 2.0, 0.5]]))
    nothing = np.zeros((10, 10), np.float32)
    made = replace(
        astronaut_subject.cutout,
        grid=grid,
        alpha=alpha,
        wide=nothing,
        size=(80, 100),
        content=(0, 0, 80, 100),
    )
    right, bottom = find_cuts(made)
    assert (right.side, bottom.side) == ("right", "bottom")
    # The cut's ends are soft by a sample of the grid.
    assert (right.start, right.end) == pytest.approx((59.5, 89.5), abs=1.1)
    assert (bottom.start, bottom.end) == pytest.approx((19.5, 59.5), abs=1.1)
    # In a larger photo nothing of it lies on a border.
    assert find_cuts(replace(made, size=(200, 200), content=(0, 0, 200, 200))) == ()


def test_the_astronaut_is_cut_by_the_photo_below(astronaut_subject: Subject) -> None:
    cuts = astronaut_subject.cutout.cuts
    assert "bottom" in [c.side for c in cuts if c.end - c.start > 200]
    assert not any(c.side == "top" for c in cuts)
    assert not astronaut_subject.cutout.touching


def test_clothes_are_below_the_chin(astronaut_subject: Subject) -> None:
    cutout = astronaut_subject.cutout
    chin = int(cutout.face.points[CHIN, 1])
    assert not cutout.clothes[:chin].any()
    assert (cutout.clothes <= cutout.alpha + 1e-6).all()
    assert cutout.clothes[-20:].max() > 0.95


def test_a_subject_without_its_own_view_is_cut_alike(astronaut_subject: Subject) -> None:
    """Enlarged by two, the photo gives the same cut-out: the work is done in millimetres."""
    twice = open_subject(sitter.enlarge(astronaut_subject.picture, 2))
    photo = astronaut_subject.picture
    once = astronaut_subject.cutout.over(np.eye(2, 3), photo.width, photo.height)
    back = np.array([[0.5, 0, -0.25], [0, 0.5, -0.25]])
    again = replace(twice).cutout.over(back, photo.width, photo.height)
    assert np.abs(once - again).mean() < 0.02


# --- bars -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("tone", [0, 255])
def test_bars_are_found_and_hold_nobody(astronaut: Picture, tone: int) -> None:
    """Letterbox and mount: the content is told to a few pixels, and alpha ends there."""
    codes = np.full((512, 640, 3), tone, np.uint8)
    codes[20:500, 40:552] = astronaut.codes[:480]
    found = find_content(codes)
    assert found == pytest.approx((40, 20, 552, 500), abs=3)
    subject = open_subject(sitter.make_photo(colour.srgb_to_linear(codes / np.float32(255))))
    over = subject.cutout.over(np.eye(2, 3), 640, 512)
    assert not over[:, :38].any() and not over[:, 554:].any() and not over[503:].any()
    assert over[480:498, 150:300].mean() > 0.9
    assert "bottom" in [c.side for c in subject.cutout.cuts]


def test_a_plain_studio_ground_is_no_bar(astronaut: Picture) -> None:
    codes = np.full((512, 512, 3), 250, np.uint8)
    cv2.ellipse(codes, (256, 300), (120, 180), 0, 0, 360, (120, 80, 70), -1)
    assert find_content(codes) == (0, 0, 512, 512)
    assert find_content(astronaut.codes) == (0, 0, 512, 512)
