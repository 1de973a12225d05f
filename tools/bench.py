"""Time every stage of a shot at 2, 12 and 24 megapixels, or every adjustment at 1 and 4.

    python tools/bench.py [--runs 5] [--megapixels 2 12 24] [--matte fast]
    python tools/bench.py --adjustments [--runs 5] [--megapixels 1 4]
    python tools/bench.py --session [--runs 3]

The photo is examples/astronaut.jpg enlarged. Each size runs in a process of its own (its peak
memory is printed); the median of the runs counts, after one warm-up. The floor of a run is what
nobody can save: decode + networks + encode.

``--adjustments`` times each alone, at full strength, on a dark and tinted photo: *build* is its
edit with its mask laid on, *sum* the drawing of a plan that holds it alone. What the adjustments
share (regions of the face crop, its CIELAB, the marks; form and light) is found once and has rows
of its own; the frame has as many megapixels as the column says. Every mark found is healed,
``key_light`` turns to ``loop``; ``lens`` shows a photo said to be taken from 35 cm, its *sum* is
the drawing: of the photo on its own ground and, a row below, of person and outline as before a
painted backdrop. ``detail`` is its weighted sum alone, without its networks. The rows at the end
take what is shared with them and render: *retouch* are blemishes to detail, eight of them. *build*
and *sum* count processor time, all threads together, which hardly feels what else runs; *clock* is
what a person waits for both, on the cores there are.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catchlight.analysis.scene import Scene

NETWORKS = ("find faces", "cut-out", "identity", "expression")
RETOUCH = tuple("blemishes skin_evenness shine under_eye eyes teeth texture detail".split())
#: Milliseconds of processor time, all threads together, and by the clock.
Cost = tuple[float, float]
PHOTO = Path(__file__).parents[1] / "examples" / "astronaut.jpg"


def enlarge(megapixels: float) -> bytes:
    """Return the example photo as a 3:4 JPEG of that many megapixels, the person filling it."""
    from PIL import Image

    with Image.open(PHOTO) as small:
        part = small.convert("RGB").crop((32, 0, 416, 512))
    height = round((megapixels * 1e6 * 4 / 3) ** 0.5)
    out = io.BytesIO()
    part.resize((round(height * 3 / 4), height), Image.Resampling.BICUBIC).save(
        out, "JPEG", quality=92
    )
    return out.getvalue()


def measure(megapixels: float, runs: int, matte: str) -> dict[str, object]:
    """Run one size in this process."""
    from catchlight import Look, Output, shoot
    from catchlight.studio import Clock, encode

    # As the command and its workers do; code of before that, which is compared, does not know it.
    with contextlib.suppress(ImportError):
        from catchlight.studio.machine import share_heap

        share_heap()
    data = enlarge(megapixels)
    look = Look(matte=matte, size=(1600, 2000), backdrop="studio-warm")
    table: list[dict[str, float]] = []
    for _ in range(runs + 1):
        clock = Clock()
        shot = shoot(data, look, stage=clock)
        clock("encode", lambda shot=shot: encode(shot.rendered, shot.picture, Output(), "JPEG"))
        table.append(dict(clock.seconds))
        del shot  # the next begins without the last one's pictures, as a process of one photo does
    table = table[1:]
    stages = {k: statistics.median(t[k] for t in table) for k in table[0]}
    totals = [sum(t.values()) for t in table]
    floors = [t["decode"] + t["encode"] + sum(t.get(n, 0) for n in NETWORKS) for t in table]
    ratios = [a / b for a, b in zip(totals, floors, strict=True)]
    return {
        "stages": stages,
        "total": statistics.median(totals),
        "floor": statistics.median(floors),
        "ratio": statistics.median(ratios),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def measure_adjustments(megapixels: float, runs: int) -> dict[str, dict[str, Cost]]:
    """Costs by adjustment: ``build`` and ``sum``; what they share, and all together."""
    from dataclasses import replace

    import numpy as np

    from catchlight import Look, open_photo
    from catchlight.adjustments.adjustment import Adjustment
    from catchlight.adjustments.catalogue import CATALOGUE
    from catchlight.analysis.restoration.restore import Restored
    from catchlight.layer import Layer, Move, lay
    from catchlight.plan import plan_scene
    from catchlight.render import render
    from catchlight.studio import study

    height = round((megapixels * 1e6 * 5 / 4) ** 0.5)
    photo = open_photo(io.BytesIO(enlarge(4 * megapixels)))
    scene = study(photo, Look(backdrop="keep", size=(round(height * 4 / 5), height)))
    # Flat, tinted and dark, so that each has something to do; healed detail is what it was.
    dim = np.array([0.30, 0.34, 0.24], np.float32)
    scene = replace(
        scene,
        pixels=scene.pixels * dim,
        face_crop=replace(scene.face_crop, pixels=scene.face_crop.pixels * dim),
        restored=Restored(scene.pixels * dim, ("as it was",), 1.0),
    )

    def share() -> Scene:
        fresh = replace(scene, face_crop=replace(scene.face_crop))
        crop = fresh.face_crop
        _ = crop.regions, crop.lab, crop.marks, fresh.luminance
        return fresh

    def light() -> Scene:
        fresh = replace(scene)
        _ = fresh.light
        return fresh

    table = {
        "shared: regions, CIELAB, marks": {"build": clock(share, runs), "sum": (0.0, 0.0)},
        "shared: form and light": {"build": clock(light, runs), "sum": (0.0, 0.0)},
    }
    scene = share()
    _ = scene.light, scene.reach, scene.lighting.modelled
    asked = Look(light="loop", lens=0.35, heal=tuple(m.id for m in scene.face_crop.marks))

    def build(adjustment: Adjustment, scene: Scene = scene) -> Layer | Move | None:
        edit = adjustment.build(scene, asked.params_of(adjustment))
        return None if edit is None else lay(scene, adjustment, edit)

    def draw(laid: dict[str, Layer | Move], backdrop: str = "keep") -> Callable[[], object]:
        plan = plan_scene(scene, laid, Look(backdrop=backdrop).behind.paint(scene, None))
        _ = plan.painted, plan.near
        return lambda: render(plan, dict.fromkeys(laid, 1.0))

    laid: dict[str, Layer | Move] = {}
    for a in CATALOGUE:
        if (one := build(a)) is not None:
            laid[a.name] = one
            table[a.name] = {
                "build": clock(lambda a=a: build(a), runs),
                "sum": clock(draw({a.name: one}), runs),
            }
    table["lens, before a painted backdrop"] = {
        "build": table["lens"]["build"],
        "sum": clock(draw({"lens": laid["lens"]}, "studio-warm"), runs),
    }
    for name, chosen in (("retouch", RETOUCH), ("all together", tuple(laid))):
        whole = {n: laid[n] for n in chosen if n in laid}

        def everything(chosen: tuple[str, ...] = chosen) -> object:
            fresh = share()
            return [build(a, fresh) for a in CATALOGUE if a.name in chosen]

        table[f"**{name}**, with what they share, rendered"] = {
            "build": clock(everything, runs),
            "sum": clock(draw(whole), runs),
        }
    return table


def clock(work: Callable[[], object], runs: int) -> Cost:
    """Medians of processor time and of time by the clock, in milliseconds."""
    import time

    found = []
    for _ in range(runs):
        start = time.process_time(), time.perf_counter()
        work()
        stop = time.process_time(), time.perf_counter()
        found.append([1000 * (b - a) for a, b in zip(start, stop, strict=True)])
    work_ms, wait_ms = (statistics.median(both) for both in zip(*found, strict=True))
    return work_ms, wait_ms


def measure_session(runs: int) -> dict[str, float]:
    """Seconds that one waits who tries things out: a slider moved, and eleven further variants."""
    from catchlight import Brief, Look, explore, load_setting, open_photo
    from catchlight.render import render
    from catchlight.studio import study
    from catchlight.studio.session import Session

    photo = open_photo(io.BytesIO(enlarge(12)))
    look = Look(size=(1280, 1600))
    plan = Session(study(photo, look)).plan(look)
    strengths = dict(look.strengths)
    render(plan, strengths)
    waited = []
    for step in range(max(runs, 9)):
        strengths["shadows"] = 0.1 * step
        waited.append(clock(lambda: render(plan, strengths), 1)[1] / 1000)
    brief = Brief(load_setting("default"))

    def tried(count: int) -> float:
        polishes = tuple(k / 3 for k in range(4)) if count > 1 else (0.0,)
        papers = ["studio-warm", "studio-cool", "charcoal"] if count > 1 else ["studio-warm"]
        axes = {"backdrop": papers}
        work = lambda: explore(photo, brief, polishes=polishes, axes=axes)  # noqa: E731
        return clock(work, runs)[1] / 1000

    first = tried(1)
    return {
        "a slider moved, 1280 x 1600": statistics.median(waited),
        "explore, the first variant": first,
        "explore, eleven further ones": tried(12) - first,
    }


def measure_cutout(runs: int, matte: str) -> dict[str, float]:
    """Seconds of the cut-out by its parts at 1600 x 2000, the least of ``runs``."""
    import numpy as np

    from catchlight import open_photo
    from catchlight.analysis.cutout.ballot import draw_outline, gather_votes
    from catchlight.analysis.cutout.brush import obey
    from catchlight.analysis.cutout.decide import decide
    from catchlight.analysis.cutout.edges import solve_edge
    from catchlight.analysis.cutout.matte import lay_matte
    from catchlight.analysis.cutout.stroke import Stroke
    from catchlight.analysis.framing.plan import plan_frame
    from catchlight.analysis.study import frame_pixels
    from catchlight.analysis.subject import Subject, open_subject

    found = open_subject(open_photo(io.BytesIO(enlarge(12))))
    faces = tuple(f.moved(found.view.transform) for f in found.faces)
    bounds = np.array([[0, 0], found.view.pixels.shape[1::-1]], np.float32) - np.float32(0.5)
    cutout = found.cutout_by(matte)
    frame = plan_frame(found, "headshot", size=(1600, 2000), stay_inside=False, cutout=cutout)
    pixels, covered = frame_pixels(found, frame)
    stroke = Stroke(kind="remove", points=((-20.0, -75.0), (20.0, -75.0)), radius=8.0)

    def whole() -> None:
        fresh = Subject(found.picture, found.faces, found.view)
        made = fresh.cutout_by(matte)
        lay_matte(pixels, made, frame.transform, covered=covered)

    fresh = Subject(found.picture, found.faces, found.view)
    votes = gather_votes(fresh.person, faces, bounds, engine=matte)
    drawn = draw_outline(votes, faces)
    parts: dict[str, Callable[[], object]] = {
        "votes": lambda: gather_votes(
            Subject(found.picture, found.faces, found.view).person, faces, bounds, engine=matte
        ),
        "our own network": lambda: draw_outline(votes, faces),
        "the decision": lambda: decide(votes, drawn),
        "the edge": lambda: solve_edge(cutout.pixels, cutout.alpha, cutout.face),
        "the cut-out": lambda: Subject(found.picture, found.faces, found.view).cutout_by(matte),
        "laid in the frame, with the foreground": lambda: lay_matte(
            pixels, cutout, frame.transform, covered=covered
        ),
        "all of it": whole,
        "a stroke": lambda: obey(cutout, (stroke,)),
    }
    return {
        name: min(clock(work, 1)[1] for _ in range(max(runs, 5))) / 1000
        for name, work in parts.items()
    }


def print_adjustments(sizes: list[float], runs: int) -> None:
    """Print the table of the adjustments."""
    found = []
    for size in sizes:
        command = [sys.executable, __file__, "--adjustments", "--one", str(size)]
        command += ["--runs", str(runs)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        found.append(json.loads(done.stdout.splitlines()[-1]))
    print(f"milliseconds, median of {runs}; {os.cpu_count()} cores")
    print("| adjustment | " + " | ".join(f"{s:g} MP build | sum | clock" for s in sizes) + " |")
    print("|---|" + "---:|" * 3 * len(found))
    for name in found[0]:
        cells = []
        for both in (f[name].values() for f in found):
            cells += [f"{work:.0f}" for work, _ in both]
            cells.append(f"{sum(wait for _, wait in both):.0f}")
        print(f"| {name} | " + " | ".join(cells) + " |")


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--megapixels", type=float, nargs="+", help="default: 2 12 24, or 1 4")
    parser.add_argument("--adjustments", action="store_true", help="time each adjustment")
    parser.add_argument("--matte", choices=["fast", "fine"], default="fast")
    parser.add_argument("--one", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--session", action="store_true", help="time sliders and variants")
    parser.add_argument("--cutout", action="store_true", help="time the cut-out by its parts")
    asked = parser.parse_args()
    if asked.cutout:
        for name, seconds in measure_cutout(asked.runs, asked.matte).items():
            print(f"{name}: {seconds:.3f} s")
        return 0
    if asked.session:
        for name, seconds in measure_session(asked.runs).items():
            print(f"{name}: {seconds:.3f} s")
        return 0
    if asked.adjustments and asked.one:
        print(json.dumps(measure_adjustments(asked.one, asked.runs)))
        return 0
    if asked.adjustments:
        print_adjustments(asked.megapixels or [1, 4], asked.runs)
        return 0
    if asked.one:
        print(json.dumps(measure(asked.one, asked.runs, asked.matte)))
        return 0
    found = []
    sizes = asked.megapixels or [2, 12, 24]
    for size in sizes:
        command = [sys.executable, __file__, "--one", str(size), "--runs", str(asked.runs)]
        done = subprocess.run(
            [*command, "--matte", asked.matte], check=True, capture_output=True, text=True
        )
        found.append(json.loads(done.stdout.splitlines()[-1]))
    print(f"seconds, median of {asked.runs}; {asked.matte} matte; {os.cpu_count()} cores")
    print("| stage | " + " | ".join(f"{s:g} MP" for s in sizes) + " |")
    print("|---|" + "---:|" * len(found))
    for stage in found[-1]["stages"]:
        print(f"| {stage} | " + " | ".join(f"{f['stages'][stage]:.3f}" for f in found) + " |")
    for name, form in (("total", ".2f"), ("floor", ".2f"), ("ratio", ".2f"), ("peak_mb", ".0f")):
        print(f"| **{name}** | " + " | ".join(format(f[name], form) for f in found) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
