"""The judge of exposure: anchors in, stops out; the skin's own lightness decides nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from catchlight.analysis.light.anchors import Anchors, Eyes
from catchlight.analysis.light.exposed import judge_exposure
from catchlight.pixels import tones

EYES = Eyes(None, 1.0, -1.6, -1.0)
#: A portrait in good light.
GOOD = Anchors(
    EYES, teeth=-0.6, mirror=-0.6, top=-0.1, white=-0.3, skin=-1.2, beside=0.5, burnt=0.0,
    clipped=0.01,
)  # fmt: skip


def darker(found: Anchors, stops: float) -> Anchors:
    """The same portrait, exposed by so many stops less."""
    eyes = replace(found.eyes, white=found.eyes.white - stops, catch=found.eyes.catch - stops)
    names = ("teeth", "mirror", "top", "white", "skin")
    return replace(found, eyes=eyes, **{n: getattr(found, n) - stops for n in names})


def test_good_light_is_left_alone_whatever_the_skin() -> None:
    for skin in (-0.4, -1.2, -2.5, -4.0):
        assert judge_exposure(replace(GOOD, skin=skin)).stops == 0


@pytest.mark.parametrize("stops", [1.0, 1.5, 2.0, 2.6])
def test_what_is_too_dark_is_given_back(stops: float) -> None:
    given = {judge_exposure(darker(replace(GOOD, skin=s), stops)).stops for s in (-0.5, -1.5, -3)}
    assert len(given) == 1, "pigment decided"
    assert given.pop() == pytest.approx(stops, abs=0.35)


def test_no_more_than_three_stops() -> None:
    assert judge_exposure(darker(GOOD, 6.0)).stops == 3.0


def test_half_a_stop_is_nobodys_mistake() -> None:
    assert judge_exposure(darker(GOOD, 0.5)).stops == 0


def test_a_low_key_portrait_with_lit_eyes_stays() -> None:
    """Nothing in the picture is bright, but the whites of the eyes are lit: so it was meant."""
    low = replace(GOOD, top=-1.1, white=-2.0, mirror=-1.2, eyes=replace(EYES, white=-1.3))
    assert judge_exposure(low).stops == 0


def test_a_face_alone_need_show_nothing_white() -> None:
    assert judge_exposure(replace(darker(GOOD, 1.0), beside=0.05)).stops == 0


def test_a_face_that_mirrors_its_light_is_not_in_the_dark() -> None:
    """Dusk behind, a lit face before it: nothing is near white, and it was meant."""
    assert judge_exposure(replace(darker(GOOD, 1.0), mirror=-0.9)).stops == 0


def test_a_face_against_the_light_is_lifted_by_the_least_of_its_anchors() -> None:
    dark = darker(GOOD, 2.6)
    against = replace(dark, top=0.0, white=0.0)
    found = judge_exposure(against)
    least = min(stops for name, stops, _ in found.witnesses if name != "the brightest thing")
    assert found.stops == pytest.approx(least / 2, abs=0.01), "the ground has its white: half of it"
    one_lit = replace(against, teeth=-0.8)
    assert judge_exposure(one_lit).stops == 0


def test_what_the_picture_misses_too_is_given_in_full() -> None:
    """A stop under, and the face in its own shade besides: all of the first, less of the second."""
    shaded = darker(GOOD, 3.6)
    found = judge_exposure(replace(shaded, top=-1.1, white=-1.3))
    whole = judge_exposure(replace(darker(GOOD, 1.0), teeth=None)).stops
    assert whole < found.stops < 2.0
    assert judge_exposure(replace(shaded, top=0.0, white=0.0)).stops < found.stops - 0.1


def test_a_face_by_flash_in_a_dark_room_gets_what_the_room_misses() -> None:
    """Half a stop is what the anchors of two faces differ by, and no light of its own."""
    flash = replace(darker(GOOD, 2.6), top=-1.19, white=-1.4)
    least = min(s for n, s, _ in judge_exposure(flash).witnesses if n != "the brightest thing")
    whole = 1.09 - 0.2
    assert whole < least < whole + 0.5
    assert judge_exposure(flash).stops == pytest.approx(whole, abs=0.01)


def test_a_head_that_fills_a_photo_without_anything_bright_is_asked_by_its_middle() -> None:
    """Two stops down it is no night; one anchor that is brighter than the rest stops no lift."""
    filled = replace(darker(GOOD, 2.2), beside=0.05, teeth=-1.9)
    found = judge_exposure(filled)
    assert 0.7 < found.stops < 2.0
    # A night, and a face that is lit.
    assert judge_exposure(replace(filled, top=-1.5)).stops == 0
    lit = replace(GOOD, beside=0.05, top=-2.2, white=-2.5)
    assert judge_exposure(lit).stops == 0


def test_the_darker_a_picture_the_less_of_it_was_muted_on_purpose() -> None:
    left = [
        2.0 - judge_exposure(darker(GOOD, 2.0)).stops,
        2.9 - judge_exposure(darker(GOOD, 2.9)).stops,
    ]
    assert left[1] < left[0] < 0.2


def test_the_less_there_is_beside_a_lit_head_the_less_does_an_absent_white_say() -> None:
    muted = replace(darker(GOOD, 1.0), teeth=None, mirror=-1.38, eyes=Eyes(None, 1.0, -2.9, -1.9))
    lifts = [judge_exposure(replace(muted, beside=b)).stops for b in (0.5, 0.43, 0.4, 0.2)]
    assert lifts == sorted(lifts, reverse=True)
    assert lifts[0] > lifts[1] > lifts[2] > lifts[3] == 0


def test_white_clothes_that_burn_tell_of_half_a_stop_too_much() -> None:
    bright = replace(GOOD, eyes=replace(EYES, white=-1.1, catch=-0.6), mirror=-0.4)
    burnt = judge_exposure(replace(bright, burnt_clothes=0.9, clipped=0.3))
    assert -0.5 <= burnt.stops <= -0.3
    assert "burnt clothes" in [name for name, *_ in burnt.witnesses]
    assert judge_exposure(replace(bright, burnt_clothes=0.55, clipped=0.3)).stops == 0
    # A shirt in the sun below a face in the shade.
    shade = darker(bright, 2.5)
    assert judge_exposure(replace(shade, top=0.0, burnt_clothes=0.9)).stops >= 0


def test_noise_bounds_a_lift_but_not_below_half() -> None:
    dark = darker(GOOD, 3.0)
    free, noisy = judge_exposure(dark).stops, judge_exposure(dark, noise=0.03).stops
    assert noisy == pytest.approx(free / 2, abs=0.01)


def test_burnt_skin_in_a_burnt_picture_is_too_bright() -> None:
    found = judge_exposure(replace(GOOD, burnt=0.45, clipped=0.4, mirror=0.0, top=0.0))
    assert -1.0 <= found.stops <= -0.6
    # A burnt window behind a face that is not.
    assert judge_exposure(replace(GOOD, burnt=0.0, clipped=0.4)).stops == 0


def test_dark_skin_that_does_not_burn_has_its_eyes_for_witnesses() -> None:
    eyes = replace(EYES, white=-0.4, catch=0.0)
    assert judge_exposure(replace(GOOD, eyes=eyes, clipped=0.6)).stops < -0.5


def test_a_white_ground_behind_well_lit_skin_is_no_glare() -> None:
    """A redhead in a studio, measured: bright eyes, a burnt ground, and nothing of him burnt."""
    studio = replace(
        GOOD, eyes=replace(EYES, white=-0.49, catch=-0.2), clipped=0.32, burnt=0.004,
        burnt_person=0.002, skin=-0.6, mirror=-0.2,
    )  # fmt: skip
    assert judge_exposure(studio).stops == 0
    assert judge_exposure(replace(studio, burnt_person=0.19)).stops < -0.5


def test_a_face_that_has_light_to_spare_is_not_lifted() -> None:
    """A muted studio portrait: nothing white in it, and the eyes brighter than most."""
    muted = darker(GOOD, 1.0)
    assert judge_exposure(muted).stops > 0.5
    spared = replace(muted, teeth=None, eyes=replace(EYES, white=-1.74, catch=-1.57), mirror=-1.33)
    assert judge_exposure(spared).stops == 0


@pytest.mark.parametrize("stops", [0.4, 1.0, 2.0, 3.0])
def test_tones_keep_their_order_and_white_stays_white(stops: float) -> None:
    level = np.linspace(1e-4, 1, 2000, dtype=np.float32)
    held = tones.lift(level, stops, black=0.01)
    for gain in (tones.lift(level, stops), held, tones.lower(level, min(stops, 1.0))):
        after = level * np.exp2(gain)
        assert (np.diff(after) > -1e-6).all()
        assert after[-1] == pytest.approx(1.0, abs=1e-5)


def test_a_lift_leaves_black_where_it_was() -> None:
    """Lit skin gets its stops, the black point half of them, what lies below it hardly any."""
    level = np.float32([0.001, 0.004, 0.06, 0.2])
    free, held = tones.lift(level, 1.5), tones.lift(level, 1.5, black=0.004)
    assert free[0] == pytest.approx(1.5, abs=0.01)
    assert held[0] < 0.2
    assert held[1] == pytest.approx(0.75, abs=0.01)
    assert (free - held)[2:] == pytest.approx(0, abs=0.03)


def test_whites_of_a_sitter_lost_beyond_the_file_are_half_a_stop_too_much() -> None:
    """A shirt burnt in part, hair or shine: where the face has light to spare."""
    bright = replace(darker(GOOD, -0.5), top=0.0, clipped=0.05, burnt_clothes=0.2)
    lost = judge_exposure(replace(bright, lost_person=0.08))
    assert -0.5 < lost.stops < -0.2
    assert "lost whites of the person" in {name for name, *_ in lost.witnesses}
    # What two photos by a hard flash had is no mistake, nor a face in the shade over a white shirt.
    assert judge_exposure(replace(bright, lost_person=0.05)).stops == 0
    assert -0.55 < judge_exposure(replace(bright, lost_person=0.4)).stops < lost.stops - 0.1
    shade = replace(darker(GOOD, 1.5), top=0.0, clipped=0.05, lost_person=0.3)
    assert judge_exposure(shade).stops >= 0


def test_skin_and_whites_both_beyond_the_file_are_half_a_stop_too_much() -> None:
    """Each alone happens in photos that were exposed as meant; both at once do not."""
    bright = replace(darker(GOOD, -0.5), top=0.0, clipped=0.05)
    both = judge_exposure(replace(bright, lost_person=0.03, burnt=0.08))
    assert -0.5 < both.stops < -0.2
    assert "burnt skin and lost whites" in {name for name, *_ in both.witnesses}
    assert judge_exposure(replace(bright, lost_person=0.03, burnt=0.01)).stops == 0
    assert judge_exposure(replace(bright, lost_person=0.01, burnt=0.13)).stops == 0
    shade = replace(darker(GOOD, 1.5), top=0.0, clipped=0.05, lost_person=0.03, burnt=0.08)
    assert judge_exposure(shade).stops >= 0
