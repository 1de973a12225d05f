"""Spots painted on a face, through a coarse JPEG and a reduction: what they keep, and what is one.

The known fault: a face whose skin is known to the pixel (tests/close_up.py) with moles or red dots
painted on it, reduced and stored. The painted picture is the truth.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import close_up
from catchlight.analysis import detail, dots
from catchlight.analysis.frame import Frame
from catchlight.analysis.mesh import Face
from catchlight.analysis.scene import resample_photo
from catchlight.analysis.sitting import open_sitting
from catchlight.images import open_picture
from catchlight.pixels import geometry

sys.path.append(str(Path(__file__).resolve().parent.parent / "tools"))
import detail_evidence as evidence
import detail_measures as measures

#: Mesh points of cheeks and forehead, away from eyes, lips and brows.
PLACES = (205, 425, 50, 280, 123, 352, 151, 69, 299, 187, 411)


def paint(kind: close_up.Kind, ied: float, tone: int, strength: float) -> tuple[np.ndarray, Face]:
    """Her face in sRGB bytes at ``ied`` pixels between the eyes, spots at PLACES, and its mesh."""
    scene = close_up.close_up(tone)
    size = 8 * round(0.35 * ied), 8 * round(0.4 * ied)
    middle = np.array([size[0] / 2, 0.45 * size[1]], np.float32)
    move = geometry.similarity(ied / scene.face.ied, 0.0, scene.face.eyes.mean(0), middle)
    face = scene.face.moved(move)
    pixels = geometry.resample(scene.pixels, move, *size)
    for i, place in enumerate(PLACES):
        x, y = face.points[place]
        size = (2.0, 2.5, 3.0)[i % 3]
        close_up.paint_mark(pixels, x, y, size, kind, px_per_mm=face.px_per_mm, strength=strength)
    return measures.to_bytes(pixels), face


def bring_back(data: bytes, times: int, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """The photo resampled to the original's grid, and restored there: sRGB bytes."""
    picture = open_picture(data)
    grow = geometry.scaling(times, times)
    frame = Frame(grow, *size, "original", 0.0, float(times), inside=True)
    plain = resample_photo(picture, grow, *size)
    made = detail.restore_detail(open_sitting(picture), frame, plain)
    assert made is not None
    assert made.share == 1
    return measures.to_bytes(plain), measures.to_bytes(made.pixels)


def read(picture: np.ndarray, face: Face, channel: int) -> np.ndarray:
    """Response of CIELAB's ``channel`` at PLACES: how much darker or redder a spot is."""
    field = np.ascontiguousarray(measures.to_lab(picture)[..., channel], np.float32)
    response = dots.respond(field, face, 1.0)
    at = np.round(face.points[list(PLACES), :2]).astype(int)
    return response[at[:, 1], at[:, 0]]


@pytest.mark.parametrize("tone", [65, 40])
@pytest.mark.parametrize("times", [2, 4])
def test_moles_keep_more_of_their_contrast_than_by_resampling(times: int, tone: int) -> None:
    truth, face = paint("mole", 160, tone, 1.5)
    data = evidence.FAULTS[f"reduced {times}x, q30"][1](truth)
    plain, made = bring_back(data, times, (truth.shape[1], truth.shape[0]))
    was = read(truth, face, 0)
    assert (was < -2).all(), "nothing was painted"
    kept, resampled = (read(p, face, 0) / was for p in (made, plain))
    assert np.median(kept) >= np.median(resampled)
    assert np.mean(kept) >= np.mean(resampled)


@pytest.mark.parametrize("tone", [65, 40])
def test_red_dots_keep_their_colour(tone: int) -> None:
    """At 70 px between the eyes and quality 74, as in a photo whose red dots went brown."""
    truth, face = paint("papule", 70, tone, 4.0)
    data = evidence.store(truth, 74)
    size = (2 * truth.shape[1], 2 * truth.shape[0])
    plain, made = bring_back(data, 2, size)
    there = face.moved(geometry.rescaling(truth.shape, plain.shape))
    stored, kept = (read(p, there, 1) for p in (plain, made))
    assert np.median(kept / stored) > 0.9
