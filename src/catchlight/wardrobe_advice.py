"""Advice on clothes: what the picture shows, in plain words with its figure; then the norms.

What is said of a picture was measured on it; what is custom is called so. Nothing is assumed of the
person: not gender, not faith, not taste. A colour is ranked by how it stands off this hair, this
skin and this ground, never by whom it is said to flatter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from catchlight.analysis.wardrobe.measure import Figure, Worn
from catchlight.analysis.wardrobe.palette import PALETTE
from catchlight.arrays import Float
from catchlight.pixels import colour
from catchlight.setting import Setting
from catchlight.wardrobe import REGIONS

#: L* between clothes and ground under which the two merge at the size of a thumbnail, and from
#: which nothing is gained [judgement: 10 is the least step that type needs to be read large].
_MERGES, _STANDS = 12.0, 30.0
#: CIEDE2000 between cloth and face under which a cloth looks like skin, and from which it does not.
_SKINLIKE, _APART = 9.0, 18.0
#: L* between cloth and face from which the cloth, not the face, is what is seen first: the eye goes
#: to what is brighter sooner than to what is darker [judgement].
_BRIGHTER, _DARKER = (16.0, 42.0), (50.0, 75.0)
#: Shares of burnt and of blocked cloth that are worth a word.
_BURNT, _BLOCKED = 0.10, 0.45
#: Contrast of a pattern in L* that is seen, and its period in pixels that a copy cannot draw: two
#: samples a period are the least (Shannon 1949), and a camera's or printer's grid needs more.
_PATTERN, _SHIMMERS = 3.0, 2.5
#: Busy: contrast of a pattern that competes with the features of a face.
_BUSY = 8.0
#: Tint of the chin in CIELAB that is seen, and share of a lens that mirrors.
_BOUNCE, _GLARE = 5.0, 0.04
#: Cloth below the chin that a frame needs, as a share of its height, and how low a neckline lies
#: before a tight frame shows none of it, mm.
_CLOTH, _LOW = 0.05, 110.0


@dataclass(frozen=True)
class Advice:
    """One thing to do, with its reason.

    Attributes
    ----------
    topic : str
    text : str, the advice with its reason and its figure, in words
    value, unit : float or None, str; what was measured
    sure : float, 0..1
    weight : float, by which advice is ranked
    """

    topic: str
    text: str
    value: float | None
    unit: str
    sure: float
    weight: float


@dataclass(frozen=True)
class Option:
    """A colour of the trade, by how it stands off what is in the picture.

    Attributes
    ----------
    name, rgb : str
    score : float, 0..1
    ground, face, hair : float or None, CIEDE2000
    lightness : float or None, L* from the ground
    """

    name: str
    rgb: str
    score: float
    ground: float | None
    face: float | None
    hair: float | None
    lightness: float | None


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
    found = [*_advise_frame(worn)]
    if worn.seen:
        best = options[0].name if options else ""
        found += _advise_range(worn)
        found += _advise_contrast(worn, ground, best)
        found += _advise_pattern(worn, setting, px_per_mm, width)
        found += _advise_bounce(worn)
    else:
        why = worn.why or "no cloth was found"
        text = (
            f"The clothes are not seen surely enough to judge them ({why}): what follows is the "
            "trade's custom, not measured here."
        )
        found.append(Advice("unseen", text, round(worn.sure, 3), "sure", 1.0, 0.1))
    found.sort(key=lambda a: -a.weight * a.sure)
    norms = setting.wardrobe.rows()
    if region:
        norms = [("where you are", REGIONS[region]), *norms]
    return WardrobeAdvice(setting.name, worn, tuple(found), options, tuple(norms), ground)


def rank_options(lab: Mapping[str, Float], names: tuple[str, ...]) -> tuple[Option, ...]:
    """Rank cloths by contrast with the ground, the face and the hair of one picture.

    A cloth has to stand off the ground in lightness or hue, must not look like skin, and should not
    be so far from the face in lightness that it is seen first. Ties keep the trade's own order.
    """
    found = []
    for name in names:
        own = colour.p3_to_lab(colour.hex_to_p3(PALETTE[name])[None, None])[0, 0]
        off = {k: float(colour.ciede2000(own, lab[k])) for k in lab if k != "cloth"}
        score, light = 1.0, None
        if "ground" in lab:
            light = float(own[0] - lab["ground"][0])
            score *= max(_ramp(abs(light), 4, _STANDS), 0.8 * _ramp(off["ground"], 8, 35))
        if "face" in lab:
            light_off = float(own[0] - lab["face"][0])
            pull = max(_ramp(light_off, *_BRIGHTER), _ramp(-light_off, *_DARKER))
            score *= _ramp(off["face"], 5, _APART) * (1 - 0.4 * pull)
        if "hair" in lab:
            score *= 0.85 + 0.15 * _ramp(off["hair"], 4, 20)
        row = Option(
            name, PALETTE[name], score, off.get("ground"), off.get("face"), off.get("hair"), light
        )
        found.append(row)
    # Steps of a twentieth: less is no difference that an eye would see.
    return tuple(sorted(found, key=lambda o: -round(20 * o.score)))


def say_options(options: tuple[Option, ...], setting: str, ground: str) -> str:
    """Say the best three in a sentence, with their figures."""
    told = []
    for o in options[:3]:
        from_ground = f"{o.ground:.0f} from the ground" if o.ground is not None else ""
        from_face = f"{o.face:.0f} from your face" if o.face is not None else ""
        told.append(f"{o.name} ({', '.join(filter(None, (from_ground, from_face)))})")
    return (
        f"Of the colours usual for {setting}, these stand off best before {ground}: "
        f"{'; '.join(told)}, in CIEDE2000."
    )


def _advise_range(worn: Worn) -> list[Advice]:
    """Burnt and blocked cloth."""
    name, found = worn.cloths[0][0], []
    burnt, blocked = worn.figures["burnt"], worn.figures["blocked"]
    if burnt.value > _BURNT:
        text = (
            f"Your {say_cloth(name)} is burnt out on {burnt.value:.0%} of it, so its folds are "
            "lost: an off-white or pale blue one keeps them, or turn the lamp off it."
        )
        found.append(Advice("burnt", text, burnt.value, burnt.unit, burnt.sure, 0.9))
    if blocked.value > _BLOCKED:
        text = (
            f"Your {say_cloth(name)} shows no folds on {blocked.value:.0%} of it, it is too dark "
            "for this light: charcoal, navy or a little more light from the side gives it form."
        )
        found.append(Advice("blocked", text, blocked.value, blocked.unit, blocked.sure, 0.6))
    return found


def _advise_contrast(worn: Worn, ground: str, best: str) -> list[Advice]:
    """Cloth against ground and face."""
    name, figures, found = say_cloth(worn.cloths[0][0]), worn.figures, []
    behind = figures.get("from_ground_lightness")
    if behind and abs(behind.value) < _MERGES and figures["from_ground"].value < 1.6 * _MERGES:
        text = (
            f"Your {name} is only {abs(behind.value):.0f} L* from {ground}, so the shoulders merge "
            f"with it when small: another ground, or {say_cloth(best)}, stands off."
        )
        weight = 0.8 - 0.3 * abs(behind.value) / _MERGES
        found.append(Advice("ground", text, abs(behind.value), "L*", behind.sure, weight))
    near = figures.get("from_face")
    if near and near.value < _SKINLIKE + 3:
        text = (
            f"Your {name} is near to the colour of your own skin in this light (CIEDE2000 "
            f"{near.value:.0f}), so at small sizes the neckline is lost: a clearly lighter or "
            "darker cloth draws it."
        )
        found.append(Advice("skin", text, near.value, near.unit, near.sure, 0.7))
    pull = figures.get("from_face_lightness")
    if pull and pull.value > _BRIGHTER[1] - 6:
        text = (
            f"Your {name} is {pull.value:.0f} L* lighter than your face and is seen before it: a "
            "middle tone, or a jacket over it, lets the face lead."
        )
        found.append(Advice("pull", text, pull.value, "L*", pull.sure, 0.55))
    return found


def _advise_pattern(worn: Worn, setting: Setting, px_per_mm: float, width: int) -> list[Advice]:
    """Patterns that shimmer at a size that is shown, or compete with the face."""
    figure, period = worn.figures.get("pattern"), worn.figures.get("period")
    if figure is None or period is None or figure.value < _PATTERN:
        return []
    found = []
    for name, size in sorted(setting.sizes.items(), key=lambda row: row[1].width):
        pixels = period.value * px_per_mm * size.width / width
        if pixels < _SHIMMERS:
            text = (
                f"The pattern of your cloth repeats every {period.value:.1f} mm, {pixels:.1f} "
                f"pixels at the size {name}: it will shimmer there; a plain cloth, or a pattern "
                f"three times as wide, does not."
            )
            found.append(Advice("moire", text, pixels, "px", 0.8 * figure.sure, 0.75))
            break
    busy = max(figure.value / _BUSY, worn.figures["colours_mixed"].value / 0.25)
    if busy > 1:
        text = (
            f"The pattern changes by {figure.value:.0f} L* and draws the eye from the face: a "
            "plainer cloth is calmer."
        )
        found.append(Advice("busy", text, figure.value, "L*", figure.sure, 0.5))
    return found


def _advise_bounce(worn: Worn) -> list[Advice]:
    """Colour that the cloth throws on the chin."""
    bounce = worn.figures.get("bounce")
    if bounce is None or bounce.value < _BOUNCE:
        return []
    text = (
        f"The chin is tinted by {bounce.value:.0f} CIELAB in the hue of your "
        f"{say_cloth(worn.cloths[0][0])}: the cloth probably throws its colour there; a neutral "
        "collar between, or a greyer shade, stops it."
    )
    return [Advice("bounce", text, bounce.value, bounce.unit, bounce.sure, 0.7)]


def _advise_frame(worn: Worn) -> list[Advice]:
    """The neckline in the frame, and what glasses mirror."""
    found = []
    neck, below = worn.figures["neckline"], worn.figures["cloth_below"]
    if worn.seen and below.value < _CLOTH:
        text = (
            f"The neckline begins {neck.value:.0f} mm below the chin and the frame shows hardly "
            "any cloth in the middle: a higher neckline, or a wider crop, keeps the shoulders "
            "dressed."
        )
        sure = neck.sure if neck.value < 400 else 0.5
        found.append(Advice("neckline", text, neck.value, "mm", 0.8 * sure, 0.6))
    glare = worn.figures.get("glare")
    if glare and glare.value > _GLARE:
        text = (
            f"Your glasses mirror a lamp or a window on {glare.value:.0%} of the lenses: tilt the "
            "temples up by a finger's breadth, or raise the lamp."
        )
        found.append(Advice("glare", text, glare.value, glare.unit, glare.sure, 0.65))
    return found


def say_cloth(name: str) -> str:
    """A cloth of the palette as one says it."""
    return f"{name.replace('-', ' ')} cloth" if name else "another cloth"


def _ramp(value: float, low: float, high: float) -> float:
    return float(np.clip((value - low) / (high - low), 0, 1))
