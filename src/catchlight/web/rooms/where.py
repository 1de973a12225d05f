"""Where a plan lies: its frame on the photo, and the face in it: there a hand begins."""

from __future__ import annotations

from typing import Any

import numpy as np

from catchlight.analysis.cutout.brush import to_face
from catchlight.analysis.scene import Scene
from catchlight.pixels import geometry


def tell_where(scene: Scene, size: tuple[int, int]) -> dict[str, Any]:
    """Say where the frame and the face of a scene are, for a plan of ``size`` (width, height).

    Returns
    -------
    ``face``: ``middle`` between the eyes and ``across`` from eye to eye (a unit vector) in pixels
    of the plan, and ``px_per_mm``; so a stroke can be told in mm of the face. ``place``: left, top,
    width and height in shares of the upright photo before the turn about its middle, as a Look's;
    ``turn`` in degrees; ``photo`` its size.
    """
    frame, photo = scene.frame, scene.subject.picture
    factor = size[0] / frame.width
    back = geometry.invert(to_face(scene.face))
    points = geometry.apply(back, np.array([[0, 0], [1, 0]], np.float32))
    along = points[1] - points[0]
    scale = geometry.scale_of(frame.transform)
    middle = np.array([[(frame.width - 1) / 2, (frame.height - 1) / 2]], np.float32)
    x, y = (float(v) + 0.5 for v in geometry.apply(geometry.invert(frame.transform), middle)[0])
    w, h = frame.width / scale, frame.height / scale
    shares = (
        (x - w / 2) / photo.width,
        (y - h / 2) / photo.height,
        w / photo.width,
        h / photo.height,
    )
    return {
        "face": {
            "middle": [round(float(v) * factor, 2) for v in points[0]],
            "across": [round(float(v / np.hypot(*along)), 5) for v in along],
            "px_per_mm": scene.face.px_per_mm * factor,
        },
        "place": [round(float(v), 5) for v in shares],
        "turn": round(float(frame.turn), 3),
        "photo": [photo.width, photo.height],
    }
