"""Marks: every permanent mark of the photo, looked for in the same place of the result."""

from __future__ import annotations

from typing import Any

import numpy as np

from catchlight.analysis.marks.mark import Mark
from catchlight.arrays import Float, as_float
from catchlight.likeness.aligned_face import AlignedFace
from catchlight.likeness.component import Finding, grade, unseen
from catchlight.likeness.mark_places import say_places
from catchlight.likeness.register import Pair
from catchlight.pixels import filters

#: Share of a mark's contrast: kept from, gone below.
_KEPT, _GONE = 0.70, 0.40
#: Share of all marks, weighted by how much they show (science.md 11.2, row 6).
_GOOD, _BAD = 0.97, 0.75
#: A mark whose contrast in the photo is below this cannot be measured twice.
_LEAST = 0.04
#: Confidence from which a mark is no accident of light or hair.
_CERTAIN = 0.6
#: Two pixels across a mark of a millimetre.
_LEAST_PX_PER_MM = 2.0


def measure_marks(pair: Pair) -> Finding:
    """Measure the contrast of each permanent mark before and after at the same place."""
    view = pair.view
    if view.mm < _LEAST_PX_PER_MM:
        said = "the photo is too small to show marks: none can be lost"
        return unseen(said, moot=True)
    rows: list[dict[str, Any]] = []
    kept = total = 0.0
    for mark in view.marks:
        row, weight = _compare(view, pair, mark)
        if row is None:
            continue
        rows.append(row)
        kept += weight * min(1.0, max(0.0, row["share"]) / _KEPT)
        total += weight
    if not rows:
        said = "no permanent mark can be made out in the photo: none can be lost"
        return unseen(said, moot=True)
    value = kept / total
    gone = [r["id"] for r in rows if r["verdict"] == "gone"]
    faded = [r["id"] for r in rows if r["verdict"] == "faded"]
    lost = any(r["verdict"] == "gone" and r["certain"] for r in rows)
    # A mole, a scar or a field of freckles that is certain and gone: the red line by itself.
    score = 0.0 if lost else grade(value, 1.0, _GOOD, _BAD)
    said = f"all {len(rows)} permanent marks are there"
    if gone or faded:
        told = [
            f"{len(names)} {'is' if len(names) == 1 else 'are'} {what}: {say_places(names)}"
            for what, names in (("gone", gone), ("fainter", faded))
            if names
        ]
        said = f"of {len(rows)} permanent marks {'; '.join(told)}"
    return Finding(value, score, said, low=_GOOD, details={"marks": rows})


def _compare(view: AlignedFace, pair: Pair, mark: Mark) -> tuple[dict[str, Any] | None, float]:
    """The row of one mark and its weight: contrast times the root of its area."""
    radius = max(0.5 * mark.diameter_mm * view.mm, 1.0)
    reach = 2.6 * radius + 3
    x0, y0 = int(max(0, mark.x - reach)), int(max(0, mark.y - reach))
    part = (slice(y0, int(mark.y + reach) + 2), slice(x0, int(mark.x + reach) + 2))
    before, after = -view.log[part], -pair.log[part]
    if mark.kind == "freckles":
        share = _share_of_field(before, after, view.mm)
        contrast = mark.melanin + max(mark.redness, 0)
    else:
        middle = (mark.x - x0, mark.y - y0)
        b, a = _stand_out(before, middle, radius), _stand_out(after, middle, radius)
        contrast = float(b.mean()) if len(b) else 0.0
        if abs(contrast) < _LEAST:
            return None, 0.0
        share = float((b * a).sum() / (b * b).sum())
    verdict = "kept" if share >= _KEPT else "gone" if share < _GONE else "faded"
    row = {
        "id": mark.id,
        "kind": mark.kind,
        "x": round(mark.x, 1),
        "y": round(mark.y, 1),
        "diameter_mm": round(mark.diameter_mm, 1),
        "share": round(share, 2),
        "verdict": verdict,
        "certain": mark.kind != "spot" and mark.confidence >= _CERTAIN,
    }
    return row, abs(contrast) * mark.diameter_mm


def _stand_out(density: Float, middle: tuple[float, float], radius: float) -> Float:
    """What a disc has above the curved surface through the ring around it."""
    h, w = density.shape
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    x, y = (x - middle[0]) / radius, (y - middle[1]) / radius
    d = np.hypot(x, y)
    disc, ring = d <= 1.1, (d > 1.6) & (d < 2.6 + 3 / radius)
    basis = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], -1)
    surface, *_ = np.linalg.lstsq(basis[ring], density[ring], rcond=None)
    return as_float(density[disc] - basis[disc] @ surface)


def _share_of_field(before: Float, after: Float, mm: float) -> float:
    """Coherent gain of a field of freckles, 0.4 to 2.5 mm."""
    b, a = (filters.blur(x, 0.4 * mm) - filters.blur(x, 2.5 * mm) for x in (before, after))
    return float((a * b).sum() / max(float((b * b).sum()), 1e-9))
