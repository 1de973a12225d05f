"""What the advice on clothes is worth: constructed clothes named, and garments recoloured.

Real shoulders wear constructed cloth (see dressed_up.py), and what is said of it is counted. Then
the garments themselves are recoloured, and folds, skin, ground and colour are measured. Each photo
is opened as ``catchlight wardrobe`` opens it. What is in the results already is not measured again.

    python tools/wardrobe_evidence.py PHOTOS... [--out results.json] [--sheet sheet.png]
    python tools/wardrobe_evidence.py --out results.json              # only the table
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from dressed_up import ALIKE, dress

from catchlight import Look, open_photo, study
from catchlight.adjustments.catalogue import BY_NAME
from catchlight.adjustments.choices import GarmentChoices
from catchlight.adjustments.garment_colour import refuse
from catchlight.advice.advise import SPEAKS, advise_scene
from catchlight.analysis.scene import Scene
from catchlight.analysis.wardrobe.palette import PALETTE
from catchlight.arrays import Pixels
from catchlight.layer import lay
from catchlight.pixels import colour, filters, morphology
from catchlight.plan import plan_scene
from catchlight.render import render
from catchlight.setting import load_setting

TRIED = ("navy", "off-white", "burgundy")
SETTING = load_setting("default")
ROW = BY_NAME["garment_colour"]
_FAULTS = ("burnt", "blocked", "pattern")
#: Of a garment in another colour the share of skin or ground that may change, and by how much.
_OFF = 0.5


def open_scene(path: Path) -> Scene:
    """A photo in its own frame, untouched, at the size at which clothes are looked at."""
    look = Look(
        crop=SETTING.crop.use,
        head=SETTING.head.use,
        backdrop="keep",
        size=1280,
        adjust=dict.fromkeys(Look().strengths, 0.0),
    )
    return study(open_photo(path), look)


def judge(scene: Scene) -> list[tuple[str, str, bool, bool]]:
    """Each constructed cloth: kind, name, whether what is said of it is right, and if it is seen.

    None where cloth is not surely told, as of it nothing is said whatever it is dressed in, nor
    where the photo's own cloth is patterned, as its folds would be, too.
    """
    said = {a.topic for a in advise_scene(scene, SETTING).advice}
    if not scene.garment.seen or scene.garment.sure < SPEAKS or "busy" in said:
        return []
    found = []
    for kind, name, dressed in dress(scene):
        said = {a.topic for a in advise_scene(dressed, SETTING).advice}
        seen = dressed.garment.seen
        if kind == "plain":
            named = dressed.garment.pieces[0].name if seen else ""
            found.append(("colour", name, named == name or named in ALIKE[name], seen))
            found.append(("plain is not called patterned", name, "busy" not in said, True))
        else:
            found.append((kind, name, {"pattern": "busy"}.get(kind, kind) in said, seen))
    return found


def dye(scene: Scene, name: str) -> Pixels | None:
    """The scene with its garment in a colour; None where that is refused."""
    edit = ROW.build(scene, GarmentChoices(garment=name))
    laid = None if edit is None else lay(scene, ROW, edit)
    if laid is None:
        return None
    return render(plan_scene(scene, {ROW.name: laid}, None), {ROW.name: 1.0}).pixels


def recolour(scene: Scene) -> list[dict[str, Any]]:
    """Folds, skin, ground and colour of each garment tried."""
    rows: list[dict[str, Any]] = []
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
        # Burnt cloth has no folds to keep.
        seen = piece & (was[..., 0] < 99)
        if seen.sum() < 200 or was[..., 0][seen].std() < 0.5:
            rows.append({"colour": name, "refused": "burnt: it has no folds to compare"})
            continue
        skin = filters.resize(scene.regions["skin"], w, h) > 0.95
        ground = scene.matte.alpha < 0.02
        off = colour.ciede2000(was, now)
        asked = colour.hex_to_lab(PALETTE[name])
        rows.append(
            {
                "colour": name,
                "folds": float(np.corrcoef(was[..., 0][seen], now[..., 0][seen])[0, 1]),
                "asked": float(colour.ciede2000(np.median(now[piece], axis=0), asked)),
                "skin": float((off[skin] > _OFF).mean()),
                "ground": float((off[ground] > _OFF).mean()) if ground.any() else 0.0,
            }
        )
    return rows


def draw(scene: Scene) -> np.ndarray:
    """Before, and the garment in every colour tried, 300 x 375 pixels each; black is refused."""
    cells = [scene.pixels]
    for name in TRIED:
        after = dye(scene, name)
        cells.append(scene.pixels * 0 if after is None else after)
    codes = [colour.p3_to_srgb_codes(np.ascontiguousarray(c))[..., ::-1] for c in cells]
    return np.hstack([cv2.resize(c, (300, 375), interpolation=cv2.INTER_AREA) for c in codes])


def summarise(results: dict[str, dict[str, Any]]) -> None:
    """Print shares and medians; silence on what is not seen is counted as a miss, and apart."""
    judged = [tuple(each) for row in results.values() for each in row["named"]]
    print(f"{len(results)} photos, {sum(bool(row['named']) for row in results.values())} dressed")
    print(f"{'':40}{'right':>6}{'of':>6}{'share':>8}{'of seen':>9}")
    kinds = dict.fromkeys(kind for kind, *_ in judged)
    faults = {f"{kind} {name}" for kind, name, *_ in judged if kind in _FAULTS}
    for wanted in ("all", *kinds, *sorted(faults)):
        rows = [
            (right, seen)
            for kind, name, right, seen in judged
            if wanted in ("all", kind, f"{kind} {name}")
        ]
        told = sum(right for right, _ in rows)
        seen = sum(seen or right for right, seen in rows)
        print(f"{wanted:40}{told:6d}{len(rows):6d}{told / len(rows):8.1%}{told / seen:9.1%}")
    rows = [each for row in results.values() for each in row["recoloured"]]
    shown = [row for row in rows if "folds" in row]
    print(f"recoloured: shown {len(shown)} of {len(rows)}")
    for key in ("folds", "asked", "skin", "ground") if shown else ():
        values = np.array([row[key] for row in shown])
        least, most = values.min(), values.max()
        print(f"{key:8} median {np.median(values):.4f} least {least:.4f} most {most:.4f}")
    kept = sum(row["folds"] >= 0.98 for row in shown)
    print(f"folds of 0.98 and more in {kept} of {len(shown)}")


def main() -> None:
    """Measure photo by photo."""
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
        if path.name not in results:
            results[path.name] = {
                "named": judge(scene),
                "recoloured": recolour(scene) if scene.garment.seen else [],
            }
            said.out.write_text(json.dumps(results))
        if said.sheet is not None:
            drawn.append(draw(scene))
        print(path.name, round(scene.garment.sure, 2), flush=True)
    if said.sheet is not None and drawn:
        if len(drawn) % 2:
            drawn.append(np.zeros_like(drawn[0]))
        pairs = [np.hstack(drawn[i : i + 2]) for i in range(0, len(drawn), 2)]
        cv2.imwrite(str(said.sheet), np.vstack(pairs))
    chosen = {path.name for path in said.photos} or set(results)
    summarise({name: row for name, row in results.items() if name in chosen})


if __name__ == "__main__":
    main()
