"""Plain crop | result, side by side in hidden order, for readers who know nothing; and their votes.

    python tools/blind_pairs.py make PHOTOS OUT [--for linkedin] [--count 60] [--seed 1]
    python tools/blind_pairs.py score KEY VOTES

``make`` writes OUT/pairs/001.png ... and OUT/key.json. A reader is shown the pairs alone. The
plain crop is what a person gets who only crops: an upright rectangle of the result's own shape,
centre and scale, moved and shrunk until it lies inside the photo, and nothing else. Both halves
have the same pixels across and are stored without loss, so that neither size, file name nor
metadata tells which is which; the side is drawn at random. What may tell is the picture alone: that
is the question. Each half is resampled once: the result is shown at its own size, as it is handed
over (results of 800 pixels that were brought to 760 had lost up to 25 % of their finest contrast,
and the plain crops nothing), and the plain crop is brought to it.

VOTES is a list of objects with ``pair`` (a number), ``better`` (left, right or tie) and ``edited``
(left, right, both or none). ``score`` prints how often the result was preferred (a tie counts half)
and how often each half was said to look edited or cut out, with Wilson's interval (95 %).
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import random
from pathlib import Path

import cv2
import numpy as np

from catchlight import load_setting, open_photo
from catchlight.errors import CatchlightError
from catchlight.pixels import colour, geometry
from catchlight.studio import Brief, Shot, shoot

#: Height of each half, in pixels, at most; a smaller result is shown as it is.
_HEIGHT = 1000
_GAP = 16


def crop_plainly(shot: Shot) -> np.ndarray:
    """Crop the photo at the place of the result's frame; (h, w, 3) uint8 sRGB.

    A photo that lay on its side stands here as well: who crops by hand turns it first.
    """
    photo, frame = shot.subject.picture, shot.scene.frame
    corners = np.array(
        [[0, 0], [frame.width, 0], [0, frame.height], [frame.width, frame.height]], np.float32
    )
    middle = geometry.apply(geometry.invert(frame.transform), corners).mean(0)
    scale = geometry.scale_of(frame.transform)
    seen = photo.preview(max(photo.width, photo.height))
    rows, columns = seen.shape[:2]
    shrink = min(1.0, columns * scale / frame.width, rows * scale / frame.height)
    w, h = frame.width / scale * shrink, frame.height / scale * shrink
    left = float(np.clip(middle[0] - w / 2, 0, columns - w))
    top = float(np.clip(middle[1] - h / 2, 0, rows - h))
    return seen[round(top) : round(top + h), round(left) : round(left + w)]


def make(folder: Path, out: Path, name: str, count: int, seed: int) -> None:
    """Write the pairs and the key."""
    chosen = random.Random(seed)
    with (folder / "index.csv").open() as lines:
        files = sorted({row[next(iter(row))] for row in csv.DictReader(lines)})
    chosen.shuffle(files)
    pairs = out / "pairs"
    pairs.mkdir(parents=True, exist_ok=True)
    key: dict[str, dict[str, str]] = {}
    for file in files:
        if len(key) == count:
            break
        try:
            shot = shoot(open_photo(folder / file), Brief(load_setting(name)))
        except CatchlightError:
            continue
        result = colour.p3_to_srgb_codes(shot.rendered.pixels)
        height = min(_HEIGHT, result.shape[0])
        size = (round(height * result.shape[1] / result.shape[0]), height)
        halves = [crop_plainly(shot), result]
        drawn = [fit(half, size) for half in halves]
        side = chosen.choice(("left", "right"))
        order = drawn[::-1] if side == "left" else drawn
        gap = np.full((height, _GAP, 3), 128, np.uint8)
        number = len(key) + 1
        cv2.imwrite(
            str(pairs / f"{number:03d}.png"), np.hstack([order[0], gap, order[1]])[..., ::-1]
        )
        key[str(number)] = {"photo": file, "result": side, "setting": name}
        (out / "key.json").write_text(json.dumps(key, indent=1))


def fit(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Resize to ``size`` by area where it shrinks and by Lanczos's kernel where it grows."""
    if picture.shape[1::-1] == size:
        return picture
    how = cv2.INTER_AREA if picture.shape[0] >= size[1] else cv2.INTER_LANCZOS4
    return cv2.resize(picture, size, interpolation=how)


def interval(hits: float, count: int) -> tuple[float, float]:
    """Wilson's interval of a share at 95 % (Wilson 1927)."""
    z, p = 1.96, hits / count
    middle = (p + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(p * (1 - p) / count + z * z / (4 * count * count))
    return middle - half, middle + half


def score(key_file: Path, votes_file: Path) -> None:
    """Print what the votes say."""
    key = json.loads(key_file.read_text())
    votes = json.loads(votes_file.read_text())
    preferred = ours = plain = 0.0
    for vote in votes:
        side = key[str(vote["pair"])]["result"]
        preferred += {"tie": 0.5, side: 1.0}.get(vote["better"], 0.0)
        ours += vote["edited"] in ("both", side)
        plain += vote["edited"] not in ("none", side)
    for text, hits in (
        ("result preferred", preferred),
        ("result said to look edited", ours),
        ("plain crop said to look edited", plain),
    ):
        low, high = interval(hits, len(votes))
        print(f"{text}: {hits / len(votes):.0%} of {len(votes)} ({low:.0%} to {high:.0%})")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make")
    making.add_argument("photos", type=Path)
    making.add_argument("out", type=Path)
    making.add_argument("--for", dest="setting", default="linkedin")
    making.add_argument("--count", type=int, default=60)
    making.add_argument("--seed", type=int, default=1)
    scoring = commands.add_parser("score")
    scoring.add_argument("key", type=Path)
    scoring.add_argument("votes", type=Path)
    asked = parser.parse_args()
    if asked.command == "make":
        make(asked.photos, asked.out, asked.setting, asked.count, asked.seed)
    else:
        score(asked.key, asked.votes)
