"""Authenticity: is it still them, as one number in which no failure is averaged away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from catchlight.arrays import Float
from catchlight.likeness.across import CLOSE, Across
from catchlight.likeness.catalogue import ACROSS, CATALOGUE, IDENTITY
from catchlight.likeness.component import Component
from catchlight.likeness.identity import measure_identity_across, measure_spread
from catchlight.likeness.mark_places import find_moles
from catchlight.likeness.observation import Observation
from catchlight.likeness.pictures import add_pictures
from catchlight.likeness.register import Pair, pair_up
from catchlight.pixels.beside import beside

#: With less of the weight measured there is not enough evidence for a score.
_COVERAGE = 0.6
#: A face this small (inter-eye pixels of the source) or so far turned cannot be judged.
_LEAST_IED, _MOST_YAW = 24.0, 45.0
#: Share of the face that must be bare skin: a full beard, fringe and glasses together leave more.
_LEAST_BARE = 0.12
#: What a failed component leaves at most, what two do, and what a failed identity does.
_ONE, _TWO, _OTHER = 59.0, 39.0, 19.0
#: Why nothing else is told of another person.
OTHER_PERSON = "it is another person, so nothing else was compared"
#: From here on nothing lowers the score to speak of.
_NOTHING = 99.0


@dataclass(frozen=True)
class Authenticity:
    """How much of the person is left, and the evidence.

    Attributes
    ----------
    score : float or None, 0..100; None without enough evidence
    components : tuple of Component
    coverage : float, measured weight over all weight that applies to this photo
    limited_by : str or None, name of the component that lowers the score most
    same_photo : bool, both pictures are one photograph, in register
    reason : str, a sentence
    """

    score: float | None
    components: tuple[Component, ...]
    coverage: float
    limited_by: str | None
    same_photo: bool
    reason: str

    def __getitem__(self, name: str) -> Component:
        """Return the component of that name."""
        return next(c for c in self.components if c.name == name)

    def to_json(self) -> dict[str, Any]:
        """Return everything but the pictures, ready for JSON."""
        return {
            "score": self.score,
            "coverage": self.coverage,
            "limited_by": self.limited_by,
            "same_photo": self.same_photo,
            "reason": self.reason,
            "components": [c.to_json() for c in self.components],
        }


def measure_authenticity(
    before: Observation,
    after: Observation,
    *,
    others: Sequence[Observation] = (),
    same_frame: bool | None = None,
    warp: Float | None = None,
    recoloured: bool = False,
    pictures: bool = False,
) -> Authenticity:
    """Measure how much of the person ``after`` still shows.

    Parameters
    ----------
    before, after : Observation
    others : further photos of the same person
    same_frame : bool or None
        True: both have the same pixel grid and show the same frame; False: different photographs;
        None: find out.
    warp : (H, W, 2) float32 in mm of the face, optional
        A displacement that was applied on purpose, with ``same_frame=True``: what lies at pixel p
        before lies at ``p + warp[p] * px_per_mm`` after (x, then y; a field over the picture
        before, pointing forwards). It is taken back before anything is compared.
    recoloured : bool
        Whether the colour of the light was changed on purpose (:attr:`register.Pair.recoloured`).
    pictures : bool
        Also draw the components' pictures.

    Returns
    -------
    Authenticity
    """
    refused = _refuse(before, after)
    if refused is not None:
        return _nothing(refused)
    pair = pair_up(before, after, same_frame=same_frame, warp=warp)
    if pair is not None and pair.view.bare < _LEAST_BARE:
        return _nothing(f"{before.name}: the face is mostly covered")
    if pair is None:
        return combine(look_across(before, after, others), same_photo=False)
    spread = measure_spread(before, others)
    pair = replace(pair, spread=spread, recoloured=recoloured)
    # The networks look beside what is measured on pixels; who waits for them is asked last.
    beside(partial(look_with_networks, pair))
    told = {row.name: row.look(pair) for row in sorted(CATALOGUE, key=lambda r: r.asks_networks)}
    rows = tuple(told[row.name] for row in CATALOGUE)
    return combine(add_pictures(rows, pair) if pictures else rows, same_photo=True)


def judge_face_only(before: Observation, after: Observation) -> Authenticity:
    """Judge who ``after`` shows by one photo that is not leaned on; nothing else, and no score."""
    refused = _refuse(before, after)
    if refused is not None:
        return _nothing(refused)
    identity = IDENTITY.component(measure_identity_across(before, after, ()))
    said = "this photo is asked who it is; the one that is leaned on, for the rest"
    rest = [row.unjudged(said, moot=True) for row in CATALOGUE[1:]]
    found = combine((identity, *rest), same_photo=False)
    return found if identity.verdict == "fail" else replace(found, score=None, limited_by=None)


def look_across(
    before: Observation, after: Observation, others: Sequence[Observation]
) -> tuple[Component, ...]:
    """Measure what can be told of ``after`` when it is another photograph than all of these.

    Who it is is asked of all photos; the rest of the ``CLOSE`` that are most like ``before``, which
    is leaned on. Of another person nothing else is told.
    """
    identity = IDENTITY.component(measure_identity_across(before, after, others))
    seen = [w for w in others if w.face is not None and _refuse(w, after) is None]
    across = Across((before, *seen[: CLOSE - 1]), after)
    # Searching the skin for moles takes longest: whoever needs them first waits.
    beside(partial(find_moles, before))
    rows = [identity]
    for row in CATALOGUE[1:]:
        if identity.verdict == "fail":
            rows.append(row.unjudged(OTHER_PERSON))
        elif row.name in ACROSS:
            rows.append(row.component(ACROSS[row.name](across)))
        else:
            said = "the pictures are different photographs: this cannot be compared across them"
            rows.append(row.unjudged(said, moot=True))
    return tuple(rows)


def look_with_networks(pair: Pair) -> None:
    """Let the networks see before, its harmless changes, and after."""
    networks = pair.view.networks
    _ = networks.own, networks.harmless, pair.sighting


def _refuse(before: Observation, after: Observation) -> str | None:
    """Why nothing can be said of these two, or None."""
    for observation in (before, after):
        if observation.face is None:
            return f"{observation.name}: no face was found"
        if observation.verdict is not None and observation.verdict.covered:
            return f"{observation.name}: {observation.verdict.covered}, so nobody can say"
        if observation.source_ied < _LEAST_IED:
            return f"{observation.name}: the face is too small ({observation.source_ied:.0f} px)"
        if abs(observation.face.pose.yaw) > _MOST_YAW:
            yaw = abs(observation.face.pose.yaw)
            return f"{observation.name}: the head is turned by {yaw:.0f} degrees"
    return None


def _nothing(reason: str) -> Authenticity:
    rows = tuple(row.unjudged(reason) for row in CATALOGUE)
    return Authenticity(None, rows, 0.0, None, same_photo=False, reason=reason)


def combine(components: Sequence[Component], *, same_photo: bool) -> Authenticity:
    """Combine the components: a weighted geometric mean, under caps that no average lifts.

    ``A = 100 prod s_i^(w_i / sum w)`` over what was measured. The worst component caps it at
    59 + 41 s, the second worst at 39 + 61 s, identity at 19 + 81 s: at the red line (s = 0) these
    are the caps 59, 39 and 19, and above it they fade in without a step.
    """
    rows = tuple(components)
    all_weight = sum(c.weight for c in rows)
    judged = [c for c in rows if c.score is not None]
    weight = sum(c.weight for c in judged)
    coverage = weight / all_weight if all_weight else 0.0
    if not judged or weight == 0:
        return Authenticity(None, rows, coverage, None, same_photo, "nothing could be judged")
    score = 100.0
    for c in judged:
        score *= max(c.score or 0.0, 0.01) ** (c.weight / weight)
    order = sorted(judged, key=lambda c: c.score or 0.0)
    limits = {order[0].name: _ONE + (100 - _ONE) * (order[0].score or 0.0)}
    if len(order) > 1:
        limits[order[1].name] = _TWO + (100 - _TWO) * (order[1].score or 0.0)
    for c in judged:
        if c.name == "identity":
            limits["identity"] = min(
                limits.get("identity", 100.0), _OTHER + (100 - _OTHER) * (c.score or 0.0)
            )
    least = min(limits, key=lambda k: limits[k])
    score = min(score, limits[least])
    lowest = min(judged, key=lambda c: (c.score or 0.0) - 0.01 * c.weight)
    limited = least if limits[least] <= score else lowest.name
    failed = [c.title.lower() for c in judged if c.verdict == "fail"]
    if coverage < _COVERAGE and not failed:
        said = f"not enough evidence: only {coverage:.0%} of it could be judged"
        return Authenticity(None, rows, coverage, None, same_photo, said)
    row = next(c for c in rows if c.name == limited)
    if row.verdict == "pass":
        # Named all the same: whoever asks for more than this must know what stops them.
        named = limited if score < _NOTHING else None
        return Authenticity(score, rows, coverage, named, same_photo, "nothing to see")
    return Authenticity(score, rows, coverage, limited, same_photo, f"{row.title}: {row.reason}")
