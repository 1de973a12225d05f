"""A headshot audited against photos of the person: is it still them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from catchlight.likeness.authenticity import Authenticity
    from catchlight.likeness.observation import Observation
    from catchlight.polish.score import Polish

Answer = Literal["yes", "doubtful", "no", "cannot say"]


@dataclass(frozen=True)
class Check:
    """An audit of a headshot against photos of the person.

    Attributes
    ----------
    result, against : Observation of the headshot, and of each photo
    each : tuple of Authenticity, against each photo alone, in their order
    overall, best : Authenticity against the photo that says most, and which photo that is
    polish : Polish of the headshot
    answer, reason : is it still them, and why that is said
    seconds : dict of stage to seconds
    strangers : tuple of bool, for each photo whether it shows somebody else than most of them
    """

    result: Observation
    against: tuple[Observation, ...]
    each: tuple[Authenticity, ...]
    overall: Authenticity
    best: int
    polish: Polish
    answer: Answer
    reason: str
    seconds: dict[str, float]
    strangers: tuple[bool, ...] = ()

    @property
    def natural(self) -> bool | None:
        """Whether nothing of the person was changed beyond what is allowed; None where unknown."""
        rest = [c for c in self.overall.components if c.name != "identity"]
        if self.answer == "no" or all(c.score is None for c in rest):
            return None
        return not any(c.verdict == "fail" for c in rest)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Names of photos that show somebody else, or no face."""
        return tuple(w.name for w, out in zip(self.against, self._left_out, strict=True) if out)

    @property
    def _left_out(self) -> tuple[bool, ...]:
        """The same for each photo: two in different folders may have one name."""
        shown = zip(self.against, self.strangers or (False,) * len(self.against), strict=True)
        return tuple(stranger or w.face is None for w, stranger in shown)

    def to_json(self) -> dict[str, Any]:
        """Return everything but pictures, ready for JSON."""
        return {
            "result": self.result.name,
            "answer": self.answer,
            "reason": self.reason,
            "natural": self.natural,
            "same_photo": self.overall.same_photo,
            "authenticity": self.overall.to_json(),
            "polish": self.polish.to_json(),
            "photos": [
                {
                    "name": w.name,
                    "left_out": out,
                    "authenticity": a.to_json(),
                }
                for w, a, out in zip(self.against, self.each, self._left_out, strict=True)
            ],
            "best_photo": self.against[self.best].name,
            "seconds": {k: round(v, 3) for k, v in self.seconds.items()},
        }
