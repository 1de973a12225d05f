"""Shots: what the studio hands over, as far as records and pages look at it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, Pixels
from catchlight.images import Metadata
from catchlight.likeness.authenticity import Authenticity
from catchlight.look import Look
from catchlight.polish.score import Polish


class SubjectLike(Protocol):
    """The part of a subject that a record needs."""

    @property
    def face(self) -> Face:
        """The chosen face, in photo pixels."""
        ...


class PhotoLike(Protocol):
    """The part of a picture that a record needs."""

    @property
    def metadata(self) -> Metadata:
        """What the file said beside its pixels."""
        ...


class RenderedLike(Protocol):
    """The part of a rendered headshot that a record needs."""

    @property
    def pixels(self) -> Pixels:
        """(H, W, 3) linear P3."""
        ...

    @property
    def applied(self) -> Mapping[str, float]:
        """Largest change by each adjustment that acted: stops, of a warp millimetres."""
        ...

    @property
    def warp(self) -> Float | None:
        """(H, W, 2) mm of the face: what was moved; None where nothing was."""
        ...


class ProofLike(Protocol):
    """The part of a proof that a record needs."""

    @property
    def authenticity(self) -> Authenticity:
        """Whether it is still them."""
        ...

    @property
    def polish(self) -> Polish:
        """How good it is as a headshot."""
        ...


class DialledLike(Protocol):
    """The part of a dial's choice that a record needs."""

    @property
    def setting(self) -> str:
        """What the headshot is for."""
        ...

    @property
    def polish(self) -> float:
        """0..1."""
        ...

    @property
    def automatic(self) -> bool:
        """Whether the polish was chosen by its cost in likeness."""
        ...

    @property
    def stopped_by(self) -> str | None:
        """The component that stopped the dial."""
        ...

    @property
    def reason(self) -> str:
        """In words."""
        ...

    @property
    def tried(self) -> tuple[tuple[float, float | None], ...]:
        """Polish and authenticity of each trial."""
        ...


class SessionLike(Protocol):
    """The part of a session that a record needs."""

    @property
    def polish_before(self) -> Polish:
        """How good the photo was in the same frame."""
        ...


class ShotLike(Protocol):
    """What the studio hands over: one photograph made into a headshot."""

    @property
    def picture(self) -> PhotoLike:
        """The photo."""
        ...

    @property
    def subject(self) -> SubjectLike:
        """The photo with its faces found."""
        ...

    @property
    def scene(self) -> Scene:
        """The framed photo, measured."""
        ...

    @property
    def rendered(self) -> RenderedLike:
        """The result."""
        ...

    @property
    def look(self) -> Look:
        """What was asked for."""
        ...

    @property
    def proof(self) -> ProofLike | None:
        """What it measured."""
        ...

    @property
    def dialled(self) -> DialledLike | None:
        """How the polish was chosen."""
        ...

    @property
    def session(self) -> SessionLike:
        """What measured the photo before."""
        ...

    @property
    def seconds(self) -> dict[str, float]:
        """Time of each stage."""
        ...

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know."""
        ...
