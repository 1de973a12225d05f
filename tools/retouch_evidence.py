"""What retouching keeps and what it changes, over a folder of real portraits.

    python tools/retouch_evidence.py FOLDER [--at plain full 0.5] [--sheets OUT] [--limit N]

Every photo with at least 60 pixels between the eyes is rendered with the retouch adjustments alone
(all that the catalogue has of them; no other adjustment, background kept): at the plain look's
strengths, at full strength, or at a number for all. Texture is that of the face's skin on the
face crop, before the file is encoded. Colours are medians over the same skin. Expression is the
mesh run again on the result; its own noise is the largest move of any coefficient when the mesh is
run again on the photo after changes that alter nobody's expression: a shift by half a pixel, 2 % of
size, a tenth of a stop either way, a JPEG of quality 92.
Groups are those of the individual typology angle measured in the photo, which is an exposure meter
as much as a skin meter.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from catchlight import Look, open_photo, study
from catchlight.adjustments.catalogue import BY_NAME
from catchlight.analysis.face.mesh import measure_expression
from catchlight.analysis.scene import Scene
from catchlight.analysis.subject import open_subject
from catchlight.arrays import Float, Pixels, as_float
from catchlight.errors import CatchlightError
from catchlight.images import Picture
from catchlight.images.encoding import standard_encoding
from catchlight.images.metadata import Metadata
from catchlight.layer import Layer
from catchlight.likeness.coherence import Texture, measure_texture
from catchlight.pixels import blend, colour, geometry
from catchlight.studio.session import Session

RETOUCH = ("blemishes", "skin_evenness", "shine", "under_eye", "eyes", "teeth", "texture")
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"}
LEAST = 60.0
#: Lower ends of the ITA groups, degrees (Chardon 1991; the two darkest and two lightest joined).
GROUPS = ((41.0, "light"), (10.0, "medium"), (-90.0, "dark"))
#: Crops of a sheet: middle (two mesh points) and half side in inter-eye distances.
CROPS = {"eyes": (168, 6, 0.9), "cheek": (50, 205, 0.5), "mouth": (13, 14, 0.6)}
CROPS["hairline"] = (10, 10, 0.6)


@dataclass(frozen=True)
class Row:
    """What was measured of one photo at one setting."""

    photo: str
    setting: str
    group: str
    ied: float
    texture: Texture
    difference: float
    ita: float
    iris: float
    expression: float
    noise: float
    seconds: float


def choose(setting: str) -> Look:
    """The look with nothing but retouching at ``plain``, ``full`` or a number."""
    strengths = dict.fromkeys(BY_NAME, 0.0)
    for name in RETOUCH:
        if name in BY_NAME:
            # Full texture is not a retouch but its opposite: it stays at its default.
            plain = setting == "plain" or name == "texture"
            full = 1.0 if setting == "full" else 0.0
            strengths[name] = BY_NAME[name].default if plain else full or float(setting)
    return Look(backdrop="keep", adjust=strengths)


def retouch(scene: Scene, look: Look) -> Pixels:
    """The face crop after the adjustments that work on it."""
    total: Float = np.zeros_like(scene.face_crop.pixels)
    on_face = (scene.face_grid, scene.smooth_face_grid)
    h, w = scene.face_crop.alpha.shape
    for name, layer in Session(scene).layers(look).items():
        if not isinstance(layer, Layer) or layer.grid not in on_face:
            continue
        # In pixels of the crop: the grid's way to the frame, and back from there.
        grid = layer.grid.chained(geometry.invert(scene.face_grid.matrix))
        (x0, y0, x1, y1), stops = grid.carry(as_float(layer.stops), layer.box, w, h)
        stops = stops if stops.ndim == 3 else stops[..., None]
        total[y0:y1, x0:x1] += as_float(look.strengths[name]) * stops
    return blend.apply_stops(scene.face_crop.pixels, as_float(total))


def find_expression(pixels: Pixels) -> dict[str, float] | None:
    """The expression that a fresh look at linear ``pixels`` finds."""
    codes = np.rint(np.clip(colour.linear_to_srgb(pixels), 0, 1) * 65535).astype(np.uint16)
    encoding = standard_encoding("Display P3", 65536)
    made = Picture(codes, encoding, None, "TIFF", Metadata(), "face_crop")
    try:
        return measure_expression(open_subject(made).face)
    except CatchlightError:
        return None


def move(before: dict[str, float] | None, after: dict[str, float] | None) -> float:
    """The largest change of an expression's coefficients; not a number where no face was found."""
    if before is None or after is None:
        return float("nan")
    return max(abs(after[k] - before[k]) for k in before)


def change_harmlessly(pixels: Pixels) -> list[Pixels]:
    """The same picture moved, resized, lighter, darker and compressed: no expression changes."""
    size = (pixels.shape[1], pixels.shape[0])

    def warp(scale: float, x: float, y: float) -> Pixels:
        t = np.array([[scale, 0, x], [0, scale, y]])
        how = cv2.BORDER_REPLICATE
        return as_float(cv2.warpAffine(pixels, t, size, flags=cv2.INTER_CUBIC, borderMode=how))

    codes = np.rint(np.clip(colour.linear_to_srgb(pixels), 0, 1) * 255).astype(np.uint8)
    _, data = cv2.imencode(".jpg", codes[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
    back = cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1].astype(np.float32) / 255
    return [
        warp(1, 0.5, 0),
        warp(1, 0, 0.5),
        warp(0.98, 0, 0),
        warp(1.02, 0, 0),
        as_float(pixels * 2**0.1),
        as_float(pixels * 2**-0.1),
        colour.srgb_to_linear(as_float(back)),
    ]


def measure(name: str, scene: Scene, settings: list[str]) -> tuple[list[Row], list[Pixels]]:
    """Measure one photo at every setting; also return the pictures."""
    face_crop = scene.face_crop
    skin = face_crop.regions["face_skin"]
    chosen = skin > 0.5
    if not chosen.any():
        return [], []
    before = face_crop.lab[chosen]
    # Eyes without catchlights, lashes and lids: the middle of the irises.
    iris = face_crop.regions["irises"] > 0.8
    level = float(np.median(colour.lab_to_ita(before)))
    group = next(title for low, title in GROUPS if scene.tone.ita >= low)
    seen = find_expression(face_crop.pixels)
    moves = [move(seen, find_expression(p)) for p in change_harmlessly(face_crop.pixels)]
    known = [m for m in moves if np.isfinite(m)]
    noise = max(known) if known else float("nan")
    rows, pictures = [], [face_crop.pixels]
    for setting in settings:
        start = time.perf_counter()
        after = retouch(scene, choose(setting))
        seconds = time.perf_counter() - start
        lab = colour.p3_to_lab(after)
        eyes = [np.median(v[iris], axis=0) for v in (face_crop.lab, lab)] if iris.any() else None
        rows.append(
            Row(
                name,
                setting,
                group,
                scene.quality.ied,
                measure_texture(face_crop.pixels, after, skin, face_crop.px_per_mm),
                float(np.median(colour.ciede2000(before, lab[chosen]))),
                float(np.median(colour.lab_to_ita(lab[chosen]))) - level,
                float(colour.ciede2000(*eyes)) if eyes else float("nan"),
                move(seen, find_expression(after)),
                noise,
                seconds,
            )
        )
        pictures.append(after)
    return rows, pictures


def cut(scene: Scene, pictures: list[Pixels]) -> Pixels:
    """The sheet of one photo: a row per crop at 100 %, a column per picture."""
    face, rows = scene.face_crop.face, []
    side = round(2 * 0.9 * face.ied)
    for first, second, reach in CROPS.values():
        middle, half = face.points[[first, second]].mean(0), round(reach * face.ied)
        corner = np.round(middle - half).astype(int)
        t = geometry.translation(-corner[0], -corner[1])
        row = [cv2.warpAffine(p, t, (2 * half, 2 * half)) for p in pictures]
        row = [np.pad(p, ((0, 0), (0, max(0, side - p.shape[1])), (0, 0)))[:, :side] for p in row]
        rows.append(np.hstack(row))
    return as_float(np.vstack(rows))


def save_sheet(scene: Scene, pictures: list[Pixels], path: Path) -> None:
    """Write the crops as a JPEG in sRGB."""
    codes = colour.p3_to_srgb_codes(cut(scene, pictures))
    cv2.imwrite(str(path), codes[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 93])


def describe(rows: list[Row]) -> list[str]:
    """One line of the table: medians over photos, and the worst of what must not be exceeded."""

    def over(values: list[float], share: float) -> str:
        known = [v for v in values if np.isfinite(v)]
        return f"{np.percentile(known, share):.2f}" if known else "-"

    def band(name: str, what: str) -> list[float]:
        found = (getattr(r.texture, what).get(name, float("nan")) for r in rows)
        return list(found)

    cells = [str(len(rows))]
    for name in ("T", "M1", "M2"):
        kept = band(name, "worst")
        cells.append(f"{over(kept, 50)} ({over(kept, 5)})")
    cells += [over(band(n, "worst_invented"), 50) for n in ("T", "M1")]
    cells += [over([r.difference for r in rows], 50), over([r.ita for r in rows], 50)]
    cells += [over([r.iris for r in rows], 95)]
    cells.append(over([r.expression for r in rows], 50) + f" ({over([r.noise for r in rows], 50)})")
    share = [r.expression <= r.noise for r in rows if np.isfinite(r.expression)]
    cells.append(f"{statistics.mean(share):.0%}" if share else "-")
    cells.append(over([1000 * r.seconds for r in rows], 50))
    return cells


def print_table(rows: list[Row]) -> None:
    """Print the table of the evidence, a line per setting and group."""
    head = "| setting | group | photos | kept T | M1 | M2 | invented T | M1 | skin dE00 | dITA"
    print(f"{head} | iris dE00 | expression | within | ms |")
    print("|---|---|" + "---:|" * 12)
    table: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        table[row.setting, "all"].append(row)
        table[row.setting, row.group].append(row)
    for (setting, group), found in table.items():
        print(f"| {setting} | {group} | " + " | ".join(describe(found)) + " |")
    print(
        "\nkept: coherent gain of the worst quartile of tiles, median of the photos (5th "
        "percentile in brackets); invented: 1 - coherence, worst quartile; dE00, dITA: medians; "
        "iris: 95th percentile; expression: largest move of a coefficient (the mesh's own noise), "
        "and the photos where it is within that noise."
    )


def main() -> int:
    """Measure a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--at", nargs="+", default=["plain", "full"])
    parser.add_argument("--sheets", type=Path, help="write crops of every photo to this folder")
    parser.add_argument("--limit", type=int)
    asked = parser.parse_args()
    print("adjustments: " + ", ".join(n for n in RETOUCH if n in BY_NAME), file=sys.stderr)
    rows: list[Row] = []
    done = 0
    for path in sorted(p for p in asked.folder.iterdir() if p.suffix.lower() in SUFFIXES):
        if asked.limit is not None and done >= asked.limit:
            break
        try:
            scene = study(open_photo(path), Look(backdrop="keep"))
        except CatchlightError as error:
            print(f"{path.name}: {error}", file=sys.stderr)
            continue
        if scene.quality.ied < LEAST:
            continue
        found, pictures = measure(path.name, scene, asked.at)
        rows += found
        done += 1
        for row in found:
            kept = {k: round(v, 2) for k, v in row.texture.worst.items()}
            line = f"{row.photo} {row.setting}: {kept} dE {row.difference:.2f} dITA {row.ita:+.2f}"
            line += f" expression {row.expression:.3f} of {row.noise:.3f}"
            print(line, file=sys.stderr)
        if asked.sheets and found:
            asked.sheets.mkdir(parents=True, exist_ok=True)
            save_sheet(scene, pictures, asked.sheets / f"{path.stem}.jpg")
    print_table(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
