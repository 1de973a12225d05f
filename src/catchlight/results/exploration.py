"""Several versions of one headshot, the strip of the dial, and which one wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from catchlight.arrays import Pixels
    from catchlight.look import Look
    from catchlight.results.proof import Proof


@dataclass(frozen=True)
class Station:
    """A photo at one place of the dial.

    Attributes
    ----------
    place : float, 0..1
    pixels : (h, w, 3) linear P3, small
    authenticity, polish : float or None, 0..100
    """

    place: float
    pixels: Pixels
    authenticity: float | None
    polish: float | None

    def to_json(self) -> dict[str, Any]:
        """Return it without its picture."""
        return {n: getattr(self, n) for n in ("place", "authenticity", "polish")}


@dataclass(frozen=True)
class Variant:
    """One version of the headshot.

    Attributes
    ----------
    number, dial : from 1; the polish asked for, 0..1
    pixels : (h, w, 3) linear P3, for a sheet
    likeness : float or None
        Mean distance of the identity vector to all photos of the person; lower is more like them.
    on_front : bool, no other variant is both more authentic and more polished
    values : mapping, what of the Look's fields was chosen otherwise than for the others
    """

    number: int
    title: str
    dial: float
    look: Look
    pixels: Pixels
    proof: Proof
    likeness: float | None
    on_front: bool = False
    reason: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def authenticity(self) -> float | None:
        """0..100."""
        return self.proof.authenticity.score

    @property
    def polish(self) -> float | None:
        """0..100."""
        return self.proof.polish.score

    def to_json(self) -> dict[str, Any]:
        """Return the variant without its picture."""
        names = "number title dial authenticity polish likeness on_front reason".split()
        said = {name: getattr(self, name) for name in names}
        return said | {"look": self.look.model_dump(mode="json")}


@dataclass(frozen=True)
class Exploration:
    """All variants, and which one wins.

    ``winner`` is a variant's number, or None where likeness could not be judged; ``photos`` are
    those of the person that it was measured against. ``strip`` is the dial from 0 to 1, ``edge``
    the place of it from which the person is no longer measurably themselves (None: nowhere); the
    strip is empty where choices were named. ``wardrobe`` are the two most useful sentences on the
    clothes.
    """

    variants: tuple[Variant, ...]
    winner: int | None
    why: str
    photos: tuple[str, ...]
    seconds: dict[str, float]
    strip: tuple[Station, ...] = ()
    edge: float | None = None
    wardrobe: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return everything but the pictures."""
        return {
            "strip": [station.to_json() for station in self.strip],
            "edge": None if self.edge is None else round(self.edge, 3),
            "winner": self.winner,
            "why": self.why,
            "photos": list(self.photos),
            "variants": [v.to_json() for v in self.variants],
            "wardrobe": list(self.wardrobe),
            "seconds": {k: round(v, 3) for k, v in self.seconds.items()},
        }
