"""A look measured, how far the dial went with it and what the guard took back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a door that only hands a record on loads none of this
    from catchlight.likeness.authenticity import Authenticity
    from catchlight.likeness.skin import SkinChange
    from catchlight.look import Look
    from catchlight.polish.score import Polish


@dataclass(frozen=True)
class Proof:
    """A look measured: authenticity against the photo in its frame, and polish of the result."""

    look: Look
    authenticity: Authenticity
    polish: Polish


@dataclass(frozen=True)
class Guarded:
    """What the guard of the skin saw, and what it took back.

    Attributes
    ----------
    first, left : SkinChange
        What the defaults would have done to lit skin, and what they do.
    whole : SkinChange
        What all edits together do to it, those that were asked for or warranted as well.
    scaled : mapping of adjustment to its strength before and after
    """

    first: SkinChange
    left: SkinChange
    whole: SkinChange
    scaled: Mapping[str, tuple[float, float]]

    def say(self) -> str:
        """Say it in a sentence."""
        said = f"on lit skin the defaults changed {self.left.say()}"
        if not self.scaled:
            return said
        less = ", ".join(
            f"{n.replace('_', ' ')} from {a:.2f} to {b:.2f}" for n, (a, b) in self.scaled.items()
        )
        return f"{said}; held back, because it would have been {self.first.say()}: {less}"

    def to_json(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "first": self.first.to_json(),
            "left": self.left.to_json(),
            "whole": self.whole.to_json(),
            "scaled": {n: [round(v, 4) for v in pair] for n, pair in self.scaled.items()},
        }


@dataclass(frozen=True)
class Dialled:
    """How the polish was chosen.

    Attributes
    ----------
    setting, polish, look : the setting's name, the place of the dial 0..1, the Look there
    automatic : bool; where it is False, the polish was given and ``proof`` is None
    stopped_by : str or None, the component that kept the dial from going further
    reason : str, in words
    tried : tuple of (polish, authenticity or None)
    guarded : Guarded or None, what the guard of the skin took back of the look
    own : float, the setting's own place of the dial
    """

    setting: str
    polish: float
    look: Look
    automatic: bool
    proof: Proof | None
    stopped_by: str | None
    reason: str
    tried: tuple[tuple[float, float | None], ...] = ()
    guarded: Guarded | None = None
    own: float = 1.0

    @property
    def beyond(self) -> bool:
        """Whether a person went further than the setting does by itself."""
        return self.polish > self.own
