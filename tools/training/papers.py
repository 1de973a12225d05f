#!/usr/bin/env python3
"""Wallpapers as JPEGs of at most 1500 pixels: papers.py FOLDER OUT.

FOLDER is where Debian's wallpaper packages were unpacked (README.md names them). Of one picture in
several sizes only one is taken; what is nearly empty, transparent or tiny is left out.
"""

import argparse
import pathlib

import numpy as np
from PIL import Image


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    seen = set()
    for path in sorted(asked.folder.rglob("*")):
        if path.suffix not in {".jpg", ".png", ".webp"} or "screenshot" in path.name:
            continue
        name = path.parts[-3] if "contents" in path.parts else path.stem
        if name in seen or path.stat().st_size < 60_000:
            continue
        with Image.open(path) as image:
            if image.mode in {"RGBA", "LA"} or min(image.size) < 400:
                continue
            small = image.convert("RGB")
        small.thumbnail((1500, 1100))
        if np.asarray(small).std() < 8:
            continue
        seen.add(name)
        small.save(asked.out / f"{len(seen):02d}.jpg", quality=92)


if __name__ == "__main__":
    main()
