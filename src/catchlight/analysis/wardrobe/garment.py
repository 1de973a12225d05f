"""What the sitter wears: where cloth is seen, how surely, and of which pieces it is made.

Vocabulary: *worn* is the person below the chin; of it *cloth* is what is neither of the skin's
colour nor hair that hangs from the head. Nothing here knows what kind of garment it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from catchlight.analysis.face.landmarks import CHIN, FACE_OVAL
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.parts.by_colour import sample_sites, skin_likeness
from catchlight.analysis.parts.regions import Regions
from catchlight.analysis.wardrobe import extent
from catchlight.analysis.wardrobe.leftover import drop_specks, join_folds, measure_leftover
from catchlight.analysis.wardrobe.pieces import Cloth, find_pieces
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import colour, filters, geometry, morphology
from catchlight.pixels.filters import ramp

#: Cloth begins between these places below the chin, in mm; a collar may stand a little higher.
_BEGINS = (-4.0, 6.0)
#: A thread is narrower than this: colours of cloth are told beyond it, in mm.
_THREAD = 1.0
#: Cloth smaller than the first, in mm2 of the face's scale, is not seen; from the second on it is.
_AREA = (400.0, 1600.0)
#: Of what is worn the share that is told to be cloth, from which cloth is seen for sure.
_SHARE = (0.15, 0.40)
#: CIELAB between cloth and the skin beside it from which the cut between the two is sure.
_FROM_SKIN = (12.0, 24.0)
#: The same between cloth and hair that hangs over it.
_FROM_HAIR = (8.0, 18.0)
#: Skin of less chroma is a picture in black and white; of the skin's chroma the share below which
#: nothing is skin, and from which it may be.
_COLOURLESS, _PALER = 7.0, (0.35, 0.6)
#: Below the jaw, in mm and as the share of it, where cloth would be a scarf and is rather a beard.
_JAW, _BEARDED = 4.0, (0.75, 0.45)
#: Share of what is worn, the neck apart, that is neither surely skin nor surely not: none is left
#: of the certainty at the first, all at the second.
_DOUBT = (0.15, 0.06)
#: A channel from here on is at its ceiling.
CEILING = 0.985
#: From here on it is said to be seen.
SURE = 0.5


@dataclass(frozen=True, eq=False)
class Garment:
    """What is worn, on the measuring picture.

    Attributes
    ----------
    cloth : (h, w), 0..1
    pieces : tuple of Cloth, the largest first
    sure : float, 0..1, how surely cloth is told from skin, hair and ground
    why : str, what makes it unsure; empty where nothing does
    torn : float, cloth of the largest piece's hue that is none of it, as a share of it
    hung : float, 0..1, the share of what is worn that hair hangs over
    burnt : float, 0..1, the share of the cloth with a channel at its ceiling
    patches : float, what a dye would leave beside the largest piece, as a share of it
    soft : float, 0..1, the share of that piece's border in the cloth where the photo has no edge
    stained : float, skin in that piece, as a share of it
    relief : float, how far (L*, root mean square) the folds of that piece depart from its shading
    mixed : float, 0..1
        How much of what lies within 6 mm among the largest piece is of another colour: a pattern.
    """

    cloth: Mask
    pieces: tuple[Cloth, ...]
    sure: float
    why: str
    mixed: float
    hung: float = 0.0
    torn: float = 0.0
    burnt: float = 0.0
    patches: float = 0.0
    soft: float = 0.0
    stained: float = 0.0
    relief: float = 5.0

    @property
    def seen(self) -> bool:
        """Whether anything may be said of the clothes."""
        return self.sure >= SURE and bool(self.pieces)


def find_garment(small: Pixels, alpha: Mask, face: Face, regions: Regions) -> Garment:
    """Find the cloth of a framed portrait, and say how sure that is.

    Parameters
    ----------
    small : (h, w, 3) linear P3, the measuring picture
    alpha : (h, w), the sitter
    face : Face in its pixels
    regions : Regions over it
    """
    mm, shape = face.px_per_mm, alpha.shape
    chin = float(face.points[CHIN, 1])
    y = as_float(np.arange(shape[0]))[:, None]
    oval = geometry.fill_polygon(face.points[FACE_OVAL], shape[1], shape[0])
    below = filters.smoothstep(y, chin + _BEGINS[0] * mm, chin + _BEGINS[1] * mm)
    below = np.maximum(below, _find_shoulders(face, shape))
    worn = as_float(alpha * below * (1 - oval))
    skin = _find_skin(small, face, regions, as_float(below))
    hair = _find_hanging_hair(small, alpha, oval, regions, chin, mm)
    cloth = as_float(worn * (1 - skin) * (1 - hair))
    # What is thinner than 2 mm is a strand, a chain or a rim of something else.
    solid = morphology.drop_thin(cloth > 0.5, 1.0 * mm)
    solid = extent.drop_islands(solid, chin + 0.7 * face.ied, mm)
    cloth = as_float(cloth * filters.blur(as_float(morphology.dilate(solid, 0.6 * mm)), 0.3 * mm))
    lab = colour.p3_to_lab(np.clip(filters.blur_inside(small, cloth + 1e-3, _THREAD * mm), 0, 1))
    pieces = find_pieces(lab, cloth, mm)
    jaw = morphology.dilate(oval > 0.5, _JAW * mm) & (oval < 0.5) & (y > chin - 6 * mm)
    bearded = float((cloth[jaw] > 0.5).mean()) if jaw.any() else 0.0
    plain = colour.p3_to_lab(np.clip(filters.blur(small, _THREAD * mm), 0, 1))
    free = (alpha > 0.9) & (skin < 0.3) & (oval < 0.5)
    hung = float((hair * worn).sum() / max(worn.sum(), 1.0))
    reach = as_float(alpha * (skin < 0.3) * (oval < 0.5))
    pieces = extent.grow_main(pieces, plain, reach, alpha < 0.02, face, regions, hung=hung)
    pieces = join_folds(pieces, plain, cloth, free & (y > chin - face.ied), mm)
    left = measure_leftover(small, alpha, cloth, pieces, face, regions)
    pieces = drop_specks(pieces, mm)
    doubt = _measure_doubt(worn, skin, regions)
    sure, why = _judge(plain, cloth, worn, hair, regions, pieces, mm, (bearded, doubt))
    return Garment(
        cloth,
        pieces,
        sure,
        why,
        extent.measure_mixed(cloth, pieces, mm),
        hung,
        extent.measure_torn(cloth, pieces, plain),
        _measure_burnt(small, cloth),
        *left,
        extent.measure_relief(plain[..., 0], pieces, mm),
    )


def _measure_burnt(small: Pixels, cloth: Mask) -> float:
    """Share of the cloth with a channel at its ceiling, where no fold is told from another."""
    seen = small[cloth > 0.9]
    return float((seen.max(axis=1) > CEILING).mean()) if len(seen) else 0.0


def _find_shoulders(face: Face, shape: tuple[int, ...]) -> Mask:
    """Beside the head, where shoulders of one who leans forward stand higher than the chin."""
    y, x = np.ogrid[: shape[0], : shape[1]]
    eyes, ied = float(face.eyes.mean(0)[1]), face.ied
    away = np.abs(as_float(x) - float(face.points[CHIN, 0]))
    high = filters.smoothstep(as_float(y), eyes + 0.5 * ied, eyes + 0.9 * ied)
    return as_float(filters.smoothstep(away, 1.25 * ied, 1.5 * ied) * high)


def _find_skin(small: Pixels, face: Face, regions: Regions, below: Mask) -> Mask:
    """Skin wherever it is seen: of the face's own colour, or of the neck's in its shade."""
    mm = face.px_per_mm
    sample = as_float(sample_sites(face, small.shape[:2]) * (regions["face_skin"] > 0.5))
    smooth = filters.blur(small, 0.4 * mm)
    alike = skin_likeness(smooth, sample)
    neck = as_float((regions["neck_skin"] > 0.7) * (below > 0.1))
    if neck.sum() > 60 * mm * mm:
        # The neck's shade is darker and deeper than any cheek, and reaches only so far.
        y = as_float(np.arange(small.shape[0]))[:, None]
        chin = float(face.points[CHIN, 1])
        near = filters.smoothstep(y, chin + 1.5 * face.ied, chin + 1.0 * face.ied)
        alike = np.maximum(alike, skin_likeness(smooth, neck) * near)
    skin = np.maximum(
        np.clip(1.4 * alike - 0.2, 0, 1), filters.smoothstep(regions["neck_skin"], 0.45, 0.75)
    )
    # Pale skin is near to white in every ratio; what has much less colour than it is cloth.
    lab = colour.p3_to_lab(np.clip(smooth, 0, 1))
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    own = float(np.median(chroma[sample > 0.5])) if (sample > 0.5).any() else 0.0
    if own > _COLOURLESS:
        skin = skin * filters.smoothstep(as_float(chroma / own), *_PALER)
    return as_float(skin)


def _find_hanging_hair(
    small: Pixels, alpha: Mask, oval: Mask, regions: Regions, chin: float, mm: float
) -> Mask:
    """Hair that hangs below the chin: of the hair's colour, and joined to it."""
    rows = np.arange(len(alpha))[:, None]
    above = (regions["hair"] > 0.7) & (rows < chin - 8 * mm) & (alpha > 0.9)
    if above.sum() < 40 * mm * mm:
        return np.zeros_like(alpha)
    lab = colour.p3_to_lab(np.clip(filters.blur(small, 0.8 * mm), 0, 1))
    middle = np.median(lab[above], axis=0)
    spread = 1.4826 * np.median(np.abs(lab[above] - middle), axis=0)
    off = (lab - middle) / np.clip(spread, [6.0, 3.0, 3.0], [10.0, 5.0, 5.0])
    alike = (np.linalg.norm(off, axis=2) < 2.2) & (alpha > 0.6) & (oval < 0.5)
    above &= alike
    joined = morphology.drop_thin(alike, 1.2 * mm)
    count, labels = cv2.connectedComponents(joined.astype(np.uint8), connectivity=4)
    if count < 2:
        return np.zeros_like(alpha)
    own = np.bincount(labels[above], minlength=count) > 20 * mm * mm
    own[0] = False
    hair = morphology.dilate(own[labels], 0.8 * mm)
    return as_float(filters.blur(as_float(hair), 0.4 * mm))


def _measure_doubt(worn: Mask, skin: Mask, regions: Regions) -> float:
    """Share of what is worn that is neither skin nor not; a cloth of skin's colour is torn so."""
    where = (worn > 0.8) & (regions["neck_skin"] < 0.3)
    if not where.any():
        return 1.0
    return float((4 * skin * (1 - skin))[where].mean())


def _judge(
    lab: Float,
    cloth: Mask,
    worn: Mask,
    hair: Mask,
    regions: Regions,
    pieces: tuple[Cloth, ...],
    mm: float,
    against: tuple[float, float],
) -> tuple[float, str]:
    """How surely the clothes are told, and what speaks most against it."""
    seen = cloth > 0.8
    area = float(seen.sum()) / mm**2
    share = float(seen.sum()) / max(float((worn > 0.8).sum()), 1.0)
    parts = {
        "too little of the clothes is in the frame": ramp(area, *_AREA),
        "most of what is below the chin has the colour of skin or hair": ramp(share, *_SHARE),
        "a beard or a scarf covers the neck": ramp(against[0], *_BEARDED),
        "part of the clothes has the colour of skin": ramp(against[1], *_DOUBT),
    }
    if pieces:
        main = pieces[0]
        skin = regions["skin"] > 0.6
        if skin.sum() > 30:
            own = np.median(lab[skin], axis=0)
            off = float(np.linalg.norm(main.lab - own))
            parts["the clothes have nearly the colour of the skin"] = ramp(off, *_FROM_SKIN)
        hanging = (hair > 0.5) & (worn > 0.5)
        if hanging.sum() > 0.05 * max(seen.sum(), 1):
            own = np.median(lab[hanging], axis=0)
            off = float(np.linalg.norm(main.lab - own))
            parts["hair and clothes have one colour"] = ramp(off, *_FROM_HAIR)
    worst = min(parts, key=lambda key: parts[key])
    sure = float(np.prod(list(parts.values()))) if pieces else 0.0
    return sure, worst if sure < 0.999 else ""
