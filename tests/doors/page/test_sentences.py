"""What the service says in English is said in German too: every sentence, and what they become."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from page_host import PAGE, host_page, open_chromium, run_module

SOURCES = Path(str(files("catchlight")))
GERMAN = PAGE / "texts" / "sentences" / "de.json"
#: Where what the page shows is written: reasons of components, the verdict, advice, the letter.
SPEAKERS = [
    *(SOURCES / "likeness").glob("*.py"),
    *(SOURCES / "polish").glob("*.py"),
    *(SOURCES / "advice").glob("*.py"),
    *(SOURCES / "analysis" / "verdict").glob("*.py"),
    SOURCES / "analysis" / "cutout" / "soundness.py",
    SOURCES / "analysis" / "light" / "exposed.py",
    SOURCES / "report" / "letter.py",
    SOURCES / "results" / "proof.py",
    SOURCES / "scenery.py",
]
#: Who is handed what is shown, and what it is called on its way there.
_CALLS = {
    "Advice", "Authenticity", "Exposed", "Finding", "Polish", "Reason", "Scenery", "Soundness",
    "judge_departures", "unjudged", "unseen",
}  # fmt: skip
_NAMES = {"more", "paragraphs", "praise", "said", "seen", "text", "told", "why", "words"}
#: Sentences that no page shows: tables of the documentation, and what a caller did wrong.
_ELSEWHERE = re.compile(r"^\||^cosine expected|\.md\)")
_TRANSLATE = """
  const { Sentences } = await import("/page/state/sentences.js");
  const rows = await (await fetch("/page/texts/sentences/de.json")).json();
  const wordFor = (said) => ({ navy: "Marine", "skin evenness": "Gleichmaß" })[said];
  const sentences = new Sentences(rows, { wordFor, and: " und " });
  return given.map((text) => sentences.translate(text));
"""


def write_template(node: ast.AST) -> str | None:
    """The text of a string with holes for what is put in, or None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (write_template(part) for part in node.values)
        return "".join("{}" if part is None else part for part in parts)
    return None


def find_strings(node: ast.AST) -> Iterator[str]:
    """Every string in an expression, each once and whole."""
    if (text := write_template(node)) is not None:
        yield text
    for child in ast.iter_child_nodes(node):
        # Format marks are no words; within a string's holes other words may stand.
        if isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant):
            continue
        if isinstance(node, ast.FormattedValue) and child is node.format_spec:
            continue
        if not (isinstance(node, ast.Subscript) and child is node.slice):
            yield from find_strings(child)


def find_said(tree: ast.AST) -> Iterator[str]:
    """Strings that stand where words for people do."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called in _CALLS:
                # What a reason or an advice is about is its kind, a name of the machine's.
                first = int(called in ("Advice", "Reason"))
                for argument in (*node.args[first:], *(k.value for k in node.keywords)):
                    if isinstance(argument, (ast.Constant, ast.JoinedStr, ast.IfExp)):
                        yield from find_strings(argument)
        elif isinstance(node, (ast.Assign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(getattr(target, "id", "") in _NAMES for target in targets):
                yield from find_strings(node.value)
        elif isinstance(node, ast.FunctionDef) and ast.unparse(node.returns or node) == "str":
            for line in ast.walk(node):
                if isinstance(line, ast.Return) and line.value is not None:
                    yield from find_strings(line.value)


def find_praise(tree: ast.AST) -> Iterator[str]:
    """What is said where all is well: often a single word."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "praise":
            yield from find_strings(node.value)


def test_every_sentence_of_the_service_is_known_in_german() -> None:
    rows = json.loads(GERMAN.read_text("utf-8"))
    known = "\n".join(rows).lower()
    said = {
        re.sub(r"^([;,.] |\{\}[:,;]? )+|; \{\}$|[;,.]? *$", "", text).lower(): path.name
        for path in SPEAKERS
        for text in find_said(ast.parse(path.read_text("utf-8")))
        if re.search(r"[a-z]{2,} [a-z]|\{\} [a-z]{3}", text) and not _ELSEWHERE.search(text)
    }
    praise = {
        text.lower(): path.name
        for path in SPEAKERS
        for text in find_praise(ast.parse(path.read_text("utf-8")))
    }
    assert len(praise) > 10
    said |= praise
    assert len(said) > 110
    missing = {text: name for text, name in said.items() if text not in known}
    assert not missing, f"translate these in {GERMAN.name}: {missing}"


def test_translations_fill_the_same_holes() -> None:
    for said, here in json.loads(GERMAN.read_text("utf-8")).items():
        holes, numbered = said.count("{}"), [int(n) for n in re.findall(r"\{(\d)\}", here)]
        assert not re.search(r"\{(?!\d?\})", here), said
        if numbered:
            assert max(numbered) <= holes, said
        else:
            assert here.count("{}") in ((0, holes) if said == "{} cloth" else (holes,)), said


def test_sentences_are_translated_joined_and_filled() -> None:
    cases = {
        "usable, but: the face is 84 pixels wide; heavy compression (JPEG quality 25). "
        "Use the original file, or a photo taken closer.":
        "brauchbar, doch: das Gesicht ist 84 Pixel breit; stark gepackt (JPEG-Qualität 25). "
        "Nimm die Originaldatei oder ein Foto aus größerer Nähe.",
        "the light on the face changed by +0.08 stops, the skin itself by CIEDE2000 0.3":
        "das Licht auf dem Gesicht änderte sich um +0,08 Blenden, die Haut selbst um CIEDE2000 0,3",
        "harsh light from the viewer's left, 3.4:1": "hartes Licht von links (im Bild), 3,4:1",
        "cut-out: the outline is ragged": "Umriss: der Umriss ist zackig",
        "background: restless: lightness changes by 8 L* on each 1 % of the picture":
        "Hintergrund: unruhig: die Helligkeit ändert sich um 8 L* auf je 1 % des Bildes",
        "12% of the face's detail is not the photo's under any light":
        "12 % der Feinheiten des Gesichts sind unter keinem Licht die des Fotos",
        "the wings of the nose are 9% narrower than in the photos":
        "9 % schmaler als auf den Fotos: Nasenflügel",
        "As in the photos: geometry, texture, texture invented, lines, permanent marks, skin tone, "
        "expression, asymmetry, eyes and rewriting.":
        "Wie auf den Fotos: Gesichtsform, Struktur, Erfundene Struktur, Linien, bleibende Male, "
        "Hautton, Ausdruck, Asymmetrie, Augen und Neu Gemaltes.",
        "Your navy cloth is the brightest thing beside your face, and the eye goes there first: "
        "a middle tone, or something darker over it, lets the face lead.":
        "Deine Kleidung (Marine) ist das Hellste neben deinem Gesicht, und das Auge geht zuerst "
        "dorthin: ein mittlerer Ton oder etwas Dunkleres darüber lässt dem Gesicht den Vortritt.",
        "of 9 permanent marks 1 is gone: 39 mm left and 14 mm down from between the eyes as one "
        "looks at them":
        "von 9 bleibenden Malen: 1 ist fort: 39 mm links und 14 mm tiefer von der Mitte zwischen "
        "den Augen aus, wie man sie sieht",
        "skin evenness from 0.60 to 0.31": "Gleichmaß von 0,60 auf 0,31",
        "": "",
        "a sentence that nobody ever wrote": None,
        "the face is blurred; a sentence that nobody ever wrote": None,
    }  # fmt: skip
    with host_page() as host, open_chromium() as browser:
        told = run_module(browser.new_page(), host, _TRANSLATE, list(cases))
    assert dict(zip(cases, told, strict=True)) == cases
