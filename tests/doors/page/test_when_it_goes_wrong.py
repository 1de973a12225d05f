"""What the page does where something fails: in words, without losing what was chosen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from page_host import open_chromium
from PIL import Image
from studio_page import DRAWN, PHOTO, QUIET, SETTLED, bring_photo, open_tab, until

pytestmark = pytest.mark.models
STUDIO = "window.catchlight.studio"
TOAST = "document.querySelector('.toast:not([hidden]) p')?.textContent"
#: The mean of what is on the canvas.
MEAN = (
    "async () => { await "
    + DRAWN
    + """;
  await catchlight.stage.brushwork.settled();
  const from = document.querySelector("cl-stage canvas.after");
  const to = document.createElement("canvas");
  [to.width, to.height] = [64, 64];
  to.getContext("2d").drawImage(from, 0, 0, 64, 64);
  const codes = to.getContext("2d").getImageData(0, 0, 64, 64).data;
  return codes.reduce((sum, code) => sum + code, 0) / codes.length;
}"""
)


def brighten(page: Any, before: float) -> None:
    """Move the slider of brightness, and wait until the picture's mean is more than it was."""
    open_tab(page, "adjust")
    page.fill("cl-slider:has(#adjust-brightness) .typed", "60")
    page.keyboard.press("Enter")
    for _ in range(100):  # without a graphics card a frame comes at its own pace
        if (after := page.evaluate(MEAN)) > before + 3:
            break
        page.wait_for_timeout(100)
    assert after > before + 3


@pytest.fixture
def page(url: str) -> Iterator[Any]:
    with open_chromium() as browser:
        yield browser.new_page(viewport={"width": 1280, "height": 860}, locale="en-GB")


def test_a_session_that_ended_is_begun_again_with_all_that_was_chosen(page: Any, url: str) -> None:
    bring_photo(page, url)
    open_tab(page, "adjust")
    page.fill("cl-slider:has(#adjust-warmth) .typed", "40")
    page.keyboard.press("Enter")
    until(page, SETTLED)
    page.evaluate(f"fetch('/api/v1' + {STUDIO}.path, {{ method: 'DELETE' }})")
    open_tab(page, "backdrop")
    page.click(".thumb[data-name=navy]")
    until(page, f"/ended/.test({TOAST} ?? '')")
    page.click(".toast button:has-text('Start it again')")
    until(page, f"{STUDIO}.choice.look.backdrop === 'navy' && {QUIET}")
    assert page.evaluate(f"{STUDIO}.strengths.warmth") == 0.4
    assert page.is_hidden(".toast")


def test_a_service_that_is_gone_or_busy_is_said_and_asked_again(page: Any, url: str) -> None:
    bring_photo(page, url)
    until(page, SETTLED)
    busy = {"status": 429, "headers": {"retry-after": "1"}, "json": {"code": "busy"}}
    asked: list[int] = []

    def once_busy(route: Any) -> None:
        asked.append(1)
        if len(asked) == 1:
            route.fulfill(**busy)
        else:
            route.continue_()

    page.route("**/measure", once_busy)
    page.focus("cl-dial .face")
    page.keyboard.press("ArrowRight")
    until(page, SETTLED)
    assert len(asked) >= 2
    assert page.is_hidden(".toast")
    page.unroute("**/measure")
    page.route("**/plan", lambda route: route.abort())
    open_tab(page, "backdrop")
    page.click(".thumb[data-name=navy]")
    until(page, f"/does not answer/.test({TOAST} ?? '')")
    page.click(".toast button[aria-label=Close]")
    page.unroute("**/plan")
    page.click(".thumb[data-name=charcoal]")
    until(page, f"{STUDIO}.choice.look.backdrop === 'charcoal' && {QUIET}")


def test_two_faces_are_asked_about_and_what_is_no_picture_is_said(
    page: Any, url: str, tmp_path: Path
) -> None:
    two = Image.new("RGB", (1024, 512))
    with Image.open(PHOTO) as one:
        whole = one.convert("RGB").resize((512, 512))
    two.paste(whole, (0, 0))
    two.paste(whole.transpose(Image.Transpose.FLIP_LEFT_RIGHT).rotate(4), (512, 0))
    both, none = tmp_path / "two.jpg", tmp_path / "letter.jpg"
    two.save(both, quality=92)
    none.write_text("Dear photographer")
    page.goto(url)
    until(page, "!!document.querySelector('cl-welcome label')")
    page.set_input_files("#files", str(none))
    until(page, "!document.querySelector('.problem').hidden")
    assert "cannot be read" in page.inner_text(".problem")
    page.set_input_files("#files", str(both))
    until(page, QUIET, 90)
    picker = "cl-photos .face-picker button"
    assert page.locator(picker).count() == 2
    other = page.locator(f"{picker}[aria-pressed=false]")
    name = other.inner_text()
    other.click()
    until(page, f"{QUIET} && {STUDIO}.session.photos[0].face === {name.split()[-1]}", 90)
    assert page.locator(f"{picker}[aria-pressed=true]").inner_text() == name


def test_a_graphics_card_that_was_lost_draws_again(page: Any, url: str) -> None:
    bring_photo(page, url)
    until(page, SETTLED)
    assert page.get_attribute("cl-stage", "data-machine") == "webgl2"
    before = page.evaluate(MEAN)
    page.evaluate(
        """() => {
          const gl = document.querySelector("cl-stage canvas.after").getContext("webgl2");
          window.loss = gl.getExtension("WEBGL_lose_context");
          loss.loseContext();
          setTimeout(() => loss.restoreContext(), 200);
        }"""
    )
    page.wait_for_timeout(1500)
    brighten(page, before)


def test_without_a_graphics_card_the_processor_draws_and_nothing_is_missing(
    page: Any, url: str
) -> None:
    bring_photo(page, f"{url}/?draw=cpu")
    until(page, SETTLED)
    assert page.get_attribute("cl-stage", "data-machine") == "cpu"
    brighten(page, page.evaluate(MEAN))
    page.click("cl-tray button:has-text('Keep this one')")
    until(page, "document.querySelectorAll('cl-tray .version').length === 1")


def test_a_picture_that_comes_after_its_numbers_still_gets_its_detail(page: Any, url: str) -> None:
    bring_photo(page, url)
    until(page, SETTLED)
    page.evaluate(
        """() => {
          const ask = window.fetch;
          window.fetch = async (...asked) => {
            const answer = await ask(...asked);
            const late = asked[0].endsWith("/plan") ? 3000 : 0;
            await new Promise((go) => setTimeout(go, late));
            return answer;
          };
        }"""
    )
    page.evaluate(f"{STUDIO}.choose({{ head: 0.3 }})")
    until(page, f"!{STUDIO}.stale", 20)
    assert page.evaluate(f"{STUDIO}.busy.has('plan')"), "the numbers did not come first"
    until(page, SETTLED)
    assert page.evaluate(f"{STUDIO}.plan.missing") == []
