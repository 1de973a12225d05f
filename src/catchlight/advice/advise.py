"""What to wear next time: what was measured on the picture, then the custom of the trade.

What is said of a picture was measured on it; what is custom is called so. Nothing is assumed of the
person: not gender, not faith, not taste. A colour is ranked by how it stands off this face and
this ground, never by whom it is said to flatter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catchlight.advice.figure import Figure
from catchlight.advice.measure import Worn, measure_worn
from catchlight.advice.options import Option, choose_offered, rank_options
from catchlight.advice.rules import (
    Advice,
    tell_contrast,
    tell_even,
    tell_frame,
    tell_outline,
    tell_pattern,
    tell_range,
    tell_unseen,
)
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float
from catchlight.backdrop import Backdrop, Paper
from catchlight.pixels import colour
from catchlight.setting import Setting
from catchlight.wardrobe import REGIONS

#: How surely clothes have to be told apart before anything is said of them: below it, on 162
#: photos, hair, skin or ground were among what was taken for cloth.
SPEAKS = 0.8


@dataclass(frozen=True)
class WardrobeAdvice:
    """All that is said of the clothes in one picture.

    Attributes
    ----------
    setting : str
    worn : Worn, the figures
    advice : tuple of Advice, the most useful first; of the picture alone, the colours offered last
    options : tuple of Option, the best contrast first; none for a photo without colours
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
        """The most useful sentences: what was measured, then the colours that would stand out."""
        return tuple(a.text for a in self.advice[:count])

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
                    "code": a.code,
                    "named": dict(a.named),
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
                    "clear": o.clear,
                    "apart": o.apart,
                    **{k: _rounded(getattr(o, k)) for k in ("ground", "face", "lightness")},
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
    worn: Worn, setting: Setting, *, ground: str, region: str | None = None
) -> WardrobeAdvice:
    """Say what to wear next time, and why.

    Parameters
    ----------
    worn : Worn
    setting : Setting, whose norms and colours count
    ground : str, what stands behind, in words
    region : str, optional
        A name of :data:`~catchlight.wardrobe.REGIONS`.
    """
    known = worn.seen and worn.sure >= SPEAKS
    found = [*tell_frame(worn), *tell_outline(worn)]
    found += (tell_pattern(worn) if known else []) or tell_even(worn)
    found += tell_range(worn, known=known) if worn.seen else []
    if known:
        found += tell_contrast(worn)
    else:
        found += tell_unseen(worn, found)
    options: tuple[Option, ...] = ()
    if worn.colourless:
        found.append(Advice("colourless", "colourless", None, "", 1.0, 0.15))
    else:
        options = rank_options(
            worn.lab, setting.wardrobe.colours, around=worn.around, tones=worn.tones
        )
        found += _offer(worn, options, known=known)
    if not found:
        found.append(Advice("general", "general", None, "", 1.0, 0.05))
    found.sort(key=lambda a: -a.weight * a.sure)
    norms = setting.wardrobe.rows()
    if region:
        norms = [("where you are", REGIONS[region]), *norms]
    return WardrobeAdvice(setting.name, worn, tuple(found), options, tuple(norms), ground)


def _offer(worn: Worn, options: tuple[Option, ...], *, known: bool) -> list[Advice]:
    """The sentence that names the one or two colours that would stand out; none where none does."""
    chosen = choose_offered(options, worn.lab.get("cloth") if known else None)
    seen, apart = len(worn.around) > 0, all(o.apart for o in chosen)
    if not chosen or not (seen or apart):
        return []
    # What it stands out from is said of what it surely does.
    code = ("one", "two")[len(chosen) - 1] + ("" if seen and apart else ("_face", "_ground")[seen])
    named = dict(zip(("first", "second"), (o.name for o in chosen), strict=False))
    return [Advice("options", code, chosen[0].score, "score", 1.0, 0.1, named)]


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
    return advise(measure_worn(scene, ground=ground), setting, ground=words, region=region)


def _tell_ground(backdrop: Backdrop | None) -> tuple[Float | None, str]:
    """A paper's colour and its name; None for the photo's own ground."""
    if not isinstance(backdrop, Paper):
        return None, "the photo's own ground"
    name = backdrop.name.removeprefix("auto:").replace("-", " ")
    return colour.hex_to_lab(backdrop.rgb), f"the {name} paper"
