"""The whole page before the real service, in a real Chromium: on a desk and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_host import open_chromium
from studio_page import PHOTO, QUIET, SETTLED, bring_photo, open_tab, until, watch

pytestmark = pytest.mark.models
#: What is wrong for those who hear the page or use keys alone, and what does not fit its width.
#: Words that no German sentence has.
ENGLISH = ("the", "of", "is", "are", "and", "with", "from", "your", "it", "to", "this")
LOOK = """() => {
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest("[hidden]");
  const nameOf = (e) => (e.getAttribute("aria-label") || (e.getAttribute("aria-labelledby") ?? "")
    .split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim()
    || [...(e.labels ?? [])].map((l) => l.textContent).join(" ").trim() || e.textContent.trim());
  const faults = [], all = [...document.body.querySelectorAll("*")];
  const controls = "button, a[href], input:not([type=hidden]), select, [role=slider], [role=tab]";
  for (const e of all.filter((e) => e.matches(controls) && shown(e))) {
    if (!nameOf(e)) faults.push("no name: " + e.outerHTML.slice(0, 90));
    if (e.matches("button") && Math.min(e.offsetWidth, e.offsetHeight) < 24)
      faults.push("small: " + nameOf(e));
  }
  const ids = all.map((e) => e.id).filter(Boolean);
  for (const id of new Set(ids))
    if (ids.filter((x) => x === id).length > 1) faults.push("twice: " + id);
  for (const e of all)
    for (const ref of ["aria-labelledby", "aria-describedby", "aria-controls"])
      for (const id of (e.getAttribute(ref) ?? "").split(" ").filter(Boolean))
        if (!document.getElementById(id)) faults.push(`${ref} to nothing: ${id}`);
  for (const e of all.filter((e) => e.matches("[role=radiogroup], [role=tablist]") && shown(e))) {
    const stops = e.querySelectorAll("[tabindex='0'], input").length;
    if (stops < 1) faults.push("no way in by Tab: " + e.className);
  }
  if (!document.documentElement.lang) faults.push("no language");
  if (document.documentElement.scrollWidth > innerWidth) faults.push("wider than the screen");
  const linear = (v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const read = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = read(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
      if (c[3] > 0) return null;
    }
    return [255, 255, 255];
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement, words = walk.currentNode.data.trim();
    if (!words || !shown(e) || e.closest(".heard, :disabled, option, svg, cl-numbers[stale]"))
      continue;
    const under = ground(e);
    if (!under) continue;
    const [a, b] = [light(read(getComputedStyle(e).color)), light(under)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faults.push(`faint ${ratio.toFixed(1)}: ${words.slice(0, 30)}`);
  }
  return faults;
}"""


def test_a_photo_becomes_a_headshot_by_keys_alone(url: str, tmp_path: Path) -> None:
    with open_chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="en-GB")
        wrong = watch(page, url)
        page.goto(url)
        until(page, "!!document.querySelector('cl-welcome label')")
        assert page.evaluate(LOOK) == []
        page.set_input_files("#files", str(PHOTO))
        until(page, QUIET)
        # The dial: by keys, in words, and back.
        page.focus("cl-dial .face")
        before = page.get_attribute("cl-dial .face", "aria-valuenow")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("PageUp")
        now = page.get_attribute("cl-dial .face", "aria-valuenow")
        assert now == str(int(before) + 11)
        assert "of 100" in page.get_attribute("cl-dial .face", "aria-valuetext")
        page.keyboard.press("Control+z")
        page.keyboard.press("Control+z")
        assert page.get_attribute("cl-dial .face", "aria-valuenow") == before
        # A tab by arrows, a slider by keys; reset gives it back to the dial.
        page.focus("#tab-look")
        for _ in range(4):
            page.keyboard.press("ArrowRight")
        assert page.is_visible("#adjust-brightness")
        page.focus("#adjust-brightness")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("catchlight.studio.strengths.brightness") == 0.01
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("document.activeElement.title").startswith("Brightness")
        page.keyboard.press("Enter")
        assert page.evaluate("catchlight.studio.strengths.brightness") == 0
        until(page, QUIET)
        assert page.evaluate(LOOK) == []
        # A reload loses nothing.
        page.evaluate("catchlight.studio.keepNow()")
        page.reload()
        until(page, QUIET)
        assert page.evaluate("catchlight.studio.history.past.length") >= 2
        # Save, in the format of choice.
        page.keyboard.press("Control+s")
        page.check("#format-PNG", force=True)
        with page.expect_download(timeout=60_000) as saved:
            page.keyboard.press("Tab")
            page.focus(".sheet-dialog.save .button.primary")
            page.keyboard.press("Enter")
        target = tmp_path / "saved.png"
        saved.value.save_as(target)
        assert target.read_bytes().startswith(b"\x89PNG")
        assert wrong == []


def test_a_phone_dark_and_light_in_german_and_all_is_forgotten(url: str) -> None:
    with open_chromium() as browser:
        phone = {"viewport": {"width": 360, "height": 740}, "locale": "de-DE"}
        page = browser.new_page(color_scheme="dark", **phone)
        wrong = watch(page, url)
        page.goto(url)
        until(page, "!!document.querySelector('cl-welcome label')")
        assert page.evaluate("document.documentElement.lang") == "de"
        page.set_input_files("#files", str(PHOTO))
        until(page, QUIET)
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.wait_for_timeout(500)
            tabs = ("look", "backdrop", "light", "frame", "adjust", "touch", "versions")
            for tab in tabs if scheme == "dark" else ("look", "adjust", "versions"):
                page.evaluate(f"document.getElementById('tab-{tab}').click()")
                # Colours of the other scheme fade in, for longer where the machine is busy.
                for _ in range(50):
                    page.wait_for_timeout(100)
                    if not (found := page.evaluate(LOOK)):
                        break
                assert found == [], (scheme, tab)
        session = page.evaluate("catchlight.studio.session.id")
        page.click(".menu-root > button")
        page.click(".menu .danger")
        page.click(".sheet-dialog.small .danger")
        until(page, "!document.getElementById('start').hidden")
        assert page.evaluate("catchlight.studio.session") is None
        until(
            page, f"fetch('/api/v1/sessions/{session}').then((a) => [404, 410].includes(a.status))"
        )
        assert [w for w in wrong if "404" not in w and "410" not in w] == []


def test_a_photo_without_a_face_is_refused_in_words(url: str, tmp_path: Path) -> None:
    from PIL import Image

    empty = tmp_path / "wall.jpg"
    Image.new("RGB", (600, 600), (120, 130, 140)).save(empty)
    with open_chromium() as browser:
        page = browser.new_page(locale="en-GB")
        page.goto(url)
        until(page, "!!document.querySelector('cl-welcome label')")
        page.set_input_files("#files", str(empty))
        until(page, "!document.querySelector('.problem').hidden")
        assert "No face" in page.inner_text(".problem")
        assert page.is_visible("cl-welcome")


def test_the_german_page_is_german_to_its_last_sentence(url: str) -> None:
    with open_chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="de-DE")
        wrong = watch(page, url)
        bring_photo(page, url)
        until(page, SETTLED)

        def check(words: str) -> None:
            """Nothing that is shown is marked as English, or is English and not marked."""
            shown = page.evaluate(
                "[...document.querySelectorAll('[lang=en]')].map((e) => e.textContent)"
            )
            assert [text for text in shown if text and text != "English"] == []
            text = " " + page.inner_text("body").lower() + " "
            told = [word for word in ENGLISH if f" {word} " in text]
            assert told == [], f"{words}: {told}"

        page.evaluate("document.querySelectorAll('details').forEach((e) => (e.open = true))")
        for tab in ("look", "backdrop", "light", "frame", "adjust", "touch"):
            open_tab(page, tab)
            check(tab)
        until(page, "document.querySelectorAll('cl-clothes li').length > 0")
        page.evaluate("document.querySelector('cl-clothes details').open = true")
        check("clothes")
        # A backdrop that is chosen for this photo says why, and outlines are judged before paper.
        open_tab(page, "backdrop")
        page.click(".thumb[data-name=auto]")
        until(page, QUIET)
        check("why this backdrop")
        page.click(".thumb[data-name=navy]")
        until(page, QUIET)
        for kind in ("authenticity", "polish"):
            page.click(f"cl-numbers .{kind}")
            assert page.locator(".sheet-dialog[open] .component").count() > 8
            check(kind)
            page.keyboard.press("Escape")
        page.click("cl-tray button:has-text('Diese behalten')")
        page.click("cl-tray button:has-text('Diese behalten')")
        until(page, "document.querySelectorAll('cl-tray .version').length === 2")
        page.click("cl-tray button:has-text('Vergleichen')")
        until(page, "/gleichen/.test(document.querySelector('.wide .reason').textContent)")
        check("comparison")
        assert wrong == []
