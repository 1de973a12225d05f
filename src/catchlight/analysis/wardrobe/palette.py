"""The colours of cloth that have a name here: data, light to import.

Each is cloth in even light, as sRGB: dyed wool and cotton, not paint, so neither the whitest white
nor the blackest black. The names are those of the trade's habit; which suits a picture is measured
there (see :mod:`catchlight.advice.options`).
"""

from __future__ import annotations

import re

#: Name of a cloth to its sRGB in even light [judgement: read off as the colours of ordinary cloth].
PALETTE: dict[str, str] = {
    "white": "#efeeea",
    "off-white": "#e3ddcf",
    "cream": "#e8d9b8",
    "pale-blue": "#bccfe2",
    "pale-pink": "#e3c5c8",
    "lavender": "#b3abcf",
    "light-grey": "#b4b6b8",
    "mid-grey": "#7b7e82",
    "charcoal": "#3c3f44",
    "black": "#1c1c1f",
    "navy": "#232f4d",
    "cobalt": "#28509c",
    "denim": "#4b688a",
    "petrol": "#1b4a57",
    "teal": "#22696d",
    "emerald": "#176a4c",
    "forest": "#28482f",
    "olive": "#5c5e38",
    "sage": "#93a08a",
    "mustard": "#bd8f3c",
    "camel": "#b08a5c",
    "sand": "#c9b898",
    "taupe": "#8a7c70",
    "chocolate": "#4b3529",
    "rust": "#95492b",
    "terracotta": "#b16848",
    "coral": "#d5735f",
    "rose": "#b67c84",
    "red": "#a3272d",
    "burgundy": "#5c2230",
    "plum": "#512f50",
    "aubergine": "#362440",
}


def parse_cloth(text: str) -> str:
    """Read a colour of cloth as a person writes it: a name of the palette, or ``#rrggbb``.

    Returns
    -------
    str, the name, or the colour in lower case

    Raises
    ------
    ValueError
        It is neither.
    """
    said = text.strip().lower().replace(" ", "-")
    if said in PALETTE or re.fullmatch(r"#[0-9a-f]{6}", said):
        return said
    raise ValueError(f"no cloth is called {text!r}; use {', '.join(PALETTE)} or #rrggbb")


def cloth_rgb(name: str) -> str:
    """The sRGB ``#rrggbb`` of a cloth that :func:`parse_cloth` has read."""
    return PALETTE.get(name, name)
