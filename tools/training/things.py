"""Things right behind a head that stand out as a whole: a flower, a bowl, a lamp, a chair's back.

A salient network takes such a thing for a part of the sitter. What is drawn here has an outline, a
colour and a relief of its own, and lies behind or beside the head.
"""

import cv2
import grounds
import numpy as np
from shapes import MM


def _shade(rng, h, w):
    """Light across a thing: a slope, a bulge, a grain. (h, w, 1)"""
    yy, xx = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j].astype(np.float32)
    a = rng.uniform(0, 2 * np.pi)
    stops = rng.uniform(0, 1.2) * (xx * np.cos(a) + yy * np.sin(a))
    stops += rng.uniform(0, 0.2) * grounds.noise(rng, h, w, float(np.exp(rng.uniform(0.7, 4))))
    return np.exp2(stops)[..., None]


def _ring(rng, out, mask, at, reach):
    """Rings within rings, each of its own tone: a cup, a plate, a wheel, a halo."""
    tone = grounds.colour(rng, 0.03, 0.9, 0.45)
    squash, turn = rng.uniform(0.6, 1.0), rng.uniform(0, 180)
    for k in range(int(rng.integers(1, 5))):
        r = reach * (1 - 0.22 * k * rng.uniform(0.4, 1.2))
        axes = (max(2, int(r)), max(2, int(r * squash)))
        paint = (
            tone * np.exp2(rng.normal(0, 0.5))
            if rng.random() < 0.7
            else grounds.colour(rng, 0.02, 0.9, 0.45)
        )
        thick = -1 if k == 0 or rng.random() < 0.7 else int(rng.uniform(4, 30))
        cv2.ellipse(out, at, axes, turn, 0, 360, paint.astype(float).tolist(), thick, cv2.LINE_AA)
        cv2.ellipse(mask, at, axes, turn, 0, 360, 1.0, thick, cv2.LINE_AA)


def _petals(rng, out, mask, at, reach):
    """A flower, a tuft, a palm: blades around a middle, ring by ring."""
    tone = grounds.colour(rng, 0.05, 0.9, 0.5)
    count, slim = int(rng.integers(5, 26)), rng.uniform(0.12, 0.5)
    for k in range(int(rng.integers(1, 6))):
        r = reach * (1 - 0.16 * k)
        for j in range(count):
            a = 2 * np.pi * (j + 0.5 * (k % 2)) / count + rng.normal(0, 0.06)
            middle = (int(at[0] + 0.6 * r * np.cos(a)), int(at[1] + 0.6 * r * np.sin(a)))
            axes = (max(2, int(0.42 * r)), max(2, int(0.42 * r * slim)))
            paint = (tone * np.exp2(rng.normal(0.0, 0.35) - 0.15 * k)).astype(float).tolist()
            cv2.ellipse(out, middle, axes, np.degrees(a), 0, 360, paint, -1, cv2.LINE_AA)
            cv2.ellipse(mask, middle, axes, np.degrees(a), 0, 360, 1.0, -1, cv2.LINE_AA)


def _block(rng, out, mask, at, reach):
    """A chair's back, a cushion, a sign, a screen, a pillar: an upright shape with soft corners."""
    half = np.array([reach * rng.uniform(0.4, 1.1), reach * rng.uniform(0.4, 1.3)])
    box = cv2.boxPoints((tuple(map(float, at)), tuple(2 * half), float(rng.normal(0, 8))))
    if rng.random() < 0.6:  # round its corners
        corners = np.roll(box, 1, 0) * 0.12 + box * 0.88, np.roll(box, -1, 0) * 0.12 + box * 0.88
        box = np.stack(corners, 1).reshape(-1, 2)
    shape = [np.round(box).astype(np.int32)]
    cv2.fillPoly(out, shape, grounds.colour(rng, 0.02, 0.9, 0.4).tolist(), cv2.LINE_AA)
    cv2.fillPoly(mask, shape, 1.0, cv2.LINE_AA)
    for _ in range(int(rng.integers(0, 7))):
        p, q = (tuple(int(v) for v in rng.normal(at, reach / 2)) for _ in "ab")
        line = np.zeros(mask.shape, np.float32)
        cv2.line(line, p, q, 1.0, int(rng.uniform(2, 16)), cv2.LINE_AA)
        out += (line * mask)[..., None] * (grounds.colour(rng, 0.02, 0.9, 0.4) - out)


def _blob(rng, out, mask, at, reach):
    """A balloon, a bush, a stone, a hanging coat: one uneven outline."""
    count = int(rng.integers(5, 40))
    a = np.linspace(0, 2 * np.pi, count, endpoint=False)
    r = reach * np.clip(1 + rng.normal(0, rng.uniform(0.03, 0.3), count), 0.3, 1.8)
    shape = [np.stack([at[0] + r * np.cos(a), at[1] + r * np.sin(a)], 1).round().astype(np.int32)]
    cv2.fillPoly(out, shape, grounds.colour(rng, 0.02, 0.9, 0.45).tolist(), cv2.LINE_AA)
    cv2.fillPoly(mask, shape, 1.0, cv2.LINE_AA)


def put(rng, ground, folder, eyes):
    """Put one to three things behind and beside a head: the ground with them, and where they are.

    ``ground`` (h, w, 3) linear light; ``eyes`` the middle of the eyes, in its pixels.
    """
    h, w = ground.shape[:2]
    there = np.zeros((h, w), np.float32)
    for _ in range(int(rng.choice([1, 2, 3], p=[0.6, 0.25, 0.15]))):
        out, mask = np.zeros((h, w, 3), np.float32), np.zeros((h, w), np.float32)
        reach = float(np.exp(rng.uniform(np.log(50), np.log(200)))) * MM
        away = rng.normal(0, 50 if reach > 80 * MM else 90, 2) * MM
        at = tuple(int(v) for v in eyes + away - [0, 20 * MM])
        (_ring, _petals, _block, _blob)[rng.choice(4, p=[0.3, 0.25, 0.25, 0.2])](
            rng, out, mask, at, reach
        )
        if rng.random() < 0.3:  # what it is made of, from a photograph
            out = grounds.paper(rng, h, w, folder) * np.exp2(rng.normal(0, 0.5))
        out = out * _shade(rng, h, w)
        rim = cv2.GaussianBlur(mask, (0, 0), rng.uniform(2, 14))
        out = out * (0.45 + 0.55 * rim[..., None]) if rng.random() < 0.6 else out
        soft = float(np.exp(rng.uniform(-0.7, 2.0)))
        out, mask = (cv2.GaussianBlur(v, (0, 0), soft) for v in (out * mask[..., None], mask))
        ground = np.clip(ground * (1 - mask[..., None]) + out, 0, 1.2).astype(np.float32)
        there = np.maximum(there, mask)
    return ground, there
