"""Foreground colours against drawn strands and beads whose colours are known."""

from __future__ import annotations

from unittest import mock

import cv2
import numpy as np
import pytest

from catchlight.pixels import blend, colour, filters, foreground

W, H, MM = 320, 400, 1.25
HAIR = {
    "black": (0.012, 0.010, 0.009),
    "brown": (0.06, 0.035, 0.02),
    "fair": (0.42, 0.30, 0.16),
    "red": (0.20, 0.06, 0.03),
    "grey": (0.45, 0.45, 0.46),
}
WALLS = {
    "white": (0.85, 0.85, 0.85),
    "black": (0.006, 0.006, 0.006),
    "blue": (0.03, 0.14, 0.45),
    "leaves": (0.10, 0.18, 0.04),
}
NEW = (
    (0.62, 0.56, 0.50),
    (0.06, 0.06, 0.065),
    (0.95, 0.95, 0.95),
    (0.02, 0.04, 0.10),
    (0.3, 0.4, 0.3),
)
BEADS = (
    ((75, 235), (0.7, 0.05, 0.05)),
    ((245, 235), (0.9, 0.85, 0.7)),
    ((70, 210), (0.02, 0.2, 0.6)),
)


def draw_head(seed: int) -> np.ndarray:
    """Alpha of a head with 120 strands, a third of a pixel to a pixel thick."""
    rng, k = np.random.default_rng(seed), 4
    big = np.zeros((H * k, W * k), np.uint8)
    middle, radii = np.array([W * k / 2, H * k / 2 + 30 * k]), np.array([85, 115]) * k
    cv2.ellipse(big, (int(middle[0]), int(middle[1])), (85 * k, 115 * k), 0, 0, 360, 255, -1)
    for turn in rng.uniform(-np.pi, 0.3, 120):
        way = np.array([np.cos(turn), np.sin(turn)])
        step = way * rng.uniform(2, 6) * k / 2
        points = [middle + radii * way]
        for _ in range(12):
            step = step + rng.normal(0, k, 2) / 2
            points.append(points[-1] + step)
        line = np.array(points).astype(np.int32)
        cv2.polylines(big, [line], False, int(rng.integers(120, 255)), int(rng.integers(2, 5)))
    return cv2.resize(big, (W, H), interpolation=cv2.INTER_AREA).astype(np.float32) / 255


def texture(seed: int, tone: tuple[float, ...], stops: float) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 1, (H, W)).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), 2.0)
    return np.float32(tone) * np.exp2(stops * noise / noise.std())[..., None]


def draw_beads(person: np.ndarray, alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Three solid beads on the outline: person, alpha, and where they are."""
    where = np.zeros((H, W), np.float32)
    for (x, y), tone in BEADS:
        one = np.zeros((H, W), np.float32)
        cv2.circle(one, (x, y), 6, 1.0, -1, cv2.LINE_AA)
        person = person + one[..., None] * (np.float32(tone) - person)
        where = np.maximum(where, one)
    return person.astype(np.float32), np.maximum(alpha, where), where


def clean(image: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    return foreground.clean_foreground(image, alpha, image, alpha, 63 * MM)


def compose(person: np.ndarray, wall: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    wall = np.broadcast_to(wall, person.shape).astype(np.float32)
    return blend.composite(person.astype(np.float32), wall, alpha)


def off_in_lab(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    la, lb = (colour.p3_to_lab(np.clip(x, 0, 1).astype(np.float32)) for x in (a, b))
    return np.linalg.norm(la - lb, axis=-1)


@pytest.mark.parametrize("wall", WALLS)
@pytest.mark.parametrize("hair", HAIR)
def test_strands_before_five_new_grounds(hair: str, wall: str) -> None:
    """With the true alpha, the composite misses the truth by far less than unmended."""
    alpha = draw_head(3)
    person, ground = texture(5, HAIR[hair], 0.4), texture(6, WALLS[wall], 0.3)
    image = compose(person, ground, alpha)
    found = clean(image, alpha)
    edge = (alpha > 0.05) & (alpha < 0.95)
    off, was = [], []
    for tone in NEW:
        true = compose(person, np.float32(tone), alpha)
        off.append(off_in_lab(compose(found, np.float32(tone), alpha), true)[edge].mean())
        was.append(off_in_lab(compose(image, np.float32(tone), alpha), true)[edge].mean())
    assert np.mean(off) < 3.0
    assert np.mean(off) < max(0.4 * np.mean(was), 1.5)


@pytest.mark.parametrize(
    ("hair", "walls", "most"),
    [("brown", ("white", "blue"), 1.1), ("black", ("black", "white"), 0.33)],
)
def test_strands_before_a_wall_of_patches(hair: str, walls: tuple[str, str], most: float) -> None:
    """The wall's colour in a strand is that of the patch beside it, not the mean of all."""
    alpha, rows, columns = draw_head(3), *np.mgrid[0:H, 0:W]
    patch = ((columns // 40 + rows // 40) % 2)[..., None]
    ground = np.where(patch, np.float32(WALLS[walls[0]]), np.float32(WALLS[walls[1]]))
    person = texture(5, HAIR[hair], 0.4)
    found = clean(compose(person, ground, alpha), alpha)
    edge = (alpha > 0.05) & (alpha < 0.95)
    off = [
        off_in_lab(*(compose(x, np.float32(tone), alpha) for x in (found, person)))[edge].mean()
        for tone in NEW
    ]
    assert np.mean(off) < most


@pytest.mark.parametrize("wall", WALLS)
@pytest.mark.parametrize("level", [0.5, 0.6, 0.8])
def test_a_bead_that_the_matte_doubted_keeps_its_colour(wall: str, level: float) -> None:
    """Alpha is wrong on something solid: nothing is bleached, whatever is round about."""
    person, alpha, bead = draw_beads(texture(5, HAIR["brown"], 0.4), draw_head(3))
    image = compose(person, np.float32(WALLS[wall]), alpha)
    doubted = (alpha - (1 - level) * bead).astype(np.float32)
    found = clean(image, np.clip(doubted, 0, 1))
    inside = cv2.erode(bead, np.ones((3, 3), np.uint8)) > 0.99
    assert off_in_lab(found, image)[inside].mean() < 2.0


def test_no_strand_leaves_the_range_of_the_person() -> None:
    """Alpha too low by a fifth: strands would be driven beyond black or to neon."""
    alpha = draw_head(3)
    person, ground = texture(5, HAIR["brown"], 0.4), texture(6, WALLS["white"], 0.1)
    image = compose(person, ground, alpha)
    low = np.where(alpha < 1, 0.8 * alpha, 1).astype(np.float32)
    found = clean(image, low)
    edge = (low > 0.05) & (low < 0.6)
    assert found[edge].min() >= 0
    assert (found[edge].max(0) <= 1.3 * person.reshape(-1, 3).max(0)).all()


def test_what_is_opaque_or_clear_keeps_its_pixels() -> None:
    alpha = draw_head(3)
    image = compose(texture(5, HAIR["fair"], 0.4), texture(6, WALLS["blue"], 0.3), alpha)
    # What memory holds before must not show through.
    with mock.patch.object(np, "empty_like", lambda x: np.full_like(x, np.nan)):
        found = clean(image, alpha)
    assert np.isfinite(found).all()
    assert np.array_equal(found[alpha == 1], image[alpha == 1])
    assert np.array_equal(found[alpha == 0], image[alpha == 0])


def test_a_large_picture_has_the_colours_of_a_small_one() -> None:
    """Above 900 pixels colours are estimated at half the size."""
    alpha = draw_head(3)
    image = compose(texture(5, HAIR["red"], 0.4), texture(6, WALLS["leaves"], 0.3), alpha)
    found = clean(image, alpha)
    k = 3
    big, big_alpha = (
        cv2.resize(x, (k * W, k * H), interpolation=cv2.INTER_LINEAR) for x in (image, alpha)
    )
    large = foreground.clean_foreground(big, big_alpha, image, alpha, 63 * MM * k)
    edge = (alpha > 0.2) & (alpha < 0.9)
    off = np.abs(np.sqrt(filters.resize(large, W, H)) - np.sqrt(found))[edge].mean()
    assert off < 0.4 * np.abs(np.sqrt(image) - np.sqrt(found))[edge].mean()


def test_a_picture_that_is_all_person_or_all_wall() -> None:
    image = np.full((60, 50, 3), 0.3, np.float32)
    for level in (0.0, 0.5, 1.0):
        found = clean(image, np.full((60, 50), level, np.float32))
        assert np.allclose(found, image, atol=1e-4)
