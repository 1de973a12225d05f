"""Versions: variants of one photo, which of several looks is most them, and what edits cost."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from catchlight.adjustments.catalogue import BY_NAME
from catchlight.analysis.scene import Scene
from catchlight.errors import LookError
from catchlight.likeness.authenticity import Authenticity
from catchlight.pixels import geometry
from catchlight.polish.score import Polish
from catchlight.render import list_applied, render
from catchlight.results import Proof, Variant
from catchlight.setting import load_setting
from catchlight.studio.clock import Clock
from catchlight.studio.dial import hold_at
from catchlight.studio.variants import POLISHES, plan_variants
from catchlight.studio.winner import choose, harmless, mark_front
from catchlight.web.rooms.picture import distance, look_key
from catchlight.web.rooms.room import Room, read_brief
from catchlight.web.rooms.views import show, to_png

#: Longer side of a variant's picture.
_SHOWN = 320
#: Papers that are tried beside what ``auto`` chooses, the quiet ones first.
_PAPERS = ("studio-cool", "charcoal", "studio-warm", "navy")


def list_variants(
    room: Room, clock: Clock, *, setting: str, values: Mapping[str, Any], count: int
) -> list[dict[str, Any]]:
    """Name the variants to try: places of the dial, by backdrop where none was said."""
    polishes = POLISHES[: min(count, len(POLISHES))] if count > 1 else (1.0,)
    axes: dict[str, Sequence[Any]] = {}
    rows = max(1, count // len(polishes))
    if "backdrop" not in values:
        own = load_setting(setting).backdrop.use
        axes["backdrop"] = (own, *(p for p in _PAPERS if p != own))[:rows]
    brief = read_brief(room, setting, None, values)
    plan = plan_variants(brief, polishes=polishes, axes=axes)
    told = []
    for title, polish, asked in plan[:count]:
        extra = {k: v for k, v in asked.values.items() if k in axes}
        told.append({"name": title, "polish": polish, "values": {**values, **extra}})
    return told


def make_variant(
    room: Room,
    clock: Clock,
    *,
    setting: str,
    name: str,
    polish: float,
    values: Mapping[str, Any],
) -> dict[str, Any]:
    """One variant, held by the guard, measured and shown small."""
    brief = read_brief(room, setting, polish, values)
    session = room.session(brief.look(polish), clock)
    look, _ = hold_at(session, brief, polish)
    proof = clock("likeness", lambda: session.prove(look))
    drawn = clock("render", lambda: render(session.plan(look).resized(2 * _SHOWN), look.strengths))
    picture = base64.b64encode(show(drawn.pixels, _SHOWN)).decode()
    return {
        "name": name,
        "dial": polish,
        "look": room.spell_out(look),
        "key": look_key(room, look),
        "authenticity": proof.authenticity.score,
        "polish": proof.polish.score,
        "likeness": distance(room, session, look),
        "noise": 0.5 * harmless(session),
        "thumbnail": f"data:image/jpeg;base64,{picture}",
    }


def choose_variant(
    room: Room, clock: Clock, *, setting: str, rows: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Which variant wins, why, and which no other beats in both numbers."""
    nothing = np.zeros((1, 1, 3), np.float32)
    variants = []
    for number, row in enumerate(rows, 1):
        look = room.read_look(row["look"])
        authenticity = Authenticity(row["authenticity"], (), 1.0, None, same_photo=True, reason="")
        proof = Proof(look, authenticity, Polish(row["polish"], (), ""))
        variants.append(
            Variant(number, row["name"], row["dial"], look, nothing, proof, row["likeness"])
        )
    noise = max(row["noise"] for row in rows)
    photos = 1 + len(room.references())
    winner, why = choose(variants, load_setting(setting), noise=noise, photos=photos)
    front = [v.number for v in mark_front(variants) if v.on_front]
    return {"winner": winner, "why": why, "front": front}


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
