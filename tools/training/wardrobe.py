"""What the studio's people lack, drawn: clothes, hats, scarves, glasses, earrings, hair of every kind.

A drawn thing is (alpha, colour): (h, w) float32 and (h, w, 3) float32 linear light, in the canvas of
the composite: 2 pixels a millimetre, ``eyes`` the middle of the eyes.
"""

import cv2
import numpy as np
from grounds import colour, noise

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
    for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:]):
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


def rounded(alpha, rng, width=30):
    """Light that falls off towards the outline, in stops."""
    near = cv2.GaussianBlur(alpha, (0, 0), width)
    return rng.uniform(-0.2, 1.2) * np.clip(2 * near - 1.6, -1, 0.2)


def torso(rng, h, w, eyes, chin, tone=None):
    """Shoulders and chest in clothes, and the curve above which the neck stays bare."""
    x, side = eyes[0] + rng.normal(0, 6) * MM, rng.uniform(150, 225) * MM
    neck, top = rng.uniform(48, 62) * MM, chin + rng.uniform(30, 55) * MM
    fall = rng.uniform(35, 85) * MM
    wide = side + rng.uniform(0, 60) * MM
    tilt = rng.normal(0, 10) * MM

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

    outline = np.vstack([spline(half(1)), spline(half(-1))[::-1]])
    alpha = fill(h, w, outline)
    cloth = fabric(rng, h, w, tone)
    cloth *= np.exp2(rounded(alpha, rng))[..., None]
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
        v = fill(
            h, w, [(x - neck, top - 4), (x + neck, top - 4), (x + rng.uniform(-4, 4), top + long)]
        )
        cloth += v[..., None] * (shirt - cloth)
        if rng.random() < 0.5:
            t = rng.uniform(10, 18)
            tie = fill(
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
    alpha = fill(h, w, spline(shape))
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
    return alpha, cloth * np.exp2(rounded(alpha, rng))[..., None]


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
    alpha = fill(h, w, spline(shape))
    k = int(rng.uniform(0, 8)) * 2 + 1
    face = cv2.erode(hull, np.ones((k, k)))
    alpha = alpha * (1 - cv2.GaussianBlur(face, (0, 0), 1))
    cloth = fabric(rng, h, w)
    return alpha, cloth * np.exp2(rounded(alpha, rng))[..., None]


def curls(rng, h, w, eyes, half, tone):
    """Coily or curly hair: a cloud with a broken edge, and what stands out of it; behind the head."""
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
                out, end = half + rng.uniform(-6, 22) * MM, chin + rng.uniform(20, 170) * MM
                left = spline(
                    [
                        (x + sign * half * 0.7, y - 60 * MM),
                        (x + sign * out, y),
                        (x + sign * (out + rng.normal(0, 12)), chin),
                        (x + sign * (out - rng.uniform(-10, 40)), end),
                    ]
                )
                right = spline(
                    [(x + sign * 30, end - rng.uniform(0, 30)), (x + sign * 20, y - 60 * MM)]
                )
                alpha = np.maximum(alpha, fill(h, w, np.vstack([left, right])))
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
        path = spline(
            [
                (x + sign * half * 0.6, y - 70 * MM),
                (x + sign * (half + rng.uniform(10, 40) * MM), y - rng.uniform(0, 60) * MM),
                (x + sign * (half + rng.uniform(0, 40) * MM), chin + rng.uniform(0, 120) * MM),
            ]
        )
        cv2.polylines(
            alpha, [path.astype(np.int32)], False, 1.0, int(rng.uniform(14, 50) * MM), cv2.LINE_AA
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
            False,
            255,
            1 if thin else 2,
            cv2.LINE_AA,
            4,
        )
        x0, y0 = np.maximum(np.min(path, 0).astype(int) - 4, 0)
        x1, y1 = np.max(path, 0).astype(int) + 5
        box = np.s_[y0 : max(y0, y1), x0 : max(x0, x1)]
        strong = rng.uniform(0.25, 1.0)
        out[box] = np.maximum(out[box], one[box].astype(np.float32) / 255 * strong)
    out = cv2.GaussianBlur(out, (0, 0), 0.45)
    return out, np.clip(tone * np.exp2(rng.normal(0.2, 0.4)), 0, 1) * np.ones((h, w, 1), np.float32)


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
                tuple((c + [rx, ry]).astype(int).tolist()),
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
    for x, y in lobes:
        x, y = x + rng.normal(0, 3), y + rng.normal(0, 4)
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
