"""Glasses and earrings, drawn."""

import cv2
import numpy as np
from grounds import colour, noise
from shapes import MM


def glasses(rng, h, w, irises, half):
    """Frames, and arms to the ears."""
    out = np.zeros((h, w), np.float32)
    t = int(rng.uniform(1, 8))
    mid = irises.mean(0)
    rx, ry = rng.uniform(23, 33) * MM, rng.uniform(16, 27) * MM
    for p in irises:
        c = p + np.array([np.sign(p[0] - mid[0]) * 2 * MM, rng.uniform(0, 5) * MM])
        if rng.random() < 0.5:
            cv2.ellipse(
                out, tuple(int(v) for v in c), (int(rx), int(ry)), 0, 0, 360, 1.0, t, cv2.LINE_AA
            )
        else:
            cv2.rectangle(
                out,
                tuple((c - [rx, ry]).astype(int).tolist()),
                tuple((c + np.array([rx, ry])).astype(int).tolist()),
                1.0,
                t,
                cv2.LINE_AA,
            )
        end = (int(mid[0] + np.sign(p[0] - mid[0]) * (half + 3 * MM)), int(c[1] - 4))
        cv2.line(
            out, (int(c[0] + np.sign(p[0] - mid[0]) * rx), int(c[1] - 6)), end, 1.0, t, cv2.LINE_AA
        )
    cv2.line(
        out,
        tuple((irises[0] + [rx, 0]).astype(int).tolist()),
        tuple((irises[1] - [rx, 0]).astype(int).tolist()),
        1.0,
        t,
        cv2.LINE_AA,
    )
    return out, np.broadcast_to(colour(rng, 0.005, 0.6, 0.3), (h, w, 3)).astype(np.float32)


def earrings(rng, h, w, lobes):
    """Studs, drops, hoops, chains."""
    out = np.zeros((h, w), np.float32)
    size, kind = rng.uniform(3, 24) * MM, rng.random()
    for lobe in lobes:
        x, y = lobe + rng.normal(0, [3, 4])
        if kind < 0.4:
            cv2.circle(
                out, (int(x), int(y + size)), int(size), 1.0, int(rng.uniform(1, 6)), cv2.LINE_AA
            )
        elif kind < 0.75:
            cv2.line(out, (int(x), int(y)), (int(x), int(y + size)), 0.9, 1, cv2.LINE_AA)
            cv2.ellipse(
                out,
                (int(x), int(y + size * 1.3)),
                (int(size * rng.uniform(0.15, 0.5)) + 1, int(size * 0.5) + 1),
                0,
                0,
                360,
                1.0,
                -1,
                cv2.LINE_AA,
            )
        else:
            for k in range(int(rng.integers(2, 9))):
                cv2.circle(
                    out,
                    (int(x), int(y + k * 5 * MM)),
                    int(rng.uniform(1, 2.4) * MM),
                    1.0,
                    -1,
                    cv2.LINE_AA,
                )
    metal = np.float32([0.75, 0.6, 0.3]) if rng.random() < 0.4 else colour(rng, 0.1, 0.9, 0.3)
    return out, np.clip(metal * np.exp2(0.8 * noise(rng, h, w, 4))[..., None], 0, 1)
