"""Identity: how far the face moved among faces, against what harmless changes of it cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from catchlight.arrays import Float
from catchlight.errors import FaceError
from catchlight.likeness.component import Component, grade, indeterminate, judge_by
from catchlight.likeness.observation import Observation
from catchlight.likeness.register import Pair

NAME, TITLE, UNIT, WEIGHT = "identity", "Identity", "distance", 3.0
#: Over what the worst harmless change of this very photo costs: nothing to see, and too far.
_GOOD, _BAD = 1.25, 3.0
#: The least that these limits can be: the network's own grain.
_LEAST_GOOD, _LEAST_BAD = 0.10, 0.32
#: Between different photos. Below the first no two people were found, above the second no two
#: photos of one (models.md: women of one group fall to 0.29, one person reaches 0.56).
_SURELY_SAME, _SURELY_OTHER = 0.25, 0.60


def distance(a: Float, b: Float) -> float:
    """Euclidean distance of two identity vectors."""
    return float(np.linalg.norm(a - b))


def measure_identity_kept(
    before: Observation, after: Observation, pair: Pair | None, others: Sequence[Observation]
) -> Component:
    """Judge identity by the photo's own harmless changes, or by the person's own spread."""
    spread = _measure_spread(before, others)
    if pair is not None:
        return _within_photo(pair, spread)
    return _across_photos(before, after, others, spread)


def _within_photo(pair: Pair, spread: list[float]) -> Component:
    own = pair.view.own.identity
    harmless = {k: distance(s.identity, own) for k, s in pair.view.harmless.items()}
    worst = max(harmless.values())
    good, bad = max(_GOOD * worst, _LEAST_GOOD), max(_BAD * worst, _LEAST_BAD)
    value = distance(pair.sighting.identity, own)
    score = grade(value, 0.0, good, bad)
    said = f"{value:.2f} from the photo, where harmless changes of it cost up to {worst:.2f}"
    if spread:
        said += f" and the person's other photos lie {np.median(spread):.2f} apart"
    details = {"harmless": harmless, "spread": spread, "red": bad}
    return Component(
        NAME, TITLE, value, UNIT, 0.0, good, score, WEIGHT, judge_by(score), said, details
    )


def _across_photos(
    before: Observation, after: Observation, others: Sequence[Observation], spread: list[float]
) -> Component:
    found = [distance(after.identity, w.identity) for w in (before, *_seen(others))]
    value = float(np.median(found))
    details = {"distances": found, "spread": spread}
    if spread:
        good, bad = 1.1 * max(spread), max(1.5 * max(spread), _SURELY_OTHER)
        score = grade(value, 0.0, good, bad)
        said = (
            f"{value:.2f} from the person's photos (median), which lie up to {max(spread):.2f} "
            "from each other"
        )
        return Component(
            NAME, TITLE, value, UNIT, 0.0, good, score, WEIGHT, judge_by(score), said, details
        )
    if value > _SURELY_OTHER:
        said = f"{value:.2f} from the photo: no two photos of one person were seen so far apart"
        return Component(
            NAME, TITLE, value, UNIT, 0.0, _SURELY_OTHER, 0.0, WEIGHT, "fail", said, details
        )
    if value < _SURELY_SAME:
        said = f"{value:.2f} from the photo: no two people were seen so near each other"
        return Component(
            NAME, TITLE, value, UNIT, 0.0, _SURELY_SAME, 1.0, WEIGHT, "pass", said, details
        )
    said = (
        f"{value:.2f} from the one photo given: photos of one person and of two both lie there. "
        "More photos of the person make this a judgement"
    )
    return indeterminate(NAME, TITLE, UNIT, WEIGHT, said)


def _seen(others: Sequence[Observation]) -> list[Observation]:
    return [w for w in others if w.face is not None]


def _measure_spread(before: Observation, others: Sequence[Observation]) -> list[float]:
    """Distances between all photos of the person."""
    seen = _seen(others)
    if not seen:
        return []
    try:
        vectors = [w.identity for w in (before, *seen)]
    except FaceError:
        return []
    return [distance(a, b) for i, a in enumerate(vectors) for b in vectors[i + 1 :]]
