"""Templates: plain values in, HTML out. Every value is escaped unless a template made it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from catchlight.likeness.component import Verdict
from catchlight.report.numbers import NOT_MEASURED, say_sentence

#: Each verdict in words, never by colour alone.
VERDICT_WORDS: Mapping[Verdict, str] = {
    "pass": "pass",
    "warn": "warning",
    "fail": "fail",
    "indeterminate": "cannot be judged",
}
_SIGNS: Mapping[Verdict, str] = {
    "pass": "M2 8.5l4 4L14 4",
    "warn": "M8 2v7.5M8 13.6v.2",
    "fail": "M3 3l10 10M13 3L3 13",
    "indeterminate": "M4.8 5.2a3.3 3.3 0 1 1 4.9 2.9C8.5 8.8 8 9.3 8 10.3M8 13.7v.1",
}


@cache
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("catchlight.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        # A name that a page wants and nobody gave is a fault, not an empty place.
        undefined=StrictUndefined,
    )
    found.filters["sentence"] = say_sentence
    found.globals |= {
        "NOT_MEASURED": NOT_MEASURED,
        "SIGNS": _SIGNS,
        "VERDICT_WORDS": VERDICT_WORDS,
        "static": read_static,
    }
    return found


@cache
def read_static(name: str) -> Markup:
    """Read a style sheet or a script that becomes part of a page."""
    path = files("catchlight.report").joinpath("static", name)
    return Markup(path.read_text(encoding="utf-8").strip())


def fill(name: str, values: Mapping[str, Any]) -> Markup:
    """Fill the template ``name`` with ``values``."""
    return Markup(_environment().get_template(name).render(values))
