"""The page of ``catchlight explore``: the variants, both numbers of each, and which was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from catchlight.report.numbers import NOT_MEASURED, is_number, say_score
from catchlight.report.pictures import show
from catchlight.report.scatter import draw_scatter
from catchlight.report.template import fill
from catchlight.results import Station, Variant

#: All thumbnails together, in millions of pixels: about 1.2 MB of page.
_PIXELS = 3.4


def write_explore_page(
    variants: Sequence[Variant],
    *,
    winner: int | None,
    why: str,
    version: str,
    name: str = "",
    command: str = "catchlight explore PHOTO",
    strip: Sequence[Station] = (),
    edge: float | None = None,
    wardrobe: Sequence[str] = (),
) -> str:
    """Write the page.

    Parameters
    ----------
    variants : sequence of Variant
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
    strip : sequence of Station
        The dial from 0 to 1, as a film strip.
    edge : float or None
        The place of the dial from which the person is no longer measurably themselves.
    wardrobe : sequence of str
        Sentences on the clothes.

    Returns
    -------
    str, an HTML document
    """
    # Portraits of 4:5; never larger than a card on a sharp screen shows.
    area = 1e6 * _PIXELS / max(1, len(variants))
    side = max(160, min(600, round((area / 0.8) ** 0.5)))
    chosen = next((v for v in variants if v.number == winner), None)
    values = {
        "heading": f"{len(variants)} variants" + (f" of {name}" if name else ""),
        "version": version,
        "why": why,
        "wardrobe": list(wardrobe),
        "chosen": chosen and _view_chosen(chosen, command),
        "strip": [_view_station(s, edge) for s in strip],
        "edge": _say_edge(strip, edge),
        "plot": draw_scatter(variants, winner=winner),
        "variants": [_view(v, side, command, won=v.number == winner) for v in variants],
    }
    return str(fill("explore.html", values))


def _view_chosen(v: Variant, command: str) -> dict[str, Any]:
    return {
        "number": v.number,
        "title": v.title,
        "picture": show(v.pixels, f"Chosen: {_describe(v)}", side=640),
        "command": _command(command, v.number),
    }


def _view_station(station: Station, edge: float | None) -> dict[str, Any]:
    """One picture of the strip, and whether it lies beyond the edge."""
    place, known = f"{station.place:g}", station.authenticity
    return {
        "place": place,
        "picture": show(station.pixels, f"Polish {place}", side=300, quality=84),
        "authenticity": say_score(known),
        "beyond": edge is not None and station.place >= edge,
    }


def _say_edge(strip: Sequence[Station], edge: float | None) -> str:
    """Say where the person stops being measurably themselves."""
    if all(s.authenticity is None for s in strip):
        return "whether it is still the person cannot be judged on this photo"
    if edge is None:
        return "the person stays measurably themselves over all of the dial"
    return f"from {edge:.2f} on the person is no longer measurably themselves, for this use"


def _view(v: Variant, side: int, command: str, *, won: bool) -> dict[str, Any]:
    near = v.likeness
    like = f"{near:.3f}" if near is not None and is_number(near) else NOT_MEASURED
    numbers = (
        ("number", v.number),
        ("authenticity", v.authenticity),
        ("polish", v.polish),
        ("likeness", near),
    )
    return {
        "number": v.number,
        "title": v.title,
        "won": won,
        "front": v.on_front,
        "data": [(k, f"{n:.6g}") for k, n in numbers if n is not None and is_number(n)],
        "picture": show(v.pixels, _describe(v), side=side, quality=82),
        "figures": (
            ("Authenticity", say_score(v.authenticity)),
            ("Polish", say_score(v.polish)),
            ("Likeness", like),
        ),
        "reason": v.reason,
        "command": _command(command, v.number),
    }


def _command(command: str, number: int) -> list[str]:
    """The words of the command line that writes variant ``number`` in full size."""
    return f"{command} --pick {number}".split(" ")


def _describe(v: Variant) -> str:
    return f"Variant {v.number}, {v.title}"
