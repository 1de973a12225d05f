"""Clothes, hats and scarves, drawn: what the studio's people did not wear."""

import cv2
import numpy as np
import shapes
from grounds import colour, noise
from shapes import MM


def fabric(rng, h, w, tone=None):
    """Cloth with folds and, at times, a pattern."""
    if tone is None:
        kind = rng.random()
        tone = (
            colour(rng, 0.004, 0.02, 0.05)
            if kind < 0.25
            else colour(rng, 0.6, 0.95, 0.06)
            if kind < 0.42
            else colour(rng, 0.02, 0.8, 0.4)
        )
    out = np.broadcast_to(tone, (h, w, 3)).astype(np.float32).copy()
    pattern = rng.random()
    if pattern < 0.25:
        yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
        a, step = rng.uniform(0, np.pi), rng.uniform(6, 60)
        other = colour(rng, 0.01, 0.9, 0.35)
        k = (
            np.sin((xx * np.cos(a) + yy * np.sin(a)) * 2 * np.pi / step) > rng.uniform(-0.6, 0.7)
        ).astype(np.float32)
        if pattern < 0.12:
            k = (
                np.maximum(k, np.sin((yy * np.cos(a) - xx * np.sin(a)) * 2 * np.pi / step) > 0.3)
                * 0.7
            )
        out += k[..., None] * (other - out)
    elif pattern < 0.4:
        k = np.clip(noise(rng, h, w, rng.uniform(8, 40)) * 2, 0, 1)
        out += k[..., None] * (colour(rng, 0.01, 0.9, 0.35) - out)
    stops = rng.uniform(0.1, 0.5) * noise(rng, h, w, rng.uniform(30, 90)) + rng.uniform(
        0, 0.25
    ) * noise(rng, h, w, rng.uniform(3, 12))
    return np.clip(out * np.exp2(stops)[..., None] + 0.001, 0, 1.1)


def torso(rng, h, w, eyes, chin, tone=None):
    """Shoulders and chest in clothes, and the curve above which the neck stays bare."""
    x, side = eyes[0] + rng.normal(0, 12) * MM, rng.uniform(145, 250) * MM
    # Half of them stand upright; the others bend, lift their shoulders, turn away.
    upright = rng.random() < 0.5
    neck, top = rng.uniform(48, 70) * MM, chin + rng.uniform(25 if upright else -20, 55) * MM
    fall = rng.uniform(30 if upright else 8, 85) * MM
    wide = side + rng.uniform(0, 60) * MM
    tilt = rng.normal(0, 10 if upright else 20) * MM

    def half(sign):
        s, d = sign * side, sign * tilt
        return [
            (x + sign * neck, top),
            (x + sign * neck + 0.3 * (s - sign * neck), top + 0.25 * fall + 0.3 * d),
            (x + 0.75 * s, top + 0.6 * fall + 0.7 * d),
            (x + s, top + 1.2 * fall + d),
            (x + sign * (0.5 * side + 0.5 * wide) * 1.02, top + 2.6 * fall + d),
            (x + sign * wide, max(h + 40, top + 4 * fall)),
        ]

    outline = np.vstack([shapes.spline(half(1)), shapes.spline(half(-1))[::-1]])
    alpha = shapes.fill(h, w, outline)
    cloth = fabric(rng, h, w, tone)
    cloth *= np.exp2(shapes.rounded(alpha, rng))[..., None]
    xx = (np.arange(w, dtype=np.float32) - x)[None] / neck
    kind = rng.random()
    deep = rng.uniform(5, 40) * MM
    line = (
        top
        + (deep * (1 - np.abs(xx)) if kind < 0.45 else deep * np.sqrt(np.clip(1 - xx**2, 0, 1)))
        - 3
    )
    yy = np.arange(h, dtype=np.float32)[:, None]
    bare = np.clip((line - yy) / 2 + 0.5, 0, 1) * (np.abs(xx) < 1.15)
    if kind < 0.45 and rng.random() < 0.7:  # a jacket's lapels, a shirt, perhaps a tie
        shirt = fabric(rng, h, w, colour(rng, 0.5, 0.95, 0.1))
        long = deep + rng.uniform(60, 200) * MM
        v = shapes.fill(
            h, w, [(x - neck, top - 4), (x + neck, top - 4), (x + rng.uniform(-4, 4), top + long)]
        )
        cloth += v[..., None] * (shirt - cloth)
        if rng.random() < 0.5:
            t = rng.uniform(10, 18)
            tie = shapes.fill(
                h,
                w,
                [
                    (x - t, top + deep),
                    (x + t, top + deep),
                    (x + 2 * t, top + long),
                    (x - 2 * t, top + long),
                ],
            )
            cloth += tie[..., None] * (fabric(rng, h, w) - cloth)
    return alpha, cloth, bare


def hat(rng, h, w, eyes, half):
    """A cap, a beanie or a hat with a brim, over the hair."""
    x, y = eyes
    low = y - rng.uniform(42, 68) * MM
    wide = half + rng.uniform(2, 12) * MM
    high = low - rng.uniform(55, 110) * MM
    shape = [
        (x - wide, low + 4),
        (x - wide * rng.uniform(0.9, 1.02), low - 0.45 * (low - high)),
        (x - 0.6 * wide, high + 0.08 * (low - high)),
        (x, high),
        (x + 0.6 * wide, high + 0.08 * (low - high)),
        (x + wide * rng.uniform(0.9, 1.02), low - 0.45 * (low - high)),
        (x + wide, low + 4),
    ]
    alpha = shapes.fill(h, w, shapes.spline(shape))
    kind = rng.random()
    if kind < 0.35:
        brim = np.zeros((h, w), np.float32)
        cv2.ellipse(
            brim,
            (int(x), int(low)),
            (int(wide * rng.uniform(1.25, 1.9)), int(rng.uniform(8, 26) * MM)),
            rng.normal(0, 4),
            0,
            360,
            1.0,
            -1,
            cv2.LINE_AA,
        )
        alpha = np.maximum(alpha, brim)
    elif kind < 0.65:
        brim = np.zeros((h, w), np.float32)
        cv2.ellipse(
            brim,
            (int(x + rng.normal(0, 20)), int(low + 4)),
            (int(wide * 0.85), int(rng.uniform(8, 20) * MM)),
            0,
            0,
            360,
            1.0,
            -1,
            cv2.LINE_AA,
        )
        alpha = np.maximum(alpha, brim)
    cloth = fabric(rng, h, w)
    return alpha, cloth * np.exp2(shapes.rounded(alpha, rng))[..., None]


def scarf(rng, h, w, eyes, chin, hull, half):
    """A head scarf: all around the face and down to the chest."""
    x, y = eyes
    wide, top = half + rng.uniform(4, 18) * MM, y - rng.uniform(95, 130) * MM
    shape = [
        (x, top),
        (x + 0.8 * wide, top + 22 * MM),
        (x + wide, y),
        (x + wide * 0.9, chin - 10 * MM),
        (x + wide * rng.uniform(0.9, 1.5), chin + rng.uniform(60, 120) * MM),
        (x, chin + rng.uniform(90, 160) * MM),
        (x - wide * rng.uniform(0.9, 1.5), chin + rng.uniform(60, 120) * MM),
        (x - wide * 0.9, chin - 10 * MM),
        (x - wide, y),
        (x - 0.8 * wide, top + 22 * MM),
        (x, top),
    ]
    alpha = shapes.fill(h, w, shapes.spline(shape))
    k = int(rng.uniform(0, 8)) * 2 + 1
    face = cv2.erode(hull, np.ones((k, k)))
    alpha = alpha * (1 - cv2.GaussianBlur(face, (0, 0), 1))
    cloth = fabric(rng, h, w)
    return alpha, cloth * np.exp2(shapes.rounded(alpha, rng))[..., None]
