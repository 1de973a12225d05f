"""Variants: the versions of one headshot that ``catchlight explore`` made, as pages see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from catchlight.arrays import Pixels


class VariantLike(Protocol):
    """One version of the headshot."""

    @property
    def number(self) -> int:
        """What ``--pick`` takes, counted from 1."""
        ...

    @property
    def title(self) -> str:
        """What was chosen, such as ``polish 0.5, studio-warm, headshot``."""
        ...

    @property
    def pixels(self) -> Pixels:
        """(h, w, 3) linear P3, a thumbnail or more."""
        ...

    @property
    def authenticity(self) -> float | None:
        """0..100."""
        ...

    @property
    def polish(self) -> float | None:
        """0..100."""
        ...

    @property
    def likeness(self) -> float | None:
        """Distance to all photos of the person; lower is more like them."""
        ...

    @property
    def on_front(self) -> bool:
        """Whether no other variant has more of both numbers."""
        ...

    @property
    def reason(self) -> str:
        """A sentence for a person."""
        ...


def command_for(command: str, number: int) -> str:
    """The command line that writes variant ``number`` in full size."""
    return f"{command} --pick {number}"


def by_number(variants: Sequence[VariantLike], number: int | None) -> VariantLike | None:
    """Find a variant; None where it is not there."""
    return next((v for v in variants if v.number == number), None)
