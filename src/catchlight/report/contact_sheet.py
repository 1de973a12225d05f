"""The contact sheet: every variant as a picture with its two numbers, on one PNG."""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Pixels
from catchlight.pixels import colour
from catchlight.report.numbers import is_number, say_score
from catchlight.report.pictures import fit
from catchlight.results import Variant

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

#: The page's light colours: paper, card, ink, soft, line, accent.
_PAPER, _CARD, _INK, _SOFT, _LINE, _ACCENT = (
    "#faf9f6",
    "#ffffff",
    "#1e1d1a",
    "#5d5850",
    "#e0dbd2",
    "#7d4a16",
)
_CELL, _PAD, _GAP, _TEXT = 300, 14, 18, 112


def draw_contact_sheet(
    variants: Sequence[Variant],
    *,
    winner: int | None,
    title: str = "",
    columns: int | None = None,
) -> NDArray[np.uint8]:
    """Draw the sheet.

    Parameters
    ----------
    variants : sequence of Variant
    winner : int or None, the number chosen
    title : str, above the pictures
    columns : int, optional; by default a sheet a little wider than high

    Returns
    -------
    (h, w, 3) uint8 sRGB
    """
    from PIL import Image, ImageDraw

    count = len(variants)
    across = columns or _columns(count)
    thumbs = [_thumbnail(v.pixels) for v in variants]
    tallest = max((t.height for t in thumbs), default=_CELL)
    cell = (_CELL + 2 * _PAD, tallest + _TEXT + 2 * _PAD)
    head = 70 if title else 0
    rows = math.ceil(count / across)
    size = (across * (cell[0] + _GAP) + _GAP, head + rows * (cell[1] + _GAP) + _GAP)
    sheet = Image.new("RGB", size, _PAPER)
    pen = ImageDraw.Draw(sheet)
    if title:
        write_line(pen, (_GAP + 2, 26), title, 28, _INK, size[0] - 2 * _GAP)
    for at, (variant, thumb) in enumerate(zip(variants, thumbs, strict=True)):
        x = _GAP + at % across * (cell[0] + _GAP)
        y = head + _GAP + at // across * (cell[1] + _GAP)
        _draw_cell(sheet, pen, (x, y), cell, variant, thumb, won=variant.number == winner)
    return np.asarray(sheet, np.uint8).copy()


def _columns(count: int) -> int:
    """Choose how many stand in a row: a sheet a little wider than high, its last row full."""
    ideal = math.sqrt(1.6 * count)
    choices = range(max(1, round(ideal) - 1), min(6, max(1, round(ideal) + 1)) + 1)
    return min(choices or (6,), key=lambda n: (-count % n, abs(n - ideal)))


def encode_contact_sheet(sheet: NDArray[np.uint8]) -> bytes:
    """Encode a sheet as PNG."""
    from PIL import Image

    stored = io.BytesIO()
    Image.fromarray(sheet).save(stored, "PNG")
    return stored.getvalue()


def _thumbnail(pixels: Pixels) -> Image:
    from PIL import Image

    small = fit(pixels, round(_CELL * 1.25))
    image = Image.fromarray(colour.p3_to_srgb_codes(small))
    image.thumbnail((_CELL, round(_CELL * 1.25)))
    return image


def _draw_cell(
    sheet: Image,
    pen: ImageDraw,
    place: tuple[int, int],
    cell: tuple[int, int],
    variant: Variant,
    thumb: Image,
    *,
    won: bool,
) -> None:
    x, y = place
    edge = (x, y, x + cell[0] - 1, y + cell[1] - 1)
    pen.rounded_rectangle(edge, 14, _CARD, _ACCENT if won else _LINE, 5 if won else 1)
    # A lower picture stands in the middle of its place.
    top = y + _PAD + (cell[1] - _TEXT - 2 * _PAD - thumb.height) // 2
    sheet.paste(thumb, (x + _PAD + (_CELL - thumb.width) // 2, top))
    line = y + cell[1] - _TEXT - _PAD + 12
    write_line(pen, (x + _PAD, line), f"{variant.number}.  {variant.title}", 17, _INK, _CELL)
    for left, label, score in (
        (0, "authenticity", variant.authenticity),
        (100, "polish", variant.polish),
    ):
        value, size = say_score(score), 32 if is_number(score) else 14
        write_line(pen, (x + _PAD + left, line + 62 - size), value, size, _INK, 100)
        write_line(pen, (x + _PAD + left, line + 69), label, 15, _SOFT, 100)
    word = "chosen" if won else "front" if variant.on_front else ""
    if word:
        _draw_flag(pen, (x + _PAD + _CELL, line + 36), word, filled=won)
    if won and variant.on_front:
        _draw_flag(pen, (x + _PAD + _CELL, line + 66), "front", filled=False)


def _draw_flag(pen: ImageDraw, place: tuple[int, int], word: str, *, filled: bool) -> None:
    """Draw a rounded flag that ends at ``place`` on its right."""
    width = round(pen.textlength(word, font=_font(15))) + 22
    x, y = place
    edge = (x - width, y, x, y + 25)
    pen.rounded_rectangle(edge, 12, _ACCENT if filled else _CARD, _ACCENT, 2)
    pen.text((x - width / 2, y + 13), word, _CARD if filled else _ACCENT, _font(15), anchor="mm")


def to_plain(text: str) -> str:
    """Spell ``text`` in the letters that Pillow's own face has: ASCII.

    Examples
    --------
    >>> to_plain("Zoë × 2"), to_plain("−0.5")
    ('Zoe x 2', '-0.5')
    """
    for sign, plain in (("×", "x"), ("\N{MINUS SIGN}", "-"), ("\N{EN DASH}", "-")):
        text = text.replace(sign, plain)
    letters = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return "".join(c if c.isascii() and c.isprintable() else "_" for c in letters)


def _font(size: int) -> FreeTypeFont | ImageFont:
    """Pillow's own face: the sheet looks the same on every computer."""
    from PIL import ImageFont

    return ImageFont.load_default(size)


def write_line(
    pen: ImageDraw, place: tuple[int, int], text: str, size: int, fill: str, room: int
) -> None:
    """Write a line, cut with dots where the ``room`` ends."""
    text, font = to_plain(text), _font(size)
    while len(text) > 1 and pen.textlength(text, font=font) > room:
        text = text.removesuffix(" ...")[:-1].rstrip(" ,") + " ..."
    pen.text(place, text, fill, font)
