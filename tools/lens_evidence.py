"""Measure the lens on real photographs: python tools/lens_evidence.py london|pairs.

london: photos of the London Set, taken for 1.2 m, are drawn as from 30 cm by the inverse warp, then
corrected; identity distance and landmarks (RMS, % of the inter-eye distance) to the original, both
by the real networks, before and after, also with the distance wrong by a fifth.
pairs: the three selfies of compreface_A, at distances as for a phone's 27 mm, against her two
photos from farther away: identity distance at strength 0, 0.7 and 1.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import sitter  # noqa: E402

from catchlight import develop  # noqa: E402
from catchlight.analysis.face.identity import ask_witness  # noqa: E402
from catchlight.analysis.framing.plan import plan_frame  # noqa: E402
from catchlight.analysis.study import build_scene  # noqa: E402
from catchlight.analysis.subject import Subject, open_subject  # noqa: E402
from catchlight.images import Picture, open_picture  # noqa: E402
from catchlight.look import Look  # noqa: E402
from catchlight.pixels import geometry  # noqa: E402

SHARED = ROOT.parent / "shared"
STUDIO_CM, NEAR_CM = 120.0, 30.0
SELFIES = {"002": 0.48, "005": 0.35, "006": 0.34}
FAR = ("003", "004")


def draw_near(subject: Subject) -> Picture:
    """The photo as from 30 cm."""
    return sitter.make_photo(sitter.draw_near(subject, STUDIO_CM, NEAR_CM), "near")


def correct(subject: Subject, metres: float, strength: float) -> Subject:
    """The corrected headshot, looked at afresh by the networks."""
    frame = plan_frame(subject, "headshot", size=1200, stay_inside=True)
    scene = build_scene(subject, frame, engine="fast")
    strengths = {**dict.fromkeys(Look().strengths, 0.0), "lens": strength}
    out = develop(scene, Look(backdrop="keep", adjust=strengths, lens=metres))
    return open_subject(sitter.make_photo(np.clip(out.pixels, 0, 1)))


def apart(a: Subject, b: Subject) -> float:
    """Identity distance (dlib)."""
    seen = [ask_witness(s.view.pixels, s.face.moved(s.view.transform)) for s in (a, b)]
    return float(np.linalg.norm(seen[0] - seen[1]))


def misfit(a: Subject, b: Subject) -> float:
    """Landmarks after the best similarity, RMS in % of the inter-eye distance."""
    here, there = a.face.points[:468], b.face.points[:468]
    off = geometry.apply(geometry.estimate_similarity(here, there), here) - there
    return 100 * float(np.sqrt((off**2).sum(1).mean())) / b.face.ied


def run_london() -> None:
    print("photo                 identity near  full   0.7    landmarks near  full  -20%  +20%")
    for path in sorted((SHARED / "london").glob("*.jpg"))[3::8][:9]:
        first = open_subject(open_picture(path))
        near = open_subject(draw_near(first))
        asked = ((0.3, 1.0), (0.3, 0.7), (0.24, 1.0), (0.36, 1.0))
        full, default, less, more = (correct(near, *how) for how in asked)
        ids = [apart(s, first) for s in (near, full, default)]
        off = [misfit(s, first) for s in (near, full, less, more)]
        print(
            f"{path.name:<22}" + "".join(f"{v:13.3f}" for v in ids),
            "".join(f"{v:8.2f}" for v in off),
            flush=True,
        )


def run_pairs() -> None:
    def photo(number: str) -> Subject:
        return open_subject(
            open_picture(SHARED / "photos" / f"compreface__sample_images_{number}_A.jpg")
        )

    far = {number: photo(number) for number in FAR}
    for number, metres in SELFIES.items():
        selfie = photo(number)
        made = [correct(selfie, metres, strength) for strength in (0.0, 0.7, 1.0)]
        for other, reference in far.items():
            print(number, other, "  ".join(f"{apart(m, reference):.4f}" for m in made), flush=True)


if __name__ == "__main__":
    cv2.setNumThreads(1)
    {"london": run_london, "pairs": run_pairs}[sys.argv[1] if len(sys.argv) > 1 else "london"]()
