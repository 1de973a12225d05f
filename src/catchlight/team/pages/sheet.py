"""The contact sheet of a team, as PNG and as PDF: what the page will look like."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from catchlight.report.contact_sheet import to_plain, write_line

_PAPER, _INK, _SOFT, _MARK = "#faf9f6", "#1e1d1a", "#5d5850", "#7d4a16"
#: Pixels of a portrait on the sheet, and between them.
_WIDE, _TALL, _GAP, _LINE = 240, 300, 20, 46
#: Portraits across, and on a page of the PDF (A4 on its side holds three rows of six).
_ACROSS, _ROWS = 6, 3


@dataclass(frozen=True)
class Cell:
    """A portrait on the sheet.

    Attributes
    ----------
    name : str
    picture : bytes, JPEG
    said : str, a word below it; empty where it fits the page
    """

    name: str
    picture: bytes
    said: str = ""


def draw_sheet(cells: Sequence[Cell], title: str) -> bytes:
    """Draw all portraits on one PNG."""
    image = _draw(cells, title, math.ceil(len(cells) / _ACROSS))
    stored = io.BytesIO()
    image.save(stored, "PNG")
    return stored.getvalue()


def draw_pages(cells: Sequence[Cell], title: str) -> bytes:
    """Draw all portraits as a PDF, eighteen on a page."""
    each = _ACROSS * _ROWS
    pages = [_draw(cells[at : at + each], title, _ROWS) for at in range(0, len(cells), each)]
    stored = io.BytesIO()
    first, *rest = pages or [_draw((), title, 1)]
    first.save(stored, "PDF", save_all=True, append_images=rest, resolution=150, title=title)
    return stored.getvalue()


def _draw(cells: Sequence[Cell], title: str, rows: int) -> Image.Image:
    width = _ACROSS * (_WIDE + _GAP) + _GAP
    height = 70 + max(1, rows) * (_TALL + _LINE + _GAP)
    page = Image.new("RGB", (width, height), _PAPER)
    pen = ImageDraw.Draw(page)
    pen.text((_GAP, 22), to_plain(title), _INK, ImageFont.load_default(26))
    for at, cell in enumerate(cells):
        x = _GAP + at % _ACROSS * (_WIDE + _GAP)
        y = 70 + at // _ACROSS * (_TALL + _LINE + _GAP)
        with Image.open(io.BytesIO(cell.picture)) as found:
            shown = found.convert("RGB")
        shown.thumbnail((_WIDE, _TALL), Image.Resampling.LANCZOS)
        page.paste(shown, (x + (_WIDE - shown.width) // 2, y + (_TALL - shown.height) // 2))
        write_line(pen, (x, y + _TALL + 6), cell.name, 16, _INK, _WIDE)
        if cell.said:
            write_line(pen, (x, y + _TALL + 26), cell.said, 13, _MARK, _WIDE)
    return page
