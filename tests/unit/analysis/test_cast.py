"""The judge of casts: witnesses in, what should be taken of the light out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from catchlight.analysis.light import cast
from catchlight.analysis.light.anchors import Anchors, Eyes
from catchlight.analysis.light.tone import SkinTone
from catchlight.analysis.light.witnesses import Witness
from catchlight.analysis.parts.regions import Regions
from catchlight.arrays import as_float
from catchlight.pixels import colour, tones

SKIN = ((74.0, 12.0, 16.0), (60.0, 15.0, 20.0), (40.0, 14.0, 17.0))
NAMES = ("whites of the eyes", "teeth", "mirror on the skin")


def under(lab: tuple[float, float, float], u: float, v: float) -> SkinTone:
    """Skin under a light ln(R/G) = u, ln(B/G) = v."""
    pixels = colour.lab_to_p3(as_float([lab])) / tones.neutralise(u, v)
    seen = colour.p3_to_lab(as_float(pixels))[0]
    hue, chroma = float(colour.lab_to_hue(seen)), float(np.hypot(seen[1], seen[2]))
    return SkinTone(float(seen[0]), float(seen[1]), float(seen[2]), hue, chroma, 0.0, 0.3, 400)


def judge(
    monkeypatch: pytest.MonkeyPatch, tone: SkinTone, *said: tuple[float, float], wall: bool = False
) -> cast.Cast:
    """Judge skin with witnesses that say so."""
    rows = tuple(
        Witness(name, *uv, sd=0.08, weight=0.7, wall=wall)
        for name, uv in zip(NAMES, said, strict=False)
    )
    return call(monkeypatch, tone, *rows)


def call(monkeypatch: pytest.MonkeyPatch, tone: SkinTone, *rows: Witness) -> cast.Cast:
    """Judge skin with those witnesses."""
    monkeypatch.setattr(cast, "call_witnesses", lambda *_, **__: rows)
    pixels = np.random.default_rng(1).uniform(0.05, 0.9, (64, 64, 3)).astype(np.float32)
    eyes = Eyes(None, 0.0, None, None)
    found = Anchors(eyes, None, None, 0.0, 0.0, -1.0, 1.0, 0.0, 0.0)
    return cast.judge_cast(pixels, Regions({}, glasses=False), tone, found)


STAGE, SKY, GYM = (0.45, -1.0), (-0.35, 0.5), (-0.35, -0.30)


@pytest.mark.parametrize("lab", SKIN)
@pytest.mark.parametrize("light", [STAGE, SKY, GYM])
def test_an_impossible_colour_is_taken_where_two_agree(
    lab: tuple[float, float, float], light: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    tone = under(lab, *light)
    found = judge(monkeypatch, tone, light, light)
    assert found.impossible
    left = np.hypot(found.u - light[0], found.v - light[1]) / np.hypot(*light)
    assert left <= 0.4


@pytest.mark.parametrize("lab", SKIN)
@pytest.mark.parametrize("light", [STAGE, SKY, GYM])
def test_a_clean_witness_and_the_room_are_two(
    lab: tuple[float, float, float], light: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only where skin itself is impossible, the witness is clean and the room says the same."""
    eyes = Witness("teeth", *light, sd=0.1, weight=0.6)
    room = Witness("room", *light, sd=0.2, weight=0.3, wall=True)
    red = Witness("room", 0.9, -0.9, sd=0.2, weight=0.3, wall=True)
    tone = under(lab, *light)
    assert call(monkeypatch, tone, eyes, room).impossible
    assert call(monkeypatch, tone, eyes, red).gains is None
    assert call(monkeypatch, tone, replace(eyes, weight=0.2), room).gains is None
    good = under(lab, 0.0, 0.0)
    assert call(monkeypatch, good, eyes, room).gains is None


def test_witnesses_of_a_strong_light_may_differ_by_a_share_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Lids beside the whites redden them: that contradicts a pale light, not tungsten."""
    tone = under(SKIN[0], *STAGE)
    lids = (STAGE[0] + 0.35, STAGE[1])
    assert judge(monkeypatch, tone, STAGE, lids).impossible
    pale = under(SKIN[0], *GYM)
    assert judge(monkeypatch, pale, GYM, (GYM[0] + 0.35, GYM[1])).gains is None


def test_a_room_of_the_same_tint_makes_the_light_more_sure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Witnesses that miss half of a green light, and a wall that shows all of it."""
    tone = under(SKIN[0], *GYM)
    half = (0.5 * GYM[0], 0.9 * GYM[1])
    rows = [Witness(name, *half, sd=0.08, weight=0.7) for name in NAMES[:2]]
    wall = Witness("room", *GYM, sd=0.2, weight=0.3, wall=True)
    other = Witness("room", -GYM[0], -GYM[1], sd=0.5, weight=0.3, wall=True)

    def left(*said: Witness) -> float:
        found = call(monkeypatch, tone, *said)
        return float(np.hypot(found.u - GYM[0], found.v - GYM[1]))

    assert left(*rows, wall) < left(*rows) - 0.02
    assert left(*rows, other) >= left(*rows) - 1e-6


def test_warm_skin_keeps_its_warmth(monkeypatch: pytest.MonkeyPatch) -> None:
    """A filter's yellow on brown skin, its chroma still skin's: not all that white paper says."""
    light = (0.03, -0.42)
    tone = under((62.0, 10.0, 17.0), *light)
    assert not cast.is_possible(tone)
    assert tone.chroma <= cast.MOST_CHROMA
    found = judge(monkeypatch, tone, light, light, light)
    before = as_float([[tone.lightness, tone.a, tone.b]])
    after = colour.p3_to_lab(colour.lab_to_p3(before) * found.gains)[0]
    assert 0.79 * tone.chroma <= np.hypot(*after[1:]) < tone.chroma
    assert float(colour.lab_to_hue(after)) < tone.hue


@pytest.mark.parametrize("lab", SKIN)
def test_of_what_the_room_speaks_against_less_is_taken(
    lab: tuple[float, float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A grade of cool skin before warm sand: as far as to the colours of skin, and no farther."""
    tone = under(lab, *SKY)
    rows = [Witness(name, *SKY, sd=0.08, weight=0.7) for name in NAMES]
    sand = Witness("room", 0.2, -0.3, sd=0.2, weight=0.3, wall=True)
    freely, held = call(monkeypatch, tone, *rows), call(monkeypatch, tone, *rows, sand)
    assert held.impossible
    assert 0 < np.hypot(held.u, held.v) < np.hypot(freely.u, freely.v)


@pytest.mark.parametrize("lab", SKIN)
def test_one_witness_or_walls_alone_are_not_enough(
    lab: tuple[float, float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    tone = under(lab, *STAGE)
    assert judge(monkeypatch, tone, STAGE).gains is None
    assert judge(monkeypatch, tone, STAGE, STAGE, STAGE, wall=True).gains is None
    assert judge(monkeypatch, tone, STAGE, (-0.3, 0.4)).gains is None


@pytest.mark.parametrize("lab", SKIN)
def test_a_photo_graded_warm_stays_warm(
    lab: tuple[float, float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    light = (0.10, -0.22)
    tone = under(lab, *light)
    assert cast.is_possible(tone)
    assert judge(monkeypatch, tone, light, light, light).gains is None


@pytest.mark.parametrize("lab", SKIN)
@pytest.mark.parametrize("light", [(-0.10, 0.14), (-0.14, -0.10), (0.10, 0.14)])
def test_skin_that_could_be_so_moves_within_its_bounds(
    lab: tuple[float, float, float], light: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    tone = under(lab, *light)
    found = judge(monkeypatch, tone, light, light, light)
    before = as_float([tone.lightness, tone.a, tone.b])
    if found.impossible or found.gains is None:
        return
    after = colour.p3_to_lab(colour.lab_to_p3(before[None]) * found.gains)[0]
    assert abs(np.hypot(*after[1:]) / tone.chroma - 1) <= 0.10
    assert abs(float(colour.lab_to_hue(after)) - tone.hue) <= 4


def test_a_brown_complexion_is_never_turned_ash_grey(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mauve light on a webcam's pale brown: what the witnesses want would leave no colour."""
    tone = under((60.0, 6.0, 8.0), 0.16, 0.17)
    found = judge(monkeypatch, tone, (0.16, 0.17), (0.18, 0.18), (0.2, 0.2))
    if found.gains is None:
        return
    before = as_float([[tone.lightness, tone.a, tone.b]])
    after = colour.p3_to_lab(colour.lab_to_p3(before) * found.gains)[0]
    assert np.hypot(*after[1:]) >= 0.89 * tone.chroma


def test_black_and_white_and_sepia_have_no_cast(monkeypatch: pytest.MonkeyPatch) -> None:
    tone = under(SKIN[0], *STAGE)
    grey = np.random.default_rng(2).uniform(0.02, 0.9, (64, 64, 1)).astype(np.float32)
    sepia = np.repeat(grey, 3, axis=2) * as_float([1.15, 1.0, 0.7])
    monkeypatch.setattr(cast, "call_witnesses", lambda *_, **__: pytest.fail("was asked"))
    eyes = Eyes(None, 0.0, None, None)
    found = Anchors(eyes, None, None, 0.0, 0.0, -1.0, 1.0, 0.0, 0.0)
    assert cast.judge_cast(sepia, Regions({}, glasses=False), tone, found).gains is None
