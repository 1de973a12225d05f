"""What to wear next time: what was measured on the picture, then the custom of the trade.

What is said of a picture was measured on it; what is custom is called so. Nothing is assumed of the
person: not gender, not faith, not taste. A colour is ranked by how it stands off this hair, this
skin and this ground, never by whom it is said to flatter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catchlight.advice.measure import Figure, Worn, measure_worn
from catchlight.advice.options import Option, rank_options, say_options
from catchlight.advice.rules import (
    Advice,
    tell_bounce,
    tell_contrast,
    tell_frame,
    tell_pattern,
    tell_range,
)
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float
from catchlight.backdrop import Backdrop, Paper
from catchlight.pixels import colour
from catchlight.setting import Setting
from catchlight.wardrobe import REGIONS


@dataclass(frozen=True)
class WardrobeAdvice:
    """All that is said of the clothes in one picture.

    Attributes
    ----------
    setting : str
    worn : Worn, the figures
    advice : tuple of Advice, the most useful first; of the picture alone
    options : tuple of Option, the best contrast first
    norms : tuple of (word, text), the trade's custom
    ground : str, what the colours were held against, in words
    """

    setting: str
    worn: Worn
    advice: tuple[Advice, ...]
    options: tuple[Option, ...]
    norms: tuple[tuple[str, str], ...]
    ground: str

    def sentences(self, count: int = 2) -> tuple[str, ...]:
        """The most useful sentences: what was measured, then the best options."""
        said = [a.text for a in self.advice]
        if self.options:
            said.append(say_options(self.options, self.setting, self.ground))
        return tuple(said[:count])

    def to_json(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        worn = self.worn
        return {
            "setting": self.setting,
            "seen": worn.seen,
            "sure": round(worn.sure, 3),
            "why_unsure": worn.why,
            "cloths": [{"name": n, "share": s, "rgb": c} for n, s, c in worn.cloths],
            "figures": {k: _figure_to_json(v) for k, v in worn.figures.items()},
            "said": list(self.sentences()),
            "advice": [
                {
                    "topic": a.topic,
                    "text": a.text,
                    "value": None if a.value is None else round(a.value, 3),
                    "unit": a.unit,
                    "sure": round(a.sure, 3),
                }
                for a in self.advice
            ],
            "options": [
                {
                    "name": o.name,
                    "rgb": o.rgb,
                    "score": round(o.score, 3),
                    **{k: _rounded(getattr(o, k)) for k in ("ground", "face", "hair", "lightness")},
                }
                for o in self.options
            ],
            "norms": [{"word": word, "text": text} for word, text in self.norms],
            "against": self.ground,
        }


def _figure_to_json(figure: Figure) -> dict[str, Any]:
    return {"value": round(figure.value, 3), "unit": figure.unit, "sure": round(figure.sure, 3)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def advise(
    worn: Worn,
    setting: Setting,
    *,
    ground: str,
    px_per_mm: float,
    width: int,
    region: str | None = None,
) -> WardrobeAdvice:
    """Say what to wear next time, and why.

    Parameters
    ----------
    worn : Worn
    setting : Setting, whose norms, colours and sizes count
    ground : str, what stands behind, in words
    px_per_mm, width : of the frame, for the sizes at which it is shown
    region : str, optional
        A name of :data:`~catchlight.wardrobe.REGIONS`.
    """
    options = rank_options(worn.lab, setting.wardrobe.colours)
    found = [*tell_frame(worn)]
    if worn.seen:
        # Never what is worn already: it would be no advice.
        others = [o.name for o in options if o.name != worn.cloths[0][0]]
        best = others[0] if others else ""
        found += tell_range(worn)
        found += tell_contrast(worn, ground, best)
        found += tell_pattern(worn, setting, px_per_mm, width)
        found += tell_bounce(worn)
    else:
        why = worn.why or "no cloth was found"
        text = (
            f"The clothes are not seen surely enough to judge them ({why}): nothing is said of "
            "what is worn; what follows are options, and the trade's custom."
        )
        found.append(Advice("unseen", text, round(worn.sure, 3), "sure", 1.0, 0.1))
    found.sort(key=lambda a: -a.weight * a.sure)
    norms = setting.wardrobe.rows()
    if region:
        norms = [("where you are", REGIONS[region]), *norms]
    return WardrobeAdvice(setting.name, worn, tuple(found), options, tuple(norms), ground)


def advise_scene(
    scene: Scene, setting: Setting, *, backdrop: Backdrop | None = None, region: str | None = None
) -> WardrobeAdvice:
    """The advice on a scene that was measured already.

    Parameters
    ----------
    scene : Scene
    setting : Setting
    backdrop : Backdrop, optional
        What stands behind the result: a paper counts by its own colour, else the photo's ground.
    region : str, optional
    """
    ground, words = _tell_ground(backdrop)
    return advise(
        measure_worn(scene, ground=ground),
        setting,
        ground=words,
        px_per_mm=scene.face.px_per_mm,
        width=scene.pixels.shape[1],
        region=region,
    )


def _tell_ground(backdrop: Backdrop | None) -> tuple[Float | None, str]:
    """A paper's colour and its name; None for the photo's own ground."""
    if not isinstance(backdrop, Paper):
        return None, "the photo's own ground"
    name = backdrop.name.removeprefix("auto:").replace("-", " ")
    return colour.hex_to_lab(backdrop.rgb), f"the {name} paper"
