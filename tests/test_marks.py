"""Marks painted onto known skin: the passing ones go, the sitter's own stay."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from catchlight.adjustments import blemishes
from catchlight.analysis.marks import Mark, Verdicts, marks_can_be_seen
from catchlight.analysis.scene import Scene
from catchlight.errors import LookError
from catchlight.look import Look, parse_look
from catchlight.pixels import blend, colour, filters
from catchlight.render import build_edits
from close_up import close_up, paint_mark, repaint

TONES = (65, 48, 34)
each_tone = pytest.mark.parametrize("tone", TONES)
#: Places on bare skin, as points of the mesh: cheeks, forehead, the sides of the chin.
PAPULES = ((205, 2.5), (50, 1.0), (425, 1.6), (108, 2.0), (280, 3.2))
PERMANENT = ((205, "mole", 3.0), (50, "mole", 1.5), (187, "scar", 7.0), (346, "freckles", 18.0))


@lru_cache(maxsize=8)
def spotty(tone: int, which: str) -> tuple[Scene, dict[int, np.ndarray]]:
    """The sitter with papules or with permanent marks, and where each is (h, w)."""
    scene = close_up(tone)
    pixels = scene.chart.pixels.copy()
    at = scene.chart.face.points
    where = {}
    if which == "papules":
        for point, size in PAPULES:
            where[point] = paint_mark(pixels, *at[point], size, "papule")
    else:
        for point, kind, size in PERMANENT:
            where[point] = paint_mark(pixels, *at[point], size, kind, seed=point)
    return repaint(scene, pixels), where


def healed(scene: Scene) -> np.ndarray:
    """The chart after blemishes at full strength."""
    edit = blemishes.build(scene)
    if edit is None:
        return scene.chart.pixels
    assert edit.on_chart
    return blend.apply_stops(scene.chart.pixels, edit.stops)


def near(scene: Scene, point: int, millimetres: float) -> list[Mark]:
    x, y = scene.chart.face.points[point]
    reach = millimetres * scene.chart.px_per_mm
    return [m for m in scene.chart.marks if np.hypot(m.x - x, m.y - y) < reach]


def difference(a: np.ndarray, b: np.ndarray, where: np.ndarray) -> float:
    """Distance in CIELAB between the mean colours under ``where``."""
    return float(np.linalg.norm(a[where].mean(0) - b[where].mean(0)))


@each_tone
def test_papules_go(tone: int) -> None:
    """At least 85 % of the colour difference of painted papules, over the whole spot."""
    scene, where = spotty(tone, "papules")
    truth, before, after = (
        colour.p3_to_lab(p)
        for p in (close_up(tone).chart.pixels, scene.chart.pixels, healed(scene))
    )
    gone = {}
    for point, mask in where.items():
        found = near(scene, point, 1.5)
        assert [m.fate for m in found] == ["passing"], f"at {point}: {found}"
        spot = mask > 0.5
        gone[point] = 1 - difference(after, truth, spot) / difference(before, truth, spot)
    assert np.median(list(gone.values())) >= 0.85, gone
    assert min(gone.values()) >= 0.75, gone


@each_tone
def test_what_is_permanent_stays(tone: int) -> None:
    """No mole, freckle field or scar is judged passing; their contrast stays within 0.9 to 1.1."""
    scene, where = spotty(tone, "permanent")
    assert not [m for m in scene.chart.marks if m.fate == "passing" and _on(m, where)]
    truth, before, after = (
        colour.p3_to_lab(p)
        for p in (close_up(tone).chart.pixels, scene.chart.pixels, healed(scene))
    )
    for mask in where.values():
        spot = mask > 0.5
        kept = difference(after, truth, spot) / difference(before, truth, spot)
        assert 0.9 <= kept <= 1.1
    assert [m.kind for m in near(scene, 205, 1.5)] == ["mole"]


def _on(mark: Mark, where: dict[int, np.ndarray]) -> bool:
    return any(mask[round(mark.y), round(mark.x)] > 0.05 for mask in where.values())


@each_tone
def test_bare_skin_has_nothing_passing(tone: int) -> None:
    """On skin without marks nothing is healed away from the hairline, where strands hang."""
    chart = close_up(tone).chart
    brows = chart.face.points[[105, 334], 1].min()
    assert not [m for m in chart.marks if m.fate == "passing" and m.y > brows]


@each_tone
def test_a_healed_place_has_the_texture_of_its_surroundings(tone: int) -> None:
    """Band energy (0.6 to 4.8 mm) of healed discs against the same skin unpainted."""
    scene, where = spotty(tone, "papules")
    mm = scene.chart.px_per_mm
    y = np.log(colour.luminance(healed(scene)) + 1e-4)
    truth = np.log(colour.luminance(close_up(tone).chart.pixels) + 1e-4)
    inside = np.zeros(y.shape, bool)
    for mask in where.values():
        inside |= mask > 0.15
    for fine, coarse in ((0.12, 0.30), (0.30, 0.90)):
        band, known = (
            filters.blur(v, fine * mm) - filters.blur(v, coarse * mm) for v in (y, truth)
        )
        ratio = float(band[inside].std() / known[inside].std())
        assert 0.8 <= ratio <= 1.25, f"band of {fine} to {coarse} mm: {ratio:.2f}"


def test_outside_the_spots_not_a_pixel_changes() -> None:
    scene, _ = spotty(48, "papules")
    edit = blemishes.build(scene)
    assert edit is not None
    y, x = np.mgrid[0 : edit.stops.shape[0], 0 : edit.stops.shape[1]]
    far = np.ones(edit.stops.shape[:2], bool)
    for mark in scene.chart.marks:
        reach = (1.3 * mark.diameter_mm + 1.5) * scene.chart.px_per_mm
        far &= np.hypot(x - mark.x, y - mark.y) > reach
    assert far.mean() > 0.8
    assert not edit.stops[far].any()
    assert np.isfinite(edit.stops).all()


def test_a_person_overrules() -> None:
    scene, _ = spotty(48, "papules")
    marks = scene.chart.marks
    passing = [m for m in marks if m.fate == "passing"]
    one = passing[0]
    assert Verdicts().heals(one)
    assert not Verdicts(keep=frozenset({one.id})).heals(one)
    assert not Verdicts(passing=False).heals(one)
    assert Verdicts(heal=frozenset({one.id}), passing=False).heals(one)
    assert not Verdicts(keep=frozenset({one.id}), heal=frozenset({one.id})).heals(one)

    off = dict.fromkeys((a for a in Look().strengths), 0.0) | {"blemishes": 1.0}
    plain = build_edits(scene, Look(backdrop="keep", adjust=off))["blemishes"].stops
    kept = build_edits(scene, Look(backdrop="keep", adjust=off, keep=(one.id,)))["blemishes"].stops
    at = (round(one.y), round(one.x))
    assert np.abs(plain[at]).max() > 0.02
    assert np.abs(kept[at]).max() == 0
    look = Look(backdrop="keep", adjust=off, marks="keep-all")
    assert "blemishes" not in build_edits(scene, look)
    mole, _ = spotty(48, "permanent")
    name = near(mole, 205, 1.5)[0].id
    asked = build_edits(mole, Look(backdrop="keep", adjust=off, heal=(name,)))
    assert np.abs(asked["blemishes"].stops).max() > 0.1


def test_names_say_where_and_are_unique() -> None:
    scene, _ = spotty(48, "papules")
    names = [m.id for m in scene.chart.marks]
    assert len(set(names)) == len(names)
    middle = scene.chart.face.eyes.mean(0)
    for m in scene.chart.marks:
        assert (m.id[0] == "l") == (round((m.x - middle[0]) / scene.chart.px_per_mm) < 0)
    with pytest.raises(LookError, match="no mark"):
        parse_look({"keep": ["the one on the chin"]})


def test_a_small_face_has_no_marks_to_see(astronaut_scene: Scene) -> None:
    chart = astronaut_scene.chart
    assert not marks_can_be_seen(chart)
    assert chart.marks == ()
    assert blemishes.build(astronaut_scene) is None
