"""Paint marks of known kind onto the skin of real portraits and count what becomes of them.

    python tools/marks_evidence.py FOLDER [FOLDER ...] [--at 1.0 0.8] [--sheets OUT] [--limit N]

Every photo with at least 160 pixels between the eyes is studied as it is, once with passing marks
painted onto its chart (papules and pustules) and once with permanent ones (moles, a field of
freckles, scars), in optical density along the absorption of blood and of melanin; the picture
before painting is the truth. Places are drawn at random (by the file's name) from all of the face's
skin 3 mm inside its edge, whatever the search itself leaves out. Groups of skin tone are those of
the folder's index.csv where it has one, else of the individual typology angle measured.

    acted on   painted marks whose colour the adjustment changed by a quarter or more
    gone       painted marks that lost at least 85 % of their colour difference (CIELAB, mean over
               the mark) at that strength; of those acted on in brackets
    lost       median part lost, of those acted on
    false      permanent marks that lost a quarter or more, or freckles healed out of a field
    kept       contrast of permanent marks: median (5th and 95th percentile)
    T, M1      band energy (science.md section 6) inside healed marks over that of the same skin
               unpainted, median
    bare       marks judged passing per unpainted face (real ones among them: look at the sheets)
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np

from catchlight import Look, open_photo, study
from catchlight.adjustments import blemishes
from catchlight.analysis import regions
from catchlight.analysis.chart import Chart
from catchlight.analysis.marks import marks_can_be_seen
from catchlight.arrays import Mask, Pixels, as_float
from catchlight.errors import CatchlightError
from catchlight.pixels import blend, colour, filters, geometry

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from close_up import paint_mark

LEAST = 160.0
GROUPS = ((41.0, "light"), (10.0, "medium"), (-90.0, "dark"))
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"}
#: What is painted: kind, how many, least and largest size in mm, least and largest strength.
PASSING = (("papule", 6, 0.8, 4.0, 0.8, 1.6), ("pustule", 3, 1.5, 3.0, 0.8, 1.4))
PERMANENT = (
    ("freckles", 1, 18.0, 18.0, 0.7, 1.3),
    ("mole", 4, 1.0, 5.0, 0.3, 1.2),
    ("scar", 2, 4.0, 8.0, 0.8, 1.2),
)
#: Bands of texture: sigma in mm (science.md section 6).
BANDS = {"T": (0.12, 0.30), "M1": (0.30, 0.90)}


@dataclass(frozen=True)
class Painted:
    """One painted mark and what became of it at one strength."""

    photo: str
    group: str
    kind: str
    size: float
    place: tuple[float, float]
    strength: float
    left: float
    hit: bool
    energy: dict[str, float]


def read_groups(folder: Path) -> dict[str, str]:
    """Skin-tone group by file name, from the tags or the self-reports of a folder's index."""
    index, groups = folder / "index.csv", {}
    if not index.exists():
        return {}
    with index.open(newline="") as lines:
        for row in csv.DictReader(lines):
            for tone in ("light", "medium", "dark"):
                if f"{tone}_skin" in row.get("tags", ""):
                    groups[row["file"]] = tone
            told = row.get("group_self_reported", "")
            if told:
                tone = {"white": "light", "black": "dark"}.get(told, "medium")
                groups |= {row[k]: tone for k in ("neutral", "smiling") if row.get(k)}
    return groups


def skin_to_paint(chart: Chart) -> Mask:
    """The face's skin (0 or 1), 3 mm inside its edge; eyes, brows, lips and nostrils stay out."""
    h, w = chart.alpha.shape
    skin = (chart.regions["face_skin"] > 0.5).astype(np.uint8)
    skin = cv2.morphologyEx(skin, cv2.MORPH_CLOSE, np.ones((round(3 * chart.px_per_mm),) * 2))
    for ring in (regions.FACE_OVAL,):
        skin *= geometry.fill_polygon(chart.face.points[ring], w, h) > 0.5
    for ring in (regions.RIGHT_EYE, regions.LEFT_EYE, regions.LIPS_OUTER, *regions.NOSTRILS):
        skin *= geometry.fill_polygon(chart.face.points[ring], w, h) < 0.5
    for ring in (regions.RIGHT_BROW, regions.LEFT_BROW):
        skin *= geometry.fill_polygon(chart.face.points[ring], w, h) < 0.5
    inside = cv2.distanceTransform(skin, cv2.DIST_L2, 5)
    return as_float(inside > 3.0 * chart.px_per_mm)


def paint(
    chart: Chart, what: tuple[tuple[str, int, float, float, float, float], ...], seed: int
) -> tuple[Pixels, list[tuple[str, float, tuple[float, float], Mask]]]:
    """Paint marks of the kinds in ``what`` at random places apart; also kind, size and mask."""
    rng, mm = np.random.default_rng(seed), chart.px_per_mm
    pixels, free = chart.pixels.copy(), skin_to_paint(chart) > 0.5
    yy, xx = np.mgrid[0 : free.shape[0], 0 : free.shape[1]].astype(np.float32)
    made = []
    for kind, count, low, high, weak, strong in what:
        for _ in range(count):
            size = float(np.exp(rng.uniform(np.log(low), np.log(high))))
            rows, columns = np.nonzero(free)
            if not len(rows):
                continue
            k = rng.integers(len(rows))
            place = float(columns[k]), float(rows[k])
            mask = paint_mark(
                pixels,
                *place,
                size,
                kind,  # type: ignore[arg-type]
                px_per_mm=mm,
                strength=float(rng.uniform(weak, strong)),
                raised=float(rng.uniform(0.02, 0.08)) if kind in ("papule", "pustule") else 0.0,
                seed=int(rng.integers(1 << 30)),
            )
            free &= np.hypot(xx - place[0], yy - place[1]) > (0.5 * size + 6.0) * mm
            made.append((kind, size, place, mask))
    return pixels, made


def heal(chart: Chart, strength: float) -> Pixels:
    """The chart after ``blemishes``."""
    edit = blemishes.build(SimpleNamespace(chart=chart))  # type: ignore[arg-type]
    if edit is None:
        return chart.pixels
    return blend.apply_stops(chart.pixels, edit.stops * np.float32(strength))


def band(pixels: Pixels, mm: float, name: str) -> np.ndarray:
    fine, coarse = BANDS[name]
    y = np.log(colour.luminance(pixels) + np.float32(1e-4))
    return filters.blur(y, fine * mm) - filters.blur(y, coarse * mm)


def follow(
    name: str, group: str, chart: Chart, strengths: list[float]
) -> Iterator[tuple[Painted, Chart, Pixels]]:
    """Paint, heal and measure one photo; also the painted chart and the healed picture."""
    seed, mm = zlib.crc32(name.encode()), chart.px_per_mm
    truth = colour.p3_to_lab(chart.pixels)
    clean = {k: band(chart.pixels, mm, k) for k in BANDS}
    for what in (PASSING, PERMANENT):
        pixels, made = paint(chart, what, seed)
        painted = replace(chart, pixels=pixels)
        before = colour.p3_to_lab(pixels)
        gone = [m for m in painted.marks if painted.verdicts.heals(m)]
        for strength in strengths:
            result = heal(painted, strength)
            after = colour.p3_to_lab(result)
            bands = {k: band(result, mm, k) for k in BANDS}
            for kind, size, place, mask in made:
                spot, near = mask > 0.5, mask > 0.15
                colours = [v[spot].mean(0) for v in (after, before, truth)]
                left = np.linalg.norm(colours[0] - colours[2])
                left /= max(np.linalg.norm(colours[1] - colours[2]), 1e-6)
                energy = {k: float(bands[k][near].std() / clean[k][near].std()) for k in BANDS}
                hit = any(mask[round(m.y), round(m.x)] > 0.3 for m in gone)
                row = Painted(name, group, kind, size, place, strength, float(left), hit, energy)
                yield row, painted, result


def acted_on(row: Painted) -> bool:
    """Whether a quarter of the mark's colour or more is gone."""
    return 1 - row.left >= 0.25 * row.strength


def print_tables(rows: list[Painted], bare: dict[str, list[int]]) -> None:
    """Print a line per strength, group and kind."""

    def spread(values: list[float], shares: tuple[int, ...]) -> str:
        return " ".join(f"{v:.2f}" for v in np.percentile(values, shares)) if values else "-"

    table: dict[tuple[float, str, str], list[Painted]] = defaultdict(list)
    for row in rows:
        for group in (row.group, "all"):
            table[row.strength, row.kind, group].append(row)
    print("| strength | kind | group | painted | acted on | gone (of those) | lost | T | M1 |")
    print("|---|---|---|" + "---:|" * 6)
    kinds = {k[0] for k in PASSING}
    for (strength, kind, group), found in sorted(table.items()):
        if kind in kinds:
            acted = [r for r in found if acted_on(r)]
            gone = [r for r in acted if r.left <= 0.15]
            share = f"{len(gone) / len(found):.0%} ({len(gone) / max(1, len(acted)):.0%})"
            cells = [strength, kind, group, len(found), f"{len(acted) / len(found):.0%}", share]
            cells += [spread([1 - r.left for r in acted], (50,))]
            cells += [spread([r.energy[k] for r in acted], (50,)) for k in BANDS]
            print("| " + " | ".join(map(str, cells)) + " |")
    print("\n| strength | kind | group | painted | false | kept (5th, 95th percentile) |")
    print("|---|---|---|---:|---:|---:|")
    for (strength, kind, group), found in sorted(table.items()):
        if kind not in kinds:
            false = sum(r.hit or acted_on(r) for r in found)
            cells = [strength, kind, group, len(found), f"{false} ({false / len(found):.1%})"]
            cells += [spread([r.left for r in found], (50, 5, 95))]
            print("| " + " | ".join(map(str, cells)) + " |")
    print("\nmarks judged passing on unpainted faces:")
    for group, counts in sorted(bare.items()):
        print(f"  {group}: {sum(counts)} on {len(counts)} faces")


def save_sheet(chart: Chart, pictures: list[Pixels], path: Path) -> None:
    """The face in every picture side by side at 100 %, circles where marks are healed."""
    x0, y0 = np.maximum(chart.face.points[regions.FACE_OVAL].min(0).astype(int), 0)
    x1, y1 = chart.face.points[regions.FACE_OVAL].max(0).astype(int)
    tiles = [
        np.rint(
            255 * colour.linear_to_srgb(np.clip(colour.apply_matrix(p, colour.P3_TO_SRGB), 0, 1))
        ).astype(np.uint8)
        for p in pictures
    ]
    shown = tiles[0].copy()
    for mark in chart.marks:
        tint = {"passing": (255, 0, 0), "permanent": (0, 160, 0)}.get(mark.fate, (0, 90, 255))
        radius = round((0.5 * mark.diameter_mm + 1) * chart.px_per_mm)
        cv2.circle(shown, (round(mark.x), round(mark.y)), radius, tint, 1, cv2.LINE_AA)
    sheet = np.hstack([t[y0:y1, x0:x1] for t in [*tiles, shown]])
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), sheet[..., ::-1])


def main() -> int:
    """Measure folders."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--at", nargs="+", type=float, default=[1.0])
    parser.add_argument("--sheets", type=Path, help="write before, after and marks of every photo")
    parser.add_argument("--limit", type=int, help="of every folder")
    asked = parser.parse_args()
    rows: list[Painted] = []
    bare: dict[str, list[int]] = defaultdict(list)
    for folder in asked.folders:
        done, groups = 0, read_groups(folder)
        for path in sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES):
            if asked.limit is not None and done >= asked.limit:
                break
            try:
                scene = study(open_photo(path), Look(backdrop="keep"))
            except CatchlightError as error:
                print(f"{path.name}: {error}", file=sys.stderr)
                continue
            chart = scene.chart
            if scene.quality.ied < LEAST or not marks_can_be_seen(chart):
                continue
            done += 1
            group = groups.get(path.name)
            group = group or next(title for low, title in GROUPS if scene.tone.ita >= low)
            start = time.perf_counter()
            bare[group].append(sum(m.fate == "passing" for m in chart.marks))
            took = 1000 * (time.perf_counter() - start)
            print(f"{path.name}: {group}, marks found in {took:.0f} ms", file=sys.stderr)
            rows += [row for row, _, _ in follow(path.name, group, chart, asked.at)]
            if asked.sheets:
                sheet = asked.sheets / f"{path.stem}.png"
                save_sheet(chart, [chart.pixels, heal(chart, 1.0)], sheet)
    print_tables(rows, bare)
    return 0


if __name__ == "__main__":
    sys.exit(main())
