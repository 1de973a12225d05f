"""Crops of the fringe, made as they are asked for: a keyed person before anything at all.

People are few, grounds are not: wallpapers of any size and hue, drawn things, skin and clothes of
others, with shadow and light of their own; and a decision that errs as decisions do: without the
finest hair, moved by a millimetre or two, soft, bitten and swollen (as trimaps are drawn for deep
matting; Xu et al. 2017); now and then without a tuft or a curl, or with what lies between two.
"""

import cv2
import numpy as np

from catchlight.pixels.colour import srgb_to_linear

#: Side of a crop, at about 1.2 pixels a millimetre, and the root-coded light that is shown as 1.
SIDE, WHITE = 144, 1.1
_FONTS = 4
#: Pixels a millimetre from which on a photograph shows single hairs.
_SHARP = 2.0
#: The row of a composite's part below which nothing is asked: 100 mm below the eyes' middle.
_CHEST = 394


class Pool:
    """Heads (alpha, trust, fore; uint8) and papers (uint8 sRGB) of fringe_pool.py."""

    def __init__(self, path):
        held = np.load(path)
        names = [k.split(" ", 1)[1] for k in held.files if k.startswith("alpha ")]
        self.heads = [[held[f"{f} {n}"] for f in ("alpha", "trust", "fore")] for n in names]
        grains = [float(held[f"grain {n}"]) if f"grain {n}" in held else _SHARP for n in names]
        #: Heads of photographs that show single hairs; where there are none, all.
        self.sharp = [h for h, g in zip(self.heads, grains, strict=True) if g >= _SHARP]
        self.sharp = self.sharp or self.heads
        self.papers = [
            srgb_to_linear(held[k] / np.float32(255)) for k in held.files if k.startswith("paper ")
        ]


def pick(rng, some):
    return some[int(rng.integers(len(some)))]


def wave(rng, cell, channels=1):
    """Smooth noise, (SIDE, SIDE, channels), about 1 strong, of ``cell`` pixels a wave."""
    k = max(2, SIDE // cell + 2)
    noise = rng.normal(0, 1, (k, k, channels)).astype(np.float32)
    whole = cv2.resize(noise, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    return whole.reshape(SIDE, SIDE, channels)


def crop(rng, picture, scale):
    """A square of a picture at a scale, turned and mirrored."""
    h, w = picture.shape[:2]
    side = min(int(SIDE / scale), h, w)
    y, x = int(rng.integers(h - side + 1)), int(rng.integers(w - side + 1))
    how = cv2.INTER_AREA if side > SIDE else cv2.INTER_LINEAR
    part = cv2.resize(picture[y : y + side, x : x + side], (SIDE, SIDE), interpolation=how)
    part = np.rot90(part, int(rng.integers(4)))
    return np.ascontiguousarray(part[:, ::-1] if rng.random() < 0.5 else part)


def draw_things(rng):
    """Lines, boxes, discs and letters of any colour, (SIDE, SIDE, 3) linear."""
    board = np.empty((SIDE, SIDE, 3), np.uint8)
    board[:] = rng.integers(0, 255, 3)
    for _ in range(int(rng.integers(3, 40))):
        tone = [int(v) for v in rng.integers(0, 255, 3)]
        x0, y0, x1, y1 = (int(v) for v in rng.integers(-20, SIDE + 20, 4))
        thick, dice = int(rng.integers(1, 14)), rng.random()
        if dice < 0.4:
            cv2.line(board, (x0, y0), (x1, y1), tone, thick, cv2.LINE_AA)
        elif dice < 0.6:
            cv2.rectangle(board, (x0, y0), (x1, y1), tone, -1 if rng.random() < 0.5 else thick)
        elif dice < 0.75:
            full = -1 if rng.random() < 0.6 else thick
            cv2.circle(board, (x0, y0), int(rng.integers(3, 40)), tone, full, cv2.LINE_AA)
        else:
            word = "".join(chr(int(v)) for v in rng.integers(48, 90, 5))
            font, size = int(rng.integers(_FONTS)), rng.uniform(0.5, 2.2)
            cv2.putText(board, word, (x0, y0), font, size, tone, min(thick, 9), cv2.LINE_AA)
    return srgb_to_linear(board / np.float32(255))


def draw_ground(rng, pool, tone):
    """Anything that may stand behind a head, (SIDE, SIDE, 3) linear; ``tone`` is the hair's."""
    dice = rng.random()
    if dice < 0.5:
        ground = crop(rng, pick(rng, pool.papers), np.exp(rng.uniform(np.log(0.25), np.log(2.2))))
    elif dice < 0.62:
        ground = np.ones((SIDE, SIDE, 3), np.float32) * rng.uniform(0.01, 0.9, 3)
    elif dice < 0.82:
        ground = draw_things(rng)
    else:
        fore = crop(rng, pick(rng, pool.heads)[2], rng.uniform(0.5, 1.6))
        ground = np.square(fore.astype(np.float32) / 255)
    if rng.random() < 0.3:
        ground = 1 - ground if rng.random() < 0.3 else ground[..., rng.permutation(3)]
    if rng.random() < 0.35:
        ground = cv2.GaussianBlur(ground, (0, 0), float(np.exp(rng.uniform(-0.5, 2))))
    if rng.random() < 0.25:  # two of them
        part = (wave(rng, pick(rng, (20, 40, 80))) > 0).astype(np.float32)
        part = cv2.GaussianBlur(part, (0, 0), rng.uniform(0.5, 3))[..., None]
        ground = ground * part + (1 - part) * rng.uniform(0.005, 0.8, 3)
    ground = np.maximum(ground, 0)
    mean = ground.mean((0, 1)) + 1e-3
    if rng.random() >= 0.3:
        gain = np.exp2(rng.normal(0, 0.8))
    else:  # as dark as the hair, or of its colour
        own = tone / mean if rng.random() < 0.5 else tone.mean() / mean.mean()
        gain = own * np.exp2(rng.normal(0, 0.5))
    return np.clip(ground * gain + rng.uniform(0, 0.01), 0, 1.2).astype(np.float32)


def photograph(rng, picture):
    """Linear light as a camera saw it: (SIDE, SIDE, 3) uint8 in root code."""
    picture = picture * np.exp2(rng.normal(0, 0.35)) * np.exp2(rng.normal(0, 0.08, 3))
    code = np.sqrt(np.clip(picture, 0, WHITE).astype(np.float32) / WHITE)
    if rng.random() < 0.15:
        code = np.repeat(code.mean(2, keepdims=True), 3, 2)
    dice = rng.random()
    if dice < 0.25:
        code = cv2.GaussianBlur(code, (0, 0), rng.uniform(0.4, 1.3))
    elif dice < 0.35:  # a small source
        small = rng.uniform(0.4, 0.9)
        code = cv2.resize(code, None, fx=small, fy=small, interpolation=cv2.INTER_AREA)
        code = cv2.resize(code, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    elif dice < 0.5:
        code = code + rng.uniform(0.2, 0.8) * (code - cv2.GaussianBlur(code, (0, 0), 1))
    if rng.random() < 0.6:
        code = code + rng.normal(0, rng.uniform(0.002, 0.018), code.shape)
    data = np.clip(code * 255, 0, 255).astype(np.uint8)
    if rng.random() < 0.4:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(55, 97))]
        data = cv2.imdecode(cv2.imencode(".jpg", data, quality)[1], 1)
    return data


def err(rng, alpha):
    """Who is the person, as a decision at half the scale would have it."""
    guess, r = alpha.copy(), int(pick(rng, (0, 0, 1, 2, 3, 5)))
    if rng.random() < 0.5:  # in the large: no tuft and no curl, or no gap between two
        wide = cv2.GaussianBlur(guess, (0, 0), rng.uniform(4, 18), borderType=cv2.BORDER_REPLICATE)
        smooth = np.clip((wide - rng.uniform(0.3, 0.7)) * 12 + 0.5, 0, 1)
        some = np.clip(wave(rng, pick(rng, (28, 56)))[..., 0] * 3 + rng.uniform(-1, 2), 0, 1)
        guess += some * (smooth - guess)
    if r:
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * r + 1, 2 * r + 1))
        how = cv2.MORPH_OPEN if rng.random() < 0.75 else cv2.MORPH_CLOSE
        guess = cv2.morphologyEx(guess, how, disc)
    if rng.random() < 0.85:
        move = wave(rng, pick(rng, (14, 28, 56)), 2) * rng.uniform(0, 3.2)
        y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
        way = (x + move[..., 0], y + move[..., 1])
        guess = cv2.remap(guess, *way, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    guess = cv2.GaussianBlur(guess, (0, 0), float(np.exp(rng.uniform(0.3, 1.4))))
    unsure = rng.normal(0, 0.08) * 4 * guess * (1 - guess)
    guess = np.clip((guess - 0.5) * rng.uniform(0.8, 1.7) + 0.5 + unsure, 0, 1)
    if rng.random() < 0.3:  # bitten or swollen in places
        where = np.clip((np.abs(wave(rng, pick(rng, (18, 36)))[..., 0]) - 1.2) * 3, 0, 1)
        square = np.ones((int(pick(rng, (7, 11))),) * 2, np.uint8)
        other = (cv2.dilate if rng.random() < 0.5 else cv2.erode)(guess, square)
        guess = cv2.GaussianBlur(guess + where * (other - guess), (0, 0), 1.5)
    return guess


def draw_crop(rng, pool):
    """One crop: (SIDE, SIDE, 3) picture, and (SIDE, SIDE) decision, alpha, trust; all uint8."""
    where = ()
    while len(where) < 50:
        alpha, trust, fore = pick(rng, pool.sharp if rng.random() < 0.5 else pool.heads)
        where = np.argwhere((alpha > 50) & (alpha < 205) & (trust > 230))
    y, x = pick(rng, where)
    at, turn = rng.uniform(25, SIDE - 25, 2), np.radians(rng.normal(0, 8))
    scale, flip = rng.uniform(0.64, 1.0), rng.choice([-1.0, 1.0])
    c, s = scale * np.cos(turn), scale * np.sin(turn)
    linear = np.array([[c * flip, -s], [s * flip, c]])
    way = np.column_stack([linear, at - linear @ (x, y)]).astype(np.float32)
    alpha, trust, fore = (
        cv2.warpAffine(f, way, (SIDE, SIDE), borderMode=edge).astype(np.float32) / 255
        for f, edge in (
            (alpha, cv2.BORDER_REPLICATE),
            (trust, cv2.BORDER_CONSTANT),
            (fore, cv2.BORDER_REPLICATE),
        )
    )
    fore = np.square(fore)
    solid = alpha > 0.9
    tone = np.median(fore[solid][::7], 0) + 0.003 if solid.sum() > 20 else np.full(3, 0.04)
    ground = draw_ground(rng, pool, tone)
    if rng.random() < 0.25:  # the own shadow
        move = np.float32([[1, 0, rng.normal(0, 14)], [0, 1, rng.uniform(-5, 18)]])
        shade = cv2.warpAffine(alpha, move, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
        shade = cv2.GaussianBlur(shade, (0, 0), float(np.exp(rng.uniform(0, 2.3))))
        ground = ground * (1 - rng.uniform(0.2, 0.8) * shade[..., None])
    uneven = 0.4 * wave(rng, 90) if rng.random() < 0.5 else 0.0
    fore = fore * np.exp2(rng.normal(0, 0.5) + uneven) * np.exp2(rng.normal(0, 0.12, 3))
    if rng.random() < 0.35:  # light of the ground around the edge
        rim = np.clip(1 - cv2.GaussianBlur(alpha, (0, 0), rng.uniform(1.5, 7)), 0, 0.5)
        fore = fore + rim[..., None] * rng.uniform(0, 0.6) * ground.mean((0, 1))
    picture = photograph(rng, ground + alpha[..., None] * (fore - ground))
    fields = (np.round(255 * f).astype(np.uint8) for f in (err(rng, alpha), alpha, trust))
    return (picture, *fields)


def draw_decided(rng, store):
    """The same of a composite (generate.py), with what the cut-out really decided.

    Where it is wrong by more than an edge, trust is low: that the fringe can seldom mend.
    """
    where = ()
    while len(where) < 20:
        shown, target = store.draw(rng)
        high = np.stack([target[0], shown[3]])[:, :_CHEST]
        where = np.argwhere(((high > 60) & (high < 200)).any(0))
    h, w = shown.shape[1:]
    side, (y, x) = int(SIDE * rng.uniform(0.8, 1.3)), pick(rng, where)
    y0 = int(np.clip(y - rng.integers(side), 0, h - side))
    x0 = int(np.clip(x - rng.integers(side), 0, w - side))
    part, flip = np.s_[:, y0 : y0 + side, x0 : x0 + side], rng.choice([-1, 1])
    how = cv2.INTER_AREA if side > SIDE else cv2.INTER_LINEAR
    shown, target = (
        cv2.resize(
            np.ascontiguousarray(f[part].transpose(1, 2, 0)[:, ::flip]),
            (SIDE, SIDE),
            interpolation=how,
        )
        for f in (shown, target)
    )
    gain = np.exp2(rng.normal(0, 0.12)) * np.exp2(rng.normal(0, 0.05, 3))
    picture = np.clip(shown[..., :3] * gain, 0, 255).round().astype(np.uint8)
    heed = np.full((SIDE, SIDE), 0.3)
    for part, side in ((0.8, 37), (1.0, 11)):
        square = np.ones((side, side), np.uint8)
        near = cv2.dilate((shown[..., 3] > 25).astype(np.uint8), square) > 0
        near &= cv2.erode((shown[..., 3] > 230).astype(np.uint8), square) == 0
        heed[near] = part
    trust = target[..., 1] * (target[..., 2] / 255.0) * heed
    return picture, shown[..., 3], target[..., 0], trust.round().astype(np.uint8)
