"""One composite: a keyed person, dressed, before a ground, in some light, as some camera saw it."""

import clothes
import cv2
import grounds
import numpy as np
import things
from camera import choose_borders, degrade, haze, light, print_bars
from people import EYES, H, W, dress, lay, place
from shapes import MM


def add_bystanders(rng, ground, people, sitter):
    """One or two people beside the sitter: the ground with them, where, their meshes and names."""
    there, meshes, names = np.zeros((H, W), np.float32), [], []
    strangers = [k for k in people if k.split("_")[0] != sitter.split("_")[0]]
    for _ in range(1 + (rng.random() < 0.3)):
        side, scale = rng.choice([-1, 1]), rng.uniform(0.55, 1.1)
        at = EYES + np.array([side * rng.uniform(75, 220), rng.uniform(-70, 60)]) * MM
        turn, flip = rng.normal(0, 6), rng.random() < 0.5
        names.append(str(rng.choice(strangers)))
        other = place(people[names[-1]], at, scale, turn, flip, 1.0)
        body, cloth, bare = clothes.torso(rng, H, W, at, other.chin)
        neck = other.chin + 26 * MM * scale - np.arange(H, dtype=np.float32)[:, None]
        head = other.alpha * np.maximum(np.clip(neck / 6, 0, 1), bare)
        alpha, fore = lay((body, cloth), (head, other.fore))
        fore = light(rng, fore, alpha)
        if rng.random() < 0.3:  # out of focus
            k = rng.uniform(1, 8)
            alpha, fore = cv2.GaussianBlur(alpha, (0, 0), k), cv2.GaussianBlur(fore, (0, 0), k)
        ground = ground + alpha[..., None] * (fore - ground)
        there = np.maximum(there, alpha)
        meshes.append(other.points)
    return ground, there, meshes, names


def cast_shadow(rng, ground, alpha):
    """The sitter's own shadow on what stands behind: its hue, darker; the ground, and where."""
    dx, dy = rng.choice([-1, 1]) * rng.uniform(3, 60) * MM, rng.uniform(-12, 35) * MM
    s = rng.uniform(1, 1.15)
    move = np.float32([[s, 0, dx + (1 - s) * EYES[0]], [0, s, dy + (1 - s) * EYES[1]]])
    soft = float(np.exp(rng.uniform(0, 3.2)))
    shade = cv2.GaussianBlur(cv2.warpAffine(alpha, move, (W, H)), (0, 0), soft)
    shade = shade * rng.uniform(0.25, 0.85)
    tint = np.float32([1, 1, 1 - rng.uniform(0, 0.12)])
    return ground * (1 - shade[..., None] * tint), shade


def make(rng, people, sitter, folder, *, plain=False):
    """One composite; of a ``plain`` one the person is as keyed, and the camera a good one.

    Returns a dict: picture (H, W, 3) uint8; alpha, trust, ghost (H, W) float32; points of the
    sitter and of others; who all of them are; the photo's rectangle.
    """
    turn = rng.normal(0, 5) if rng.random() < 0.6 else 0.0
    scale, flip = rng.uniform(0.94, 1.06), rng.random() < 0.5
    p = place(people[sitter], EYES, scale, turn, flip, rng.uniform(0.93, 1.05))
    tone = p.hair if rng.random() < 0.7 else p.skin
    ground, kind = grounds.draw(rng, H, W, tone, folder)
    near = ground[int(EYES[1]) : int(EYES[1]) + 300, ::40].reshape(-1, 3)
    alpha, fore, trust, drawn = dress(rng, p, np.median(near, 0), plain=plain)
    fore = light(rng, fore, alpha)
    ghost = np.full((H, W), 0.5 if kind == "lettering" else 0.0, np.float32)
    others, names = [], []
    if rng.random() < 0.5:
        ground, there = things.put(rng, ground, folder, EYES)
        ghost = np.maximum(ghost, there)
    if rng.random() < 0.2:
        ground, there, others, names = add_bystanders(rng, ground, people, sitter)
        ghost = np.maximum(ghost, there)
    if rng.random() < 0.4:
        ground, shade = cast_shadow(rng, ground, alpha)
        ghost = np.maximum(ghost, shade)
    if rng.random() < 0.5:  # light of the ground around the edge
        rim = np.clip(1 - cv2.GaussianBlur(alpha, (0, 0), rng.uniform(2, 10)), 0, 0.5)
        fore = fore + rim[..., None] * rng.uniform(0, 0.5) * haze(ground, 4)
    picture = ground + alpha[..., None] * (fore - ground)
    if rng.random() < 0.12 and not plain:  # flare
        picture = picture + rng.uniform(0.03, 0.15) * (haze(picture, rng.uniform(1, 4)) - picture)
    rect = choose_borders(rng, p, drawn)
    alpha, trust = alpha.copy(), np.array(trust, np.float32)
    if rng.random() < 0.06:
        print_bars(rng, p, rect, picture, alpha, trust, ghost)
    x0, y0, x1, y1 = rect
    inside = np.zeros((H, W), np.float32)
    inside[y0:y1, x0:x1] = 1
    return {
        "picture": degrade(rng, picture, plain=plain),
        "alpha": alpha * inside,
        "trust": trust,
        "ghost": ghost * (alpha < 0.1),
        "points": p.points,
        "others": others,
        "who": [sitter, *names],
        "rect": rect,
    }
