"""What those who hear the page are told, by Chromium's own accessibility tree; and where Tab goes.

The rules are those of axe-core that concern this page, by the names that it gives them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from page_rules import RULES
from studio_page import DRAWN, SETTLED, bring_photo, open_tab, until

pytestmark = pytest.mark.models
#: Roles that must have a name: button-name, link-name, label, aria-dialog-name, image-alt.
NAMED = {
    "button", "checkbox", "combobox", "dialog", "image", "img", "link", "radio", "radiogroup",
    "slider", "spinbutton", "tab", "tablist", "tabpanel", "toolbar", "progressbar", "textbox",
}  # fmt: skip
#: And those that a hand acts on: what Tab or an arrow leads to must be one of them.
ACTED_ON = {
    "button", "checkbox", "combobox", "group", "link", "option", "radio", "slider", "spinbutton",
    "tab", "textbox", "ColorWell", "DisclosureTriangle",
}  # fmt: skip
_WHERE = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const label = e.closest("label") ?? document.querySelector(`label[for="${e.id}"]`);
  const line = (s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1.5;
  const styles = [style, label && getComputedStyle(label)].filter(Boolean);
  const ringed = styles.some((s) => s.boxShadow !== "none" || line(s));
  return {
    tag: e.tagName.toLowerCase(), id: e.id, html: e.outerHTML.slice(0, 110), ringed,
    inside: box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
    covered: !e.matches(".heard, .heard *") && box.width > 2 && (() => {
      const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      return !(at && (e.contains(at) || at.contains(e) || label?.contains(at)));
    })(),
  };
}"""


def open_studio(browser: Any, url: str, width: int, height: int) -> Any:
    """A page of a size, whose picture and numbers stand."""
    size = {"width": width, "height": height}
    page = browser.new_page(viewport=size, locale="en-GB", reduced_motion="reduce")
    bring_photo(page, url)
    until(page, SETTLED)
    return page


@pytest.fixture(scope="module")
def desk(url: str, browser: Any) -> Any:
    return open_studio(browser, url, 1280, 860)


def read_tree(page: Any) -> list[dict[str, Any]]:
    """What assistive technology is told: nodes that are not ignored."""
    tool = page.context.new_cdp_session(page)
    tool.send("Accessibility.enable")
    nodes = tool.send("Accessibility.getFullAXTree")["nodes"]
    return [node for node in nodes if not node.get("ignored")]


def value(node: dict[str, Any], key: str) -> Any:
    return node.get(key, {}).get("value", "")


def properties(node: dict[str, Any]) -> dict[str, Any]:
    return {row["name"]: row["value"].get("value") for row in node.get("properties", [])}


def find_faults(page: Any) -> list[str]:
    """What is wrong in the tree, rule by rule."""
    nodes, faults = read_tree(page), []
    roles = [value(node, "role") for node in nodes]
    for node, role in zip(nodes, roles, strict=True):
        name, said = value(node, "name").strip(), properties(node)
        if role in NAMED and not name:
            faults.append(f"no name: {role} {node.get('backendDOMNodeId')}")
        if role == "slider" and not value(node, "value") and "valuetext" not in said:
            faults.append(f"no value: {name}")
        if said.get("focusable") and role not in ACTED_ON | {"RootWebArea", "dialog", "tabpanel"}:
            faults.append(f"to be focused, and nothing to act on: {role} {name}")
    for role, least, most in (("main", 1, 1), ("banner", 1, 1), ("alertdialog", 0, 0)):
        if not least <= roles.count(role) <= most:
            faults.append(f"{roles.count(role)} times {role}")
    levels = [properties(n)["level"] for n, r in zip(nodes, roles, strict=True) if r == "heading"]
    if not levels or levels[0] != 1:
        faults.append(f"the first heading is of level {levels[:1]}")
    faults += page.evaluate(RULES)
    faults += [f"heading {b} follows {a}" for a, b in pairwise(levels)
               if b > a + 1]  # fmt: skip
    return faults


def walk_by_tab(page: Any, most: int = 120) -> list[dict[str, Any]]:
    """Press Tab until it leaves the page or comes round; where it led."""
    seen: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        page.evaluate(DRAWN)  # what the focus leaves is drawn away, and where it is comes
        here = page.evaluate(_WHERE)
        if here["tag"] == "body" or (seen and here["html"] == seen[0]["html"]):
            return seen
        seen.append(here)
    raise AssertionError(f"Tab does not end: {seen[-4:]}")


def check_walk(seen: list[dict[str, Any]], *, at_least: int) -> None:
    assert len(seen) >= at_least, [row["html"] for row in seen]
    assert [row["html"] for row in seen if not row["inside"]] == [], "the focus is out of sight"
    assert [row["html"] for row in seen if row["covered"]] == [], "the focus is behind something"
    assert [row["html"] for row in seen if not row["ringed"]] == [], "the focus is not to be seen"


@pytest.mark.parametrize(("path", "least"), [("", 4), ("/check", 3)])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_first_pages_are_named_and_in_reach(
    url: str, browser: Any, path: str, least: int, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    page.goto(url + path)
    until(page, "!!document.querySelector('cl-welcome label, .file-place')")
    assert find_faults(page) == []
    check_walk(walk_by_tab(page), at_least=least)
    page.close()


@pytest.mark.parametrize("device", ["desk", "phone"])
def test_all_is_named_and_in_reach_of_the_keyboard(
    url: str, browser: Any, desk: Any, device: str
) -> None:
    page = desk if device == "desk" else open_studio(browser, url, 360, 740)
    tabs = ["look", "backdrop", "light", "frame", "adjust", "touch"]
    for tab in tabs + ["versions"] * (device == "phone"):
        open_tab(page, tab)
        assert find_faults(page) == [], tab
        page.evaluate("document.activeElement.blur()")
        page.focus(".brand")
        check_walk(walk_by_tab(page), at_least=12)


def test_sheets_keep_the_focus_and_give_it_back(desk: Any) -> None:
    page = desk
    for opener in ("cl-numbers .authenticity", ".bar .save", "cl-numbers .polish"):
        page.focus(opener)
        page.keyboard.press("Enter")
        until(page, "!!document.querySelector('dialog[open]')")
        faults = find_faults(page)
        # What lies behind a sheet is inert: no main, no heading of the first level.
        assert [f for f in faults if "main" not in f and "banner" not in f
                and "the first heading" not in f] == [], opener  # fmt: skip
        for _ in range(25):
            page.keyboard.press("Tab")
            inside = "document.activeElement === document.body || "
            inside += "!!document.activeElement.closest('dialog[open]')"
            assert page.evaluate(inside), "Tab left the sheet"
        page.keyboard.press("Escape")
        assert page.evaluate("!document.querySelector('dialog[open]')")
        assert page.evaluate("(where) => document.activeElement.matches(where)", opener)


def test_the_dial_says_itself_in_words_and_the_numbers_are_announced(desk: Any) -> None:
    page = desk
    open_tab(page, "look")
    (dial,) = [n for n in read_tree(page)
               if value(n, "role") == "slider" and "olish" in value(n, "name")]  # fmt: skip
    assert value(dial, "value") == int(page.get_attribute("cl-dial .face", "aria-valuenow"))
    assert "of 100, " in page.get_attribute("cl-dial .face", "aria-valuetext")
    page.focus("cl-dial .face")
    page.keyboard.press("ArrowRight")
    until(page, "/Authenticity: \\d+ of 100/.test(document.getElementById('said').textContent)")
    for _ in range(50):  # the tree follows the page at its own pace
        told = [value(n, "name") for n in read_tree(page) if value(n, "role") == "StaticText"]
        if any("Authenticity:" in text and "Polish:" in text for text in told):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the numbers are not announced: {told}")


#: A page on which each rule is broken once.
_BROKEN = """<title></title><meta name="viewport" content="user-scalable=no">
<p id="a">outside</p><main><i id="a"></i><b aria-lable="x"></b><b aria-controls="nowhere"></b>
<input tabindex="3" aria-label="i"><li>one</li><ul><p></p></ul><img src="">
<div aria-hidden="true"><button>hidden</button></div><button><a href="#">in</a></button>
<button aria-label="stop">go</button><div style="height:20px;overflow-y:scroll"><p
style="height:90px">long</p></div><div><button style="position:absolute;top:300px;left:9px;
width:9px;height:9px;padding:0"></button><button style="position:absolute;top:300px;left:19px;
width:9px;height:9px;padding:0"></button></div></main>"""


def test_each_rule_finds_its_fault(browser: Any) -> None:
    page = browser.new_page()
    page.set_content(_BROKEN)
    found = {fault.split(":")[0] for fault in page.evaluate(RULES)}
    page.close()
    assert found == {
        "duplicate-id", "html-has-lang", "document-title", "meta-viewport", "aria-valid-attr",
        "aria-valid-attr-value", "tabindex", "listitem", "list", "image-alt", "aria-hidden-focus",
        "nested-interactive", "label-content-name-mismatch", "target-size", "region",
        "scrollable-region-focusable",
    }  # fmt: skip
