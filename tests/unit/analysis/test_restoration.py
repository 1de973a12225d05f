"""Restored detail against the truth: known JPEG, noise, blur and reduction, taken back.

The measures are those of tools/detail_evidence.py, which prints them for real photographs; here
they hold on the astronaut and on drawn structure.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import sitter
from drawing import build, render
from PIL import Image

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.frame import Frame
from catchlight.analysis.framing.plan import plan_frame
from catchlight.analysis.restoration import identity_guard, restraint, super_resolution
from catchlight.analysis.restoration import restore as restoring
from catchlight.analysis.restoration.source_faults import Faults, SourceCut
from catchlight.analysis.scene import Scene
from catchlight.analysis.study import restore_in
from catchlight.analysis.subject import Subject, open_subject
from catchlight.images import Picture, open_picture
from catchlight.images.resample import resample_photo
from catchlight.look import Look
from catchlight.pixels import (
    back_projection,
    blend,
    colour,
    deconvolution,
    geometry,
    jpeg,
    sliding_dct,
    ycc,
)

sys.path.append(str(Path(__file__).resolve().parents[3] / "tools"))
import detail_evidence as evidence
import detail_measures as measures

MEASURES = measures.MEASURES


@pytest.fixture(scope="module")
def drawn() -> np.ndarray:
    """A luma plane 0..1 of shading, edges at all angles and fine lines, 192 x 256."""
    y, x = np.mgrid[0:192, 0:256].astype(np.float32)
    out = 0.35 + 0.25 * x / 256
    out = out + 0.2 * ((x - 90) ** 2 + (y - 90) ** 2 < 50**2)
    out = out - 0.15 * (np.abs(x * 0.6 + y * 0.8 - 200) < 6)
    out = out + 0.06 * np.sin(0.9 * x + 0.3 * y) * (x > 190)
    return cv2.GaussianBlur(out.astype(np.float32), (0, 0), 0.6)


def through_jpeg(luma: np.ndarray, quality: int) -> np.ndarray:
    out = io.BytesIO()
    Image.fromarray(np.round(luma * 255).astype(np.uint8)).save(out, "JPEG", quality=quality)
    return np.asarray(Image.open(out)).astype(np.float32) / 255


def rms(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.sqrt(np.mean((a - b) ** 2)))


# --- The parts, on drawn structure ----------------------------------------------------------------


@pytest.mark.parametrize("quality", [20, 30, 50, 75])
def test_the_quality_of_a_jpeg_is_read_off_its_pixels(drawn: np.ndarray, quality: int) -> None:
    """To 2 of 100, if the grid is where it was; elsewhere, and of no JPEG, nothing is read."""
    textured = drawn + np.random.default_rng(1).normal(0, 0.03, drawn.shape).astype(np.float32)
    textured = np.clip(cv2.GaussianBlur(textured, (0, 0), 0.8), 0, 1)
    stored = through_jpeg(textured, quality)
    found = jpeg.estimate_jpeg(stored)
    assert found is not None
    assert abs(found - quality) <= 2
    assert jpeg.estimate_jpeg(textured) is None
    assert jpeg.estimate_jpeg(np.ascontiguousarray(stored[3:, 5:])) is None


def test_a_coarse_jpeg_stored_again_finely_is_still_told(drawn: np.ndarray) -> None:
    textured = drawn + np.random.default_rng(1).normal(0, 0.03, drawn.shape).astype(np.float32)
    twice = through_jpeg(through_jpeg(np.clip(textured, 0, 1), 40), 95)
    found = jpeg.estimate_jpeg(twice)
    assert found is not None and abs(found - 40) <= 2
    assert jpeg.match_lattice(twice, 40) > jpeg.LATTICE
    assert jpeg.match_lattice(np.ascontiguousarray(twice[3:, 5:]), 40) < 0.1


def test_deblocking_nears_the_truth_and_could_be_the_same_file(drawn: np.ndarray) -> None:
    stored = through_jpeg(drawn, 30)
    made = jpeg.deblock(stored, 30)
    assert rms(made, drawn) < 0.92 * rms(stored, drawn)
    # Stored again at the same quality it gives the same picture, but for rounding.
    again = through_jpeg(np.clip(made, 0, 1), 30)
    assert np.mean(np.abs(again - stored) > 2.5 / 255) < 0.01


def test_noise_is_measured_and_taken(drawn: np.ndarray) -> None:
    noisy = drawn + np.random.default_rng(2).normal(0, 6 / 255, drawn.shape).astype(np.float32)
    sigma = sliding_dct.estimate_noise(noisy)
    assert sigma * 255 == pytest.approx(6, rel=0.2)  # the flattest tiles are below the mean
    far = [rms(sliding_dct.shrink_dct(noisy, 2.7 * sigma, count=n), drawn) for n in (64, 16, 8, 4)]
    assert max(far) < 0.5 * rms(noisy, drawn)
    assert far == sorted(far)  # the more estimates, the nearer


def test_deconvolution_nears_the_truth_and_makes_no_halo(drawn: np.ndarray) -> None:
    soft = cv2.GaussianBlur(drawn, (0, 0), 1.5)
    sharp = deconvolution.deconvolve(soft, 1.5, 0.5 / 255)
    assert rms(sharp, drawn) < 0.75 * rms(soft, drawn)
    step = np.full((64, 64), 0.3, np.float32)
    step[:, 32:] = 0.6
    made = deconvolution.deconvolve(cv2.GaussianBlur(step, (0, 0), 1.5), 1.5, 0.5 / 255)
    assert made.max() < 0.6 + 0.01
    assert made.min() > 0.3 - 0.01


@pytest.mark.parametrize("shape", [(192, 256), (61, 83), (75, 100)])
def test_deconvolution_with_packed_waves_is_that_with_all_of_them(
    drawn: np.ndarray, shape: tuple[int, int]
) -> None:
    """The filter of the docstring by NumPy's complex transform, in float64."""
    sigma, noise = 1.7, 0.5 / 255
    h, w = shape
    soft = cv2.GaussianBlur(drawn, (0, 0), sigma)[:h, :w]
    pad = int(max(8, 4 * sigma))
    size = [cv2.getOptimalDFTSize(n + 2 * pad) for n in shape]
    wide = cv2.copyMakeBorder(
        soft, pad, size[0] - h - pad, pad, size[1] - w - pad, cv2.BORDER_REFLECT_101
    )
    f = np.hypot(np.fft.fftfreq(size[0])[:, None], np.fft.fftfreq(size[1])) + 1e-9
    blur = np.exp(-2 * (np.pi * sigma * f) ** 2)
    wiener = blur / (blur**2 + noise**2 * f**2 * 22 / soft.var())
    start = np.sqrt(-np.log(0.9) / 2) / (np.pi * sigma)
    gain = np.minimum(wiener, 1.6 ** np.maximum(np.log2(f / start), 0) / 0.9)
    slow = np.fft.ifft2(np.fft.fft2(wide) * gain).real[pad : pad + h, pad : pad + w]
    high, low = (f(soft, np.ones((3, 3))) for f in (cv2.dilate, cv2.erode))
    room = 0.25 * (high - low)
    slow = np.clip(slow, low - room, high + room)
    assert np.abs(slow - soft).max() > 0.02
    assert np.abs(deconvolution.deconvolve(soft, sigma, noise) - slow).max() < 5e-4


def test_a_change_of_luma_alone_is_added_as_by_the_matrix(drawn: np.ndarray) -> None:
    rng = np.random.default_rng(5)
    codes = rng.random((*drawn.shape, 3), np.float32)
    change = rng.normal(0, 0.1, drawn.shape).astype(np.float32)
    whole = ycc.to_ycc(codes)
    assert np.abs(ycc.to_luma(codes) - whole[..., 0]).max() < 1e-6
    whole[..., 0] += change
    slow = np.clip(ycc.to_rgb(whole), 0, 1)
    assert np.abs(ycc.add_luma(codes, change) - slow).max() < 2e-6


def test_deconvolution_never_raises_an_octave_by_more(drawn: np.ndarray) -> None:
    """By 1.6 over the octave below it, however far the blur took it down."""
    rng = np.random.default_rng(4)
    noise = rng.normal(0.5, 0.02, (256, 256)).astype(np.float32)
    sigma = 2.5
    made = deconvolution.deconvolve(noise, sigma, 1e-4)

    def octave(field: np.ndarray, low: float) -> float:
        power = np.abs(np.fft.fft2(field - field.mean())) ** 2
        f = np.hypot(np.fft.fftfreq(256)[:, None], np.fft.fftfreq(256)[None])
        return float(np.sqrt(power[(f >= low) & (f < 2 * low)].mean()))

    gains = [octave(made, low) / octave(noise, low) for low in (1 / 64, 1 / 32, 1 / 16, 1 / 8)]
    ratios = np.array(gains[1:]) / np.array(gains[:-1])
    assert ratios.max() < 1.6 * 1.1, ratios
    assert gains[-1] > 1.3, "it did nothing"


@pytest.mark.parametrize("times", [2, 4])
def test_an_enlargement_says_what_its_source_said(times: int) -> None:
    rng = np.random.default_rng(5)
    source = cv2.GaussianBlur(rng.random((40, 56, 3)).astype(np.float32), (0, 0), 1.2)
    wrong = cv2.resize(source, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC)
    wrong = (wrong * np.float32(1.01) + np.float32(1.5 / 255)).astype(np.float32)
    made = back_projection.agree(wrong, source)
    assert rms(back_projection.reduce_lanczos(made, times), source) < 0.2 / 255
    assert rms(back_projection.reduce_lanczos(wrong, times), source) > 2 / 255
    # A source whose ringing no enlargement reduces to is not rung after.
    far = back_projection.agree(wrong + np.float32(0.1), source)
    assert np.abs(far - wrong - np.float32(0.1)).max() < 6 / 255


def test_reducing_is_that_of_pillow() -> None:
    x = np.random.default_rng(6).random((64, 96)).astype(np.float32)
    for times in (2, 4):
        size = (96 // times, 64 // times)
        theirs = np.asarray(Image.fromarray(x).resize(size, Image.Resampling.LANCZOS))
        ours = back_projection.reduce_lanczos(np.dstack([x, x, x]), times)[..., 0]
        assert np.abs(ours - theirs)[4:-4, 4:-4].max() < 1e-5


@pytest.mark.parametrize("length", [100, 256, 257, 700])
def test_tiles_cover_every_pixel_once(length: int) -> None:
    kept = np.zeros(length, int)
    for start, end, first, last in back_projection.split_tiles(length, 256, 12):
        assert end - start <= 256
        assert start <= first < last <= end
        assert first - start >= 12 or start == 0
        kept[first:last] += 1
    assert (kept == 1).all()


def test_tiles_leave_no_seam(need_models: None) -> None:
    """Enlarged in tiles and in one piece, the picture is the same to a fifth of a code RMS."""
    rng = np.random.default_rng(7)
    codes = cv2.GaussianBlur(rng.random((24, 300, 3)).astype(np.float32), (0, 0), 1.5)
    tiled = super_resolution.enlarge(codes, 2)
    whole = super_resolution.run_ncnn("super_resolution_x2", codes)
    assert rms(tiled, np.clip(back_projection.agree(whole, codes), 0, 1)) < 0.2 / 255


# --- The whole, on the astronaut ------------------------------------------------------------------


@pytest.fixture(scope="module")
def truth(near_subject: Subject, astronaut_subject: Subject) -> tuple[np.ndarray, Face]:
    """Her head and shoulders as they are, 43 px between the eyes, and the face there."""
    face = astronaut_subject.face
    x, y = face.eyes.mean(0)
    size = (200, 224)
    move = np.array([[1.0, 0, 100 - round(x)], [0, 1.0, 100 - round(y)]])
    pixels = resample_photo(astronaut_subject.picture, move, *size)
    return measures.to_bytes(pixels), face.moved(move)


def bring_back(
    data: bytes, times: int, size: tuple[int, int]
) -> tuple[Picture, np.ndarray, object]:
    """Photo, the plain frame at the original's size, and what was restored of it."""
    picture = open_picture(data)
    grow = geometry.scaling(times, times)
    frame = Frame(grow, *size, "original", 0.0, float(times), inside=True)
    plain = resample_photo(picture, grow, *size)
    return picture, plain, restore_in(open_subject(picture), frame, plain)


def compare(truth: tuple[np.ndarray, Face], made: np.ndarray) -> dict[str, float]:
    return dict(zip(MEASURES, measures.measure(truth[0], made, truth[1]), strict=True))


def size_of(truth: tuple[np.ndarray, Face]) -> tuple[int, int]:
    return truth[0].shape[1], truth[0].shape[0]


@pytest.mark.parametrize(
    ("fault", "better"),
    [("noise 8 codes", 1.5), ("JPEG q30", 0.3)],
)
def test_noise_and_jpeg_are_taken_back(
    fault: str, better: float, truth: tuple[np.ndarray, Face]
) -> None:
    times, degrade = evidence.FAULTS[fault]
    _, plain, made = bring_back(degrade(truth[0]), times, size_of(truth))
    assert made is not None
    assert made.share == 1
    before = compare(truth, measures.to_bytes(plain))
    after = compare(truth, measures.to_bytes(made.pixels))
    assert after["PSNR-Y"] > before["PSNR-Y"] + better, (before, after)
    assert after["dE00"] < 0.95 * before["dE00"]
    assert after["coherence"] > before["coherence"]
    assert after["iris"] < before["iris"] + 0.75
    assert after["identity"] < before["identity"] + 0.02


@pytest.mark.parametrize("quality", [None, 30])
def test_a_reduced_photo_comes_nearer_than_by_resampling(
    quality: int | None, truth: tuple[np.ndarray, Face]
) -> None:
    """Reduced twice: 21 px between the eyes. Against bicubic, Lanczos, and the network alone.

    Identity and irises are judged of the clean photo only: of 21 px in blocks of 8 there is little
    of a person (0.34 from the truth before and 0.39 after) and an iris is 3 px wide.
    """
    small = evidence.reduce(truth[0], 2)
    picture, plain, made = bring_back(evidence.store(small, quality), 2, size_of(truth))
    assert made is not None
    after = compare(truth, measures.to_bytes(made.pixels))
    codes = np.asarray(picture.codes)
    cubic = cv2.resize(codes, size_of(truth), interpolation=cv2.INTER_CUBIC)
    alone = super_resolution.enlarge(codes / np.float32(255), 2, agreed=False)
    network = compare(truth, np.round(alone * 255).astype(np.uint8))
    others = {"Lanczos": compare(truth, measures.to_bytes(plain)), "bicubic": compare(truth, cubic)}
    if quality is not None:
        others["network"] = network
    for name, other in others.items():
        assert after["PSNR-Y"] > other["PSNR-Y"] + 0.2, (name, other, after)
        assert after["dE00"] < other["dE00"], (name, other, after)
        assert after["coherence"] > other["coherence"], (name, other, after)
        assert quality is not None or after["iris"] < other["iris"] + 0.5, (name, other, after)
        assert quality is not None or after["identity"] < other["identity"], (name, other, after)
    if quality is None:  # of a clean source the network alone is within a rounding of ours
        assert after["PSNR-Y"] > network["PSNR-Y"] - 0.1
        # What the photo said stays said: one code RMS.
        said = back_projection.reduce_lanczos(measures.to_bytes(made.pixels).astype(np.float32), 2)
        assert rms(said, codes.astype(np.float32)) < 1.0


def test_a_clean_large_source_comes_back_untouched(near_subject: Subject) -> None:
    frame = plan_frame(near_subject, "original", size=None, stay_inside=True)
    plain = resample_photo(near_subject.picture, frame.transform, frame.width, frame.height)
    assert restore_in(near_subject, frame, plain) is None


def test_a_restoration_that_changes_the_sitter_is_taken_back(astronaut_scene: Scene) -> None:
    """By halves, then altogether: eyes moved apart, as no photo's restoration may."""
    scene = astronaut_scene
    assert identity_guard.step_back(scene.face, scene.pixels, scene.pixels)[1] == 1
    h, w = scene.pixels.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    middle = scene.face.points[1]
    near = np.exp(-((x - middle[0]) ** 2 + (y - middle[1]) ** 2) / (2 * scene.face.ied**2))
    squeeze = 0.45 * near * (x - middle[0])
    other = cv2.remap(scene.pixels, x + squeeze, y, cv2.INTER_LINEAR)
    kept = identity_guard.step_back(scene.face, scene.pixels, other)
    assert kept is None or kept[1] <= 0.5


# --- What is wrong with a source, and what holds --------------------------------------------------


def test_decoding_is_that_of_colour() -> None:
    codes = np.linspace(0, 1, 4096, dtype=np.float32).reshape(64, 64)
    assert np.abs(ycc.decode(codes) - colour.srgb_to_linear(codes)).max() < 2e-6


@pytest.mark.parametrize(
    ("fault", "name"),
    [("noise 8 codes", "grain"), ("JPEG q30", "blocks"), ("enlarged before", "softness")],
)
def test_a_fault_is_told_and_no_other(
    fault: str, name: str, truth: tuple[np.ndarray, Face], astronaut_subject: Subject
) -> None:
    """The astronaut as she is has none; noise may look like stains."""
    clean = astronaut_subject.faults
    assert clean.none, clean
    if name == "softness":  # a blur shows where a face has pixels: three of these are one of hers
        size = (3 * truth[0].shape[1], 3 * truth[0].shape[0])
        large = cv2.resize(truth[0], size, interpolation=cv2.INTER_LANCZOS4)
        data = evidence.store(evidence.blur(large))
    else:
        data = evidence.FAULTS[fault][1](truth[0])
    found = open_subject(open_picture(data)).faults
    assert getattr(found, name) > 0.9, found
    others = {"grain", "blocks", "softness"} - {name}
    assert all(getattr(found, other) == 0 for other in others), found


def test_deblocking_leaves_colours_where_the_file_put_them(astronaut_subject: Subject) -> None:
    """Within a quarter of a JPEG's step: red lips and cheeks do not go grey."""
    picture, face = astronaut_subject.picture, astronaut_subject.face
    x, y = (int(v) for v in face.eyes.mean(0))
    codes = picture.codes[y - 96 : y + 128, x - 96 : x + 96] / np.float32(255)
    source = SourceCut(
        codes, np.eye(2, 3), face.moved(np.array([[1.0, 0, 96 - x], [0, 1, 96 - y]]))
    )
    faults = Faults(quality=70, noise=0.5, stain=0.2, blur=0.9, sharp=0.9)
    made, _, steps = restoring.clean(source, faults, enlarged=True)
    assert steps == ["JPEG of quality 70: blocks and ringing"]
    moved = np.abs(ycc.to_ycc(made) - ycc.to_ycc(codes))[..., 1:] * 255
    step = jpeg.jpeg_table(70, chroma=True)[0, 1]
    inside = (made > 0.01).all(2) & (made < 0.99).all(2)  # what is clipped moves by that
    assert 0.1 < moved[inside].max() <= 0.25 * step + 0.1


def test_irises_keep_their_colour(astronaut_scene: Scene) -> None:
    scene = astronaut_scene
    h, w = scene.pixels.shape[:2]
    irises = identity_guard.draw_irises(scene.face, (h, w))
    assert 20 < irises.sum() < 0.1 * scene.face.ied**2
    blue = (scene.pixels * (1 + irises[..., None] * np.array([-0.2, 0, 0.5]))).astype(np.float32)
    kept = identity_guard.keep_irises(scene.face, scene.pixels, blue)
    labs = [colour.p3_to_lab(p) for p in (scene.pixels, blue, kept)]
    was, tinted, now = (measures.iris_colour(lab, scene.face) for lab in labs)
    assert colour.ciede2000(was, tinted) > 4
    assert colour.ciede2000(was, now) < 1
    # Beyond the discs nothing is touched.
    assert np.array_equal(kept[irises == 0], blue[irises == 0])


def test_a_mark_holds_or_the_restoration_goes(astronaut_scene: Scene) -> None:
    scene = astronaut_scene
    h, w = scene.pixels.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    middle, mm = scene.face.points[205], scene.face.px_per_mm  # the cheek
    far = np.hypot(x - middle[0], y - middle[1])
    dot = np.exp(-((far / (1.5 * mm)) ** 2))[..., None].astype(np.float32)
    spotted = scene.pixels * (1 - 0.6 * dot)
    faded = scene.pixels * (1 - 0.1 * dot)
    bytes_of = measures.to_bytes
    assert identity_guard.measure_kept(bytes_of(spotted), bytes_of(spotted), scene.face) >= 1
    assert identity_guard.measure_kept(bytes_of(spotted), bytes_of(faded), scene.face) < 0.5
    kept = identity_guard.step_back(scene.face, spotted, faded)
    assert kept is None or kept[1] <= 0.5


def test_hard_places_get_less_of_the_network() -> None:
    """Where contrast lies between neighbouring pixels, and not where it falls off as in photos."""
    dots = np.random.default_rng(8).random((128, 128, 3)).astype(np.float32)
    soft = cv2.GaussianBlur(dots, (0, 0), 1.0)
    sharpened = np.hstack([soft[:, :64], dots[:, 64:]])
    assert super_resolution.draw_hard(soft).max() == 0
    hard = super_resolution.draw_hard(sharpened)
    assert hard[:, 80:].mean() > 0.9
    assert hard[:, :48].max() == 0
    large = np.zeros((256, 256, 3), np.float32)
    assert super_resolution.soften_hard(large, np.full((128, 128, 3), 0.5, np.float32)) is large
    assert super_resolution.soften_hard(large, sharpened).mean() > 0.05


def test_a_mark_is_strengthened_and_still_what_the_source_said(astronaut_scene: Scene) -> None:
    scene = astronaut_scene
    h, w = (n // 2 * 2 for n in scene.pixels.shape[:2])
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    middle, mm = scene.face.points[205], scene.face.px_per_mm  # the cheek
    far = np.hypot(x - middle[0], y - middle[1])
    dot = np.exp(-((far / (1.5 * mm)) ** 2))[..., None]
    large = (measures.to_bytes(scene.pixels)[:h, :w] / np.float32(255)) * (1 - 0.5 * dot)
    large = large.astype(np.float32)
    codes = back_projection.reduce_lanczos(large, 2)
    face = scene.face.moved(np.array([[0.5, 0, -0.25], [0, 0.5, -0.25]]))
    made = super_resolution.strengthen_marks(large, codes, face, 3.0)
    at = tuple(round(float(v)) for v in middle[::-1])
    assert made[at].mean() < large[at].mean() - 0.5 / 255
    near = far < 4 * mm
    said = back_projection.reduce_lanczos(made, 2)
    assert np.abs(said - codes)[near[::2, ::2]].max() < 3 / 255
    assert np.mean(made != large) < 0.2  # only marks


# --- The adjustment -------------------------------------------------------------------------------


def test_the_gain_gives_the_restored_frame(degraded_scene: Scene) -> None:
    edit = build("detail", degraded_scene)
    assert edit is not None
    assert np.abs(edit.stops).max() <= 2
    assert degraded_scene.restored is not None
    made = blend.apply_stops(degraded_scene.pixels, edit.stops)
    off = np.abs(sitter.to_codes(made) - sitter.to_codes(degraded_scene.restored.pixels))
    # But on the sitter's outline, half of which is background that another backdrop replaces.
    alpha = degraded_scene.matte.alpha
    outline = (alpha > 1e-3) & (alpha < 1 - 1e-3)
    assert np.percentile(off[~outline], 99.5) < 0.2
    half = np.abs(alpha - 0.5) < 0.1
    assert half.any()
    assert np.abs(edit.stops[half]).max() < 0.3
    out = render(degraded_scene, Look(backdrop="keep", adjust=only_detail()))
    assert out.applied.keys() == {"detail"}


def only_detail() -> dict[str, float]:
    from catchlight.adjustments.catalogue import NAMES

    return dict.fromkeys(NAMES, 0.0) | {"detail": 1.0}


def test_a_scene_built_without_it_pays_nothing(near_scene: Scene) -> None:
    assert near_scene.restored is None
    assert build("detail", near_scene) is None


def test_what_the_network_draws_beyond_all_that_is_near_is_held() -> None:
    """A speck on a cheek goes; an edge between two tones, as sharp as can be, stays."""
    codes = np.full((32, 32, 3), 0.6, np.float32)
    codes[:, 16:] = 0.2
    large = np.repeat(np.repeat(codes, 4, axis=0), 4, axis=1)
    np.testing.assert_allclose(restraint.hold_extremes(large, codes), large, atol=1e-6)
    specked = large.copy()
    specked[40, 20] = 0.1
    held = restraint.hold_extremes(specked, codes)
    assert held[40, 20].min() > 0.57
    assert np.abs(held - large).max() < 0.03


@pytest.mark.parametrize("times", [2, 4])
def test_a_line_that_the_source_does_not_show_is_taken_out(times: int) -> None:
    """A light line beside an edge goes, with the dip behind it; a lash the source shows stays."""
    codes = np.full((32, 32, 3), 0.6, np.float32)
    codes[:, 16:] = 0.1
    codes[:, 6] = 0.45
    large = cv2.resize(codes, (32 * times, 32 * times), interpolation=cv2.INTER_LINEAR)
    lash = slice(6 * times, 7 * times)
    large[:, lash] = 0.38
    drawn = large.copy()
    drawn[:, 11 * times : 11 * times + times // 2] = 0.52
    drawn[:, 20 * times : 20 * times + times // 2] = 0.2
    held = restraint.hold_threads(drawn, codes)
    for at in (11 * times, 20 * times):
        assert np.abs(held[:, at] - large[:, at]).max() < 0.02
        assert np.abs(drawn[:, at] - large[:, at]).max() > 0.07
    assert np.abs(held[:, lash] - large[:, lash]).max() < 0.02
    np.testing.assert_allclose(held[:, 14 * times : 18 * times], large[:, 14 * times : 18 * times])
