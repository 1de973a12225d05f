"""Identity: how far the face moved among faces, against what harmless changes of it cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from catchlight.analysis.face.identity import measure_distance
from catchlight.errors import FaceError
from catchlight.likeness.component import Finding, grade
from catchlight.likeness.observation import Observation
from catchlight.likeness.odds import OTHER, SAME, Odds, find_cosine, pool, weigh
from catchlight.likeness.register import Pair

#: Within one photo, by SFace. Over what the worst harmless change of this very photo costs: nothing
#: to see, and too far; and the least that these limits can be. Measured on 43 photos (a table in
#: docs/likeness.md): all of our looks at full strength cost 0.33 in nine of ten, a quarter of
#: another person 0.47 in the median, a half 0.80.
_GOOD, _BAD = 1.5, 3.0
_LEAST_GOOD, _LEAST_BAD = 0.34, 0.64
#: Below this mean of one person's cosines, pose or blur is told as a reason.
_HARD = 0.74


def measure_identity_kept(pair: Pair) -> Finding:
    """Judge identity within one photograph by the photo's own harmless changes."""
    networks = pair.view.networks
    own = networks.own.identity
    harmless = {k: measure_distance(s.identity, own) for k, s in networks.harmless.items()}
    worst = max(harmless.values())
    good, bad = max(_GOOD * worst, _LEAST_GOOD), max(_BAD * worst, _LEAST_BAD)
    value = measure_distance(pair.sighting.identity, own)
    score = grade(value, 0.0, good, bad)
    said = f"{value:.2f} from the photo, where harmless changes of it cost up to {worst:.2f}"
    if pair.spread:
        said += f" and the person's other photos lie {np.median(pair.spread):.2f} apart"
    details = {"harmless": harmless, "spread": list(pair.spread), "red": bad}
    return Finding(value, score, said, low=0.0, high=good, details=details)


def measure_identity_across(
    before: Observation, after: Observation, others: Sequence[Observation]
) -> Finding:
    """Judge identity across photographs: SFace decides, dlib is the witness; see :mod:`odds`.

    The value is the distance of the mean cosine to all photos. *Cannot say* has no value, and says
    what was seen.
    """
    found = [weigh(photo, after) for photo in (before, *_seen(others))]
    odds = pool(found)
    value = float(np.sqrt(max(2 - 2 * odds.cosine, 0.0)))
    details = {"odds": odds.to_json(), "each": [o.to_json() for o in found]}
    photos = "the photo" if len(found) == 1 else f"{len(found)} photos"
    seen = f"the face matches {photos} by {odds.cosine:.2f} of 1"
    verdict = odds.verdict
    if verdict == "cannot say":
        return Finding(None, None, f"{seen}: {_doubt(odds, len(found))}", details=details)
    high = float(np.sqrt(2 - 2 * find_cosine(SAME, odds.expected)))
    if verdict == "other":
        said = f"{seen}: two photos of one person match better than that"
        return Finding(value, 0.0, said, low=0.0, high=high, details=details)
    said = f"{seen}: two photos of one person do, photos of two people do not"
    score = grade(value, 0.0, max(high, value), 2.0)
    return Finding(value, score, said, low=0.0, high=high, details=details)


def _doubt(odds: Odds, photos: int) -> str:
    """Why it cannot be said."""
    if odds.evidence >= SAME or odds.evidence <= OTHER:
        which = "one person" if odds.evidence >= SAME else "two people"
        return f"one network says {which}, the other contradicts it"
    more = "more photos of the person, facing the camera, may decide it"
    if odds.expected < _HARD:
        more = "the head is turned otherwise, or one of the pictures is blurred; " + more
    return f"so may two photos of one person, and photos of two people; {more}"


def measure_spread(before: Observation, others: Sequence[Observation]) -> list[float]:
    """Distances by SFace between all photos of the person; empty where there is but one."""
    seen = [before, *_seen(others)]
    try:
        vectors = [w.identity for w in seen] if len(seen) > 1 else []
    except FaceError:
        return []
    return [measure_distance(a, b) for i, a in enumerate(vectors) for b in vectors[i + 1 :]]


def _seen(others: Sequence[Observation]) -> list[Observation]:
    return [w for w in others if w.face is not None]
