"""Every page in a real headless Chromium: no errors, no requests, no overflow, enough contrast."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
import staged
from browser import Answer, Ask, ask_pages, find_chromium, run_chromium

from catchlight.analysis.scene import Scene
from catchlight.analysis.subject import Subject
from catchlight.images import Picture
from catchlight.report.check_page import write_check_page
from catchlight.report.explore_page import write_explore_page
from catchlight.report.page import write_page
from catchlight.report.record import record_shot

pytestmark = pytest.mark.models
PAGES = ("report", "plain", "check", "explore")
LONG = "a_very_long_name_without_any_space_or_hyphen_that_no_phone_could_show_on_one_line"

#: Width of what the page needs, pictures that failed or lack words, and all text whose contrast
#: with the ground behind it is below 4.5 (WCAG 2.2, 1.4.3), by the colours really in use.
MEASURE = """
  for (const fold of d.querySelectorAll("details")) fold.open = true;
  const toggle = d.getElementById("marks-shown"); if (toggle) toggle.click();
  const images = [...d.images];
  const linear = v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const read = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
  function ground(element) {
    for (let e = element; e; e = e.parentElement) {
      const colour = read(w.getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
      if (colour[3] > 0) throw new Error("half transparent ground");
    }
    throw new Error("no ground");
  }
  const faint = []; let texts = 0;
  const walk = d.createTreeWalker(d.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement, words = walk.currentNode.data.trim();
    // Names of marks lie on the photo, with a dark edge; numbers of points on their own points.
    if (!words || e.closest("script, style, title, .overlay, .scatter a, option")) continue;
    const style = w.getComputedStyle(e);
    const ink = read(e.closest("svg") ? style.fill : style.color);
    const [a, b] = [light(ink), light(ground(e))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    texts += 1;
    if (ratio < 4.5) faint.push([words.slice(0, 40), ratio, style.color]);
  }
  return {
    shown: w.innerWidth, needed: d.documentElement.scrollWidth, texts, faint,
    wide: [...d.body.querySelectorAll("*")].filter(e => !e.closest("svg")
      && e.getBoundingClientRect().right > w.innerWidth + .5).map(e => e.outerHTML.slice(0, 80)),
    thin: [...d.querySelectorAll("dt, dd, th, td, p")].filter(e => e.textContent.length > 30
      && e.checkVisibility() && e.getBoundingClientRect().width < 70).map(e => e.textContent),
    images: images.length, dull: images.filter(i => !i.alt || !i.naturalWidth).length,
    dark: w.matchMedia("(prefers-color-scheme: dark)").matches,
    paper: w.getComputedStyle(d.body).backgroundColor,
    links: [...d.querySelectorAll("a[href]")].filter(
      a => !d.getElementById(a.getAttribute("href").slice(1))).length,
  };
"""


@pytest.fixture(scope="module")
def pages(astronaut: Picture, astronaut_subject: Subject, astronaut_scene: Scene) -> dict[str, str]:
    find_chromium()
    made = staged.shot(astronaut, astronaut_subject, astronaut_scene)
    record = record_shot(made, name=f"photos/{LONG}.jpg", output=Path(f"out/{LONG}.headshot.jpg"))
    record["marks"] = staged.marks(made, 20)
    record["restored"] = {"steps": ["enlarged 2.1 times by super-resolution"], "share": 0.5}
    after = made.rendered.pixels
    overall = staged.authenticity()
    against = [(f"{LONG}.jpg", astronaut_scene.pixels), ("a.jpg", after[:300])]
    return {
        "report": write_page(made, record, version="1.2.3", evidence=staged.evidence()),
        "plain": write_page(made, record, version="1.2.3"),
        "check": write_check_page(
            staged.check(f"{LONG}.jpg", after, against, overall), version="1.2.3"
        ),
        "explore": write_explore_page(
            staged.variants(after, 6),
            winner=4,
            why="Nearest of those above the floor.",
            version="1.2.3",
            name=f"{LONG}.jpg",
            command=f"catchlight explore {LONG}.jpg --for linkedin",
        ),
    }


#: A page that has every fault.
FAULTY = """<!doctype html><html><head></head><body style="background:#fff">
<p style="color:#999;width:500px">faint and wide</p><a href="#none">nowhere</a>
<img src="http://elsewhere.invalid/a.png"><script>null.broken()</script></body></html>"""
SWIPE = """
  const cut = d.getElementById("cut"), before = d.querySelector(".before");
  const seen = () => w.getComputedStyle(before).clipPath;
  const box = d.getElementById("marks-shown"), over = d.querySelector(".swipe .overlay");
  const shown = () => w.getComputedStyle(over).display;
  const middle = e => { const b = e.getBoundingClientRect(); return b.x + b.width / 2; };
  cut.focus();
  const focused = d.activeElement === cut, first = seen(), hidden = shown();
  cut.stepUp(30); cut.dispatchEvent(new w.Event("input"));
  box.click();
  const frame = d.querySelector(".swipe").getBoundingClientRect();
  return { focused, first, then: seen(), said: cut.getAttribute("aria-valuetext"),
           reach: cut.getBoundingClientRect().height, hidden, shown: shown(),
           rings: over.querySelectorAll("circle").length,
           x: (middle(over.querySelector("circle")) - frame.x) / frame.width };
"""
VARIANTS = """
  const order = d.getElementById("order"), front = d.getElementById("front-only");
  const seen = () => [...d.querySelectorAll(".variant")].filter(c => !c.hidden)
    .map(c => +c.dataset.number);
  const sorted = {};
  for (const key of ["polish", "likeness", "number"]) {
    order.value = key; order.dispatchEvent(new w.Event("change")); sorted[key] = seen();
  }
  front.click();
  const right = d.getElementById("right");
  right.value = "3"; right.dispatchEvent(new w.Event("change"));
  return { ...sorted, front: seen(), count: d.getElementById("count").textContent,
           alts: [...d.querySelectorAll(".pair img")].map(i => i.alt) };
"""
#: What lies where, whether on paper or without scripts.
LAYOUT = """
  const box = e => e.getBoundingClientRect();
  const shown = e => e.checkVisibility({ contentVisibilityAuto: true });
  return {
    pair: [...d.querySelectorAll(".swipe img")].map(
      e => [box(e).x, box(e).width, w.getComputedStyle(e).clipPath]),
    controls: [...d.querySelectorAll("input[type=range], .controls, .compare")]
      .filter(shown).length,
    boxes: [...d.querySelectorAll("input[type=checkbox]")].filter(shown).length,
    folded: [...d.querySelectorAll("details > :not(summary)")].filter(e => !shown(e)).length,
    needed: d.documentElement.scrollWidth,
    cards: [...d.querySelectorAll(".variant")].filter(shown).length,
  };
"""


def as_if_printed(page: str) -> str:
    """Put the page's rules for paper in force on the screen."""
    assert page.count("@media print") == 1
    return page.replace("@media print", "@media all")


@pytest.fixture(scope="module")
def light(pages: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    image = '<img alt="x" src="http://elsewhere.invalid/a.png"></main>'
    asks = {name: Ask(pages[name], MEASURE) for name in PAGES}
    asks |= {f"{name} on paper": Ask(as_if_printed(pages[name]), LAYOUT, 700) for name in PAGES}
    asks |= {
        f"{name} without scripts": Ask(pages[name], LAYOUT, 700, scripts=False) for name in PAGES
    }
    asks |= {
        "faulty": Ask(FAULTY, MEASURE),
        "policy": Ask(pages["check"].replace("</main>", image), "return 1;"),
        "swipe": Ask(pages["report"], SWIPE),
        "variants": Ask(pages["explore"], VARIANTS, 900),
    }
    return ask_pages(asks, tmp_path_factory.mktemp("light"))


@pytest.fixture(scope="module")
def dark(pages: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    asks = {name: Ask(pages[name], MEASURE) for name in PAGES}
    return ask_pages(asks, tmp_path_factory.mktemp("dark"), dark=True)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_on_a_phone(name: str, mode: str, request: pytest.FixtureRequest) -> None:
    answer: Answer = request.getfixturevalue(mode)[name]
    told = answer.told
    assert "failed" not in told, told
    assert answer.wrong == []
    assert answer.asked == []
    assert told["shown"] == 360
    assert told["wide"] == []
    assert told["thin"] == []
    assert told["needed"] <= 360
    assert told["images"] >= 2
    assert told["dull"] == 0
    assert told["texts"] > 30
    assert told["faint"] == []
    assert told["links"] == 0
    assert told["dark"] is (mode == "dark")
    assert told["paper"] == ("rgb(21, 20, 18)" if mode == "dark" else "rgb(250, 249, 246)")


def test_the_probes_see_what_is_wrong(light: dict[str, Answer]) -> None:
    """The same measuring finds each fault in a page that has them all."""
    answer = light["faulty"]
    assert any("broken" in said for said in answer.wrong)
    assert answer.asked == ["http://elsewhere.invalid/a.png"]
    assert answer.told["needed"] > 360
    assert answer.told["wide"]
    assert answer.told["dull"] == answer.told["links"] == 1
    assert [words for words, *_ in answer.told["faint"]] == ["faint and wide"]


def test_the_policy_of_the_pages_blocks_requests(light: dict[str, Answer]) -> None:
    assert any("elsewhere.invalid" in said for said in light["policy"].wrong)


def test_the_swipe_obeys_the_keyboard(light: dict[str, Answer]) -> None:
    told = light["swipe"].told
    assert told["focused"]
    assert told["first"] != told["then"]
    assert told["said"] == "80 percent before, from the left"
    assert told["reach"] >= 24  # WCAG 2.2, 2.5.8: target size


def test_marks_are_shown_when_asked_for(light: dict[str, Answer]) -> None:
    told = light["swipe"].told
    assert (told["hidden"], told["shown"]) == ("none", "block")
    assert told["rings"] == 20
    assert 0.3 < told["x"] < 0.7  # on the nose, in the middle of a headshot


def test_variants_can_be_sorted_filtered_and_compared(light: dict[str, Answer]) -> None:
    told = light["variants"].told
    by = {v.number: v for v in staged.variants(np.zeros((2, 2, 3), np.float32))}
    assert told["number"] == [1, 2, 3, 4, 5, 6]
    assert told["polish"] == sorted(by, key=lambda n: -(by[n].polish or 0))
    assert told["likeness"] == sorted(by, key=lambda n: by[n].likeness or 9)
    assert told["front"] == [n for n, v in by.items() if v.on_front]
    assert told["count"] == "4 of 6 shown"
    assert [alt.split(",")[0] for alt in told["alts"]] == ["Variant 4", "Variant 3"]


@pytest.mark.parametrize("way", ["on paper", "without scripts"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_without_its_controls(light: dict[str, Answer], name: str, way: str) -> None:
    """Both pictures are whole, side by side; what could do nothing is not shown."""
    told = light[f"{name} {way}"].told
    assert "failed" not in told, told
    assert len(told["pair"]) == (2 if name in ("report", "plain") else 0)
    if told["pair"]:
        (after_x, after_w, _), (before_x, before_w, clip) = told["pair"]
        assert before_x + before_w < after_x
        assert before_w == pytest.approx(after_w, abs=1)
        assert clip == "none"
    assert told["controls"] == 0
    assert told["needed"] <= 700
    assert told["cards"] == (6 if name == "explore" else 0)
    if way == "on paper":
        assert told["boxes"] == told["folded"] == 0
    else:  # the marks are shown by style alone
        assert told["boxes"] == (1 if name in ("report", "plain") else 0)


def test_the_report_prints(pages: dict[str, str], tmp_path: Path) -> None:
    page, paper = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text(pages["report"], encoding="utf-8")
    run_chromium([f"--print-to-pdf={paper}", page.as_uri()])
    assert paper.read_bytes().startswith(b"%PDF-")


def read_palette() -> dict[str, dict[str, str]]:
    style = files("catchlight.report").joinpath("static", "style.css").read_text(encoding="utf-8")
    light, dark, paper = re.findall(r":root \{(.*?)\}", style, re.S)[:3]

    def read(text: str) -> dict[str, str]:
        return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{3,6})", text))

    return {"light": read(light), "dark": read(dark), "print": read(paper)}


@pytest.mark.parametrize("mode", ["light", "dark", "print"])
def test_the_palette_has_contrast(mode: str) -> None:
    palette = read_palette()[mode]

    def luminance(name: str) -> float:
        code = palette[name].lstrip("#")
        code = "".join(c * 2 for c in code) if len(code) == 3 else code
        v = np.array([int(code[i : i + 2], 16) for i in (0, 2, 4)]) / 255
        linear = np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    def contrast(a: str, b: str) -> float:
        high, low = max(luminance(a), luminance(b)), min(luminance(a), luminance(b))
        return (high + 0.05) / (low + 0.05)

    for ink in ("ink", "soft", "accent", "pass", "warn", "fail", "unsure"):
        for ground in ("paper", "card"):
            assert contrast(ink, ground) >= 4.5, (ink, ground)
    assert contrast("ink", "sunk") >= 4.5
    assert contrast("accent", "track") >= 3  # WCAG 2.2, 1.4.11: of graphics
