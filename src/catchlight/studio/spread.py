"""Variants that a person can tell apart at a glance: farthest first, near twins never.

Vocabulary: a *candidate* is a variant that may be shown, seen small; its *distance* to another is 1
where the two can just be told apart at a glance, on the face or on the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from catchlight.adjustments.key_light import judge
from catchlight.arrays import Float, as_float
from catchlight.backdrop import NAMES
from catchlight.pixels import colour, filters
from catchlight.render import render
from catchlight.studio.dial import Brief, hold_at
from catchlight.studio.session import Session

#: As many are shown at the most.
MOST = 9
#: Longer side at which candidates are seen, and the samples that are compared of face and whole.
_SEEN, _FACE, _WHOLE = 320, 24, 32
#: CIEDE2000 in the mean from which two faces, and two pictures, are told apart at a glance
#: [judgement: of pairs side by side at 560 pixels].
_APART = (0.9, 2.4)
#: How many are measured at the most.
_TRIED = 14
#: Where the dial's full reach stands among the candidates.
_FULLEST = 2
#: How much of a pattern the photo's own light must allow for it to be tried.
_ALLOWED = 0.5
#: A closer crop, by the size of the head; warmer and cooler, by hand.
_CLOSER, _WARMER = 1.28, 0.35
#: The largest head of a closer crop, chin to crown over the height.
_LARGEST = 0.62
#: How sure the cut-out must be for paper to be tried.
_SURE = 0.75
_PATTERN = 0.8
_PATTERNS = ("soft", "loop", "rembrandt")


@dataclass(frozen=True, eq=False)
class Candidate:
    """A variant that may be shown.

    Attributes
    ----------
    title, polish, brief : as it is told and asked for
    face, whole : (n, n, 3) CIELAB, seen small
    """

    title: str
    polish: float
    brief: Brief
    face: Float
    whole: Float


def list_candidates(
    room_of: Callable[[Brief], Session], brief: Brief, edge: float | None
) -> list[Candidate]:
    """See small what may be shown; the first is the setting's own.

    Parameters
    ----------
    room_of : callable of a brief -> the session of its frame
    brief : Brief
    edge : float or None, the place of the dial beyond which the person is no longer themselves
    """
    room = room_of(brief)
    own = brief.own if edge is None else min(brief.own, edge)
    fullest = 1.0 if edge is None else float(np.floor(edge * 20) / 20)
    patterns: list[dict[str, Any]] = [{"light": name} for name in list_lights(room, brief)]
    warmths: list[dict[str, Any]] = [{"warmth": w} for w in (_WARMER, -_WARMER)]
    others = [*list_crops(room, brief), *list_grounds(room, brief)]
    # One thing is chosen otherwise, or two: what differs in everything has no name.
    asked: list[tuple[float, dict[str, Any]]] = [(own, {}), (0.0, {}), (fullest, {})]
    asked += [(own, one) for one in (*patterns, *warmths, *others)]
    asked += [(own, a | b) for a in patterns for b in (*warmths, *others)]
    asked += [(fullest, one) for one in (*warmths, *others)]
    return [_see(room_of, brief, place, wanted) for place, wanted in asked]


def list_lights(room: Session, brief: Brief) -> list[str]:
    """The patterns that the photo's own light allows; none where a person chose."""
    if "light" in brief.values:
        return []
    return [name for name in _PATTERNS if judge(room.scene, name)[0] >= _ALLOWED]


def list_crops(room: Session, brief: Brief) -> list[dict[str, Any]]:
    """A closer crop, where the head leaves room for one, else one of another shape."""
    if {"crop", "head", "place"} & set(brief.values):
        return []
    head = room.scene.frame.head
    if head * _CLOSER <= _LARGEST:
        return [{"head": round(head * _CLOSER, 2)}]
    return [{"crop": "headshot" if brief.setting.crop.use == "square" else "square"}]


def list_grounds(room: Session, brief: Brief) -> list[dict[str, Any]]:
    """The photo's own ground softened, or sharp; and paper where the cut-out is sure.

    Paper of the setting's family, and one unlike it.
    """
    if "backdrop" in brief.values:
        return []
    own = room.settle(brief.look(brief.own)).name
    found = [{"backdrop": "keep" if own == "blur" else "blur"}]
    if room.scene.soundness.score < _SURE:
        return found
    family = brief.setting.backdrop.use.removeprefix("auto:")
    first = family if family in NAMES else "studio-warm"
    return found + [
        {"backdrop": n} for n in (first, "charcoal" if first != "charcoal" else "studio-warm")
    ]


def _see(
    room_of: Callable[[Brief], Session], brief: Brief, place: float, wanted: dict[str, Any]
) -> Candidate:
    """Develop one candidate small."""
    values = dict(brief.values) | {k: v for k, v in wanted.items() if k != "warmth"}
    adjust = {"warmth": wanted["warmth"]} if "warmth" in wanted else {}
    if "light" in wanted:
        # At less nobody sees which pattern it is.
        adjust["key_light"] = _PATTERN
    if adjust:
        values["adjust"] = {**values.get("adjust", {}), **adjust}
    asked = replace(brief, values=values)
    room = room_of(asked)
    look, _ = hold_at(room, asked, place)
    plan = room.small_plan(look, _SEEN)
    lab = colour.p3_to_lab(as_float(np.clip(render(plan, look.strengths).pixels, 0, 1)))
    scale = plan.size[0] / room.scene.frame.width
    box = np.clip(np.array(room.scene.face.box) * scale, 0, [*plan.size, *plan.size]).astype(int)
    face = np.ascontiguousarray(lab[box[1] : box[3], box[0] : box[2]])
    title = _say(brief, place, wanted, room.settle(look).name)
    whole = filters.resize(lab, _WHOLE, _WHOLE)
    return Candidate(title, place, asked, filters.resize(face, _FACE, _FACE), whole)


def _say(brief: Brief, place: float, chosen: dict[str, Any], ground: str) -> str:
    """Name a candidate in words, by what is not the setting's own."""
    words = []
    if place == 0:
        words.append("nothing refined")
    elif place != brief.own:
        words.append(f"{'more' if place > brief.own else 'less'} polished")
    if "light" in chosen:
        words.append("softer light" if chosen["light"] == "soft" else f"{chosen['light']} light")
    if "head" in chosen:
        words.append("closer")
    if "crop" in chosen:
        words.append("square" if chosen["crop"] == "square" else "upright")
    if "warmth" in chosen:
        words.append("warmer" if chosen["warmth"] > 0 else "cooler")
    if not words:
        words.append(f"as {brief.setting.name} asks")
    known = {"keep": "own background", "blur": "softened background"}
    return ", ".join([*words, known.get(ground, ground)])


def tell_apart(a: Candidate, b: Candidate) -> float:
    """Distance of two candidates: 1 and more can be told apart at a glance."""
    pairs = ((a.face, b.face), (a.whole, b.whole))
    each = [float(colour.ciede2000(x, y).mean()) for x, y in pairs]
    return max(value / just for value, just in zip(each, _APART, strict=True))


def choose_spread(
    candidates: Sequence[Candidate], accept: Callable[[Candidate], bool]
) -> list[Candidate]:
    """Choose the first, then again and again what is farthest from all that is chosen.

    No more than nine, and none that is not told apart at a glance from each of the others.

    Parameters
    ----------
    candidates : sequence of Candidate
    accept : callable
        Whether one that would be chosen lies above the floors; it is asked of few.

    Notes
    -----
    Farthest-point sampling (Gonzalez 1985), in the distance of :func:`tell_apart`.
    """
    near = np.full(len(candidates), np.inf)
    chosen: list[Candidate] = []
    # The setting's own comes first, and the dial's full reach second, where it can be seen.
    for k in range(_TRIED):
        best = int(near.argmax())
        if k < 2 and len(candidates) > _FULLEST:
            best = (0, _FULLEST)[k]
            if near[best] < 1:
                continue
        if near[best] < 1 or len(chosen) == MOST:
            break
        near[best] = 0
        if chosen and not accept(candidates[best]):
            continue
        chosen.append(candidates[best])
        near = np.minimum(near, [tell_apart(candidates[best], c) for c in candidates])
    return chosen
