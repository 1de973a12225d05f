"""Hair of every kind, and none: curls, locks, single strands, a bare skull; drawn."""

import cv2
import numpy as np
import shapes
from grounds import noise
from shapes import MM


def curls(rng, h, w, eyes, half, tone):
    """Coily or curly hair: a cloud with a broken edge; behind the head."""
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    cy = eyes[1] - rng.uniform(20, 60) * MM
    rx, ry = half + rng.uniform(10, 70) * MM, rng.uniform(90, 150) * MM
    if rng.random() < 0.35:
        ry *= 1.35
        cy += 30 * MM
    away = np.sqrt(((xx - eyes[0] - rng.normal(0, 8)) / rx) ** 2 + ((yy - cy) / ry) ** 2)
    grain = rng.uniform(3, 11)
    rough = (
        rng.uniform(0.01, 0.06) * noise(rng, h, w, grain)
        + 0.05 * noise(rng, h, w, 70)
        + rng.uniform(0, 0.05) * noise(rng, h, w, 2.2)
    )
    alpha = np.clip((1 - away + rough) * rx / rng.uniform(2, 14), 0, 1)
    shade = rng.uniform(0.1, 0.5) * noise(rng, h, w, grain) + 0.3 * noise(rng, h, w, 2.5)
    return alpha.astype(np.float32), np.clip(tone * np.exp2(shade)[..., None] + 0.002, 0, 1)


def locks(rng, h, w, eyes, chin, half, tone):
    """Long hair, a ponytail or a bun; behind the head."""
    x, y = eyes
    kind = rng.random()
    alpha = np.zeros((h, w), np.float32)
    if kind < 0.5:
        for sign in (-1, 1):
            if rng.random() < 0.85:
                out, end = (
                    half + rng.uniform(-6, 22 if rng.random() < 0.6 else 65) * MM,
                    chin + rng.uniform(20, 170) * MM,
                )
                left = shapes.spline(
                    [
                        (x + sign * half * 0.7, y - 60 * MM),
                        (x + sign * out, y),
                        (x + sign * (out + rng.normal(0, 12)), chin),
                        (x + sign * (out - rng.uniform(-10, 40)), end),
                    ]
                )
                right = shapes.spline(
                    [(x + sign * 30, end - rng.uniform(0, 30)), (x + sign * 20, y - 60 * MM)]
                )
                alpha = np.maximum(alpha, shapes.fill(h, w, np.vstack([left, right])))
    elif kind < 0.75:
        cv2.ellipse(
            alpha,
            (int(x + rng.normal(0, 20) * MM), int(y - rng.uniform(105, 150) * MM)),
            (int(rng.uniform(18, 45) * MM), int(rng.uniform(18, 42) * MM)),
            0,
            0,
            360,
            1.0,
            -1,
            cv2.LINE_AA,
        )
    else:
        sign = rng.choice([-1, 1])
        path = shapes.spline(
            [
                (x + sign * half * 0.6, y - 70 * MM),
                (x + sign * (half + rng.uniform(10, 40) * MM), y - rng.uniform(0, 60) * MM),
                (x + sign * (half + rng.uniform(0, 40) * MM), chin + rng.uniform(0, 120) * MM),
            ]
        )
        cv2.polylines(
            alpha,
            [path.astype(np.int32)],
            isClosed=False,
            color=1.0,
            thickness=int(rng.uniform(14, 50) * MM),
            lineType=cv2.LINE_AA,
        )
    alpha *= np.clip(1.3 + 0.4 * noise(rng, h, w, 5), 0, 1)
    alpha = cv2.GaussianBlur(alpha, (0, 0), rng.uniform(0.7, 2))
    flow = cv2.resize(
        rng.normal(0, 1, (max(2, h // 60), w // 3)).astype(np.float32),
        (w, h),
        interpolation=cv2.INTER_CUBIC,
    )
    return alpha, np.clip(tone * np.exp2(0.6 * flow)[..., None] + 0.002, 0, 1)


def strands(rng, h, w, alpha, eyes, chin, tone):
    """Single hairs, tufts and loose curls that leave the outline."""
    edge = cv2.findContours(
        (alpha > 0.6).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )[0]
    edge = np.vstack(edge)[:, 0] if edge else np.zeros((0, 2), int)
    edge = edge[edge[:, 1] < chin - 10 * MM]
    out = np.zeros((h, w), np.float32)
    if len(edge) < 50:
        return out, np.broadcast_to(tone, (h, w, 3)).astype(np.float32)
    curl = rng.uniform(0, 1.2) if rng.random() < 0.5 else rng.uniform(0, 0.15)
    long = rng.uniform(4, 45) * MM
    spread = rng.random() < 0.5
    middle = edge[rng.integers(len(edge))]
    for _ in range(int(rng.integers(4, 110))):
        p = edge[rng.integers(len(edge))]
        if not spread and np.hypot(*(p - middle)) > 60 * MM:
            continue
        a = np.arctan2(p[1] - (eyes[1] - 20 * MM), p[0] - eyes[0]) + rng.normal(0, 0.7)
        bend, turn = rng.normal(0, 0.03), rng.normal(0, 1)
        q, path, step = p.astype(float) - 8 * np.array([np.cos(a), np.sin(a)]), [], 3.0
        for k in range(int(long * rng.uniform(0.3, 1.3) / step) + 4):
            path.append(q)
            a += bend + curl * 0.5 * np.sin(k * 0.45 + turn)
            q = q + step * np.array([np.cos(a), np.sin(a) + 0.15])
        one = np.zeros((h, w), np.uint8)
        thin = rng.random() < 0.75
        cv2.polylines(
            one,
            [np.round(np.array(path) * 16).astype(np.int32)],
            isClosed=False,
            color=255,
            thickness=1 if thin else 2,
            lineType=cv2.LINE_AA,
            shift=4,
        )
        x0, y0 = np.maximum(np.min(path, 0).astype(int) - 4, 0)
        x1, y1 = np.max(path, 0).astype(int) + 5
        box = np.s_[y0 : max(y0, y1), x0 : max(x0, x1)]
        strong = rng.uniform(0.25, 1.0)
        out[box] = np.maximum(out[box], one[box].astype(np.float32) / 255 * strong)
    out = cv2.GaussianBlur(out, (0, 0), 0.45)
    return out, np.clip(tone * np.exp2(rng.normal(0.2, 0.4)), 0, 1) * np.ones((h, w, 1), np.float32)


def bald(rng, h, w, eyes, hull, skin, half):
    """A bare skull: (alpha above the ears, colour); what was hair there goes."""
    out = np.zeros((h, w), np.float32)
    cv2.ellipse(
        out,
        (int(eyes[0]), int(eyes[1] - 15 * MM)),
        (int(half * rng.uniform(0.88, 0.97)), int(rng.uniform(92, 108) * MM)),
        0,
        0,
        360,
        1.0,
        -1,
        cv2.LINE_AA,
    )
    out = cv2.GaussianBlur(out, (0, 0), 0.8)
    glow = cv2.GaussianBlur(out, (0, 0), 45)
    tone = (
        skin
        * np.exp2(
            rng.uniform(0.4, 1.2) * (np.clip(glow * 2 - 1, -1, 1) - 0.8)
            + 0.05 * noise(rng, h, w, 6)
        )[..., None]
    )
    return out, np.clip(tone, 0, 1).astype(np.float32)
