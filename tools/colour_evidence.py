"""Evidence for exposure and white balance: real photos, wronged by a known amount, then righted.

    python tools/colour_evidence.py ../shared/photos --london ../shared/london --log FILE
    python tools/colour_evidence.py --table FILE

Well-exposed, well-balanced photos of three groups of skin (by their tags), 20 of each, and the
neutral photos of the London set are changed in linear light, stored in eight bits again, and
measured anew from there on; the mesh and the matte stay. The table, group by group:

    0, -3 ... +1    stops: the median by which lit skin misses the untouched photo afterwards
    slope           of that against L* of the skin, stops per L*
    dE00            what both corrections do to the skin of an untouched photo
    acted on        untouched photos that were judged wrong
    casts           share of what the skin missed (log ratios) that is gone, where the light gave
                    it an impossible colour, and how many milder ones came out worse by 0.02

A line of the log is one photo, so a run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

import sitter

from catchlight.adjustments.catalogue import BY_NAME
from catchlight.analysis.light.cast import is_possible
from catchlight.analysis.scene import Scene
from catchlight.errors import CatchlightError
from catchlight.likeness.skin import find_lit_skin
from catchlight.look import Look
from catchlight.params import Params
from catchlight.pixels import blend, colour
from catchlight.studio import open_photo, study

#: Not well lit, not the sitter's own colours, or no frontal face.
LEFT_OUT = set("low_light harsh_light bw synthetic occluded profile blurry cmyk".split())
STOPS = (0.0, -3.0, -2.0, -1.0, 0.5, 1.0)
KELVIN = (2500, 3000, 4000, 5000, 8000, 9000)
#: Gains in linear P3: fluorescent tubes, and what is left where they were filtered too much.
TINTS = {"green": (0.72, 1.0, 0.78), "pale green": (0.9, 1.0, 0.92), "magenta": (1.25, 1.0, 1.25)}
EACH = 20


def planck(kelvin: float) -> np.ndarray:
    """Linear P3 of a black body over that at 6500 K, G 1 (Kim et al. 2002, patent US7024034)."""
    t = 1000.0 / kelvin
    if kelvin <= 4000:
        x = -0.2661239 * t**3 - 0.2343589 * t**2 + 0.8776956 * t + 0.179910
        y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
        if kelvin < 2222:
            y = -1.1063814 * x**3 - 1.34811020 * x**2 + 2.18555832 * x - 0.20219683
    else:
        x = -3.0258469 * t**3 + 2.1070379 * t**2 + 0.2226347 * t + 0.240390
        y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
    rgb = colour.XYZ_TO_P3 @ np.array([x / y, 1.0, (1 - x - y) / y])
    return rgb / rgb[1]


def store(pixels: np.ndarray) -> np.ndarray:
    """What eight bits keep of a picture."""
    codes = np.round(colour.linear_to_srgb(np.clip(pixels, 0, 1)) * 255)
    return colour.srgb_to_linear(codes / 255)


def casts(shape: tuple[int, ...]) -> dict[str, np.ndarray]:
    """Gains of every light, at equal luminance of white."""
    white = planck(6500)
    found = {f"{k} K": planck(k) / white for k in KELVIN}
    found |= {name: np.array(gains) for name, gains in TINTS.items()}
    across = np.linspace(0, 1, shape[1])[None, :, None]
    mixed = (found["3000 K"] ** (1 - across)) * (found["8000 K"] ** across)
    found = {name: g[None, None] for name, g in found.items()} | {"mixed": mixed}
    return {n: np.asarray(g / (g @ colour.P3_LUMINANCE)[..., None]) for n, g in found.items()}


def right(scene: Scene, names: tuple[str, ...]) -> np.ndarray:
    """The scene's pixels after the named corrections."""
    stops = np.zeros((1, 1, 3), np.float32)
    for name in names:
        edit = BY_NAME[name].build(scene, Params())
        if edit is not None:
            own = np.asarray(edit.stops, np.float32)
            stops = stops + (own[..., None] if own.ndim == 2 else own)
    e = blend.EPSILON
    return np.maximum((scene.pixels + e) * np.exp2(stops) - e, 0)


def skin_of(pixels: np.ndarray, lit: np.ndarray) -> np.ndarray:
    return np.median(pixels[lit], axis=0)


def ratios(rgb: np.ndarray) -> np.ndarray:
    r, g, b = np.log(np.maximum(rgb, 1e-5))
    return np.array([r - g, b - g])


def measure(scene: Scene) -> dict[str, Any]:
    """Wrong and right one photo."""
    truth = store(scene.pixels)
    scene = sitter.refresh(scene, truth)
    lit = find_lit_skin(truth, scene.region("face_skin"))
    own = skin_of(truth, lit)
    level = np.log2(float(own @ colour.P3_LUMINANCE))
    lab = colour.p3_to_lab(own[None].astype(np.float32))[0]
    row: dict[str, Any] = {"lightness": float(lab[0]), "stops": {}, "casts": {}}
    for stops in STOPS:
        wrong = sitter.refresh(scene, store(truth * 2.0**stops)) if stops else scene
        after = skin_of(right(wrong, ("exposure",)), lit)
        off = np.log2(max(float(after @ colour.P3_LUMINANCE), 1e-6)) - level
        row["stops"][f"{stops:g}"] = [float(off), wrong.exposed.stops]
    both = right(scene, ("exposure", "white_balance"))
    now = colour.p3_to_lab(skin_of(both, lit)[None].astype(np.float32))[0]
    row["dE00"] = float(colour.ciede2000(lab, now))
    row["cast"] = scene.cast.impossible
    for name, gains in casts(truth.shape).items():
        wrong = sitter.refresh(scene, store(truth * gains))
        after = right(wrong, ("white_balance",))
        before = float(np.hypot(*(ratios(skin_of(wrong.pixels, lit)) - ratios(own))))
        left = float(np.hypot(*(ratios(skin_of(after, lit)) - ratios(own))))
        possible = is_possible(wrong.tone)
        row["casts"][name] = [before, left, possible, wrong.cast.impossible]
    return row


def open_scene(path: Path) -> Scene:
    look = Look(backdrop="keep", size=640, matte="fast", adjust={"detail": 0.0})
    return study(open_photo(path), look)


def choose(folder: Path) -> list[tuple[str, Path]]:
    """Well-lit photos by group of skin, spread over the index."""
    groups = defaultdict(list)
    with (folder / "index.csv").open() as file:
        for row in csv.DictReader(file):
            tags = set(row["tags"].split())
            for tone in ("dark", "medium", "light"):
                if f"{tone}_skin" in tags and not LEFT_OUT & tags:
                    groups[tone].append(folder / row["file"])
    found = []
    for tone, paths in groups.items():
        step = max(1.0, len(paths) / EACH)
        found += [(tone, paths[int(i * step)]) for i in range(min(EACH, len(paths)))]
    return found


def choose_london(folder: Path) -> list[tuple[str, Path]]:
    with (folder / "index.csv").open() as file:
        rows = list(csv.DictReader(file))
    return [(f"London {r['group_self_reported']}", folder / r["neutral"]) for r in rows]


def table(log: Path) -> None:
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    groups = defaultdict(list)
    for row in rows:
        groups[row["group"]].append(row)
        groups["London" if row["group"].startswith("London") else "all photos"].append(row)
    print("median of the stops that skin misses the photo by, after `exposure`")
    print(f"{'':24}{'n':>4}" + "".join(f"{s:>8g}" for s in STOPS) + "   dE00 (90 %)  acted on")
    for name, found in sorted(groups.items()):
        cells = []
        for s in STOPS:
            off = [r["stops"][f"{s:g}"][0] for r in found]
            cells.append(f"{np.median(np.abs(off)):8.2f}")
        most = np.percentile([r["dE00"] for r in found], 90)
        acted = sum(r["stops"]["0"][1] != 0 for r in found)
        cast = sum(r["cast"] for r in found)
        median = np.median([r["dE00"] for r in found])
        print(
            f"{name:24}{len(found):4}{''.join(cells)}   {median:.2f} ({most:.2f})"
            f"   {acted} exposure, {cast} cast"
        )
    for s in STOPS:
        x = [r["lightness"] for r in rows]
        y = [r["stops"][f"{s:g}"][0] for r in rows]
        print(f"slope at {s:+g} stops: {np.polyfit(x, y, 1)[0]:+.4f} stops per L*")
    print("\ncasts: share gone in the median where impossible (of how many) | milder made worse")
    for name, found in sorted(groups.items()):
        bad, worse, mild = [], 0, 0
        for r in found:
            for kind, (before, left, possible, _) in r["casts"].items():
                if not possible and kind != "mixed":
                    bad.append(1 - left / max(before, 1e-6))
                elif possible:
                    mild += 1
                    worse += left > before + 0.02
        gone = f"{np.median(bad):.0%} of {len(bad)}" if bad else "-"
        print(f"{name:24}{gone:>14} | {worse} of {mild}")
    print("by light (all):")
    for kind in rows[0]["casts"]:
        pairs = [r["casts"][kind] for r in rows]
        hard = [1 - b[1] / max(b[0], 1e-6) for b in pairs if not b[2]]
        soft = [b[1] - b[0] for b in pairs if b[2]]
        told = f"{np.median(hard):.0%} gone" if hard else "-"
        print(
            f"  {kind:12} impossible {len(hard):3}: {told:10} plausible {len(soft):3}: worse "
            f"{sum(s > 0.02 for s in soft)}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path, nargs="?")
    parser.add_argument("--london", type=Path)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--table", type=Path)
    said = parser.parse_args()
    if said.table:
        table(said.table)
        return
    done = set()
    if said.log.exists():
        done = {json.loads(line)["photo"] for line in said.log.read_text().splitlines()}
    wanted = choose(said.photos) + (choose_london(said.london) if said.london else [])
    for group, path in wanted:
        if path.name in done:
            continue
        try:
            row = measure(open_scene(path))
        except CatchlightError as error:
            print(f"{path.name}: {error}")
            continue
        with said.log.open("a") as file:
            file.write(json.dumps({"photo": path.name, "group": group, **row}) + "\n")
    table(said.log)


if __name__ == "__main__":
    main()
