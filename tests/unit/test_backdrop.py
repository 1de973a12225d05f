"""Backdrops: smooth, as grainy as the photo, lit from the right side, exact where asked for."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import sitter
from drawing import render
from PIL import Image

from catchlight import ground
from catchlight.analysis.light.key import KeyLight
from catchlight.analysis.quality import estimate_noise
from catchlight.analysis.scene import Scene
from catchlight.backdrop import BACKDROPS, Paper, parse_backdrop
from catchlight.images import encode_picture
from catchlight.layer import Layer
from catchlight.look import Look
from catchlight.pixels import blend, colour, filters
from catchlight.plan import plan_scene
from catchlight.render import render as render_plan

STUDIO = {b.name: b for b in BACKDROPS if isinstance(b, Paper)}
PAPERS = sorted(STUDIO)


def paint(scene: Scene, name: str) -> np.ndarray:
    """A studio paper behind a scene, at its size."""
    h, w = scene.pixels.shape[:2]
    return parse_backdrop(name).paint(scene, None).paint(w, h)


def paint_over(scene: Scene, name: str) -> np.ndarray:
    """A backdrop and what shows of the photo beside it, at the scene's size."""
    painted = plan_scene(scene, {}, parse_backdrop(name).paint(scene, None))
    h, w = scene.matte.alpha.shape
    return blend.composite(painted.base, painted.painted, filters.resize(painted.ground.own, w, h))


def plain(name: str) -> Look:
    return Look(backdrop=name, adjust=dict.fromkeys(Look().strengths, 0.0))


def with_noise(scene: Scene, sigma: float) -> Scene:
    return replace(scene, quality=replace(scene.quality, noise=sigma))


def decode(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def run_length(codes: np.ndarray) -> float:
    """Length of the run of one code that the average pixel lies in, along rows and columns."""
    runs = []
    for lines in (codes, codes.T):
        for line in lines[::5]:
            edges = np.flatnonzero(np.diff(line.astype(int)) != 0)
            runs.append(np.diff(np.concatenate([[-1], edges, [len(line) - 1]])))
    lengths = np.concatenate(runs).astype(float)
    return float((lengths**2).sum() / lengths.sum())


@pytest.mark.parametrize("name", [p for p in PAPERS if STUDIO[p].pool > 0.3])
def test_no_bands_in_8_bits(name: str, astronaut_scene: Scene) -> None:
    """A clean photo has no grain to hide steps, so the dither has to; neighbours differ at once."""
    scene = with_noise(astronaut_scene, 0.0)
    ground = paint(scene, name)
    codes = decode(encode_picture(ground, format="PNG"))
    # Undithered, the same gradient has bands: the test can see them.
    flat = decode(encode_picture(ground, format="PNG", dither=False))
    for c in range(3):
        run, band = run_length(codes[..., c]), run_length(flat[..., c])
        assert run < 6, f"channel {c}: runs of {run:.1f} pixels"
        assert band > 10, f"channel {c}: only {band:.1f} without dither"
    # And no step: blurred codes follow the light.
    smooth = filters.blur(codes.astype(np.float32), 6.0)
    want = filters.blur(sitter.to_codes(ground).astype(np.float32), 6.0)
    assert np.abs(smooth - want).max() < 0.6


@pytest.mark.parametrize("name", PAPERS)
def test_paper_is_smooth_and_in_range(name: str, astronaut_scene: Scene) -> None:
    ground = paint(with_noise(astronaut_scene, 0.0), name)
    assert ground.dtype == np.float32
    assert ground.shape == astronaut_scene.pixels.shape
    assert ground.min() > 0
    assert ground.max() <= 1
    stops = np.log2(colour.luminance(ground))
    for axis in (0, 1):
        assert np.abs(np.diff(stops, axis=axis)).max() < 0.02, "a step of 0.02 stops in a pixel"
        assert np.abs(np.diff(stops, 2, axis=axis)).max() < 2e-3, "a crease"
    fall = float(stops.max() - stops.min())
    assert fall <= STUDIO[name].pool * 1.3 + 0.05
    assert fall >= STUDIO[name].pool * 0.3


@pytest.mark.parametrize("sigma", [0.003, 0.006, 0.011])
def test_grain_is_the_photos(sigma: float, astronaut_scene: Scene) -> None:
    """Measured as the photo's is measured: 0.7 to 1.4 times as much."""
    scene = with_noise(astronaut_scene, sigma)
    scene = replace(scene, frame=replace(scene.frame, enlarged=1.0))
    ground = paint(scene, "studio-cool")
    ratio = estimate_noise(ground) / sigma
    assert 0.7 <= ratio <= 1.4, f"{ratio:.2f} times the photo's grain"


def test_grain_of_a_real_photo(near_scene: Scene) -> None:
    """Grain put on the photo, measured by the analysis, comes out on the paper."""
    noisy = blend.add_grain(near_scene.pixels, 0.008, size=0.0, seed=11)
    scene = sitter.refresh(near_scene, noisy)
    scene = replace(scene, frame=replace(scene.frame, enlarged=1.0))
    assert 0.7 <= scene.quality.noise / 0.008 <= 1.4
    ground = paint(scene, "studio-warm")
    ratio = estimate_noise(ground) / estimate_noise(noisy)
    assert 0.7 <= ratio <= 1.4, f"{ratio:.2f}"


@pytest.mark.parametrize("name", ["studio-warm", "charcoal"])
def test_the_pool_lies_away_from_the_key(name: str, astronaut_scene: Scene) -> None:
    scene = with_noise(astronaut_scene, 0.0)
    w = scene.pixels.shape[1]
    balance = {}
    for side in (-1.0, 0.0, 1.0):
        lit = replace(scene, key=KeyLight(side, 2.0))
        y = colour.luminance(paint(lit, name))
        balance[side] = float(np.log2(y[:, w // 2 :].mean() / y[:, : w // 2].mean()))
    # side -1: the key comes from the viewer's left, so the right of the paper is brighter.
    assert balance[-1.0] > balance[0.0] + 0.02
    assert balance[1.0] < balance[0.0] - 0.02


@pytest.mark.parametrize("rgb", ["#336699", "#ffffff", "#000000", "#ff0000", "#808080", "#0a1b2c"])
def test_a_colour_is_exact_after_encoding(rgb: str, astronaut_scene: Scene) -> None:
    out = render(astronaut_scene, plain(rgb)).pixels
    codes = decode(encode_picture(out, format="PNG"))
    clear = filters.blur((astronaut_scene.matte.alpha > 0).astype(np.float32), 4.0) == 0
    assert clear.mean() > 0.05
    asked = [int(rgb[i : i + 2], 16) for i in (1, 3, 5)]
    assert (codes[clear] == asked).all(), f"found {np.unique(codes[clear], axis=0)[:4].tolist()}"


@pytest.fixture(scope="module")
def busy_scene(near_scene: Scene) -> Scene:
    """The sitter before tiles of two tones; a plain wall would stay as it is."""
    h, w = near_scene.matte.alpha.shape
    y, x = np.mgrid[0:h, 0:w] // round(2.5 * near_scene.face.px_per_mm)
    tiles = np.where((x + y) % 2, 0.45, 0.15).astype(np.float32)[..., None]
    pixels = blend.composite(near_scene.pixels, tiles, near_scene.matte.alpha)
    return replace(near_scene, pixels=pixels.astype(np.float32))


def test_the_blur_leaves_what_is_calm(near_scene: Scene) -> None:
    """A plain wall out of focus is the same wall, without the hair before it."""
    assert np.abs(paint_over(near_scene, "blur") - near_scene.pixels).mean() < 1e-3


def test_the_blur_blurs_and_keeps_the_light(busy_scene: Scene) -> None:
    near_scene = busy_scene
    out = paint_over(near_scene, "blur")
    clear = filters.blur((near_scene.matte.alpha > 0).astype(np.float32), 8.0) == 0

    def rough(x: np.ndarray) -> float:
        return float(np.abs(np.diff(colour.luminance(x), axis=1))[:, 1:][clear[:, 2:]].mean())

    still = replace(near_scene, quality=replace(near_scene.quality, noise=0.0))
    assert rough(paint_over(still, "blur")) < 0.6 * rough(near_scene.pixels)
    assert out[clear].mean() == pytest.approx(near_scene.pixels[clear].mean(), rel=0.05)
    assert np.isfinite(out).all()
    assert out.min() >= 0


def test_a_sharper_photo_has_no_sharper_blur(busy_scene: Scene) -> None:
    """A gain that draws every edge of the wall draws none where the wall is out of focus."""
    near_scene = busy_scene
    h, w = near_scene.matte.alpha.shape
    y, x = np.mgrid[0:h, 0:w]
    edges = np.where((x // 7 + y // 7) % 2, 0.8, -0.8).astype(np.float16)
    layer = Layer("detail", near_scene.frame_grid, (0, 0, w, h), edges, "all", 0.8)
    laid = {"detail": layer}
    sure = replace(near_scene.cutout, confidence=np.ones_like(near_scene.cutout.confidence))
    scene = replace(near_scene, cutout=sure, quality=replace(near_scene.quality, noise=0.0))
    plan = plan_scene(scene, laid, parse_backdrop("blur").paint(scene, None))
    plain, drawn = (render_plan(plan, {"detail": s}).pixels for s in (0.0, 1.0))
    stops = np.log2((drawn[..., 1] + 1e-4) / (plain[..., 1] + 1e-4))
    own = filters.resize(plan.ground.own, w, h)
    soft = (own == 0) & (filters.blur(plan.alpha, 4.0) == 0)
    assert soft.mean() > 0.05
    assert np.abs(np.diff(stops, axis=1))[soft[:, 1:]].max() < 0.05


def test_the_blur_is_no_wider_than_it_is_sure(near_scene: Scene) -> None:
    """Votes that agree on nothing: beside the person the photo stays bit for bit, hair and all."""
    cut = replace(near_scene.cutout, confidence=np.zeros_like(near_scene.cutout.confidence))
    out = render(replace(near_scene, cutout=cut), plain("blur")).pixels
    alpha = near_scene.matte.alpha
    away = cv2.distanceTransform((alpha < 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    near = away < 0.8 * near_scene.face.px_per_mm
    assert np.abs(out - near_scene.pixels)[near].max() < 1e-4


@pytest.mark.parametrize("shape", [(30, 500), (500, 30), (64, 51), (2000, 1600)])
def test_a_picture_of_any_shape_covers_the_frame(
    shape: tuple[int, int], astronaut_scene: Scene
) -> None:
    rng = np.random.default_rng(0)
    picture = rng.random((*shape, 3)).astype(np.float32)
    out = ground.fit_picture(picture, astronaut_scene.pixels.shape).field
    assert out.shape == astronaut_scene.pixels.shape
    assert out.dtype == np.float32
    assert out.min() >= 0
    assert out.mean() == pytest.approx(0.5, abs=0.06)


def test_a_picture_must_be_handed_in(astronaut_scene: Scene, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"wall\.jpg"):
        parse_backdrop(str(tmp_path / "wall.jpg")).paint(astronaut_scene, None)


def test_light_wraps_on_white_and_not_on_black(astronaut_scene: Scene) -> None:
    alpha, person = astronaut_scene.matte.alpha, astronaut_scene.matte.foreground
    black, white = np.zeros_like(person), np.ones_like(person)
    reach = 0.05 * astronaut_scene.face.ied
    assert np.allclose(
        blend.wrap_light(person, black, alpha, reach=reach, amount=0.1), person, atol=1e-6
    )
    lit = blend.wrap_light(person, white, alpha, reach=reach, amount=0.1) - person
    edge = (alpha > 0.5) & (filters.blur(alpha, 3.0) < 0.9)
    deep = filters.blur((alpha < 1).astype(np.float32), 3 * reach) == 0
    assert lit[edge].mean() > 0.005
    assert np.abs(lit[deep]).max(initial=0) < 1e-3
