"""Drawn grounds and crops of wallpapers: (h, w, 3) float32 linear light, 2 pixels a millimetre."""

import functools
import pathlib

import cv2
import numpy as np

from catchlight.pixels.colour import srgb_to_linear

WORDS = (
    "PRESS CONFERENCE SUMMIT 2026 OPEN EXIT CAFE HOTEL NEWS TECH data Group Forum studio".split()
)


def noise(rng, h, w, size):
    """Smooth noise of deviation about 1, its grains ``size`` pixels wide."""
    small = rng.normal(0, 1, (max(2, int(h / size) + 3), max(2, int(w / size) + 3)))
    return cv2.resize(small.astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)


def colour(rng, low=0.03, high=0.9, chroma=0.25):
    """A colour in linear light: mostly quiet, sometimes not."""
    tone = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    hue = rng.normal(0, 1, 3)
    hue -= hue.mean()
    hue *= chroma * rng.random() ** 1.5 * 4 / max(np.abs(hue).max(), 0.3)
    return np.clip(tone * np.exp2(hue), 0.002, 1.0).astype(np.float32)


def wall(rng, h, w, tone=None):
    """A painted wall: one colour, light that falls off, a little grain."""
    tone = colour(rng, 0.05, 0.85, 0.2) if tone is None else tone
    a = rng.uniform(0, 2 * np.pi)
    yy, xx = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j].astype(np.float32)
    fall = rng.uniform(0, 0.9) * (xx * np.cos(a) + yy * np.sin(a))
    fall -= rng.uniform(0, 0.5) * (xx**2 + yy**2)
    fall += rng.uniform(0, 0.12) * noise(rng, h, w, rng.uniform(60, 300))
    if rng.random() < 0.3:
        fall += rng.uniform(0.02, 0.15) * noise(rng, h, w, rng.uniform(2, 12))
    return tone * np.exp2(fall)[..., None]


def _boxes(rng, out, count, small, large):
    h, w = out.shape[:2]
    for _ in range(count):
        bw, bh = (
            int(rng.uniform(small, large) * (1.0 if rng.random() < 0.5 else 0.5)) for _ in "ab"
        )
        x, y = int(rng.uniform(-0.1, 1) * w), int(rng.uniform(-0.1, 1) * h)
        cv2.rectangle(out, (x, y), (x + bw, y + bh), colour(rng).tolist(), -1, cv2.LINE_AA)
        if rng.random() < 0.5:
            t = int(rng.uniform(2, 14))
            cv2.rectangle(out, (x, y), (x + bw, y + bh), colour(rng).tolist(), t, cv2.LINE_AA)
    return out


def room(rng, h, w):
    """A wall with pictures, doors, edges of furniture."""
    out = np.ascontiguousarray(wall(rng, h, w), np.float32)
    if rng.random() < 0.5:  # a corner
        x = int(rng.uniform(0.1, 0.9) * w)
        out[:, x:] *= rng.uniform(0.4, 1.3)
    return _boxes(rng, out, int(rng.integers(1, 9)), 40, 500)


def shelf(rng, h, w):
    """Books or goods on shelves."""
    out = np.full((h, w, 3), colour(rng, 0.01, 0.3), np.float32)
    y = int(rng.uniform(-120, 0))
    while y < h:
        row = int(rng.uniform(90, 220))
        x = 0
        while x < w:
            bw = int(rng.uniform(8, 60))
            top = y + int(rng.uniform(0.02, 0.3) * row)
            cv2.rectangle(
                out, (x, top), (x + bw - 1, y + row), colour(rng, 0.02, 0.7, 0.35).tolist(), -1
            )
            x += bw
        cv2.rectangle(
            out, (0, y + row), (w, y + row + int(rng.uniform(5, 16))), colour(rng).tolist(), -1
        )
        y += row + 10
    return out


def window(rng, h, w):
    """A bright window with bars or blinds."""
    out = wall(rng, h, w, colour(rng, 0.05, 0.4)).astype(np.float32)
    x0, x1 = sorted(rng.uniform(-0.1, 1.1, 2) * w)
    bright = wall(rng, h, w, colour(rng, 0.6, 1.0, 0.1))
    out[:, max(0, int(x0)) : max(1, int(x1) + 150)] = bright[
        :, max(0, int(x0)) : max(1, int(x1) + 150)
    ]
    step = int(rng.uniform(14, 240))
    bar = colour(rng, 0.02, 0.8).tolist()
    for k in range(int(rng.uniform(0, step)), max(h, w), step):
        t = max(1, int(step * rng.uniform(0.05, 0.3)))
        a, b = ((0, k), (w, k)) if step < 60 or rng.random() < 0.5 else ((k, 0), (k, h))
        cv2.line(out, a, b, bar, t, cv2.LINE_AA)
    return out


def foliage(rng, h, w):
    """Leaves over leaves."""
    base = colour(rng, 0.02, 0.3, 0.1) * np.float32([0.7, 1.1, 0.35])
    out = np.ascontiguousarray(wall(rng, h, w, base), np.float32)
    for _ in range(int(rng.integers(150, 700))):
        size = rng.uniform(5, 45)
        tone = base * np.exp2(rng.normal(0, 1.0)) * np.exp2(rng.normal(0, 0.2, 3))
        cv2.ellipse(
            out,
            (int(rng.uniform(0, w)), int(rng.uniform(0, h))),
            (int(size), int(size * rng.uniform(0.2, 0.6)) + 1),
            rng.uniform(0, 180),
            0,
            360,
            tone.astype(float).tolist(),
            -1,
            cv2.LINE_AA,
        )
    return out


def lettering(rng, h, w):
    """A board or banner with words and logos."""
    out = np.ascontiguousarray(wall(rng, h, w), np.float32)
    for _ in range(int(rng.integers(2, 14))):
        size = rng.uniform(0.8, 7)
        place = (int(rng.uniform(-0.3, 0.8) * w), int(rng.uniform(0, 1) * h))
        text = " ".join(rng.choice(WORDS, int(rng.integers(1, 4))))
        ink = np.zeros((h, w), np.uint8)
        thick = max(1, int(size * rng.uniform(1.5, 6)))
        cv2.putText(ink, text, place, int(rng.integers(0, 5)), size, 255, thick, cv2.LINE_AA)
        out += (ink[..., None] / np.float32(255)) * (colour(rng, 0.01, 0.9, 0.35) - out)
        if rng.random() < 0.3:
            cv2.circle(
                out,
                place,
                int(rng.uniform(10, 90)),
                colour(rng).tolist(),
                -1 if rng.random() < 0.5 else 8,
                cv2.LINE_AA,
            )
    return out


def tiles(rng, h, w):
    """Bricks, tiles, stripes."""
    out = np.ascontiguousarray(wall(rng, h, w), np.float32)
    tw, th = rng.uniform(15, 200), rng.uniform(10, 120)
    joint = colour(rng).tolist()
    for r in range(int(h / th) + 2):
        y = int(r * th)
        for c in range(int(w / tw) + 2):
            x = int((c - 0.5 * (r % 2)) * tw)
            out[max(0, y) : max(0, int(y + th)), max(0, x) : max(0, int(x + tw))] *= np.float32(
                np.exp2(rng.normal(0, 0.2))
            )
            cv2.line(out, (x, y), (x, int(y + th)), joint, 2)
        cv2.line(out, (0, y), (w, y), joint, 2)
    return out


def bokeh(rng, h, w):
    """Lights out of focus."""
    out = np.ascontiguousarray(wall(rng, h, w, colour(rng, 0.01, 0.15, 0.3)), np.float32)
    for _ in range(int(rng.integers(10, 90))):
        layer = np.zeros((h // 4, w // 4), np.float32)
        cv2.circle(
            layer,
            (int(rng.uniform(0, w / 4)), int(rng.uniform(0, h / 4))),
            int(rng.uniform(2, 22)),
            1.0,
            -1,
            cv2.LINE_AA,
        )
        out += cv2.resize(layer, (w, h))[..., None] * colour(rng, 0.05, 0.6, 0.4)
    return np.clip(out, 0, 1)


def clouds(rng, h, w, tone):
    """Uneven, in a given tone: the hair's or the clothes' own, so that edges hardly show."""
    stops = sum(a * noise(rng, h, w, s) for a, s in ((0.35, 120), (0.2, 30), (0.12, 8)))
    return np.clip(tone * np.exp2(stops + rng.uniform(-0.3, 0.5))[..., None] + 0.003, 0, 1)


@functools.cache
def wallpapers(folder):
    return sorted(p for p in pathlib.Path(folder).glob("*.jpg"))


@functools.lru_cache(maxsize=60)
def _read(path):
    return cv2.imread(str(path))[..., ::-1]


def paper(rng, h, w, folder):
    """A crop of a photograph (Debian's wallpaper packages)."""
    image = _read(wallpapers(folder)[rng.integers(len(wallpapers(folder)))])
    s = max(h / image.shape[0], w / image.shape[1]) * rng.uniform(1.0, 1.8)
    y, x = (rng.uniform(0, 1) * (n - m / s) for n, m in zip(image.shape, (h, w), strict=False))
    part = image[int(y) : int(y + h / s), int(x) : int(x + w / s)]
    part = cv2.resize(part, (w, h), interpolation=cv2.INTER_AREA if s < 1 else cv2.INTER_LINEAR)
    if rng.random() < 0.5:
        part = part[:, ::-1]
    return srgb_to_linear(part.astype(np.float32) / 255)


def draw(rng, h, w, tone, folder):
    """One ground of any kind; (ground, name)."""
    kinds = {
        "wall": 0.22,
        "room": 0.12,
        "shelf": 0.07,
        "window": 0.08,
        "foliage": 0.08,
        "lettering": 0.1,
        "tiles": 0.06,
        "bokeh": 0.04,
        "clouds": 0.1,
        "paper": 0.13,
    }
    name = str(rng.choice(list(kinds), p=list(kinds.values())))
    if name == "clouds":
        out = clouds(rng, h, w, tone)
    elif name == "paper":
        out = paper(rng, h, w, folder)
    else:
        out = globals()[name](rng, h, w)
    if name != "wall" and rng.random() < 0.6:
        out = cv2.GaussianBlur(
            out.astype(np.float32), (0, 0), float(np.exp(rng.uniform(np.log(0.6), np.log(16))))
        )
    if name in ("shelf", "room", "tiles", "lettering", "window") and rng.random() < 0.3:
        turn = cv2.getRotationMatrix2D((w / 2, h / 2), rng.normal(0, 12), rng.uniform(1.1, 1.4))
        out = cv2.warpAffine(out.astype(np.float32), turn, (w, h), borderMode=cv2.BORDER_REFLECT)
    return np.clip(out, 0, 1.2).astype(np.float32), name
