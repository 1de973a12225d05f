"""The dial: how much polish a setting's floor allows, with a session whose answers are known."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from catchlight.adjustments.catalogue import BY_NAME
from catchlight.errors import LookError
from catchlight.likeness.authenticity import Authenticity
from catchlight.likeness.component import Component, indeterminate
from catchlight.look import Look
from catchlight.polish.score import Polish
from catchlight.setting import load_setting
from catchlight.studio.dial import Brief, choose_polish
from catchlight.studio.session import Proof, Session


class Setting:
    """A setting whose dial is written into the strength of exposure, so that it can be read."""

    name, polish, authenticity_floor, polish_floor = "test", 0.6, 85.0, 50.0

    def look(self, polish: float) -> Look:
        return Look(adjust={"exposure": polish})


class Room:
    """A session that measures what a function of the polish says."""

    def __init__(self, authenticity: Callable[[float], float | None]) -> None:
        self.authenticity = authenticity
        self.proofs = 0

    def guard(
        self, look: Look, outright: frozenset[str], own: Look | None = None
    ) -> tuple[Look, None]:
        assert own is not None
        assert own.adjust.get("exposure") == Setting.polish, "the guard binds to the own place"
        return look, None

    def prove(self, look: Look) -> Proof:
        self.proofs += 1
        score = self.authenticity(look.adjust["exposure"])
        texture = Component(
            "texture_kept", "Texture kept", 0.8, "", 0.9, None, 0.5, 2, "warn", "less of it"
        )
        if score is None:
            rows: tuple[Component, ...] = (indeterminate("identity", "Identity", "", 3, "tiny"),)
            said = Authenticity(None, rows, 0.0, None, same_photo=True, reason="the face is tiny")
        else:
            said = Authenticity(
                score, (texture,), 1.0, "texture_kept", same_photo=True, reason="some texture went"
            )
        return Proof(look, said, cast(Polish, SimpleNamespace(score=50.0)))


def dial(authenticity: Callable[[float], float | None], **values: Any) -> tuple[Any, Room]:
    room = Room(authenticity)
    brief = Brief(cast(Any, Setting()), **values)
    return choose_polish(cast(Session, room), brief), room


def test_the_own_place_where_the_floor_allows_it_costs_one_proof() -> None:
    got, room = dial(lambda p: 90.0)
    assert (got.polish, got.stopped_by, room.proofs) == (Setting.polish, None, 1)
    assert not got.beyond


@pytest.mark.parametrize("edge", [0.1, 0.3, 0.55, 0.59])
def test_below_the_own_place_the_most_polish_above_the_floor(edge: float) -> None:
    got, room = dial(lambda p: 95.0 if p <= edge else 70.0)
    assert edge - Setting.polish / 8 <= got.polish <= edge
    assert got.proof.authenticity.score >= Setting.authenticity_floor
    assert got.stopped_by == "texture_kept"
    assert "texture kept" in got.reason
    assert room.proofs <= 5
    assert got.look.adjust["exposure"] == got.polish


def test_only_a_person_goes_further_than_the_own_place_and_it_is_said() -> None:
    got, _ = dial(lambda p: 99.0, polish=0.9)
    assert (got.polish, got.automatic, got.beyond, got.own) == (0.9, False, True, 0.6)
    assert "further than the 0.6 at which test stands" in got.reason
    below, _ = dial(lambda p: 99.0, polish=0.5)
    assert not below.beyond


def test_nothing_holds_the_floor_so_no_polish() -> None:
    got, _ = dial(lambda p: 60.0 - p)
    assert got.polish == 0.0
    assert "below 85" in got.reason


def test_what_cannot_be_judged_stays_low_and_says_why() -> None:
    got, _ = dial(lambda p: None)
    assert 0 < got.polish <= 0.3
    assert got.stopped_by is None
    assert "tiny" in got.reason


def test_a_given_polish_is_taken_without_a_proof() -> None:
    got, room = dial(lambda p: 10.0, polish=0.6)
    assert (got.polish, got.automatic, room.proofs) == (0.6, False, 0)


def test_what_was_said_outright_comes_before_the_setting() -> None:
    brief = Brief(cast(Any, Setting()), values={"backdrop": "navy", "adjust": {"shadows": 0.9}})
    look = brief.look(0.4)
    assert (look.backdrop, look.adjust) == ("navy", {"exposure": 0.4, "shadows": 0.9})
    with pytest.raises(LookError, match="nosuch"):
        Brief(cast(Any, Setting()), values={"adjust": {"nosuch": 1.0}}).look(0.5)


def test_a_pattern_that_is_named_is_seen_wherever_the_dial_stands() -> None:
    setting = load_setting("default")
    assert Brief(setting).look(0.1).strengths["key_light"] == 0
    named = Brief(setting, values={"light": "loop"}).look(0.1)
    assert named.strengths["key_light"] == BY_NAME["key_light"].default
    said = Brief(setting, values={"light": "loop", "adjust": {"key_light": 0.1}}).look(0.1)
    assert said.strengths["key_light"] == 0.1
