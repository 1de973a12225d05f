"""The pieces that every page is made of: shell, cards, lists, tables, verdicts, pictures.

Text given to these functions is text: each escapes what it is given. What returns or takes
``html`` says so.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Pixels
from catchlight.images import encode_picture
from catchlight.likeness.component import Verdict
from catchlight.pixels import filters
from catchlight.report.numbers import is_number, say_number

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
#: Lists of figures longer than this are cut off: the whole is in the JSON.
_MOST_FIGURES = 12


def fill_shell(
    *, title: str, heading: str, subtitle: str, body: str, footer: str, scripts: Sequence[str] = ()
) -> str:
    """Fill the shell of a page; ``body`` is html, ``scripts`` name files beside this one."""
    folder = files("catchlight.report")

    def read(name: str) -> str:
        return folder.joinpath(name).read_text(encoding="utf-8").strip()

    return Template(read("shell.html")).substitute(
        title=escape(title),
        style=read("style.css"),
        heading=escape(heading),
        subtitle=f'<p class="soft">{escape(subtitle)}</p>' if subtitle else "",
        body=body,
        footer=escape(footer),
        script="\n".join(read(name) for name in (*scripts, "print.js")),
    )


def card(title: str, body: str, *, name: str = "") -> str:
    """Wrap the html ``body`` as a section with a heading; ``name`` is where links lead."""
    anchor = f' id="{escape(name)}"' if name else ""
    return f'<section class="card"{anchor}><h2>{escape(title)}</h2>\n{body}</section>'


def definitions(rows: Sequence[tuple[str, str]], *, kind: str = "") -> str:
    """Write words and what they stand for; rows without a value are left out.

    The ``kind`` ``stacked`` is for long words: what they stand for comes below them.
    """
    of = f' class="{kind}"' if kind else ""
    items = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in rows if v)
    return f"<dl{of}>{items}</dl>" if items else ""


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], texts: Sequence[str] = (), *, words: int = 1
) -> str:
    """Write a table: ``words`` columns of words, then figures; each row may have a text below."""
    cells = "".join(
        f'<th scope="col"{_kind(i, words)}>{escape(t)}</th>' for i, t in enumerate(head)
    )
    out = f"<thead><tr>{cells}</tr></thead>" if head else ""
    for at, row in enumerate(rows):
        first, *others = row
        out += f'<tr><th scope="row">{escape(first)}</th>'
        out += "".join(
            f"<td{_kind(i, words)}>{escape(cell)}</td>" for i, cell in enumerate(others, 1)
        )
        out += "</tr>"
        if texts and texts[at]:
            out += f'<tr class="text"><td colspan="{len(row)}">{escape(texts[at])}</td></tr>'
    return f"<table>{out}</table>"


def _kind(column: int, words: int) -> str:
    return ' class="number"' if column >= words else ""


def chip(verdict: Verdict) -> str:
    """Draw a verdict: a sign, a word, a colour."""
    sign = f'<svg viewBox="0 0 16 16" aria-hidden="true"><path d="{_SIGNS[verdict]}"/></svg>'
    return f'<span class="chip {verdict}">{sign}{escape(VERDICT_WORDS[verdict])}</span>'


def fold(summary: str, html: str) -> str:
    """Fold ``html`` away under a word."""
    return f"<details><summary>{escape(summary)}</summary>{html}</details>" if html else ""


def figures(details: Mapping[str, Any]) -> str:
    """Write a component's further figures: plain values as a list, lists of rows as tables."""
    plain, tables = [], ""
    for key, value in details.items():
        title = key.replace("_", " ")
        if isinstance(value, (list, tuple)) and value and isinstance(value[0], Mapping):
            tables += _rows(title, value)
        elif said := _say(value):
            plain.append((title, said))
    return definitions(plain) + tables


def _rows(title: str, rows: Sequence[Mapping[str, Any]]) -> str:
    head = list(rows[0])[:5]
    shown = [[_say(row.get(key)) for key in head] for row in rows[:_MOST_FIGURES]]
    rest = len(rows) - len(shown)
    more = f'<p class="soft small">and {rest} more</p>' if rest else ""
    body = table([key.replace("_", " ") for key in head], shown, words=len(head))
    return f'<p class="soft small">{escape(title)}</p>{body}{more}'


def _say(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float, np.number)):
        return say_number(float(value)) if is_number(float(value)) else ""
    if isinstance(value, Mapping):
        parts = [f"{k}: {_say(v)}" for k, v in value.items() if _say(v)]
    elif isinstance(value, (list, tuple)):
        parts = [_say(v) for v in value]
    else:
        return "" if value is None else str(value)
    rest = len(parts) - _MOST_FIGURES
    return ", ".join(parts[:_MOST_FIGURES]) + (f", and {rest} more" if rest > 0 else "")


def fit(pixels: Pixels, side: int) -> Pixels:
    """Shrink linear pixels to at most ``side`` on the longer side."""
    height, width = pixels.shape[:2]
    factor = min(1.0, side / max(height, width))
    if factor == 1.0:
        return pixels
    return filters.resize(pixels, max(1, round(width * factor)), max(1, round(height * factor)))


def picture(pixels: Pixels, alt: str, *, quality: int = 86, kind: str = "") -> str:
    """Write linear P3 as an image inside the page."""
    data = encode_picture(pixels, format="JPEG", quality=quality)
    return _image(data, pixels.shape[1], pixels.shape[0], alt, kind)


def drawing(codes: NDArray[np.uint8], alt: str, *, side: int = 600) -> str:
    """Write a picture of uint8 sRGB, such as a component's, as an image inside the page."""
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(codes))
    image.thumbnail((side, side))
    stored = io.BytesIO()
    image.save(stored, "JPEG", quality=86, subsampling=0)
    return _image(stored.getvalue(), *image.size, alt, "")


def _image(data: bytes, width: int, height: int, alt: str, kind: str) -> str:
    of = f' class="{kind}"' if kind else ""
    coded = base64.b64encode(data).decode()
    return (
        f'<img{of} width="{width}" height="{height}" alt="{escape(alt)}" '
        f'src="data:image/jpeg;base64,{coded}">'
    )
