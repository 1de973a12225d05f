"""The review page as a person uses it: opened as a file, clicked, typed into, saved, read again."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from page_host import open_chromium
from PIL import Image

from catchlight.team.decisions import ReviewDecision, read_decisions
from catchlight.team.pages.review import Card, write_review

WIDTHS = (360, 1280)


def draw_page(decisions: dict[str, ReviewDecision]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (80, 100), "#887766").save(out, "JPEG")
    said = {"ann": ["the photo is soft. Another photo."], "bo": [], "cy": []}
    cards = [
        Card(
            key, key.title(), f"photos/{key}.jpg", out.getvalue(), out.getvalue(), said[key],
            [("head", "0.42")], decisions.get(key, ReviewDecision()),
        )
        for key in said
    ]  # fmt: skip
    return write_review(cards, [], [], title="Company", version="1")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with open_chromium() as browser:
        yield browser


def person(page: Any, key: str) -> Any:
    return page.locator(f".person[data-key={key}]")


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_decided_is_saved_and_shown_again(
    chromium: Any, width: int, tmp_path: Path
) -> None:
    file = tmp_path / "review.html"
    file.write_bytes(draw_page({}))
    page = chromium.new_page(viewport={"width": width, "height": 800})
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda ask: wrong.append(ask.url) if ask.url.startswith("http") else None)
    page.goto(file.as_uri())
    person(page, "ann").get_by_role("button", name="Reject").click()
    person(page, "ann").get_by_label("Note").fill("eyes shut <b>")
    page.get_by_role("button", name="Do not fit").click()
    assert [p.get_attribute("data-key") for p in page.locator(".person:visible").all()] == ["ann"]
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_role("button", name="Approve all that fit").click()
    page.keyboard.press("Tab")  # everything is reached without a mouse
    assert page.evaluate("document.activeElement.id") == "save"
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert waiting.value.suggested_filename == "decisions.json"
    saved = Path(waiting.value.path()).read_bytes()
    found = read_decisions(saved)
    assert found == {
        "ann": ReviewDecision("reject", "photos/ann.jpg", "eyes shut <b>"),
        "bo": ReviewDecision("approve", "photos/bo.jpg", ""),
        "cy": ReviewDecision("approve", "photos/cy.jpg", ""),
    }
    assert json.loads(saved)["version"] == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # The next run's page shows what was decided.
    file.write_bytes(draw_page(found))
    page.reload()
    assert page.locator("#tally").inner_text() == "2 approved, 1 rejected, 0 undecided"
    pressed = person(page, "ann").locator("button[aria-pressed=true]").all_inner_texts()
    assert pressed == ["Reject"]
    assert person(page, "ann").get_by_label("Note").input_value() == "eyes shut <b>"
    assert wrong == []
    page.close()
