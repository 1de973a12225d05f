"""The page of ``catchlight explore``: the variants, both numbers of each, and which was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from catchlight.report.numbers import NOT_MEASURED, is_number, say_score, say_sentence
from catchlight.report.parts import card, fill_shell, fit, picture
from catchlight.report.scatter import draw_scatter
from catchlight.report.variants import VariantLike, by_number, command_for

#: All thumbnails together, in millions of pixels: about 1.2 MB of page.
_PIXELS = 3.4


def write_explore_page(
    variants: Sequence[VariantLike],
    *,
    winner: int | None,
    why: str,
    version: str,
    name: str = "",
    command: str = "catchlight explore PHOTO",
) -> str:
    """Write the page.

    Parameters
    ----------
    variants : sequence of VariantLike
    winner : int or None
        Number of the one chosen.
    why : str
        Why that one, or why none.
    version : str
        Catchlight's.
    name : str
        The photo, in words.
    command : str
        The command line that made the sheet; ``--pick K`` is added to it.

    Returns
    -------
    str, an HTML document
    """
    chosen = by_number(variants, winner)
    won = "None was chosen." if chosen is None else f"Variant {chosen.number}: {chosen.title}."
    body = "\n".join(
        (
            '<div class="columns top">',
            card("Which one", _choice(variants, chosen, won, why, command)),
            card("Both numbers", _plot(variants, winner)),
            "</div>",
            _controls(variants),
            f'<ol class="variants">{_grid(variants, winner, command)}</ol>',
            '<p class="soft none-left" hidden>No variant is left: show all again above.</p>',
        )
    )
    of = f" of {name}" if name else ""
    return fill_shell(
        title=f"{len(variants)} variants{of}",
        heading=f"{len(variants)} variants{of}",
        subtitle="The most like the person among those that are polished enough",
        body=body,
        footer=f"Made on this computer by Catchlight {version}. Likeness is the distance to all "
        "photos of the person that were given: lower is more like them. This page asks nothing of "
        "any server; it holds the pictures, so share it as you would share them.",
        scripts=("explore.js",),
    )


def _choice(
    variants: Sequence[VariantLike], chosen: VariantLike | None, won: str, why: str, command: str
) -> str:
    lines = f"<p><strong>{escape(won)}</strong></p><p>{escape(say_sentence(why))}</p>"
    if chosen is not None:
        shown = picture(fit(chosen.pixels, 640), f"Chosen: {_describe(chosen)}")
        lines += f"<figure class='chosen'>{shown}</figure>"
        lines += _command(command, chosen.number)
    return lines


def _plot(variants: Sequence[VariantLike], winner: int | None) -> str:
    plot = draw_scatter(variants, winner=winner)
    if not plot:
        return "<p>Fewer than two variants have both numbers.</p>"
    aside = " A line leads from a point moved aside to its place." if "leader" in plot else ""
    return plot + (
        '<p class="soft small">Further right is more the person, further up the better picture. '
        "Filled: on the front, no other variant has more of both. Ring: the one chosen."
        f"{aside}</p>"
    )


def _controls(variants: Sequence[VariantLike]) -> str:
    choices = (
        ("number", "number"),
        ("likeness", "most like them"),
        ("authenticity", "authenticity"),
        ("polish", "polish"),
    )
    orders = "".join(f'<option value="{key}">{escape(said)}</option>' for key, said in choices)
    numbers = "".join(
        f'<option value="{v.number}">{escape(f"{v.number}: {v.title}")}</option>' for v in variants
    )

    def select(end: str, label: str) -> str:
        return (
            f'<div><label for="{end}">{label}</label>'
            f'<select id="{end}"><option value="">none</option>{numbers}</select>'
            f'<figure id="{end}-shown"></figure></div>'
        )

    return (
        '<section class="controls" aria-label="Sort and filter" hidden>'
        f'<label>Sort by <select id="order">{orders}</select></label>'
        '<label class="toggle"><input type="checkbox" id="front-only">Only the front</label>'
        '<span id="count" class="soft" role="status"></span></section>'
        '<section class="card compare" hidden><h2>Side by side</h2><div class="pair">'
        f"{select('left', 'Left')}{select('right', 'Right')}</div></section>"
    )


def _grid(variants: Sequence[VariantLike], winner: int | None, command: str) -> str:
    area = 1e6 * _PIXELS / max(1, len(variants))
    # Portraits of 4:5; never larger than a card on a sharp screen shows.
    side = max(160, min(600, round((area / 0.8) ** 0.5)))
    return "".join(_variant(v, side, command, won=v.number == winner) for v in variants)


def _variant(v: VariantLike, side: int, command: str, *, won: bool) -> str:
    flags = '<span class="flag won">chosen</span>' if won else ""
    flags += '<span class="flag">on the front</span>' if v.on_front else ""
    near = v.likeness
    like = f"{near:.3f}" if near is not None and is_number(near) else NOT_MEASURED
    numbers = (
        ("Authenticity", say_score(v.authenticity)),
        ("Polish", say_score(v.polish)),
        ("Likeness", like),
    )
    cells = "".join(f"<div><dt>{k}</dt><dd{_unknown(s)}>{escape(s)}</dd></div>" for k, s in numbers)
    data = "".join(
        f' data-{key}="{value:.6g}"'
        for key, value in (
            ("number", v.number),
            ("authenticity", v.authenticity),
            ("polish", v.polish),
            ("likeness", v.likeness),
        )
        if value is not None and is_number(value)
    )
    return (
        f'<li class="card variant{" won" if won else ""}" id="v{v.number}"{data} '
        f'data-front="{int(v.on_front)}">{picture(fit(v.pixels, side), _describe(v), quality=82)}'
        f'<h2>{escape(f"{v.number}. {v.title}")}</h2><p class="flags">{flags}</p>'
        f'<dl class="numbers">{cells}</dl><p class="small">{escape(say_sentence(v.reason))}</p>'
        f"{_command(command, v.number)}</li>"
    )


def _unknown(said: str) -> str:
    return ' class="unknown"' if said == NOT_MEASURED else ""


def _command(command: str, number: int) -> str:
    """Write the command line as html; an option is never broken after its hyphens."""
    words = [
        f'<span class="option">{escape(word)}</span>' if word.startswith("-") else escape(word)
        for word in command_for(command, number).split(" ")
    ]
    return f"<pre><code>{' '.join(words)}</code></pre>"


def _describe(v: VariantLike) -> str:
    return f"Variant {v.number}, {v.title}"
