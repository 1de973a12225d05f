"""Colours before and after, as patches side by side: the skin, and the witnesses to the light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from catchlight.analysis.light.tone import find_sclera
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, Pixels, as_float
from catchlight.likeness.skin import find_lit_skin
from catchlight.pixels import colour, filters
from catchlight.report.template import fill

#: Fewer pixels than this have no colour of their own; nor have whites that are trusted less.
_LEAST, _TRUSTED = 12, 0.5
#: Percentile of a part from which on it speaks for its colour: hair and clothes by their lights.
_BRIGHT = 75.0
#: Size of the picture, in its own units.
_WIDTH, _ROW, _TOP, _PATCH, _LEFT = 340, 40, 22, 84, 132


@dataclass(frozen=True)
class Swatch:
    """One colour: what of, and how it was and became, (3,) linear P3 each."""

    name: str
    before: Float
    after: Float


def measure_swatches(scene: Scene, result: Pixels) -> tuple[Swatch, ...]:
    """Measure colours at the same places of the photo and of its ``result``, of whatever size.

    Medians over lit skin, the whites of the eyes, teeth, the lights of hair and of clothes; what
    the photo does not show is left out.
    """
    h, w = scene.small.shape[:2]
    before, after, parts = scene.small, filters.resize(result, w, h), scene.regions
    bright = {name: _find_bright(before, parts[name] > 0.7) for name in ("hair", "clothes")}
    places = {
        "Lit skin": find_lit_skin(before, parts["face_skin"]),
        "Whites of the eyes": (find_sclera(before, parts) > 0.5) & _are_seen(scene),
        "Teeth": parts["teeth"] > 0.6,
        "Hair, where lit": bright["hair"],
        "Clothes, where lit": bright["clothes"],
    }
    return tuple(
        Swatch(name, *(as_float(np.median(p[where], axis=0)) for p in (before, after)))
        for name, where in places.items()
        if where.sum() >= _LEAST
    )


def _are_seen(scene: Scene) -> bool:
    """Whether whites of the eyes can be told from lids and lashes."""
    return scene.anchors.eyes.trust >= _TRUSTED


def _find_bright(pixels: Pixels, part: NDArray[np.bool_]) -> NDArray[np.bool_]:
    if not part.any():
        return part
    y = colour.luminance(pixels)
    return np.asarray(part & (y >= np.percentile(y[part], _BRIGHT)))


def draw_swatches(swatches: tuple[Swatch, ...]) -> Markup:
    """Draw a row for each: its name, before and after touching, and how far apart they are."""
    rows = []
    for number, swatch in enumerate(swatches):
        y = _TOP + number * _ROW
        lab = [colour.p3_to_lab(as_float(c)[None])[0] for c in (swatch.before, swatch.after)]
        apart = float(colour.ciede2000(lab[0], lab[1]))
        rows.append(
            {
                "name": swatch.name,
                "y": y,
                "text": y + 21,
                "before": colour.p3_to_hex(np.clip(swatch.before, 0, 1)),
                "after": colour.p3_to_hex(np.clip(swatch.after, 0, 1)),
                "apart": f"{apart:.1f}",
            }
        )
    said = "; ".join(f"{r['name']}: {r['apart']} apart" for r in rows)
    sizes = {"width": _WIDTH, "left": _LEFT, "patch": _PATCH, "tall": _ROW - 6}
    height = _TOP + len(rows) * _ROW
    return fill("swatches.svg", {"rows": rows, "said": said, "height": height, **sizes})
