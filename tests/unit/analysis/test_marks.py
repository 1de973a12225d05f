"""Marks painted onto known skin: the passing ones go, the sitter's own stay."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from close_up import BLOOD, MELANIN, add_density, close_up, paint_mark, repaint, soft_spot
from drawing import build, layers

from catchlight import Look, open_photo, study
from catchlight.analysis.marks.find import marks_can_be_seen
from catchlight.analysis.marks.mark import Mark, Verdicts
from catchlight.analysis.scene import Scene
from catchlight.errors import LookError
from catchlight.look import parse_look
from catchlight.pixels import blend, colour, filters

TONES = (65, 48, 34)
each_tone = pytest.mark.parametrize("tone", TONES)
#: Places on bare skin, as points of the mesh: cheeks, forehead, the sides of the chin.
PAPULES = ((205, 2.5), (50, 1.0), (425, 1.6), (108, 2.0), (280, 3.2))
PERMANENT = ((205, "mole", 3.0), (50, "mole", 1.5), (187, "scar", 7.0), (346, "freckles", 18.0))


@lru_cache(maxsize=8)
def spotty(tone: int, which: str) -> tuple[Scene, dict[int, np.ndarray]]:
    """The sitter with papules or with permanent marks, and where each is (h, w)."""
    scene = close_up(tone)
    pixels = scene.face_crop.pixels.copy()
    at = scene.face_crop.face.points
    where = {}
    if which == "papules":
        for point, size in PAPULES:
            where[point] = paint_mark(pixels, *at[point], size, "papule", raised=0.05)
    else:
        for point, kind, size in PERMANENT:
            where[point] = paint_mark(pixels, *at[point], size, kind, seed=point)
    return repaint(scene, pixels), where


def healed(scene: Scene) -> np.ndarray:
    """The face crop after blemishes at full strength."""
    edit = build("blemishes", scene)
    if edit is None:
        return scene.face_crop.pixels
    assert edit.grid == scene.face_grid
    return blend.apply_stops(scene.face_crop.pixels, edit.stops)


def near(scene: Scene, point: int, millimetres: float) -> list[Mark]:
    x, y = scene.face_crop.face.points[point]
    reach = millimetres * scene.face_crop.px_per_mm
    return [m for m in scene.face_crop.marks if np.hypot(m.x - x, m.y - y) < reach]


def difference(a: np.ndarray, b: np.ndarray, where: np.ndarray) -> float:
    """Distance in CIELAB between the mean colours under ``where``."""
    return float(np.linalg.norm(a[where].mean(0) - b[where].mean(0)))


@each_tone
def test_papules_go(tone: int) -> None:
    """At least 85 % of the colour difference of painted papules, over the whole spot."""
    scene, where = spotty(tone, "papules")
    truth, before, after = (
        colour.p3_to_lab(p)
        for p in (close_up(tone).face_crop.pixels, scene.face_crop.pixels, healed(scene))
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
    assert not [m for m in scene.face_crop.marks if m.fate == "passing" and _on(m, where)]
    truth, before, after = (
        colour.p3_to_lab(p)
        for p in (close_up(tone).face_crop.pixels, scene.face_crop.pixels, healed(scene))
    )
    for mask in where.values():
        spot = mask > 0.5
        kept = difference(after, truth, spot) / difference(before, truth, spot)
        assert 0.9 <= kept <= 1.1
    assert [m.kind for m in near(scene, 205, 1.5)] == ["mole"]


@each_tone
def test_stubble_and_strands_are_no_marks(tone: int) -> None:
    """Dots and strokes that take all light alike, on chin and cheek: nothing is listed there."""
    scene = close_up(tone)
    pixels, mm = scene.face_crop.pixels.copy(), scene.face_crop.px_per_mm
    rng = np.random.default_rng(1)
    where = {}
    for point in (205, 425, 199):
        x, y = scene.face_crop.face.points[point]
        where[point] = soft_spot(pixels.shape[:2], x, y, 10 * mm)
        density = np.zeros(pixels.shape[:2], np.float32)
        for _ in range(60):
            a, b = rng.uniform(-9, 9, 2) * mm
            dot = (round((x + a) * 16), round((y + b) * 16))
            end = (dot[0] + round(rng.normal() * 8 * mm), dot[1] + round(rng.uniform(4, 12) * mm))
            cv2.line(density, dot, end, 1.0, 1, cv2.LINE_AA, 4)
        add_density(pixels, 0.5 * filters.blur(density, 0.1 * mm), np.ones(3, np.float32))
    marks = repaint(scene, pixels).face_crop.marks
    known = {m.id for m in scene.face_crop.marks}
    assert not [m for m in marks if m.id not in known and _on(m, where) and m.kind != "freckles"]


@each_tone
def test_a_pink_mole_stays(tone: int) -> None:
    """Red and dark: what takes red light too has pigment, and is never judged passing."""
    scene = close_up(tone)
    pixels, mm = scene.face_crop.pixels.copy(), scene.face_crop.px_per_mm
    where = {}
    for point, size in ((205, 3.0), (425, 2.0), (108, 4.0)):
        spot = soft_spot(pixels.shape[:2], *scene.face_crop.face.points[point], 0.5 * size * mm)
        where[point] = spot
        add_density(pixels, 0.25 * spot, BLOOD)
        add_density(pixels, 0.60 * spot, MELANIN)
    marks = repaint(scene, pixels).face_crop.marks
    assert not [m for m in marks if m.fate == "passing" and _on(m, where)]


def _on(mark: Mark, where: dict[int, np.ndarray]) -> bool:
    return any(mask[round(mark.y), round(mark.x)] > 0.05 for mask in where.values())


@each_tone
def test_bare_skin_has_nothing_passing(tone: int) -> None:
    """On skin without marks nothing is healed away from the hairline, where strands hang."""
    face_crop = close_up(tone).face_crop
    brows = face_crop.face.points[[105, 334], 1].min()
    assert not [m for m in face_crop.marks if m.fate == "passing" and m.y > brows]


@each_tone
def test_a_healed_place_has_the_texture_of_its_surroundings(tone: int) -> None:
    """Band energy (0.6 to 4.8 mm) of healed discs against the same skin unpainted."""
    scene, where = spotty(tone, "papules")
    mm = scene.face_crop.px_per_mm
    y = np.log(colour.luminance(healed(scene)) + 1e-4)
    truth = np.log(colour.luminance(close_up(tone).face_crop.pixels) + 1e-4)
    inside = np.zeros(y.shape, bool)
    for mask in where.values():
        inside |= mask > 0.15
    for fine, coarse in ((0.12, 0.30), (0.30, 0.90)):
        band, known = (
            filters.blur(v, fine * mm) - filters.blur(v, coarse * mm) for v in (y, truth)
        )
        ratio = float(band[inside].std() / known[inside].std())
        assert 0.8 <= ratio <= 1.25, f"band of {fine} to {coarse} mm: {ratio:.2f}"


@each_tone
def test_a_pustule_fades(tone: int) -> None:
    """A pale head in a red ring: the ring goes, and the head is held to the skin's own lumps."""
    scene = close_up(tone)
    pixels, at = scene.face_crop.pixels.copy(), scene.face_crop.face.points
    where = {p: paint_mark(pixels, *at[p], 2.4, "pustule", raised=0.05) for p in (205, 425, 108)}
    painted = repaint(scene, pixels)
    truth, before, after = (
        colour.p3_to_lab(p)
        for p in (scene.face_crop.pixels, painted.face_crop.pixels, healed(painted))
    )
    for point, mask in where.items():
        found = near(painted, point, 1.5)
        assert [(m.fate, m.headed) for m in found] == [("passing", True)], f"at {point}: {found}"
        spot = mask > 0.3
        part = difference(after, truth, spot) / difference(before, truth, spot)
        assert part <= 0.3, f"at {point}: {part:.2f} of its colour is left"


def test_outside_the_spots_not_a_pixel_changes() -> None:
    scene, _ = spotty(48, "papules")
    edit = build("blemishes", scene)
    assert edit is not None
    y, x = np.mgrid[0 : edit.stops.shape[0], 0 : edit.stops.shape[1]]
    far = np.ones(edit.stops.shape[:2], bool)
    for mark in scene.face_crop.marks:
        reach = (1.3 * mark.diameter_mm + 1.5) * scene.face_crop.px_per_mm
        far &= np.hypot(x - mark.x, y - mark.y) > reach
    assert far.mean() > 0.8
    assert not edit.stops[far].any()
    assert np.isfinite(edit.stops).all()


def test_a_person_overrules() -> None:
    scene, _ = spotty(48, "papules")
    marks = scene.face_crop.marks
    passing = [m for m in marks if m.fate == "passing"]
    one = passing[0]
    assert Verdicts().heals(one)
    assert not Verdicts(keep=frozenset({one.id})).heals(one)
    assert not Verdicts(passing=False).heals(one)
    assert Verdicts(heal=frozenset({one.id}), passing=False).heals(one)
    assert not Verdicts(keep=frozenset({one.id}), heal=frozenset({one.id})).heals(one)

    off = dict.fromkeys((a for a in Look().strengths), 0.0) | {"blemishes": 1.0}
    plain = build("blemishes", scene).stops
    kept = build("blemishes", scene, keep=(one.id,)).stops
    at = (round(one.y), round(one.x))
    assert np.abs(plain[at]).max() > 0.02
    assert np.abs(kept[at]).max() == 0
    look = Look(backdrop="keep", adjust=off, marks="keep-all")
    assert "blemishes" not in layers(scene, look)
    mole, _ = spotty(48, "permanent")
    name = near(mole, 205, 1.5)[0].id
    asked = build("blemishes", mole, heal=(name,))
    assert np.abs(asked.stops).max() > 0.1


def test_names_say_where_and_are_unique() -> None:
    scene, _ = spotty(48, "papules")
    names = [m.id for m in scene.face_crop.marks]
    assert len(set(names)) == len(names)
    middle = scene.face_crop.face.eyes.mean(0)
    for m in scene.face_crop.marks:
        assert (m.id[0] == "l") == (round((m.x - middle[0]) / scene.face_crop.px_per_mm) < 0)
    with pytest.raises(LookError, match="no mark"):
        parse_look({"keep": ["the one on the chin"]})


def test_a_small_face_has_no_marks_to_see(astronaut_scene: Scene) -> None:
    face_crop = astronaut_scene.face_crop
    assert not marks_can_be_seen(face_crop.face)
    assert face_crop.marks == ()
    assert build("blemishes", astronaut_scene) is None


#: An old face of light skin and a dark one, both sharp, and cheeks of their meshes.
REAL = ("yakhyo__1319.jpg", "face_recognition__test_obama1.jpg")
CHEEKS = ((205, 2.5), (425, 2.0), (50, 3.0), (280, 1.6))
MOLES = ((36, 2.0), (266, 3.0))


@pytest.mark.photos
def test_real_skin_light_and_dark(photos: Path) -> None:
    """Papules on real cheeks go, moles beside them stay; no face is found spotty."""
    lost, kept = [], []
    for name in REAL:
        scene = study(open_photo(photos / name), Look(backdrop="keep"))
        face_crop = scene.face_crop
        assert sum(m.fate == "passing" for m in face_crop.marks) <= 2, name
        pixels, at = face_crop.pixels.copy(), face_crop.face.points
        size = {"px_per_mm": face_crop.px_per_mm, "strength": 1.3}
        red = [paint_mark(pixels, *at[p], d, "papule", raised=0.05, **size) for p, d in CHEEKS]
        brown = [paint_mark(pixels, *at[p], d, "mole", **size) for p, d in MOLES]
        edit = build("blemishes", replace(scene, face_crop=replace(face_crop, pixels=pixels)))
        assert edit is not None, name
        result = blend.apply_stops(pixels, edit.stops)
        truth, before, after = (colour.p3_to_lab(p) for p in (face_crop.pixels, pixels, result))
        for masks, found in ((red, lost), (brown, kept)):
            for mask in masks:
                spot = mask > 0.5
                found.append(difference(after, truth, spot) / difference(before, truth, spot))
    assert all(0.9 <= v <= 1.1 for v in kept), kept
    gone = [v for v in lost if v < 0.75]
    assert len(gone) >= 6, lost
    assert np.median(gone) <= 0.15, lost
