"""Evenness, shine and texture against faults that the test painted, over light and dark skin."""

from __future__ import annotations

import numpy as np
import pytest
import sitter
from close_up import PX_PER_MM, close_up, lab_of, paint_mark, repaint, texture
from drawing import apply

from catchlight.adjustments.catalogue import BY_NAME
from catchlight.adjustments.shine import dim
from catchlight.analysis.scene import Scene
from catchlight.arrays import Mask, Pixels
from catchlight.likeness.coherence import measure_texture
from catchlight.look import Look, LookError, parse_look
from catchlight.pixels import bands, blend, colour, filters

TONES = (72, 50, 30)


def sites(scene: Scene) -> list[tuple[float, float]]:
    """Middle of both cheeks and of the forehead in face crop pixels."""
    p = scene.face_crop.face.points
    return [tuple(p[i]) for i in (50, 280, 151)]


def inside(scene: Scene, x: float, y: float, radius: float) -> Mask:
    h, w = scene.face_crop.alpha.shape
    yy, xx = np.mgrid[0:h, 0:w]
    return np.hypot(xx - x, yy - y) < radius


# --- Measuring texture ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def swatch() -> Pixels:
    """80 mm of plain skin at 4 pixels per millimetre, its texture f^-2.1, a little shading."""
    lab = np.empty((320, 320, 3), np.float32)
    ramp = np.linspace(-4, 4, 320, dtype=np.float32)
    lab[..., 0] = 62 + 1.2 * texture((320, 320), 4.0) + ramp
    lab[..., 1:] = (12, 14)
    return colour.lab_to_p3(lab)


def change_lightness(pixels: Pixels, change: np.ndarray) -> Pixels:
    lab = lab_of(pixels)
    lab[..., 0] += change
    return colour.lab_to_p3(lab)


def everywhere(pixels: Pixels) -> Mask:
    return np.ones(pixels.shape[:2], np.float32)


def test_the_same_picture_keeps_all_and_invents_nothing(swatch: Pixels) -> None:
    found = measure_texture(swatch, swatch, everywhere(swatch), 4.0)
    assert found.tiles >= 40
    assert set(found.gain) == {"T", "M1", "M2"}
    for band in found.gain:
        assert found.worst[band] == pytest.approx(1, abs=1e-4)
        assert found.worst_invented[band] == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize(("sigma", "low", "high"), [(0.15, 0.62, 0.85), (0.3, 0.2, 0.42)])
def test_a_blur_loses_what_it_is_known_to_lose(
    swatch: Pixels, sigma: float, low: float, high: float
) -> None:
    """On 102 cheeks: 0.78 of T left after 0.15 mm and 0.30 after 0.3 mm (science.md, section 6)."""
    found = measure_texture(swatch, filters.blur(swatch, 4 * sigma), everywhere(swatch), 4.0)
    assert low < found.gain["T"] < high
    assert found.gain["M2"] > 0.9


def test_half_the_detail_is_half_the_gain(swatch: Pixels) -> None:
    fine = lab_of(swatch)[..., 0]
    fine = fine - filters.blur(fine, 4 * 2.8)
    found = measure_texture(swatch, change_lightness(swatch, -0.5 * fine), everywhere(swatch), 4.0)
    for band in ("T", "M1"):
        assert found.gain[band] == pytest.approx(0.5, abs=0.02)
        assert found.worst_invented[band] < 0.01


def test_new_texture_is_no_texture_kept(swatch: Pixels) -> None:
    smooth = filters.blur(swatch, 4 * 2.8)
    new = change_lightness(smooth, 1.2 * texture((320, 320), 4.0, seed=9))
    found = measure_texture(swatch, new, everywhere(swatch), 4.0)
    assert abs(found.gain["T"]) < 0.1
    assert abs(found.gain["M1"]) < 0.15
    assert found.invented["T"] > 0.9


def test_grain_never_raises_the_gain(swatch: Pixels) -> None:
    soft = filters.blur(swatch, 4 * 0.3)
    noise = np.random.default_rng(4).standard_normal(swatch.shape[:2])
    grainy = change_lightness(soft, 0.8 * noise)
    before = measure_texture(swatch, soft, everywhere(swatch), 4.0)
    after = measure_texture(swatch, grainy, everywhere(swatch), 4.0)
    assert after.gain["T"] < before.gain["T"] + 0.03
    assert after.invented["T"] > before.invented["T"] + 0.2


@pytest.mark.parametrize("stops", [-1.0, 0.5])
def test_more_light_is_not_more_texture(swatch: Pixels, stops: float) -> None:
    lit = (swatch * 2.0**stops).astype(np.float32)
    found = measure_texture(swatch, lit, everywhere(swatch), 4.0)
    assert found.exposure == pytest.approx(2 ** (stops / 3), rel=0.02)
    assert found.gain["T"] == pytest.approx(1, abs=0.01)
    assert found.gain["M2"] == pytest.approx(1, abs=0.01)


def test_what_the_source_does_not_resolve_is_not_measured(swatch: Pixels) -> None:
    assert set(measure_texture(swatch, swatch, everywhere(swatch), 1.2).gain) == {"M1", "M2"}
    none = measure_texture(swatch, swatch, 0 * everywhere(swatch), 4.0)
    assert none.tiles == 0
    assert none.gain == {}


# --- Bands ----------------------------------------------------------------------------------------


def test_bands_add_up_and_nothing_leaks_in(swatch: Pixels) -> None:
    field = lab_of(swatch)[..., 0]
    mask = everywhere(swatch)
    mask[:, 160:] = 0
    leaky = field.copy()
    leaky[:, 160:] = 5.0  # hair
    found = bands.split(leaky, mask, 4.0)
    assert np.abs(sum(found.values()) - leaky).max() < 1e-3
    assert np.abs(found["M2"][:, :160]).max() < 3
    plain = np.abs(bands.split(leaky, everywhere(swatch), 4.0)["M2"][:, :160]).max()
    assert plain > 8, "an ordinary blur does leak: the mask is what keeps it out"


# --- Evenness -------------------------------------------------------------------------------------


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("size", [5.0, 8.0, 12.0, 15.0])
def test_redness_blotches_lose_70_percent(tone: int, size: float) -> None:
    clean = close_up(tone)
    pixels = clean.face_crop.pixels.copy()
    for x, y in sites(clean):
        paint_mark(pixels, x, y, size, "blotch")
    after = apply(repaint(clean, pixels), "skin_evenness")
    plain = apply(clean, "skin_evenness")
    # The cheeks; the forehead is paler than its surroundings before anything is painted.
    for x, y in sites(clean)[:2]:
        here = inside(clean, x, y, 0.35 * size * PX_PER_MM)
        truth, fault, mended = (lab_of(v[here]).mean(0) for v in (plain, pixels, after))
        base = lab_of(clean.face_crop.pixels[here]).mean(0)
        left = abs(mended - truth)[1] / (fault - base)[1]
        assert left <= 0.30, f"{left:.2f} of the redness of a {size} mm blotch is left at L* {tone}"


@pytest.mark.parametrize("tone", TONES)
def test_evenness_keeps_moles_freckles_pores_and_light(tone: int) -> None:
    clean = close_up(tone)
    (x0, y0), (x1, y1), (x2, y2) = sites(clean)
    pixels = clean.face_crop.pixels.copy()
    spots = [
        paint_mark(pixels, x0, y0, 3.0, "mole"),
        paint_mark(pixels, x1, y1, 25.0, "freckles"),
        paint_mark(pixels, x2, y2, 6.0, "mole"),
    ]
    scene = repaint(clean, pixels)
    after = apply(scene, "skin_evenness")
    for where in spots:
        kept = contrast(after, where) / contrast(pixels, where)
        assert 0.9 <= kept <= 1.1, f"{kept:.2f} of a mark's contrast at L* {tone}"
    skin = clean.face_crop.regions["face_skin"]
    found = measure_texture(pixels, after, skin, PX_PER_MM)
    assert found.worst["T"] > 0.97
    assert found.worst["M1"] > 0.95
    y = [np.log2(colour.luminance(v) + 1e-3) for v in (pixels, after)]
    form = [filters.blur_inside(v, skin, 8 * PX_PER_MM)[skin > 0.8] for v in y]
    assert np.abs(form[1] - form[0]).max() < 0.06
    assert abs(np.mean(form[1] - form[0])) < 0.01, "skin as such got lighter or darker"


def contrast(pixels: Pixels, where: Mask) -> float:
    """Difference in L* of a mark's core to the skin just around it."""
    lightness = lab_of(pixels)[..., 0]
    ring = (filters.blur(where, 1.5 * PX_PER_MM) > 0.02) & (where < 0.02)
    return float(lightness[where > 0.6].mean() - lightness[ring].mean())


# --- Shine ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("size", [8.0, 14.0])
def test_specular_patches_lose_60_percent(tone: int, size: float) -> None:
    clean = close_up(tone)
    pixels = clean.face_crop.pixels.copy()
    for x, y in sites(clean)[:2]:
        add_shine(pixels, x, y, size)
    # On the cheeks: the forehead has a patch of its own and the shade of the hair beside it.
    after = apply(repaint(clean, pixels), "shine")
    plain = apply(clean, "shine")
    for x, y in sites(clean)[:2]:
        here = inside(clean, x, y, 0.35 * size * PX_PER_MM)
        mended, truth = (lab_of(v[here]).mean(0) for v in (after, plain))
        fault = lab_of(pixels[here]).mean(0)
        light = [float(colour.luminance(v[here]).mean()) for v in (after, plain, pixels)]
        clean_y = float(colour.luminance(clean.face_crop.pixels[here]).mean())
        left = (light[0] - light[1]) / (light[2] - clean_y)
        assert 0.1 < left <= 0.40, f"{left:.2f} of the light is left at L* {tone}"
        assert np.hypot(*mended[1:]) > np.hypot(*fault[1:]), "a grey patch"
        turn = np.degrees(np.arctan2(*mended[:0:-1]) - np.arctan2(*truth[:0:-1]))
        assert abs(turn) < 8, f"hue turned by {turn:.1f} degrees"


def add_shine(pixels: Pixels, x: float, y: float, size: float) -> None:
    """Mirror a soft light of half of white at its peak, ``size`` mm wide at half height."""
    h, w = pixels.shape[:2]
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    r = np.hypot(xx - x, yy - y) / (0.5 * size * PX_PER_MM)
    pixels += (0.5 * np.exp(-np.log(2) * r**2))[..., None]


def test_shine_leaves_a_glow_alone() -> None:
    """A broad sheen of a sixth of the skin's own light is what makes skin look alive.

    On even skin, light and dark, at full strength: what is over the skin's own light on top of a
    highlight is no glow but part of it.
    """
    yy, xx = np.mgrid[-40:41, -40:41].astype(np.float32)
    mask = np.ones(xx.shape, np.float32)
    for tone in TONES:
        own = sitter.skin_colour(tone).astype(np.float32)
        level = float(own @ colour.P3_LUMINANCE)
        for radius in (8, 12, 20):  # mm, at a pixel per millimetre
            sheen = 0.16 * level * np.exp(-np.log(2) * (xx**2 + yy**2) / radius**2)
            patch = own + sheen[..., None]
            stops = dim(patch, mask, np.ones(3, np.float32), 1.0)
            after = blend.apply_stops(patch, stops)
            kept = (colour.luminance(after)[40, 40] - level) / sheen[40, 40]
            assert 0.7 < kept <= 1.01, f"{kept:.2f} of a sheen {2 * radius} mm wide at L* {tone}"


def test_the_hottest_stays_the_hottest() -> None:
    """Through a highlight the order of brightness is kept: no rim, no hole."""
    yy, xx = np.mgrid[-40:41, -40:41].astype(np.float32)
    for tone in TONES:
        own = sitter.skin_colour(tone).astype(np.float32)
        spot = 0.5 * np.exp(-np.log(2) * (xx**2 + yy**2) / 8**2)
        patch = own + spot[..., None]
        stops = dim(patch, np.ones(xx.shape, np.float32), np.ones(3, np.float32), 1.0)
        y = colour.luminance(blend.apply_stops(patch, stops))[40, 40:60]
        assert (np.diff(y) <= 0.002 * y[0]).all(), f"a ring at L* {tone}: {np.round(y, 3).tolist()}"


# --- Texture --------------------------------------------------------------------------------------


@pytest.mark.parametrize("tone", TONES)
def test_texture_stays_within_what_is_real(tone: int) -> None:
    scene = close_up(tone)
    skin = scene.face_crop.regions["face_skin"]
    less, more = (
        measure_texture(scene.face_crop.pixels, apply(scene, "texture", s), skin, PX_PER_MM)
        for s in (-1.0, 1.0)
    )
    # As much as a retoucher for glossy print softens: seven tenths of the pores, half of the lumps.
    assert 0.65 <= less.worst["T"] <= less.gain["T"] < 0.80
    assert 0.45 <= less.worst["M1"] <= less.gain["M1"] < 0.65
    assert 0.50 <= less.worst["M2"] <= less.gain["M2"] < 0.85
    assert 1.20 < more.gain["T"] < 1.40
    assert 1.30 < more.gain["M1"] < 1.60
    for found in (less, more):
        assert max(found.worst_invented.values()) < 0.07
    # At a setting's own place of the dial it is hardly touched, and half-way up not yet waxy.
    for strength, least in ((-0.06, 0.95), (-0.5, 0.72)):
        after = apply(scene, "texture", strength)
        found = measure_texture(scene.face_crop.pixels, after, skin, PX_PER_MM)
        assert min(found.worst["T"], found.worst["M1"]) >= least


def test_texture_is_signed_and_the_others_are_not() -> None:
    assert Look(adjust={"texture": -0.5}).strengths["texture"] == -0.5
    assert BY_NAME["texture"].default == 0
    with pytest.raises(LookError, match=r"between -1 and 1, not -1\.5"):
        parse_look({"adjust": {"texture": -1.5}})
    with pytest.raises(LookError, match=r"between 0 and 1, not -0\.5"):
        parse_look({"adjust": {"shine": -0.5}})
