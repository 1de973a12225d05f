"""What a hand does to the picture itself: the crop, the brush, marks, and looking at it before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from studio_page import DRAWN, QUIET, bring_photo, open_tab, until, watch

pytestmark = pytest.mark.models
LOOK = "catchlight.studio.choice.look"
#: A mole, which stays, and a blemish, which the dial may heal.
MARKS = [
    {"id": "m1", "kind": "mole", "permanent": True, "box": [0.55, 0.40, 0.01, 0.01]},
    {"id": "b1", "kind": "blemish", "permanent": False, "box": [0.42, 0.38, 0.01, 0.01]},
]
#: Where a mark's button lies on the screen; marks are drawn anew, so it is asked in one breath.
PLACE = "(id) => document.querySelector(`.mark[data-id='${id}']`).getBoundingClientRect().toJSON()"
#: The colour that is drawn at a place of the picture, given in shares of it.
COLOUR = (
    "async ([x, y]) => { await "
    + DRAWN
    + """;
  await catchlight.stage.brushwork.settled();
  const from = document.querySelector("cl-stage canvas.after");
  const to = document.createElement("canvas");
  [to.width, to.height] = [from.width, from.height];
  const context = to.getContext("2d");
  context.drawImage(from, 0, 0);
  const at = [Math.round(x * to.width), Math.round(y * to.height)];
  return [...context.getImageData(...at, 1, 1).data].slice(0, 3);
}"""
)


@pytest.fixture(scope="module")
def desk(url: str, browser: Any) -> Iterator[Any]:
    """One page on a desk whose picture stands: tests leave it standing."""
    page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="en-GB")
    wrong = watch(page, url)
    bring_photo(page, url)
    yield page
    assert wrong == []


def drag(page: Any, *places: tuple[float, float]) -> None:
    """Drag over the picture, from place to place, in shares of it."""
    box = page.locator("cl-stage .sheet").bounding_box()

    def move(x: float, y: float, steps: int) -> None:
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=steps)

    move(*places[0], 1)
    page.mouse.down()
    for x, y in places[1:]:
        move(x, y, 8)
    page.mouse.up()


def colour_at(page: Any, x: float, y: float) -> list[int]:
    found: list[int] = page.evaluate(COLOUR, [x, y])
    return found


@pytest.mark.parametrize("device", ["desk", "phone"])
def test_the_crop_is_dragged_nudged_and_given_back(
    url: str, browser: Any, desk: Any, device: str
) -> None:
    page = desk
    if device == "phone":
        page = browser.new_page(viewport={"width": 360, "height": 740}, locale="en-GB")
        bring_photo(page, url)
    open_tab(page, "frame")
    until(page, "!!catchlight.studio.plan.place")
    left, top, width, height = page.evaluate("catchlight.studio.plan.place")
    drag(page, (0.5, 0.5), (0.42, 0.45))
    until(page, f"!!{LOOK}.place")
    place = page.evaluate(f"{LOOK}.place")
    # What is dragged to the left and up lets more of the right and below come in.
    expected = [left + 0.08 * width, top + 0.05 * height, width, height]
    assert place == pytest.approx(expected, abs=0.006)
    until(page, QUIET)
    now = page.evaluate("catchlight.studio.plan.place")
    assert now == pytest.approx(place, abs=0.01), "the service drew another place"
    page.click("cl-frame .arrows button:has-text('Closer')")
    until(page, QUIET)
    closer = page.evaluate("catchlight.studio.plan.place")
    assert closer[2] < 0.96 * now[2]
    page.click("cl-frame button:has-text('Back to')")
    until(page, QUIET + f" && !{LOOK}.place")
    assert page.evaluate("catchlight.studio.plan.place") == pytest.approx(
        [left, top, width, height], abs=1e-3
    )
    if device == "phone":
        page.close()


def test_the_brush_gives_back_and_takes_away_and_the_crop_can_be_dragged_after_it(
    desk: Any,
) -> None:
    page = desk
    open_tab(page, "touch")
    brushes = "cl-touch .row button"
    if page.evaluate(f"{LOOK}.backdrop") == "keep":
        assert page.is_disabled(brushes)
    open_tab(page, "backdrop")
    page.click(".thumb[data-name=white]")
    until(page, QUIET + f" && {LOOK}.backdrop === 'white'")
    open_tab(page, "touch")
    corner, chest = (0.06, 0.10), (0.5, 0.93)
    paper, cloth = colour_at(page, *corner), colour_at(page, *chest)
    assert min(paper) > 225, "no white paper where it should be"
    page.click(f"{brushes}:has-text('This is me')")
    drag(page, (0.03, 0.10), (0.10, 0.10))
    until(page, QUIET + f" && {LOOK}.strokes.length === 1")
    assert max(abs(a - b) for a, b in zip(colour_at(page, *corner), paper, strict=True)) > 15
    page.click(f"{brushes}:has-text('This is not')")
    drag(page, (0.46, 0.93), (0.54, 0.93))
    until(page, QUIET + f" && {LOOK}.strokes.length === 2")
    assert max(abs(a - b) for a, b in zip(colour_at(page, *chest), cloth, strict=True)) > 15
    kinds = page.evaluate(f"{LOOK}.strokes.map((stroke) => stroke.kind)")
    assert kinds == ["keep", "remove"]
    assert page.locator("cl-stage .strokes polyline").count() == 0, "the hand's own line stays"
    page.keyboard.press("Control+z")
    until(page, QUIET + f" && {LOOK}.strokes.length === 1")
    page.click("cl-touch button:has-text('all strokes')")
    until(page, QUIET + f" && {LOOK}.strokes.length === 0")
    assert colour_at(page, *corner) == pytest.approx(paper, abs=2)
    # With the brush still in hand to the crop: it is the crop's turn.
    page.click(f"{brushes}:has-text('This is me')")
    open_tab(page, "frame")
    drag(page, (0.5, 0.5), (0.45, 0.5))
    until(page, f"!!{LOOK}.place")
    assert page.evaluate(f"{LOOK}.strokes.length") == 0
    # And away from it, a drag moves nothing any more.
    until(page, QUIET)
    open_tab(page, "look")
    place = page.evaluate(f"{LOOK}.place")
    drag(page, (0.5, 0.5), (0.3, 0.5))
    assert page.evaluate(f"{LOOK}.place") == place


def test_marks_are_shown_and_one_press_decides_otherwise(url: str, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="en-GB")
    # The astronaut's photo is too small to show marks; where the service finds them is tested
    # there (tests/unit/web/test_web_marks.py).
    page.route("**/marks?*", lambda route: route.fulfill(json=MARKS))
    bring_photo(page, url)
    open_tab(page, "touch")
    page.click("cl-touch button:has-text('Show the marks')")
    until(page, "document.querySelectorAll('.marks .mark').length > 0")
    box = page.locator("cl-stage .sheet").bounding_box()
    for mark in MARKS:
        shown = page.locator(f".marks .mark[data-id='{mark['id']}']")
        healed = not mark["permanent"]
        assert shown.get_attribute("aria-pressed") == str(healed).lower()
        place = page.evaluate(PLACE, mark["id"])
        middle = (place["x"] + place["width"] / 2 - box["x"]) / box["width"]
        assert middle == pytest.approx(mark["box"][0] + 0.005, abs=0.01)
        shown.focus()
        page.keyboard.press("Enter")
        assert shown.get_attribute("aria-pressed") == str(not healed).lower()
        assert page.evaluate(f"{LOOK}.{'keep' if healed else 'heal'}") == [mark["id"]]
        assert page.evaluate("document.activeElement.dataset.id") == mark["id"]
    page.close()


def test_before_is_seen_as_long_as_it_is_pressed_and_at_a_line(desk: Any) -> None:
    page = desk
    peeking = "document.querySelector('cl-stage').hasAttribute('peeking')"
    page.focus("cl-stage .room")
    page.keyboard.down("b")
    assert page.evaluate(peeking)
    page.keyboard.up("b")
    assert not page.evaluate(peeking)
    page.click(".tools [data-mode=split]")
    drag(page, (0.5, 0.5), (0.25, 0.5))
    share = page.evaluate("document.querySelector('cl-stage').style.getPropertyValue('--split')")
    assert float(share) == pytest.approx(0.25, abs=0.03)
    for mode in ("beside", "circle"):
        page.click(f".tools [data-mode={mode}]")
        assert page.get_attribute("cl-stage", "data-compare") == mode
    until(page, "document.querySelectorAll('.small-previews canvas').length === 3")
    page.click(".tools [data-mode=circle]")
    assert page.get_attribute("cl-stage", "data-compare") == "off"
    page.focus("cl-stage .room")
    page.keyboard.press("1")
    assert page.inner_text(".zooms .figure") == "100 %"
    page.keyboard.press("2")
    assert page.inner_text(".zooms .figure") == "200 %"
    page.keyboard.press("0")
    assert page.inner_text(".zooms .figure") == ""


def test_another_photo_of_the_same_size_is_not_drawn_into_the_plain_crop_s_shape(desk: Any) -> None:
    shape = """async () => {
      const { stage, studio } = catchlight;
      stage.provisional.removeAttribute("src");
      stage.provisional.hidden = false;
      stage.view.size = ((size) => () => stage.isProvisional ? [4, 7] : size())(stage.view.size);
      stage.view.fit();
      await stage.bring();
      const box = stage.sheet.getBoundingClientRect();
      return [box.width / box.height, studio.plan.width / studio.plan.height];
    }"""
    drawn, planned = desk.evaluate(shape)
    assert drawn == pytest.approx(planned, abs=0.01)
