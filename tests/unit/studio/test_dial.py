"""The dial: how much polish a setting's floor allows, with a session whose answers are known."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from catchlight.errors import LookError
from catchlight.likeness.authenticity import Authenticity
from catchlight.likeness.component import Component, indeterminate
from catchlight.look import Look
from catchlight.polish.score import Polish
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

    def guard(self, look: Look, outright: frozenset[str]) -> tuple[Look, None]:
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


def test_full_polish_where_the_floor_allows_it_costs_one_proof() -> None:
    got, room = dial(lambda p: 90.0)
    assert (got.polish, got.stopped_by, room.proofs) == (1.0, None, 1)


@pytest.mark.parametrize("edge", [0.1, 0.3, 0.55, 0.8, 0.99])
def test_the_most_polish_above_the_floor_to_an_eighth(edge: float) -> None:
    got, room = dial(lambda p: 95.0 if p <= edge else 70.0)
    assert edge - 0.125 < got.polish <= edge
    assert got.proof.authenticity.score >= Setting.authenticity_floor
    assert got.stopped_by == "texture_kept"
    assert "texture kept" in got.reason
    assert room.proofs <= 5
    assert got.look.adjust["exposure"] == got.polish


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
