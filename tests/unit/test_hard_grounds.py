"""What a cut-out is worth, as the bench judges it (tools/hard_grounds.py)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType

import numpy as np
import pytest
from places import ROOT

MM, CHIN = 2.0, 200


@pytest.fixture
def grounds(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import hard_grounds

    yield hard_grounds
    sys.modules.pop("hard_grounds", None)


def draw_person() -> np.ndarray:
    alpha = np.zeros((400, 400), np.float32)
    alpha[60:CHIN, 150:250] = 1
    alpha[60:CHIN, 149] = 0.5
    alpha[CHIN:, 80:320] = 1
    return alpha


def test_the_truth_itself_has_no_fault(grounds: ModuleType) -> None:
    true = draw_person()
    found = grounds.judge(true, true.copy(), CHIN, MM)
    assert found["lost"] == found["ghost"] == found["shoulders"] == 0


def test_a_shoulder_that_is_gone_is_said_and_is_no_part_of_the_head(grounds: ModuleType) -> None:
    true = draw_person()
    got = true.copy()
    got[CHIN:, 80:140] = 0
    found = grounds.judge(true, got, CHIN, MM)
    assert found["lost"] == found["ghost"] == 0
    assert found["shoulders"] == pytest.approx(25)
    # What is gone further down than shoulders reach is nobody's.
    got = true.copy()
    got[CHIN + 121 :] = 0
    assert grounds.judge(true, got, CHIN, MM)["shoulders"] == 0


def test_an_ear_that_is_gone_and_a_wall_that_is_kept_are_told_apart(grounds: ModuleType) -> None:
    true = draw_person()
    got = true.copy()
    got[100:120, 150:160] = 0
    got[60:100, 250:260] = 1
    found = grounds.judge(true, got, CHIN, MM)
    assert found["lost"] == pytest.approx(100 * 200 / 14000)
    assert found["ghost"] == pytest.approx(100 * 400 / 14000)
    assert found["shoulders"] == 0
