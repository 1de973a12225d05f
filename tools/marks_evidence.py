"""Paint marks of known kind onto the skin of real portraits and count what becomes of them.

    python tools/marks_evidence.py FOLDER_OR_PHOTO [...] [--at 1.0 0.8] [--sheets OUT] [--limit N]
                                   [--log FILE]

Every photo with at least 160 pixels between the eyes is studied as it is, once with passing marks
painted onto its face crop (papules and pustules) and once with permanent ones (moles, a field of
freckles, scars), in optical density along the absorption of blood and of melanin
(:mod:`painted_marks`). Places are drawn at random (by the file's name) from all of the face's
skin 3 mm inside its edge, whatever the search itself leaves out. Groups of skin tone are those of
the folder's index.csv where it has one, else of the individual typology angle measured; ``--limit``
is of every group.

    plain      the same of the marks that differ from their skin by 3 CIELAB or more
    acted on   painted marks whose colour the adjustment changed by a quarter or more
    gone       painted marks that lost at least 85 % of their colour difference (CIELAB, mean over
               the mark, against the unpainted skin after the same edit) and whose place lies
               within 1.5 CIELAB of that skin before it
    lost       median part lost, of all painted; of those acted on in brackets
    strict     the same two with the unpainted skin itself as the truth
    strayed    median distance of healed places from the unpainted skin, CIELAB
    T, M1      band energy (science.md section 6) inside healed marks over that of the same skin
               unpainted, median
    false      permanent marks that lost a quarter or more, or freckles healed out of a field
    kept       contrast of permanent marks: median (5th and 95th percentile)
    bare       marks judged passing per unpainted face (real ones among them: look at the sheets)
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import cv2
import numpy as np
from painted_marks import BANDS, PASSING, PLAIN, Painted, follow, heal, read_groups

from catchlight import Look, open_photo, study
from catchlight.analysis.face import landmarks
from catchlight.analysis.face_crop import FaceCrop
from catchlight.analysis.marks.find import marks_can_be_seen
from catchlight.arrays import Pixels
from catchlight.errors import CatchlightError
from catchlight.pixels import colour

LEAST = 160.0
GROUPS = ((41.0, "light"), (10.0, "medium"), (-90.0, "dark"))
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"}


def print_tables(rows: list[Painted], bare: dict[str, list[int]]) -> None:
    """Print a line per strength, group and kind."""

    def spread(values: list[float], shares: tuple[int, ...]) -> str:
        return " ".join(f"{v:.2f}" for v in np.percentile(values, shares)) if values else "-"

    def lost(values: list[float], acted: list[float]) -> str:
        return f"{spread(values, (50,))} ({spread(acted, (50,))})"

    table: dict[tuple[float, str, str], list[Painted]] = defaultdict(list)
    for row in rows:
        for group in (row.group, "all"):
            table[row.strength, row.kind, group].append(row)
            if row.whole >= PLAIN:
                table[row.strength, row.kind, f"{group}, plain"].append(row)
    print(
        "| strength | kind | group | painted | acted on | gone | lost | strict | strayed | T | M1 |"
    )
    print("|---|---|---|" + "---:|" * 8)
    kinds = {k[0] for k in PASSING}
    for (strength, kind, group), found in sorted(table.items()):
        if kind in kinds:
            acted = [r for r in found if r.acted_on]
            cells = [strength, kind, group, len(found), f"{len(acted) / len(found):.0%}"]
            cells += [f"{sum(r.gone for r in found) / len(found):.0%}"]
            cells += [lost([r.lost for r in found], [r.lost for r in acted])]
            strict = sum(r.strict <= 0.15 for r in found) / len(found)
            cells += [f"{strict:.0%}, {spread([1 - r.strict for r in found], (50,))}"]
            cells[-1] += f" ({spread([1 - r.strict for r in acted], (50,))})"
            cells += [spread([r.strayed for r in acted], (50,))]
            cells += [spread([r.energy[k] for r in acted], (50,)) for k in BANDS]
            print("| " + " | ".join(map(str, cells)) + " |")
    print("\n| strength | kind | group | painted | false | kept (5th, 95th percentile) |")
    print("|---|---|---|---:|---:|---:|")
    for (strength, kind, group), found in sorted(table.items()):
        if kind not in kinds:
            false = sum(r.hit or r.acted_on for r in found)
            cells = [strength, kind, group, len(found), f"{false} ({false / len(found):.1%})"]
            cells += [spread([r.left for r in found], (50, 5, 95))]
            print("| " + " | ".join(map(str, cells)) + " |")
    print("\nmarks judged passing on unpainted faces:")
    for group, counts in sorted(bare.items()):
        print(f"  {group}: {sum(counts)} on {len(counts)} faces")


def save_sheet(face_crop: FaceCrop, pictures: list[Pixels], path: Path) -> None:
    """The face in every picture side by side at 100 %, circles where marks are healed."""
    x0, y0 = np.maximum(face_crop.face.points[landmarks.FACE_OVAL].min(0).astype(int), 0)
    x1, y1 = face_crop.face.points[landmarks.FACE_OVAL].max(0).astype(int)
    tiles = [colour.p3_to_srgb_codes(p) for p in pictures]
    shown = tiles[0].copy()
    for mark in face_crop.marks:
        tint = {"passing": (255, 0, 0), "permanent": (0, 160, 0)}.get(mark.fate, (0, 90, 255))
        radius = round((0.5 * mark.diameter_mm + 1) * face_crop.px_per_mm)
        cv2.circle(shown, (round(mark.x), round(mark.y)), radius, tint, 1, cv2.LINE_AA)
    sheet = np.hstack([t[y0:y1, x0:x1] for t in [*tiles, shown]])
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), sheet[..., ::-1])


def photos(places: list[Path]) -> Iterator[tuple[Path, str | None]]:
    """Every photo named or in a folder named, and its group where an index tells it."""
    for place in places:
        folder = place if place.is_dir() else place.parent
        groups = read_groups(folder)
        files = sorted(folder.iterdir()) if place.is_dir() else [place]
        yield from ((p, groups.get(p.name)) for p in files if p.suffix.lower() in SUFFIXES)


def main() -> int:
    """Measure folders and photos."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", type=Path, nargs="+", help="photos, and folders of them")
    parser.add_argument("--at", nargs="+", type=float, default=[1.0])
    parser.add_argument(
        "--sheets", type=Path, help="write painted, healed and marks of every photo"
    )
    parser.add_argument("--limit", type=int, help="photos of every group")
    parser.add_argument("--log", type=Path, help="write the tables there too")
    asked = parser.parse_args()
    rows: list[Painted] = []
    bare: dict[str, list[int]] = defaultdict(list)
    for path, told in photos(asked.places):
        if asked.limit is not None and told and len(bare[told]) >= asked.limit:
            continue
        try:
            scene = study(open_photo(path), Look(backdrop="keep"))
        except CatchlightError as error:
            print(f"{path.name}: {error}", file=sys.stderr)
            continue
        face_crop = scene.face_crop
        if scene.quality.ied < LEAST or not marks_can_be_seen(face_crop.face):
            continue
        group = told or next(title for low, title in GROUPS if scene.tone.ita >= low)
        if asked.limit is not None and len(bare[group]) >= asked.limit:
            continue
        bare[group].append(sum(m.fate == "passing" for m in face_crop.marks))
        print(f"{path.name}: {group}, {bare[group][-1]} passing unpainted", file=sys.stderr)
        done = list(follow(path.name, group, face_crop, asked.at))
        rows += [row for row, _, _ in done]
        if asked.sheets and done:
            _, painted, result = next(d for d in done if d[0].kind in {k[0] for k in PASSING})
            pictures = [painted.pixels, result, face_crop.pixels, heal(face_crop, 1.0)]
            save_sheet(painted, pictures, asked.sheets / f"{path.stem}.png")
    print_tables(rows, bare)
    if asked.log:
        with asked.log.open("w") as log, redirect_stdout(log):
            print_tables(rows, bare)
    return 0


if __name__ == "__main__":
    sys.exit(main())
