"""Outlines for what is drawn: polygons, smooth curves, light that falls off towards an edge.

A drawn thing is (alpha, colour): (h, w) float32 and (h, w, 3) float32 linear light, in the canvas
of the composite, 2 pixels a millimetre.
"""

import cv2
import numpy as np

MM = 2.0


def fill(h, w, points, soft=0.7):
    """A polygon with smooth corners."""
    out = np.zeros((h, w), np.uint8)
    cv2.fillPoly(out, [np.round(np.asarray(points) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return cv2.GaussianBlur(out.astype(np.float32) / 255, (0, 0), soft)


def spline(points, n=12):
    """Catmull-Rom through the points."""
    p = np.asarray(points, np.float64)
    p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    t = np.linspace(0, 1, n, endpoint=False)[:, None]
    rows = []
    for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:], strict=False):
        rows.append(
            0.5
            * (
                2 * b
                + (c - a) * t
                + (2 * a - 5 * b + 4 * c - d) * t**2
                + (3 * b - a - 3 * c + d) * t**3
            )
        )
    return np.vstack([*rows, p[-2:-1]])


def rounded(alpha, rng, width=30):
    """Light that falls off towards the outline, in stops."""
    near = cv2.GaussianBlur(alpha, (0, 0), width)
    return rng.uniform(-0.2, 1.2) * np.clip(2 * near - 1.6, -1, 0.2)
