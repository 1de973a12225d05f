"""The lens: distances that are known, the warp that follows from them, and what it leaves alone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sitter
from drawing import build, layers, render
from PIL import Image

from catchlight.adjustments import lens
from catchlight.adjustments.lens_field import facing
from catchlight.analysis import camera, perspective
from catchlight.analysis.face.canonical import canonical_face
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.frame import Frame
from catchlight.analysis.perspective import Head, fit_head
from catchlight.analysis.scene import Scene
from catchlight.analysis.subject import Subject, open_subject
from catchlight.errors import LookError
from catchlight.images import Metadata
from catchlight.look import Look, parse_look
from catchlight.pixels import displacement, filters, geometry, surface
from catchlight.report.overlay import place_marks
from catchlight.studio import shoot
from catchlight.studio.warnings import tell_lens

ORIGIN = np.zeros(2, np.float32)
# Mesh points around the eyes whose means stand for the irises, which the canonical face lacks.
EYES = ([33, 133, 159, 145], [263, 362, 386, 374])


# --- Heads of other shapes, from known distances --------------------------------------------------


def make_head(rng: np.random.Generator, distance: float) -> tuple[Head, np.ndarray]:
    """A head that is not the canonical one, and its vertices: 4 % of width, 6 % of depth, 2 %
    of smooth differences of shape, turned by some degrees."""
    v = canonical_face().vertices.astype(np.float64)
    gap2 = ((v[:, None] - v[None]) ** 2).sum(2)
    smooth = 0.5 * np.exp(-gap2 / 8) + 0.5 * np.exp(-gap2 / 72) + 1e-6 * np.eye(468)
    v = v + np.linalg.cholesky(smooth) @ rng.normal(size=(468, 3)) * 0.02 * 6.33
    stretch = np.exp([0.04 * rng.normal(), 0, 0.06 * rng.normal()])
    turn = perspective._rotation(np.radians(rng.normal(size=3) * [5, 4, 2])) @ perspective._FLIP
    return Head(turn, stretch, 1 / 6.33, np.zeros(2), np.zeros(2), 1 / distance), v


def draw(head: Head, vertices: np.ndarray, noise: np.ndarray | None = None) -> np.ndarray:
    """Mesh points (478, 2) in IED from the middle between the eyes, as the network gives them."""
    places = head.project(vertices)[0]
    if noise is not None:
        places = places + noise
    right, left = (places[e].mean(0) for e in EYES)
    irises = np.concatenate([np.repeat([right], 5, 0), np.repeat([left], 5, 0)])
    ied = np.linalg.norm(left - right)
    half = 0.5 * 11.7 / 63 * np.array([[0, 0], [1, 0], [0, -1], [-1, 0], [0, 1]]) * ied
    irises += np.concatenate([half, half])
    return (np.concatenate([places, irises]) - (right + left) / 2) / ied


def put(face: Face, points: np.ndarray, ied: float, at: np.ndarray) -> Face:
    """The face with other mesh points (IED), ``ied`` pixels apart, between the eyes ``at``."""
    xy = points * ied + at
    mesh = np.column_stack([xy, np.zeros(478)]).astype(np.float32)
    return replace(face, mesh=mesh, ied=ied)


@pytest.mark.models
@pytest.mark.parametrize("distance", [25, 30, 35, 40, 45])
def test_a_projected_head_tells_its_distance(distance: float, need_models: None) -> None:
    """Median error at most 15 %; the 70th percentile errs on the far side, where it harms less."""
    rng = np.random.default_rng(distance)
    found, safe = [], []
    for _ in range(15):
        points = draw(*make_head(rng, distance), 0.01 * rng.normal(size=(468, 2)))[:468]
        head, spread = fit_head(points, ORIGIN, None)
        found.append(1 / head.inverse)
        safe.append(1 / (head.inverse - 0.524 * spread))
    assert np.median(np.abs(np.array(found) / distance - 1)) <= 0.15
    assert np.median(np.abs(np.array(safe) / distance - 1)) <= 0.15
    assert np.median(safe) > np.median(found)
    assert np.mean(np.array(safe) > 0.9 * distance) > 0.7


@pytest.mark.models
@pytest.mark.parametrize(("distance", "wrong"), [(30, 0.8), (30, 1.0), (30, 1.2), (25, 1.0)])
def test_the_warp_takes_a_face_to_where_a_far_camera_draws_it(
    distance: float, wrong: float, astronaut_scene: Scene
) -> None:
    """To four times as far, also where the distance is off by a fifth: 0.8 % of the IED is left.

    Over the points that the near camera sees; behind the cheeks' edge there is nothing to move.
    """
    rng = np.random.default_rng(5)
    before, after = [], []
    at = astronaut_scene.face.eyes.mean(0) + np.array([0, 20])
    for _ in range(5):
        near, vertices = make_head(rng, distance)
        far = replace(near, inverse=1 / lens.farther(distance))
        seen, wanted = draw(near, vertices), draw(far, vertices)
        scene = replace(astronaut_scene, face=put(astronaut_scene.face, seen, 130.0, at))
        edit = build("lens", scene, lens=distance / 100 * wrong)
        assert edit is not None
        h, w = scene.pixels.shape[:2]
        field = filters.resize(edit.field, w, h) * np.float32(scene.face.px_per_mm)
        moved = displacement.carry(scene.face.points, field)
        visible = facing(seen[:468])
        before.append(misfit(scene.face.points, wanted, visible))
        after.append(misfit(moved, wanted, visible))
    assert np.mean(before) > 3.4, before  # science section 4: 3.9
    assert np.mean(after) < 0.8, after


def misfit(points: np.ndarray, wanted: np.ndarray, visible: np.ndarray) -> float:
    """RMS distance in % of the IED after the best similarity."""
    here, there = points[:468][visible], wanted[:468][visible]
    off = geometry.apply(geometry.estimate_similarity(here, there), here) - there
    return 100 * float(np.sqrt((off**2).sum(1).mean()))


# --- The warp -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def near(near_scene: Scene) -> Scene:
    """The astronaut, of whom the looks below say that she was photographed from 30 cm."""
    return near_scene


def only_lens(strength: float = 1.0, backdrop: str = "keep", at: object = 0.3) -> Look:
    strengths = {**dict.fromkeys(Look().strengths, 0.0), "lens": strength}
    return parse_look({"adjust": strengths, "backdrop": backdrop, "lens": at})


@pytest.mark.parametrize(("strength", "least"), [(0.7, 1 / 1.65), (1.0, 1 / 2.3)])
def test_no_area_is_pulled_or_folded(strength: float, least: float, near: Scene) -> None:
    edit = build("lens", near, lens=0.3)
    assert edit is not None
    step = 1 / near.small_face.px_per_mm
    uy, ux = np.gradient(strength * edit.field[..., 0], step)
    vy, vx = np.gradient(strength * edit.field[..., 1], step)
    area = (1 + ux) * (1 + vy) - uy * vx
    # At full strength 2.25 times the area for some millimetres where the cheek ends.
    assert least < area.min() < 0.99
    assert 1.01 < area.max() < 2.0
    assert (1 + ux).min() > 0.4
    assert (1 + vy).min() > 0.4


def test_the_neck_is_not_drawn_out(near: Scene) -> None:
    """From the chin, which moves by 2 cm, the field runs out over all of the neck."""
    edit = build("lens", near, lens=0.3)
    assert edit is not None
    face = near.small_face
    column = edit.field[:, round(float(face.points[152, 0])), 1]
    chin = displacement.carry(face.points[[152]], edit.field * np.float32(face.px_per_mm))[0, 1]
    below = np.arange(len(column)) - chin
    neck = (below > 0) & (below < 100 * face.px_per_mm)
    stretch = 1 / (1 + np.gradient(column) * face.px_per_mm)
    assert column[round(float(chin))] > 10, "the chin moves up"
    assert stretch[neck].max() < 1.4


def test_no_source_lies_beyond_the_frame(near: Scene) -> None:
    edit = build("lens", near, lens=0.3)
    assert edit is not None
    h, w = edit.field.shape[:2]
    field = edit.field * near.small_face.px_per_mm
    x, y = np.arange(w) + field[..., 0], np.arange(h)[:, None] + field[..., 1]
    assert x.min() >= -1e-3
    assert x.max() <= w - 1 + 1e-3
    assert y.min() >= -1e-3
    assert y.max() <= h - 1 + 1e-3


def test_the_nose_shrinks_and_the_background_stays(near: Scene) -> None:
    out = render(near, only_lens())
    assert out.warp is not None
    face = near.face
    moved = displacement.carry(face.points, out.warp * np.float32(face.px_per_mm))

    def width(points: np.ndarray, a: int, b: int) -> float:
        return float(np.linalg.norm(points[a] - points[b]))

    nose = width(moved, 98, 327) / width(face.points, 98, 327)
    jaw = width(moved, 172, 397) / width(face.points, 172, 397)
    assert nose < 0.92 * jaw
    # Beyond 1.5 head widths nothing has moved, to the bit.
    h, w = near.pixels.shape[:2]
    y, x = np.mgrid[0:h, 0:w]
    centre = face.eyes.mean(0)
    away = np.hypot(x - centre[0], y - centre[1]) / face.px_per_mm > 250
    assert away.any()
    assert np.array_equal(out.pixels[away], near.pixels[away])
    # Straight lines behind the head, an IED beside it and more, bend by less than 2 mm.
    beside = np.abs(x - centre[0]) / face.px_per_mm > 2.2 * 63
    above = y < face.points[152, 1]
    assert np.abs(out.warp[beside & above]).max() < 2.0


def test_a_painted_backdrop_is_not_warped(near: Scene) -> None:
    plain = render(near, only_lens(0.0, "studio-cool"))
    out = render(near, only_lens(1.0, "studio-cool"))
    assert plain.warp is None
    shown = displacement.displace(near.matte.alpha, out.warp * np.float32(near.face.px_per_mm))
    empty = np.maximum(near.matte.alpha, shown) == 0
    assert empty.mean() > 0.05
    assert np.array_equal(out.pixels[empty], plain.pixels[empty])


def test_it_is_resampled_once_and_keeps_its_texture(near: Scene) -> None:
    """Half strength is half the way, not a mixture: no edge is doubled, no texture lost."""
    out = render(near, only_lens(0.5))
    again = displacement.displace(near.pixels, out.warp * np.float32(near.face.px_per_mm))
    assert np.array_equal(out.pixels, again)
    mask = near.region("face_skin") > 0.9

    def fine(pixels: np.ndarray) -> float:
        y = np.sqrt(pixels.mean(2))
        return float(np.std((y - filters.blur(y, 1.0 * near.face.px_per_mm))[mask]))

    assert fine(out.pixels) > 0.9 * fine(near.pixels)


@pytest.mark.parametrize("at", ["off", 1.5, 3.0])
def test_from_afar_nothing_changes(at: object, near_scene: Scene) -> None:
    look = only_lens(1.0, at=at)
    out = render(near_scene, look)
    assert layers(near_scene, look) == {}
    assert np.array_equal(out.pixels, near_scene.pixels)
    assert out.warp is None
    assert tell_lens(near_scene, look, out) == []


def test_where_the_distance_is_not_known_nothing_changes(near_scene: Scene) -> None:
    assert near_scene.camera.source == "unknown"
    assert np.array_equal(render(near_scene, only_lens(at="auto")).pixels, near_scene.pixels)


def test_it_says_what_it_did(near_scene: Scene) -> None:
    look = only_lens(0.7, at=0.35)
    out = render(near_scene, look)
    said = tell_lens(near_scene, look, out)
    assert said == ["taken at about 35 cm; shown as from 0.7 m"]
    assert 3 < out.applied["lens"] < 20


def test_the_rings_of_marks_follow_the_warp(near: Scene) -> None:
    out = render(near, only_lens())
    assert out.warp is not None
    photo = geometry.apply(geometry.invert(near.frame.transform), near.face.points[[1, 152]])
    rest = {"kind": "mole", "healed": False, "diameter_mm": 2.0}
    marks = [{"id": str(x), "x": x, "y": y, **rest} for x, y in photo.tolist()]
    was, spots = place_marks(near, marks), place_marks(near, marks, out.warp)
    px = np.float32(near.face.px_per_mm)
    for before, after in zip(was, spots, strict=True):
        pull = out.warp[round(after.y), round(after.x)] * px
        assert np.abs(np.array([after.x, after.y]) + pull - (before.x, before.y)).max() < 0.5
    assert was[1].y - spots[1].y > 3 * px, "the chin moved up"


def test_a_smooth_field_is_read_between_its_samples() -> None:
    """Exact for cubics inside; nothing beyond three samples of what is not 0."""
    n, at = 21, np.linspace(3, 17, 57)
    cubic = (np.arange(n) / 10 - 1) ** 3
    assert surface.smooth_rows(at, n) @ cubic == pytest.approx((at / 10 - 1) ** 3, abs=1e-12)
    spike = np.zeros(n)
    spike[10] = 1
    read = surface.smooth_rows(np.linspace(-5, 25, 301), n) @ spike
    assert np.flatnonzero(read)[[0, -1]] / 10 - 5 == pytest.approx([10, 10], abs=3)


def test_a_fitted_surface_passes_close_to_what_is_smooth() -> None:
    square = surface.Square(100.0, 10.0)
    x, y = np.random.default_rng(3).uniform(-95, 95, (2, 900))
    hill = 6 * np.exp(-(x**2 + y**2) / 3000)
    knots = surface.fit(square, np.stack([x, y], 1), hill, np.ones(len(x)), slope=0.002, bend=0.004)
    line = np.linspace(-90, 90, 61)
    drawn = square.rows(np.zeros(1)) @ knots @ square.rows(line).T
    assert np.abs(drawn[0] - 6 * np.exp(-(line**2) / 3000)).max() < 0.1
    assert not square.rows(np.array([101.0])).any(), "nothing beyond the square"


def test_what_nobody_sees_is_not_drawn_and_all_else_is_the_same() -> None:
    """A mask of what matters saves work; where it is drawn from, the result is that without."""
    h, w = 300, 260
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    rise = 20 * np.exp(-((x - 120) ** 2 + (y - 140) ** 2) / 3000)
    field = np.stack([rise, -rise], 2)
    field[np.abs(field) < 0.01] = 0
    picture = np.random.default_rng(2).random((h, w, 3)).astype(np.float32)
    mask = (np.hypot(x - 150, y - 100) < 20).astype(np.float32)
    moves = displacement.Displacement(field)
    whole, part = moves.draw(picture), moves.draw(picture, mask)
    drawn_from = displacement.displace(mask, field) > 0
    assert np.array_equal(whole[drawn_from], part[drawn_from])
    assert np.array_equal(part[240:], picture[240:])
    assert not np.array_equal(whole[240:], picture[240:])
    still = np.abs(field).max(2) == 0
    assert still.any()
    assert np.array_equal(whole[still], picture[still])
    half = displacement.Displacement(0.5 * field, 2.0)
    assert np.array_equal(half.draw(picture), whole)


def test_carry_undoes_displace() -> None:
    h, w = 90, 120
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    field = np.stack([4 * np.sin(y / 15), 3 * np.cos(x / 20)], 2).astype(np.float32)
    spot = np.array([[50.0, 40.0]], np.float32)
    picture = np.exp(-((x - 50) ** 2 + (y - 40) ** 2) / 18).astype(np.float32)
    moved = displacement.displace(picture, field)
    found = np.array([(moved * x).sum(), (moved * y).sum()]) / moved.sum()
    assert np.abs(displacement.carry(spot, field)[0] - found).max() < 0.1


# --- The focal length -----------------------------------------------------------------------------


def photograph(
    face: Face, distance: float, *, shape: float | None = None, **notes: object
) -> Subject:
    """A subject of a whole photo, 26 mm, 3000 x 4000; the mesh drawn as from ``shape`` cm."""
    focal_px = 26 * 5000 / 43.27
    rng = np.random.default_rng(1)
    points = draw(*make_head(rng, shape or distance))
    at = np.array([1500.0, 1800.0])
    metadata = replace(Metadata(focal_35mm=26.0, size=(4000, 3000)), **notes)
    codes = np.broadcast_to(np.zeros(3, np.uint8), (4000, 3000, 3))
    picture = replace(sitter.make_photo(np.zeros((2, 2, 3), np.float32)), codes=codes)
    picture = replace(picture, metadata=metadata)
    seen = put(face, points, focal_px * 6.3 / distance, at)
    return Subject(picture, (seen,), view=None)  # type: ignore[arg-type]


FRAME = Frame(np.array([[0.3, 0, 0], [0, 0.3, 0]]), 900, 1200, "headshot", 0.0, 1.0, True)


def camera_of(subject: Subject) -> camera.Camera:
    return camera.estimate_camera(subject.picture, subject.face, FRAME)


@pytest.fixture(scope="module")
def some_face(astronaut_subject: Subject) -> Face:
    return astronaut_subject.face


@pytest.mark.parametrize("distance", [28, 35, 45])
def test_a_focal_length_tells_the_distance(distance: float, some_face: Face) -> None:
    found = camera_of(photograph(some_face, distance))
    assert found.source == "focal length"
    assert found.distance is not None
    assert distance < found.distance < 1.15 * distance, "under-corrected, by no more than 15 %"
    # The optical axis meets the photo's middle, 200 pixels below the eyes.
    ied = 26 * 5000 / 43.27 * 6.3 / distance
    assert found.axis == pytest.approx([0, (1999.5 - 1800) / ied], abs=0.02)


def test_without_a_focal_length_nothing_is_believed(some_face: Face) -> None:
    """However near the face looks: the shape of a face is not evidence of distance."""
    for notes in (
        {"focal_35mm": None},
        {"size": None},
        {"size": (8000, 6000)},  # a crop, or made smaller
    ):
        found = camera_of(photograph(some_face, 30, **notes))
        assert (found.distance, found.source) == (None, "unknown")


def test_a_head_turned_far_away_is_left_alone(some_face: Face) -> None:
    turned = replace(some_face, pose=replace(some_face.pose, yaw=-38.0))
    assert camera_of(photograph(turned, 30)).distance is None
    assert camera_of(photograph(some_face, 30)).distance is not None


def test_a_crop_that_poses_as_whole_is_contradicted_by_the_face(some_face: Face) -> None:
    """A face from 3 m, cropped to look as large as one from 30 cm, is drawn without perspective."""
    found = camera_of(photograph(some_face, 30, shape=300))
    assert found.distance is None


def test_a_whole_photo_has_a_sensors_sides() -> None:
    whole = Metadata(size=(4000, 3000))
    assert camera.is_whole(whole, 4000, 3000)
    assert camera.is_whole(whole, 3000, 4000), "upright"
    assert not camera.is_whole(whole, 3000, 3000)
    assert not camera.is_whole(Metadata(size=(3000, 3000)), 3000, 3000)
    assert not camera.is_whole(Metadata(size=(1200, 900)), 1200, 900), "made smaller by an editor"
    assert not camera.is_whole(Metadata(), 4000, 3000)


# --- From a file to what is said ------------------------------------------------------------------

NEAR_CM = 30.0


@pytest.fixture(scope="module")
def selfie(near_subject: Subject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The astronaut drawn as from 30 cm: a whole photo of 4.3 megapixels, in 3:4, with EXIF.

    The camera is known: it looks at the middle of the eyes, and its focal length is that at which
    eyes 63 mm apart, 30 cm away, are drawn as far apart as in this picture.
    """
    x, y = near_subject.face.eyes.mean(0).round().astype(int)
    pixels = sitter.draw_near(near_subject, 120.0, NEAR_CM)[y - 200 : y + 200, x - 150 : x + 150]
    apart = open_subject(sitter.make_photo(pixels)).face.ied * 2400 / 400
    codes = np.rint(sitter.to_codes(pixels)).astype(np.uint8)
    image = Image.fromarray(codes).resize((1800, 2400), Image.Resampling.BICUBIC)
    focal_35mm = NEAR_CM * apart / 6.3 * 43.27 / np.hypot(1800, 2400)
    exif = Image.Exif()
    exif[0x8769] = {0xA002: 1800, 0xA003: 2400, 0xA405: round(focal_35mm)}
    path = tmp_path_factory.mktemp("selfie") / "selfie.jpg"
    image.save(path, quality=92, exif=exif)
    return path


def kept(**notes: object) -> Look:
    """Nothing but the lens at its default strength, on the photo's own ground."""
    return only_lens(0.7, at="auto").model_copy(update={"size": (480, 600), **notes})


@pytest.mark.models
def test_a_file_with_a_focal_length_is_corrected_and_says_so(selfie: Path) -> None:
    shot = shoot(selfie, kept(), measure=False)
    assert shot.scene.camera.source == "focal length"
    said = [re.match(r"taken at about (\d+) cm; shown as from 0\.\d m", w) for w in shot.warnings]
    distance = [int(found[1]) for found in said if found]
    assert len(distance) == 1
    assert distance[0] == pytest.approx(NEAR_CM, rel=0.15)
    assert distance[0] >= NEAR_CM, "it errs on the side of too little"
    assert shot.rendered.applied["lens"] > 5, "millimetres"
    assert shot.rendered.warp is not None


@pytest.mark.models
def test_the_same_file_without_its_focal_length_is_left_alone(selfie: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.jpg"
    with Image.open(selfie) as image:
        exif = image.getexif()
        del exif.get_ifd(0x8769)[0xA405]
        image.save(bare, quality="keep", exif=exif)
    shot = shoot(bare, kept(), measure=False)
    assert shot.picture.metadata.size == (1800, 2400)
    assert shot.scene.camera.distance is None
    assert not [w for w in shot.warnings if w.startswith("taken at")]
    assert "lens" not in shot.rendered.applied
    assert np.array_equal(shot.rendered.pixels, shot.scene.pixels)


@pytest.mark.models
def test_a_photo_shown_from_where_it_was_taken_is_left_alone(astronaut_scene: Scene) -> None:
    assert build("lens", astronaut_scene, lens=(0.6, 0.6)) is None
    assert build("lens", astronaut_scene, lens=(0.6, 0.4)) is None


@pytest.mark.models
def test_a_nearer_target_moves_less(astronaut_scene: Scene) -> None:
    some, all_ = (build("lens", astronaut_scene, lens=(0.3, to)) for to in (0.6, 1.5))
    assert some is not None
    assert all_ is not None
    assert 0 < np.abs(some.field).max() < 0.85 * np.abs(all_.field).max()


# --- The choice -----------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["off", "auto", 0.35, 2.0, (0.3, 0.6)])
def test_a_look_says_how_far(given: object) -> None:
    assert parse_look({"lens": given}).lens == given


@pytest.mark.parametrize("given", [0.1, 25.0, -1, "near", float("nan"), (0.3, 90.0), (0.1, 1)])
def test_a_look_refuses_what_no_camera_does(given: object) -> None:
    with pytest.raises(LookError, match="lens"):
        parse_look({"lens": given})
