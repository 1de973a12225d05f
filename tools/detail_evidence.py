"""Degrade sharp photographs in known ways, restore them, and print how near they come.

    python tools/detail_evidence.py FOLDER [FILE ...] [--sheet OUT.png]

Each photo is framed and brought to 160 px between the eyes: the original. It is then blurred,
made noisy, stored as JPEG of quality 30, reduced two or four times, or all of that; the measures of
detail_measures.py compare each restoration with the original, in the mean over the photos. Below
the means stands in how many photos ``detail`` is the nearer one, of each other way.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from detail_measures import IDEALS, MEASURES, Bytes, measure, to_bytes
from PIL import Image

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.frame import Frame
from catchlight.analysis.restoration.super_resolution import enlarge
from catchlight.analysis.study import restore_in
from catchlight.analysis.subject import Subject, open_subject
from catchlight.errors import CatchlightError
from catchlight.images import open_picture
from catchlight.images.resample import resample_photo
from catchlight.pixels import colour, geometry

IED = 160.0
FILES = """../london/025_03_neutral.jpg ../london/061_08_smiling.jpg ../london/126_03_neutral.jpg
../london/005_08_smiling.jpg ../london/087_03_neutral.jpg ../london/006_08_smiling.jpg
../london/010_03_neutral.jpg ../london/144_03_neutral.jpg yakhyo__1319.jpg
pyconug__wesley-kambale.jpg sam__866.jpg yakhyo__1321.jpg yakhyo__2095.jpg
u2net__your_portrait_im_kid3.jpg human__stock-emotions-a-1.jpg pyconug__ss-musoke.jpg
compreface__sample_images_002_A.jpg compreface__sample_images_004_A.jpg
compreface__sample_images_005_A.jpg face_recognition__biden_biden2.jpg""".split()
#: No constant was chosen on these.
HELD_OUT = """../london/004_08_smiling.jpg ../london/013_08_smiling.jpg
../london/031_03_neutral.jpg ../london/037_08_smiling.jpg ../london/045_03_neutral.jpg
../london/068_03_neutral.jpg ../london/082_08_smiling.jpg ../london/091_08_smiling.jpg
../london/102_03_neutral.jpg ../london/112_08_smiling.jpg ../london/125_03_neutral.jpg
../london/131_03_neutral.jpg ../london/136_08_smiling.jpg""".split()


def make_original(path: Path) -> tuple[Bytes, Face] | None:
    """Head and shoulders at 160 px between the eyes, and the face in it."""
    subject = open_subject(open_picture(path))
    scale = IED / subject.face.ied
    if scale > 1.05:
        return None
    size = 8 * round(IED * 3.6 / 8), 8 * round(IED * 4.4 / 8)
    middle = np.array([size[0] / 2, size[1] * 0.45], np.float32)
    move = geometry.similarity(scale, 0.0, subject.face.eyes.mean(0), middle)
    pixels = resample_photo(subject.picture, move, *size)
    return to_bytes(pixels), subject.face.moved(move)


def store(picture: Bytes, quality: int | None = None) -> bytes:
    """A PNG, or a JPEG of that quality."""
    out = io.BytesIO()
    image = Image.fromarray(picture)
    image.save(out, "PNG") if quality is None else image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def blur(picture: Bytes) -> Bytes:
    light = colour.srgb_to_linear(picture / np.float32(255))
    soft = cv2.GaussianBlur(light, (0, 0), 1.6, borderType=cv2.BORDER_REPLICATE)
    return np.round(colour.linear_to_srgb(soft) * 255).astype(np.uint8)


def add_noise(picture: Bytes, codes: float) -> Bytes:
    rng = np.random.default_rng(3)
    noisy = picture + rng.normal(0, codes, picture.shape)
    return np.clip(np.round(noisy), 0, 255).astype(np.uint8)


def reduce(picture: Bytes, times: int) -> Bytes:
    """As a web site does: Lanczos on codes."""
    size = (picture.shape[1] // times, picture.shape[0] // times)
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS))


FAULTS: dict[str, tuple[int, Callable[[Bytes], bytes]]] = {
    "blur 1.6 px": (1, lambda p: store(blur(p))),
    "noise 8 codes": (1, lambda p: store(add_noise(p, 8))),
    "JPEG q30": (1, lambda p: store(p, 30)),
    "reduced 4x": (4, lambda p: store(reduce(p, 4))),
    "reduced 2x, q30": (2, lambda p: store(reduce(p, 2), 30)),
    "reduced 4x, q30": (4, lambda p: store(reduce(p, 4), 30)),
    "all of them": (4, lambda p: store(add_noise(reduce(blur(p), 4), 4), 30)),
}


def restore_all(data: bytes, times: int, size: tuple[int, int]) -> dict[str, Bytes]:
    """Every way to bring a degraded photo back to the original's grid."""
    picture = open_picture(data)
    subject: Subject = open_subject(picture)
    grow = geometry.scaling(times, times)
    frame = Frame(grow, *size, "original", 0.0, float(times), inside=True)
    plain = resample_photo(picture, grow, *size)
    start = time.perf_counter()
    made = restore_in(subject, frame, plain)
    took = time.perf_counter() - start
    out = {"untouched": to_bytes(plain)}
    if times > 1:
        codes = np.asarray(picture.codes)
        out = {"Lanczos": out["untouched"]}
        out["bicubic"] = cv2.resize(codes, size, interpolation=cv2.INTER_CUBIC)
        alone = enlarge_alone(codes, times)
        out["SPAN alone"] = np.round(np.clip(alone, 0, 1) * 255).astype(np.uint8)
    out["detail"] = to_bytes(plain if made is None else made.pixels)
    said = "nothing" if made is None else f"{'; '.join(made.steps)}; share {made.share}"
    print(f"    {took:.1f} s: {said}")
    return out


def enlarge_alone(codes: Bytes, times: int) -> np.ndarray:
    return enlarge(codes / np.float32(255), times, agreed=False)


def print_table(rows: dict[tuple[str, str], list[tuple[float, ...]]]) -> None:
    """Means, then counts of the photos in which ``detail`` is as near or nearer."""
    print(f"\n{'':30}" + "".join(f"{m:>11}" for m in MEASURES))
    for (fault, way), found in rows.items():
        middle = np.nanmean(np.array(found), axis=0)
        print(f"{fault:18}{way:12}" + "".join(f"{v:11.4f}" for v in middle))
    ideal = np.array([IDEALS[m] for m in MEASURES])
    for (fault, way), found in rows.items():
        if way == "detail":
            continue
        far, ours = (np.abs(np.array(r) - ideal) for r in (found, rows[fault, "detail"]))
        nearer = (ours <= far).sum(axis=0)
        print(f"{fault:18}than {way:12}" + f"of {len(found)}:" + "".join(f"{v:7}" for v in nearer))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--held-out", action="store_true", help="photos that chose no constant")
    parser.add_argument("--faults", help="names with semicolons; all where left out")
    parser.add_argument("--sheet", type=Path, help="write a sheet of crops to look at")
    args = parser.parse_args()
    rows: dict[tuple[str, str], list[tuple[float, ...]]] = {}
    strips = []
    for name in args.files or (HELD_OUT if args.held_out else FILES):
        try:
            original = make_original(args.folder / name)
        except CatchlightError as error:
            print(error)
            continue
        if original is None:
            print(f"{name}: the face is too small to be an original")
            continue
        truth, face = original
        print(name, flush=True)
        h, w = truth.shape[:2]
        for fault, (times, degrade) in FAULTS.items():
            if args.faults and fault not in args.faults.split(";"):
                continue
            try:
                results = restore_all(degrade(truth), times, (w, h))
            except CatchlightError as error:
                print(f"    {fault}: {error}")
                continue
            for way, made in results.items():
                rows.setdefault((fault, way), []).append(measure(truth, made, face))
            x, y = (int(v) for v in face.eyes.mean(0))
            part = (slice(y - 130, y + 190), slice(x - 130, x + 130))
            strips.append(np.hstack([truth[part], *(m[part] for m in list(results.values())[-2:])]))
    print_table(rows)
    if args.sheet and strips:
        Image.fromarray(np.vstack(strips)).save(args.sheet)


if __name__ == "__main__":
    main()
