"""What readers' votes say of polish and authenticity: correlations, their ceiling, fitted weights.

    python tools/judgement_scores.py ITEMS [--votes tests/judgements] [--folds 5]

ITEMS holds a JSON for each result that was judged (``tools/judgements.py render``); votes are those
that ``tools/judgements.py collect`` wrote. Printed are:

* the readers' own agreement, from what they saw twice: the ceiling of what a number can reach;
* the rank correlation (Spearman) of polish with the grade, and of authenticity with not being
  called edited, over all and by group of skin, with a bootstrap interval over people;
* each component alone, and by kind what it knows of the fault that readers named;
* weights fitted to the grades in folds over people, and what they reach on people left out;
* along the dial: how often the fuller place was preferred, looked edited, looked less natural.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from catchlight.polish.score import FLOOR, SPREAD

GRADES = {"A": 2.0, "B": 1.0, "C": 0.0}
#: Which components should know of a fault that readers name.
KNOWS = {
    "cutout": ("cutout",), "background": ("background",), "crop": ("composition",),
    "light": ("evenness",), "exposure": ("exposure", "contrast"), "colour": ("white_balance",),
    "soft": ("sharpness", "resolution"), "noise": ("noise", "compression"),
    "eyes": ("eyes_open", "under_eyes"), "skin_marks": ("skin",), "hair": ("cutout",),
    "source": ("resolution", "sharpness"),
}  # fmt: skip


def read(path: Path) -> list[dict[str, str]]:
    """Rows of a file of votes; none where there is no file."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rank(values: np.ndarray) -> np.ndarray:
    """Ranks from 0, those of equals averaged."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts + 1) / 2)[inverse])


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    """Rank correlation; nan where either does not differ."""
    if len(a) < 4 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return float("nan")
    return float(np.corrcoef(rank(a), rank(b))[0, 1])


def interval(a: np.ndarray, b: np.ndarray, people: np.ndarray) -> tuple[float, float]:
    """95 % of the rank correlation, people drawn anew 500 times."""
    rng, names = np.random.default_rng(0), np.unique(people)
    places = {name: np.flatnonzero(people == name) for name in names}
    found = []
    for _ in range(500):
        chosen = np.concatenate([places[n] for n in rng.choice(names, len(names))])
        found.append(spearman(a[chosen], b[chosen]))
    kept = [f for f in found if np.isfinite(f)]
    if not kept:
        return float("nan"), float("nan")
    low, high = np.percentile(kept, [2.5, 97.5])
    return float(low), float(high)


def say(name: str, a: list[float], b: list[float], people: list[str]) -> None:
    """Print one correlation."""
    x, y, who = np.array(a), np.array(b), np.array(people)
    low, high = interval(x, y, who)
    print(f"{name:<44} {spearman(x, y):+.2f}  ({low:+.2f} to {high:+.2f})  n {len(x)}")


def tell_ceiling(votes: list[dict[str, str]], value: dict[str, float], name: str) -> None:
    """Agreement of the votes on what was seen twice, the two put in both orders."""
    seen = defaultdict(list)
    for vote in votes:
        seen[vote["item"]].append(value[vote[name]])
    pairs = [(x, y) for v in seen.values() for i, x in enumerate(v) for y in v[i + 1 :]]
    both = np.array([*pairs, *[(y, x) for x, y in pairs]])
    if len(both):
        same = float((both[:, 0] == both[:, 1]).mean())
        print(
            f"readers' own agreement on {name}: {spearman(both[:, 0], both[:, 1]):+.2f}, "
            f"the same vote {same:.0%}, {len(pairs)} pairs of votes: the ceiling"
        )


def combine(scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The mean of polish: (n, k) scores with nan where not judged -> (n,) 0..100.

    What a decisive fault costs of the whole beside (``polish.score.DECISIVE``) is left out, as no
    weight moves it.
    """
    known = np.isfinite(scores)
    logs = np.log(np.maximum(np.where(known, scores, 1.0), FLOOR))
    total = np.maximum((known * weights).sum(1), 1e-9)
    mean = np.exp((logs * weights * known).sum(1) / total)
    return np.asarray(100 * mean**SPREAD)


def fit(scores: np.ndarray, grades: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Weights of quarters, 0 to 4, by coordinate: the rank correlation, pulled to ``start``."""

    def worth(weights: np.ndarray) -> float:
        found = spearman(combine(scores, weights), grades)
        pull = 0.01 * float(np.abs(weights - start).mean())
        return (found if np.isfinite(found) else -1) - pull

    weights, best = start.copy(), worth(start)
    for _ in range(4):
        before = best
        for k in range(len(weights)):
            for value in (0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0):
                tried = weights.copy()
                tried[k] = value
                if tried.sum() > 0 and (now := worth(tried)) > best:
                    weights, best = tried, now
        if best - before < 1e-4:
            break
    return weights


def tell_fit(rows: list[dict[str, Any]], grades: np.ndarray, folds: int) -> None:
    """Fit weights in folds over people; print what they reach on people left out."""
    names = list(rows[0]["polish_parts"])
    scores = np.array([[r["polish_parts"].get(n) for n in names] for r in rows], np.float64)
    start = np.array([rows[0]["polish_weights"].get(n, 0.0) for n in names])
    people = np.array([r["person"] for r in rows])
    order = np.random.default_rng(0).permutation(np.unique(people))
    out = np.full(len(rows), np.nan)
    for fold in range(folds):
        left = np.isin(people, order[fold::folds])
        if left.any() and (~left).sum() > 10:
            out[left] = combine(scores[left], fit(scores[~left], grades[~left], start))
    known = np.isfinite(out)
    print(f"\nweights as they are reach {spearman(combine(scores, start), grades):+.2f}")
    print(f"fitted, on people left out  {spearman(out[known], grades[known]):+.2f}")
    for name, old, new in zip(names, start, fit(scores, grades, start), strict=True):
        print(f"  {name:<16} {old:g} -> {new:g}")


def tell_singles(items: dict[str, Any], votes: list[dict[str, str]], folds: int) -> None:
    """Everything about grades of single results."""
    votes = [v for v in votes if v["item"] in items]
    tell_ceiling(votes, GRADES, "grade")
    grades, kinds = defaultdict(list), defaultdict(set)
    for vote in votes:
        grades[vote["item"]].append(GRADES[vote["grade"]])
        kinds[vote["item"]] |= set(filter(None, vote["kinds"].split(";")))
    rows = [items[i] for i in grades if items[i]["polish"] is not None]
    middle = np.array([float(np.mean(grades[r["item"]])) for r in rows])
    for group in (None, *sorted({r["group"] for r in rows if r["group"]})):
        at = [i for i, r in enumerate(rows) if group is None or r["group"] == group]
        chosen, who = [rows[i] for i in at], [rows[i]["person"] for i in at]
        name = "polish, grade" + ("" if group is None else f" ({group})")
        say(name, [r["polish"] for r in chosen], list(middle[at]), who)
    for grade in "ABC":
        found = [
            r["polish"] for r, g in zip(rows, middle, strict=True) if round(g) == GRADES[grade]
        ]
        if found:
            print(f"  graded {grade}: polish {np.mean(found):.0f} in the mean of {len(found)}")
    for name in rows[0]["polish_parts"]:
        at = [i for i, r in enumerate(rows) if r["polish_parts"].get(name) is not None]
        parts = [rows[i]["polish_parts"][name] for i in at]
        say(f"  {name}", parts, list(middle[at]), [rows[i]["person"] for i in at])
    print("\nfaults that readers named, and the component that should know of them:")
    for kind, known in KNOWS.items():
        named = np.array([kind in kinds[r["item"]] for r in rows])
        for name in known:
            parts = np.array([r["polish_parts"].get(name, np.nan) for r in rows], np.float64)
            with_it, without = (parts[m & np.isfinite(parts)] for m in (named, ~named))
            if len(with_it) and len(without):
                print(
                    f"  {kind:<12} {int(named.sum()):4} named; {name} {with_it.mean():.2f} where "
                    f"named, {without.mean():.2f} elsewhere"
                )
    tell_fit(rows, middle, folds)


def tell_pairs(items: dict[str, Any], votes: list[dict[str, str]]) -> None:
    """Everything about pairs along the dial."""
    counts: dict[tuple[float, float], list[tuple[float, float, float]]] = defaultdict(list)
    edited, score, people = [], [], []
    for vote in votes:
        if vote["left"] not in items or vote["right"] not in items:
            continue
        sides = {"L": items[vote["left"]], "R": items[vote["right"]]}
        for side, item in sides.items():
            if item["authenticity"] is not None:
                edited.append(float(vote["edited"] not in (side, "B")))
                score.append(item["authenticity"])
                people.append(item["person"])
        low, high = sorted(sides, key=lambda s: sides[s]["polish_at"])
        worth = {high: 1.0, low: 0.0, "=": 0.5}
        looks = float(vote["edited"] in (high, "B")) - float(vote["edited"] in (low, "B"))
        key = (round(sides[low]["polish_at"], 2), round(sides[high]["polish_at"], 2))
        counts[key].append((worth[vote["better"]], worth[vote["natural"]], looks))
    if edited:
        say("\nauthenticity, not called edited", score, edited, people)
    print("\nalong the dial: the fuller of the two was better, more natural, more often edited")
    for (low_at, high_at), found in sorted(counts.items()):
        better, natural, looks = np.mean(found, axis=0)
        said = f"better {better:.0%}, more natural {natural:.0%}, edited {looks:+.0%}"
        print(f"  {low_at:g} or {high_at:g}: {said}  n {len(found)}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    home = Path(__file__).resolve().parent.parent
    parser.add_argument("items", type=Path)
    parser.add_argument("--votes", type=Path, default=home / "tests" / "judgements")
    parser.add_argument("--folds", type=int, default=5)
    said = parser.parse_args()
    read_items = [json.loads(f.read_text(encoding="utf-8")) for f in said.items.glob("*.json")]
    items = {row["item"]: row for row in read_items}
    singles, pairs = read(said.votes / "singles.csv"), read(said.votes / "pairs.csv")
    if singles:
        tell_singles(items, singles, said.folds)
    if pairs:
        tell_pairs(items, pairs)


if __name__ == "__main__":
    main()
