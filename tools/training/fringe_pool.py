#!/usr/bin/env python3
"""What train_fringe.py draws from, in one file: fringe_pool.py TRUTH PAPERS OUT.npz.

Heads of keyed people (what key.py wrote), without who is held out, at 1.56 pixels a millimetre:
alpha, trust and the square roots of linear light, uint8, and how fine the photograph was; and
wallpapers (papers.py) as sRGB codes.
"""

import argparse
import pathlib

import cv2
import numpy as np
from split import read_split

#: Pixels a millimetre of the truth, and of the pool: finer than at work, as crops are shrunk.
FROM, TO = 2.5, 1.56
#: What is kept of a person: to either side of the eyes, and below the chin, in mm.
SIDE, BELOW = 180, 70
PAPER = 900


def cut_head(z):
    """Alpha, trust and colour of one keyed person."""
    low = int(z["points"][152, 1] + BELOW * FROM)
    middle = z["points"][[468, 473], 0].mean()
    left, right = (int(max(0, middle + s * SIDE * FROM)) for s in (-1, 1))
    size = {"fx": TO / FROM, "fy": TO / FROM, "interpolation": cv2.INTER_AREA}
    parts = (np.ascontiguousarray(z[k][:low, left:right]) for k in ("alpha", "trust", "fore"))
    return [cv2.resize(part, None, **size) for part in parts]


def shrink_paper(path):
    codes = cv2.imread(str(path))[..., ::-1]
    factor = PAPER / max(codes.shape)
    return cv2.resize(codes, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("truth", type=pathlib.Path)
    parser.add_argument("papers", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--split", type=pathlib.Path, help="JSON with held_out: names of people")
    asked = parser.parse_args()
    held = read_split(asked.split)
    fields = {}
    for path in sorted(asked.truth.glob("*.npz")):
        if path.stem.split("_")[0] not in held:
            z = np.load(path)
            if "clothed" in z:  # its edge was drawn as at work, not keyed
                continue
            for name, field in zip(("alpha", "trust", "fore"), cut_head(z), strict=True):
                fields[f"{name} {path.stem}"] = field
            fields[f"grain {path.stem}"] = z["grain"] if "grain" in z else np.float64(FROM)
    for path in sorted(asked.papers.glob("*.jpg")):
        fields[f"paper {path.stem}"] = shrink_paper(path)
    np.savez(asked.out, **fields)


if __name__ == "__main__":
    main()
