"""An observation: one cut of the face for all that looks at it, found again without a search."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from catchlight.analysis.face_crop import plan_face_crop
from catchlight.analysis.scene import Scene
from catchlight.likeness.observation import Observation
from catchlight.likeness.observe import observe_pixels, observe_scene
from catchlight.likeness.register import pair_up
from catchlight.likeness.sighting import fit_in_place
from catchlight.pixels import geometry


@pytest.fixture(scope="module")
def before(near_scene: Scene) -> Observation:
    return observe_scene(near_scene)


def test_a_face_that_moved_a_little_is_found_where_it_went(
    before: Observation, near_scene: Scene
) -> None:
    mm = before.seen.px_per_mm
    shift = geometry.translation(4 * mm, -3 * mm)
    h, w = before.pixels.shape[:2]
    moved = np.maximum(geometry.resample(before.pixels, shift, w, h), 0)
    found = observe_scene(near_scene, moved)
    searched = observe_pixels(moved, "searched")
    true = before.seen.moved(shift)
    for face in (found.seen, searched.seen):
        apart = np.linalg.norm(face.points - true.points, axis=1).mean() / true.ied
        assert apart < 0.03
    assert found.source_ied <= before.source_ied


def test_where_there_is_no_face_none_is_fitted(before: Observation) -> None:
    assert fit_in_place(np.full_like(before.pixels, 0.4), before.seen) is None


def test_the_same_face_before_another_ground_is_not_looked_at_twice(before: Observation) -> None:
    identity, cut = before.identity, before.close_up
    other = before.before_ground(before.pixels[::-1].copy())
    assert other.identity is identity
    assert other.close_up is cut
    again = other.before_ground(before.pixels)
    assert again.same_face is before  # never a chain


def test_the_close_up_is_a_part_of_the_face_crop(before: Observation) -> None:
    whole = before.crop_through(*plan_face_crop(before.seen))
    part = before.close_up
    to_whole = geometry.chain(part.to_picture, geometry.invert(whole.to_picture))
    assert np.allclose(to_whole[:, :2], np.eye(2), atol=1e-6)
    x, y = np.round(to_whole[:, 2]).astype(int)
    assert np.allclose(to_whole[:, 2], [x, y], atol=1e-4)
    h, w = part.alpha.shape
    assert h * w < 0.9 * whole.alpha.size
    apart = np.abs(whole.pixels[y : y + h, x : x + w] - part.pixels)
    assert apart.mean() < 1e-4


def test_a_coarser_view_is_drawn_and_the_own_one_kept(before: Observation) -> None:
    assert before.align(9999) is before.aligned
    coarse = before.align(0.5 * before.detail)
    assert coarse is not before.aligned
    assert coarse.mm == pytest.approx(0.5 * before.aligned.mm, rel=1e-3)


def test_an_intended_warp_is_taken_back(before: Observation) -> None:
    """What a field moved lies where it was before anything is compared."""
    h, w = before.pixels.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    mm = before.seen.px_per_mm
    middle = before.seen.eyes.mean(0)
    bump = np.exp(-((x - middle[0]) ** 2 + (y - middle[1]) ** 2) / (2 * (25 * mm) ** 2))
    field = np.dstack([1.5 * bump, -1.0 * bump]).astype(np.float32)
    # The after at p + field(p) shows what the before showed at p: invert by iteration.
    back_x, back_y = x.copy(), y.copy()
    for _ in range(12):
        there = [
            cv2.remap(np.ascontiguousarray(field[..., i]), back_x, back_y, cv2.INTER_LINEAR)
            for i in (0, 1)
        ]
        back_x, back_y = x - there[0] * mm, y - there[1] * mm
    moved = cv2.remap(before.pixels, back_x, back_y, cv2.INTER_CUBIC)
    after = replace(before, pixels=np.maximum(moved, 0), name="moved")
    left = pair_up(before, after, same_frame=True, warp=None)
    taken = pair_up(before, after, same_frame=True, warp=field)
    assert left is not None and taken is not None
    size = [float(np.abs(p.motion).max()) / left.view.mm for p in (left, taken)]
    assert size[0] > 0.8
    assert size[1] < 0.25
