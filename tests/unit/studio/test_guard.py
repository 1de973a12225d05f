"""The guard binds: strengths that would betray the skin are scaled down, and only those."""

from __future__ import annotations

import numpy as np
import pytest

from catchlight.arrays import Float, as_float
from catchlight.likeness.skin import measure_skin_change
from catchlight.look import Look
from catchlight.pixels import colour
from catchlight.studio.guard import LitSkin, hold, hold_dialled

NOBODY: frozenset[str] = frozenset()


def lit(**stops: tuple[float, float, float]) -> LitSkin:
    """Medium skin, and layers that do the same everywhere."""
    rows = np.tile(np.array([60.0, 14.0, 18.0], np.float32), (300, 1))
    rows[:, 0] += np.linspace(-8, 8, 300)
    pixels = colour.lab_to_p3(rows)
    return LitSkin(pixels, {n: _even(len(pixels), s) for n, s in stops.items()})


def _even(n: int, stops: tuple[float, float, float]) -> Float:
    return as_float(np.tile(np.array(stops, np.float32), (n, 1)))


def look(**strengths: float) -> Look:
    return Look(adjust=strengths)


def test_what_is_harmless_stays_as_it_was_asked_for() -> None:
    asked = look(shadows=0.5, contrast=0.5)
    got, guarded = hold(lit(shadows=(0.1, 0.1, 0.1), contrast=(0.05,) * 3), asked, NOBODY)
    assert got == asked
    assert guarded.scaled == {}
    assert guarded.left.held


def test_a_correction_that_nothing_warrants_goes_first() -> None:
    skin = lit(white_balance=(-0.4, 0.05, 0.5), shadows=(0.15, 0.15, 0.15))
    got, guarded = hold(skin, look(white_balance=1.0, shadows=1.0), NOBODY)
    assert not guarded.first.held
    assert guarded.left.held
    assert set(guarded.scaled) == {"white_balance"}
    assert 0 < got.adjust["white_balance"] < 1
    assert got.strengths["shadows"] == 1.0
    # No further than needed.
    assert guarded.left.excess > 0.85


def test_what_the_evidence_warrants_is_measured_from_there() -> None:
    skin = lit(exposure=(1.5, 1.5, 1.5), shadows=(0.1, 0.1, 0.1))
    got, guarded = hold(skin, look(exposure=1.0, shadows=1.0), frozenset({"exposure"}))
    assert got.strengths["exposure"] == 1.0
    assert guarded.left.held
    assert not guarded.whole.held
    assert guarded.whole.signed[0] > 10


def test_what_was_set_outright_is_not_touched() -> None:
    skin = lit(shadows=(1.0, 1.0, 1.0), contrast=(0.6, 0.6, 0.6))
    got, guarded = hold(skin, look(shadows=1.0, contrast=1.0), frozenset({"shadows"}))
    assert got.strengths["shadows"] == 1.0
    assert got.strengths["contrast"] < 1.0
    assert guarded.left.held


@pytest.mark.parametrize("seed", range(6))
def test_no_default_passes_whatever_the_layers_do(seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = ("white_balance", "exposure", "shadows", "contrast", "skin_evenness", "shine")
    skin = lit()
    stops = {n: as_float(rng.normal(0, 0.4, (300, 3)).cumsum(0) / 17 + rng.normal(0, 0.3, 3))
             for n in names}  # fmt: skip
    skin = LitSkin(skin.before, stops)
    got, guarded = hold(skin, look(**dict.fromkeys(names, 1.0)), NOBODY)
    found = measure_skin_change(skin.before, skin.after(got.strengths))
    assert found.held, (found, guarded.scaled)
    assert guarded.left == found


def test_the_guard_of_the_own_place_holds_the_whole_dial() -> None:
    skin = lit(shadows=(0.5, 0.5, 0.5), exposure=(0.2, 0.2, 0.2))
    own = look(shadows=0.5, exposure=1.0)
    held, _ = hold(skin, own, NOBODY)
    assert held.strengths["shadows"] < 0.5 or held.strengths["exposure"] < 1
    places = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        got, told = hold_dialled(skin, own, look(shadows=share, exposure=1.0), NOBODY)
        places.append(got.strengths)
        assert told.left.excess <= max(told.first.excess, 1.0)
    # What the dial does not move is the same everywhere; what it moves goes one way.
    assert len({round(p["exposure"], 6) for p in places}) == 1
    assert places[2] == held.strengths
    rising = [p["shadows"] for p in places]
    assert rising == sorted(rising)
    assert rising[0] == 0
    # Beyond the own place it rises by as much as was asked for.
    assert rising[4] - rising[2] == pytest.approx(0.5)


def test_what_was_said_outright_stays_at_every_place_of_the_dial() -> None:
    skin = lit(shadows=(2.0, 2.0, 2.0))
    own = look(shadows=0.9)
    got, _ = hold_dialled(skin, own, look(shadows=0.9), frozenset({"shadows"}))
    assert got.strengths["shadows"] == 0.9


def test_what_went_for_anothers_fault_comes_back() -> None:
    """One edit is too light and another too red: each is held back for its own fault alone."""
    skin = lit(shadows=(0.5, 0.5, 0.5), skin_evenness=(0.0, 0.14, 0.0))
    names = {"shadows": 1.0, "skin_evenness": 1.0}
    alone = {
        n: hold(LitSkin(skin.before, {n: skin.stops[n]}), look(**{n: 1.0}), NOBODY)[0].strengths[n]
        for n in names
    }
    got, guarded = hold(skin, look(**names), NOBODY)
    assert guarded.left.held
    for name, strength in alone.items():
        assert got.strengths[name] > 0.25 * strength, (name, got.strengths, alone)
