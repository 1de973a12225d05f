"""Evidence: what the report shows beside the pictures. Measured by others; here are its shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from catchlight.likeness.component import Component


class PolishLike(Protocol):
    """How good a picture is as a headshot."""

    @property
    def score(self) -> float | None:
        """0..100; None where it cannot be judged."""
        ...

    @property
    def components(self) -> tuple[Component, ...]:
        """What it is made of."""
        ...

    @property
    def reason(self) -> str:
        """A sentence for a person."""
        ...


class AuthenticityLike(PolishLike, Protocol):
    """How much of the person is kept."""

    @property
    def coverage(self) -> float:
        """Share of the components' weight that could be judged, 0..1."""
        ...

    @property
    def limited_by(self) -> str | None:
        """Machine name of the component that holds the score down most."""
        ...

    @property
    def same_photo(self) -> bool:
        """Whether both pictures come from one photograph."""
        ...


@dataclass(frozen=True)
class Contribution:
    """What one edit did, by leaving it out: the result with all edits less the one without it.

    Attributes
    ----------
    name : str, of the adjustment
    strength : float, -1..1
    authenticity, polish : float or None, points; None where either was not judged
    stops : float, mean size of the change of light where the edit acts; 0 for a change of form
    """

    name: str
    strength: float
    authenticity: float | None
    polish: float | None
    stops: float


@dataclass(frozen=True)
class Evidence:
    """Everything measured about one headshot.

    Attributes
    ----------
    authenticity : of the result against its own photo
    polish_before, polish_after : of the photo in its frame, and of the result
    contributions : tuple of Contribution, edits that acted
    stopped_by : str or None
        What stopped the automatic dial, in words; None where it was not automatic.
    setting : str or None, its name
    """

    authenticity: AuthenticityLike
    polish_before: PolishLike
    polish_after: PolishLike
    contributions: tuple[Contribution, ...] = ()
    stopped_by: str | None = None
    setting: str | None = None


def title_of(authenticity: AuthenticityLike) -> str | None:
    """Return the title, for people, of the component that limits the score."""
    for component in authenticity.components:
        if component.name == authenticity.limited_by:
            return component.title
    return authenticity.limited_by
