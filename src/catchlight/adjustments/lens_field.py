"""The lens's field: where a camera farther back would have drawn each place of a head.

The field lies on a canvas of the *result*, in millimetres from the middle of the eyes: there the
sides of the head are less steep than the near camera drew them, and nothing has to be inverted.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.canonical import canonical_face
from catchlight.analysis.face.mesh import IED_MM
from catchlight.analysis.perspective import Head
from catchlight.arrays import Float, as_float
from catchlight.pixels import filters, surface

Array = NDArray[np.float64]

#: The canvas: 5 mm a pixel, 240 mm either way from the middle of the eyes.
STEP, REACH = 5.0, 240.0
#: Depth (cm behind the eyes) that keeps its size, and that of the outline of head and hair. The ear
#: canal lies 8.6 cm behind the eyes, but what a near camera sees as the outline is where its rays
#: touch the head, and that lies 2 to 3 cm farther forward. With 7.0 and 8.6, of one woman
#: photographed from 15, 30 and 45 cm (webmorphR.stim, CC0), SFace and dlib took the pictures shown
#: as from 60 cm for less her than the photos were. The two being one, the outline rests, and a door
#: beside it with it.
OUTLINE = 4.5
_SKULL = 4.5
# The spline that is the depth has its knots 10 mm apart; its stiffness against slope and bend,
# where a point of the mesh weighs 1. Drawn heads come out best with the least that keeps the
# head's edge smooth.
_SQUARE = surface.Square(REACH, 10.0)
_SLOPE, _BEND = 0.002, 0.004
# Weights: of the skull's outline, of the rim of a far cheek and of the neck; of a wall 6 cm beside
# the head; what stands still weighs 1.
_RING, _RIM, _NECK, _WALL = 0.3, 0.3, 0.3, 0.1
# Degrees of yaw from which on the far cheek hides what lies behind it.
_HIDES, _HIDDEN = 5.0, 12.0
# The chin, and how far below it (mm) the neck is back at the outline's depth: from 30 cm the chin
# moves by 20 mm, which over 125 stretches skin by a fifth. And half the breadth of a neck (mm).
_CHIN, _COLLAR, _BROAD = 152, 125.0, 45.0
# Nothing moves beyond 1.5 head widths (16 cm) from the eyes.
_STILL = 235.0


class Known(NamedTuple):
    """Places whose depth is known: (k, 2) mm in the result; (k,) cm; (k,) weight."""

    at: Array
    depth: Array
    weight: Array


def lattice() -> Array:
    """Where the canvas's columns and rows lie, in mm from the middle of the eyes."""
    return np.arange(-REACH, REACH + 1, STEP)


def shrinkage(near: float, far: float) -> float:
    """How much the plane of the eyes shrinks where that of the outline keeps its size."""
    return (1 + OUTLINE / near) / (1 + OUTLINE / far)


def draw_field(
    head: Head,
    points: Array,
    near: float,
    far: float,
    *,
    away: Float | None = None,
    floor: float = np.inf,
) -> Float:
    """Backward displacement (n, n, 2) in mm on the canvas, from ``near`` to ``far`` (cm).

    Depth is a smooth surface. It passes close to the seen points of the fitted head and to the
    outline of its skull, and runs from the chin down the neck to the collar, or to the picture's
    lower border, ``floor`` mm below the eyes; what is far away, and the wall beside the person
    (more, the farther from the person: ``away``, mm) have the depth of the outline, at which
    nothing moves.
    """
    _, depth = head.project(canonical_face().vertices.astype(np.float64))
    places = points * IED_MM
    seen = facing(places)

    def move(at: Array, depth: Array, weight: Array) -> Known:
        """Take places of the photo to the result."""
        return Known(at * _size(depth, near, far)[:, None], depth, weight)

    mesh = move(places[seen], depth[seen], np.ones(int(seen.sum())))
    chin = Known(*(part[0] for part in move(places[[_CHIN]], depth[[_CHIN]], np.ones(1))))
    parts = [
        mesh,
        move(*_outline_skull(head, places)),
        move(*_follow_rim(head, places, depth, seen)),
        _surround(chin, away, floor),
    ]
    at, value, weight = (np.concatenate(same) for same in zip(*parts, strict=True))
    knots = surface.fit(_SQUARE, at, value, weight, slope=_SLOPE, bend=_BEND)
    drawn = _SQUARE.rows(lattice())
    x, y = np.meshgrid(lattice(), lattice())
    # What the fit left of far away goes to nothing before the canvas ends.
    fade = filters.smoothstep(as_float(np.hypot(x, y)), _STILL, 190.0)
    pull = (1 / _size(drawn @ knots @ drawn.T, near, far) - 1) * fade
    return as_float(np.stack([x * pull, y * pull], 2))


def _outline_skull(head: Head, places: Array) -> Known:
    """The skull seen from the front, where the face does not hide it.

    An oval about the line of the ears, 21 cm wide with hair, its crown 13 cm above the eyes; below
    the ears the neck takes over.
    """
    t = np.radians(np.linspace(-20, 200, 45))
    ring, depth = head.project(
        np.stack([10.6 * np.cos(t), 2.6 + 13.0 * np.sin(t), 3.65 - _SKULL + 0 * t], 1)
    )
    ring = ring * IED_MM
    hull = cv2.convexHull(as_float(places))
    out = np.array(
        [cv2.pointPolygonTest(hull, (x, y), measureDist=True) < -8 for x, y in ring.tolist()]
    )
    # Of a head bowed to the camera the crown is near; of one turned away the far side is deeper
    # than the 9.5 cm that an ear may be, and is not seen.
    return Known(ring[out], depth[out].clip(-2, 9.5), np.full(int(out.sum()), _RING))


def _follow_rim(head: Head, places: Array, depth: Array, seen: NDArray[np.bool_]) -> Known:
    """What lies beside the cheek of a turned head: it moves with the cheek's rim for 8 mm.

    There the cheek hides the head, and its edge, the arm of the glasses and an ear's tip have the
    rim's depth or a wall's. Without this the field is steepest at the very edge, and draws it out.
    """
    yaw = float(np.degrees(np.arcsin(head.turn[0, 2])))
    weight = _RIM * float(filters.smoothstep(as_float(abs(yaw)), _HIDES, _HIDDEN))
    rim = cv2.convexHull(as_float(places), returnPoints=False)[:, 0]
    arm = places[rim] - places.mean(0)
    arm /= np.hypot(arm[:, 0], arm[:, 1])[:, None]
    # The far side is the one to which the nose points; its cheek, neither chin nor forehead.
    chosen = seen[rim] & (np.sign(yaw) * arm[:, 0] > 0.6) & (weight > 0)
    rim, arm = rim[chosen], arm[chosen]
    at = np.concatenate([places[rim] + arm * out for out in (4, 8)])
    return Known(at, np.tile(depth[rim], 2), np.full(len(at), weight))


def _surround(chin: Known, away: Float | None, floor: float) -> Known:
    """What is far away, the wall, the neck below the ``chin`` and the shoulders, on a lattice.

    The neck begins at the chin's depth and comes to the outline's at the collar. Its true depth
    jumps there, by what the chin hides; a field that jumped would tear.
    """
    every = lattice()[::2]
    x, y = np.meshgrid(every, every)
    weight = ((np.hypot(x, y) - 150) / 90).clip(0, 1) ** 2
    if away is not None:
        weight = np.maximum(weight, _WALL * (away[::2, ::2] / 60).clip(0, 1) ** 2)
    below = y - chin.at[1]
    middle = np.exp(-(((x - chin.at[0]) / _BROAD) ** 2))
    neck = _NECK * middle * ((below - 5) / 20).clip(0, 1) + ((below - 30) / 40).clip(0, 1)
    weight = np.maximum(weight, neck.clip(0, 1))
    # A close crop has less neck, but 4 cm of it are below any chin; all ends before _STILL.
    collar = float(np.clip(min(floor, _STILL - 20) - chin.at[1], 40, _COLLAR))
    # What moves is depth times y: with the root of chin / y it falls about evenly.
    lift = (1 - below / collar).clip(0, 1) * (chin.at[1] / np.maximum(y, chin.at[1])) ** 0.5
    lift = np.where(below > 0, middle * lift, 0)
    depth = OUTLINE + (chin.depth - OUTLINE) * lift
    held = weight > 0
    return Known(np.stack([x[held], y[held]], 1), depth[held], weight[held])


def _size(depth: Array, near: float, far: float) -> Array:
    """How much larger a far camera draws what lies ``depth`` (cm) behind the eyes."""
    out: Array = (1 + depth / near) / (1 + depth / far) / shrinkage(near, far)
    return out


def facing(places: Array) -> NDArray[np.bool_]:
    """(468,) whether a vertex of the mesh belongs to a triangle that faces the camera."""
    triangles = canonical_face().triangles
    a, b, c = (places[triangles[:, i]] for i in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    front = area * np.sign(np.median(area)) > 0
    seen = np.zeros(len(places), np.bool_)
    seen[triangles[front].ravel()] = True
    return seen
