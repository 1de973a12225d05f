"""What the advice on clothes is worth: constructed clothes named, and garments recoloured.

Real shoulders wear constructed cloth: where cloth is surely told, the photo's own folds (L* over
the middle's) are laid on a known colour, burnt, blocked or striped by a known amount, and what is
said of it is counted. Then garments are recoloured, and folds, skin, ground and colour measured.

    python tools/wardrobe_evidence.py PHOTOS... [--out results.json] [--sheet sheet.png]
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from catchlight import Look, open_photo, study
from catchlight.adjustments.catalogue import BY_NAME
from catchlight.adjustments.choices import GarmentChoices
from catchlight.adjustments.garment_colour import refuse
from catchlight.advice.advise import advise_scene
from catchlight.analysis.scene import Scene
from catchlight.analysis.wardrobe.palette import PALETTE
from catchlight.arrays import Float, Pixels, as_float
from catchlight.layer import lay
from catchlight.pixels import colour, filters, morphology
from catchlight.plan import plan_scene
from catchlight.render import render
from catchlight.setting import load_setting

#: What is worn in turn; names that an eye tells apart, and their neighbours that are as right.
COLOURS = ("white", "charcoal", "navy", "burgundy", "forest", "teal", "mustard", "pale-blue", "red")
ALIKE = {
    "white": ("off-white", "light-grey"),
    "charcoal": ("black", "mid-grey"),
    "navy": ("cobalt", "denim"),
    "burgundy": ("plum", "red"),
    "forest": ("emerald", "olive"),
    "teal": ("petrol", "emerald"),
    "mustard": ("camel",),
    "pale-blue": ("light-grey", "lavender"),
    "red": ("rust", "burgundy"),
}
TRIED = ("navy", "off-white", "burgundy")
ROW = BY_NAME["garment_colour"]


def open_scene(path: Path) -> Scene:
    """A photo in its own frame, untouched."""
    strengths = dict.fromkeys(Look().strengths, 0.0)
    look = Look(size=(640, 800), backdrop="keep", matte="fast", adjust=strengths)
    return study(open_photo(path), look)


def wear(scene: Scene, cloth: Pixels) -> Scene:
    """The scene with its clothes' pixels (H, W, 3) exchanged where all of a pixel is cloth."""
    h, w = scene.pixels.shape[:2]
    mask = filters.resize(scene.garment.cloth, w, h)[..., None]
    pixels = as_float(scene.pixels * (1 - mask) + cloth * mask)
    sh, sw = scene.small.shape[:2]
    matte = replace(scene.matte, pixels=pixels)
    return replace(scene, pixels=pixels, small=filters.resize(pixels, sw, sh), matte=matte)


def fold(scene: Scene, lab: Float) -> Pixels:
    """A cloth of one colour with the photo's own folds, linear P3."""
    h, w = scene.pixels.shape[:2]
    mask = filters.resize(scene.garment.cloth, w, h)
    own = colour.p3_to_lab(np.clip(scene.pixels, 0, 1))[..., 0]
    smooth = filters.blur_inside(as_float(own), mask, 1.5 * scene.face.px_per_mm)
    middle = max(float(np.median(smooth[mask > 0.9])), 1.0)
    # The folds of black cloth are as deep in proportion; what is another piece is held to a third.
    ratio = np.clip(smooth / middle, 0.65, 1.3)
    out = np.empty((h, w, 3), np.float32)
    out[..., 0] = np.minimum(lab[0] * ratio, 99)
    out[..., 1:] = lab[1:] * ratio[..., None]
    return as_float(np.clip(colour.lab_to_p3(out), 0, 1))


def named(scene: Scene) -> dict[str, list[bool]]:
    """What is said of each constructed cloth, right or wrong."""
    setting = load_setting("linkedin")
    found: dict[str, list[bool]] = {}

    def count(kind: str, *, right: bool) -> None:
        found.setdefault(kind, []).append(right)

    def topics(dressed: Scene) -> set[str]:
        return {a.topic for a in advise_scene(dressed, setting).advice}

    for name in COLOURS:
        lab = colour.hex_to_lab(PALETTE[name])
        plain = wear(scene, fold(scene, lab))
        if not plain.garment.seen:
            found.setdefault("unseen", []).append(True)
            continue
        said = plain.garment.pieces[0].name
        count("colour", right=said == name or said in ALIKE[name])
        count("plain is not called patterned", right=not topics(plain) & {"busy"})
    w, mm = scene.pixels.shape[1], scene.face.px_per_mm
    grey = colour.hex_to_lab("#9aa0a8")
    base = fold(scene, grey)
    x = np.arange(w, dtype=np.float32)
    for share in (0.25, 0.6):
        burnt = np.where(_rank(scene, base) > 1 - share, np.float32(1), base)
        made = wear(scene, as_float(burnt))
        if made.garment.seen:
            count("burnt", right="burnt" in topics(made))
    for share in (0.6, 0.9):
        dark = base * 0.03
        dark = np.where(_rank(scene, dark) < share, np.float32(0.0005), dark)
        made = wear(scene, as_float(dark))
        if made.garment.seen:
            count("blocked", right="blocked" in topics(made))
    for period in (2.2, 4.0):
        stripes = np.where(np.sin(2 * np.pi * x / (period * mm)) > 0, 1.0, 0.45)[..., None]
        made = wear(scene, as_float(base * stripes))
        if made.garment.seen:
            said_of = topics(made)
            count("pattern", right=bool(said_of & {"busy"}))
    return found


def _rank(scene: Scene, pixels: Pixels) -> Float:
    """Each pixel's rank of luminance among those of the cloth, 0..1, (h, w, 1)."""
    y = colour.luminance(pixels)
    mask = filters.resize(scene.garment.cloth, y.shape[1], y.shape[0]) > 0.9
    known = np.sort(y[mask])
    return as_float(np.searchsorted(known, y) / len(known))[..., None]


def dye(scene: Scene, name: str) -> Pixels | None:
    """The scene with its garment in a colour; None where that is refused."""
    edit = ROW.build(scene, GarmentChoices(garment=name))
    laid = None if edit is None else lay(scene, ROW, edit)
    if laid is None:
        return None
    return render(plan_scene(scene, {ROW.name: laid}, None), {ROW.name: 1.0}).pixels


def recoloured(scene: Scene) -> list[dict[str, float | str]]:
    """Folds, skin, ground and colour of each garment tried."""
    rows: list[dict[str, float | str]] = []
    for name in TRIED:
        after = dye(scene, name)
        if after is None:
            rows.append({"colour": name, "refused": refuse(scene.garment, name) or "nothing to do"})
            continue
        h, w = scene.pixels.shape[:2]
        piece = filters.resize(scene.garment.pieces[0].mask, w, h) > 0.95
        # Its rim is another's, in part: what the garment itself keeps is told 1.5 mm inside.
        piece = morphology.erode(piece, 1.5 * scene.face.px_per_mm)
        was, now = (colour.p3_to_lab(np.clip(p, 0, 1)) for p in (scene.pixels, after))
        asked = colour.hex_to_lab(PALETTE[name])
        # Burnt cloth has no folds to keep.
        seen = piece & (was[..., 0] < 99)
        if seen.sum() < 200 or was[..., 0][seen].std() < 0.5:
            rows.append({"colour": name, "refused": "burnt: it has no folds to compare"})
            continue
        folds = float(np.corrcoef(was[..., 0][seen], now[..., 0][seen])[0, 1])
        skin = filters.resize(scene.regions["skin"], w, h) > 0.95
        ground = scene.matte.alpha < 0.02
        off = colour.ciede2000(was, now)
        rows.append(
            {
                "colour": name,
                "folds": folds,
                "asked": float(colour.ciede2000(np.median(now[piece], axis=0), asked)),
                "skin": float((off[skin] > 0.5).mean()),
                "ground": float((off[ground] > 0.5).mean()) if ground.any() else 0.0,
            }
        )
    return rows


def draw(scene: Scene) -> np.ndarray:
    """Before, and the garment in every colour tried, 300 x 375 pixels each."""
    cells = [scene.pixels]
    for name in TRIED:
        after = dye(scene, name)
        cells.append(scene.pixels * 0 if after is None else after)
    codes = [colour.p3_to_srgb_codes(np.ascontiguousarray(c))[..., ::-1] for c in cells]
    return np.hstack([cv2.resize(c, (300, 375), interpolation=cv2.INTER_AREA) for c in codes])


def summarise(results: dict[str, dict[str, object]]) -> None:
    """Print shares and medians."""
    counts: dict[str, list[bool]] = {}
    rows: list[dict[str, float | str]] = []
    for row in results.values():
        for kind, found in row["named"].items():  # type: ignore[attr-defined]
            counts.setdefault(kind, []).extend(found)
        rows += row["recoloured"]  # type: ignore[arg-type]
    right = [v for kind, found in counts.items() if kind != "unseen" for v in found]
    for kind, found in counts.items():
        print(f"{kind:32} {sum(found):4d} of {len(found)}")
    print(f"{'rightly named':32} {np.mean(right):.1%} of {len(right)}")
    shown = [r for r in rows if "folds" in r]
    print(f"shown {len(shown)} of {len(rows)}")
    for key in ("folds", "asked", "skin", "ground"):
        values = np.array([float(r[key]) for r in shown])
        least, most = values.min(), values.max()
        print(f"{key:8} median {np.median(values):.4f} least {least:.4f} most {most:.4f}")
    kept = np.mean([float(r["folds"]) >= 0.98 for r in shown])
    print(f"folds of 0.98 and more: {kept:.1%}")


def main() -> None:
    """Measure photo by photo; what is in the file already is not measured again."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", nargs="*", type=Path)
    parser.add_argument("--out", type=Path, default=Path("wardrobe_evidence.json"))
    parser.add_argument("--sheet", type=Path)
    said = parser.parse_args()
    results = json.loads(said.out.read_text()) if said.out.is_file() else {}
    drawn = []
    for path in said.photos:
        if path.name in results and said.sheet is None:
            continue
        try:
            scene = open_scene(path)
        except Exception as error:
            print(path.name, error)
            continue
        if scene.garment.seen:
            results[path.name] = {"named": named(scene), "recoloured": recoloured(scene)}
            said.out.write_text(json.dumps(results))
        if said.sheet is not None:
            drawn.append(draw(scene))
        print(path.name, round(scene.garment.sure, 2), flush=True)
    if said.sheet is not None and drawn:
        if len(drawn) % 2:
            drawn.append(np.zeros_like(drawn[0]))
        pairs = [np.hstack(drawn[i : i + 2]) for i in range(0, len(drawn), 2)]
        cv2.imwrite(str(said.sheet), np.vstack(pairs))
    if results:
        summarise(results)


if __name__ == "__main__":
    main()
