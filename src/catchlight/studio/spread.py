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
#: A place of the dial, and what is chosen there.
Wanted = tuple[float, dict[str, Any]]


@dataclass(frozen=True, eq=False)
class Draft:
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


def list_wanted(room: Session, brief: Brief, edge: float | None) -> list[Wanted]:
    """What may be shown: places of the dial and what is chosen there; the setting's own first.

    Parameters
    ----------
    room : Session, of the brief's own frame
    brief : Brief
    edge : float or None, the place of the dial beyond which the person is no longer themselves
    """
    own = brief.own if edge is None else min(brief.own, edge)
    fullest = 1.0 if edge is None else float(np.floor(edge * 20) / 20)
    patterns: list[dict[str, Any]] = [{"light": name} for name in list_lights(room, brief)]
    warmths: list[dict[str, Any]] = [{"warmth": w} for w in (_WARMER, -_WARMER)]
    others = [*list_crops(room, brief), *list_grounds(room, brief)]
    # One thing is chosen otherwise, or two: what differs in everything has no name.
    asked: list[Wanted] = [(own, {}), (0.0, {}), (fullest, {})]
    asked += [(own, one) for one in (*patterns, *warmths, *others)]
    asked += [(own, a | b) for a in patterns for b in (*warmths, *others)]
    asked += [(fullest, one) for one in (*warmths, *others)]
    return asked


def list_candidates(
    room_of: Callable[[Brief], Session], brief: Brief, edge: float | None
) -> list[Draft]:
    """See small what may be shown; the first is the setting's own.

    Parameters
    ----------
    room_of : callable of a brief -> the session of its frame
    brief : Brief
    edge : float or None, as :func:`list_wanted` takes it
    """
    return [see(room_of, brief, wanted) for wanted in list_wanted(room_of(brief), brief, edge)]


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


def see(room_of: Callable[[Brief], Session], brief: Brief, asked_for: Wanted) -> Draft:
    """Develop one candidate small."""
    place, wanted = asked_for
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
    return Draft(title, place, asked, filters.resize(face, _FACE, _FACE), whole)


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


def tell_apart(a: Draft, b: Draft) -> float:
    """Distance of two candidates: 1 and more can be told apart at a glance."""
    pairs = ((a.face, b.face), (a.whole, b.whole))
    each = [float(colour.ciede2000(x, y).mean()) for x, y in pairs]
    return max(value / just for value, just in zip(each, _APART, strict=True))


class Spread:
    """Candidates, and which of them are shown: one is proposed, somebody says whether it will do.

    Farthest-point sampling (Gonzalez 1985), in the distance of :func:`tell_apart`.

    Parameters
    ----------
    candidates : sequence of Draft, the setting's own first
    most : int, as many are chosen at the most

    Attributes
    ----------
    tried : list of (number, whether it is shown)
    """

    def __init__(self, candidates: Sequence[Draft], *, most: int = MOST) -> None:
        self.candidates, self.most = candidates, most
        self.tried: list[tuple[int, bool]] = []
        self._near = np.full(len(candidates), np.inf)

    @property
    def chosen(self) -> list[int]:
        """Numbers of those that are shown."""
        return [number for number, shown in self.tried if shown]

    def propose(self) -> int | None:
        """The next: what is farthest from all that are chosen; None where that is enough.

        The setting's own comes first, and the dial's full reach second, where it can be seen.
        """
        near, count = self._near, len(self.tried)
        if len(self.chosen) == self.most or count == max(_TRIED, self.most + 5):
            return None
        if count < 2 and len(near) > _FULLEST and near[first := (0, _FULLEST)[count]] >= 1:
            return first
        best = int(near.argmax())
        return best if near[best] >= 1 else None

    def settle(self, number: int, *, shown: bool) -> None:
        """Show a candidate, or pass it over."""
        self.tried.append((number, shown))
        self._near[number] = 0
        if shown:
            one = self.candidates[number]
            self._near = np.minimum(self._near, [tell_apart(one, c) for c in self.candidates])


def choose_spread(
    candidates: Sequence[Draft], accept: Callable[[Draft], bool], *, most: int = MOST
) -> list[Draft]:
    """Choose the first, then again and again what is farthest from all that are chosen.

    Parameters
    ----------
    candidates : sequence of Draft
    accept : callable
        Whether one that would be chosen lies above the floors; it is asked of few.
    most : int
    """
    spread = Spread(candidates, most=most)
    while (number := spread.propose()) is not None:
        spread.settle(number, shown=not spread.chosen or accept(candidates[number]))
    return [candidates[number] for number in spread.chosen]
