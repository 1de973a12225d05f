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
from collections import Counter
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
SETTING = load_setting("linkedin")
ROW = BY_NAME["garment_colour"]
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


def judge(scene: Scene) -> list[tuple[str, str, bool]]:
    """Each constructed cloth: its kind, its name, and whether what is said of it is right."""
    found = []
    for kind, name, dressed in dress(scene):
        said = {a.topic for a in advise_scene(dressed, SETTING).advice}
        if kind == "plain":
            if dressed.garment.seen:
                named = dressed.garment.pieces[0].name
                found.append(("colour", name, named == name or named in ALIKE[name]))
            found.append(("plain is not called patterned", name, "busy" not in said))
        else:
            # What is not seen surely enough is silence, and silence is a miss.
            found.append((kind, name, {"pattern": "busy"}.get(kind, kind) in said))
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
    """Print shares and medians."""
    judged = [tuple(each) for row in results.values() for each in row["named"]]
    kinds, parts = Counter[Any](), Counter[Any]()
    for kind, name, right in judged:
        kinds[kind, bool(right)] += 1
        if kind not in ("colour", "plain is not called patterned"):
            parts[f"  {kind} {name}", bool(right)] += 1
    print(f"{len(results)} photos, {sum(bool(row['named']) for row in results.values())} dressed")
    for counts in (kinds, parts):
        for kind in dict.fromkeys(kind for kind, _ in counts):
            right, all_of_it = counts[kind, True], counts[kind, True] + counts[kind, False]
            print(f"{kind:38} {right:4d} of {all_of_it:4d}  {right / all_of_it:.1%}")
    print(f"{'rightly said':38} {np.mean([right for *_, right in judged]):.1%} of {len(judged)}")
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
            # Cloth that is not surely told is never spoken of, whatever it is dressed in.
            told = scene.garment.seen and scene.garment.sure >= SPEAKS
            results[path.name] = {
                "named": judge(scene) if told else [],
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
