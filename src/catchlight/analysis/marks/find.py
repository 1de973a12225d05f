"""Marks of the skin: spots, moles, freckle fields, scars and blemishes, each with its fate.

Everything is measured in logarithms of linear light against the skin around the mark, so a spot has
the same contrast in any light and on any tone of skin.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.marks.blobs import Blob, SkinDensity, find_blobs
from catchlight.analysis.marks.classify import LEAST_SCAR_Z, judge, worth_a_line
from catchlight.analysis.marks.freckles import gather_freckles
from catchlight.analysis.marks.mark import Mark
from catchlight.analysis.marks.spots import measure_spot
from catchlight.arrays import Mask, Pixels, Points

#: The smallest mark, 0.8 mm, must span two pixels of the face crop, or nothing is looked for.
SMALLEST_MM, LEAST_PX_PER_MM = 0.8, 2.5


def marks_can_be_seen(face: Face) -> bool:
    """Whether the face has the pixels to tell a mark of 0.8 mm from noise."""
    return face.px_per_mm >= LEAST_PX_PER_MM


def find_marks(pixels: Pixels, skin: Mask, face: Face) -> tuple[Mark, ...]:
    """Find the marks of the facial skin, from top to bottom.

    What stands out of the skin's texture (:mod:`blobs`) is measured against its surroundings
    (:mod:`spots`) and judged by what it absorbs (:mod:`classify`); many small dark spots are a
    field of freckles, or a beard (:mod:`freckles`).

    Parameters
    ----------
    pixels : (h, w, 3) linear P3, the face at close range
    skin : (h, w), 1 where a mark may be looked for (:mod:`bare_skin`)
    face : Face in their pixels

    Returns
    -------
    tuple of Mark; empty where the photo has too few pixels (see :func:`marks_can_be_seen`)
    """
    if not marks_can_be_seen(face):
        return ()
    mm = face.px_per_mm
    rows, columns = np.nonzero(skin > 0.5)
    if len(rows) < (20 * mm) ** 2:
        return ()
    x0, x1 = max(0, columns.min() - 8), columns.max() + 9
    y0, y1 = max(0, rows.min() - 8), rows.max() + 9
    ground = SkinDensity(pixels[y0:y1, x0:x1], skin[y0:y1, x0:x1], mm)
    found = []
    for blob in _with_heads(find_blobs(ground)):
        if blob.channel == "light" and blob.z <= LEAST_SCAR_Z:
            continue  # it was the place of a head, and is too faint for a scar
        spot = measure_spot(ground, blob)
        mark = None if spot is None else judge(spot, blob)
        if mark is not None:
            found.append(replace(mark, x=mark.x + float(x0), y=mark.y + float(y0)))
    found = gather_freckles(_apart(found, mm), mm, face)
    return _named([m for m in found if worth_a_line(m)], face.eyes.mean(0), mm)


def _with_heads(blobs: list[Blob]) -> list[Blob]:
    """Look around small light blobs for a ring of redness too: the head of a pustule."""
    heads = [b for b in blobs if b.channel == "light" and b.radius_mm < 1]
    return blobs + [replace(b, channel="red", radius_mm=1.0, z=0.7 * b.z) for b in heads]


def _apart(found: list[Mark], mm: float) -> list[Mark]:
    """One mark for each place; where one of two may be the sitter's own, that one.

    What is too faint for a line of its own must not take a place from what is not. A blemish is
    often found at several scales, surely at one and with doubt at others: the surest speaks.
    """
    order = sorted(found, key=lambda m: (not worth_a_line(m), m.kind == "blemish", -m.confidence))
    kept: list[Mark] = []
    for mark in order:
        if all(
            np.hypot(mark.x - k.x, mark.y - k.y) > 0.6 * mm * max(mark.diameter_mm, k.diameter_mm)
            for k in kept
        ):
            kept.append(mark)
    return kept


def _named(found: list[Mark], middle: Points, mm: float) -> tuple[Mark, ...]:
    """Name the marks for their places, from top to bottom."""
    named: dict[str, Mark] = {}
    for mark in sorted(found, key=lambda m: (m.y, m.x)):
        x, y = round((mark.x - float(middle[0])) / mm), round((mark.y - float(middle[1])) / mm)
        name = f"{'l' if x < 0 else 'r'}{abs(x):02d}{'u' if y < 0 else 'd'}{abs(y):02d}"
        while name in named:
            name += "b"
        named[name] = replace(mark, id=name)
    return tuple(named.values())
