"""Spots painted on a face, through a coarse JPEG and a reduction: what they keep, and what is one.

The known fault: a face whose skin is known to the pixel (tests/support/close_up.py) with moles or
red dots painted on it, reduced and stored. The painted picture is the truth.
"""

from __future__ import annotations

import sys
from pathlib import Path

import close_up
import numpy as np
import pytest

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.frame import Frame
from catchlight.analysis.restoration import dots
from catchlight.analysis.study import restore_in
from catchlight.analysis.subject import Subject, open_subject
from catchlight.images import open_picture
from catchlight.images.resample import resample_photo
from catchlight.pixels import geometry

sys.path.append(str(Path(__file__).resolve().parents[3] / "tools"))
import detail_evidence as evidence
import detail_measures as measures

#: Mesh points of cheeks and forehead, away from eyes, lips and brows.
PLACES = (205, 425, 50, 280, 123, 352, 151, 69, 299, 187, 411)
SIZES = (0.8, 1.0, 1.2)


def paint(
    kind: close_up.Kind, ied: float, tone: int, mm: float, strength: float
) -> tuple[np.ndarray, Face]:
    """Her face in sRGB bytes at ``ied`` pixels between the eyes, and its mesh.

    At PLACES there are spots of SIZES times ``mm``.
    """
    scene = close_up.close_up(tone)
    size = 8 * round(0.35 * ied), 8 * round(0.4 * ied)
    middle = np.array([size[0] / 2, 0.45 * size[1]], np.float32)
    move = geometry.similarity(ied / scene.face.ied, 0.0, scene.face.eyes.mean(0), middle)
    face = scene.face.moved(move)
    pixels = geometry.resample(scene.pixels, move, *size)
    for i, place in enumerate(PLACES):
        x, y = face.points[place]
        size = SIZES[i % 3] * mm
        close_up.paint_mark(pixels, x, y, size, kind, px_per_mm=face.px_per_mm, strength=strength)
    return measures.to_bytes(pixels), face


def bring_back(data: bytes, times: int, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """The photo resampled to the original's grid, and restored there: sRGB bytes."""
    picture = open_picture(data)
    grow = geometry.scaling(times, times)
    frame = Frame(grow, *size, "original", 0.0, float(times), inside=True)
    plain = resample_photo(picture, grow, *size)
    made = restore_in(open_subject(picture), frame, plain)
    assert made is not None
    assert made.share == 1
    return measures.to_bytes(plain), measures.to_bytes(made.pixels)


def read(picture: np.ndarray, face: Face, channel: int, mm: float) -> np.ndarray:
    """Contrast in CIELAB's ``channel`` at PLACES: middles of spots less the skin around."""
    field = measures.to_lab(picture)[..., channel]
    out = []
    for i, place in enumerate(PLACES):
        width = SIZES[i % 3] * mm * face.px_per_mm
        y, x = np.mgrid[0 : field.shape[0], 0 : field.shape[1]]
        far = np.hypot(x - face.points[place][0], y - face.points[place][1]) / width
        around = np.median(field[(far > 0.9) & (far < 1.5)])
        out.append(field[far < max(0.35, 0.8 / width)].mean() - around)
    return np.array(out)


@pytest.mark.parametrize("tone", [65, 40])
@pytest.mark.parametrize("times", [2, 4])
def test_moles_keep_as_much_of_their_contrast_as_by_resampling(times: int, tone: int) -> None:
    """And are not made darker than the photo shows them, but by a tenth."""
    mm = 1.25 * times  # of a third of this nothing is left at quality 30, by any way
    truth, face = paint("mole", 160, tone, mm, 1.5)
    data = evidence.FAULTS[f"reduced {times}x, q30"][1](truth)
    plain, made = bring_back(data, times, (truth.shape[1], truth.shape[0]))
    was, shown, kept = (read(p, face, 0, mm) for p in (truth, plain, made))
    assert (was < -4).all(), "nothing was painted"
    assert np.median(kept / was) >= min(1, np.median(shown / was))
    assert kept.sum() / shown.sum() < 1.1


@pytest.mark.parametrize("tone", [65, 40])
def test_red_dots_keep_their_colour(tone: int) -> None:
    """At 70 px between the eyes and quality 74, as in a photo whose red dots went brown."""
    truth, face = paint("papule", 70, tone, 2.5, 4.0)
    size = (2 * truth.shape[1], 2 * truth.shape[0])
    plain, made = bring_back(evidence.store(truth, 74), 2, size)
    there = face.moved(geometry.rescaling(truth.shape, plain.shape))
    shown, kept = (read(p, there, 1, 2.5) for p in (plain, made))
    assert shown.mean() > 1
    assert 0.9 < kept.sum() / shown.sum() < 1.2


def test_a_line_is_no_dot_and_grain_is_none(astronaut_subject: Subject) -> None:
    face = astronaut_subject.face.moved(geometry.scaling(2, 2))
    h, w = (round(v) for v in face.points.max(0)[1::-1] + 20)
    x, y = face.points[205]
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    wide = 0.6 * face.px_per_mm
    spot = 150 - 40 * np.exp(-((xx - x) ** 2 + (yy - y) ** 2) / (2 * wide**2))
    line = 150 - 40 * np.exp(-((yy - y) ** 2) / (2 * wide**2))
    grain = 150 + np.random.default_rng(9).normal(0, 2, (h, w)).astype(np.float32)
    masks = [dots.draw_dots(f.astype(np.float32), face, finest=0.7, least=3) for f in (spot, line)]
    assert masks[0][round(y), round(x)] > 0.9
    assert masks[1].max() < 0.1
    assert dots.draw_dots(grain, face, finest=0.7, least=3).max() < 0.1
    # Half as dark as the other picture shows it: faded; as dark: not.
    faint = (150 + 0.5 * (spot - 150)).astype(np.float32)
    shown = spot.astype(np.float32)
    assert dots.draw_faded(faint, shown, face, finest=0.7, least=3)[round(y), round(x)] > 0.7
    assert dots.draw_faded(shown, shown, face, finest=0.7, least=3).max() < 0.05
