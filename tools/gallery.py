"""Run a folder of photographs through the studio and write contact sheets to look at.

    python tools/gallery.py FOLDER [--out out/gallery] [--only SUBSTRING] [--for SETTING]

Writes sheet-NN.png (source, before | after, 100 % crops of eyes and hair edge before | after),
gallery.csv (one row a photo) and failures.txt. Exits with 1 where anything but a clear refusal
happened.
"""

from __future__ import annotations

import argparse
import csv
import sys
import traceback
from pathlib import Path

import cv2
import numpy as np

from catchlight import Brief, CatchlightError, Look, Shot, load_look, load_setting, shoot
from catchlight.adjustments.catalogue import NAMES
from catchlight.pixels import colour

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".heic", ".avif", ".bmp"}
TALL = 300
_MEASURED = (
    "file result width height ied_px yaw pitch roll turn enlarged others glasses sharpness_mm "
    "noise sclera white speculars ita hue key_side key_ratio matte "
    "authenticity limited_by polish_before polish dial"
)
FIELDS = [*_MEASURED.split(), *NAMES, "seconds", "warnings"]


def to_codes(pixels: np.ndarray) -> np.ndarray:
    """Linear P3 -> 8-bit sRGB for looking at."""
    srgb = colour.compress_gamut(colour.apply_matrix(pixels, colour.P3_TO_SRGB))
    return np.round(colour.linear_to_srgb(srgb) * 255).astype(np.uint8)


def fit(image: np.ndarray, width: int, height: int) -> np.ndarray:
    """Fit into a cell on dark grey."""
    scale = min(width / image.shape[1], height / image.shape[0])
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    cell = np.full((height, width, 3), 24, np.uint8)
    y, x = (height - size[1]) // 2, (width - size[0]) // 2
    cell[y : y + size[1], x : x + size[0]] = cv2.resize(image, size, interpolation=how)
    return cell


def cut(image: np.ndarray, x: float, y: float, width: int, height: int) -> np.ndarray:
    """Cut 100 % pixels around a point, shifted to stay inside."""
    h, w = image.shape[:2]
    x0 = int(np.clip(x - width / 2, 0, max(0, w - width)))
    y0 = int(np.clip(y - height / 2, 0, max(0, h - height)))
    part = image[y0 : y0 + height, x0 : x0 + width]
    return fit(part, width, height) if part.shape[:2] != (height, width) else part


def hair_edge(shot: Shot) -> tuple[float, float]:
    """A point of the hair's outline: the softest spot beside or above the head."""
    face, alpha = shot.scene.face, shot.scene.matte.alpha
    soft = 4 * alpha * (1 - alpha)
    x, y = face.eyes.mean(0)
    yy, xx = np.mgrid[0 : alpha.shape[0], 0 : alpha.shape[1]].astype(np.float32)
    near = (np.hypot(xx - x, yy - y) < 2.8 * face.ied) & (yy < y + 0.6 * face.ied)
    found = cv2.blur((soft * near).astype(np.float32), (121, 121))
    at = np.unravel_index(int(found.argmax()), found.shape)
    return float(at[1]), float(at[0])


def card(shot: Shot, name: str) -> np.ndarray:
    """One photo's row: source, before | after, crops."""
    before, after = to_codes(shot.scene.pixels), to_codes(shot.rendered.pixels)
    source = shot.picture.preview(500)
    eye_x, eye_y = shot.scene.face.eyes.mean(0)
    hair_x, hair_y = hair_edge(shot)
    wide = round(TALL * shot.scene.frame.width / shot.scene.frame.height)
    row = [
        fit(source, 240, TALL),
        fit(before, wide, TALL),
        fit(after, wide, TALL),
        np.vstack([cut(i, eye_x, eye_y, 340, TALL // 2) for i in (before, after)]),
        cut(before, hair_x, hair_y, 240, TALL),
        cut(after, hair_x, hair_y, 240, TALL),
    ]
    strip = np.hstack(row)
    label = np.full((18, strip.shape[1], 3), 24, np.uint8)
    done = " ".join(f"{k}={v:.2f}" for k, v in shot.rendered.applied.items())
    proof, dialled = shot.proof, shot.dialled
    assert proof is not None
    before = shot.polish_before
    assert before is not None
    scores = f"A {say(proof.authenticity.score)} P {say(before.score)}"
    scores += f">{say(proof.polish.score)}"
    if dialled is not None:
        scores += f" dial {dialled.polish:.2f}"
    limit = proof.authenticity.limited_by or ""
    text = f"{name}  {scores} {limit}  ied {shot.scene.quality.ied:.0f}px {done}"
    cv2.putText(
        label, text, (4, 13), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (230, 230, 230), 1, cv2.LINE_AA
    )
    return np.vstack([label, strip])


def say(score: float | None) -> str:
    """A score of 100, or a dash."""
    return "-" if score is None else f"{score:.0f}"


def describe(shot: Shot, name: str) -> dict[str, object]:
    """One row of the CSV."""
    s = shot.scene
    sclera = s.exposure.sclera
    values: dict[str, object] = {
        "file": name, "result": "ok", "width": s.frame.width, "height": s.frame.height,
        "ied_px": round(s.quality.ied, 1), "yaw": round(s.face.pose.yaw, 1),
        "pitch": round(s.face.pose.pitch, 1), "roll": round(s.face.pose.roll, 1),
        "turn": round(s.frame.turn, 1), "enlarged": round(s.frame.enlarged, 2),
        "others": s.others, "glasses": int(s.regions.glasses),
        "sharpness_mm": round(s.quality.sharpness, 2), "noise": round(s.quality.noise, 5),
        "sclera": None if sclera is None else round(sclera, 3),
        "white": round(s.exposure.white, 3), "speculars": round(s.exposure.speculars, 3),
        "ita": round(s.tone.ita, 1), "hue": round(s.tone.hue, 1),
        "key_side": round(s.key.side, 2), "key_ratio": round(s.key.ratio, 2),
        "authenticity": say(shot.proof.authenticity.score if shot.proof else None),
        "limited_by": shot.proof.authenticity.limited_by if shot.proof else None,
        "polish_before": say(shot.polish_before.score if shot.polish_before else None),
        "polish": say(shot.proof.polish.score if shot.proof else None),
        "dial": None if shot.dialled is None else round(shot.dialled.polish, 3),
        "matte": s.matte.engine, "seconds": round(sum(shot.seconds.values()), 2),
        "warnings": " | ".join(shot.warnings),
    }  # fmt: skip
    return values | {k: round(v, 3) for k, v in shot.rendered.applied.items()}


def pad(rows: list[np.ndarray]) -> np.ndarray:
    """Stack rows of different widths."""
    wide = max(r.shape[1] for r in rows)
    return np.vstack(
        [np.pad(r, ((0, 0), (0, wide - r.shape[1]), (0, 0)), constant_values=24) for r in rows]
    )


def main() -> int:
    """Run the gallery."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path("out/gallery"))
    parser.add_argument("--only", default="")
    parser.add_argument("--every", type=int, default=1, help="take every n-th photo")
    parser.add_argument("--for", dest="setting", default="default")
    parser.add_argument("--polish", type=float, help="by default what the likeness allows")
    parser.add_argument("--look", type=Path, help="every strength, without a dial")
    parser.add_argument("--rows", type=int, default=5, help="photos on a sheet")
    asked = parser.parse_args()
    if not asked.folder.is_dir():
        print(f"{asked.folder} is not here: nothing to do. Give a folder of photographs.")
        return 0
    look: Look | Brief = Brief(load_setting(asked.setting), asked.polish)
    if asked.look:
        look = load_look(asked.look)
    names = sorted(p for p in asked.folder.iterdir() if p.suffix.lower() in SUFFIXES)
    names = [p for p in names if any(o in p.name for o in asked.only.split(","))][:: asked.every]
    asked.out.mkdir(parents=True, exist_ok=True)
    rows, table, failures, crashed = [], [], [], 0
    for number, path in enumerate(names, 1):
        try:
            shot = shoot(path, look)
            rows.append(card(shot, path.name))
            table.append(describe(shot, path.name))
        except CatchlightError as error:
            failures.append(f"{path.name}: {type(error).__name__}: {error}")
            table.append({"file": path.name, "result": type(error).__name__})
        except Exception:
            crashed += 1
            failures.append(f"{path.name}: CRASH\n{traceback.format_exc()}")
            table.append({"file": path.name, "result": "crash"})
        if len(rows) == asked.rows or (number == len(names) and rows):
            sheet = asked.out / f"sheet-{(number - 1) // asked.rows + 1:02d}.png"
            cv2.imwrite(str(sheet), pad(rows)[..., ::-1])
            rows = []
    with (asked.out / "gallery.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerows(table)
    (asked.out / "failures.txt").write_text("\n".join(failures) + ("\n" if failures else ""))
    good = sum(r["result"] == "ok" for r in table)
    refused = len(table) - good - crashed
    print(f"{good} headshots, {refused} refused with a reason, {crashed} crashed -> {asked.out}")
    return 1 if crashed else 0


if __name__ == "__main__":
    sys.exit(main())
