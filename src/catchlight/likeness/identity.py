"""Identity: how far the face moved among faces, against what harmless changes of it cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from catchlight.analysis.face.identity import measure_distance
from catchlight.errors import FaceError
from catchlight.likeness.component import Finding, grade, unseen
from catchlight.likeness.observation import Observation
from catchlight.likeness.register import Pair

#: Within one photo, by SFace. Over what the worst harmless change of this very photo costs: nothing
#: to see, and too far; and the least that these limits can be. Measured on 43 photos (a table in
#: docs/likeness.md): all of our looks at full strength cost 0.33 in nine of ten, a quarter of
#: another person 0.47 in the median, a half 0.80.
_GOOD, _BAD = 1.5, 3.0
_LEAST_GOOD, _LEAST_BAD = 0.34, 0.64
#: Between different photos, by dlib. Below the first no two people were found, above the second no
#: two photos of one (women of one group fall to 0.29, one person reaches 0.56).
_SURELY_SAME, _SURELY_OTHER = 0.25, 0.60


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
    """Judge identity across photographs, by dlib and the person's own spread."""
    spread = _measure_apart([before, *_seen(others)])
    found = [measure_distance(after.testimony, w.testimony) for w in (before, *_seen(others))]
    value = float(np.median(found))
    details = {"distances": found, "spread": spread}
    if spread:
        good, bad = 1.1 * max(spread), max(1.5 * max(spread), _SURELY_OTHER)
        said = (
            f"{value:.2f} from the person's photos (median), which lie up to {max(spread):.2f} "
            "from each other"
        )
        score = grade(value, 0.0, good, bad)
        return Finding(value, score, said, low=0.0, high=good, details=details)
    if value > _SURELY_OTHER:
        said = f"{value:.2f} from the photo: no two photos of one person were seen so far apart"
        return Finding(value, 0.0, said, low=0.0, high=_SURELY_OTHER, details=details)
    if value < _SURELY_SAME:
        said = f"{value:.2f} from the photo: no two people were seen so near each other"
        return Finding(value, 1.0, said, low=0.0, high=_SURELY_SAME, details=details)
    return unseen(
        f"{value:.2f} from the one photo given: photos of one person and of two both lie there. "
        "More photos of the person make this a judgement"
    )


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


def _measure_apart(photos: Sequence[Observation]) -> list[float]:
    """Distances by dlib between all photos of the person; empty where there is but one."""
    try:
        vectors = [w.testimony for w in photos] if len(photos) > 1 else []
    except FaceError:
        return []
    return [measure_distance(a, b) for i, a in enumerate(vectors) for b in vectors[i + 1 :]]
