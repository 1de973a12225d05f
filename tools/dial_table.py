"""What the dial of polish does, photo by photo: steps that are seen, one way, and what they cost.

    python tools/dial_table.py OUT PHOTO... [--setting default] [--strips] [--side 1200]

For each photo a row is written to OUT/NAME.json and kept: what was done already is not done again.
With ``--strips`` also OUT/NAME.png: six places of the dial, whole and at 100 %. The table over all
rows of OUT is printed at the end.

A step is the CIEDE2000 between two places 0.1 apart, after their means of L* and chroma over the
region were made equal (so that brighter is no step): its median over the skin of the face, and
where edits act, which is where 0 and 1 differ by 1 or more.
"""

from __future__ import annotations

import argparse
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from catchlight.adjustments.adjustment import REFINING
from catchlight.analysis.subject import open_subject
from catchlight.arrays import Float, Pixels, as_float
from catchlight.pixels import colour
from catchlight.setting import load_setting
from catchlight.studio import open_photo
from catchlight.studio.clock import Clock
from catchlight.studio.dial import Brief, hold_at
from catchlight.studio.headshot import frame_subject
from catchlight.studio.session import Session

PLACES = tuple(round(0.1 * k, 1) for k in range(11))
STRIP = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
#: CIEDE2000 between 0 and 1 from which edits act on a pixel.
_ACTS = 1.0


def open_session(photo: Path, setting: str, side: int) -> tuple[Session, Brief]:
    """A session in which every place of the dial can be seen."""
    brief = Brief(load_setting(setting), None, {"size": side})
    fullest = brief.look(1.0)
    subject = open_subject(open_photo(photo))
    _, scene, _ = frame_subject(subject, fullest, stage=Clock())
    return Session(scene, fullest=fullest), brief


def measure_step(a: Float, b: Float, where: Float) -> Float:
    """CIEDE2000 (n,) of Lab pictures ``a`` and ``b`` under a mask, their means made equal."""
    first, second = a[where], b[where].copy()
    second[:, 0] += first[:, 0].mean() - second[:, 0].mean()
    chroma = [float(np.hypot(x[:, 1], x[:, 2]).mean()) for x in (first, second)]
    second[:, 1:] *= chroma[0] / max(chroma[1], 1e-3)
    return as_float(colour.ciede2000(first[None], as_float(second[None]))[0])


def measure_photo(session: Session, brief: Brief) -> tuple[dict[str, Any], list[Pixels]]:
    """The row of a photo, and the pictures of all places."""
    scene = session.scene
    pictures, row = [], {"setting": brief.setting.name, "own": brief.own}
    found: dict[str, list[Any]] = {k: [] for k in ("authenticity", "limited_by", "polish")}
    parts: list[dict[str, float | None]] = []
    for place in PLACES:
        look, _ = hold_at(session, brief, place)
        proof = session.prove(look)
        pictures.append(session.render(look).pixels)
        found["authenticity"].append(proof.authenticity.score)
        found["limited_by"].append(proof.authenticity.limited_by)
        found["polish"].append(proof.polish.score)
        parts.append({c.name: c.score for c in proof.authenticity.components})
    labs = [colour.p3_to_lab(as_float(np.clip(p, 0, 1))) for p in pictures]
    face = scene.region("face_skin") > 0.5
    between = colour.ciede2000(labs[0], labs[-1])
    acts = between >= _ACTS
    faces = [float(np.median(measure_step(a, b, face))) for a, b in pairwise(labs)]
    acted = [float(np.median(measure_step(a, b, acts))) for a, b in pairwise(labs)]
    from_0 = [float(np.median(measure_step(labs[0], lab, face))) for lab in labs]
    moved = np.abs(labs[-1][..., 0] - labs[0][..., 0])
    row |= found | {
        "face_steps": faces,
        "acting_steps": acted,
        "from_0": from_0,
        "acts": float(acts.mean()),
        "brighter": float((labs[-1][..., 0] - labs[0][..., 0])[face].mean()),
        "largest": float(np.percentile(moved[face], 99)),
        "parts": parts,
        "strengths": {p: hold_at(session, brief, p)[0].strengths for p in (brief.own, 1.0)},
        "applied": dict(session.render(hold_at(session, brief, 1.0)[0]).applied),
    }
    return row, pictures


def draw_strip(session: Session, pictures: list[Pixels]) -> Image.Image:
    """Six places side by side: the whole, and below it eyes and cheek pixel by pixel."""
    face = session.scene.face
    height, width = pictures[0].shape[:2]
    x, y = face.eyes.mean(0)
    half = int(min(1.15 * face.ied, width / 2))
    box = np.array([x - half, y - 0.75 * face.ied, x + half, y + 1.75 * face.ied]).astype(int)
    box = np.clip(box, 0, [width, height, width, height])
    columns = []
    for place in STRIP:
        shown = colour.p3_to_srgb_codes(pictures[PLACES.index(place)])
        near = Image.fromarray(shown[box[1] : box[3], box[0] : box[2]])
        whole = Image.fromarray(shown).resize(
            (near.width, round(height * near.width / width)), Image.Resampling.LANCZOS
        )
        column = Image.new("RGB", (near.width, near.height + whole.height + 4), "white")
        column.paste(whole, (0, 0))
        column.paste(near, (0, whole.height + 4))
        columns.append(column)
    sheet = Image.new("RGB", (sum(c.width + 4 for c in columns), columns[0].height), "white")
    at = 0
    for column in columns:
        sheet.paste(column, (at, 0))
        at += column.width + 4
    return sheet


def print_table(rows: list[dict[str, Any]]) -> None:
    """Medians over the photos: steps, their least, and authenticity by place."""
    known = [r for r in rows if all(a is not None for a in r["authenticity"])]
    print(f"{len(rows)} photos, {len(known)} of them judged")

    def line(name: str, values: list[list[float]]) -> None:
        table = np.array(values)
        for said, row in (("median", np.median(table, 0)), ("10 %", np.percentile(table, 10, 0))):
            print(f"{name:<16}{said:<8}" + "".join(f"{v:7.2f}" for v in row))

    print(" " * 24 + "".join(f"{p:7.1f}" for p in PLACES))
    line("authenticity", [r["authenticity"] for r in known])
    line("polish", [r["polish"] for r in rows])
    line("face from 0", [r["from_0"] for r in rows])
    line("face step", [[0, *r["face_steps"]] for r in rows])
    line("acting step", [[0, *r["acting_steps"]] for r in rows])
    back = sum(b < a - 0.02 for r in rows for a, b in pairwise(r["from_0"]))
    up = sum(b > a + 0.5 for r in known for a, b in pairwise(r["authenticity"]))
    print(f"steps that go back: {back}; authenticity that rises by over 0.5: {up}")
    print(f"brighter at 1: {np.median([r['brighter'] for r in rows]):+.2f} L* in the median")
    limits = [r["limited_by"][-1] for r in known]
    print(
        "limited at 1 by: "
        + ", ".join(f"{n} {limits.count(n)}" for n in sorted(set(map(str, limits))))
    )
    for name in REFINING:
        print(f"{name:<16}" + "".join(f" {r['applied'].get(name, 0):.2f}" for r in rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("photos", type=Path, nargs="*")
    parser.add_argument("--setting", default="default")
    parser.add_argument("--side", type=int, default=1200)
    parser.add_argument("--strips", action="store_true")
    said = parser.parse_args()
    said.out.mkdir(parents=True, exist_ok=True)
    for photo in said.photos:
        target = said.out / f"{photo.stem}.json"
        if target.exists():
            continue
        session, brief = open_session(photo, said.setting, said.side)
        row, pictures = measure_photo(session, brief)
        if said.strips:
            draw_strip(session, pictures).save(said.out / f"{photo.stem}.png")
        target.write_text(json.dumps({"photo": photo.name, **row}), encoding="utf-8")
    rows = [json.loads(f.read_text(encoding="utf-8")) for f in sorted(said.out.glob("*.json"))]
    if rows:
        print_table(rows)


if __name__ == "__main__":
    main()
