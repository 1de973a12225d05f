"""What speaks against the clothes of a picture: one rule, one sentence, one figure."""

from __future__ import annotations

from dataclasses import dataclass

from catchlight.advice.measure import Worn
from catchlight.advice.options import BRIGHTER
from catchlight.setting import Setting

#: L* between clothes and ground under which the two merge at the size of a thumbnail [judgement].
_MERGES = 12.0
#: CIEDE2000 between cloth and face under which a neckline is lost when small [judgement].
_SKINLIKE = 12.0
#: Shares of burnt and of blocked cloth that are worth a word.
_BURNT, _BLOCKED = 0.10, 0.45
#: Contrast of a pattern in L* that is seen, and its period in pixels that a copy cannot draw: two
#: samples a period are the least (Shannon 1949), and a camera's or printer's grid needs more.
_PATTERN, _SHIMMERS = 1.7, 2.5
#: Busy: contrast of a pattern that competes with the features of a face.
_BUSY = 3.0
#: Tint of the chin in CIELAB that is seen, and share of a lens that mirrors.
_BOUNCE, _GLARE = 5.0, 0.04
#: Cloth below the chin that a frame needs, as a share of its height [judgement].
_CLOTH = 0.05


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


def tell_range(worn: Worn) -> list[Advice]:
    """Burnt and blocked cloth."""
    name, found = worn.cloths[0][0], []
    burnt, blocked = worn.figures["burnt"], worn.figures["blocked"]
    if burnt.value > _BURNT:
        text = (
            f"Your {say_cloth(name)} is so bright in this light that {burnt.value:.0%} of it has "
            f"no folds left: {_say_softer(name)}, or less light on it, keeps them."
        )
        found.append(Advice("burnt", text, burnt.value, burnt.unit, burnt.sure, 0.9))
    if blocked.value > _BLOCKED:
        text = (
            f"Your {say_cloth(name)} is so dark in this light that {blocked.value:.0%} of it shows "
            "no folds: a step lighter, or a little more light from the side, gives it form."
        )
        found.append(Advice("blocked", text, blocked.value, blocked.unit, blocked.sure, 0.6))
    return found


def tell_contrast(worn: Worn, ground: str, best: str) -> list[Advice]:
    """Cloth against ground and face."""
    name, figures, found = say_cloth(worn.cloths[0][0]), worn.figures, []
    behind = figures.get("from_ground_lightness")
    if behind and abs(behind.value) < _MERGES and figures["from_ground"].value < 1.6 * _MERGES:
        instead = f"{say_cloth(best)}, or another ground," if best else "another ground"
        text = (
            f"Your {name} is nearly as light or dark as {ground}, so at small sizes the shoulders "
            f"merge with it: {instead} stands off."
        )
        weight = 0.8 - 0.3 * abs(behind.value) / _MERGES
        found.append(Advice("ground", text, abs(behind.value), "L*", behind.sure, weight))
    near = figures.get("from_face")
    if near and near.value < _SKINLIKE:
        text = (
            f"In this light your {name} is close in colour to the skin beside it, so at small "
            "sizes the neckline is lost: a clearly lighter or darker cloth draws it."
        )
        found.append(Advice("skin", text, near.value, near.unit, near.sure, 0.7))
    pull = figures.get("from_face_lightness")
    if pull and pull.value > BRIGHTER[1] - 6:
        text = (
            f"Your {name} is the brightest thing beside your face, and the eye goes there first: "
            "a middle tone, or something darker over it, lets the face lead."
        )
        found.append(Advice("pull", text, pull.value, "L*", pull.sure, 0.55))
    return found


def tell_pattern(worn: Worn, setting: Setting, px_per_mm: float, width: int) -> list[Advice]:
    """Patterns that shimmer at a size that is shown, or compete with the face."""
    figure, period = worn.figures.get("pattern"), worn.figures.get("period")
    if figure is None or period is None or figure.value < _PATTERN:
        return []
    found = []
    for name, size in sorted(setting.sizes.items(), key=lambda row: row[1].width):
        pixels = period.value * px_per_mm * size.width / width
        if pixels < _SHIMMERS:
            text = (
                f"The pattern of your cloth repeats every {period.value:.1f} mm, which is only "
                f"{pixels:.1f} pixels at the size {name}: it may shimmer there; a plain cloth, or "
                "a pattern three times as wide, does not."
            )
            found.append(Advice("moire", text, pixels, "px", 0.8 * figure.sure, 0.75))
            break
    busy = max(figure.value / _BUSY, worn.figures["colours_mixed"].value / 0.15)
    if busy > 1:
        text = (
            "The pattern of your cloth is strong and competes with the face for the eye: a "
            "plainer one is calmer."
        )
        found.append(Advice("busy", text, figure.value, "L*", figure.sure, 0.5))
    return found


def tell_bounce(worn: Worn) -> list[Advice]:
    """Colour that the cloth throws on the chin."""
    bounce = worn.figures.get("bounce")
    if bounce is None or bounce.value < _BOUNCE:
        return []
    text = (
        f"The chin seems to be tinted in the hue of your {say_cloth(worn.cloths[0][0])}, which "
        "probably throws its colour there: a neutral collar between, or a greyer shade, stops it."
    )
    return [Advice("bounce", text, bounce.value, bounce.unit, bounce.sure, 0.7)]


def tell_frame(worn: Worn) -> list[Advice]:
    """The neckline in the frame, and what glasses mirror."""
    found = []
    neck, below = worn.figures["neckline"], worn.figures["cloth_below"]
    if worn.seen and below.value < _CLOTH:
        text = (
            f"The frame ends {neck.value:.0f} mm below the chin and shows hardly any cloth in the "
            "middle: a higher neckline, or a wider crop, keeps the shoulders dressed."
        )
        found.append(Advice("neckline", text, neck.value, "mm", 0.8 * neck.sure, 0.6))
    glare = worn.figures.get("glare")
    if glare and glare.value > _GLARE:
        text = (
            f"Your glasses mirror a lamp or a window on {glare.value:.0%} of the lenses: tilt the "
            "temples up by a finger's breadth, or raise the lamp."
        )
        found.append(Advice("glare", text, glare.value, glare.unit, glare.sure, 0.65))
    return found


def _say_softer(name: str) -> str:
    """A cloth a step less bright than the one that lost its folds."""
    if name in ("white", "off-white"):
        return "pale blue, light grey or another tint"
    return "a deeper shade"


def say_cloth(name: str) -> str:
    """A cloth of the palette as one says it."""
    return f"{name.replace('-', ' ')} cloth" if name else "another cloth"
