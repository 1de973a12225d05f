"""What the clothes stand beside: the ground around the shoulders, and their edge against it.

A median over a whole background is nobody's neighbour: a dark jacket before a bright window and
between two dark curtains merges with neither by the median and with both by the eye. So the edge
is looked at where it runs, and a colour of cloth is held against all of what lies near it.
"""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.advice.figure import Figure
from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.scene import Scene
from catchlight.analysis.wardrobe.garment import CEILING
from catchlight.arrays import Float, as_float
from catchlight.pixels import colour, filters, morphology

#: How far beside the sitter ground counts as near, how wide the edge is looked at, and how far from
#: the cut-out's own line, where hair and light spill; mm.
_NEAR, _EDGE, _SPILL = 60.0, 5.0, 1.5
#: So many places of the ground, or of the face, stand for all of it.
_PLACES = 600
#: Share of the face at its ceiling from which its tones are not its own [judgement].
_BURNT = 0.2
#: Shoulders begin so far below the chin, and outlines shorter than the second tell nothing; mm.
_BELOW, _SHORT = 5.0, 40.0
#: CIEDE2000 and L* across the edge under which it is lost when small; CIEDE2000 from which it is
#: seen at once [judgement, looked at on 162 photos].
_LOST, _SEEN = (10.0, 10.0), 22.0


def find_around(scene: Scene, ground: Float | None) -> Float:
    """The ground near the sitter's shoulders and head, (n, 3) CIELAB; none where none is seen.

    Parameters
    ----------
    scene : Scene
    ground : (3,) CIELAB, optional
        What will stand behind instead; then it is all there is.
    """
    if ground is not None:
        return as_float(ground[None])
    mm, alpha = scene.small_face.px_per_mm, scene.regions["person"]
    lab = _read_lab(scene, 1.5 * mm)
    away = morphology.dilate(alpha > 0.5, _NEAR * mm) & ~morphology.dilate(alpha > 0.05, 4 * mm)
    found = lab[away]
    if len(found) < 80:
        return np.zeros((0, 3), np.float32)
    return as_float(found[:: max(1, len(found) // _PLACES)])


def find_tones(scene: Scene) -> Float:
    """The face's skin, lit and shaded, (n, 3) CIELAB; none where much of it is burnt or none seen.

    What is burnt has no tone that is the face's own, and its shade alone would speak for it.
    """
    lab = _read_lab(scene, 1.5 * scene.small_face.px_per_mm)
    skin = scene.regions["face_skin"] > 0.7
    if skin.sum() < 80 or float((scene.small[skin].max(axis=1) > CEILING).mean()) > _BURNT:
        return np.zeros((0, 3), np.float32)
    found = lab[skin]
    return as_float(found[:: max(1, len(found) // _PLACES)])


def measure_edge(scene: Scene, ground: Float | None) -> dict[str, Figure]:
    """Along how much of the outline around the shoulders it is lost, and seen at once.

    Whether cloth, hair or skin is there does not matter to the eye, and need not be told apart.
    """
    mm, alpha = scene.small_face.px_per_mm, scene.regions["person"]
    lab = _read_lab(scene, 0.8 * mm)
    low = np.arange(len(alpha))[:, None] > scene.small_face.points[CHIN, 1] + _BELOW * mm
    body = (alpha > 0.9) & low
    beside = (alpha < 0.02) & ~morphology.dilate(alpha > 0.5, _SPILL * mm)
    rim = body & morphology.dilate(beside, (_EDGE + _SPILL) * mm)
    if rim.sum() < _SHORT * _EDGE * mm * mm:
        return {}
    inner = filters.blur_inside(lab, as_float(body), 0.5 * _EDGE * mm)[rim]
    if ground is None:
        other = filters.blur_inside(lab, as_float(beside), 0.5 * _EDGE * mm)[rim]
    else:
        other = np.broadcast_to(as_float(ground), inner.shape)
    off = colour.ciede2000(as_float(inner), as_float(other))
    light = np.abs(inner[:, 0] - other[:, 0])
    lost = float(((off < _LOST[0]) & (light < _LOST[1])).mean())
    return {
        "edge_lost": Figure(lost, "share of the outline", 1.0),
        "edge_seen": Figure(float((off > _SEEN).mean()), "share of the outline", 1.0),
    }


def _read_lab(scene: Scene, sigma: float) -> Float:
    smooth = cv2.GaussianBlur(scene.small, (0, 0), max(sigma, 0.3))
    return colour.p3_to_lab(np.clip(smooth, 0, 1))
