"""What the use cases return: plain frozen data, with nothing behind it that could still change.

A *proof* is a look measured; a *shot* one photo made into a headshot; a *variant* one of several; a
*check* an audit; a *record* what became of a job, ready to be sent anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:  # a door that only hands a record on loads none of this
    from catchlight.advice.advise import WardrobeAdvice
    from catchlight.analysis.cutout.soundness import Soundness
    from catchlight.analysis.scene import Scene
    from catchlight.analysis.subject import Subject
    from catchlight.analysis.verdict.verdict import Verdict
    from catchlight.arrays import Pixels
    from catchlight.backdrop import Settled
    from catchlight.images import Picture
    from catchlight.likeness.authenticity import Authenticity
    from catchlight.likeness.observation import Observation
    from catchlight.likeness.skin import SkinChange
    from catchlight.look import Look
    from catchlight.polish.score import Polish
    from catchlight.render import Rendered

Answer = Literal["yes", "doubtful", "no", "cannot say"]
#: What a job may make: the picture, before | after, the page, and the look as TOML.
FileKind = Literal["headshot", "compare", "report", "look"]


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


@dataclass(frozen=True)
class Record:
    """What became of a job: plain data and bytes, ready to be pickled, sent or stored.

    Attributes
    ----------
    json : what ``--json`` prints; ``error`` is None, or ``type``, ``message`` and ``code``
    files : what was made and not written, because the job named no place for it
    trace : where an error arose, for the developers
    """

    json: dict[str, Any]
    files: Mapping[FileKind, bytes] = field(default_factory=dict)
    trace: str = ""

    @property
    def failed(self) -> bool:
        """Whether the job gave no headshot."""
        return self.json["error"] is not None
