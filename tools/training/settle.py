#!/usr/bin/env python3
"""Truth of photographs whose right answer was chosen: settle.py PHOTOS SEEN CHOICES DATA TRUTH.

What was chosen (sheets.py) is taken for the decision, and its edge drawn as at work. DATA/photos/
gets the same arrays as a folder of generate.py's, but for the fringe's, which nobody keyed;
TRUTH/NAME.npz the people as key.py writes them, with the clothes that they wear.
"""

import argparse
import json
import pathlib

import cv2
import numpy as np
from candidates import open_pixels, read_photo
from decisions import as_code, shrink
from key import SCALE
from sheets import ANSWERS

from catchlight.analysis.cutout import refiner
from catchlight.analysis.cutout.ballot import bring, find_inner
from catchlight.analysis.cutout.edges import solve_edge
from catchlight.analysis.cutout.window import plan_window, to_samples
from catchlight.analysis.subject import open_subject
from catchlight.images.resample import resample_photo
from catchlight.pixels import colour, geometry
from catchlight.pixels.foreground import clean_foreground

#: How far it is believed, beside a key's 1; and where it was not what was chosen.
TRUST, ODD = 0.65, 0.2


def mend(held, chosen):
    """What was chosen, with what was drawn by hand: (h, w) float32 in 0..1."""
    said = chosen if isinstance(chosen, dict) else {"base": chosen}
    person = held[ANSWERS[said["base"]]].astype(np.float32) / 255
    for part, value in (("keep", 1.0), ("remove", 0.0)):
        for line in said.get(part, ()):
            cv2.fillPoly(person, [np.round(line).astype(np.int32)], value)
    return person


def draw_edge(picture, face, chosen, inside):
    """Alpha at the cut-out's own samples, the light there in P3, and the grid."""
    grid = plan_window(face, (0, 0, picture.width, picture.height))
    to_grid = to_samples(grid)
    part, start = find_inner(inside)
    to_photo = geometry.chain(start, geometry.invert(refiner.window_of(face)))
    size = (grid.width, grid.height)
    person = bring(np.ascontiguousarray(chosen[part]), geometry.chain(to_photo, to_grid), size)
    pixels = resample_photo(picture, to_grid, *size)
    return solve_edge(pixels, person, face.moved(to_grid)), pixels, grid


def take_colours(pixels, alpha, mm):
    """The person's own colours, linear sRGB, of a picture in linear P3."""
    h, w = alpha.shape
    light = colour.apply_matrix(pixels, colour.P3_TO_SRGB)
    less = (max(8, w // 4), max(8, h // 4))
    around = (cv2.resize(f, less, interpolation=cv2.INTER_AREA) for f in (light, alpha))
    return clean_foreground(light, alpha, *around, 63 * mm)


def settle(photo, held, chosen):
    """The refiner's target (2, h, w) uint8, and the person as key.py has one."""
    picture = open_pixels(photo)
    face = open_subject(picture).face
    inside = held["coarse"][7] / np.float32(255)
    chosen = mend(held, chosen)
    alpha, pixels, grid = draw_edge(picture, face, chosen, inside)
    to_window = geometry.chain(grid.matrix, refiner.window_of(face))
    target = shrink(alpha, to_window, (refiner.WIDTH, refiner.HEIGHT)) * inside
    weight = np.where(np.abs(target - chosen) > 0.6, ODD, TRUST)
    moved = face.moved(to_samples(grid))
    factor = SCALE / moved.px_per_mm
    size = (round(grid.width * factor), round(grid.height * factor))
    colours = np.sqrt(take_colours(pixels, alpha, moved.px_per_mm).clip(0, 1))
    fields = {"alpha": alpha, "fore": colours, "trust": np.full_like(alpha, TRUST)}
    person = {
        k: as_code(cv2.resize(f, size, interpolation=cv2.INTER_CUBIC)) for k, f in fields.items()
    }
    points = ((moved.points[:, :2] + 0.5) * factor - 0.5).astype(np.float32)
    target = np.stack([as_code(target), (weight * 80).round().astype(np.uint8)])
    return target, person | {"points": points, "clothed": True}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("photos", "seen", "choices", "data", "truth"):
        parser.add_argument(name, type=pathlib.Path)
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    folder = asked.data / "photos"
    for new in (folder, asked.truth):
        new.mkdir(parents=True, exist_ok=True)
    rows = []
    for name, letter in sorted(json.loads(asked.choices.read_text()).items()):
        if letter != "-":
            held = np.load(asked.seen / f"{name}.npz")
            target, person = settle(read_photo(asked.photos / name), held, letter)
            who = pathlib.Path(name).stem.replace("_", "-")
            np.savez(asked.truth / f"{who}.npz", **person)
            lent = {f"lent{k}": held[f"lent{k}"].astype(np.float16) for k in (8, 16, 32)}
            seen = np.array([who, "", ""], "U16")
            rows.append({"coarse": held["coarse"], "target": target, "who": seen, **lent})
    for field in rows[0]:
        np.save(folder / f"{field}.npy", np.stack([row[field] for row in rows]))
    (folder / "done").write_text(str(len(rows)))


if __name__ == "__main__":
    main()
