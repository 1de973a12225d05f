"""Soak: many photos in one process, and what it holds after each.

    python tools/soak.py --count 500 --out soak.json

Small photographs of every format, one in eight damaged, are made into headshots one after the
other. Memory, open files and threads are noted after each; the last hundred are compared with the
second hundred.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent))

import fuzz


def soak(count: int, out: Path, *, most_s: float) -> list[dict[str, Any]]:
    """Make the headshots; returns and stores a row for each."""
    from catchlight.look import Look
    from catchlight.studio.batch import run_all
    from catchlight.studio.dial import asked_to_data
    from catchlight.studio.jobs import Job

    seeds, asked = fuzz.make_photos(), asked_to_data(Look(matte="fast", size=96))
    me, rows, began = psutil.Process(), [], time.monotonic()
    for number in range(count):
        if time.monotonic() - began > most_s:
            break
        name, data = fuzz.damage(seeds, number) if number % 8 == 7 else _plain(seeds, number)
        (record,) = run_all([Job(data, asked)])
        row = {"of": name, "mb": me.memory_info().rss / 1e6, "files": me.num_fds()}
        rows.append({**row, "threads": me.num_threads(), "failed": record.failed})
        if number % 20 == 19:
            out.write_text(json.dumps(rows))
    out.write_text(json.dumps(rows))
    return rows


def _plain(seeds: dict[str, bytes], number: int) -> tuple[str, bytes]:
    name = list(seeds)[number % len(seeds)]
    return name, seeds[name]


def compare(rows: list[dict[str, Any]]) -> str:
    """Say how the end compares with the beginning."""
    step = min(100, len(rows) // 3)
    early, late = rows[step : 2 * step], rows[-step:]
    words = [f"{len(rows)} photos, {sum(r['failed'] for r in rows)} refused"]
    for key in ("mb", "files", "threads"):
        a, b = (sum(r[key] for r in part) / step for part in (early, late))
        words.append(f"{key} {a:.1f} then {b:.1f} ({100 * (b / a - 1):+.1f} %)")
    return "; ".join(words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=1e9, help="stop after so long")
    parser.add_argument("--out", type=Path, default=Path("soak.json"))
    asked = parser.parse_args()
    print(compare(soak(asked.count, asked.out, most_s=asked.seconds)))


if __name__ == "__main__":
    main()
