"""The ways into the studio and through it that other tests do not take."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from studio_page import PHOTO, QUIET, SETTLED, bring_photo, open_tab, until, watch

pytestmark = pytest.mark.models
STUDIO = "window.catchlight?.studio"
#: Photos that come by drop or paste, as the browser would hand them over.
HAND_OVER = """([kind, text]) => {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], "me.jpg", { type: "image/jpeg" }));
  const how = { bubbles: true, cancelable: true };
  dispatchEvent(kind === "drop"
    ? new DragEvent("drop", { ...how, dataTransfer: files })
    : new ClipboardEvent("paste", { ...how, clipboardData: files }));
}"""


@pytest.fixture(scope="module")
def page(url: str, browser: Any) -> Iterator[Any]:
    """One page whose picture stands; each test leaves it standing."""
    page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="en-GB")
    wrong = watch(page, url)
    bring_photo(page, url)
    until(page, SETTLED)
    yield page
    assert wrong == []


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_a_photo_comes_by_drop_and_by_paste_and_a_plain_crop_at_once(
    url: str, browser: Any, kind: str
) -> None:
    page = browser.new_page(locale="en-GB")
    wrong = watch(page, url)
    page.goto(url)
    # As soon as there is a page, whether or not it has read yet what can be chosen.
    until(page, "!!document.querySelector('cl-welcome label')")
    page.evaluate(HAND_OVER, [kind, base64.b64encode(PHOTO.read_bytes()).decode()])
    # The plain crop is shown, and marked as such, before the picture stands.
    until(
        page,
        f"!!{STUDIO}?.plan || (!document.querySelector('cl-stage .badge').hidden && "
        "document.querySelector('cl-stage .provisional').naturalWidth > 100)",
    )
    assert page.evaluate(f"!{STUDIO}?.plan"), "the plain crop came too late to be of use"
    assert page.inner_text("cl-stage .badge") == "Preview"
    # What moves all the time is drawn all the time: without a graphics card by one of the two
    # processors that make the picture, which then took twice as long.
    endless = "document.getAnimations().filter((a) => a.effect.getTiming().iterations === Infinity)"
    assert page.evaluate(f"{endless}.map((a) => a.animationName)") == []
    until(page, QUIET)
    assert page.is_hidden("cl-stage .badge")
    assert wrong == []
    page.close()


def test_variants_are_shown_named_and_taken(page: Any) -> None:
    before = page.evaluate(f"{STUDIO}.versions.length")
    page.click("cl-tray button:has-text('Show me variants')")
    until(page, f"{STUDIO}.versions.length >= {before} + 4", 120)
    until(page, "!document.querySelector('cl-tray button:nth-of-type(2)').disabled", 60)
    names = page.locator("cl-tray .version-name").all_inner_texts()
    assert len(set(names)) == len(names), "two variants have one name"
    assert page.inner_text("cl-tray > .soft")
    page.locator("cl-tray .version").last.click()
    until(page, QUIET)
    taken = page.evaluate(f"{STUDIO}.choice.look")
    assert taken == page.evaluate(f"{STUDIO}.versions.at(-1).choice.look")
    page.keyboard.press("Control+z")
    until(page, QUIET)
    assert page.evaluate(f"{STUDIO}.choice") != page.evaluate(f"{STUDIO}.versions.at(-1).choice")


#: Where each of the two large pictures lies in its room: across, down, and how wide.
PANES = """[...document.querySelectorAll("dialog[open] .pane")].map((pane) => {
  const boxOf = (name) => pane.querySelector(name).getBoundingClientRect();
  const [room, sheet] = [boxOf(".room"), boxOf(".sheet")];
  return [sheet.left - room.left, sheet.top - room.top, sheet.width].map(Math.round);
})"""


def test_two_versions_are_looked_at_large_and_in_step(page: Any) -> None:
    """After the test above, whose variants they are."""
    page.click("cl-tray button:has-text('Compare')")
    sheet = "document.querySelector('dialog[open]')"
    until(page, f"!/Measuring/.test({sheet}?.querySelector('.reason').textContent)", 90)
    said = page.inner_text("dialog[open] .reason")
    (winner,) = page.locator(
        "dialog[open] figure:has(.flag:not([hidden])) strong"
    ).all_inner_texts()
    assert f"“{winner}”" in said
    stars = page.evaluate(f"{STUDIO}.versions.filter((v) => v.rank === 1).map((v) => v.name)")
    assert stars == [winner]
    until(page, f"[...{sheet}.querySelectorAll('.pane img')].every((e) => e.naturalWidth > 500)")
    left, right = page.evaluate(PANES)
    assert left == right
    page.click("dialog[open] button:has-text('Larger')")
    left, right = page.evaluate(PANES)
    room = page.locator("dialog[open] .pane .room").first.bounding_box()
    assert left == right
    assert left[0] + left[2] / 2 == pytest.approx(room["width"] / 2, abs=2), "it left its middle"
    x, y = room["x"] + room["width"] / 2, room["y"] + room["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 30, steps=4)
    page.mouse.up()
    moved, other = page.evaluate(PANES)
    assert moved == other
    assert moved[1] - left[1] == pytest.approx(30, abs=3)
    shown = "dialog[open] .pane-name"
    before = page.locator(shown).all_inner_texts()
    page.locator("dialog[open] .comparison [aria-pressed=false]").first.click()
    after = page.locator(shown).all_inner_texts()
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
    assert page.locator("dialog[open] [aria-pressed=true]").count() == 2
    page.keyboard.press("Escape")


def test_the_picture_is_enlarged_about_its_middle_and_why_polish_moved_is_said(page: Any) -> None:
    middle = """(() => {
      const middleOf = (e) => {
        const { left, top, width, height } = e.getBoundingClientRect();
        return [left + width / 2, top + height / 2];
      };
      const [room, sheet] = [catchlight.stage.room, catchlight.stage.sheet].map(middleOf);
      return [sheet[0] - room[0], sheet[1] - room[1]];
    })()"""
    page.focus("cl-stage .room")
    page.keyboard.press("1")
    assert page.evaluate(middle) == pytest.approx([0, 0], abs=1)
    page.keyboard.press("0")
    until(page, SETTLED)
    polish = f"{STUDIO}.numbers.polish.score"
    before = page.evaluate(polish)
    page.evaluate(f"{STUDIO}.choose({{ head: 0.25 }})")
    until(page, SETTLED)
    after, said = page.evaluate(f"[{polish}, document.querySelector('.moved').innerText]")
    assert after < before - 4, "a head so small is no headshot"
    told = re.match(r"Polish (\d+) → (\d+): ", said)
    assert told, said
    assert [float(n) for n in told.groups()] == pytest.approx([before, after], abs=0.51)
    assert "Composition" in said
    page.keyboard.press("Control+z")
    until(page, SETTLED)
    assert page.evaluate(polish) == pytest.approx(before, abs=0.05)
    # A turn of the dial is seen rather than counted: where Polish stays, that is said.
    page.evaluate(f"{STUDIO}.setPolish(1)")
    until(page, SETTLED)
    moved = abs(page.evaluate(polish) - before)
    said = page.inner_text("cl-numbers .moved")
    assert said.startswith("The dial hardly moves Polish" if moved < 1.5 else "Polish "), said
    page.keyboard.press("Control+z")
    until(page, SETTLED)


def test_a_component_shows_where_and_edits_say_what_they_cost(page: Any) -> None:
    page.click("cl-numbers .authenticity")
    sheet = ".sheet-dialog[open]"
    page.locator(f"{sheet} .evidence button").first.click()
    until(page, f"document.querySelector('{sheet} .evidence img')?.naturalWidth > 100")
    page.click(f"{sheet} button:has-text('costs')")
    until(page, f"document.querySelectorAll('{sheet} .costs tbody tr').length > 2", 90)
    cells = page.locator(f"{sheet} .costs tbody td").all_inner_texts()
    assert all(text[0] in "+−±–" for text in cells), cells
    page.keyboard.press("Escape")


def test_a_setting_says_why_and_changes_the_dial(page: Any) -> None:
    open_tab(page, "look")
    seen = {}
    for name in ("creative", "speaker", "linkedin"):
        page.click(f".chip[data-name={name}]")
        until(page, f"{STUDIO}.choice.setting === '{name}' && {QUIET}")
        seen[name] = page.inner_text("#panel-look .reason"), page.evaluate(f"{STUDIO}.choice.home")
    assert len({why for why, _ in seen.values()}) == 3
    assert len({home for _, home in seen.values()}) > 1


def test_backdrops_are_shown_on_this_person_and_one_may_bring_ones_own(
    page: Any, tmp_path: Any
) -> None:
    open_tab(page, "backdrop")
    images = "[...document.querySelectorAll('#panel-backdrop .thumb img')]"
    until(page, f"{images}.length > 8 && {images}.every((i) => i.naturalWidth > 60)", 90)
    shown = page.evaluate(f"new Set({images}.map((i) => i.src)).size")
    assert shown > 8
    page.fill("#panel-backdrop input[type=color]", "#204060")
    until(page, f"{STUDIO}.choice.look.backdrop === '#204060' && {QUIET}")
    corner = page.evaluate(
        """async () => {
          await catchlight.stage.brushwork.settled();
          const from = document.querySelector("cl-stage canvas.after");
          const to = document.createElement("canvas");
          [to.width, to.height] = [from.width, from.height];
          to.getContext("2d").drawImage(from, 0, 0);
          return [...to.getContext("2d").getImageData(12, 12, 1, 1).data];
        }"""
    )
    assert corner[2] > corner[1] > corner[0], corner
    own = tmp_path / "wall.png"
    Image.new("RGB", (900, 700), (200, 120, 40)).save(own)
    page.set_input_files("#panel-backdrop input[type=file]", str(own))
    until(page, f"{STUDIO}.choice.look.backdrop === 'own-1.png' && {QUIET}")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    until(page, QUIET)


def test_a_slider_is_typed_and_given_back_by_a_double_click(page: Any) -> None:
    open_tab(page, "adjust")
    row = "cl-slider:has(#adjust-warmth)"
    page.fill(f"{row} .typed", "35")
    page.keyboard.press("Enter")
    assert page.evaluate(f"{STUDIO}.strengths.warmth") == 0.35
    until(page, QUIET)
    page.dblclick(f"{row} input[type=range]")
    assert page.evaluate(f"{STUDIO}.strengths.warmth ?? 0") == 0
    until(page, QUIET)


def test_the_level_and_the_shape_of_the_crop(page: Any) -> None:
    open_tab(page, "frame")
    page.click(".chip.crop[data-name=square]")
    until(page, f"{STUDIO}.plan.width === {STUDIO}.plan.height && {QUIET}")
    page.focus("#frame-level")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    until(page, f"{STUDIO}.choice.look.turn === 0.5 && {QUIET}")
    assert page.inner_text("#panel-frame .plain-slider:has(#frame-level) output") == "0.5°"
    page.click("cl-frame button:has-text('Back to')")
    until(page, QUIET)


def test_written_from_right_to_left_and_in_forced_colours_nothing_is_lost(page: Any) -> None:
    from test_page_of_studio import LOOK

    try:
        page.evaluate("document.documentElement.dir = 'rtl'")
        for tab in ("look", "adjust", "frame"):
            open_tab(page, tab)
            assert [f for f in page.evaluate(LOOK) if not f.startswith("faint")] == [], tab
        # The dial goes with the eye: its end is on the left, and so is the arrow that raises it.
        open_tab(page, "look")
        polish = page.evaluate(f"{STUDIO}.choice.polish")
        page.focus("cl-dial .face")
        page.keyboard.press("ArrowLeft")
        assert page.evaluate(f"{STUDIO}.choice.polish") == pytest.approx(polish + 0.01)
        page.keyboard.press("Control+z")
    finally:
        page.evaluate("document.documentElement.dir = 'ltr'")
    page.emulate_media(forced_colors="active")
    edges = page.evaluate(
        """[".chip[aria-checked=true]", "cl-dial .face", ".save"].map((where) => {
          const style = getComputedStyle(document.querySelector(where));
          return style.color !== style.backgroundColor;
        })"""
    )
    assert all(edges)
    track, run = (
        page.evaluate(f"getComputedStyle(document.querySelector('cl-dial .{name}')).stroke")
        for name in ("track", "run")
    )
    assert track != run, "the dial's place is not to be told in forced colours"
    page.emulate_media(forced_colors="none")
    until(page, QUIET)


def test_the_check_page_writes_a_letter(url: str, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740}, locale="de-DE")
    wrong = watch(page, url)
    page.goto(f"{url}/check")
    until(page, "!!document.querySelector('.file-place')")
    page.set_input_files("#check-headshot", str(PHOTO))
    page.set_input_files("#check-photos", [str(PHOTO)])
    page.click(".button.primary")
    until(page, "!document.querySelector('.letter').hidden", 60)
    assert page.inner_text(".letter h2") == "Ja, es ist noch derselbe Mensch."
    assert page.locator(".letter [lang=en]").count() == 0
    assert page.evaluate("document.activeElement.matches('.letter')")
    with page.expect_download() as kept:
        page.click(".letter a.button")
    assert kept.value.suggested_filename == "check.html"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert wrong == []
