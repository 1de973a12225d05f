"""What authenticity says of edits of known strength; writes the table of docs/likeness.md.

    python tools/calibrate.py FOLDER [FOLDER...] [--per-group N] [--write docs/likeness.md]
        [--raw FILE] [--seconds N]

FOLDER holds photos and an index.csv: tags with light_skin, medium_skin or dark_skin, or a column
group_self_reported. What was measured is kept in ``--raw``, photo by photo, so that a run that
``--seconds`` ended goes on where it stopped. Nothing of the photos is kept but numbers.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import planted_edits as planted

from catchlight import Look, develop, open_photo, study
from catchlight.adjustments.catalogue import CATALOGUE
from catchlight.analysis.face.identity import measure_distance
from catchlight.analysis.scene import Scene
from catchlight.arrays import Pixels
from catchlight.errors import CatchlightError
from catchlight.likeness.authenticity import Authenticity, measure_authenticity
from catchlight.likeness.observation import Observation
from catchlight.likeness.observe import observe_photo, observe_scene
from catchlight.studio.session import Session

GROUPS = ("light", "medium", "dark")
#: The London Set's own words for groups, by the tone of skin that most of them have.
_SELF_REPORTED = {
    "white": "light", "east_asian": "medium", "west_asian": "medium", "black": "dark",
}  # fmt: skip
#: Faces smaller than this, or further turned, are left out: the table is about edits.
_LEAST_IED, _MOST_YAW = 55.0, 30.0
START, END = "<!-- table: make calibrate -->", "<!-- end of table -->"

Edit = Callable[[Observation, float], Pixels | None]
#: Series: name, whether it is harmless, edit, strengths rising.
SERIES: tuple[tuple[str, bool, Edit, tuple[float, ...]], ...] = (
    ("JPEG, quality", True, planted.save_jpeg, (95, 85, 75)),
    ("exposure, stops", True, planted.expose, (1 / 3, -1 / 3)),
    ("grain, sd of the root of light", False, planted.add_grain, (0.01, 0.03)),
    ("blur of the skin, mm", False, planted.blur_skin, (0.15, 0.3, 0.6)),
    ("skin ground by a bilateral filter", False, planted.grind_skin, (0.25, 0.5, 1.0)),
    ("skin whitened", False, planted.whiten, (0.1, 0.3, 0.8)),
    ("eyes enlarged, %", False, lambda w, s: planted.enlarge_eyes(w, s / 100), (4, 8, 16)),
    ("nose slimmed, %", False, lambda w, s: planted.slim_nose(w, s / 100), (4, 8, 16)),
    ("permanent marks erased, share", False, planted.erase_marks, (0.25, 1.0)),
)
BLENDS = (0.1, 0.25, 0.5)
LOOKS = (0.0, 0.25, 0.5, 0.75, 1.0)
BY_HAND = (-0.5, 0.25, 0.5)


@dataclass(frozen=True)
class Row:
    """One measurement."""

    series: str
    strength: str
    harmless: bool
    group: str
    photo: str
    score: float | None
    limited_by: str | None
    components: dict[str, float | None]
    values: dict[str, float | None]


@dataclass(frozen=True)
class Sitter:
    """One photo with the group of its skin."""

    path: Path
    group: str
    person: str


def find_sitters(folders: list[Path]) -> list[Sitter]:
    """All photos whose group is known, those with most pixels first."""
    found = []
    for folder in folders:
        with (folder / "index.csv").open() as file:
            for line in csv.DictReader(file):
                if "group_self_reported" in line:
                    group = _SELF_REPORTED.get(line["group_self_reported"])
                    name, person, size = line["neutral"], line["person"], 1350 * 1350
                else:
                    tags = line["tags"].split()
                    group = next((g for g in GROUPS if f"{g}_skin" in tags), None)
                    if {"group", "bw", "body_shot", "hat"} & set(tags):
                        continue
                    name, person = line["file"], line["person_id"]
                    size = int(line["width"]) * int(line["height"])
                if group is not None:
                    found.append((size, Sitter(folder / name, group, person)))
    found.sort(key=lambda item: (-item[0], item[1].path.name))
    return [sitter for _, sitter in found]


Known = dict[str, list[dict[str, Any]]]


def choose(
    sitters: list[Sitter], per_group: int, known: Known
) -> Iterator[tuple[Sitter, Scene | None]]:
    """Scenes of ``per_group`` different people of each group, half of them from each folder.

    Of photos that are ``known`` no scene is made; of those left out no rows are known.
    """
    taken: Counter[tuple[str, str]] = Counter()
    people: set[str] = set()
    folders = {s.path.parent for s in sitters}
    for sitter in sitters:
        slot = (sitter.group, sitter.path.parent.name)
        if taken[slot] >= -(-per_group // len(folders)) or sitter.person in people:
            continue
        name = sitter.path.name
        scene = None if name in known else make_scene(sitter)
        if scene is None and not known.setdefault(name, []):
            continue
        taken[slot] += 1
        people.add(sitter.person)
        yield sitter, scene


def make_scene(sitter: Sitter) -> Scene | None:
    """The scene of a photo, where its face is large enough and turned little enough."""
    try:
        scene = study(open_photo(sitter.path), Look(backdrop="keep", crop="square", size=900))
    except CatchlightError as error:
        print(f"{sitter.path.name}: {error}", file=sys.stderr)
        return None
    small = scene.quality.ied < _LEAST_IED or abs(scene.face.pose.yaw) > _MOST_YAW
    return None if small else scene


def measure_all(sitters: list[Sitter], per_group: int, seconds: float, known: Known) -> list[Row]:
    """Every series on every chosen photo that is not known yet, while there is time."""
    end = time.monotonic() + seconds
    rows: list[Row] = []
    last: dict[str, Sitter] = {}
    seen: dict[str, Observation] = {}
    for sitter, scene in choose(sitters, per_group, known):
        if scene is not None:
            if time.monotonic() > end:
                break
            before = last.get(sitter.group)
            if before is not None and before.path.name not in seen:
                again = make_scene(before)
                if again is not None:
                    seen[before.path.name] = observe_scene(again)
            other = None if before is None else seen.get(before.path.name)
            found = measure(sitter, scene, other)
            known[sitter.path.name] = [row.__dict__ for row in found]
            seen[sitter.path.name] = replace(observe_scene(scene))
            print(f"{sitter.group} {sitter.path.name}", file=sys.stderr)
        last[sitter.group] = sitter
        rows += [Row(**row) for row in known[sitter.path.name]]
    return rows


def our_look(amount: float) -> Look:
    """All adjustments at ``amount``; what is set by hand, texture and detail at their default."""
    keep = ("texture", "detail")
    adjust = {
        a.name: a.default if a.name in keep or a.low < 0 else amount for a in CATALOGUE
    }  # fmt: skip
    return Look(backdrop="keep", crop="square", adjust=adjust)


def by_hand(name: str, amount: float) -> Look:
    """Our look at nothing, and one slider that only a person moves."""
    look = our_look(0.0)
    return look.model_copy(update={"adjust": {**look.adjust, name: amount}})


def measure(sitter: Sitter, scene: Scene, other: Observation | None) -> list[Row]:
    """Every series on one photo."""
    before = observe_scene(scene, name=sitter.path.name)
    rows: list[Row] = []

    def note(series: str, strength: str, pixels: Pixels | None, *, harmless: bool) -> None:
        if pixels is None:
            return
        jpeg = int(float(strength)) if series.startswith("JPEG") else None
        after = planted.edited(before, pixels, series, jpeg=jpeg)
        got = measure_authenticity(before, after, same_frame=True)
        rows.append(make_row(series, strength, sitter, got, harmless=harmless))

    for series, harmless, edit, strengths in SERIES:
        for strength in strengths:
            note(series, f"{strength:.3g}", edit(before, strength), harmless=harmless)
    rows.append(resized(sitter, before))
    if other is not None:
        for share in BLENDS:
            name = "blended with another person, share"
            note(name, f"{share:g}", planted.blend_people(before, other, share), harmless=False)
        pasted = planted.blend_people(before, other, 1.0)
        note("another person pasted", "1", pasted, harmless=False)
    session = Session(scene)
    for amount in LOOKS:
        pixels = session.render(our_look(amount)).pixels
        note("our looks, all at", f"{amount:g}", pixels, harmless=False)
    for name in ("brightness", "warmth"):
        for amount in BY_HAND:
            pixels = session.render(by_hand(name, amount)).pixels
            note(f"{name}, by hand", f"{amount:g}", pixels, harmless=False)
    note("our look, as it comes", "-", develop(scene, plain_look()).pixels, harmless=False)
    return rows


def plain_look() -> Look:
    """The look that a person gets who asks for nothing, in the frame that is measured."""
    return Look(backdrop="keep", crop="square")


def resized(sitter: Sitter, before: Observation) -> Row:
    """The picture at 0.9 of its size, found by registration."""
    from catchlight.pixels import filters

    h, w = before.pixels.shape[:2]
    small = filters.resize(before.pixels, round(0.9 * w), round(0.9 * h))
    shrink = np.array([[0.9, 0, -0.05], [0, 0.9, -0.05]])
    after = Observation("0.9", small, before.seen.moved(shrink), 0.9 * before.source_ied)
    got = measure_authenticity(before, after)
    return make_row("resized, registered", "0.9", sitter, got, harmless=True)


def make_row(
    series: str, strength: str, sitter: Sitter, got: Authenticity, *, harmless: bool
) -> Row:
    """A row of what was measured."""
    scores = {c.name: c.score for c in got.components}
    values = {c.name: c.value for c in got.components}
    who, where, limit = sitter.group, sitter.path.name, got.limited_by
    if limit is not None and got[limit].verdict == "pass":
        limit = None
    return Row(series, strength, harmless, who, where, got.score, limit, scores, values)


def tabulate(rows: list[Row]) -> list[str]:
    """The table's lines: medians, the tenth percentile, the groups, and what limited the score."""
    out = [
        "| edit | strength | photos | authenticity | lowest tenth | light | medium | dark | limited"
        " by |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---|",
    ]
    table: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        table[row.series, row.strength].append(row)
    for (series, strength), found in table.items():
        known = [r.score for r in found if r.score is not None]
        if not known:
            continue
        cells = [f"{statistics.median(known):.1f}", f"{np.percentile(known, 10):.1f}"]
        for group in GROUPS:
            part = [r.score for r in found if r.group == group and r.score is not None]
            cells.append(f"{statistics.median(part):.1f}" if part else "-")
        limits = Counter(r.limited_by for r in found if r.limited_by).most_common(2)
        named = ", ".join(f"{n} ({k})" for n, k in limits) or "-"
        out.append(
            f"| {series} | {strength} | {len(known)} | " + " | ".join([*cells, named]) + " |"
        )
    return out


def read_people(folder: Path) -> dict[str, str]:
    """Person of each photo."""
    with (folder / "index.csv").open() as file:
        return {line["file"]: line["person_id"] for line in csv.DictReader(file) if "file" in line}


def compare_pairs(folder: Path, sitters: list[Sitter], limit: int) -> list[str]:
    """Pairs of photos of one person and of two: same photo or not, distances, verdicts."""
    seen: dict[Path, Observation | None] = {}

    def look(path: Path) -> Observation | None:
        if path not in seen:
            try:
                seen[path] = observe_photo(open_photo(path))
            except CatchlightError:
                seen[path] = None
        found = seen[path]
        return found if found is not None and found.face is not None else None

    found: dict[str, list[tuple[Authenticity, float]]] = defaultdict(list)

    def compare(a: Observation, b: Observation) -> tuple[Authenticity, float]:
        return measure_authenticity(a, b), measure_distance(a.testimony, b.testimony)

    with (folder / "same_person_pairs.csv").open() as file:
        for line in csv.DictReader(file):
            if line["synthetic"] == "1":
                continue
            a, b = (look(folder / line[k]) for k in ("file_a", "file_b"))
            if a is None or b is None:
                continue
            kind = "one photo, twice" if line["same_photo"] == "1" else "one person, two photos"
            found[kind].append(compare(a, b))
    by_group: dict[str, list[Sitter]] = defaultdict(list)
    for sitter in sitters:
        if all(s.person != sitter.person for s in by_group[sitter.group]):
            by_group[sitter.group].append(sitter)
    for group in GROUPS:
        few = [s for s in by_group[group] if look(s.path) is not None][:limit]
        for p, q in itertools.combinations(few, 2):
            a, b = look(p.path), look(q.path)
            if a is not None and b is not None:
                found[f"two people, {group}"].append(compare(a, b))
    return [*_tabulate_pairs(found)]


def _tabulate_pairs(found: dict[str, list[tuple[Authenticity, float]]]) -> Iterator[str]:
    yield (
        "| pairs | count | one photograph | identity: pass | cannot say | fail "
        "| distance (5 to 95 %) |"
    )
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for kind, pairs in found.items():
        results, apart = [r for r, _ in pairs], [d for _, d in pairs]
        verdicts = Counter(r["identity"].verdict for r in results)
        low, high = np.percentile(apart, [5, 95])
        yield (
            f"| {kind} | {len(results)} | {sum(r.same_photo for r in results)} | "
            f"{verdicts['pass']} | {verdicts['indeterminate'] + verdicts['warn']} | "
            f"{verdicts['fail']} | {low:.2f} to {high:.2f} |"
        )


def write_table(page: Path, lines: list[str]) -> None:
    """Put the table between its marks."""
    text = page.read_text()
    before, rest = text.split(START)
    _, after = rest.split(END)
    page.write_text(before + START + "\n\n" + "\n".join(lines) + "\n\n" + END + after)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--per-group", type=int, default=10)
    parser.add_argument("--pairs", type=int, default=9, help="people of a group, all against all")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--raw", type=Path, help="keep every measurement there, as JSON")
    parser.add_argument("--seconds", type=float, default=1e9, help="begin no photo after this")
    asked = parser.parse_args()
    start = time.perf_counter()
    sitters = find_sitters([f for f in asked.folders if (f / "index.csv").is_file()])
    if not sitters:
        print("no photos with an index.csv there: nothing is measured", file=sys.stderr)
        return 0
    known: Known = {}
    if asked.raw and asked.raw.is_file():
        known = json.loads(asked.raw.read_text())
    try:
        rows = measure_all(sitters, asked.per_group, asked.seconds, known)
    finally:
        if asked.raw:
            asked.raw.write_text(json.dumps(known))
    lines = tabulate(rows)
    if asked.pairs:
        lines += ["", *compare_pairs(asked.folders[0], sitters, asked.pairs)]
    people = Counter(g for g, _ in {(r.group, r.photo) for r in rows})
    counted = ", ".join(f"{people[g]} {g}" for g in GROUPS)
    lines += ["", f"Medians over {counted} photos, in {time.perf_counter() - start:.0f} s."]
    print("\n".join(lines))
    if asked.write:
        write_table(asked.write, lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
