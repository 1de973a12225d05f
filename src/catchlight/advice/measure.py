"""The clothes in figures: contrast, bounce, burnt and blocked cloth, pattern, neckline, glasses.

Vocabulary: a *figure* is one measured number with its unit and how sure it is. Contrast is told in
CIEDE2000 and in L*; a pattern by its period in millimetres of the face, so that every size at which
the picture is shown tells the same pattern.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from catchlight.advice.beside import find_around, find_tones, measure_edge
from catchlight.advice.figure import Figure
from catchlight.advice.pattern import measure_even, measure_pattern
from catchlight.analysis.face.landmarks import CHIN, FACE_OVAL
from catchlight.analysis.light.toned import is_toned
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, as_float
from catchlight.pixels import colour, filters, geometry, morphology

#: L* below which no fold is told from another.
_FLOOR = 3.0
#: A cloth's own chroma from which what it throws on the chin can be told, and is sure.
_THROWS = (14.0, 32.0)
#: How far a lens reaches around the eye, in mm, and what is a lamp's mirror image in it.
_LENS, _MIRROR = 11.0, 0.9


@dataclass(frozen=True, eq=False)
class Worn:
    """What the sitter wears, in figures.

    Attributes
    ----------
    seen : bool, whether the clothes are told surely enough to speak of them
    sure, why : float 0..1 and what makes it unsure
    cloths : tuple of (name, share, #rrggbb), the largest first
    lab : mapping of ``cloth``, ``face``, ``neck``, ``hair``, ``ground`` to CIELAB; what is seen.
        ``hair`` is what the parts call so, be it hair or what covers it.
    figures : mapping of name to Figure; only what could be measured
    around : (n, 3) CIELAB, the ground near the sitter, place by place
    tones : (n, 3) CIELAB, the face lit and shaded, place by place; none where it is not known
    colourless : bool, whether the photo is in black and white or of one tone
    """

    seen: bool
    sure: float
    why: str
    cloths: tuple[tuple[str, float, str], ...]
    lab: Mapping[str, Float]
    figures: Mapping[str, Figure]
    around: Float = field(default_factory=lambda: np.zeros((0, 3), np.float32))
    tones: Float = field(default_factory=lambda: np.zeros((0, 3), np.float32))
    colourless: bool = False


def measure_worn(scene: Scene, *, ground: Float | None = None) -> Worn:
    """Measure the clothes of a framed portrait.

    Parameters
    ----------
    scene : Scene
    ground : (3,) CIELAB, optional
        What will stand behind; by default what the photo shows beside the sitter.

    Notes
    -----
    About 0.2 s for a frame of 800 pixels.
    """
    garment = scene.garment
    lab = _measure_colours(scene, ground)
    cloths = tuple(
        (p.name, round(p.share, 3), colour.p3_to_hex(colour.lab_to_p3(p.lab[None, None])[0, 0]))
        for p in garment.pieces
        if p.share > 0.03
    )
    figures = {**_measure_glasses(scene), **_measure_neckline(scene), **_measure_close(scene)}
    figures |= measure_edge(scene, ground) | measure_even(scene)
    if garment.seen:
        sure = garment.sure
        figures |= {f"from_{k}": v for k, v in _measure_contrast(lab, sure).items()}
        figures |= _measure_range(scene, sure)
        figures |= measure_pattern(scene, sure)
        figures |= _measure_bounce(scene, sure)
    return Worn(
        garment.seen,
        garment.sure,
        garment.why,
        cloths,
        lab,
        figures,
        find_around(scene, ground),
        find_tones(scene),
        is_toned(scene.small),
    )


def _measure_colours(scene: Scene, ground: Float | None) -> dict[str, Float]:
    """Median CIELAB of what the clothes stand beside."""
    small, parts = scene.small, scene.regions
    lab = colour.p3_to_lab(np.clip(filters.blur(small, 0.6 * scene.small_face.px_per_mm), 0, 1))
    h, w = small.shape[:2]
    alpha = filters.resize(scene.matte.alpha, w, h)
    masks = {
        "face": parts["face_skin"] > 0.7,
        "neck": parts["neck_skin"] > 0.7,
        "hair": (parts["hair"] > 0.8) & (scene.garment.cloth < 0.1),
        "ground": morphology.erode(alpha < 0.05, 4 * scene.small_face.px_per_mm),
    }
    found = {k: as_float(np.median(lab[m], axis=0)) for k, m in masks.items() if m.sum() > 80}
    if ground is not None:
        found["ground"] = as_float(ground)
    if scene.garment.pieces:
        found["cloth"] = scene.garment.pieces[0].lab
    return found


def _measure_contrast(lab: Mapping[str, Float], sure: float) -> dict[str, Figure]:
    """CIEDE2000 and L* between the largest cloth and what it stands beside."""
    found = {}
    for name in ("face", "neck", "hair", "ground"):
        if name in lab:
            delta = float(colour.ciede2000(lab["cloth"], lab[name]))
            found[name] = Figure(delta, "CIEDE2000", sure)
            found[f"{name}_lightness"] = Figure(float(lab["cloth"][0] - lab[name][0]), "L*", sure)
    return found


def _measure_range(scene: Scene, sure: float) -> dict[str, Figure]:
    """Share of the cloth at its ceiling, and of it without any light."""
    cloth = scene.garment.cloth > 0.9
    seen = scene.small[cloth]
    blocked = float((colour.p3_to_lab(seen[None])[0, :, 0] < _FLOOR).mean())
    return {
        "burnt": Figure(scene.garment.burnt, "share", sure),
        "blocked": Figure(blocked, "share", sure),
    }


def _measure_bounce(scene: Scene, sure: float) -> dict[str, Figure]:
    """Colour that the cloth throws on the chin: its part of the chin's change from the cheeks.

    In a* and b* along the cloth's own hue. Warm light from below and a beard do the same, so it is
    never quite sure, and not at all with a grey cloth.
    """
    face, parts = scene.small_face, scene.regions
    own = scene.garment.pieces[0].lab
    chroma = float(np.hypot(own[1], own[2]))
    skin = parts["face_skin"] > 0.7
    y = np.arange(len(skin))[:, None]
    chin, eyes = float(face.points[CHIN, 1]), float(face.eyes.mean(0)[1])
    low = skin & (y > chin - 0.14 * (chin - eyes))
    cheeks = skin & (y < chin - 0.3 * (chin - eyes)) & (y > eyes)
    if chroma < _THROWS[0] or min(low.sum(), cheeks.sum()) < 60:
        return {}
    lab = colour.p3_to_lab(np.clip(scene.small, 0, 1))
    here, there = (np.median(lab[mask], axis=0) for mask in (low, cheeks))
    # At the cheeks' lightness, for a darker skin has less chroma by itself.
    moved = here[1:] * (there[0] / max(float(here[0]), 5.0)) - there[1:]
    along = float(moved @ (own[1:] / chroma))
    trust = filters.ramp(chroma, *_THROWS)
    return {"bounce": Figure(along, "CIELAB", 0.6 * sure * trust)}


def _measure_neckline(scene: Scene) -> dict[str, Figure]:
    """How much cloth is in the frame below the chin, as a share of its height."""
    face, cloth = scene.small_face, scene.garment.cloth
    h, w = cloth.shape
    chin_x, chin_y = (float(v) for v in face.points[CHIN])
    half = 0.8 * face.ied
    strip = cloth[:, max(0, int(chin_x - half)) : min(w, int(chin_x + half) + 1)] > 0.5
    dressed = np.flatnonzero(strip.mean(axis=1) > 0.6)
    dressed = dressed[dressed > chin_y]
    sure = 1.0 if scene.garment.seen else 0.4
    start = float(dressed[0]) if len(dressed) else float(h)
    gap = (start - chin_y) / face.px_per_mm
    shown = Figure(max(0.0, (h - start) / h), "share of the height", sure)
    return {"neckline": Figure(gap, "mm below the chin", sure), "cloth_below": shown}


def _measure_close(scene: Scene) -> dict[str, Figure]:
    """How far below the chin the photo ends, whatever the frame; how much there is skin or hair."""
    face = scene.subject.face
    gap = (scene.subject.picture.height - float(face.points[CHIN, 1])) / face.px_per_mm
    found = {"below_chin": Figure(gap, "mm", 1.0)}
    parts, small = scene.regions, scene.small_face
    low = np.arange(len(parts["person"]))[:, None] > small.points[CHIN, 1] + 5 * small.px_per_mm
    body = (parts["person"] > 0.8) & low
    if body.any():
        found["bare"] = Figure(float((parts.bare[body] > 0.5).mean()), "share of the body", 1.0)
    return found


def _measure_glasses(scene: Scene) -> dict[str, Figure]:
    """Share of the lenses that mirrors a lamp or a window; nothing without glasses."""
    if not scene.regions.glasses:
        return {}
    crop = scene.face_crop
    face, pixels = crop.face, crop.pixels
    near = _draw_lenses(face.eyes, _LENS * face.px_per_mm, pixels.shape)
    near &= geometry.fill_polygon(face.points[FACE_OVAL], pixels.shape[1], pixels.shape[0]) > 0
    if near.sum() < 100:
        return {}
    small = filters.blur(pixels, 0.4 * face.px_per_mm)
    share = float((small.min(axis=2)[near] > _MIRROR).mean())
    # Glasses are told by the edges of their frame, rightly in three of four.
    return {"glare": Figure(share, "share", 0.7)}


def _draw_lenses(eyes: Float, radius: float, shape: tuple[int, ...]) -> np.ndarray:
    """Discs around both eyes."""
    y, x = np.ogrid[: shape[0], : shape[1]]
    out = np.zeros(shape[:2], bool)
    for cx, cy in eyes:
        out |= (x - cx) ** 2 + (y - cy) ** 2 < radius**2
    return out
