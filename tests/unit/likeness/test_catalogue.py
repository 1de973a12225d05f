"""The catalogue of components: complete, told in the docs, and one meaning of a pass."""

from __future__ import annotations

import pytest
from places import ROOT

from catchlight.likeness.catalogue import CATALOGUE, IDENTITY
from catchlight.likeness.component import PASSES, Finding, Row, grade, tabulate, unseen
from catchlight.polish import catalogue as polish

PAGE = ROOT / "docs" / "likeness.md"


def test_names_are_there_once_and_weights_are_positive() -> None:
    for rows in (CATALOGUE, polish.CATALOGUE):
        names = [row.name for row in rows]
        assert len(set(names)) == len(names)
        assert all(row.weight > 0 for row in rows)
    assert CATALOGUE[0] is IDENTITY


def test_the_page_tells_the_catalogue() -> None:
    assert "\n".join(tabulate(CATALOGUE)) in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("row", [*CATALOGUE, *polish.CATALOGUE], ids=lambda r: r.name)
def test_a_pass_is_what_the_row_says(row: Row[object]) -> None:
    scores = (1.0, row.passes, row.passes - 1e-6, row.fails + 1e-6, row.fails)
    said = ["pass", "pass", "warn", "warn", "fail"]
    found = [row.component(Finding(0.5, s, "bad", "good", low=0.0)) for s in scores]
    assert [c.verdict for c in found] == said
    assert [c.reason for c in found] == ["good", "good", "bad", "bad", "bad"]
    assert {(c.name, c.title, c.unit, c.weight, c.low) for c in found} == {
        (row.name, row.title, row.unit, row.weight, 0.0)
    }


def test_what_is_allowed_passes_and_the_red_line_fails() -> None:
    for value, verdict in ((2.0, "pass"), (2.01, "warn"), (3.99, "warn"), (4.0, "fail")):
        assert IDENTITY.judge(grade(value, 0.0, 2.0, 4.0)) == verdict
    assert grade(2.0, 0.0, 2.0, 4.0) == PASSES


def test_what_cannot_be_judged_has_no_value_and_what_is_moot_no_weight() -> None:
    unjudged = IDENTITY.component(unseen("too dark"))
    assert (unjudged.value, unjudged.score, unjudged.verdict) == (None, None, "indeterminate")
    assert (unjudged.weight, unjudged.reason) == (IDENTITY.weight, "too dark")
    assert IDENTITY.component(unseen("nothing there", moot=True)).weight == 0
