"""Polish, 0 to 100: technical quality that a viewer of headshots responds to, whoever is in it.

Vocabulary: *polish* says how good the picture is, never how good the person looks, and is never
mixed into authenticity, which says whether it is still them. Formulae of ISO/IEC 29794-5 (OFIQ) are
used where they fit and named where they are; several mark down dark skin and good portrait light
and are replaced by anchors without pigment.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from catchlight.likeness.component import Component
from catchlight.likeness.observation import Observation
from catchlight.polish.catalogue import CATALOGUE
from catchlight.polish.grade import FAILS
from catchlight.polish.sight import open_sight

#: What no client takes, however good the rest: at 0 each leaves this share of the whole, from where
#: it no longer fails on all of it.
DECISIVE = {"composition": 0.6, "cutout": 0.45, "eyes_open": 0.6, "exposure": 0.6}
#: No component counts for less than this, so that one zero does not make all others worthless.
FLOOR = 0.05
#: The mean is raised to this: readers' A, B and C lie near 88, 80 and 64 by it, where the mean
#: itself would give C 72 (147 results, docs/polish.md).
SPREAD = 1.4


@dataclass(frozen=True)
class Polish:
    """The polish of one picture.

    Attributes
    ----------
    score : float or None, 0..100; None where no face is seen
    components : tuple of Component
    reason : str, the weakest component in words, or why there is no score
    """

    score: float | None
    components: tuple[Component, ...]
    reason: str

    def __getitem__(self, name: str) -> Component:
        """Return the component of that name."""
        for component in self.components:
            if component.name == name:
                return component
        raise KeyError(name)

    def to_json(self) -> dict[str, Any]:
        """Return it without pictures, ready for JSON."""
        rows = [component.to_json() for component in self.components]
        return {"score": self.score, "reason": self.reason, "components": rows}


def measure_polish(observation: Observation, *, framed: bool = True) -> Polish:
    """Measure the polish of a picture.

    Parameters
    ----------
    observation : Observation
    framed : bool
        False for a photo before its frame: composition is then not judged. Before and after are
        compared in the same frame, both True.

    Returns
    -------
    Polish
        Without a score where the observation saw no face.

    Notes
    -----
    Measured at a fixed size (512 pixels on the longer side, and the face crop), so that a preview
    and the full picture have the same polish.
    """
    if observation.face is None:
        return Polish(None, (), f"{observation.name}: no face found, so nothing to judge")
    sight = open_sight(observation, framed=framed)
    components = tuple(row.look(sight) for row in CATALOGUE)
    score = combine(components)
    worst = min(
        (c for c in components if c.score is not None), key=lambda c: c.score or 0.0, default=None
    )
    if score is None or worst is None:
        return Polish(None, components, "nothing could be judged")
    said = "nothing to see" if worst.verdict == "pass" else f"{worst.title.lower()}: {worst.reason}"
    return Polish(score, components, said)


def combine(components: tuple[Component, ...]) -> float | None:
    """Combine what was judged into 0..100.

    The weighted geometric mean of the scores, none below 0.05, to the power of 1.4: it rises with
    every score, and one failure cannot be averaged away. A face cut off, an outline that cannot be
    trusted, closed eyes and a face in the dark cost a share of the whole beside, where they fail.
    The worst of all, whichever it is, costs nothing beside: as long as it did, a shadow below the
    eyes could decide, which no reader minds.
    """
    judged = [(max(c.score, FLOOR), c.weight) for c in components if c.score is not None]
    if not judged:
        return None
    total = sum(w for _, w in judged)
    mean = math.exp(sum(w * math.log(s) for s, w in judged) / total)
    score = 100 * math.pow(mean, SPREAD)
    for c in components:
        if c.name in DECISIVE and c.score is not None:
            least = DECISIVE[c.name]
            score *= least + (1 - least) * min(1.0, c.score / FAILS)
    return score
