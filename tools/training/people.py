"""A keyed person brought into the canvas, and dressed."""

import functools
from dataclasses import dataclass

import clothes
import cv2
import hair
import jewellery
import numpy as np
from shapes import MM

#: The canvas: the coarse window (480 x 587 mm) at 2 pixels a millimetre, the eyes at their place.
W, H, EYES = 960, 1174, np.array([480.0, 440.0])


@dataclass
class Person:
    """A person in the canvas. ``reach`` is the rectangle that the photo of the person filled.

    A ``clothed`` one was photographed with the clothes that go on being seen.
    """

    alpha: np.ndarray
    fore: np.ndarray
    trust: np.ndarray
    points: np.ndarray
    reach: tuple
    half: float
    chin: float
    hair: np.ndarray
    skin: np.ndarray
    clothed: bool


@functools.lru_cache(64)
def load(path):
    """A keyed person."""
    z = np.load(path)
    return {
        "clothed": "clothed" in z,
        "alpha": z["alpha"].astype(np.float32) / 255,
        "trust": z["trust"].astype(np.float32) / 255,
        "fore": (z["fore"].astype(np.float32) / 255) ** 2,
        "points": z["points"].astype(np.float32),
    }


def place(z, at, scale, turn, flip, stretch):
    """Bring a keyed person into the canvas."""
    eyes = z["points"][[468, 473]].mean(0)
    s = scale * 2.0 / 2.5
    c, n = s * np.cos(np.radians(turn)), s * np.sin(np.radians(turn))
    linear = (
        np.array([[c, -n], [n, c]])
        @ np.diag([-1.0 if flip else 1.0, 1.0])
        @ np.diag([stretch, 1.0])
    )
    m = np.column_stack([linear, at - linear @ eyes])
    h, w = z["alpha"].shape
    put = [
        cv2.warpAffine(z[k], m, (W, H), flags=cv2.INTER_LINEAR) for k in ("alpha", "fore", "trust")
    ]
    points = (z["points"] @ m[:, :2].T + m[:, 2]).astype(np.float32)
    corners = np.array([[0, 0], [w - 1, 0], [0, h - 1], [w - 1, h - 1]]) @ m[:, :2].T + m[:, 2]
    xs, ys = np.sort(corners[:, 0]), np.sort(corners[:, 1])
    x0, y0, x1, y1 = xs[1] + 2, ys[1] + 2, xs[2] - 2, ys[2] - 2
    half = float(np.ptp(points[:468, 0])) / 2 + 5 * MM
    chin = float(points[152, 1])
    top = points[10]
    fx, fy = int(top[0]), int(top[1])
    patch = put[1][max(0, fy - 80) : max(1, fy - 30), max(0, fx - 50) : fx + 50].reshape(-1, 3)
    covered = put[0][max(0, fy - 80) : max(1, fy - 30), max(0, fx - 50) : fx + 50].ravel() > 0.95
    hair = np.median(patch[covered], 0) if covered.sum() > 50 else np.float32([0.02, 0.015, 0.01])
    bx, by = (int(v) for v in np.clip(points[151], 3, [W - 4, H - 4]))
    skin = np.median(put[1][by - 3 : by + 4, bx - 3 : bx + 4].reshape(-1, 3), 0)
    return Person(
        *put[:1],
        put[1],
        put[2],
        points,
        (x0, y0, x1, y1),
        half,
        chin,
        hair.astype(np.float32),
        skin.astype(np.float32),
        z["clothed"],
    )


def lay(below, above):
    """(alpha, colour) over (alpha, colour), not yet multiplied."""
    (a, f), (b, g) = below, above
    out = b + a * (1 - b)
    k = (b / np.maximum(out, 1e-4))[..., None]
    return out, f + k * (g - f)


def dress(rng, p, ground_tone, *, plain=False):
    """A person with clothes and what is drawn: alpha, colour, trust, whether the body is drawn.

    A ``plain`` one has the own hair, and nothing on it; and so has half of all others, as people
    differ more than drawings do.
    """
    plain = plain or rng.random() < 0.5
    eyes, hull = p.points[[468, 473]].mean(0), np.zeros((H, W), np.float32)
    cv2.fillConvexPoly(hull, cv2.convexHull(p.points.astype(np.int32)), 1.0)
    drawn = rng.random() < (0.2 if p.clothed else 0.62)
    alpha, fore, trust = p.alpha, p.fore, p.trust
    if rng.random() < 0.08 and not plain:
        skull, tone = hair.bald(rng, H, W, eyes, hull, p.skin, p.half)
        up = np.clip((eyes[1] + 6 * MM - np.arange(H, dtype=np.float32)[:, None]) / (12 * MM), 0, 1)
        soft = cv2.GaussianBlur(cv2.erode(hull, np.ones((25, 25))), (0, 0), 6)
        face = np.clip(soft * 1.5, 0, 1)[..., None]
        keep = np.maximum(hull, skull)
        alpha = alpha * (1 - up) + up * keep
        fore = fore * (1 - up[..., None]) + up[..., None] * (face * fore + (1 - face) * tone)
    behind = 1.0 if plain else rng.random()
    layers = []
    if drawn:
        tone = ground_tone * np.exp2(rng.normal(0, 0.3)) if rng.random() < 0.18 else None
        ta, cloth, bare = clothes.torso(rng, H, W, eyes, p.chin, tone)
        layers.append((ta, cloth))
        high = np.clip((p.chin + 26 * MM - np.arange(H, dtype=np.float32)[:, None]) / 6, 0, 1)
        xx = np.abs(np.arange(W, dtype=np.float32) - eyes[0])[None]
        grey = fore @ np.float32([0.3, 0.6, 0.1]) + 0.002
        own = grey < 2.2 * (p.hair @ np.float32([0.3, 0.6, 0.1]) + 0.002)
        low = np.arange(H)[:, None] > p.chin - 4 * MM  # beside the neck only hair stays
        high = high * np.where(low & (xx > 56 * MM), own, 1).astype(np.float32)
        keep = np.maximum(cv2.GaussianBlur(high, (0, 0), 1), bare)
        alpha = alpha * keep
        trust = np.maximum(trust, 1 - keep)
    if behind < 0.16:
        layers.insert(
            0,
            hair.curls(
                rng, H, W, eyes, p.half, np.minimum(p.hair, 0.12) * np.exp2(rng.normal(-0.8, 0.7))
            ),
        )
    elif behind < 0.4:
        layers.insert(
            0 if rng.random() < 0.5 else len(layers),
            hair.locks(rng, H, W, eyes, p.chin, p.half, p.hair * np.exp2(rng.normal(0, 0.4))),
        )
    whole = (np.zeros((H, W), np.float32), np.zeros((H, W, 3), np.float32))
    for one in layers:
        whole = lay(whole, one)
    whole = lay(whole, (alpha, fore))
    if rng.random() < (0.1 if plain else 0.4):
        whole = lay(whole, hair.strands(rng, H, W, whole[0], eyes, p.chin, p.hair))
    over = 1.0 if plain else rng.random()
    if over < 0.12:
        whole = lay(whole, clothes.hat(rng, H, W, eyes, p.half))
    elif over < 0.19:
        whole = lay(whole, clothes.scarf(rng, H, W, eyes, p.chin, hull, p.half))
    if rng.random() < 0.22:
        whole = lay(
            whole,
            jewellery.glasses(
                rng, H, W, p.points[[468, 473]][np.argsort(p.points[[468, 473], 0])], p.half
            ),
        )
    if rng.random() < 0.2:
        lobes = [
            (eyes[0] + s * (p.half - 3 * MM), eyes[1] + rng.uniform(38, 52) * MM) for s in (-1, 1)
        ]
        whole = lay(whole, jewellery.earrings(rng, H, W, lobes[: 1 + (rng.random() < 0.8)]))
    return (*whole, trust, drawn)
