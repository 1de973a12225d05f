"""Across photographs: untouched traits depart by nothing, edits by what they did, doubt is said."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from places import ROOT

from catchlight.analysis.scene import Scene
from catchlight.likeness import across_marks, conditions
from catchlight.likeness.across import Across, Bar, Departure, judge_departures, merge
from catchlight.likeness.across_lines import measure_lines_across
from catchlight.likeness.across_marks import measure_marks_across
from catchlight.likeness.across_mirror import measure_mirroring_across
from catchlight.likeness.across_shape import measure_shape_across
from catchlight.likeness.across_skin import (
    measure_irises_across,
    measure_relief_across,
    measure_tone_across,
)
from catchlight.likeness.component import Finding
from catchlight.likeness.fine_mesh import find_again
from catchlight.likeness.mark_places import say_places, seek_moles
from catchlight.likeness.observation import Observation
from catchlight.likeness.observe import observe_scene
from catchlight.likeness.proportions import measure_proportions
from catchlight.likeness.sighting import fit_in_place
from catchlight.likeness.traits import Traits, measure_traits

sys.path.insert(0, str(ROOT / "tools"))
import likeness_edits as edits
import planted_edits as planted
from test_authenticity import marked

BAR = Bar(0.1, 0.3, 0.2)


@pytest.fixture(scope="module")
def photo() -> Observation:
    return observe_scene(marked(None))


@pytest.fixture(scope="module")
def turned(near_scene: Scene) -> Observation:
    return observe_scene(near_scene)


def edited(photo: Observation, name: str) -> Observation:
    """The edit, its face found afresh, as in a picture by somebody else."""
    pixels = edits.EDITS[name][1](photo)
    assert pixels is not None
    pixels = np.asarray(pixels, np.float32)
    face = fit_in_place(pixels, photo.seen)
    assert face is not None
    return Observation(name, pixels, face, photo.source_ied, photo.alpha)


# --- Departures -----------------------------------------------------------------------------------


def test_photos_are_weighed_by_how_alike_their_conditions_are() -> None:
    near, far = (0.0, 0.05), (1.0, 0.5)
    found = merge([near, far])
    assert found is not None
    assert found.value < 0.02
    assert found.spread == pytest.approx(0.05, rel=0.02)
    alike = merge([near] * 9)
    assert alike is not None
    assert alike.spread == pytest.approx(0.67 * 0.05)
    torn = merge([(-0.4, 0.05), (0.0, 0.05), (0.4, 0.05)])
    assert torn is not None
    assert torn.spread == pytest.approx(0.4)
    assert merge([]) is None


@pytest.mark.parametrize(
    ("value", "spread", "verdict"),
    [
        (0.09, 0.01, "pass"),  # nothing to see
        (0.2, 0.10, "pass"),  # inside three spreads
        (0.2, 0.01, "warn"),
        (0.4, 0.01, "fail"),
        (0.4, 0.10, "warn"),  # red, but not beyond five spreads
        (0.4, 0.25, "indeterminate"),  # the spread is too wide
    ],
)
def test_a_departure_is_judged_by_what_shows_and_by_its_spread(
    value: float, spread: float, verdict: str
) -> None:
    found = judge_departures(
        {"it departs": (Departure(value, spread), BAR)}, praise="as it was", unlike="too unlike"
    )
    if verdict == "indeterminate":
        assert found.score is None
        assert found.said == "too unlike"
        return
    assert found.score is not None
    assert ("pass" if found.score >= 0.9 else "fail" if found.score <= 0 else "warn") == verdict
    assert found.said == ("" if verdict == "pass" else "it departs")


def test_all_that_departs_is_told_the_worst_first() -> None:
    found = judge_departures(
        {
            "a little": (Departure(0.15, 0.01), BAR),
            "much": (Departure(-0.5, 0.01), BAR),
            "nothing": (Departure(0.0, 0.01), BAR),
        },
        praise="as it was",
        unlike="too unlike",
    )
    assert found.said == "much; a little"
    assert found.score == 0
    assert found.value == pytest.approx(100 * np.expm1(-0.5))


# --- Measures -------------------------------------------------------------------------------------

MEASURES = {
    "geometry": measure_shape_across,
    "texture_kept": measure_relief_across,
    "lines": measure_lines_across,
    "tone": measure_tone_across,
    "asymmetry": measure_mirroring_across,
    "eyes": measure_irises_across,
    "marks": measure_marks_across,
}


def look(photo: Observation, result: Observation, name: str) -> Finding:
    return MEASURES[name](Across((photo,), result))


@pytest.mark.parametrize("name", MEASURES)
def test_what_nobody_touched_departs_by_nothing(photo: Observation, name: str) -> None:
    found = look(photo, replace(photo), name)
    if found.score is None:
        assert found.said
    else:
        assert found.score > 0.97, found.said


@pytest.mark.parametrize(
    ("edit", "name", "word"),
    [
        ("eyes +12 %", "geometry", "eyes are"),
        ("nose -12 %", "geometry", "ridge of the nose is"),
        ("lines erased", "lines", "shallower"),
        ("jaw -12 %", "geometry", "jaw is"),
        ("skin ground, bilateral", "texture_kept", "smoother"),
        ("tanned", "tone", "darker"),
        ("irises recoloured", "eyes", "irises"),
        ("symmetric by one half", "asymmetry", "turned over"),
        ("symmetric by the mean", "asymmetry", "turned over"),
    ],
)
def test_an_edit_is_found_and_named(photo: Observation, edit: str, name: str, word: str) -> None:
    found = look(photo, edited(photo, edit), name)
    assert found.score is not None, found.said
    assert found.score < 0.9, found.details
    assert word in found.said


def test_whitened_skin_departs_from_its_own_whites_and_brows(photo: Observation) -> None:
    """Skin as light as this one has hardly room to become lighter; it pales."""
    found = look(photo, replace(photo, pixels=planted.whiten(photo, 0.8)), "tone")
    assert found.score is not None, found.said
    assert found.score < 0.9, found.details
    assert "less red" in found.said or "lighter" in found.said


@pytest.mark.parametrize("stops", [-0.5, 0.4])
def test_exposure_moves_no_trait(photo: Observation, stops: float) -> None:
    lit = replace(photo, pixels=planted.expose(photo, stops))
    for name in ("tone", "eyes", "texture_kept", "lines"):
        found = look(photo, lit, name)
        assert found.score is None or found.score > 0.9, (name, found.said, found.details)


def test_a_finer_mesh_sees_what_the_network_smooths_over(photo: Observation) -> None:
    after = edited(photo, "nose -12 %")
    was = measure_proportions(photo.seen)["nose"]
    network = measure_proportions(after.seen)["nose"] - was
    finer = measure_proportions(find_again(photo, after))["nose"] - was
    assert finer < -0.08
    assert finer < network
    still = measure_proportions(find_again(photo, replace(photo)))
    assert still["nose"] == pytest.approx(was, abs=0.01)


def test_moles_are_found_again_and_missed_when_erased(photo: Observation) -> None:
    sought = seek_moles(photo, replace(photo))
    assert len(sought) >= 2
    assert all(0.9 < mole.share < 1.1 for mole in sought)
    pixels = edits.erase_moles(photo, photo)
    assert pixels is not None
    bare = replace(photo, pixels=pixels)
    found = look(photo, bare, "marks")
    assert found.score is not None
    assert found.score < 0.9
    assert all(mole.share < across_marks.GONE for mole in seek_moles(photo, bare))
    assert say_places([mole.mark.id for mole in sought]) in found.said


def test_skin_a_little_lighter_and_paler_all_at_once_is_whitened() -> None:
    """Lighter, less red and less yellow, each by two spreads: no one of them would be told."""
    beside = {k: np.full(3, -n, np.float32) for k, n in (("whites", 0), ("lips", 1), ("brows", 2))}
    skin, fall, ground = (np.full(n, -0.5, np.float32) for n in (3, 2, 3))
    theirs = Traits(skin, beside, {}, None, {}, fall, ground)

    def judge(red: float, green: float, blue: float) -> Finding:
        lifted = np.array([red, green, blue], np.float32)
        its = replace(theirs, skin=skin + lifted)
        seen = SimpleNamespace(
            theirs=(theirs,), its=its, shapes=({"eye opening": 0.0},),
            conditions=(conditions.Conditions(0.0, 0.0, 0.0, 0.0),),
        )  # fmt: skip
        return measure_tone_across(cast(Any, seen))

    whitened = judge(0.10, 0.15, 0.19)
    assert whitened.score is not None
    assert whitened.score < 0.9
    assert whitened.said.startswith("the skin alone is lighter and paler")
    assert ";" not in whitened.said
    for untouched in (judge(0.12, 0.12, 0.12), judge(-0.10, -0.15, -0.19)):
        assert untouched.score is not None
        assert untouched.score >= 0.9, untouched.said


def test_before_one_ground_a_nose_left_out_by_a_mask_is_no_other_light(photo: Observation) -> None:
    traits = measure_traits(photo)
    masked = replace(traits, fall=traits.fall + np.array([0.0, -0.25], np.float32))
    turned = replace(traits, fall=traits.fall + np.array([0.25, 0.0], np.float32))
    elsewhere = replace(masked, ground=masked.ground + np.float32(0.4))

    def light(its: Traits) -> float:
        return conditions.compare_conditions(photo, traits, photo, its).light

    assert light(masked) == 0.0
    assert light(turned) > 0.4
    assert light(elsewhere) > 0.4


def test_skin_that_was_only_moved_or_is_too_coarse_is_nobodys_mirror_image(
    photo: Observation,
) -> None:
    moved = look(photo, edited(photo, "symmetric in shape alone"), "asymmetry")
    assert moved.score is not None
    assert moved.score >= 0.9
    small = replace(photo, source_ied=60.0)
    assert look(photo, small, "asymmetry").score is None


def test_in_another_light_tone_is_not_told(photo: Observation) -> None:
    w = photo.pixels.shape[1]
    x = (np.arange(w) - photo.seen.eyes[:, 0].mean()) / (40 * photo.seen.px_per_mm)
    split = np.exp2(2.5 * np.tanh(x)).astype(np.float32)[None, :, None]
    found = look(photo, replace(photo, pixels=photo.pixels * split), "tone")
    assert found.score is None or found.score >= 0.9, found.said


def _dims_only_ground(gain: float) -> bool:
    """Whether a ground of ``gain`` times the light, beside one face, is another session's."""
    beside = {k: np.zeros(3, np.float32) - n for n, k in enumerate(("whites", "lips", "brows"))}
    skin, fall, ground = (np.full(n, -0.5, np.float32) for n in (3, 2, 3))
    theirs = Traits(skin, beside, {}, None, {}, fall, ground)
    its = replace(theirs, ground=ground + np.float32(np.log(gain)))
    return conditions.compare_grounds(theirs, its) > 0.5


def test_a_whitening_curve_is_no_other_session_and_is_named(photo: Observation) -> None:
    """It lifts a dark ground as another session would, but skin, brows and lips along with it."""
    lifted = np.asarray(edits.whiten_by_curve(photo, 0.6), np.float32)
    across = Across((photo,), replace(photo, pixels=lifted))
    raw = float(np.abs(across.its.ground - across.theirs[0].ground).mean())
    assert raw > 0.7  # by itself it would be another session
    assert across.conditions[0].light < 0.1
    found = measure_tone_across(across)
    assert found.score is not None, found.said
    assert found.score < 0.9, found.details
    assert not _dims_only_ground(0.9)
    assert _dims_only_ground(0.3)


def test_deeper_lines_and_other_light_accuse_nobody(photo: Observation) -> None:
    bare = replace(photo, pixels=np.asarray(edits.erase_lines(photo), np.float32))
    found = measure_lines_across(Across((bare,), photo))
    assert found.score is not None
    assert found.score == pytest.approx(1.0)


def test_nobody_is_accused_of_a_mirror_that_their_own_photos_show(photo: Observation) -> None:
    """A picture of skin that repeats itself, by its file or its camera, accuses no other of it."""
    mirrored = edited(photo, "symmetric by one half")
    assert look(photo, mirrored, "asymmetry").score == 0
    found = look(mirrored, replace(mirrored), "asymmetry")
    assert found.score is not None
    assert found.score >= 0.9
