"""Marks across photographs: which of the person's permanent marks the result does not show."""

from __future__ import annotations

from typing import Any

from catchlight.likeness.across import Across
from catchlight.likeness.component import Finding, grade, unseen
from catchlight.likeness.mark_places import Sought, find_moles, say_places, seek_moles

#: Share of a mark's contrast: of 13 untouched moles every one kept 0.85 and more, of 5 that were
#: erased none more than 0.47.
_KEPT, GONE = 0.70, 0.55


def measure_marks_across(across: Across) -> Finding:
    """Look in the result for every mole that the photo leaned on shows.

    The skin is searched in that photo alone; the others are only asked whether they show it too.
    """
    photo = across.photos[0]
    sought = seek_moles(photo, across.result)
    if not sought:
        some = bool(find_moles(photo))
        why = "the headshot could show at its size and pose" if some else "could be missed"
        return unseen(f"the photo shows no permanent mark that {why}", moot=True)
    others = [seek_moles(photo, other) for other in across.photos[1:]]
    rows = [_tell(mole, others) for mole in sought]
    # A mark that one of the person's own photos does not show either may have been covered.
    told = [row for row in rows if row["seen_again"] is not False] or rows
    worst = min(float(row["share"]) for row in told)
    gone = [row["id"] for row in told if row["share"] < GONE]
    score = grade(worst, 1.0, _KEPT, 0.35) if gone else max(grade(worst, 1.0, _KEPT, 0.35), 0.9)
    if gone and any(row["seen_again"] for row in told if row["id"] in gone):
        score = 0.0
    if len(rows) == 1:
        said = f"the one permanent mark that can be looked for is gone: {say_places(gone)}"
        praise = "the one permanent mark that can be looked for is there"
    else:
        count = f"{len(gone)} of {len(rows)}"
        if len(gone) == len(rows):
            count = "both" if len(rows) == 2 else f"all {len(rows)}"
        said = f"{count} permanent marks that can be looked for are gone: "
        said += say_places(gone)
        praise = f"all {len(rows)} permanent marks that can be looked for are there"
    return Finding(worst, score, said, praise, low=GONE, details={"marks": rows})


def _tell(mole: Sought, others: list[list[Sought]]) -> dict[str, Any]:
    again = [o.share for found in others for o in found if o.mark.id == mole.mark.id]
    return {
        "id": mole.mark.id,
        "kind": mole.mark.kind,
        "diameter_mm": round(mole.mark.diameter_mm, 1),
        "share": round(mole.share, 2),
        "x": round(mole.x, 1),
        "y": round(mole.y, 1),
        "seen_again": None if not again else any(share >= _KEPT for share in again),
    }
