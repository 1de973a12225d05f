"""Light of a coloured wall on a person's edge: taken out where it is known to be there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from catchlight.pixels import blend, filters
from catchlight.pixels.spill import remove_spill

W, H, MM = 320, 400, 1.3
BLUE, GREY = np.float32([0.05, 0.15, 0.60]), np.float32([0.4, 0.4, 0.4])
PERSON = {"brown hair": (0.06, 0.04, 0.025), "skin": (0.40, 0.25, 0.18), "cloth": (0.3, 0.3, 0.3)}


@pytest.fixture(scope="module")
def alpha() -> np.ndarray:
    y, x = np.mgrid[0:H, 0:W].astype(np.float32)
    return filters.smoothstep(np.hypot((x - 160) / 100, (y - 200) / 130), 1.015, 0.985)


def lit_by(wall: np.ndarray, tone: tuple[float, ...], alpha: np.ndarray, share: float) -> tuple:
    """A shaded person, and the same with ``share`` of the wall's light on the outer 3 mm."""
    shade = 1.2 - 0.4 * np.arange(H, dtype=np.float32)[:, None, None] / H
    clean = (np.float32(tone) * shade).repeat(W, 1).astype(np.float32)
    deep = cv2.distanceTransform((alpha > 0.9).astype(np.uint8), cv2.DIST_L2, 5) / MM
    rim = filters.smoothstep(deep, 3.5, 0.5)[..., None]
    lit = (clean + share * rim * wall).astype(np.float32)
    return clean, lit, blend.composite(lit, wall, alpha)


@pytest.mark.parametrize("tone", PERSON)
def test_blue_light_on_the_edge_goes(tone: str, alpha: np.ndarray) -> None:
    share = 0.08 * max(PERSON[tone]) / 0.6
    clean, lit, photo = lit_by(BLUE, PERSON[tone], alpha, share)
    found = lit.copy()
    remove_spill(found, photo, alpha, MM)
    solid = alpha > 0.99
    before, after = (np.abs(x - clean)[solid][:, 2].sum() for x in (lit, found))
    assert after < 0.45 * before


@pytest.mark.parametrize("tone", PERSON)
def test_without_spill_hardly_anything_changes(tone: str, alpha: np.ndarray) -> None:
    clean, lit, photo = lit_by(BLUE, PERSON[tone], alpha, 0.0)
    found = lit.copy()
    remove_spill(found, photo, alpha, MM)
    solid = alpha > 0.99
    assert np.abs(found / clean - 1)[solid].max() < 0.04


def test_a_neutral_wall_throws_no_colour(alpha: np.ndarray) -> None:
    _, lit, photo = lit_by(GREY, PERSON["skin"], alpha, 0.1)
    found = lit.copy()
    remove_spill(found, photo, alpha, MM)
    assert np.array_equal(found, lit)


def test_it_takes_a_fifth_at_most(alpha: np.ndarray) -> None:
    _, lit, photo = lit_by(BLUE, PERSON["brown hair"], alpha, 0.5)
    found = lit.copy()
    remove_spill(found, photo, alpha, MM)
    assert (found >= 0.8 * lit - 1e-6).all()
    assert np.array_equal(found[alpha == 0], lit[alpha == 0])
