"""What a setting is made of: choices, each with its reason; sizes, and the curves of the dial."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from pydantic import Field, field_validator

from catchlight.adjustments.choices import LightName
from catchlight.look import LARGEST_HEAD, SMALLEST_HEAD, CropName
from catchlight.params import Params
from catchlight.wardrobe import Text


class ReasonedChoice(Params):
    """One choice with its reason: ``use`` what, and ``why``."""

    use: str
    why: Text


class CropChoice(Params):
    """The crop and why."""

    use: CropName
    why: Text


class HeadChoice(Params):
    """The head's size, chin to crown over the frame's height; the source, or [judgement]."""

    use: float = Field(ge=SMALLEST_HEAD, le=LARGEST_HEAD)
    why: Text


class MarksChoice(Params):
    """What happens to passing marks (see :class:`~catchlight.look.Look`), and why."""

    use: Literal["heal-passing", "keep-all"]
    why: Text


class LightChoice(Params):
    """The light: what is customary, in words, and the pattern towards which the dial turns it."""

    use: LightName = "none"
    custom: Text
    why: Text


class Size(Params):
    """An output size in pixels and the place that asks for it."""

    width: int = Field(ge=64, le=8192)
    height: int = Field(ge=64, le=8192)
    why: Text


class Strength(Params):
    """The curve of one adjustment: points of dial and strength, straight lines between."""

    curve: tuple[tuple[float, float], ...]
    why: Text

    @field_validator("curve")
    @classmethod
    def _whole(cls, curve: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        dial = [x for x, _ in curve]
        if len(curve) < 2 or dial[0] != 0 or dial[-1] != 1:
            raise ValueError(
                f"points of the dial must run from 0 to 1, not {dial}; "
                "write curve = [[0, 0.0], [1, 0.5]]"
            )
        if any(b <= a for a, b in pairwise(dial)):
            raise ValueError(f"points of the dial must rise, not {dial}")
        rise = [b - a for (_, a), (_, b) in pairwise(curve)]
        if min(rise) < 0 < max(rise):
            raise ValueError("a curve goes one way: more polish never takes an adjustment back")
        return curve

    def at(self, polish: float) -> float:
        """Strength at a place of the dial."""
        for (x0, y0), (x1, y1) in pairwise(self.curve):
            if polish <= x1:
                return y0 + (y1 - y0) * (polish - x0) / (x1 - x0)
        return self.curve[-1][1]
