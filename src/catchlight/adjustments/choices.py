"""Choices that adjustments ask of a person beside their strength, each a field of the Look.

Parameters of the adjustment that uses them, never part of a Scene: nothing that was measured of a
photo depends on them.
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, field_validator

from catchlight.analysis.marks.mark import Verdicts
from catchlight.analysis.wardrobe.palette import parse_cloth
from catchlight.params import Params

LightName = Literal["none", "soft", "loop", "rembrandt", "butterfly", "split"]


class BlemishChoices(Params):
    """What a person decided about the marks of the skin.

    Attributes
    ----------
    marks : str
        ``heal-passing``: the marks judged to be passing are healed; ``keep-all``: only those named.
    keep, heal : tuple of mark IDs
        Marks that stay or go whatever they were judged to be; ``keep`` comes before ``heal``.
    """

    marks: Literal["heal-passing", "keep-all"] = Field(
        default="heal-passing",
        description="What the adjustment blemishes does with spots that will pass.",
    )
    keep: tuple[str, ...] = Field(
        default=(),
        description="A mark of the skin that stays (--json and --report list them).",
        json_schema_extra={"unit": "ID"},
    )
    heal: tuple[str, ...] = Field(
        default=(),
        description="A mark of the skin that goes.",
        json_schema_extra={"unit": "ID"},
    )

    @field_validator("keep", "heal")
    @classmethod
    def _named(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not re.fullmatch(r"[lr]\d{2,3}[ud]\d{2,3}b*", name):
                raise ValueError(f"{name!r} is no mark; the report and --json list them as l23d41")
        return names

    @property
    def verdicts(self) -> Verdicts:
        """The same, ready to ask of a mark."""
        return Verdicts(
            frozenset(self.keep), frozenset(self.heal), passing=self.marks == "heal-passing"
        )


class KeyLightChoices(Params):
    """The pattern towards which the light is turned; ``none`` leaves it.

    Attributes
    ----------
    light : str
    """

    light: LightName = Field(
        default="none",
        description="Pattern towards which the light is turned, where the photo's own light "
        "allows.",
    )


class LensChoices(Params):
    """From how far the photo was taken.

    Attributes
    ----------
    lens : str, float or (from, to)
        ``auto`` (measured; nothing is done where that is not certain), ``off``, metres, or metres
        from which it was taken and from which it is to be shown.
    """

    lens: Literal["off", "auto"] | float | tuple[float, float] = Field(
        default="auto",
        description="From how far the photo was taken, in metres, to correct the perspective of a "
        "near camera; FROM:TO also says from how far to show it.",
        json_schema_extra={"unit": "metres"},
    )

    @field_validator("lens")
    @classmethod
    def _within_reach(
        cls, lens: str | float | tuple[float, float]
    ) -> str | float | tuple[float, float]:
        # Nearer than 15 cm no phone focuses on a face, and no warp would do.
        if isinstance(lens, str):
            return lens
        for metres in lens if isinstance(lens, tuple) else (lens,):
            if not 0.15 <= metres <= 20:
                raise ValueError(f"a photo is taken from 0.15 to 20 metres, not {metres:g}")
        return lens

    @property
    def shown_from(self) -> float | None:
        """Centimetres from which a person wants the face shown; None where nothing was said."""
        return 100 * self.lens[1] if isinstance(self.lens, tuple) else None


class GarmentChoices(Params):
    """The colour in which the clothes are shown; ``own`` leaves them.

    Attributes
    ----------
    garment : str
        A name of the palette of cloth, ``#rrggbb``, or ``own``.
    """

    garment: str = Field(
        default="own",
        description="Colour of cloth that the adjustment garment_colour shows, to try it.",
        json_schema_extra={"unit": "own|COLOUR"},
    )

    @field_validator("garment")
    @classmethod
    def _is_cloth(cls, garment: str) -> str:
        return garment if garment == "own" else parse_cloth(garment)


class Choices(BlemishChoices, KeyLightChoices, LensChoices, GarmentChoices):
    """All of them, as the Look has them."""
