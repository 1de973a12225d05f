#!/usr/bin/env python3
"""Contact sheets of what candidates.py wrote, to choose from: sheets.py SEEN SHEETS.

SHEETS/000.png and so on, eight photographs each: the photo, then the answers before green. Its
names, in order, are in 000.json. Write a letter for each into SHEETS/choices.json, {name: letter}:
o, l or i for the one (ours, large, isnet) that is right, - where none is. One that is nearly right
may be mended: {"base": "o", "keep": [polygons], "remove": [polygons]}, in pixels of the window
([[x, y], ...]).
"""

import json
import pathlib
import sys

import cv2
import numpy as np

EACH, GREEN = 8, np.float32([40, 190, 60])
ANSWERS = {"o": "ours", "l": "large", "i": "isnet"}


def draw_row(path, number):
    """A photograph and the answers to it, side by side."""
    held = np.load(path)
    rgb = held["coarse"][:3].transpose(1, 2, 0).astype(np.float32)
    tiles = [rgb]
    for name in ANSWERS.values():
        alpha = held[name][..., None] / np.float32(255) if name in held else np.zeros_like(rgb)
        tiles.append(GREEN + alpha * (rgb - GREEN))
    row = np.hstack([np.pad(t[20:320, 24:264], ((0, 6), (0, 6), (0, 0))) for t in tiles])
    row = row.clip(0, 255).astype(np.uint8)
    return cv2.putText(row, str(number), (4, 30), cv2.FONT_HERSHEY_SIMPLEX, 1, (255, 255, 0), 2)


def main():
    seen, sheets = map(pathlib.Path, sys.argv[1:3])
    sheets.mkdir(parents=True, exist_ok=True)
    paths = sorted(seen.glob("*.npz"))
    for k in range(0, len(paths), EACH):
        some = paths[k : k + EACH]
        rows = [draw_row(path, n + 1) for n, path in enumerate(some)]
        rows += [np.zeros_like(rows[0])] * (len(rows) % 2)
        lines = [np.hstack(rows[n : n + 2]) for n in range(0, len(rows), 2)]
        cv2.imwrite(str(sheets / f"{k // EACH:03d}.png"), np.vstack(lines)[..., ::-1])
        names = [path.name.removesuffix(".npz") for path in some]
        (sheets / f"{k // EACH:03d}.json").write_text(json.dumps(names, indent=1))


if __name__ == "__main__":
    main()
