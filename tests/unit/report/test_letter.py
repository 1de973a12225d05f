"""The letter: the verdict first, then on what it leans, what was changed and how sure that is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import staged

from catchlight.report.letter import write_letter
from catchlight.results import Answer, Check

GREY = np.full((40, 30, 3), 0.4, np.float32)


def letter(answer: Answer = "yes", *, same_photo: bool = False, **verdicts: str) -> list[str]:
    rows = tuple(
        replace(row, verdict=verdicts.get(row.name, row.verdict)) for row in staged.components()
    )
    overall = replace(staged.authenticity(), components=rows, same_photo=same_photo)
    photos = [("folder/a.jpg", GREY), ("folder/b.jpg", GREY), ("folder/c.jpg", GREY)]
    said = staged.check("out/her.jpg", GREY, photos, overall, answer, "the faces lie far apart")
    faces = tuple(replace(w, face=object()) for w in said.against)  # type: ignore[arg-type]
    shown: Check = replace(said, against=faces, strangers=(False, False, True))
    return write_letter(shown)


@pytest.mark.parametrize("answer", ["no", "doubtful", "cannot say"])
def test_it_begins_with_why(answer: Answer) -> None:
    assert letter(answer)[0] == "The faces lie far apart."
    assert letter("yes")[0].startswith("The face lies no further from the photo")


def test_it_says_on_which_photo_it_leans_and_which_are_left_out() -> None:
    leaning = letter()[1]
    assert "not made from any of the photos" in leaning
    assert "held against a.jpg and 1 more" in leaning
    assert leaning.endswith("somebody else or no face: c.jpg.")
    assert "pixel by pixel" in letter(same_photo=True)[1]


def test_what_was_changed_is_told_with_how_sure_that_is_the_surest_first() -> None:
    text = letter("doubtful")
    changed = [t for t in text if "changed" in t]
    assert changed[0].startswith("Surely changed: marks. The mole l23d41 is gone")
    assert changed[1].startswith("Probably changed: texture.")
    assert any(t.startswith("As in the photos: skin tone") for t in text)
    assert any(t.startswith("Cannot be told: lines, eyes,") for t in text)


def test_with_nothing_changed_it_says_so() -> None:
    text = letter(texture_kept="pass", marks="pass")
    assert any("differs by more than" in t for t in text)
    assert not any("changed" in t for t in text)
