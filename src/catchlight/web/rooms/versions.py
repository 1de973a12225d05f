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
from catchlight.results import Variant
from catchlight.setting import load_setting
from catchlight.studio.clock import Clock
from catchlight.studio.winner import decide, harmless
from catchlight.web.rooms.picture import distance
from catchlight.web.rooms.room import Room
from catchlight.web.rooms.views import to_png


def rank_looks(
    room: Room,
    clock: Clock,
    *,
    looks: Sequence[Mapping[str, Any]],
    setting: str,
    asked: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Order looks by likeness to every photo of the person, and say which wins.

    The rule is exploring's own (:func:`catchlight.studio.winner.decide`): the most alike of those
    that keep the setting's floors; a tie goes to the most polished, and then to the one that lies
    nearest to the setting's own choices. So comparing what exploring found finds the same.
    """
    wanted = load_setting(setting)
    nothing = np.zeros((1, 1, 3), np.float32)
    variants = []
    noise = 0.0
    for at, data in enumerate(looks):
        look = room.read_look(data)
        session = room.session(look, clock)
        found = clock("likeness", lambda: distance(room, session, look))  # noqa: B023
        noise = max(noise, 0.5 * harmless(session))
        how: Mapping[str, Any] = (
            asked[at] if at < len(asked) else {"dial": wanted.polish, "chosen": 0}
        )
        chosen = dict.fromkeys(map(str, range(how["chosen"])))
        proof = session.prove(look)
        own: dict[str, Any] = {"number": at, "title": "", "dial": how["dial"], "values": chosen}
        variants.append(Variant(**own, look=look, pixels=nothing, proof=proof, likeness=found))
    distances = [v.likeness for v in variants]
    known = [v.number for v in variants if v.likeness is not None]
    order = sorted(known, key=lambda i: distances[i] or 0.0)
    choice = decide(variants, wanted, noise=noise)
    return {
        "order": [*order, *(v.number for v in variants if v.likeness is None)],
        "likeness": distances,
        "winner": None if choice.winner is None else choice.winner.number,
        "alike": list(choice.tied),
        "tied": len(choice.tied) > 1,
        "by_polish": choice.by_polish,
        "short": choice.short,
        "why": choice.say(wanted, 1 + len(room.references())),
        "noise": noise,
        "photos": 1 + len(room.references()),
    }


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
