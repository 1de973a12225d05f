"""Marks of known kind painted onto real skin, and what became of each.

How much of a painted mark is gone is asked of a pair, as one asks a treatment of its control: the
painted picture after the edit, and the *unpainted* picture after the very same edit (the same
places, sizes and rings). All that differs between the two is what survived of the paint:

    lost = 1 - |mean Lab(painted, healed) - mean Lab(unpainted, healed)|
             / |mean Lab(painted)         - mean Lab(unpainted)|

both means over the mark where it has half of its density or more. A mark that nothing touched has
lost 0; so has one whose edit lies beside it. The older definition (``strict``) puts the unpainted
picture itself in the place of the control. It also counts as blemish what the skin under the
paint differed from its surroundings by, which nobody who sees the painted picture can know: 0.4 to
0.6 CIELAB, or a seventh of a common papule, so that a perfect fill fails. What the control forgives
is counted by itself: ``strayed`` is the distance in CIELAB (mean over the mark) of the healed place
from the skin that was there, and a mark whose place strays by more than :data:`SEEN` is not gone,
whatever the ratio says; what is inside, the texture, is the business of the bands T and M1.
"""

from __future__ import annotations

import csv
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from catchlight.adjustments import blemishes
from catchlight.analysis.face import landmarks
from catchlight.analysis.face_crop import FaceCrop
from catchlight.analysis.marks.mark import Verdicts
from catchlight.arrays import Mask, Pixels, as_float
from catchlight.pixels import blend, colour, filters, geometry

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from close_up import paint_mark

#: Smallest difference in CIELAB that is seen between neighbours in one picture; 1 is the unit by
#: intent, 2.3 what observers told apart (Mahy et al. 1994). The stricter of them, and half more.
SEEN = 1.5
#: A mark that differs by less is plain to nobody, and in a coded photo drowns. The same blood makes
#: less of a difference on dark skin: a third of papules there stay below it, none on light.
PLAIN = 3.0
#: What is painted: kind, how many, least and largest size in mm, least and largest strength.
PASSING = (("papule", 6, 0.8, 4.0, 0.8, 1.6), ("pustule", 3, 1.5, 3.0, 0.8, 1.4))
PERMANENT = (
    ("freckles", 1, 18.0, 18.0, 0.7, 1.3),
    ("mole", 4, 1.0, 5.0, 0.3, 1.2),
    ("scar", 2, 4.0, 8.0, 0.8, 1.2),
)
#: Bands of texture: sigma in mm (science.md section 6).
BANDS = {"T": (0.12, 0.30), "M1": (0.30, 0.90)}


@dataclass(frozen=True)
class Painted:
    """One painted mark and what became of it at one strength.

    Attributes
    ----------
    whole : float, CIELAB, what the paint changed
    left : float, of its colour, against the control
    strict : float, of its colour, against the unpainted picture
    strayed : float, CIELAB, the healed place from the unpainted picture
    hit : bool, whether a mark that is healed lies on it
    on_bare : bool, whether it lies where marks are looked for
    energy : by band, of its place over that of the same skin unpainted
    """

    photo: str
    group: str
    kind: str
    size: float
    place: tuple[float, float]
    strength: float
    whole: float
    left: float
    strict: float
    strayed: float
    hit: bool
    on_bare: bool
    energy: dict[str, float]

    @property
    def lost(self) -> float:
        """Part of its colour that is gone, 0..1."""
        return max(0.0, 1 - self.left)

    @property
    def acted_on(self) -> bool:
        """Whether a quarter of the mark's colour or more is gone."""
        return 1 - self.left >= 0.25 * self.strength

    @property
    def gone(self) -> bool:
        """Whether 85 % of its colour is gone and its place does not stand out."""
        return self.lost >= 0.85 and self.strayed <= SEEN


def read_groups(folder: Path) -> dict[str, str]:
    """Skin-tone group by file name, from the tags or the self-reports of a folder's index."""
    index, groups = folder / "index.csv", {}
    if not index.exists():
        return {}
    with index.open(newline="") as lines:
        for row in csv.DictReader(lines):
            for tone in ("light", "medium", "dark"):
                if f"{tone}_skin" in row.get("tags", ""):
                    groups[row["file"]] = tone
            told = row.get("group_self_reported", "")
            if told:
                tone = {"white": "light", "black": "dark"}.get(told, "medium")
                groups |= {row[k]: tone for k in ("neutral", "smiling") if row.get(k)}
    return groups


def skin_to_paint(face_crop: FaceCrop) -> Mask:
    """The face's skin (0 or 1), 3 mm inside its edge; eyes, brows, lips and nostrils stay out."""
    h, w = face_crop.alpha.shape
    skin = (face_crop.regions["face_skin"] > 0.5).astype(np.uint8)
    skin = cv2.morphologyEx(skin, cv2.MORPH_CLOSE, np.ones((round(3 * face_crop.px_per_mm),) * 2))
    skin *= geometry.fill_polygon(face_crop.face.points[landmarks.FACE_OVAL], w, h) > 0.5
    for ring in (
        landmarks.RIGHT_EYE,
        landmarks.LEFT_EYE,
        landmarks.LIPS_OUTER,
        *landmarks.NOSTRILS,
        landmarks.RIGHT_BROW,
        landmarks.LEFT_BROW,
    ):
        skin *= geometry.fill_polygon(face_crop.face.points[ring], w, h) < 0.5
    inside = cv2.distanceTransform(skin, cv2.DIST_L2, 5)
    return as_float(inside > 3.0 * face_crop.px_per_mm)


def paint(
    face_crop: FaceCrop, what: tuple[tuple[str, int, float, float, float, float], ...], seed: int
) -> tuple[Pixels, list[tuple[str, float, tuple[float, float], Mask]]]:
    """Paint marks of the kinds in ``what`` at random places apart; also kind, size and mask."""
    rng, mm = np.random.default_rng(seed), face_crop.px_per_mm
    pixels, free = face_crop.pixels.copy(), skin_to_paint(face_crop) > 0.5
    yy, xx = np.mgrid[0 : free.shape[0], 0 : free.shape[1]].astype(np.float32)
    made = []
    for kind, count, low, high, weak, strong in what:
        for _ in range(count):
            size = float(np.exp(rng.uniform(np.log(low), np.log(high))))
            rows, columns = np.nonzero(free)
            if not len(rows):
                continue
            k = rng.integers(len(rows))
            place = float(columns[k]), float(rows[k])
            mask = paint_mark(
                pixels,
                *place,
                size,
                kind,  # type: ignore[arg-type]
                px_per_mm=mm,
                strength=float(rng.uniform(weak, strong)),
                raised=float(rng.uniform(0.02, 0.08)) if kind in ("papule", "pustule") else 0.0,
                seed=int(rng.integers(1 << 30)),
            )
            free &= np.hypot(xx - place[0], yy - place[1]) > (0.5 * size + 6.0) * mm
            made.append((kind, size, place, mask))
    return pixels, made


def heal(face_crop: FaceCrop, strength: float) -> Pixels:
    """The face crop after ``blemishes``."""
    stops = blemishes.heal_marks(face_crop, Verdicts())
    if stops is None:
        return face_crop.pixels
    return blend.apply_stops(face_crop.pixels, stops * np.float32(strength))


def control(face_crop: FaceCrop, painted: FaceCrop) -> FaceCrop:
    """The unpainted ``face crop`` with what was found on the painted one."""
    return replace(face_crop, parts=painted.regions, seen=painted.marks)


def band(pixels: Pixels, mm: float, name: str) -> np.ndarray:
    """One band of the texture of ln Y."""
    fine, coarse = BANDS[name]
    y = np.log(colour.luminance(pixels) + np.float32(1e-4))
    return filters.blur(y, fine * mm) - filters.blur(y, coarse * mm)


def follow(
    name: str, group: str, face_crop: FaceCrop, strengths: list[float]
) -> Iterator[tuple[Painted, FaceCrop, Pixels]]:
    """Paint, heal and measure one photo; also the painted face crop and the healed picture."""
    seed, mm = zlib.crc32(name.encode()), face_crop.px_per_mm
    truth = colour.p3_to_lab(face_crop.pixels)
    clean = {k: band(face_crop.pixels, mm, k) for k in BANDS}
    for what in (PASSING, PERMANENT):
        pixels, made = paint(face_crop, what, seed)
        painted = replace(face_crop, pixels=pixels)
        before = colour.p3_to_lab(pixels)
        gone = [m for m in painted.marks if painted.verdicts.heals(m)]
        twin = control(face_crop, painted)
        for strength in strengths:
            result = heal(painted, strength)
            pictures = (colour.p3_to_lab(result), before, truth)
            known = colour.p3_to_lab(heal(twin, strength))
            bands = {k: band(result, mm, k) for k in BANDS}
            for kind, size, place, mask in made:
                spot, near = mask > 0.5, mask > 0.15
                after, faulty, skin = (v[spot].mean(0) for v in pictures)
                whole = max(float(np.linalg.norm(faulty - skin)), 1e-6)
                strayed = float(np.linalg.norm(after - skin))
                row = Painted(
                    photo=name,
                    group=group,
                    kind=kind,
                    size=size,
                    place=place,
                    strength=strength,
                    whole=whole,
                    left=float(np.linalg.norm(after - known[spot].mean(0))) / whole,
                    strict=strayed / whole,
                    strayed=strayed,
                    hit=any(mask[round(m.y), round(m.x)] > 0.3 for m in gone),
                    on_bare=bool(painted.bare_skin[round(place[1]), round(place[0])] > 0.5),
                    energy={k: float(bands[k][near].std() / clean[k][near].std()) for k in BANDS},
                )
                yield row, painted, result
