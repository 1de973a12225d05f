"""What a dyed garment would leave in its old colour: deep folds to join, patches to refuse for.

Vocabulary: a *patch* is a place beside the largest piece that has its dye and is none of it; a
border is *soft* where the piece ends and the photo shows no edge.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from catchlight.analysis.face.landmarks import CHIN, FACE_OVAL
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.parts.regions import Regions
from catchlight.analysis.wardrobe.pieces import Cloth
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import colour, filters, geometry, morphology
from catchlight.pixels.morphology import Bits

#: Chroma from which a cloth's deep folds are told by hue alone, and how far (radians) theirs turns.
_VIVID, _HUE = 30.0, 0.35
#: A fold is at most this share of its garment; what is larger may be another of the same hue.
_FOLD = 0.02
#: How much lighter (L*) than its middle a vivid cloth's own lit folds are.
_LIT = 20.0
#: Parts of the piece that hang apart and are smaller than this share of it are none: a tie's dark
#: stripes, shade under a chin.
_SPECK = 0.01
#: CIELAB (L* by half) from which hair is told from the piece by its colour.
_OTHER = 16.0
#: How far beside the piece a patch is looked for, mm: a collar's fall, a sunlit shoulder.
_BESIDE = 8.0
#: CIELAB a, b within which a patch has the piece's dye, at the first L* and from the second on:
#: pale cloth takes the light's colour in sun and shade.
_DYE, _PALE = (8.0, 13.0), (65.0, 80.0)
#: Share of the skin's own a, b from which what is beside is rather skin, and the chroma from which
#: skin is told by it.
_SKINWARD, _COLOURLESS = 0.5, 8.0
#: Share of the skin's L* from which it is skin in the light; below it may be a brown cloth's shade.
_SKIN_LIT = 0.6
#: A channel from here on is burnt or nearly; burnt cloth is at most so much lighter (L*) than the
#: rest: beyond about three stops it is a white shirt in a dark jacket.
_BURNT, _SUNLIT = 0.95, 42.0
#: Patches thinner than twice this, mm, are rims and seams.
_THIN = 0.6
#: CIELAB (L* by half) across a border below which no eye finds an edge there.
_EDGE = 6.0
#: Borders shorter than this, in roots of the piece's area, tell nothing.
_SHORT = 0.15


def join_folds(
    pieces: tuple[Cloth, ...], lab: Float, cloth: Mask, free: Bits, mm: float
) -> tuple[Cloth, ...]:
    """Let a vivid garment have its own deep folds, as the inside of a red collar.

    In deep shade a vivid cloth is further from its middle than another cloth may be, but its hue
    remains. Joined is what is of the same hue, touches the piece and is small beside it.
    """
    if not pieces:
        return pieces
    main = pieces[0]
    dye = float(np.hypot(*main.lab[1:]))
    if dye < _VIVID:
        return pieces
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    along = lab[..., 1] * main.lab[1] + lab[..., 2] * main.lab[2]
    deep = (along > np.cos(_HUE) * chroma * dye) & (chroma > 0.4 * dye) & (cloth > 0.5)
    # Above the chin, where no cloth is looked for, only the very hue is a collar's top.
    deep |= (along > np.cos(0.5 * _HUE) * chroma * dye) & (chroma > 0.7 * dye) & free
    deep &= (lab[..., 0] < main.lab[0] + _LIT) & (main.mask < 0.8)
    count, labels = cv2.connectedComponents(deep.astype(np.uint8), connectivity=8)
    sizes = np.bincount(labels.ravel(), minlength=count)
    near = np.bincount(labels[morphology.dilate(main.mask > 0.8, 1.0 * mm)], minlength=count)
    own = (near > 0) & (sizes < _FOLD * max(int((main.mask > 0.5).sum()), 1))
    own[0] = False
    grown = filters.blur(as_float(morphology.dilate(own[labels], 0.4 * mm)), 0.4 * mm)
    mask = as_float(np.maximum(main.mask, np.minimum(grown, np.maximum(cloth, free))))
    return (replace(main, mask=mask), *pieces[1:])


def drop_specks(pieces: tuple[Cloth, ...], mm: float) -> tuple[Cloth, ...]:
    """Take from the largest piece what hangs apart and is small: dyed, it would be a stain."""
    if not pieces:
        return pieces
    main = pieces[0]
    # What a strap or a seam parts is joined again across it.
    whole = morphology.dilate(main.mask > 0.5, 1.0 * mm).astype(np.uint8)
    count, labels = cv2.connectedComponents(whole, connectivity=8)
    sizes = np.bincount(labels.ravel(), minlength=count)
    own = sizes >= _SPECK * int(whole.sum())
    own[0] = False
    kept = filters.blur(as_float(morphology.dilate(own[labels], 1.0 * mm)), 0.4 * mm)
    return (replace(main, mask=as_float(main.mask * kept)), *pieces[1:])


def measure_leftover(
    small: Pixels, alpha: Mask, cloth: Mask, pieces: tuple[Cloth, ...], face: Face, parts: Regions
) -> tuple[float, float, float]:
    """The patches, the soft share of the border and the stained skin of the largest piece."""
    mm = face.px_per_mm
    lab = read_lab(small, mm)
    return (
        _measure_patches(small, lab, alpha, pieces, face, parts),
        measure_soft(small, cloth, pieces, mm),
        measure_stained(lab, pieces, parts, mm),
    )


def read_lab(small: Pixels, mm: float) -> Float:
    """CIELAB (h, w, 3) of what is seen over 0.8 mm: threads and noise are no colour of a cloth."""
    return colour.p3_to_lab(np.clip(filters.blur(small, 0.8 * mm), 0, 1))


def _measure_patches(
    small: Pixels, lab: Float, alpha: Mask, pieces: tuple[Cloth, ...], face: Face, regions: Regions
) -> float:
    """Patches of the largest piece's dye, or burnt by the sun, beside it, as a share of it."""
    if not pieces:
        return 0.0
    main, mm, own = pieces[0], face.px_per_mm, pieces[0].lab
    level = lab[..., 0]
    shade = np.clip(level / max(float(own[0]), 1.0), 0.3, 1.5)[..., None]
    off = np.linalg.norm(lab[..., 1:] - own[1:] * shade, axis=2)
    reach = float(np.interp(own[0], _PALE, _DYE))
    skin = _find_skinward(lab, own, regions)
    # A white shirt in a dark jacket has the dye of a grey, but not its lightness.
    darkest = min(0.55 * own[0], own[0] - 9)
    lightest = np.clip(1.6 * own[0] + 3, own[0] + 14, own[0] + 30)
    alike = (off < reach) & (level > darkest) & (level < lightest)
    burnt = (small.max(axis=2) > _BURNT) & (level > own[0]) & (level < own[0] + _SUNLIT)
    beside = _find_worn(lab, own, alpha, face, regions) & ~skin & (main.mask < 0.5)
    beside &= morphology.dilate(main.mask > 0.6, _BESIDE * mm)
    patches = morphology.drop_thin(alike & beside, _THIN * mm)
    patches |= morphology.drop_thin(burnt & beside, _THIN * mm)
    return float(patches.sum() / max((main.mask > 0.5).sum(), 1))


def measure_stained(lab: Float, pieces: tuple[Cloth, ...], regions: Regions, mm: float) -> float:
    """Skin that the largest piece has in it and that would be dyed, as a share of the piece."""
    face = regions["face_skin"] > 0.7
    if not pieces or not face.any():
        return 0.0
    main = pieces[0]
    lit = lab[..., 0] > _SKIN_LIT * float(np.median(lab[face][:, 0]))
    taken = _find_skinward(lab, main.lab, regions) & lit & (main.mask > 0.5)
    taken = morphology.drop_thin(taken, _THIN * mm)
    return float(taken.sum() / max((main.mask > 0.5).sum(), 1))


def _find_skinward(lab: Float, own: Float, regions: Regions) -> Bits:
    """What has the skin's hue where the cloth has not: a lit neck beside a white shirt.

    Nowhere where the skin has no colour to tell it by, or the cloth has it, too.
    """
    face = regions["face_skin"] > 0.7
    nowhere = np.zeros(face.shape, bool)
    if not face.any():
        return nowhere
    skin = np.median(lab[face][:, 1:], axis=0)
    length = float(np.linalg.norm(skin))
    if length < _COLOURLESS or float(own[1:] @ skin) > 0.5 * _SKINWARD * length**2:
        return nowhere
    return np.asarray(lab[..., 1:] @ as_float(skin) > _SKINWARD * length**2)


def _find_worn(lab: Float, own: Float, alpha: Mask, face: Face, regions: Regions) -> Bits:
    """Where a garment may be, a collar beside the neck too: neither face, nor hair, nor ground."""
    mm, y = face.px_per_mm, np.arange(len(alpha))[:, None]
    chin = float(face.points[CHIN, 1])
    oval = geometry.fill_polygon(face.points[FACE_OVAL], alpha.shape[1], alpha.shape[0]) > 0.5
    head = morphology.dilate(oval, 5 * mm)
    hair = regions["hair"] > 0.6
    seen = hair & (y < face.eyes.mean(0)[1])
    scale = np.array([0.5, 1, 1])
    far = seen.any() and np.linalg.norm((np.median(lab[seen], axis=0) - own) * scale) > _OTHER
    if not far:
        head |= hair & (y < chin + 8 * mm)
    return np.asarray(_fill_holes(alpha > 0.95) & ~head & (y > chin - face.ied))


def _fill_holes(person: Bits) -> Bits:
    """The person without holes: where a cut-out is open amid a jacket, the jacket goes on."""
    labels, holes = morphology.label_holes(person, connectivity=4)
    return np.asarray(person | np.isin(labels, holes))


def measure_soft(small: Pixels, cloth: Mask, pieces: tuple[Cloth, ...], mm: float) -> float:
    """Share of the largest piece's border within the cloth that is soft; 0 where it is short.

    Where one cloth ends at another, the photo shows an edge: a lapel on a shirt, a tie. A border
    without one runs through a garment, as along a shoulder that is lighter than the rest of it, or
    the mask has two garments in it.
    """
    if not pieces:
        return 0.0
    seen, dyed = cloth > 0.8, pieces[0].mask > 0.5
    within, without = as_float(seen & dyed), as_float(seen & ~dyed)
    border = dyed & (cv2.dilate(without, np.ones((3, 3), np.uint8)) > 0)
    smooth = filters.blur_inside(small, cloth + 1e-3, 0.6 * mm)
    lab = colour.p3_to_lab(np.clip(smooth, 0, 1)) * as_float(np.array([0.5, 1, 1]))
    sides = [
        filters.blur_inside(as_float(lab), side, 1.2 * mm)[border] for side in (within, without)
    ]
    soft = int((np.linalg.norm(sides[0] - sides[1], axis=1) < _EDGE).sum())
    if soft < _SHORT * np.sqrt(max(int(dyed.sum()), 1)):
        return 0.0
    return soft / max(int(border.sum()), 1)
