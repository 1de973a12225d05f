"""What a mark of the skin is, and what a person may decide about it.

*Passing* is what will be gone in three weeks; *permanent* belongs to the sitter; in between is
*unsure*, and is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["mole", "freckles", "scar", "blemish", "spot"]
Fate = Literal["permanent", "passing", "unsure"]


@dataclass(frozen=True)
class Mark:
    """One mark, or one field of freckles.

    Attributes
    ----------
    id : str
        Where it is, in millimetres from the middle between the eyes as the viewer sees it:
        ``l23d41`` lies 23 to the left and 41 down (``r`` right, ``u`` up).
    x, y : float, face crop pixels
    diameter_mm : float, full width at half of its contrast; of a freckle field, its extent
    melanin, redness : float, contrasts in natural density
    kind : {"mole", "freckles", "scar", "blemish", "spot"}
    fate : {"permanent", "passing", "unsure"}
    confidence : float, 0..1, in kind and fate
    headed : bool, whether a blemish has a pale head in its middle: a pustule
    """

    id: str
    x: float
    y: float
    diameter_mm: float
    melanin: float
    redness: float
    kind: Kind
    fate: Fate
    confidence: float
    headed: bool = False


@dataclass(frozen=True)
class Verdicts:
    """What a person decided about marks.

    Attributes
    ----------
    keep, heal : frozenset of mark IDs
    passing : bool, whether passing marks not named are healed
    """

    keep: frozenset[str] = frozenset()
    heal: frozenset[str] = frozenset()
    passing: bool = True

    def heals(self, mark: Mark) -> bool:
        """Whether the ``mark`` goes. A named mark obeys; a field of freckles never goes."""
        if mark.kind == "freckles" or mark.id in self.keep:
            return False
        return mark.id in self.heal or (self.passing and mark.fate == "passing")
