"""What light and a camera do to a composite."""

import cv2
import numpy as np
from people import EYES, H, W
from shapes import MM


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


def haze(picture, size):
    """A picture blurred so widely that an eighth of its size is enough."""
    small = cv2.resize(picture, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    return cv2.resize(cv2.GaussianBlur(small, (0, 0), size), (W, H))


def degrade(rng, picture, *, plain=False):
    """As a camera saw it, (H, W, 3) uint8: exposure, colour, contrast, blur, source size, noise.

    A ``plain`` one is sharp, and hardly noisy.
    """
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
    if rng.random() < 0.3 and not plain:
        code = cv2.GaussianBlur(code, (0, 0), rng.uniform(0.4, 1.8))
    scale = (
        float(np.clip(np.exp(rng.uniform(np.log(0.35), np.log(2.2))), 0, 1))
        if rng.random() < 0.6 and not plain
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
        small = small + n * rng.uniform(0.002, 0.008 if plain else 0.035)
    data = np.clip(small * 255, 0, 255).round().astype(np.uint8)
    if rng.random() < 0.8:
        _, data = cv2.imencode(
            ".jpg",
            data[..., ::-1],
            [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(85 if plain else 40, 97))],
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


def print_bars(rng, p, rect, picture, alpha, trust, ghost):
    """Black bars or a white border that belong to the photo itself; nobody stands in them."""
    x0, y0, x1, y1 = rect
    thick = int(rng.uniform(4, 40) * MM)
    tone = 0.0 if rng.random() < 0.6 else 1.0
    room = 60 * MM  # the face stays free
    bars = (
        (np.s_[y0 : y0 + thick], y0 + thick < EYES[1] - room),
        (np.s_[max(0, y1 - thick) : y1], y1 - thick > p.chin),
        (np.s_[:, x0 : x0 + thick], x0 + thick < EYES[0] - room),
        (np.s_[:, max(0, x1 - thick) : x1], x1 - thick > EYES[0] + room),
    )
    for side in rng.choice(4, int(rng.integers(1, 5)), replace=False):
        where, fits = bars[side]
        if fits:
            picture[where], alpha[where], trust[where], ghost[where] = tone, 0, 1, 1
