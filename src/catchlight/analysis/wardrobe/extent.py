"""How far the clothes reach: islands are dropped, a collar's top is joined, a pattern is told."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.parts.regions import Regions
from catchlight.analysis.wardrobe.pieces import DYED, Cloth
from catchlight.arrays import Float, Mask, as_float
from catchlight.pixels import filters, morphology
from catchlight.pixels.morphology import Bits

#: How far from the largest piece's middle (CIELAB, L* by half) its own continuation may be.
_ALIKE = 11.0
#: How far from it hair and ground have to be (the same), to be told apart by colour alone.
_OTHER = 14.0
#: How far (radians) the hue of a cloth's folds may be from its own.
_HUE = 0.35
#: How far a rim reaches from the ground and from the piece, mm, half so far beside skin; and how
#: far from its middle (CIELAB, L* by half) either may be [judgement, looked at on six photos].
_RIM, _RIM_ALIKE, _SHADE_ALIKE = 5.0, 20.0, 14.0
#: Of what is worn the share that hair hangs over, from which a rim of its colour may be hair.
_HUNG = 0.01
#: How far shading reaches, mm: what changes over less is a fold.
_SHADING = 8.0
#: How far a pattern's own parts lie apart at the most, in mm.
_PATTERN = 6.0


def drop_islands(solid: Bits, low: float, mm: float) -> Bits:
    """Drop what does not reach down to ``low`` or is small: ground among curls, a pendant."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(solid.view(np.uint8), connectivity=4)
    ends = stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT]
    low = min(low, len(solid) - 1)
    kept = (ends >= low) & (stats[:, cv2.CC_STAT_AREA] > 60 * mm * mm)
    kept[0] = False
    return np.asarray(kept[labels])


def grow_main(
    pieces: tuple[Cloth, ...],
    lab: Float,
    free: Mask,
    ground: Bits,
    face: Face,
    regions: Regions,
    *,
    hung: float,
) -> tuple[Cloth, ...]:
    """Let the largest piece have what hangs together with it and has its colour: a collar's top.

    Beside the neck a collar stands where hair may hang; by its colour it is told apart, unless hair
    or ground have the same.

    Parameters
    ----------
    pieces : tuple of Cloth, the largest first
    lab : (h, w, 3) CIELAB, smoothed over a thread
    free : (h, w), 0..1, the person but skin and face
    ground : (h, w) bool, no person
    face : Face
    regions : Regions
    hung : float, 0..1, the share of what is worn that hair hangs over
    """
    mm = face.px_per_mm
    hair = (regions["hair"] > 0.7) & (np.arange(len(free))[:, None] < face.eyes.mean(0)[1])
    if not pieces or min(hair.sum(), ground.sum()) < 40:
        return pieces
    main = pieces[0]
    scale = as_float(np.array([0.5, 1, 1]))
    for other in (hair, ground):
        if float(np.linalg.norm((np.median(lab[other], axis=0) - main.lab) * scale)) < _OTHER:
            return pieces
    rows = np.arange(len(free))[:, None] > face.eyes.mean(0)[1] + 0.6 * face.ied
    off = np.linalg.norm((lab - main.lab) * scale, axis=2)
    alike = (off < _ALIKE) & (free > 0.9) & rows
    own = main.mask > 0.5
    _, labels = cv2.connectedComponents((alike | own).astype(np.uint8), connectivity=4)
    joined = np.isin(labels, np.unique(labels[own])) & alike
    grown = morphology.drop_thin(joined, 1.0 * mm)
    other = np.linalg.norm((lab - np.median(lab[hair], axis=0)) * scale, axis=2)
    unlike = (off < other) | (hung < _HUNG)
    off = as_float(np.where(unlike & rows, off, np.inf))
    grown |= _find_rim(grown | own, off, free, ground, mm)
    mask = np.maximum(main.mask, filters.blur(as_float(grown), 0.5 * mm))
    return (replace(main, mask=as_float(mask)), *pieces[1:])


def _find_rim(main: Bits, off: Float, free: Mask, ground: Bits, mm: float) -> Bits:
    """What lies between the piece and the ground, or skin, and is of neither's colour: its rim.

    An enlarged or sharpened picture, and light from behind, leave one along a shoulder, shade one
    along a neckline; as it was, it would be a line of the old colour beside the neck. ``off`` is
    the distance to the piece's colour, infinite where it may be hair.
    """
    bare = (free < 0.1) & ~ground
    outer = morphology.dilate(ground, _RIM * mm) & morphology.dilate(main, _RIM * mm)
    inner = morphology.dilate(bare, 0.5 * _RIM * mm) & morphology.dilate(main, 0.5 * _RIM * mm)
    rim = (outer & (off < _RIM_ALIKE)) | (inner & (off < _SHADE_ALIKE))
    rim &= free > 0.4
    # A bright line within the rim is the sharpener's.
    closed = morphology.erode(morphology.dilate(main | rim, 0.8 * mm), 0.8 * mm)
    return np.asarray(rim | (closed & outer & (free > 0.4)))


def measure_mixed(cloth: Mask, pieces: tuple[Cloth, ...], mm: float) -> float:
    """How much of another colour lies among the largest piece, within the reach of a pattern."""
    if not pieces:
        return 0.0
    main = pieces[0].mask > 0.5
    disc = morphology.draw_disc(_PATTERN * mm)
    closed = cv2.morphologyEx(main.astype(np.uint8), cv2.MORPH_CLOSE, disc) > 0
    among = closed & (cloth > 0.8) & (pieces[0].mask < 0.3)
    return float(among.sum() / max(main.sum(), 1))


def measure_torn(cloth: Mask, pieces: tuple[Cloth, ...], lab: Float) -> float:
    """Cloth of the largest piece's own hue that is none of it, as a share of it; 0 for a grey."""
    if not pieces:
        return 0.0
    own = pieces[0].lab
    dye = float(np.hypot(*own[1:]))
    if dye < DYED:
        return 0.0
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    along = lab[..., 1] * own[1] + lab[..., 2] * own[2]
    alike = along > np.cos(_HUE) * chroma * dye
    deep = chroma > 0.5 * dye
    torn = alike & deep & (cloth > 0.8) & (pieces[0].mask < 0.3)
    return float(torn.sum() / max((pieces[0].mask > 0.5).sum(), 1))


def measure_relief(lightness: Float, pieces: tuple[Cloth, ...], mm: float) -> float:
    """How far (L*) the folds of the largest piece depart from its shading, root mean square."""
    core = as_float(morphology.erode(pieces[0].mask > 0.9, mm)) if pieces else None
    if core is None or core.sum() < 60:
        return 0.0
    shading = filters.blur_inside(as_float(lightness), core, _SHADING * mm)
    return float(np.sqrt(np.mean((lightness - shading)[core > 0] ** 2)))
