"""One photo made into a headshot, and everything measured about it for its report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catchlight.advice.advise import WardrobeAdvice
    from catchlight.analysis.cutout.soundness import Soundness
    from catchlight.analysis.scene import Scene
    from catchlight.analysis.subject import Subject
    from catchlight.analysis.verdict.verdict import Verdict
    from catchlight.backdrop import Settled
    from catchlight.images import Picture
    from catchlight.likeness.authenticity import Authenticity
    from catchlight.look import Look
    from catchlight.polish.score import Polish
    from catchlight.render import Rendered
    from catchlight.results.proof import Dialled, Guarded, Proof


@dataclass(frozen=True)
class Contribution:
    """What one edit did, by leaving it out: the result with all edits less the one without it.

    Attributes
    ----------
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
    """Everything measured about one headshot, for its report.

    Attributes
    ----------
    authenticity : of the result against its own photo, its pictures drawn
    polish_before, polish_after : of the photo in its frame, and of the result
    contributions : tuple of Contribution, edits that acted
    stopped_by : str or None
        What stopped the automatic dial, in words; None where it was not automatic.
    """

    authenticity: Authenticity
    polish_before: Polish
    polish_after: Polish
    contributions: tuple[Contribution, ...] = ()
    stopped_by: str | None = None
    setting: str | None = None


@dataclass(frozen=True)
class Shot:
    """One photograph made into a headshot, with everything known about how.

    Attributes
    ----------
    picture, subject, scene, rendered, look
        Every station of the way.
    settled : Settled, the backdrop that was painted
    soundness : Soundness or None, of the cut-out; None where nothing is cut out
    proof, polish_before : of the result, and of the photo in its frame; None if nobody asked
    dialled : Dialled or None, where the look was given outright
    evidence : Evidence or None, if nobody asked for a report
    guarded : Guarded or None, what the guard of the skin saw and took back
    verdict : Verdict or None, whether the photo will do
    wardrobe : WardrobeAdvice or None, what is said of the clothes; None if nobody asked
    """

    picture: Picture
    subject: Subject
    scene: Scene
    rendered: Rendered
    look: Look
    settled: Settled
    soundness: Soundness | None
    seconds: dict[str, float]
    warnings: tuple[str, ...]
    proof: Proof | None = None
    polish_before: Polish | None = None
    dialled: Dialled | None = None
    evidence: Evidence | None = None
    guarded: Guarded | None = None
    verdict: Verdict | None = None
    wardrobe: WardrobeAdvice | None = None
