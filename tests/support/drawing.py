"""Scenes drawn for tests: each adjustment of a scene is built once, whatever looks ask for it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import Any

import numpy as np

from catchlight.adjustments.catalogue import BY_NAME
from catchlight.adjustments.edit import Edit, Gain
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, Pixels
from catchlight.layer import Layer, Move
from catchlight.light_sum import sum_layers
from catchlight.look import Look
from catchlight.pixels import blend, filters
from catchlight.plan import Plan
from catchlight.render import Rendered, list_applied, sum_moves
from catchlight.render import render as render_plan
from catchlight.studio.session import Session

#: Sessions of the scenes that were drawn last; each holds its scene, so an id is never reused.
_SESSIONS: OrderedDict[int, Session] = OrderedDict()
_MOST = 8


def session_of(scene: Scene) -> Session:
    """The one session of a scene: what was built of it stays built."""
    if id(scene) not in _SESSIONS:
        _SESSIONS[id(scene)] = Session(scene)
        while len(_SESSIONS) > _MOST:
            _SESSIONS.popitem(last=False)
    _SESSIONS.move_to_end(id(scene))
    return _SESSIONS[id(scene)]


def plan(scene: Scene, look: Look) -> Plan:
    """What is drawn of a scene for a look."""
    return session_of(scene).plan(look)


def render(scene: Scene, look: Look) -> Rendered:
    """A look of a scene."""
    return render_plan(plan(scene, look), look.strengths)


def layers(scene: Scene, look: Look) -> dict[str, Layer | Move]:
    """What a look's adjustments change, under their masks."""
    return session_of(scene).layers(look)


def sum_stops(scene: Scene, look: Look) -> tuple[Float | None, dict[str, float]]:
    """All layers of a look over the frame (H, W, 1 or 3), None where nothing is changed."""
    drawn = plan(scene, look)
    light = sum_layers(drawn, look.strengths)
    width, height = drawn.size
    stops = None if light.nothing else light.stops(slice(0, height), slice(0, width))
    return stops, list_applied(drawn, look.strengths)


def sum_warps(scene: Scene, look: Look) -> Float | None:
    """All moves of a look over the frame, in mm."""
    return sum_moves(plan(scene, look), look.strengths)


def build(name: str, scene: Scene, **choices: Any) -> Edit | None:
    """The edit of an adjustment, its stops spread over all of its grid."""
    adjustment = BY_NAME[name]
    edit = adjustment.build(scene, adjustment.params(**choices))
    return edit if edit is None or not isinstance(edit, Gain) else spread(edit)


def spread(gain: Gain) -> Gain:
    """The same gain with its box filled up by zeros."""
    if gain.box is None:
        return gain
    x0, y0, x1, y1 = gain.box
    whole = np.zeros((gain.grid.height, gain.grid.width, *gain.stops.shape[2:]), np.float32)
    whole[y0:y1, x0:x1] = gain.stops
    return replace(gain, stops=whole, box=None)


def on_face(scene: Scene, name: str, edit: Gain) -> Float:
    """Stops (h, w, 1 or 3) over the face crop of a gain that lies on it, under its mask."""
    assert edit.grid in (scene.face_grid, scene.smooth_face_grid)
    mask = scene.region_on(BY_NAME[name].region, edit.grid)
    stops = edit.stops * (mask if edit.stops.ndim == 2 else mask[..., None])
    h, w = scene.face_crop.alpha.shape
    return filters.resize(stops, w, h).reshape(h, w, -1)


def apply(scene: Scene, name: str, strength: float = 1.0) -> Pixels:
    """The face crop after one adjustment, as the renderer applies it."""
    edit = build(name, scene)
    if edit is None:
        return scene.face_crop.pixels
    stops = np.float32(strength) * on_face(scene, name, edit)
    return blend.apply_stops(scene.face_crop.pixels, np.broadcast_to(stops, (*stops.shape[:2], 3)))
