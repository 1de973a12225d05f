"""Photos an hour by workers: one of one thread, two of one thread, one process with all cores.

    python tools/bench_pool.py PHOTOS_FOLDER [--count 50] [--setting linkedin] [--runs 1]

Every photo is made into a headshot of its setting, both numbers measured, nothing written. The
photos are the first of the folder by name, read before the clock starts. Each way runs in a process
of its own; its first photo (models opened) is not counted, as a folder of fifty hardly feels it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

#: Name, workers, threads of each; 0 workers: this process with every core.
WAYS = {
    "one worker of one thread": (1, 1),
    "two workers of one thread": (2, 1),
    "one process": (0, 0),
}
_KINDS = (".jpg", ".jpeg", ".png", ".webp")


def measure(folder: Path, count: int, setting: str, workers: int, threads: int) -> float:
    """Photos an hour."""
    from catchlight.studio.batch import run_all
    from catchlight.studio.jobs import Job
    from catchlight.studio.pool import Pool

    paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in _KINDS)[:count]
    jobs = [Job(p.read_bytes(), {"setting": setting}, name=p.name) for p in paths]
    failed = 0
    if workers:
        with Pool(workers, threads=threads) as pool:
            list(pool.map(jobs[:workers]))  # every worker opens its models
            start = time.perf_counter()
            failed = sum(record.failed for record in pool.map(jobs))
            took = time.perf_counter() - start
    else:
        list(run_all(jobs[:1]))
        start = time.perf_counter()
        failed = sum(record.failed for record in run_all(jobs))
        took = time.perf_counter() - start
    print(f"{failed} of {len(jobs)} failed", file=sys.stderr)
    return 3600 * len(jobs) / took


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--setting", default="linkedin")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--one", choices=list(WAYS), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        workers, threads = WAYS[asked.one]
        print(json.dumps(measure(asked.folder, asked.count, asked.setting, workers, threads)))
        return 0
    found: dict[str, float] = {}
    for name in WAYS:
        command = [sys.executable, __file__, str(asked.folder), "--one", name]
        command += ["--count", str(asked.count), "--setting", asked.setting]
        table = []
        for _ in range(asked.runs):
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            table.append(json.loads(done.stdout.splitlines()[-1]))
        found[name] = statistics.median(table)
    one, two, whole = (found[name] for name in WAYS)
    print("| way | photos an hour |\n|---|---:|")
    for name, rate in found.items():
        print(f"| {name} | {rate:.0f} |")
    print(f"\ntwo workers: {two / one:.2f} times one worker, {two / whole:.2f} times one process")
    return 0


if __name__ == "__main__":
    sys.exit(main())
