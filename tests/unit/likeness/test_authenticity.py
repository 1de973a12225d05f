"""Authenticity: harmless edits cost nothing, each harm trips its own component, order holds."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
import pytest
import sitter
from close_up import PX_PER_MM, close_up, paint_mark, repaint
from drawing import render
from places import ROOT

from catchlight.analysis.face.landmarks import LEFT_IRIS
from catchlight.analysis.scene import Scene
from catchlight.arrays import Pixels
from catchlight.likeness.authenticity import Authenticity, combine, measure_authenticity
from catchlight.likeness.catalogue import CATALOGUE
from catchlight.likeness.component import Component, Finding, grade
from catchlight.likeness.observation import Observation
from catchlight.likeness.observe import observe_photo, observe_scene
from catchlight.look import Look
from catchlight.pixels import filters

sys.path.insert(0, str(ROOT / "tools"))
import planted_edits as planted

PAGE = ROOT / "docs" / "likeness.md"
HARMFUL: dict[str, tuple[Callable[[Observation, float], Pixels], tuple[float, ...]]] = {
    "blur": (planted.blur_skin, (0.3, 0.6, 1.2)),
    "grind": (planted.grind_skin, (0.5, 0.75, 1.0)),
    "whiten": (planted.whiten, (0.1, 0.2, 0.4)),
    "eyes": (planted.enlarge_eyes, (0.06, 0.12, 0.18)),
    "nose": (planted.slim_nose, (0.06, 0.12, 0.18)),
}


@pytest.fixture(scope="module")
def before() -> Observation:
    """The close-up with three moles on it, and two lines beside the eyes."""
    return observe_scene(marked(None))


def marked(tone: int | None) -> Scene:
    scene = close_up(tone)
    painted = scene.face_crop.pixels.copy()
    p = scene.face_crop.face.points
    for at, size in ((50, 3.0), (280, 2.6), (151, 2.2)):
        paint_mark(painted, *(float(v) for v in p[at]), size, "mole")
    mm = PX_PER_MM
    dark = np.zeros(painted.shape[:2], np.float32)
    for corner, out in ((33, -1), (263, 1)):
        start = np.round(p[corner] + [out * 7 * mm, 0]).astype(int)
        for turn in (-0.5, 0.15, 0.6):
            end = np.round(start + np.array([out * 11 * mm, turn * 11 * mm])).astype(int)
            cv2.line(dark, tuple(map(int, start)), tuple(map(int, end)), 1.0, round(1.0 * mm))
    painted *= np.exp(-0.25 * filters.blur(dark, 0.3 * mm))[..., None]
    return repaint(scene, painted)


def judge(before: Observation, pixels: Pixels, jpeg: int | None = None) -> Authenticity:
    return measure_authenticity(
        before, planted.edited(before, pixels, "after", jpeg=jpeg), same_frame=True
    )


def scored(found: Authenticity) -> float:
    assert found.score is not None, found.reason
    return found.score


# --- Harmless -------------------------------------------------------------------------------------


def test_the_photo_itself_is_wholly_authentic(before: Observation) -> None:
    found = judge(before, before.pixels)
    assert found.score == 100
    assert found.coverage > 0.9
    assert found.limited_by is None
    assert all(c.verdict == "pass" for c in found.components if c.score is not None)


@pytest.mark.parametrize("quality", [95, 85, 75])
def test_a_jpeg_is_no_edit(before: Observation, quality: int) -> None:
    assert scored(judge(before, planted.save_jpeg(before, quality), quality)) > 95


@pytest.mark.parametrize("stops", [1 / 3, -1 / 3])
def test_exposure_is_no_edit(before: Observation, stops: float) -> None:
    found = judge(before, planted.expose(before, stops))
    assert scored(found) > 95
    assert found["tone"].details["light_stops"] == pytest.approx(stops, abs=0.08)


def test_light_from_the_side_and_its_colour_are_light(before: Observation) -> None:
    shaded = sitter.shade_side(before.pixels, before.seen, 0.6, edge=1.0)
    found = judge(before, sitter.tint(shaded, (1.06, 1.0, 0.94)))
    assert found["tone"].verdict == "pass"
    assert scored(found) > 90


def test_our_look_costs_little_and_more_costs_no_less(before: Observation) -> None:
    scene = marked(None)
    scores = []
    for amount in (0.0, 0.5, 1.0):
        names = ("blemishes", "skin_evenness", "shine", "under_eye", "eyes", "shadows", "contrast")
        look = Look(backdrop="keep", adjust=dict.fromkeys(names, amount))
        scores.append(scored(judge(before, render(scene, look).pixels)))
    # All seven at full strength: shadows alone bring the mesh to 0.8 % of asymmetry.
    assert scores[0] >= scores[1] >= scores[2] > 75


def test_a_headshot_cut_from_the_photo_and_made_smaller_is_found_to_be_one(
    before: Observation,
) -> None:
    photo = sitter.make_photo(before.pixels, "photo")
    seen = observe_photo(photo)
    h, w = before.pixels.shape[:2]
    cut = before.pixels[h // 20 : h - h // 10, w // 16 :]
    size = (round(0.85 * cut.shape[1]), round(0.85 * cut.shape[0]))
    small = cv2.resize(cut, size, interpolation=cv2.INTER_AREA)
    found = measure_authenticity(seen, observe_photo(sitter.make_photo(small, "result")))
    assert found.same_photo
    assert scored(found) > 95


# --- Harmful --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HARMFUL)
def test_more_harm_is_never_worth_more(before: Observation, name: str) -> None:
    edit, strengths = HARMFUL[name]
    scores = [scored(judge(before, edit(before, s))) for s in strengths]
    assert all(b <= a + 0.5 for a, b in pairwise(scores)), scores
    assert scores[-1] < 75, scores


@pytest.mark.parametrize(
    ("component", "edit"),
    [
        ("texture_kept", lambda w: planted.blur_skin(w, 0.5)),
        ("texture_invented", lambda w: planted.add_grain(w, 0.05)),
        ("lines", lambda w: planted.blur_skin(w, 1.2)),
        ("tone", lambda w: planted.whiten(w, 0.3)),
        ("geometry", lambda w: planted.enlarge_eyes(w, 0.15)),
        ("geometry", lambda w: planted.slim_nose(w, 0.2)),
        ("asymmetry", lambda w: lift_one_corner(w, 4.0)),
        ("expression", lambda w: smile(w, 6.0)),
        ("eyes", lambda w: paint_irises(w, 1.0)),
        ("rewriting", lambda w: sharpen(w, 2.5)),
    ],
)
def test_each_defect_trips_its_own_component(
    before: Observation, component: str, edit: Callable[[Observation], Pixels]
) -> None:
    found = judge(before, edit(before))
    assert found[component].verdict in ("warn", "fail"), found[component]
    assert scored(found) < 92


def test_a_lost_mole_fails_by_itself_and_is_named(before: Observation) -> None:
    pixels = planted.erase_marks(before, 0.01)
    assert pixels is not None
    found = judge(before, pixels)
    rows = found["marks"].details["marks"]
    assert [r["verdict"] for r in rows].count("gone") == 1
    assert len(rows) >= 3
    assert found["marks"].verdict == "fail"
    assert found.limited_by == "marks"
    assert scored(found) <= 59
    gone = next(r["id"] for r in rows if r["verdict"] == "gone")
    place = re.fullmatch(r"l(\d+)d(\d+)", gone)
    assert place is not None
    left, down = place.groups()
    assert f"{left} mm left and {down} mm down" in found["marks"].reason


def test_grain_never_hides_smoothing(before: Observation) -> None:
    smooth = planted.blur_skin(before, 0.4)
    plain = scored(judge(before, smooth))
    for amount in (0.01, 0.03):
        grainy = planted.add_grain(planted.edited(before, smooth, "smooth"), amount)
        assert scored(judge(before, grainy)) <= plain + 0.5


@pytest.mark.parametrize("tone", [72, 50, 30])
def test_whitening_is_seen_on_every_tone_and_light_on_none(tone: int) -> None:
    before = observe_scene(close_up(tone))
    assert judge(before, planted.whiten(before, 0.3))["tone"].verdict == "fail"
    assert judge(before, planted.expose(before, 0.4))["tone"].verdict == "pass"


def test_an_intended_warp_is_taken_out_and_reported(before: Observation) -> None:
    h, w = before.pixels.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    nose = before.seen.points[4]
    r2 = ((x - nose[0]) ** 2 + (y - nose[1]) ** 2) / (45 * before.seen.px_per_mm) ** 2
    pull = np.where(r2 < 1, (1 - r2) ** 2, 0)[..., None].astype(np.float32)
    away = np.stack([x - nose[0], y - nose[1]], -1)
    # What lies at p before lies at p - 0.1 (p - nose) after: the nose's part shrinks.
    forward = (-0.1 * pull * away / before.seen.px_per_mm).astype(np.float32)
    back = np.stack([x, y], -1)
    for _ in range(8):  # the field that resamples: q = p + forward(p), solved for p
        moved = cv2.remap(
            forward, *(np.ascontiguousarray(back[..., i]) for i in (0, 1)), cv2.INTER_LINEAR
        )
        back = np.stack([x, y], -1) - moved * before.seen.px_per_mm
    maps = [np.ascontiguousarray(back[..., i], np.float32) for i in (0, 1)]
    pixels = cv2.remap(before.pixels, *maps, cv2.INTER_LANCZOS4)
    after = planted.edited(before, np.maximum(pixels, 0), "lens")
    known = measure_authenticity(before, after, same_frame=True, warp=forward)
    assert known["geometry"].verdict == "pass"
    assert known["geometry"].details["intended_mm"] == pytest.approx(
        float(np.linalg.norm(forward, axis=-1).max()), rel=0.01
    )
    unknown = measure_authenticity(before, after, same_frame=True)
    assert unknown["geometry"].value > 2 * known["geometry"].value
    assert unknown["geometry"].verdict != "pass"


# --- What cannot be judged ------------------------------------------------------------------------


def test_without_a_face_there_is_no_number(before: Observation) -> None:
    found = measure_authenticity(before, replace(before, face=None))
    assert found.score is None
    assert "no face" in found.reason
    assert all(c.value is None and c.verdict == "indeterminate" for c in found.components)


def test_a_tiny_face_and_a_profile_have_no_number(before: Observation) -> None:
    assert measure_authenticity(replace(before, source_ied=15.0), before).score is None
    turned = replace(before.seen, pose=replace(before.seen.pose, yaw=60.0))
    assert measure_authenticity(before, replace(before, face=turned)).score is None


def test_a_covered_face_has_no_number(before: Observation) -> None:
    found = measure_authenticity(replace(before, alpha=0 * before.alpha), before, same_frame=True)
    assert found.score is None
    assert "covered" in found.reason


def test_across_photographs_pixels_are_not_compared(before: Observation) -> None:
    found = measure_authenticity(before, replace(before), same_frame=False)
    assert not found.same_photo
    for name in ("texture_invented", "expression", "rewriting"):
        assert found[name].verdict == "indeterminate"
        assert found[name].weight == 0
        assert "different photographs" in found[name].reason
    for name in ("identity", "geometry", "texture_kept", "lines", "tone"):
        assert found[name].verdict == "pass", found[name].reason
    assert found.score is not None


def test_a_small_source_is_not_asked_for_texture(astronaut_scene: Scene) -> None:
    before = observe_scene(astronaut_scene)
    found = judge(before, before.pixels)
    assert found["texture_kept"].verdict == "indeterminate"
    assert found["texture_kept"].weight == 0
    assert found.score == 100
    assert found.coverage == 1


def test_pictures_are_drawn_on_request(before: Observation) -> None:
    after = planted.edited(before, planted.expose(before, 0.3), "after")
    found = measure_authenticity(before, after, same_frame=True, pictures=True)
    shapes = {found[n].picture.shape for n in ("texture_kept", "marks", "tone")}
    assert len(shapes) == 1
    assert found["identity"].picture is None


# --- Combination ----------------------------------------------------------------------------------


def row(name: str, score: float | None) -> Component:
    found = next(r for r in CATALOGUE if r.name == name)
    if score is None:
        return found.unjudged("unseen")
    return found.component(Finding(0.0, score, "seen", low=0, high=1))


def test_one_failure_is_not_averaged_away() -> None:
    fine = [row(r.name, 1.0) for r in CATALOGUE]
    assert combine(fine, same_photo=True).score == 100
    one = [row(r.name, 0.0 if r.name == "lines" else 1.0) for r in CATALOGUE]
    assert combine(one, same_photo=True).score <= 59
    two = [row(r.name, 0.0 if r.name in ("lines", "eyes") else 1.0) for r in CATALOGUE]
    assert combine(two, same_photo=True).score <= 39
    who = [row(r.name, 0.0 if r.name == "identity" else 1.0) for r in CATALOGUE]
    found = combine(who, same_photo=True)
    assert found.score <= 19
    assert found.limited_by == "identity"


def test_too_little_evidence_gives_no_score() -> None:
    rows = [row(r.name, 1.0 if r.name in ("identity", "geometry") else None) for r in CATALOGUE]
    found = combine(rows, same_photo=True)
    assert found.score is None
    assert 0 < found.coverage < 0.6


def test_grade_has_its_three_points() -> None:
    assert [grade(v, 0, 2, 4) for v in (-1, 0, 2, 3, 4, 9)] == [1, 1, 0.9, 0.45, 0, 0]
    assert [grade(v, 1, 0.5, 0.25) for v in (2, 1, 0.5, 0.25)] == [1, 1, 0.9, 0]


# --- Edits ----------------------------------------------------------------------------------------


def _pull(w: Observation, points: list[int], by: np.ndarray, reach_mm: float) -> Pixels:
    """Move what lies around mesh points by ``by`` pixels."""
    h, width = w.pixels.shape[:2]
    y, x = np.mgrid[0:h, 0:width].astype(np.float32)
    dx, dy = np.zeros((h, width), np.float32), np.zeros((h, width), np.float32)
    for i, move in zip(points, by, strict=True):
        px, py = w.seen.points[i]
        r2 = ((x - px) ** 2 + (y - py) ** 2) / (reach_mm * w.seen.px_per_mm) ** 2
        pull = np.where(r2 < 1, (1 - r2) ** 2, 0).astype(np.float32)
        dx -= pull * np.float32(move[0])
        dy -= pull * np.float32(move[1])
    return planted._remap(w.pixels, dx, dy)


def lift_one_corner(w: Observation, mm: float) -> Pixels:
    return _pull(w, [61], np.array([[0, -mm * w.seen.px_per_mm]]), 18)


def smile(w: Observation, mm: float) -> Pixels:
    s = mm * w.seen.px_per_mm
    return _pull(w, [61, 291], np.array([[-s, -s], [s, -s]]), 20)


def paint_irises(w: Observation, amount: float) -> Pixels:
    """Both irises turned green and light."""
    h, width = w.pixels.shape[:2]
    y, x = np.mgrid[0:h, 0:width].astype(np.float32)
    out = w.pixels.copy()
    for centre in (468, LEFT_IRIS):
        px, py = w.seen.points[centre]
        rim = w.seen.points[centre + 1 : centre + 5]
        radius = np.linalg.norm(rim - [px, py], axis=1).mean()
        disc = filters.smoothstep(np.hypot(x - px, y - py) / radius, 1.05, 0.9)[..., None]
        green = np.sqrt(out) * np.float32([0.5, 1.3, 0.6])
        out = out + amount * disc * (green**2 + np.float32([0.02, 0.08, 0.02]) - out)
    return out


def sharpen(w: Observation, amount: float) -> Pixels:
    log = np.log(np.maximum(w.pixels, 2.0**-9))
    detail = log - filters.blur(log, 0.7 * w.seen.px_per_mm)
    return np.exp(log + amount * detail).astype(np.float32)


# --- The table ------------------------------------------------------------------------------------


def read_table() -> dict[str, list[list[str]]]:
    """Rows of the measured table by series."""
    found: dict[str, list[list[str]]] = {}
    for line in PAGE.read_text().splitlines():
        cells = [c.strip() for c in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 9 and re.fullmatch(r"[\d.]+", cells[3]):
            found.setdefault(cells[0], []).append(cells)
    return found


def test_the_measured_table_has_its_order() -> None:
    table = read_table()
    assert len(table) >= 12, "run `make calibrate`"
    harmless = [n for n in table if n.startswith(("JPEG", "exposure", "resized"))]
    assert len(harmless) == 3
    for name, rows in table.items():
        medians = [float(r[3]) for r in rows]
        if name in harmless:
            assert min(medians) > 95, (name, medians)
        elif name.endswith("by hand"):
            # Set by hand, to either side of nothing: more of it never reads as more the person.
            more = [float(r[3]) for r in rows if float(r[1]) > 0]
            assert len(more) >= 2
            assert all(b <= a + 0.5 for a, b in pairwise(more)), (name, more)
        else:
            steps = pairwise(medians)
            assert all(b <= a + 0.5 for a, b in steps), (name, medians)
    pasted = float(table["another person pasted"][0][3])
    for rows in (table["our looks, all at"], table["our look, as it comes"]):
        # Columns 4 to 7: the lowest tenth, and the median of each group.
        assert all(float(cell) > pasted + 40 for r in rows for cell in r[4:8] if cell != "-")
    for group in (5, 6, 7):
        other = float(table["another person pasted"][0][group])
        assert other < 30
