"""Measures what ``check`` can tell across photographs, and prints the tables of docs/likeness.md.

    python tools/likeness_evidence.py who|photograph|whitening|across FOLDER [--work FOLDER]
        [--seconds N] [--every N]

FOLDER holds ``photos`` (index.csv, same_person_pairs.csv) and ``london`` (index.csv, neutral and
smiling). What was measured is kept under ``--work``, so that a run that ``--seconds`` ended goes on
where it stopped. Nothing of the photos is kept there but numbers.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from likeness_changes import measure_across, measure_whitening
from likeness_photograph import measure_photograph
from likeness_store import Store, find_photos, same_person

from catchlight.likeness import odds
from catchlight.likeness.observation import Observation

# --- Who ------------------------------------------------------------------------------------------


def measure_who(folder: Path, store: Store) -> list[str]:
    """Verdicts on every pair of one person and of two, by group."""
    photos = find_photos(folder)
    for photo in photos:
        store.measure(photo.path.name, lambda: _vectors(store.look(photo.path)))  # noqa: B023
    known = {p.path: _stand_in(store.rows[p.path.name]) for p in photos
             if store.rows.get(p.path.name)}  # fmt: skip
    people = {p.path: p.person for p in photos}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for a, b in same_person(folder, one_photo=False):
        if a in known and b in known:
            set_ = "London, one session" if a.parent.name == "london" else "other occasions"
            counts[f"one person, {set_}"][_weigh(known[a], known[b]).verdict] += 1
    for p, q in itertools.combinations(photos, 2):
        if p.person != q.person and p.path in known and q.path in known:
            verdict = _weigh(known[p.path], known[q.path]).verdict
            counts["two people, all"][verdict] += 1
            if p.group == q.group:
                counts[f"two people, {p.group}"][verdict] += 1
    ones = [(known[a], known[b], people[a], people[b])
            for a, b in same_person(folder, one_photo=False)
            if a in known and b in known and a.parent.name != "london"]  # fmt: skip
    twos = [(known[p.path], known[q.path], p.person, q.person)
            for p, q in itertools.combinations(photos, 2)
            if p.person != q.person and p.path in known and q.path in known]  # fmt: skip
    said = fold(ones, twos)
    lines = ["| pairs | count | same | cannot say | other |", "|---|---:|---:|---:|---:|"]
    for kind, found in counts.items():
        cells = (found[v] for v in ("same", "cannot say", "other"))
        lines.append(f"| {kind} | {found.total()} | " + " | ".join(map(str, cells)) + " |")
    return [*lines, "", said]


Pairs = list[tuple["_StandIn", "_StandIn", str, str]]


def fold(ones: Pairs, twos: Pairs, count: int = 5) -> str:
    """Say what the verdicts are where means and spreads are fitted on other people only."""
    people = sorted({who for *_, a, b in (*ones, *twos) for who in (a, b)})
    place = {who: i % count for i, who in enumerate(people)}
    found: Counter[str] = Counter()
    for part in range(count):
        fitted = []
        for pairs in (ones, twos):
            cosines = [_cosine(a, b) for a, b, p, q in pairs if part not in (place[p], place[q])]
            fitted.append((float(np.mean(cosines)), float(np.std(cosines))))
        (one, one_sd), (two, two_sd) = fitted
        for kind, pairs in (("one", ones), ("two", twos)):
            for a, b, p, q in pairs:
                if part == place[p] or (part == place[q] and kind == "two"):
                    near, far = min(_cosine(a, b) - one, 0) / one_sd, _cosine(a, b) - two
                    far = max(far, 0) / two_sd
                    evidence = (far * far - near * near) / 2 + np.log(two_sd / one_sd)
                    apart = float(np.linalg.norm(a.testimony - b.testimony))
                    found[f"{kind}: {odds.judge(evidence, apart)}"] += 1
    return ", ".join(f"{k} {found[k]}" for k in sorted(found))


def _cosine(a: _StandIn, b: _StandIn) -> float:
    """Cosine with what pose and blur are expected to cost put back."""
    lost = odds.measure_loss(a.pose, b.pose, max(a.blur, b.blur))
    return float(a.identity @ b.identity) + min(lost, 0.3)


def _vectors(seen: Observation | None) -> dict[str, Any] | None:
    if seen is None:
        return None
    pose = [seen.seen.pose.yaw, seen.seen.pose.pitch]
    return {
        "identity": seen.identity.tolist(), "testimony": seen.testimony.tolist(), "pose": pose,
        "blur": odds.measure_blur(seen),
    }  # fmt: skip


@dataclass(frozen=True)
class _StandIn:
    """What :func:`odds.weigh_vectors` needs of an observation."""

    identity: Any
    testimony: Any
    pose: tuple[float, float]
    blur: float


def _stand_in(row: dict[str, Any]) -> _StandIn:
    vectors = (np.array(row[k], np.float32) for k in ("identity", "testimony"))
    return _StandIn(*vectors, tuple(row["pose"]), row["blur"])


def _weigh(a: _StandIn, b: _StandIn) -> odds.Odds:
    cosine = float(a.identity @ b.identity)
    lost = odds.measure_loss(a.pose, b.pose, max(a.blur, b.blur))
    return odds.weigh_vectors(
        cosine, lost, lambda: float(np.linalg.norm(a.testimony - b.testimony))
    )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("who", "photograph", "whitening", "across"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--work", type=Path, default=Path("build/likeness"))
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--every", type=int, default=1, help="only every Nth photo or person")
    asked = parser.parse_args()
    if not (asked.folder / "london" / "index.csv").is_file():
        print("no photos there: nothing is measured", file=sys.stderr)
        return 0
    store = Store(asked.work / f"{asked.what}.json", asked.seconds)
    tables: dict[str, Callable[[], list[str]]] = {
        "who": lambda: measure_who(asked.folder, store),
        "photograph": lambda: measure_photograph(asked.folder, store, asked.every),
        "whitening": lambda: measure_whitening(asked.folder, store, asked.every),
        "across": lambda: measure_across(asked.folder, store, asked.every),
    }
    try:
        print("\n".join(tables[asked.what]()))
    finally:
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
