"""Hard grounds for keyed people, and what a cut-out made of them is worth (matte_evidence.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from catchlight.pixels import colour

#: Neck and shoulders, from the chin down.
SHOULDERS_MM = 60.0


def read_truth(path: Path) -> dict[str, np.ndarray]:
    z = np.load(path)
    alpha = z["alpha"].astype(np.float32) / 255
    return {
        "alpha": alpha,
        "fore": (z["fore"].astype(np.float32) / 255) ** 2,
        "points": z["points"],
    }


def cover(path: Path, height: int, width: int) -> np.ndarray:
    image = np.asarray(Image.open(path).convert("RGB"))
    scale = max(height / image.shape[0], width / image.shape[1])
    image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    y, x = (image.shape[0] - height) // 2, (image.shape[1] - width) // 2
    part = image[y : y + height, x : x + width].astype(np.float32) / 255
    return colour.srgb_to_linear(part)


def draw_grounds(
    number: int, z: dict[str, np.ndarray], neighbour: dict[str, np.ndarray], photos: list[Path]
) -> Iterator[tuple[str, np.ndarray]]:
    """The hard grounds of one person: (kind, linear light)."""
    rng = np.random.default_rng(number)
    alpha, fore, points = z["alpha"], z["fore"], z["points"]
    h, w = alpha.shape
    eyes = points[[468, 473]].mean(0)
    ied = float(np.linalg.norm(points[468] - points[473]))
    top, x = points[10, 1], eyes[0]
    hair = fore[
        max(0, int(top - 0.35 * ied)) : max(1, int(top - 0.1 * ied)),
        int(x - 0.4 * ied) : int(x + 0.4 * ied),
    ]
    across = np.linspace(0, 1, w, dtype=np.float32)[None, :, None]
    wall = np.float32([0.55, 0.52, 0.47]) * (1.1 - 0.4 * across) * np.ones((h, 1, 1), np.float32)
    for name, blur in (("hard shadow", 2.0), ("soft shadow", 12.0)):
        move = np.array([[1.03, 0, 0.35 * ied], [0, 1.03, 0.12 * ied]])
        shade = cv2.GaussianBlur(cv2.warpAffine(alpha, move, (w, h)), (0, 0), blur)
        yield name, wall * (1 - 0.75 * shade[..., None])
    noise = cv2.GaussianBlur(rng.normal(0, 1, (h, w)).astype(np.float32), (0, 0), 30) * 9
    tone = np.median(hair.reshape(-1, 3), 0)
    yield "hair's tone", np.clip(tone * np.exp2(0.6 * noise + 0.25)[..., None] + 0.004, 0, 1)
    board = np.full((h, w, 3), 206, np.uint8)
    for k in range(9):
        place = (int(rng.integers(-300, 200)), 50 + k * 115)
        cv2.putText(board, "CONFERENCE 2026 PRESS", place, 1, 2.5, (90, 48, 40), 11, cv2.LINE_AA)
    board = cv2.GaussianBlur(board, (0, 0), 1.5)
    yield "lettering", colour.srgb_to_linear(board.astype(np.float32) / 255)
    for k in range(2):
        yield "photograph", cover(photos[(3 * number + 7 * k) % len(photos)], h, w)
    shift = eyes - 0.9 * neighbour["points"][[468, 473]].mean(0)
    side = (1 if number % 2 else -1) * 2.2 * ied
    move = np.array([[0.9, 0, shift[0] + side], [0, 0.9, shift[1] + 0.1 * ied]])
    other = cv2.warpAffine(neighbour["alpha"], move, (w, h))[..., None]
    place = cover(photos[(5 * number + 1) % len(photos)], h, w)
    yield "bystander", (1 - other) * place + other * cv2.warpAffine(neighbour["fore"], move, (w, h))


def judge(true: np.ndarray, got: np.ndarray, chin: int, mm: float) -> dict[str, float]:
    """The measures of one picture, above the chin but for the shoulders."""
    low = np.s_[chin : chin + round(SHOULDERS_MM * mm)]
    worn, gone = true[low] > 0.9, got[low] < 0.5
    true, got = true[:chin], got[:chin]
    radius = int(12 * mm)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1,) * 2)
    band = cv2.dilate(((true > 0.05) & (true < 0.95)).astype(np.uint8), disc) > 0
    head, out = true > 0.9, true < 0.05
    opened = cv2.morphologyEx(
        (true > 0.1).astype(np.uint8), cv2.MORPH_OPEN, np.ones((max(2, round(1.5 * mm)),) * 2)
    )
    thin = (true > 0.1) & (true < 0.9) & (opened == 0)
    area = max(int(head.sum()), 1)
    return {
        "sad": 100 * float(np.abs(true - got)[band].mean()),
        "lost": 100 * float((head & (got < 0.5)).sum()) / area,
        "ghost": 100 * float((out & (got > 0.3)).sum()) / area,
        "shoulders": 100 * float((worn & gone).sum()) / max(int(worn.sum()), 1),
        "strands": 100 * float(np.minimum(true, got)[thin].sum() / true[thin].sum())
        if thin.sum() > 30
        else float("nan"),
    }
