"""Evidence for the light: rendered faces where it is known, and real photos to look at.

    python tools/light_evidence.py                            the table of rendered faces
    python tools/light_evidence.py ../shared/photos --tag harsh_light --sheet sheet.png

The table, in EV RMS over visible skin, each with what doing nothing gives:

    form       shading of the form where no shadow is cast, this dome and harmonics of order 2
    all        all light, cast shadows too
    fill       the gain of `shadows` against that of the same fill over the true light
    angle      between the measured and the true key, degrees, dome and harmonics of order 1
    ratio      of the lit tenth to the shaded tenth of the skin, before -> after `shadows` at 1
    dITA       of fully lit skin by `shadows` at 1, degrees

A row of the sheet: photo, result, both faces, the gain (orange brighter, blue darker, 1.28 stops
at the ends), the shading of the form, and cast shadows (violet) with their hard edges (green).
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import lit_face
import sitter

from catchlight import develop
from catchlight.adjustments import shadows
from catchlight.adjustments.catalogue import NAMES
from catchlight.analysis.scene import Scene
from catchlight.errors import CatchlightError
from catchlight.look import Look
from catchlight.params import Params
from catchlight.pixels import colour, filters
from catchlight.studio import open_photo, study

HEADS = ({}, {"shape": 1}, {"shape": 2, "lightness": 30.0}, {"shape": 3, "beard": 0.8})
TALL = 330


def error(stops: np.ndarray, truth: np.ndarray, where: np.ndarray) -> float:
    """RMS difference after the brighter 40 % were brought to one level."""
    off = (stops - truth)[where]
    lit = truth[where] >= np.percentile(truth[where], 60)
    return float(np.sqrt(np.mean((off - np.median(off[lit])) ** 2)))


def harmonics(normals: np.ndarray, order: int = 2) -> np.ndarray:
    """Real spherical harmonics times the irradiance factors (science.md 3)."""
    x, y, z = np.moveaxis(normals.astype(np.float64), -1, 0)
    rows = [0.282095 * np.ones_like(x), 0.488603 * y, 0.488603 * z, 0.488603 * x]
    if order == 2:
        rows += [1.092548 * x * y, 1.092548 * y * z, 0.315392 * (3 * z * z - 1)]
        rows += [1.092548 * x * z, 0.546274 * (x * x - y * y)]
    factors = np.array([np.pi] + [2 * np.pi / 3] * 3 + [np.pi / 4] * 5)[: len(rows)]
    return np.stack(rows, -1) * factors


def fit_harmonics(scene: Scene) -> tuple[np.ndarray, np.ndarray]:
    """The usual fit (ridge 1e-3, Huber): stops over the picture, and its first-order direction."""
    form = scene.form
    gh, gw = form.known.shape
    y = colour.luminance(filters.resize(scene.small, gw, gh))
    skin = filters.resize(scene.regions["face_skin"], gw, gh)
    chosen = (skin > 0.3) & (form.known > 0.5)
    basis, light = harmonics(form.normals[chosen]), y[chosen] / y[chosen].mean()
    robust = np.ones_like(light)
    for _ in range(6):
        w = skin[chosen] * robust
        gram = (basis * w[:, None]).T @ basis / w.sum() + 1e-3 * np.diag([0, *[1] * 3, *[4] * 5])
        found = np.linalg.solve(gram, basis.T @ (w * light) / w.sum())
        off = light - basis @ found
        spread = 1.4826 * np.median(np.abs(off))
        robust = np.minimum(1, 1.345 * spread / np.maximum(np.abs(off), 1e-6))
    shade = np.log2(np.maximum(harmonics(form.normals) @ found, 1e-3)).astype(np.float32)
    direction = found[[3, 1, 2]]
    h, w = scene.small.shape[:2]
    return filters.resize(shade, w, h), direction / np.linalg.norm(direction)


def degrees(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.degrees(np.arccos(np.clip(a @ b, -1, 1))))


def tabulate() -> None:
    """Print the table of rendered faces."""
    photo = Path(__file__).resolve().parent.parent / "examples" / "astronaut.jpg"
    model = study(open_photo(photo), Look(backdrop="keep"))
    head = ("form", "order 2", "nothing", "all", "nothing", "fill", "nothing", "angle", "order 1")
    print(f"{'light':10} {'head':34}" + "".join(f"{h:>8}" for h in head) + "   ratio       dITA")
    rows, times = [], []
    for name, (azimuth, elevation) in lit_face.LIGHTS.items():
        for i, how in enumerate((*HEADS, {"shape": 4, "cast": False})):
            lit = lit_face.render_face(azimuth, elevation, seed=i, **how)
            scene = lit_face.in_scene(lit, model)
            start = time.process_time()
            light = scene.light
            times.append(time.process_time() - start)
            sh, first = fit_harmonics(scene)
            edit = shadows.build(scene, Params())
            assert edit is not None
            h, w = lit.lit.shape
            facing = np.sqrt(filters.resize(scene.form.normals[..., 2].copy(), w, h))
            near = lit.skin & (facing > 0.8)
            bright, dark = np.percentile(lit.lit[near], [92, 8])
            truth = shadows.fill_up(lit.lit - bright, float(2 ** (bright - dark)), facing)
            clear, none = lit.skin & (lit.shadow < 0.02), np.zeros_like(lit.lit)
            row = (
                error(light.shading, lit.shading, clear),
                error(sh, lit.shading, clear),
                error(none, lit.shading, clear),
                error(light.shading - light.cast, lit.lit, lit.skin),
                error(none, lit.lit, lit.skin),
                float(np.sqrt(np.mean((edit.stops - truth)[lit.skin] ** 2))),
                float(np.sqrt(np.mean(truth[lit.skin] ** 2))),
                degrees(light.direction, lit.key),
                degrees(first, lit.key),
            )
            rows.append(row)
            out = lit.pixels * 2.0 ** edit.stops[..., None]
            before, after = (contrast(p, lit) for p in (lit.pixels, out))
            moved = lit_ita(out, lit) - lit_ita(lit.pixels, lit)
            said = "".join(f"{v:8.3f}" for v in row[:7]) + "".join(f"{v:8.0f}" for v in row[7:])
            print(f"{name:10} {how!s:34}{said}   {before:.1f} -> {after:.1f}  {moved:+.2f}")
    middle, worst = np.median(rows, axis=0), np.max(rows, axis=0)
    for what, values in (("median", middle), ("worst", worst)):
        print(f"{what:45}" + "".join(f"{v:8.3f}" for v in values))
    print(f"light estimate with its form: {1000 * np.median(times):.0f} ms of one core")


def contrast(pixels: np.ndarray, lit: lit_face.LitFace) -> float:
    """Light of the lit tenth of the skin over that of the shaded tenth."""
    y = colour.luminance(np.ascontiguousarray(pixels, np.float32))
    low, high = np.percentile(lit.lit[lit.skin], [10, 90])
    bright = np.median(y[lit.skin & (lit.lit >= high)])
    return float(bright / np.median(y[lit.skin & (lit.lit <= low)]))


def lit_ita(pixels: np.ndarray, lit: lit_face.LitFace) -> float:
    """Median ITA of fully lit skin."""
    where = lit.skin & (lit.lit > -0.3)
    found = np.ascontiguousarray(pixels[where][None], np.float32)
    return float(np.median(colour.lab_to_ita(colour.p3_to_lab(found))))


def draw_row(scene: Scene, look: Look, name: str) -> np.ndarray:
    """One photo's row of the sheet, and its words on standard output."""
    light = scene.light
    out = develop(scene, look)
    h, w = scene.pixels.shape[:2]
    gain = np.log2((out.pixels.mean(2) + 2e-3) / (scene.pixels.mean(2) + 2e-3))
    coded = np.clip(128 + 100 * gain, 0, 255).astype(np.uint8)
    maps = [
        cv2.applyColorMap(coded, cv2.COLORMAP_TWILIGHT_SHIFTED)[..., ::-1],
        np.repeat(filters.resize(255 + 80 * light.shading, w, h)[..., None], 3, 2),
    ]
    cast, edges = (filters.resize(x, w, h) for x in (120 * light.cast, 255 * light.edges))
    maps.append(np.dstack([cast, edges, cast]))
    codes = [sitter.to_codes(p) for p in (scene.pixels, out.pixels)]
    x, y = scene.face.eyes.mean(0)
    q = scene.face.ied
    box = (slice(max(0, int(y - q)), int(y + 1.8 * q)),)
    box += (slice(max(0, int(x - 1.25 * q)), int(x + 1.25 * q)),)
    parts = [*codes, *(c[box] for c in codes), *maps]
    tiles = [
        cv2.resize(
            np.clip(p, 0, 255).astype(np.uint8), (round(TALL * p.shape[1] / p.shape[0]), TALL)
        )
        for p in parts
    ]
    row = np.hstack(tiles)
    bar = np.zeros((16, row.shape[1], 3), np.uint8)
    did = " ".join(f"{k} {v:.2f}" for k, v in out.applied.items())
    eyes = scene.catchlight
    if eyes is not None:
        azimuth = np.degrees(np.arctan2(eyes[0], eyes[2]))
        did += f"  eyes: {azimuth:.0f}, {np.degrees(np.arcsin(eyes[1])):.0f}"
    text = f"{name}: {light.describe()} (sure {light.confidence:.2f}; {light.azimuth:.0f}, "
    text += f"{light.elevation:.0f}) {did}"
    print(text)
    cv2.putText(bar, text, (3, 12), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 255, 255), 1)
    return np.vstack([bar, row])


def draw_sheet(folder: Path, names: list[str], look: Look, sheet: Path) -> None:
    """Write before, after and maps of photos."""
    rows = []
    for name in names:
        try:
            scene = study(open_photo(folder / name), look)
        except CatchlightError as error:
            print(f"{name}: {error}")
            continue
        rows.append(draw_row(scene, look, name))
    if rows:
        wide = max(r.shape[1] for r in rows)
        rows = [np.pad(r, ((0, 0), (0, wide - r.shape[1]), (0, 0))) for r in rows]
        cv2.imwrite(str(sheet), np.vstack(rows)[..., ::-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--tag", default="harsh_light", help="of the folder's index.csv")
    parser.add_argument("--light", default="none")
    parser.add_argument("--set", default="shadows=0.6,dimension=0.3", help="NAME=STRENGTH,...")
    parser.add_argument("--sheet", type=Path, default=Path("out/light.png"))
    asked = parser.parse_args()
    if asked.folder is None:
        tabulate()
        return
    strengths = {k: float(v) for k, v in (pair.split("=") for pair in asked.set.split(","))}
    look = Look(
        backdrop="keep",
        size=1000,
        light=asked.light,
        adjust=dict.fromkeys(NAMES, 0.0) | strengths,
    )
    names = asked.files
    if not names:
        with (asked.folder / "index.csv").open() as file:
            names = [r["file"] for r in csv.DictReader(file) if asked.tag in r["tags"].split()]
    asked.sheet.parent.mkdir(parents=True, exist_ok=True)
    draw_sheet(asked.folder, names, look, asked.sheet)


if __name__ == "__main__":
    main()
