"""The page's arithmetic in a real Chromium, and what can be told of its files without one."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from page_host import PAGE, POLICY, host_page, open_chromium, run_module

from catchlight.adjustments.catalogue import CATALOGUE as ADJUSTMENTS
from catchlight.advice.words import WORDS
from catchlight.analysis.wardrobe.palette import PALETTE
from catchlight.likeness.catalogue import CATALOGUE as LIKENESS
from catchlight.likeness.catalogue import IDENTITY
from catchlight.polish.catalogue import CATALOGUE as POLISH
from catchlight.setting import list_settings, load_setting

SCRIPTS = sorted(PAGE.rglob("*.js"))
MODULES = """
  const { toHalf, fromHalves, joinPlanes, undoLeft } = await import("/page/draw/plan_file.js");
  const { Line } = await import("/page/draw/line.js");
  const { follow, heldBack, strengthsAt } = await import("/page/state/strengths.js");
  const { History } = await import("/page/state/history.js");
  const { placeLayer } = await import("/page/draw/geometry.js");
  const { cubic } = await import("/page/draw/fields.js");
  const { exp2 } = await import("/page/draw/cpu.js");
  const line = new Line();
  const steps = [{ a: 0.5 }, { a: 0.7 }, { a: 0.7, b: 0.2 }, { a: 0.7, b: 0.9 }, {}];
  const moves = steps.map((step) => ({ ...line.move(step), now: { ...line.now } }));
  const undo = new History({ n: 0 });
  for (const n of [1, 2, 2, 3]) undo.add({ n });
  const back = [undo.undo().n, undo.undo().n, undo.redo().n, undo.past.length];
  undo.add({ n: 9 });
  const weights = [new Float64Array(4), new Float64Array(4)];
  cubic(0.3, weights[0]);
  cubic(0, weights[1]);
  return {
    halves: [...Uint16Array.from(given, toHalf)], back: [...fromHalves(Uint16Array.from(given, toHalf))],
    joined: [...joinPlanes(Uint8Array.of(1, 2, 3, 0, 1, 255))],
    left: [...undoLeft(Uint8Array.of(250, 10, 1, 5, 1, 1), 2, 3, 1)],
    moves, history: [...back, undo.future.length],
    curve: [follow([0, 0.5, 0.6], 0.25), follow([0, 0.5, 0.6], 1)],
    held: heldBack({ a: [0, 1], b: [1, 1] }, { a: 0.25, b: 1 }, 0.5),
    strengths: strengthsAt({ curves: { a: [0, 1], b: [1, 1] }, polish: 0.5, hand: { b: 0.1 }, held: { a: 0.5 } }),
    exact: placeLayer({ width: 8, height: 9, matrix: [1, 0, 0, 0, 1, 0], scale: 1 }, [0, 0, 8, 9], 8, 9),
    powers: [exp2(0), exp2(-1.3), exp2(2.71)], weights: weights.map((w) => [...w]),
  };
"""  # noqa: E501


def test_the_arithmetic() -> None:
    numbers = [0.0, 1.0, -2.5, 0.1, 6e-5, 1e-6, 65504.0, 1e9, 3.14159]
    with host_page() as host, open_chromium() as browser:
        page = browser.new_page()
        told = run_module(page, host, MODULES, numbers)
    with np.errstate(over="ignore"):
        halves = np.array(numbers, np.float32).astype(np.float16)
    halves[7] = 65504.0  # beyond the range: the largest, not infinity
    assert told["halves"] == halves.view(np.uint16).tolist()
    assert told["back"] == halves.astype(np.float32).tolist()
    assert told["joined"] == [1, 258, 65283]
    assert told["left"] == [250, 4, 5, 5, 6, 7]
    flags = [(m["start"], m["way"]) for m in told["moves"]]
    # A new way; along it; another way, with a new start; along it; back to nothing.
    assert flags == [(False, True), (False, False), (True, True), (False, False), (True, True)]
    assert told["moves"][3]["now"] == pytest.approx({"a": 0.7, "b": 0.9})
    assert all(abs(v) < 1e-9 for v in told["moves"][4]["now"].values())
    assert told["history"] == [2, 1, 2, 2, 0]
    assert told["curve"] == pytest.approx([0.25, 0.6])
    assert told["held"] == {"a": 0.5}
    assert told["strengths"] == {"a": 0.25, "b": 0.1}
    assert told["exact"]["exact"] is True
    assert told["exact"]["rim"] == 0
    assert told["powers"] == pytest.approx([1, 2**-1.3, 2**2.71], rel=1e-6)
    assert sum(told["weights"][0]) == pytest.approx(1)
    assert told["weights"][1] == pytest.approx([0, 1, 0, 0])


def test_all_texts_are_in_both_languages_and_none_is_missing() -> None:
    english, german = (
        json.loads((PAGE / "texts" / f"{code}.json").read_text("utf-8")) for code in ("en", "de")
    )
    # What the service tells in English itself may be left out there, never in another language.
    assert set(english) <= set(german)
    holes = re.compile(r"\{(\w+)\}")
    for key, text in english.items():
        assert set(holes.findall(text)) == set(holes.findall(german[key])), key
    source = "\n".join(path.read_text("utf-8") for path in SCRIPTS)
    asked = set(re.findall(r'(?<![\w.])t\("([^"]+)"', source))
    assert len(asked) > 80
    assert asked <= set(english)


def test_what_the_service_tells_in_english_is_named_in_german() -> None:
    german = json.loads((PAGE / "texts" / "de.json").read_text("utf-8"))
    sliders = [a.name for a in ADJUSTMENTS if a.name != "garment_colour"]  # it has none
    wanted = {f"adjust.{name}.{part}" for name in sliders for part in ("title", "about")}
    wanted |= {f"setting.{name}.{part}" for name in list_settings() for part in ("title", "why")}
    settings = [load_setting(name) for name in list_settings()]
    wanted |= {f"size.{size}" for setting in settings for size in setting.sizes}
    wanted |= {f"component.{row.name}" for row in (*POLISH, *LIKENESS, IDENTITY)}
    wanted |= {f"cloth.{name}" for name in PALETTE}
    wanted |= {f"advice.{code}" for code in WORDS}
    assert wanted - set(german) == set()
    holes = re.compile(r"\{(\w+)\}")
    for code, text in WORDS.items():
        assert holes.findall(text) == holes.findall(german[f"advice.{code}"]), code


def test_every_problem_has_words_in_every_language() -> None:
    pytest.importorskip("fastapi", reason="the extra web is not installed")
    from catchlight.web.problems import CODES

    for path in (PAGE / "texts").glob("*.json"):
        words = json.loads(path.read_text("utf-8"))
        assert {f"problem.{code}" for code in CODES} - set(words) == set(), path.name


def test_the_files_ask_for_nothing_from_elsewhere_and_run_nothing_inline() -> None:
    for path in (p for p in PAGE.rglob("*") if p.is_file()):
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|//cdn|@import", text), path.name
        assert len(text.splitlines()) <= 250, path.name
    for page in PAGE.glob("*.html"):
        text = page.read_text("utf-8")
        assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]+src=)", text), page.name
    for script in SCRIPTS:
        text = script.read_text("utf-8")
        assert not re.search(r"\beval\(|new Function|innerHTML|document\.write", text), script.name


def test_the_host_of_these_tests_sends_the_server_s_policy() -> None:
    pytest.importorskip("fastapi", reason="the extra web is not installed")
    from catchlight.web.guard import CSP

    assert POLICY == CSP
