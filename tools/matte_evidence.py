"""How well the cut-out cuts: people on hard grounds, against alphas keyed in the studio.

``run`` puts keyed people (tools/training/key.py) before seven hard grounds each, has Catchlight
cut them out, and judges above the chin, in millimetres of the face; a line of JSON a picture, so
that a second run goes on. ``table`` prints what the lines say, by ground, hair and skin. ``folds``
trains a refiner on four fifths of the people and runs it on the last fifth, five times, so that
everybody is judged by weights that never saw them.

    python tools/matte_evidence.py run TRUTH GROUNDS OUT.jsonl --people split.json --engines fast
    python tools/matte_evidence.py table OUT.jsonl
    python tools/matte_evidence.py folds TRUTH PAPERS GROUNDS WORK --minutes 110 --torch python3

GROUNDS are photographs without people that no training saw. What is measured:

sad      mean error of alpha within 12 mm of the true edge, in %
lost     the head (true alpha above 0.9) that came out below 0.5, in % of the head
ghost    background (below 0.05) that came out above 0.3, in % of the head's area
visible  share of the pictures in which lost or ghost is above 1 %
shoulders  of neck and shoulders, to 60 mm below the chin: what came out below 0.5, in %
sound    the cut-out's own soundness, and the faults that it is the sum of
strands  alpha recovered where it is 0.1 to 0.9 and thinner than 1.5 mm, in % of the alpha there
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
from hard_grounds import draw_grounds, judge, read_truth

from catchlight import Look, open_photo, study
from catchlight.analysis.face.landmarks import CHIN
from catchlight.pixels import colour

HERE = Path(__file__).parent / "training"
SIZE = (900, 1125)
# What the eye says of the London people's hair; who is not named here has straight hair.
CURLY, COILY = "001 013 039 064 091 097 020f 045f 031f".split(), "043 061 082 099 137".split()
BALD = "037 105 125".split()


def run(asked: argparse.Namespace) -> None:
    wanted = set(json.loads(asked.people.read_text())["held_out"]) if asked.people else None
    people = [p for p in sorted(asked.truth.glob("*.npz")) if "smiling" not in p.stem]
    people = [p for p in people if wanted is None or p.stem.split("_")[0] in wanted]
    photos = sorted(p for p in asked.grounds.iterdir() if p.suffix in {".jpg", ".png", ".webp"})
    done = set()
    if asked.out.exists():
        done = {
            (r["person"], r["number"], r["engine"])
            for r in map(json.loads, asked.out.read_text().splitlines())
        }
    for n, path in enumerate(people):
        z, neighbour = read_truth(path), read_truth(people[(n + 1) % len(people)])
        for k, (kind, ground) in enumerate(draw_grounds(n, z, neighbour, photos)):
            todo = [e for e in asked.engines.split(",") if (path.stem, k, e) not in done]
            if not todo:
                continue
            # Each picture has a noise of its own, so that a run that goes on makes the same ones.
            rng = np.random.default_rng([4, n, k])
            a = z["alpha"][..., None]
            picture = colour.linear_to_srgb(
                np.clip(a * z["fore"] + (1 - a) * ground, 0, 1).astype(np.float32)
            )
            picture = np.clip(picture + rng.normal(0, 0.002, picture.shape), 0, 1)
            _, data = cv2.imencode(
                ".jpg",
                (picture[..., ::-1] * 255).round().astype(np.uint8),
                [cv2.IMWRITE_JPEG_QUALITY, 92],
            )
            photo = open_photo(bytes(data))
            for engine in todo:
                started = time.perf_counter()
                scene = study(photo, Look(backdrop="white", matte=engine, size=SIZE))
                got, spent = scene.matte.alpha, time.perf_counter() - started
                frame = scene.frame
                true = cv2.warpAffine(
                    z["alpha"], frame.transform, (frame.width, frame.height), flags=cv2.INTER_AREA
                )
                row = judge(true, got, int(scene.face.points[CHIN, 1]), scene.face.px_per_mm)
                row |= {
                    "person": path.stem,
                    "kind": kind,
                    "number": k,
                    "engine": engine,
                    "seconds": spent,
                    "sound": scene.soundness.score,
                    "faults": dict(scene.soundness.faults),
                }
                with asked.out.open("a") as file:
                    file.write(json.dumps(row) + "\n")
                print(path.stem, kind, engine, f"{row['sad']:.1f}", flush=True)


def hair_of(person: str) -> str:
    for name, ids in (("curly", CURLY), ("coily", COILY), ("bald", BALD)):
        if person in ids:
            return name
    return "straight"


def groups_of(london: Path | None) -> dict[str, str]:
    """Self-reported groups of the London people; the Canadian set is white by its name."""
    if london is None:
        return {}
    with (london / "index.csv").open() as file:
        return {r["person"]: r["group_self_reported"] for r in csv.DictReader(file)}


def table(asked: argparse.Namespace) -> None:
    rows = [json.loads(line) for path in asked.files for line in path.read_text().splitlines()]
    groups = groups_of(asked.london)
    print(
        f"{'':28}{'pictures':>9}{'sad':>7}{'p99':>7}{'lost':>7}{'ghost':>7}{'visible':>9}{'strands':>9}"
        f"{'shoulders':>11}{'sec':>6}"
    )
    for engine in dict.fromkeys(r["engine"] for r in rows):
        mine = [r for r in rows if r["engine"] == engine]
        for by in ("all", "kind", "hair", "group"):
            parts: dict[str, list[dict[str, float]]] = {}
            for r in mine:
                person = r["person"].split("_")[0]
                key = {
                    "all": "all",
                    "kind": r["kind"],
                    "hair": hair_of(person),
                    "group": groups.get(person, "white"),
                }[by]
                parts.setdefault(key, []).append(r)
            for key, some in sorted(parts.items()):
                v = {
                    m: np.array([r.get(m, np.nan) for r in some])
                    for m in ("sad", "lost", "ghost", "strands", "shoulders", "seconds")
                }
                seen = 100 * ((v["lost"] > 1) | (v["ghost"] > 1)).mean()
                strands = v["strands"][np.isfinite(v["strands"])]
                figures = (
                    f"{v['sad'].mean():7.2f}{np.percentile(v['sad'], 99):7.1f}"
                    f"{v['lost'].mean():7.2f}{v['ghost'].mean():7.2f}{seen:8.0f}%"
                    f"{strands.mean() if len(strands) else np.nan:9.0f}"
                    f"{v['shoulders'].mean():11.1f}{np.median(v['seconds']):6.2f}"
                )
                print(f"{engine + ' ' + key:28}{len(some):9}{figures}")
        judged = [r for r in mine if "sound" in r]
        print(f"{engine}: soundness ranks visible faults with an area of {area(judged):.3f}")


def area(rows: list[dict[str, float]]) -> float:
    """Area under the curve: how often a picture with a visible fault has the lower soundness."""
    bad = np.array([r["sound"] for r in rows if r["lost"] > 1 or r["ghost"] > 1])
    good = np.array([r["sound"] for r in rows if r["lost"] <= 1 and r["ghost"] <= 1])
    if not len(bad) or not len(good):
        return float("nan")
    lower = (bad[:, None] < good).mean() + (bad[:, None] == good).mean() / 2
    return float(lower)


def folds(asked: argparse.Namespace) -> None:
    """Composites of everybody once; then weights of their own for each fold, and its people."""
    asked.work.mkdir(parents=True, exist_ok=True)
    names = sorted({p.stem.split("_")[0] for p in asked.truth.glob("*.npz")} - set(asked.without))
    data, whole = asked.work / "data", asked.work / "everybody.json"
    whole.write_text(json.dumps({"left_out": asked.without}))
    count = ["--count", str(asked.composites), "--seed", "1", "--split", whole]
    generate = [sys.executable, HERE / "generate.py", asked.truth, asked.papers, data, *count]
    subprocess.run(generate, check=True)
    for fold in range(5):
        work = asked.work / f"fold{fold}"
        work.mkdir(exist_ok=True)
        split, weights, lines = work / "split.json", work / "weights", work / "lines.jsonl"
        split.write_text(json.dumps({"held_out": names[fold::5], "left_out": asked.without}))
        if not (weights / "finished").exists():
            train = [asked.torch, HERE / "train.py", data]
            rule = ["--split", split, "--threads", str(asked.threads), *["--half"] * asked.half]
            spent = asked.minutes / 3
            alone = [work / "alone", "--minutes", str(spent), "--alone"]
            subprocess.run([*train, *alone, *rule], check=True)
            start = ["--start", work / "alone" / "checkpoint.pt"]
            subprocess.run(
                [*train, weights, "--minutes", str(2 * spent), *start, *rule], check=True
            )
            shutil.copy(work / "alone" / "matte_coarse.onnx", weights)
            (weights / "finished").touch()
        judge = [sys.executable, __file__, "run", asked.truth, asked.grounds, lines]
        subprocess.run([*judge, "--people", split, "--weights", weights], check=True)
    asked.files = sorted(asked.work.glob("fold*/lines.jsonl"))
    table(asked)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("run")
    one.add_argument("truth", type=Path)
    one.add_argument("grounds", type=Path)
    one.add_argument("out", type=Path)
    one.add_argument("--people", type=Path, help="JSON: held_out names those to be judged")
    one.add_argument("--engines", default="fast")
    one.add_argument(
        "--weights", type=Path, help="a folder of matte_*.onnx in place of the package's"
    )
    one.set_defaults(do=run)
    two = commands.add_parser("table")
    two.add_argument("files", type=Path, nargs="+")
    two.add_argument("--london", type=Path, help="folder with index.csv, for groups of skin")
    two.set_defaults(do=table)
    three = commands.add_parser("folds")
    for name in ("truth", "papers", "grounds", "work"):
        three.add_argument(name, type=Path)
    three.add_argument("--minutes", type=float, default=110, help="of training, for each fold")
    three.add_argument("--threads", type=int, default=2)
    three.add_argument("--half", action="store_true", help="train in bfloat16")
    three.add_argument("--without", nargs="*", default=["053f", "063f"], help="people left out")
    three.add_argument("--composites", type=int, default=3000)
    three.add_argument("--torch", default="python3", help="a Python that has torch")
    three.add_argument("--london", type=Path)
    three.set_defaults(do=folds)
    asked = parser.parse_args()
    if getattr(asked, "weights", None):
        from catchlight.models import own

        own.use_folder(asked.weights)
    asked.do(asked)


if __name__ == "__main__":
    main()
