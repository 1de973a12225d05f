"""What many small dark spots together are: a field of freckles, or the stubble of a beard."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.marks.mark import Mark


def gather_freckles(found: list[Mark], mm: float, face: Face) -> list[Mark]:
    """Join eight or more pigmented spots within 30 mm to one field of freckles."""
    found = _without_stubble(found, mm, face)
    brown = [m for m in found if m.kind in ("mole", "spot") and m.diameter_mm <= 3.0]
    seen = list(found)
    if len(brown) < 8:
        return seen
    places = np.array([[m.x, m.y] for m in brown], np.float32)
    gap = np.linalg.norm(places[:, None] - places[None], axis=2)
    crowded = (gap < 15 * mm).sum(1) >= 8
    _, labels = _clusters(gap < 15 * mm, crowded)
    gone: set[int] = set()
    fields: list[Mark] = []
    for label in set(labels[labels >= 0].tolist()):
        chosen = np.nonzero(labels == label)[0]
        gone.update(id(brown[i]) for i in chosen)
        middle = places[chosen].mean(0)
        extent = 2 * float(np.percentile(np.linalg.norm(places[chosen] - middle, axis=1), 90)) / mm
        fields.append(
            Mark(
                "",
                float(middle[0]),
                float(middle[1]),
                extent,
                float(np.median([brown[i].melanin for i in chosen])),
                float(np.median([brown[i].redness for i in chosen])),
                "freckles",
                "permanent",
                round(min(1.0, 0.5 + len(chosen) / 40), 2),
            )
        )
        # A red spot among freckles may be one of them.
        for i, m in enumerate(seen):
            close = np.linalg.norm(places[chosen] - [m.x, m.y], axis=1).min() < 6 * mm
            if m.fate == "passing" and close and m.confidence < 0.7:
                seen[i] = replace(m, fate="unsure")
    return [m for m in seen if id(m) not in gone] + fields


def _clusters(near: np.ndarray, core: np.ndarray) -> tuple[int, np.ndarray]:
    """Label the points joined through crowded ones; -1 outside (DBSCAN's rule)."""
    labels = np.full(len(core), -1)
    count = 0
    for start in np.nonzero(core)[0]:
        if labels[start] >= 0:
            continue
        stack = [int(start)]
        while stack:
            at = stack.pop()
            if labels[at] >= 0:
                continue
            labels[at] = count
            if core[at]:
                stack += [int(i) for i in np.nonzero(near[at] & (labels < 0))[0]]
        count += 1
    return count, labels


def _without_stubble(found: list[Mark], mm: float, face: Face) -> list[Mark]:
    """Leave out small dark dots below the nose that have four others within 12 mm: a beard."""
    nose, chin = face.points[2], face.points[152]
    dots = [
        m
        for m in found
        if m.kind in ("mole", "spot")
        and m.diameter_mm <= 2.5
        and (np.array([m.x, m.y]) - nose) @ (chin - nose) > 0
    ]
    places = np.array([[m.x, m.y] for m in dots], np.float32).reshape(-1, 2)
    near = np.linalg.norm(places[:, None] - places[None], axis=2) < 12 * mm
    beard = {id(m) for m, count in zip(dots, near.sum(1), strict=True) if count >= 5}
    return [m for m in found if id(m) not in beard]
