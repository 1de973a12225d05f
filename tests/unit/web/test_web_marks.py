"""Marks: each is told where it lies in the frame, and what a look makes of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from close_up import close_up, paint_mark, repaint

from catchlight.analysis.scene import Scene
from catchlight.look import parse_look
from catchlight.pixels import geometry
from catchlight.studio.clock import Clock

pytestmark = pytest.mark.models
#: Points of the mesh on bare skin, the diameters in mm, and what is painted there.
PAINTED = ((205, 3.0, "mole"), (425, 2.0, "papule"))


@pytest.fixture(scope="module")
def scene(need_models: None) -> Scene:
    bare = close_up(48)
    pixels = bare.face_crop.pixels.copy()
    for point, size, kind in PAINTED:
        paint_mark(pixels, *bare.face_crop.face.points[point], size, kind, seed=point)  # type: ignore[arg-type]
    return repaint(bare, pixels)


def rows_of(scene: Scene, **chosen: Any) -> list[dict[str, Any]]:
    from catchlight.web.rooms.versions import list_marks

    session = SimpleNamespace(scene=scene)
    room: Any = SimpleNamespace(read_look=parse_look, session=lambda _look, _clock: session)
    return list_marks(room, Clock(), look=chosen)


def test_a_mark_lies_where_it_was_painted(scene: Scene) -> None:
    frame = np.array([scene.frame.width, scene.frame.height])
    boxes = np.array([row["box"] for row in rows_of(scene)])
    middles = (boxes[:, :2] + boxes[:, 2:] / 2) * frame
    for point, size, _ in PAINTED:
        at = scene.face_crop.face.points[point]
        painted = geometry.apply(scene.face_grid.matrix, at[None])[0]
        away = np.hypot(*(middles - painted).T)
        assert away.min() < 1.0 * scene.face.px_per_mm
        width, height = boxes[away.argmin(), 2:] * frame
        assert width == pytest.approx(height, rel=0.02)
        assert size < width / scene.face.px_per_mm < 3 * size


def test_what_becomes_of_a_mark_is_what_the_look_chose(scene: Scene) -> None:
    by_fate = {row["fate"]: row for row in rows_of(scene)}
    mole, papule = by_fate["permanent"], by_fate["passing"]
    assert (mole["permanent"], mole["heals"], mole["chosen"]) == (True, False, "auto")
    assert (papule["permanent"], papule["heals"], papule["chosen"]) == (False, True, "auto")
    turned = {r["id"]: r for r in rows_of(scene, keep=[papule["id"]], heal=[mole["id"]])}
    assert (turned[mole["id"]]["heals"], turned[mole["id"]]["chosen"]) == (True, "heal")
    assert (turned[papule["id"]]["heals"], turned[papule["id"]]["chosen"]) == (False, "keep")
