"""Staged evidence: every verdict, open and closed ranges, pictures, nothing known, odd words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from catchlight.analysis.scene import Scene
from catchlight.analysis.subject import Subject
from catchlight.arrays import Pixels
from catchlight.images import Metadata, Picture
from catchlight.likeness.authenticity import Authenticity
from catchlight.likeness.component import Component, indeterminate
from catchlight.likeness.observation import Observation
from catchlight.look import Look
from catchlight.polish.score import Polish
from catchlight.results import Answer, Check, Contribution, Evidence, Proof, Shot, Variant
from catchlight.studio import develop
from catchlight.studio.session import Session


def draw_map() -> np.ndarray:
    """A picture that a component may carry: 240 x 200 uint8."""
    y, x = np.mgrid[0:240, 0:200]
    return np.stack([x, y, 255 - x], -1).astype(np.uint8)


def components() -> tuple[Component, ...]:
    return (
        Component(
            "identity", "Identity", 0.061, "distance", 0.0, 0.12, 1.0, 3, "pass",
            "the face lies no further from the photo than the photo saved as JPEG",
            {"jpeg": 0.031, "shift": 0.0441, "mirror": 0.09},
        ),
        Component(
            "texture_kept", "Texture kept", 0.84, "coherent gain", 0.9, None, 0.8, 2, "warn",
            "Fine texture of the left cheek was smoothed <here & there>.",
            {"regions": [{"part": "left cheek", "kept": 0.81}, {"part": "forehead", "kept": 1}]},
            draw_map(),
        ),
        Component(
            "marks", "Marks kept", 0.6, "share kept", 1.0, None, 0.0, 3, "fail",
            "The mole l23d41 is gone.", {"lost": ["l23d41"], "kept": 3, "by_kind": {"mole": 1}},
        ),
        Component(
            "tone", "Skin tone", -1.2, "°", -4.0, 4.0, 1.0, 2, "pass", "Skin is as dark as it was.",
            {"ita_before": -12.25, "ita_after": -13.45, "steps": list(range(30))},
        ),
        *(
            indeterminate(
                title.lower(), title, "", 1, "the photo has too few pixels to show such fine detail"
            )
            for title in ("Lines", "Eyes", "Left-right differences", "Texture invented")
        ),
    )  # fmt: skip


def authenticity(score: float | None = 59.0) -> Authenticity:
    reason = "Still the same person; a little texture is gone."
    return Authenticity(score, components(), 0.93, "marks", same_photo=True, reason=reason)


def polish(score: float | None, sharpness: float) -> Polish:
    rows = (
        Component(
            "sharpness", "Sharpness", sharpness, "mm", None, 0.85, 0.7, 2, "pass", "Sharp edges."
        ),
        Component(
            "balance",
            "White balance",
            0.4,
            "of eye to chin, sideways",
            None,
            0.2,
            0.3,
            1,
            "warn",
            "A little warm.",
        ),
        indeterminate("noise", "Noise", "dB", 1, "The background was replaced."),
    )
    return Polish(score, rows, "The light is even and the face is sharp.")


def evidence() -> Evidence:
    contributions = (
        Contribution("exposure", 0.5, -0.3, 6.2, 0.41),
        Contribution("skin_evenness", 0.35, -2.6, 1.1, 0.021),
        Contribution("eyes", 0.25, None, 0.0, 0.0),
    )
    return Evidence(
        authenticity(),
        polish(61.4, 0.71),
        polish(84.2, 0.66),
        contributions,
        stopped_by="Polish stopped at 0.55: above that, texture kept would fall below its floor.",
        setting="linkedin",
    )


def variant(
    number: int,
    title: str,
    pixels: Pixels,
    scores: tuple[float | None, float | None],
    likeness: float | None,
    reason: str,
    *,
    on_front: bool,
) -> Variant:
    """A variant of those scores: authenticity, polish."""
    return Variant(number, title, 0.5, Look(), pixels, proof(*scores), likeness, on_front, reason)


def proof(authentic: float | None, polished: float | None) -> Proof:
    """A proof of which only the scores are known."""
    said = Authenticity(authentic, (), 1.0, None, same_photo=True, reason="")
    return Proof(Look(), said, Polish(polished, (), ""))


def variants(pixels: Pixels, count: int = 6) -> tuple[Variant, ...]:
    made = [
        variant(
            i + 1,
            f"polish {i / count:.1f}, studio-{'warm' if i % 2 else 'cool'}, headshot",
            (pixels * np.float32(1 + 0.05 * i)).astype(np.float32),
            (
                97.0 - 2.1 * i - (3 if i % 3 == 2 else 0),
                60.0 + 3.1 * i - (5 if i % 3 == 2 else 0),
            ),
            0.31 + 0.004 * i * (-1) ** i,
            "On the front: no other has more of both." if i % 3 != 2 else "Variant 1 has more.",
            on_front=i % 3 != 2,
        )
        for i in range(count - 1)
    ]
    unknown = variant(
        count,
        "polish 1, <keep>, square",
        pixels,
        (None, 70.0),
        None,
        "No face was found.",
        on_front=False,
    )
    return (*made, unknown)


def check(
    name: str,
    pixels: Pixels,
    against: Sequence[tuple[str, Pixels]],
    overall: Authenticity | None = None,
    answer: Answer = "yes",
    reason: str = "the faces lie close together",
) -> Check:
    """An audit against photos of which each says the same."""
    said = overall or authenticity()
    return Check(
        Observation(name, pixels, None, 60.0),
        tuple(Observation(title, photo, None, 60.0) for title, photo in against),
        (said,) * len(against),
        said,
        0,
        polish(84.0, 0.7),
        answer,
        reason,
        {},
    )


def shot(picture: Picture, subject: Subject, scene: Scene) -> Shot:
    look = Look(matte="fast")
    session = Session(scene)
    metadata = Metadata(removed=("location", "serial number"))
    return Shot(
        replace(picture, metadata=metadata),
        subject,
        scene,
        develop(scene, look),
        look,
        session.settle(look),
        session.soundness(look),
        {"decode": 0.01, "render": 0.2},
        ("the <face> is small & soft",),
    )


def marks(made: Shot, count: int) -> list[dict[str, Any]]:
    """Marks down the sitter's nose, in photo pixels, the second of them healed."""
    x, y = made.subject.face.eyes.mean(0)
    return [
        {
            "id": f"r{i % 3:02d}d{i:02d}",
            "x": float(x) + 0.5 * (i % 3),
            "y": float(y) + i,
            "diameter_mm": 1.5,
            "melanin": 0.2,
            "redness": 0.05,
            "kind": "mole",
            "fate": "permanent",
            "confidence": 0.8,
            "healed": i == 1,
        }
        for i in range(count)
    ]
