"""Time every stage of a shot at 2, 12 and 24 megapixels.

    python tools/bench.py [--runs 5] [--megapixels 2 12 24] [--matte fast]

The photo is examples/astronaut.jpg enlarged. Each size runs in a process of its own (its peak
memory is printed); the median of the runs counts, after one warm-up. The floor of a run is what
nobody can save: decode + networks + encode.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path

NETWORKS = ("find faces", "segment", "identity", "expression", "fine matte")
PHOTO = Path(__file__).parents[1] / "examples" / "astronaut.jpg"


def enlarge(megapixels: float) -> bytes:
    """Return the example photo as a 3:4 JPEG of that many megapixels, the person filling it."""
    from PIL import Image

    with Image.open(PHOTO) as small:
        part = small.convert("RGB").crop((32, 0, 416, 512))
    height = round((megapixels * 1e6 * 4 / 3) ** 0.5)
    out = io.BytesIO()
    part.resize((round(height * 3 / 4), height), Image.Resampling.BICUBIC).save(
        out, "JPEG", quality=92
    )
    return out.getvalue()


def measure(megapixels: float, runs: int, matte: str) -> dict[str, object]:
    """Run one size in this process."""
    from catchlight import Look, Output, shoot
    from catchlight.studio import Clock, encode

    data = enlarge(megapixels)
    look = Look(matte=matte, size=(1600, 2000))
    table: list[dict[str, float]] = []
    for _ in range(runs + 1):
        clock = Clock()
        shot = shoot(data, look, stage=clock)
        clock("encode", lambda shot=shot: encode(shot.rendered, shot.picture, Output(), "JPEG"))
        table.append(dict(clock.seconds))
    table = table[1:]
    stages = {k: statistics.median(t[k] for t in table) for k in table[0]}
    totals = [sum(t.values()) for t in table]
    floors = [t["decode"] + t["encode"] + sum(t.get(n, 0) for n in NETWORKS) for t in table]
    ratios = [a / b for a, b in zip(totals, floors, strict=True)]
    return {
        "stages": stages,
        "total": statistics.median(totals),
        "floor": statistics.median(floors),
        "ratio": statistics.median(ratios),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--megapixels", type=float, nargs="+", default=[2, 12, 24])
    parser.add_argument("--matte", choices=["fast", "fine"], default="fast")
    parser.add_argument("--one", type=float, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(asked.one, asked.runs, asked.matte)))
        return 0
    found = []
    for size in asked.megapixels:
        command = [sys.executable, __file__, "--one", str(size), "--runs", str(asked.runs)]
        done = subprocess.run(
            [*command, "--matte", asked.matte], check=True, capture_output=True, text=True
        )
        found.append(json.loads(done.stdout.splitlines()[-1]))
    print(f"seconds, median of {asked.runs}; {asked.matte} matte; {os.cpu_count()} cores")
    print("| stage | " + " | ".join(f"{s:g} MP" for s in asked.megapixels) + " |")
    print("|---|" + "---:|" * len(found))
    for stage in found[-1]["stages"]:
        print(f"| {stage} | " + " | ".join(f"{f['stages'][stage]:.3f}" for f in found) + " |")
    for name, form in (("total", ".2f"), ("floor", ".2f"), ("ratio", ".2f"), ("peak_mb", ".0f")):
        print(f"| **{name}** | " + " | ".join(format(f[name], form) for f in found) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
