"""A background out of focus: no halo, none of the person in it, none where nobody is sure."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from catchlight.pixels import blend, colour, filters
from catchlight.pixels.defocus import Defocus, defocus

W, H, MM = 320, 400, 1.2


@pytest.fixture(scope="module")
def person() -> np.ndarray:
    y, x = np.mgrid[0:H, 0:W].astype(np.float32)
    head = filters.smoothstep(np.hypot((x - 160) / 60, (y - 150) / 80), 1.03, 0.97)
    return np.maximum(
        head, filters.smoothstep(np.hypot((x - 160) / 140, (y - 420) / 170), 1.02, 0.98)
    )


def checks(size: int = 9) -> np.ndarray:
    y, x = np.mgrid[0:H, 0:W]
    light = np.where((x // size + y // size) % 2, 0.55, 0.10).astype(np.float32)
    return np.repeat(light[..., None], 3, 2)


def sure(alpha: np.ndarray, level: float = 1.0) -> np.ndarray:
    return np.full_like(alpha, level)


def show(found: Defocus, pixels: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """The person before it, as a plan draws it."""
    ground = blend.composite(pixels, found.field, found.own)
    return blend.composite(pixels, ground, alpha)


def rough(x: np.ndarray) -> np.ndarray:
    y = colour.luminance(x)
    return np.abs(cv2.Sobel(y, cv2.CV_32F, 1, 0)) + np.abs(cv2.Sobel(y, cv2.CV_32F, 0, 1))


def test_it_is_out_of_focus_up_to_a_sure_outline(person: np.ndarray) -> None:
    """No strip of sharp ground around somebody before a soft one, as no lens draws it."""
    wall = checks(4)
    pixels = blend.composite(np.full((H, W, 3), 0.05, np.float32), wall, person)
    found = defocus(pixels, person, sure(person), MM, source=1.0)
    away = cv2.distanceTransform((person < 0.5).astype(np.uint8), cv2.DIST_L2, 5) / MM
    out, high = rough(show(found, pixels, person)), np.arange(H)[:, None] < 200
    for low, most in ((3, 0.40), (7, 0.25)):
        beside = (away > low) & (away < 14) & high
        assert out[beside].mean() < most * rough(wall)[beside].mean()
    # The person stays as they are.
    assert np.abs(show(found, pixels, person) - pixels)[person > 0.99].max() < 1e-5


def test_it_is_as_soft_everywhere(person: np.ndarray) -> None:
    """Letters that begin beside the head and end at the border are as soft at both ends."""
    pixels = blend.composite(np.full((H, W, 3), 0.05, np.float32), checks(), person)
    found = defocus(pixels, person, sure(person), MM, source=1.0)
    away = cv2.distanceTransform((person < 0.5).astype(np.uint8), cv2.DIST_L2, 5) / MM
    left = [
        rough(found.field)[ring].mean() / rough(checks())[ring].mean()
        for ring in ((away > 8) & (away < 14), (away > 40) & (away < 60))
    ]
    assert left[0] == pytest.approx(left[1], rel=0.15)


def test_a_calm_ground_stays_as_it_is_with_the_hair_before_it(person: np.ndarray) -> None:
    """Checks on the left, a plain wall on the right: there a hair of another colour stays sharp."""
    x = np.arange(W)[None, :, None]
    wall = np.where(x < 160, checks(4), np.float32(0.5)).astype(np.float32)
    cv2.line(wall, (214, 120), (250, 90), (0.3, 0.2, 0.1), 1)
    pixels = blend.composite(np.full((H, W, 3), 0.05, np.float32), wall, person)
    out = show(defocus(pixels, person, sure(person), MM, source=1.0), pixels, person)
    assert np.abs(out - pixels)[80:130, 215:255].max() < 0.02
    assert rough(out)[40:220, 20:60].mean() < 0.5 * rough(pixels)[40:220, 20:60].mean()


def test_an_outline_is_no_harder_than_the_photo(person: np.ndarray) -> None:
    """Of a photo enlarged four times a crisp matte would cut with teeth what is soft there."""
    crisp = (person > 0.5).astype(np.float32)
    away = cv2.distanceTransform((person < 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    depth = cv2.distanceTransform((person > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    high, dark = np.arange(H)[:, None] < 200, np.full((H, W, 3), 0.02, np.float32)
    pixels = blend.composite(dark, checks(3), filters.blur(crisp, 2.4))
    # The matte lies a little too far in, as they do beside dark hair.
    late = cv2.erode(crisp, np.ones((3, 3), np.uint8))
    found = defocus(pixels, late, sure(late), MM, source=4.0)
    edge, rim = (away < 6) & (depth < 6) & high, (away > 0) & (away < 2) & high
    out = show(found, pixels, late)
    assert rough(out)[edge].max() < 0.7 * rough(pixels)[edge].max()
    # No glow of the wall from farther away.
    assert abs(float(found.field[rim].mean() - pixels[rim].mean())) < 0.015


def test_no_sharp_rim_of_the_ground_stays_beside_somebody(person: np.ndarray) -> None:
    """What an outline is made larger by is the photo softened, not its leaves and letters."""
    wall = checks(3)
    pixels = blend.composite(np.full((H, W, 3), 0.05, np.float32), wall, person)
    crisp = (person > 0.5).astype(np.float32)
    away = cv2.distanceTransform((person < 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    rim = (away > 1.5) & (away < 4) & (np.arange(H)[:, None] < 200)
    found = defocus(pixels, crisp, sure(crisp), MM, source=4.0)
    assert found.own[rim].max() < 0.05
    assert rough(show(found, pixels, crisp))[rim].mean() < 0.5 * rough(pixels)[rim].mean()
    much, little = (
        defocus(pixels, crisp, sure(crisp), MM, source=1.0, radius_mm=x).field for x in (2.4, 1.2)
    )
    assert rough(much)[rim].mean() < rough(little)[rim].mean()


def test_no_glow_of_what_lies_farther_away(person: np.ndarray) -> None:
    """Under the soft edge of hair before a dark screen lies the screen, not the bright room."""
    room = 0.7 + 0.5 * (checks(4) - 0.3)
    screen = (slice(90, 210), slice(205, 275))
    room[screen] = 0.03
    pixels = blend.composite(np.full((H, W, 3), 0.02, np.float32), room, person)
    found = defocus(pixels, person, sure(person), MM, source=2.0)
    depth = cv2.distanceTransform((person > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    under = np.zeros((H, W), bool)
    under[120:180, 200:260] = ((depth > 0) & (depth < 5))[120:180, 200:260]
    assert under.sum() > 100
    assert found.field[under].mean() < 0.12


def test_a_lock_that_the_matte_lost_stays(person: np.ndarray) -> None:
    """Of the hair's own colour and joined to it, 4 mm long; a dark line on the wall goes soft."""
    dark = np.full((H, W, 3), 0.02, np.float32)
    pixels = blend.composite(dark, np.full((H, W, 3), 0.5, np.float32), person)
    lock, lines = np.zeros((H, W), np.uint8), np.zeros((H, W), np.uint8)
    cv2.line(lock, (205, 100), (208, 98), 1, 2)
    lines[20:200, 30:70:8] = 1
    pixels[(lock + lines) > 0] = 0.02
    out = show(defocus(pixels, person, sure(person), MM, source=1.0), pixels, person)
    near = lock > 0
    assert np.abs(out - pixels)[near].mean() < 0.04
    assert out[60:180, 38:56:8].min() > 0.2


def test_a_plain_bright_wall_keeps_its_light() -> None:
    pixels = np.full((H, W, 3), 0.92, np.float32)
    nobody = np.zeros((H, W), np.float32)
    found = defocus(pixels, nobody, sure(nobody), MM, source=1.0)
    assert np.allclose(found.field, 0.92, atol=1e-4)


@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_it_holds_no_colour_of_the_person(level: float, person: np.ndarray) -> None:
    """A green person before grey: no green comes nearer to us than the photo had it."""
    wall, green = np.full((H, W, 3), 0.4, np.float32), np.float32([0.0, 1.0, 0.0])
    wide = np.maximum(person, filters.blur(person, 1.0))
    pixels = np.where(wide[..., None] > 0.02, green, wall).astype(np.float32)
    out = show(defocus(pixels, person, sure(person, level), MM, source=1.0), pixels, person)
    away = cv2.distanceTransform((wide < 0.02).astype(np.uint8), cv2.DIST_L2, 5) / MM
    assert np.abs(out - 0.4)[away > 2].max() < 0.06
    assert np.abs(out - 0.4)[away > 5].max() < 0.01


def test_a_hole_that_nobody_is_sure_of_shows_the_photo(person: np.ndarray) -> None:
    """A patch of a jacket that the cut-out lost, of the jacket's own colour."""
    pixels = blend.composite(np.full((H, W, 3), 0.05, np.float32), np.float32(0.6), person)
    holed, certain = person.copy(), sure(person)
    cv2.circle(holed, (160, 330), 22, 0.0, -1)
    cv2.circle(certain, (160, 330), 26, 0.1, -1)
    out = show(defocus(pixels, holed, certain, MM, source=1.0), pixels, holed)
    assert np.abs(out - pixels)[300:360, 130:190].max() < 0.01


def test_there_is_no_rim(person: np.ndarray) -> None:
    """A black person before a white wall: beside the outline it is as white as elsewhere."""
    pixels = blend.composite(np.zeros((H, W, 3), np.float32), np.float32(0.7), person)
    found = defocus(pixels, person, sure(person), MM, source=1.0)
    out = show(found, pixels, person)
    away = cv2.distanceTransform((person < 0.02).astype(np.uint8), cv2.DIST_L2, 5)
    assert np.abs(out[away > 1.5] - 0.7).max() < 0.01


def test_a_dark_strip_beside_the_person_stays_dark(person: np.ndarray) -> None:
    """What lies behind the head is a guess: it throws no light beside it."""
    x = np.arange(W)[None, :, None]
    wall = np.where(x < 160, 0.02, 0.8).repeat(H, 0).repeat(3, 2).astype(np.float32)
    pixels = blend.composite(np.full((H, W, 3), 0.5, np.float32), wall, person)
    found = defocus(pixels, person, sure(person), MM, source=1.0)
    away = cv2.distanceTransform((person < 0.5).astype(np.uint8), cv2.DIST_L2, 5) / MM
    beside = (away > 2) & (away < 6) & (x[..., 0] < 110) & (np.arange(H)[:, None] < 180)
    assert show(found, pixels, person)[beside].max() < 0.03


def test_lights_bloom_and_the_rest_keeps_its_light() -> None:
    alpha = np.zeros((H, W), np.float32)
    pixels = np.full((H, W, 3), 0.2, np.float32)
    for at in range(100, 196, 12):
        pixels[100:196, at : at + 4] = pixels[at : at + 4, 100:196] = 0.35
        pixels[at : at + 4, at : at + 4] = 1.0
    found = defocus(pixels, alpha, sure(alpha), MM, source=1.0)
    assert found.field[142:158, 142:158].sum() > 1.1 * pixels[142:158, 142:158].sum()
    assert found.field.max() <= 1.0
    assert np.allclose(found.field[200:300, 200:300], 0.2, atol=1e-3)


def test_a_picture_that_is_all_person() -> None:
    pixels = np.full((60, 50, 3), 0.3, np.float32)
    found = defocus(
        pixels, np.ones((60, 50), np.float32), np.ones((60, 50), np.float32), 1.0, source=1.0
    )
    assert np.allclose(found.field, pixels)
