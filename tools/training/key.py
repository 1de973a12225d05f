#!/usr/bin/env python3
"""True alphas of people on a plain studio ground.

The ground is a polynomial (and what is left over of it, carried on smoothly) fitted to what is
surely background. Above the chin alpha is truth (``keying.py``); below it is the segmentation's
answer, as white shirts on a pale ground cannot be keyed, and ``trust`` says so.

Writes OUT/NAME.npz at 2.5 pixels a millimetre: alpha, trust (uint8), fore (uint8, square roots of
linear light), points (478, 2), ied, and the photo's own pixels a millimetre, grain. Finished photos
are skipped, so that it may be run again.
"""

import argparse
import pathlib

import cv2
import numpy as np
from keying import GREY, Studio, blur, draw_alpha

from catchlight import open_photo
from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.subject import open_subject
from catchlight.pixels import geometry
from catchlight.pixels.colour import srgb_to_linear

SCALE = 2.5


def fit_ground(root, far, core, stop):
    """The ground behind the person, (h, w, 3) root code, and its noise in grey."""
    h, w = root.shape[:2]
    y, x = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j].astype(np.float32)
    basis = np.stack([x**i * y**j for i in range(4) for j in range(4) if i + j <= 3], -1)
    rows = basis.reshape(-1, basis.shape[-1])
    take = np.flatnonzero(far.ravel())[::37]
    fit, *_ = np.linalg.lstsq(rows[take], root.reshape(-1, 3)[take], rcond=None)
    ground = (rows @ fit).reshape(h, w, 3).astype(np.float32)
    known = far.copy()
    for sigma in (90, 60, 40, 30):  # closer and closer to the head
        weight = blur(known.astype(np.float32), sigma) + 1e-6
        ground += blur((root - ground) * known[..., None], sigma) / weight[..., None]
        d = np.abs(cv2.GaussianBlur((root - ground) @ GREY, (0, 0), 0.7))
        noise = float(np.percentile(d[far], 99))
        busy = cv2.dilate((cv2.blur(d, (5, 5)) > 0.9 * noise).astype(np.uint8), np.ones((9, 9))) > 0
        known = ~busy & ~core
        known[stop:] = False
        known |= far
    return ground, noise


def read(path):
    """The photo in linear light, 2.6 to 3.4 pixels a millimetre; its face; who is a person.

    And how many pixels a millimetre the photo itself has.
    """
    subject = open_subject(open_photo(path))
    codes, scale = cv2.imread(str(path))[..., ::-1], subject.face.px_per_mm
    # A small photo is enlarged, as the key's own distances are in pixels.
    factor = np.clip(scale, 2.6, 3.4) / scale
    if factor > 1:
        codes = cv2.resize(codes, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    rgb = srgb_to_linear(codes.astype(np.float32) / 255)
    if factor < 1:
        rgb = cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    h, w = rgb.shape[:2]
    shrink = geometry.scaling(w / subject.picture.width, h / subject.picture.height)
    return rgb, subject.face.moved(shrink), subject.person_over(shrink, w, h), scale


def find_firm(soft, face, core):
    """What is surely the person whatever its colour: face, forehead, ears' beginnings, throat."""
    h, w = soft.shape
    points, ied = face.points, face.ied
    hull = cv2.convexHull(points.astype(np.int32))
    oval = cv2.fillConvexPoly(np.zeros((h, w), np.uint8), hull, 1)
    chin = points[CHIN]
    down = np.float32([[0.8, 0, 0.2 * chin[0]], [0, 1, 0.45 * ied]])
    throat = cv2.warpAffine(oval, down, (w, h)) > 0
    throat[: int(chin[1] - 0.25 * ied)] = False
    up = np.float32([[0.85, 0, 0.15 * points[1, 0]], [0, 1, -0.45 * ied]])
    brow = cv2.warpAffine(oval, up, (w, h)) > 0
    side = int(0.24 * ied)
    around = cv2.dilate(oval, np.ones((side, side), np.uint8)) > 0
    return core & (around | brow | throat)


def find_holes(alpha, eyes):
    """What the key left open in the head itself, where brow or parting are as pale as the wall.

    Above the ``eyes`` (their row), shut in, smaller than 15 square centimetres, and 8 mm and more
    from the outline: in curls nearer to it, and beside the neck, one does see the wall.
    """
    _, pieces, stats, middle = cv2.connectedComponentsWithStats(
        (alpha < 0.85).astype(np.uint8), connectivity=4
    )
    small = (stats[:, 4] < 15e2 * SCALE**2) & (middle[:, 1] < eyes)
    holes = np.isin(pieces, 1 + np.flatnonzero(small[1:]))
    whole = ((alpha >= 0.85) | holes).astype(np.uint8)
    deep = cv2.distanceTransform(whole, cv2.DIST_L2, 5) > 8 * SCALE
    return np.isin(pieces, np.unique(pieces[holes & deep])) & holes


def key(path):
    """Key one photo."""
    rgb, face, soft, grain = read(path)
    h, w = soft.shape
    points, ied = face.points, face.ied
    chin = int(points[CHIN, 1])
    root = np.sqrt(rgb)
    far = cv2.dilate((soft > 0.02).astype(np.uint8), np.ones((61, 61))) == 0
    far[int(chin + 0.2 * ied) :] = False
    core = cv2.erode((soft > 0.95).astype(np.uint8), np.ones((15, 15))) > 0
    ground, noise = fit_ground(root, far, core, min(h, int(chin + 0.2 * ied)))
    d3 = np.linalg.norm(cv2.GaussianBlur(root - ground, (0, 0), 0.7), axis=-1)
    noise3 = float(np.percentile(d3[far], 99))
    firm = find_firm(soft, face, core)
    eyes = int(points[468:, 1].mean())
    studio = Studio(root, ground, d3, noise3, noise, firm, core, eyes, face.px_per_mm)
    alpha, own = draw_alpha(studio, points[1])
    share = np.clip((alpha - 0.5) / 0.4, 0, 1)[..., None]
    peeled = (rgb - (1 - alpha[..., None]) * ground**2) / np.maximum(alpha[..., None], 0.3)
    fore = share * np.clip(peeled, 0, 1.2) + (1 - share) * own**2
    plain = cv2.blur(d3, (7, 7))
    # Below the chin the segmentation, sharpened, and the key where clothes differ from the wall.
    fade = np.clip((np.arange(h, dtype=np.float32)[:, None] - chin) / (0.3 * ied), 0, 1)
    body = np.clip((soft - 0.25) / 0.5, 0, 1)
    cloth = ((plain > 2.5 * noise3) | firm).astype(np.uint8)
    cloth = cv2.morphologyEx(cloth, cv2.MORPH_CLOSE, np.ones((31, 31)))
    cloth[int(chin + 0.9 * ied) :] = 1  # a white shirt's own middle
    body = np.maximum(body * cloth, np.where(d3 > 8 * noise3, alpha, 0) * (soft > 0.05))
    alpha = (1 - fade) * alpha + fade * body
    black = cv2.dilate((rgb.max(-1) < 0.0005).astype(np.uint8), np.ones((5, 5))) > 0
    alpha[black] = 0
    whole = fade[..., None] * (body[..., None] > 0.9)
    fore = (1 - whole) * fore + whole * rgb
    trust = np.broadcast_to(1 - fade, (h, w)) * ~black
    scale = SCALE / face.px_per_mm
    size = (round(w * scale), round(h * scale))
    fields = {"alpha": alpha, "trust": trust, "fore": np.sqrt(np.clip(fore, 0, 1))}
    put = {
        k: cv2.resize(v.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        for k, v in fields.items()
    }
    moved = face.moved(geometry.scaling(scale, scale)).points.astype(np.float32)
    holes = find_holes(put["alpha"], moved[[468, 473], 1].mean())
    put["alpha"][holes] = 1
    put["fore"][holes] = cv2.resize(root, size, interpolation=cv2.INTER_AREA)[holes]
    codes = {k: (v * 255).round().clip(0, 255).astype(np.uint8) for k, v in put.items()}
    return codes | {"points": moved, "ied": SCALE * 63, "noise": noise3, "grain": grain}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    for path in sorted(asked.photos.glob("*.jpg")):
        target = asked.out / f"{path.stem}.npz"
        if not target.exists():
            np.savez(target, **key(path))
            print(path.name, flush=True)


if __name__ == "__main__":
    main()
