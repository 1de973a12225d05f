"""A session whose photo's detail is restored later: the rest of it is shared, not made again."""

from __future__ import annotations

import numpy as np
import pytest

from catchlight.adjustments.catalogue import CATALOGUE
from catchlight.analysis.restoration.restore import Restored
from catchlight.analysis.scene import Scene
from catchlight.arrays import as_float
from catchlight.look import Look
from catchlight.studio import developing
from catchlight.studio.clock import Clock
from catchlight.studio.session import Session

LOOK = Look(backdrop="keep", adjust={a.name: 1.0 for a in CATALOGUE})


def test_only_the_detail_is_new(kept_scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    brighter = Restored(as_float(kept_scene.pixels * 1.2), ("brighter",), 1.0)
    monkeypatch.setattr(developing, "restore_in", lambda *_: brighter)
    quick = Session(kept_scene)
    before = {layer.name: layer for layer in quick.plan(LOOK).layers}
    detailed = quick.detailed()
    after = {layer.name: layer for layer in detailed.plan(LOOK).layers}
    assert set(after) - set(before) == {"detail"}
    for name, layer in before.items():
        assert after[name] is layer
    plain = Look(backdrop="keep", adjust=dict.fromkeys(LOOK.strengths, 0.0) | {"detail": 1.0})
    drawn = detailed.render(plain).pixels
    assert np.quantile(np.abs(drawn - brighter.pixels), 0.99) < 0.005  # but for what was black
    assert np.array_equal(quick.render(plain).pixels, kept_scene.pixels)


def test_where_nothing_has_to_be_restored_it_is_the_same(
    kept_scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(developing, "restore_in", lambda *_: None)
    quick = Session(kept_scene)
    assert quick.detailed() is quick


def test_a_clock_tells_of_a_stage_before_it_begins_and_can_be_ended_there() -> None:
    told: list[str] = []

    def tell(stage: str) -> None:
        told.append(stage)
        if stage == "last":
            raise KeyboardInterrupt

    clock = Clock(tell=tell)
    assert clock("first", lambda: len(told)) == 1
    with pytest.raises(KeyboardInterrupt):
        clock("last", lambda: told.append("never"))
    assert told == ["first", "last"]
    assert list(clock.seconds) == ["first"]


def test_what_was_forgotten_of_a_proof_is_measured_again(kept_scene: Scene) -> None:
    room = Session(kept_scene, proofs=1)
    plain = Look(backdrop="keep", adjust=dict.fromkeys(LOOK.strengths, 0.0))
    first = room.identity(plain)
    # Another takes its place.
    room.prove(plain.model_copy(update={"adjust": {**plain.adjust, "brightness": 0.5}}))
    again = room.identity(plain)
    assert first is not None
    assert again is not None
    assert np.array_equal(first, again)
