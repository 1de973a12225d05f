"""Photos that will not do, made of photos that will: something drawn over them or done to them.

Every function takes sRGB codes (H, W, 3) uint8 and the Face in them, and a generator of random
numbers; it returns new codes. Nothing that it makes is kept.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from catchlight.analysis.face import landmarks
from catchlight.analysis.face.mesh import Face

Codes = np.ndarray
Spoil = Callable[[Codes, Face, np.random.Generator], Codes]


def _lay(codes: Codes, mask: np.ndarray, colour: np.ndarray, soft: float) -> Codes:
    """Lay a colour, or a picture, over the codes where the mask is."""
    m = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), max(soft, 0.3))[..., None]
    return np.clip(codes * (1 - m) + m * colour, 0, 255).astype(np.uint8)


def _polygon(shape: tuple[int, ...], points: np.ndarray) -> np.ndarray:
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(points).astype(np.int32)], 1)
    return mask


def _at(face: Face, x: float, y: float) -> np.ndarray:
    """A place in millimetres from the middle of the eyes, along the eyes and down the face."""
    right, left = face.eyes
    across = (left - right) / np.linalg.norm(left - right)
    down = np.array([-across[1], across[0]])
    return (right + left) / 2 + (x * across + y * down) * face.px_per_mm


def _blob(face: Face, middle: tuple[float, float], size: tuple[float, float]) -> np.ndarray:
    t = np.linspace(0, 2 * np.pi, 40)
    x, y = middle
    return np.array([_at(face, x + size[0] * np.cos(a), y + size[1] * np.sin(a)) for a in t])


def sunglasses(codes: Codes, face: Face, rng: np.random.Generator) -> Codes:
    mm = face.px_per_mm
    mask = np.zeros(codes.shape[:2], np.uint8)
    for eye in face.eyes:
        where = _polygon(codes.shape, _blob(face, (0, 0), (26, 20)))
        middle = _at(face, 0, 3)
        moved = cv2.warpAffine(
            where,
            np.float32([[1, 0, eye[0] - middle[0]], [0, 1, eye[1] - middle[1] + 3 * mm]]),
            codes.shape[1::-1],
        )
        mask |= moved
    bridge = np.array([_at(face, *p) for p in ((-10, -4), (10, -4), (10, 2), (-10, 2))])
    mask |= _polygon(codes.shape, bridge)
    tone = rng.uniform(8, 45) * np.ones(3)
    shade = tone + np.linspace(0, rng.uniform(0, 35), codes.shape[0])[:, None, None]
    return _lay(codes, mask, np.broadcast_to(shade, codes.shape), 0.4 * mm)


def hair_over_eyes(codes: Codes, face: Face, rng: np.random.Generator) -> Codes:
    mm = face.px_per_mm
    out = codes
    dark = rng.uniform(15, 70) * np.array([1.0, 0.85, 0.7])
    for x in np.arange(-52, 52, 2.2):
        ends = [_at(face, x + rng.normal(0, 2), -48), _at(face, x + rng.normal(0, 4), 14)]
        mask = np.zeros(codes.shape[:2], np.uint8)
        cv2.line(mask, *(tuple(int(v) for v in p) for p in ends), 1, max(1, round(3 * mm)))
        out = _lay(out, mask, dark * rng.uniform(0.6, 1.4), 0.3 * mm)
    return out


def mask(codes: Codes, face: Face, rng: np.random.Generator) -> Codes:
    outline = [(-58, 28), (-30, 22), (0, 18), (30, 22), (58, 28), (56, 75), (30, 112), (0, 120),
               (-30, 112), (-56, 75)]  # fmt: skip
    where = _polygon(codes.shape, np.array([_at(face, *p) for p in outline]))
    tones = ([150, 190, 215], [245, 245, 245], [25, 25, 28], [90, 110, 90])
    colour = np.array(tones[rng.integers(len(tones))], float)
    light = cv2.GaussianBlur(codes.mean(axis=2).astype(np.float32), (0, 0), 12 * face.px_per_mm)
    shade = (light / max(float(np.median(light[where > 0])), 1))[..., None] ** 0.5
    folds = 1 + 0.06 * np.sin(np.arange(codes.shape[0]) / (4 * face.px_per_mm))[:, None, None]
    return _lay(codes, where, colour * shade * folds, 0.5 * face.px_per_mm)


def hand(codes: Codes, face: Face, rng: np.random.Generator) -> Codes:
    """Fingers over the mouth, of the sitter's own skin."""
    mm = face.px_per_mm
    cheek = _polygon(codes.shape, face.points[landmarks.RIGHT_CHEEK])
    skin = np.median(codes[cheek > 0], axis=0).astype(float)
    out = codes
    for k in range(4):
        middle = (rng.normal(0, 2), 50 + 15 * k)
        where = _polygon(codes.shape, _blob(face, middle, (46, 9)))
        # A finger is round: lit above, dark below, with a shadow where it ends.
        rows = np.arange(codes.shape[0])[:, None]
        top = _at(face, 0, middle[1] - 9)[1]
        depth = np.clip((rows - top) / (18 * mm), 0, 1)[..., None]
        tone = skin * (1.08 - 0.35 * depth) + rng.normal(0, 2, (*codes.shape[:2], 1))
        out = _lay(out, where, tone, 0.5 * mm)
    return out


def microphone(codes: Codes, face: Face, rng: np.random.Generator) -> Codes:
    mm = face.px_per_mm
    ball = _polygon(codes.shape, _blob(face, (rng.normal(0, 3), 66), (27, 27)))
    stick = np.array([_at(face, *p) for p in ((-13, 80), (13, 80), (10, 190), (-10, 190))])
    where = ball | _polygon(codes.shape, stick)
    y, x = np.mgrid[0 : codes.shape[0], 0 : codes.shape[1]]
    net = 12 * (np.sin(x / (0.5 * mm)) * np.sin(y / (0.5 * mm)))[..., None]
    return _lay(codes, where, rng.uniform(20, 70) * np.ones(3) + net, 0.4 * mm)


def eyes_shut(codes: Codes, face: Face, rng: np.random.Generator) -> Codes:
    mm = face.px_per_mm
    out = codes
    for ring, under in (
        (landmarks.RIGHT_EYE, landmarks.RIGHT_TROUGH), (landmarks.LEFT_EYE, landmarks.LEFT_TROUGH)
    ):  # fmt: skip
        lids = face.points[ring]
        near = np.round(face.points[under[0]]).astype(int).clip(0, np.array(codes.shape[1::-1]) - 1)
        skin = np.median(codes[near[:, 1], near[:, 0]], axis=0).astype(float)
        middle = lids.mean(0)
        grown = middle + (lids - middle) * np.array([1.15, 1.9])
        out = _lay(out, _polygon(codes.shape, grown), skin * 0.97, 0.8 * mm)
        line = np.zeros(codes.shape[:2], np.uint8)
        width = float(np.ptp(lids[:, 0]))
        centre = tuple(int(v) for v in (middle[0], middle[1] - 0.06 * width))
        size = (max(1, int(width / 2)), max(1, int(0.2 * width)))
        cv2.ellipse(line, centre, size, 0, 12, 168, 1, max(1, round(1.3 * mm)))
        out = _lay(out, line, skin * 0.3, 0.35 * mm)
    return out


def tiny(codes: Codes, face: Face, rng: np.random.Generator) -> Codes:
    factor = rng.uniform(22, 34) / (face.box[2] - face.box[0])
    size = (max(8, round(codes.shape[1] * factor)), max(8, round(codes.shape[0] * factor)))
    return cv2.resize(codes, size, interpolation=cv2.INTER_AREA)


def blurred(codes: Codes, face: Face, rng: np.random.Generator) -> Codes:
    return cv2.GaussianBlur(codes, (0, 0), rng.uniform(2.4, 4.0) * face.px_per_mm)


def shaken(codes: Codes, face: Face, rng: np.random.Generator) -> Codes:
    n = max(3, round(rng.uniform(10, 16) * face.px_per_mm))
    kernel = np.zeros((n, n), np.float32)
    angle = rng.uniform(0, np.pi)
    reach = np.array([np.cos(angle), np.sin(angle)]) * (n - 1) / 2
    ends = [tuple(round(v) for v in (n - 1) / 2 + s * reach) for s in (-1, 1)]
    cv2.line(kernel, *ends, 1.0, 1)
    return cv2.filter2D(codes, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REFLECT)


def noisy(codes: Codes, face: Face, rng: np.random.Generator) -> Codes:
    noise = rng.normal(0, rng.uniform(26, 40), codes.shape)
    return np.clip(codes + noise, 0, 255).astype(np.uint8)


def blocky(codes: Codes, face: Face, rng: np.random.Generator) -> Codes:
    # Small, so that the blocks of the JPEG that it is stored as are large on the face.
    factor = min(1.0, 60 / face.ied)
    return cv2.resize(codes, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)


def cut(codes: Codes, face: Face, rng: np.random.Generator) -> Codes:
    x0, y0, x1, y1 = face.box
    side = rng.integers(3)
    share = rng.uniform(0.18, 0.30)
    if side == 0:
        return np.ascontiguousarray(codes[:, max(0, int(x0 + share * (x1 - x0))) :])
    if side == 1:
        return np.ascontiguousarray(codes[:, : int(x1 - share * (x1 - x0))])
    return np.ascontiguousarray(codes[: int(y1 - share * (y1 - y0))])


def burnt(codes: Codes, face: Face, rng: np.random.Generator) -> Codes:
    light = (codes / 255.0) ** 2.2 * 2 ** rng.uniform(2.6, 3.4)
    return (np.clip(light, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8)


def black(codes: Codes, face: Face, rng: np.random.Generator) -> Codes:
    light = (codes / 255.0) ** 2.2 * 2 ** -rng.uniform(5.5, 6.5)
    return np.round(np.clip(light, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8)


def passport_sheet(codes: Codes, face: Face, rng: np.random.Generator) -> Codes:
    x0, y0, x1, y1 = (int(v) for v in face.box)
    w, h = x1 - x0, y1 - y0
    part = codes[max(0, y0 - h // 2) : y1 + h // 3, max(0, x0 - w // 3) : x1 + w // 3]
    scale = 260 / part.shape[0]
    small = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    framed = cv2.copyMakeBorder(small, 14, 14, 14, 14, cv2.BORDER_CONSTANT, value=(250, 250, 250))
    return np.ascontiguousarray(np.tile(framed, (2, 3, 1)))


def screen(codes: Codes, face: Face, rng: np.random.Generator) -> Codes:
    """A photo of a screen: its pixels beat with the camera's, and its frame shows."""
    h, w = codes.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    angle = rng.uniform(0.05, 0.3)
    period = rng.uniform(3.2, 4.6)
    u = x * np.cos(angle) + y * np.sin(angle)
    v = -x * np.sin(angle) + y * np.cos(angle)
    grid = 1 + 0.16 * np.sin(2 * np.pi * u / period) + 0.12 * np.sin(2 * np.pi * v / period)
    third = np.stack([np.sin(2 * np.pi * (u / period + k / 3)) for k in range(3)], axis=2)
    return np.clip(codes * (grid[..., None] + 0.10 * third), 0, 255).astype(np.uint8)


def printed(codes: Codes, face: Face, rng: np.random.Generator) -> Codes:
    """A print with a white border on a table."""
    h, w = codes.shape[:2]
    rim = max(8, round(0.05 * max(h, w)))
    card = cv2.copyMakeBorder(codes, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(244, 244, 240))
    ch, cw = card.shape[:2]
    table = np.zeros((round(1.35 * ch), round(1.35 * cw), 3), np.float32)
    table += rng.uniform(60, 130) * np.array([0.7, 0.9, 1.1]) + rng.normal(0, 4, table.shape)
    matrix = cv2.getRotationMatrix2D((cw / 2, ch / 2), rng.uniform(-9, 9), 1.0)
    matrix[:, 2] += [0.175 * cw, 0.175 * ch]
    size = table.shape[1::-1]
    laid = cv2.warpAffine(card, matrix, size)
    where = cv2.warpAffine(np.ones((ch, cw), np.uint8), matrix, size)
    return _lay(np.clip(table, 0, 255).astype(np.uint8), where, laid.astype(float), 0.5)


def drawing(codes: Codes, face: Face, rng: np.random.Generator) -> Codes:
    """Flat colours between drawn lines."""
    factor = min(1.0, 110 / face.ied)
    small = cv2.resize(codes, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    flat = small
    for _ in range(4):
        flat = cv2.bilateralFilter(flat, 9, 40, 9)
    steps = int(rng.integers(7, 12))
    flat = (np.round(flat / 255 * steps) / steps * 255).astype(np.uint8)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), (0, 0), 1.2)
    wide = cv2.GaussianBlur(grey, (0, 0), 3.0)
    line = (grey.astype(float) < wide - 6)[..., None]
    return np.where(line, flat * 0.25, flat).astype(np.uint8)


def beauty_filter(codes: Codes, face: Face, rng: np.random.Generator) -> Codes:
    """Skin smoothed to plastic, the rest left sharp, as a phone's filter does it."""
    mm = face.px_per_mm
    smooth = codes
    for _ in range(3):
        smooth = cv2.bilateralFilter(smooth, 0, 40, max(1.5 * mm, 1.0))
    oval = _polygon(codes.shape, face.points[landmarks.FACE_OVAL]).astype(np.float32)
    rings = (landmarks.RIGHT_EYE, landmarks.LEFT_EYE, landmarks.RIGHT_BROW, landmarks.LEFT_BROW)
    for ring in (*rings, landmarks.LIPS_OUTER):
        part = _polygon(codes.shape, face.points[ring])
        oval *= 1 - cv2.dilate(part, np.ones((3, 3)), iterations=max(1, round(1.5 * mm)))
    return _lay(codes, oval, smooth.astype(float), 1.0 * mm)


SPOILT: dict[str, tuple[Spoil, ...]] = {
    "eyes hidden": (sunglasses, hair_over_eyes),
    "face covered": (mask, hand, microphone),
    "eyes shut": (eyes_shut,),
    "tiny": (tiny,),
    "blurred": (blurred, shaken),
    "noisy": (noisy, blocky),
    "cut": (cut,),
    "burnt": (burnt,),
    "black": (black,),
    "picture of a picture": (passport_sheet, screen, printed),
    "drawn": (drawing,),
    "filtered": (beauty_filter,),
}
