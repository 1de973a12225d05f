"""The review page of a team in a real headless Chromium: decisions made, filtered and saved."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from browser import Ask, ask_pages
from PIL import Image

from catchlight.team.decisions import ReviewDecision, read_decisions
from catchlight.team.one_look.spread import LookSpread
from catchlight.team.pages.review import Card, write_review

LONG = "Anna-Maria-Magdalena-Theodora-of-the-very-long-name-without-any-space-at-all"
USE = """
  const kept = []; const real = w.Blob;
  w.Blob = class extends real {
    constructor(parts, kind) { super(parts, kind); kept.push(parts[0]); }
  };
  w.HTMLAnchorElement.prototype.click = function () { kept.push(this.download); };
  const people = [...d.querySelectorAll(".person")];
  const press = (person, word) => person.querySelector(`button[data-word=${word}]`).click();
  const seen = () => people.filter(p => !p.hidden).map(p => p.dataset.key);
  const told = { start: d.getElementById("tally").textContent };
  press(people[0], "reject"); people[0].querySelector("textarea").value = 'eyes "shut"';
  press(people[1], "approve"); press(people[1], "approve");
  d.getElementById("approve-rest").click();
  told.tally = d.getElementById("tally").textContent;
  d.querySelector("[data-show=outlier]").click(); told.outliers = seen();
  d.querySelector("[data-show=reject]").click(); told.rejected = seen();
  d.querySelector("[data-show=all]").click(); told.all = seen();
  d.getElementById("save").click();
  told.saved = kept[0]; told.name = kept[1];
  told.needed = d.documentElement.scrollWidth; told.shown = w.innerWidth;
  told.unnamed = [...d.images].filter(i => !i.alt || !i.naturalWidth).length;
  return told;
"""


@pytest.fixture(scope="module")
def page() -> str:
    out = io.BytesIO()
    Image.new("RGB", (80, 100), "#887766").save(out, "JPEG")
    jpeg = out.getvalue()
    cards = [
        Card(key, name, f"{key}.jpg", jpeg, jpeg, said, [("head", "0.42")], ReviewDecision())
        for key, name, said in (
            ("ann", "Ann", ["the head is 30% larger than the others'. Another photo."]),
            ("bo", LONG, ["the photo is soft. Another photo, sharper."]),
            ("cy", "Cy", []),
        )
    ]
    spreads = [LookSpread("head size", "share of the height", 0.1, 0.01)]
    return write_review(cards, spreads, ["Di: no face"], title="Company", version="1").decode()


@pytest.mark.parametrize("dark", [False, True])
def test_decisions_are_made_filtered_and_saved(page: str, dark: bool, tmp_path: Path) -> None:
    (answer,) = ask_pages({"team": Ask(page, USE)}, tmp_path, dark=dark).values()
    assert answer.wrong == []
    assert [a for a in answer.asked if not a.startswith("blob:")] == []
    told = answer.told
    assert "failed" not in told, told
    assert told["start"] == "0 approved, 0 rejected, 3 undecided"
    # Who does not fit is never approved in passing; a word said twice is taken back.
    assert told["tally"] == "1 approved, 1 rejected, 1 undecided"
    assert told["outliers"] == ["ann", "bo"]
    assert told["rejected"] == ["ann"]
    assert told["all"] == ["ann", "bo", "cy"]
    assert told["name"] == "decisions.json"
    assert read_decisions(told["saved"].encode()) == {
        "ann": ReviewDecision("reject", "ann.jpg", 'eyes "shut"'),
        "cy": ReviewDecision("approve", "cy.jpg", ""),
    }
    assert json.loads(told["saved"])["version"] == 1
    assert told["needed"] <= told["shown"]
    assert told["unnamed"] == 0


def test_the_page_says_the_same_without_scripts(page: str) -> None:
    words = re.sub(r"<[^>]+>", " ", page)
    for said in ("Ann", "the head is 30% larger", "Di: no face", "head size", "0.100", "0.010"):
        assert said in words
