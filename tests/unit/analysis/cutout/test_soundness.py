"""The cut-out judges itself: drawn heads cut out well and badly, before a ground with edges."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from catchlight.analysis.cutout.soundness import measure_soundness
from catchlight.analysis.cutout.support import measure_support
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.scene import Scene
from catchlight.pixels import blend, filters

W, H = 560, 660


@pytest.fixture(scope="module")
def head(kept_scene: Scene) -> tuple[np.ndarray, np.ndarray, Face]:
    """Pixels, true alpha and face: the astronaut's mesh on a drawn head, 1.2 samples/mm."""
    face = kept_scene.face
    scale = 1.2 / face.px_per_mm
    middle = face.eyes.mean(0) * scale
    face = face.moved(np.array([[scale, 0, W / 2 - middle[0]], [0, scale, 260 - middle[1]]]))
    y, x = np.mgrid[0:H, 0:W].astype(np.float32)
    alpha = filters.smoothstep(np.hypot((x - W / 2) / 105, (y - 265) / 150), 1.015, 0.985)
    body = filters.smoothstep(np.hypot((x - W / 2) / 250, (y - H - 40) / 260), 1.01, 0.99)
    alpha = np.maximum(alpha, body)
    rng = np.random.default_rng(1)
    person = np.float32([0.10, 0.06, 0.04]) * np.exp2(
        cv2.GaussianBlur(rng.normal(0, 1, (H, W)).astype(np.float32), (0, 0), 2)[..., None]
    )
    wall = np.float32([0.45, 0.5, 0.55]) * (1 - 0.3 * x / W)[..., None]
    return blend.composite(person.astype(np.float32), wall.astype(np.float32), alpha), alpha, face


def spoil(alpha: np.ndarray, how: str) -> np.ndarray:
    out = alpha.copy()
    if how == "a piece of wall":
        cv2.rectangle(out, (370, 150), (450, 290), 1.0, -1)
    elif how == "a glow":
        out = np.maximum(out, 0.45 * (filters.blur(out, 14) > 0.2))
    elif how == "a lost side":
        out[120:300, 170:225] = 0
    elif how == "frayed":
        rng = np.random.default_rng(2)
        noise = filters.blur(rng.normal(0, 1, alpha.shape).astype(np.float32), 2.0)
        out = filters.smoothstep(filters.blur(out, 6) + 1.6 * noise, 0.45, 0.55)
    elif how == "a hole":
        cv2.circle(out, (250, 220), 22, 0.0, -1)
    return out.astype(np.float32)


FAULTS = ("a piece of wall", "a glow", "a lost side", "frayed")


@pytest.mark.parametrize("how", FAULTS)
def test_a_fault_lowers_the_score(how: str, head: tuple[np.ndarray, np.ndarray, Face]) -> None:
    pixels, alpha, face = head
    good = measure_soundness(pixels, alpha, face)
    bad = measure_soundness(pixels, spoil(alpha, how), face)
    assert good.score > 0.8, good
    assert bad.score < good.score - 0.15, bad
    assert bad.reason


def test_votes_that_disagree_lower_it(head: tuple[np.ndarray, np.ndarray, Face]) -> None:
    pixels, alpha, face = head
    sure, torn = np.ones_like(alpha), np.ones_like(alpha)
    torn[100:260, 340:420] = 0.1
    found = [measure_soundness(pixels, alpha, face, votes).score for votes in (sure, torn)]
    assert found[1] < found[0] - 0.04


def test_a_hole_is_counted(head: tuple[np.ndarray, np.ndarray, Face]) -> None:
    pixels, alpha, face = head
    assert measure_soundness(pixels, spoil(alpha, "a hole"), face).faults["holed"] > 0.1


def test_without_an_outline_there_is_nothing_to_judge(
    head: tuple[np.ndarray, np.ndarray, Face],
) -> None:
    pixels, alpha, face = head
    found = measure_soundness(pixels, np.ones_like(alpha), face)
    assert not found.seen
    assert found.score == 1


def test_support_is_where_colours_differ(head: tuple[np.ndarray, np.ndarray, Face]) -> None:
    pixels, alpha, face = head
    wrong = spoil(alpha, "a piece of wall")
    support = measure_support(pixels, wrong, face.px_per_mm)
    assert support[225:235, 446:454].mean() < 0.2, "wall on both sides"
    assert support[225:235, 174:182].mean() > 0.8, "hair and wall"
