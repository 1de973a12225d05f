"""The verdict on a source: good; usable, but; unsuitable. With reasons, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Grade = Literal["good", "usable, but", "unsuitable"]
_ORDER: tuple[Grade, ...] = ("good", "usable, but", "unsuitable")


@dataclass(frozen=True)
class Reason:
    """One thing that speaks against a photo.

    Attributes
    ----------
    kind : str, for machines: ``eyes hidden``
    grade : "usable, but" or "unsuitable"
    said : str, what was seen
    advice : str, what to do
    """

    kind: str
    grade: Grade
    said: str
    advice: str


@dataclass(frozen=True)
class Verdict:
    """Whether a photo will do as the source of a headshot.

    Attributes
    ----------
    reasons : tuple of Reason, the worst first; none for a good photo
    """

    reasons: tuple[Reason, ...] = ()

    @property
    def grade(self) -> Grade:
        """The worst of the reasons' grades."""
        return max((r.grade for r in self.reasons), key=_ORDER.index, default="good")

    @property
    def unsuitable(self) -> bool:
        """Whether no headshot can come of it."""
        return self.grade == "unsuitable"

    @property
    def covered(self) -> str | None:
        """What covers the face, in words; then nothing can be said of its likeness."""
        hiding = [r for r in self.reasons if r.kind in ("eyes hidden", "face covered")]
        return hiding[0].said if hiding else None

    def say(self) -> str:
        """Say it in a sentence or two."""
        if not self.reasons:
            return "good: nothing speaks against this photo"
        advice = list(dict.fromkeys(r.advice for r in self.reasons))[:2]
        told = "; ".join(r.said for r in self.reasons)
        return f"{self.grade}: {told}. " + " ".join(advice)

    def to_json(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        rows = [
            {"kind": r.kind, "grade": r.grade, "said": r.said, "advice": r.advice}
            for r in self.reasons
        ]
        return {"grade": self.grade, "reasons": rows}


def order(reasons: list[Reason]) -> Verdict:
    """A verdict of reasons, the worst first."""
    return Verdict(tuple(sorted(reasons, key=lambda r: -_ORDER.index(r.grade))))
