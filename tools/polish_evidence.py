"""Measure the polish of real photographs by group: python tools/polish_evidence.py [PHOTOS [JSON]].

Prints a table of means for photos of light, medium and dark skin and for some faults that a person
tagged. Polish may not depend on the first three; each fault should lower its own column.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import numpy as np

from catchlight.images import open_picture
from catchlight.likeness.observe import observe_photo
from catchlight.polish import Polish, measure_polish

GROUPS = (
    "light_skin medium_skin dark_skin studio low_light harsh_light busy_background blurry small"
).split()


def measure_folder(folder: Path) -> tuple[dict[str, Polish], dict[str, set[str]]]:
    """Polish and tags of every photo in which a face is found."""
    with (folder / "index.csv").open(encoding="utf-8") as file:
        tags = {row["file"]: set(row["tags"].split()) for row in csv.DictReader(file)}
    found = {}
    for name in tags:
        polish = measure_polish(observe_photo(open_picture(folder / name)), framed=False)
        if polish.score is not None:
            found[name] = polish
    return found, tags


def print_table(found: dict[str, Polish], tags: dict[str, set[str]]) -> None:
    names = [c.name for c in next(iter(found.values())).components if c.name != "composition"]
    print("| group | photos | polish | " + " | ".join(n.replace("_", " ") for n in names) + " |")
    print("|---" * (len(names) + 3) + "|")
    for group in ("all", *GROUPS):
        chosen = [p for name, p in found.items() if group == "all" or group in tags[name]]
        if not chosen:
            continue
        scores = np.array([p.score for p in chosen], float)
        cells = []
        for name in names:
            judged = [s for p in chosen if (s := p[name].score) is not None]
            cells.append(f"{100 * float(np.mean(judged)):.0f}" if judged else "-")
        label = group.replace("_", " ")
        print(f"| {label} | {len(chosen)} | {scores.mean():.1f} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    home = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/photos")
    if not (home / "index.csv").is_file():
        sys.exit(f"no photographs: {home} is absent")
    polishes, labels = measure_folder(home)
    print_table(polishes, labels)
    if len(sys.argv) > 2:
        rows = {name: polish.to_json() for name, polish in polishes.items()}
        Path(sys.argv[2]).write_text(json.dumps(rows, indent=1), encoding="utf-8")
