"""Versions: which of several looks is most the person, what edits cost, the marks of the skin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from catchlight.adjustments.catalogue import BY_NAME
from catchlight.analysis.scene import Scene
from catchlight.errors import LookError
from catchlight.pixels import geometry
from catchlight.render import list_applied
from catchlight.studio.clock import Clock
from catchlight.studio.winner import harmless
from catchlight.web.rooms.picture import distance
from catchlight.web.rooms.room import Room
from catchlight.web.rooms.views import to_png


def rank_looks(
    room: Room, clock: Clock, *, looks: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:  # fmt: skip
    """Order looks by likeness to every photo of the person, the most alike first."""
    found: list[float | None] = []
    noise = 0.0
    for data in looks:
        look = room.read_look(data)
        session = room.session(look, clock)
        found.append(clock("likeness", lambda: distance(room, session, look)))  # noqa: B023
        noise = max(noise, 0.5 * harmless(session))
    known = [i for i, d in enumerate(found) if d is not None]
    order = sorted(known, key=lambda i: found[i] or 0.0)
    rest = [i for i in range(len(found)) if i not in known]
    why, tied = _say_order(found, order, noise, 1 + len(room.references()))
    return {"order": [*order, *rest], "likeness": found, "why": why, "tied": tied, "noise": noise}


def _say_order(
    found: Sequence[float | None], order: Sequence[int], noise: float, photos: int
) -> tuple[str, bool]:
    if not order:
        return "The likeness cannot be judged on this photo.", False
    seen = "the photo" if photos == 1 else f"all {photos} photos"
    best = found[order[0]] or 0.0
    said = f"Version {order[0] + 1} is the most like the person in {seen} (distance {best:.3f})"
    alike = [i for i in order[1:] if (found[i] or 0.0) <= best + noise]
    if alike:
        named = ", ".join(str(i + 1) for i in alike)
        return f"{said}; as like within the measure's noise: {named}.", True
    if len(order) > 1:
        said += f"; the next, version {order[1] + 1}, lies at {found[order[1]]:.3f}"
    return f"{said}.", False


def list_acting(room: Room, clock: Clock, *, look: Mapping[str, Any]) -> list[str]:
    """Names of the adjustments that change something in a look."""
    asked = room.read_look(look)
    session = room.session(asked, clock)
    return list(list_applied(clock("layers", lambda: session.plan(asked)), asked.strengths))


def cost(room: Room, clock: Clock, *, look: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What one edit gives and costs: the numbers with it less those without it."""
    asked = room.read_look(look)
    session = room.session(asked, clock)
    whole = clock("likeness", lambda: session.prove(asked))
    without = asked.model_copy(update={"adjust": {**asked.strengths, name: 0.0}})
    rest = clock("likeness", lambda: session.prove(without))
    pairs = {
        "authenticity": (whole.authenticity.score, rest.authenticity.score),
        "polish": (whole.polish.score, rest.polish.score),
    }
    told = {k: None if a is None or b is None else a - b for k, (a, b) in pairs.items()}
    return {"name": name} | told


def list_marks(room: Room, clock: Clock, *, look: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The marks of the skin, where they are in the look's frame, and what becomes of each."""
    asked = room.read_look(look)
    scene = room.session(asked, clock).scene
    verdicts = asked.params_of(BY_NAME["blemishes"]).verdicts  # type: ignore[attr-defined]
    marks = clock("marks", lambda: scene.face_crop.marks)
    rows = []
    for mark in marks:
        chosen = "keep" if mark.id in asked.keep else "heal" if mark.id in asked.heal else "auto"
        rows.append(
            {
                "id": mark.id,
                "kind": mark.kind,
                "fate": mark.fate,
                "permanent": mark.fate == "permanent",
                "confidence": round(mark.confidence, 3),
                "diameter_mm": round(mark.diameter_mm, 2),
                "box": _box(scene, mark.x, mark.y, mark.diameter_mm),
                "chosen": chosen,
                "heals": verdicts.heals(mark),
            }
        )
    return rows


def _box(scene: Scene, x: float, y: float, across_mm: float) -> list[float]:
    """The square around a place of the face crop, in shares of the frame."""
    at = geometry.apply(scene.face_grid.matrix, np.array([[x, y]], np.float32))[0]
    side = max(across_mm, 1.0) * scene.face.px_per_mm * 1.5
    w, h = scene.frame.width, scene.frame.height
    corner = ((at[0] - side / 2) / w, (at[1] - side / 2) / h, side / w, side / h)
    return [round(float(v), 5) for v in corner]


def draw_evidence(
    room: Room, clock: Clock, *, look: Mapping[str, Any], number: str, component: str
) -> bytes:
    """A component's picture, as PNG.

    Raises
    ------
    LookError
        There is none.
    """
    asked = room.read_look(look)
    session = room.session(asked, clock)
    found = []
    if number == "authenticity":
        found = list(clock("likeness", lambda: session.picture_evidence(asked)).components)
    row = next((c for c in found if c.name == component), None)
    if row is None or row.picture is None:
        raise LookError(f"There is no picture of {component} for this look.")
    return to_png(row.picture)
