#!/usr/bin/env python3
"""Composites with their votes, as arrays on disk: generate.py TRUTH PAPERS OUT.

OUT/SEED/ gets memory-mapped arrays: of uint8 coarse (N, 8, 352, 288) and target (N, 2, 352, 288;
alpha and weight), of float16 the salient network's maps at the window's grids, lent8 (N, 128, 44,
36), lent16 (N, 128, 22, 18) and lent32 (N, 64, 11, 9); of uint8 what the fringe's network is
shown, fringe (N, 4, 480, 416), and what is true there, fringe_target (N, 3, 480, 416); who (N, 3),
sitter and bystanders, so that training may leave some people out. ``done`` says how many are there,
so that training may begin before the last one is; a second run goes on where the first ended.
"""

import argparse
import collections.abc
import pathlib
import time

import compose
import cv2
import decisions
import numpy as np
from decisions import as_code, shrink
from people import load
from split import read_split

from catchlight.analysis.cutout import fringe, refiner, votes
from catchlight.analysis.cutout.lent import no_maps
from catchlight.analysis.face.mesh import Face, Pose
from catchlight.analysis.parts.segment import PersonMask
from catchlight.pixels import geometry


class People(collections.abc.Mapping):
    """Keyed people by the name of their file, read when they are asked for."""

    def __init__(self, folder, without):
        self.folder = folder
        found = sorted(path.stem for path in folder.glob("*.npz"))
        self.names = [name for name in found if name.split("_")[0] not in without]

    def __getitem__(self, name):
        return load(self.folder / f"{name}.npz")

    def __iter__(self):
        return iter(self.names)

    def __len__(self):
        return len(self.names)


def as_face(points):
    """A Face of a keyed person, in canvas pixels."""
    mesh = np.column_stack([points, np.zeros(len(points))]).astype(np.float32)
    ied = float(np.linalg.norm(points[468] - points[473]))
    return Face(mesh, 1.0, 1.0, Pose(0.0, 0.0, 0.0), ied)


def channels(made, seen_others):
    """What it is shown, (8, h, w) uint8, as at work; the lent maps; the way to its window.

    And for whoever goes on: the photo, the way from it, who is a person in it, and the faces (a
    photograph's own, where ``made`` has any).
    """
    x0, y0, x1, y1 = made["rect"]
    photo = np.ascontiguousarray(made["picture"][y0:y1, x0:x1])
    faces = made.get("faces") or tuple(
        as_face(q - [x0, y0]) for q in (made["points"], *seen_others)
    )
    window = refiner.window_of(faces[0])
    h, w = refiner.HEIGHT, refiner.WIDTH
    factor = geometry.scale_of(window)
    size = (max(1, round(photo.shape[1] * factor)), max(1, round(photo.shape[0] * factor)))
    small = cv2.resize(photo, size, interpolation=cv2.INTER_AREA)
    way = geometry.chain(geometry.rescaling(small.shape, photo.shape), window)
    rgb = cv2.warpAffine(small, way, (w, h), borderMode=cv2.BORDER_REPLICATE)
    inside = (
        cv2.warpAffine(
            np.ones(photo.shape[:2], np.float32), window, (w, h), flags=cv2.INTER_NEAREST
        )
        > 0.5
    ).astype(np.float32)
    salient, lent = votes.find_salient(rgb, inside)
    person = PersonMask(photo, faces[0])
    selfie = person.over(window, w, h)
    body = votes.find_body(photo, faces[0], window, w, h)
    who = refiner.draw_faces(faces, window)
    planes = [
        *(rgb.transpose(2, 0, 1) * inside),
        *(v * inside * 255 for v in (salient, selfie, body)),
        who * 127 + 128,
        inside * 255,
    ]
    way = geometry.chain(geometry.translation(-x0, -y0), window)
    planes = np.stack(planes).round().clip(0, 255).astype(np.uint8)
    return planes, lent, way, (photo, window, person, faces)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("truth", type=pathlib.Path)
    parser.add_argument("papers", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--split", type=pathlib.Path, help="JSON with held_out: names of people")
    parser.add_argument("--plain", action="store_true", help="own hair, and a good camera")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    held = read_split(asked.split)
    people = People(asked.truth, held)
    names = list(people)
    folder = asked.out / str(asked.seed)
    folder.mkdir(parents=True, exist_ok=True)
    n, h, w = asked.count, refiner.HEIGHT, refiner.WIDTH
    shapes = {"coarse": (np.uint8, 8, h, w), "target": (np.uint8, 2, h, w)}
    for step, maps in zip((8, 16, 32), no_maps(), strict=True):
        shapes[f"lent{step}"] = (np.float16, *maps.shape)
    kept = fringe.HEIGHT, fringe.WIDTH
    shapes |= {"fringe": (np.uint8, 4, *kept), "fringe_target": (np.uint8, 3, *kept)}
    shapes["who"] = ("U16", 3)
    arrays = {
        k: np.lib.format.open_memmap(
            folder / f"{k}.npy", "r+" if (folder / f"{k}.npy").exists() else "w+", kind, (n, *s)
        )
        for k, (kind, *s) in shapes.items()
    }
    counter = folder / "done"
    first = int(counter.read_text()) if counter.exists() else 0
    started = time.time()
    for k in range(first, n):
        rng = np.random.default_rng([asked.seed, k])
        made = compose.make(
            rng, people, names[rng.integers(len(names))], asked.papers, plain=asked.plain
        )
        seen = [q for q in made["others"] if rng.random() < 0.85]
        x, lent, way, (photo, window, person, faces) = channels(made, seen)
        alpha, ghost = (shrink(made[f], way, (w, h)) for f in ("alpha", "ghost"))
        trust = shrink(made["trust"].astype(np.float32), way, (w, h))
        weight = (0.2 + 0.8 * trust) * (1 + 1.5 * np.clip(ghost, 0, 1))
        arrays["coarse"][k] = x
        arrays["target"][k, 0] = as_code(alpha)
        arrays["target"][k, 1] = (weight * 80).round().clip(0, 255)
        for step, maps in zip((8, 16, 32), lent, strict=True):
            arrays[f"lent{step}"][k] = maps
        x0, y0, x1, y1 = made["rect"]
        true = (made[f][y0:y1, x0:x1].astype(np.float32) for f in ("alpha", "trust"))
        arrays["fringe"][k], arrays["fringe_target"][k] = decisions.record(
            photo, x, lent, window, person, faces, *true
        )
        arrays["who"][k] = (made["who"] + ["", ""])[:3]
        counter.write_text(str(k + 1))
        if k % 50 == 0:
            print(k, round((time.time() - started) / (k - first + 1), 2), "s each", flush=True)


if __name__ == "__main__":
    main()
