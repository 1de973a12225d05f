"""The discs of the irises: how large they are, and how far from their middle a pixel lies."""

from __future__ import annotations

import numpy as np

from catchlight.analysis.face.landmarks import LEFT_IRIS, RIGHT_IRIS
from catchlight.arrays import Float, Mask, Points, as_float
from catchlight.pixels import filters


def iris_radius(points: Points, centre: int) -> float:
    """Radius, in the pixels of ``points`` (478, 2), of the iris ``centre``: its rim's mean."""
    return float(np.linalg.norm(points[centre + 1 : centre + 5] - points[centre], axis=1).mean())


def away_from_iris(points: Points, centre: int, shape: tuple[int, ...]) -> Float:
    """How far every pixel (h, w) lies from the middle of the iris ``centre``, in its radii."""
    y, x = np.ogrid[0 : shape[0], 0 : shape[1]]
    middle = points[centre]
    dy, dx = as_float(y) - middle[1], as_float(x) - middle[0]
    return as_float(np.hypot(dx, dy) / np.float32(max(iris_radius(points, centre), 1e-6)))


def draw_irises(points: Points, shape: tuple[int, ...]) -> Mask:
    """Discs of both irises, (h, w), their edges a pixel wide."""
    out = np.zeros(shape[:2], np.float32)
    for centre in (RIGHT_IRIS, LEFT_IRIS):
        half = 0.5 / max(iris_radius(points, centre), 1e-6)
        away = away_from_iris(points, centre, shape)
        np.maximum(out, filters.smoothstep(away, 1 + half, 1 - half), out=out)
    return out
