"""Masks: which parts they enclose."""

from __future__ import annotations

import numpy as np

from catchlight.pixels import morphology


def test_holes_are_what_touches_no_side() -> None:
    mask = np.ones((9, 12), np.bool_)
    mask[2:4, 2:4] = mask[4, 4] = False  # one hole by its corners, two by its edges
    mask[6, 9:] = False  # a bay, open to the right
    for connectivity, count in ((8, 1), (4, 2)):
        labels, holes = morphology.label_holes(mask, connectivity=connectivity)
        assert len(holes) == count
        enclosed = np.isin(labels, holes)
        assert enclosed.sum() == 5
        assert not enclosed[6].any()
        assert not enclosed[mask].any()


def test_a_whole_mask_has_no_hole() -> None:
    _, holes = morphology.label_holes(np.ones((4, 5), np.bool_), connectivity=4)
    assert holes.size == 0
    _, holes = morphology.label_holes(np.zeros((4, 5), np.bool_), connectivity=4)
    assert holes.size == 0
