"""Left and right across photographs: a face that was made of its own mirror image is told.

How uneven a face is, no two photographs agree on: the heads are turned, and the smile is crooked.
But no two halves of a face have the same skin, whoever it is.
"""

from __future__ import annotations

from catchlight.likeness.across import Across
from catchlight.likeness.component import Finding, grade, unseen
from catchlight.likeness.mirror import measure_mirroring

#: What chance reaches; what is allowed, more by this than any photo of the person has; and what no
#: chance reaches. Untouched: 0.20 to 0.29; half a face mirrored: 0.48 to 0.95.
_CHANCE, _ALLOWED, _MORE, _RED = 0.29, 0.36, 0.08, 0.60


def measure_mirroring_across(across: Across) -> Finding:
    """Hold the mirror image of one half against the other, in the result and in the photos."""
    its = measure_mirroring(across.result.aligned)
    if its is None:
        return unseen("too little of the skin's grain shows on both sides of the face", moot=True)
    # What the photos reach matters only to whoever might be accused.
    asked = across.photos if its > _ALLOWED else ()
    theirs = [measure_mirroring(photo.aligned) for photo in asked]
    usual = max((t for t in theirs if t is not None), default=_CHANCE)
    good = max(_ALLOWED, usual + _MORE)
    score = grade(its, max(_CHANCE, usual), good, max(_RED, good + _MORE))
    return Finding(
        its,
        score,
        "one half of the face has the other half's skin, turned over: it was made symmetric",
        "each half of the face has skin of its own: neither is the other's mirror image",
        low=-1.0,
        high=good,
        details={"photos": theirs},
        unit="correlation with its mirror image",
    )
