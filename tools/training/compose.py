"""One composite: a keyed person, dressed, before a ground, in some light, as some camera saw it."""

from dataclasses import dataclass

import cv2
import grounds
import numpy as np
import wardrobe
from wardrobe import MM

#: The canvas: the coarse window (480 x 587 mm) at 2 pixels a millimetre, the eyes at their place.
W, H, EYES = 960, 1174, np.array([480.0, 440.0])


@dataclass
class Person:
    """A person in the canvas. ``reach`` is the rectangle that the photo of the person filled."""

    alpha: np.ndarray
    fore: np.ndarray
    trust: np.ndarray
    points: np.ndarray
    reach: tuple
    half: float
    chin: float
    hair: np.ndarray
    skin: np.ndarray


def load(path):
    """A keyed person; small holes that the key left in the head are filled."""
    z = np.load(path)
    alpha, points = z["alpha"].astype(np.float32) / 255, z["points"].astype(np.float32)
    hull = cv2.convexHull(points.astype(np.int32))
    head = cv2.fillConvexPoly(np.zeros(alpha.shape, np.uint8), hull, 1)
    head = cv2.dilate(head, np.ones((121, 61)))
    _, holes, stats, centre = cv2.connectedComponentsWithStats(
        (alpha < 0.85).astype(np.uint8), connectivity=4
    )
    for k in range(1, len(stats)):
        if stats[k, 4] < 9000:
            x, y = centre[k].astype(int)
            if head[y, x]:
                alpha[holes == k] = np.maximum(alpha[holes == k], 1.0)
    return {
        "alpha": alpha,
        "trust": z["trust"].astype(np.float32) / 255,
        "fore": (z["fore"].astype(np.float32) / 255) ** 2,
        "points": points,
    }


def place(rng, z, at, scale, turn, flip, stretch):
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
    )


def lay(below, above):
    """(alpha, colour) over (alpha, colour), not yet multiplied."""
    (a, f), (b, g) = below, above
    out = b + a * (1 - b)
    k = (b / np.maximum(out, 1e-4))[..., None]
    return out, f + k * (g - f)


def dress(rng, p, ground_tone):
    """Person with clothes and whatever is drawn: alpha, colour, trust and whether the body is drawn."""
    eyes, hull = p.points[[468, 473]].mean(0), np.zeros((H, W), np.float32)
    cv2.fillConvexPoly(hull, cv2.convexHull(p.points.astype(np.int32)), 1.0)
    drawn = rng.random() < 0.62
    alpha, fore, trust = p.alpha, p.fore, p.trust
    if rng.random() < 0.08:
        skull, tone = wardrobe.bald(rng, H, W, eyes, hull, p.skin, p.half)
        up = np.clip((eyes[1] + 6 * MM - np.arange(H, dtype=np.float32)[:, None]) / (12 * MM), 0, 1)
        soft = cv2.GaussianBlur(cv2.erode(hull, np.ones((25, 25))), (0, 0), 6)
        face = np.clip(soft * 1.5, 0, 1)[..., None]
        keep = np.maximum(hull, skull)
        alpha = alpha * (1 - up) + up * keep
        fore = fore * (1 - up[..., None]) + up[..., None] * (face * fore + (1 - face) * tone)
    behind = rng.random()
    layers = []
    if drawn:
        tone = ground_tone * np.exp2(rng.normal(0, 0.3)) if rng.random() < 0.18 else None
        ta, cloth, bare = wardrobe.torso(rng, H, W, eyes, p.chin, tone)
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
    if behind < 0.1:
        layers.insert(
            0,
            wardrobe.curls(
                rng, H, W, eyes, p.half, np.minimum(p.hair, 0.12) * np.exp2(rng.normal(-0.8, 0.7))
            ),
        )
    elif behind < 0.22:
        layers.insert(
            0 if rng.random() < 0.5 else len(layers),
            wardrobe.locks(rng, H, W, eyes, p.chin, p.half, p.hair * np.exp2(rng.normal(0, 0.4))),
        )
    whole = (np.zeros((H, W), np.float32), np.zeros((H, W, 3), np.float32))
    for one in layers:
        whole = lay(whole, one)
    whole = lay(whole, (alpha, fore))
    if rng.random() < 0.4:
        whole = lay(whole, wardrobe.strands(rng, H, W, whole[0], eyes, p.chin, p.hair))
    over = rng.random()
    if over < 0.09:
        whole = lay(whole, wardrobe.hat(rng, H, W, eyes, p.half))
    elif over < 0.13:
        whole = lay(whole, wardrobe.scarf(rng, H, W, eyes, p.chin, hull, p.half))
    if rng.random() < 0.22:
        whole = lay(
            whole,
            wardrobe.glasses(
                rng, H, W, p.points[[468, 473]][np.argsort(p.points[[468, 473], 0])], p.half
            ),
        )
    if rng.random() < 0.2:
        lobes = [
            (eyes[0] + s * (p.half - 3 * MM), eyes[1] + rng.uniform(38, 52) * MM) for s in (-1, 1)
        ]
        whole = lay(whole, wardrobe.earrings(rng, H, W, lobes[: 1 + (rng.random() < 0.8)]))
    return (*whole, trust, drawn)


def light(rng, fore, alpha):
    """Light on the person: from one side, brighter or darker than the ground."""
    a = rng.uniform(0, 2 * np.pi)
    xx = (np.arange(W, dtype=np.float32)[None] - EYES[0]) / (120 * MM)
    yy = (np.arange(H, dtype=np.float32)[:, None] - EYES[1]) / (160 * MM)
    side = (
        np.clip(rng.uniform(0, 1.2) * (xx * np.cos(a) + yy * np.sin(a)), -2, 1.2)
        if rng.random() < 0.5
        else 0 * xx + 0 * yy
    )
    gain = np.exp2(side + rng.normal(0, 0.5))[..., None] * np.exp2(rng.normal(0, 0.12, 3)).astype(
        np.float32
    )
    return np.clip(fore * gain, 0, 1.3).astype(np.float32)


def degrade(rng, picture):
    """As a camera saw it: exposure, white balance, contrast, blur, source size, noise, JPEG. -> uint8."""
    gain = np.exp2(rng.normal(0, 0.35)) * np.exp2(rng.normal(0, 0.12, 3))
    picture = picture * gain.astype(np.float32)
    if rng.random() < 0.15:
        picture = picture + np.float32(rng.uniform(0, 0.05))  # haze
    picture = np.clip(picture, 0, 1)
    code = np.where(
        picture < 0.0031308,
        picture * 12.92,
        1.055 * np.power(np.maximum(picture, 1e-6), 1 / 2.4) - 0.055,
    ).astype(np.float32)
    k = rng.normal(0, 0.25)
    code = np.clip(code + k * code * (1 - code) * (2 * code - 1) * 2, 0, 1)
    if rng.random() < 0.3:
        grey = code @ np.float32([0.3, 0.59, 0.11])
        s = 0.0 if rng.random() < 0.4 else rng.uniform(0.3, 1.5)
        code = np.clip(grey[..., None] + s * (code - grey[..., None]), 0, 1)
    if rng.random() < 0.3:
        code = cv2.GaussianBlur(code, (0, 0), rng.uniform(0.4, 1.8))
    scale = (
        float(np.clip(np.exp(rng.uniform(np.log(0.35), np.log(2.2))), 0, 1))
        if rng.random() < 0.6
        else 1.0
    )
    small = (
        code
        if scale > 0.95
        else cv2.resize(code, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    )
    if rng.random() < 0.3:
        small = small + rng.uniform(0.2, 1.0) * (small - cv2.GaussianBlur(small, (0, 0), 1.0))
    if rng.random() < 0.6:
        n = rng.normal(0, 1, small.shape).astype(np.float32)
        if rng.random() < 0.5:
            n = cv2.GaussianBlur(n, (0, 0), 0.8) * 2
        small = small + n * rng.uniform(0.002, 0.035)
    data = np.clip(small * 255, 0, 255).round().astype(np.uint8)
    if rng.random() < 0.8:
        _, data = cv2.imencode(
            ".jpg", data[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(40, 97))]
        )
        data = cv2.imdecode(data, 1)[..., ::-1]
    if data.shape[:2] != (H, W):
        data = cv2.resize(data, (W, H), interpolation=cv2.INTER_CUBIC)
    return np.ascontiguousarray(data)


def choose_borders(rng, p, drawn):
    """The photo's rectangle in the canvas: x0, y0, x1, y1."""
    x0, y0, x1, y1 = 0, 0, W, H
    if rng.random() < 0.55:
        if rng.random() < 0.4:
            x0 = int(EYES[0] - rng.uniform(75, 235) * MM)
        if rng.random() < 0.4:
            x1 = int(EYES[0] + rng.uniform(75, 235) * MM)
        if rng.random() < 0.45:
            y0 = int(EYES[1] - rng.uniform(70, 215) * MM)
        if rng.random() < 0.55:
            y1 = int(p.chin + rng.uniform(8, 230) * MM)
    if not drawn:
        rx0, ry0, rx1, ry1 = p.reach
        x0, y0, x1, y1 = (
            max(x0, int(rx0)),
            max(y0, int(ry0) if p.alpha[max(0, int(ry0) + 3)].max() > 0.5 else y0),
            min(x1, int(rx1)),
            min(y1, int(ry1)),
        )
    return max(0, x0), max(0, y0), min(W, x1), min(H, y1)


def make(rng, people, sitter, folder):
    """One composite.

    Returns a dict: picture (H, W, 3) uint8, alpha, trust, ghost (H, W) float32, points of the sitter
    and of others, the photo's rectangle, and a word for the ground.
    """
    z = people[sitter]
    turn = rng.normal(0, 5) if rng.random() < 0.6 else 0.0
    p = place(
        rng, z, EYES, rng.uniform(0.94, 1.06), turn, rng.random() < 0.5, rng.uniform(0.93, 1.05)
    )
    hair = p.hair if rng.random() < 0.7 else p.skin
    ground, kind = grounds.draw(rng, H, W, hair, folder)
    near = ground[int(EYES[1]) : int(EYES[1]) + 300, ::40].reshape(-1, 3)
    alpha, fore, trust, drawn = dress(rng, p, np.median(near, 0))
    fore = light(rng, fore, alpha)
    ghost = np.zeros((H, W), np.float32)
    if kind == "lettering":
        ghost += 0.5
    others = []
    if rng.random() < 0.2:
        for _ in range(1 + (rng.random() < 0.3)):
            q = people[rng.choice([k for k in people if k.split("_")[0] != sitter.split("_")[0]])]
            sign, s = rng.choice([-1, 1]), rng.uniform(0.55, 1.1)
            at = EYES + np.array([sign * rng.uniform(75, 220), rng.uniform(-70, 60)]) * MM
            o = place(rng, q, at, s, rng.normal(0, 6), rng.random() < 0.5, 1.0)
            oa, of = o.alpha, o.fore
            ta, cloth, bare = wardrobe.torso(rng, H, W, at, o.chin)
            high = np.clip(
                (o.chin + 26 * MM * s - np.arange(H, dtype=np.float32)[:, None]) / 6, 0, 1
            )
            oa, of = lay((ta, cloth), (oa * np.maximum(high, bare), of))
            of = light(rng, of, oa)
            if rng.random() < 0.3:
                k = rng.uniform(1, 8)
                oa, of = cv2.GaussianBlur(oa, (0, 0), k), cv2.GaussianBlur(of, (0, 0), k)
            ground = ground + oa[..., None] * (of - ground)
            ghost = np.maximum(ghost, oa)
            others.append(o.points)
    if rng.random() < 0.4:
        dx, dy = rng.choice([-1, 1]) * rng.uniform(3, 60) * MM, rng.uniform(-12, 35) * MM
        s = rng.uniform(1, 1.15)
        m = np.float32([[s, 0, dx + (1 - s) * EYES[0]], [0, s, dy + (1 - s) * EYES[1]]])
        shade = cv2.GaussianBlur(
            cv2.warpAffine(alpha, m, (W, H)), (0, 0), float(np.exp(rng.uniform(0, 3.2)))
        ) * rng.uniform(0.25, 0.85)
        ground = ground * (1 - shade[..., None] * np.float32([1, 1, 1 - rng.uniform(0, 0.12)]))
        ghost = np.maximum(ghost, shade)
    if rng.random() < 0.5:
        soft = cv2.resize(
            cv2.GaussianBlur(
                cv2.resize(ground, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA),
                (0, 0),
                4,
            ),
            (W, H),
        )
        rim = 1 - cv2.GaussianBlur(alpha, (0, 0), rng.uniform(2, 10))
        fore = fore + np.clip(rim, 0, 0.5)[..., None] * rng.uniform(0, 0.5) * soft
    picture = ground + alpha[..., None] * (fore - ground)
    if rng.random() < 0.12:  # flare from the ground over the edge
        wrap = cv2.resize(
            cv2.GaussianBlur(
                cv2.resize(picture, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA),
                (0, 0),
                rng.uniform(1, 4),
            ),
            (W, H),
        )
        picture = picture + rng.uniform(0.03, 0.15) * (wrap - picture)
    x0, y0, x1, y1 = choose_borders(rng, p, drawn)
    alpha, rect = alpha.copy(), (x0, y0, x1, y1)
    if rng.random() < 0.06:  # a bar or border printed in the photo itself
        t = int(rng.uniform(4, 40) * MM)
        tone = 0.0 if rng.random() < 0.6 else 1.0
        for side in rng.choice(4, int(rng.integers(1, 5)), replace=False):
            s = (
                np.s_[y0 : y0 + t],
                np.s_[max(0, y1 - t) : y1],
                np.s_[:, x0 : x0 + t],
                np.s_[:, max(0, x1 - t) : x1],
            )[side]
            if (
                (side == 0
                and y0 + t > EYES[1] - 60 * MM)
                or (side == 2
                and x0 + t > EYES[0] - 60 * MM)
                or (side == 3
                and x1 - t < EYES[0] + 60 * MM)
                or (side == 1
                and y1 - t < p.chin)
            ):
                continue
            picture[s], alpha[s], trust[s], ghost[s] = tone, 0, 1, 1
    out = degrade(rng, picture)
    inside = np.zeros((H, W), np.float32)
    inside[y0:y1, x0:x1] = 1
    return {
        "picture": out,
        "alpha": alpha * inside,
        "trust": trust,
        "ghost": ghost * (alpha < 0.1),
        "points": p.points,
        "others": others,
        "rect": rect,
        "kind": kind,
        "drawn": drawn,
    }
