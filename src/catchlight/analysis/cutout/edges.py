"""The edge of the sitter: alpha between what is surely the person and surely not.

fast: segmentation -> trimap -> closed form in the band. fine: the same with ISNet's hair in the
trimap. ISNet alone is a saliency network: it loses a pale shoulder against a pale wall, so it
never decides which pixels are the person, only how fine their edge is.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Mask, Pixels, as_float
from catchlight.models import run_onnx
from catchlight.pixels import colour, filters, geometry, matting

#: Overlap (intersection over union) below which ISNet has looked at something else than the sitter.
_AGREE = 0.80


def _agreement(fine: Mask, person: Mask) -> float:
    """Intersection over union of two answers to who is the person."""
    a, b = fine > 0.5, person > 0.5
    return float((a & b).sum() / max((a | b).sum(), 1))


def _disc(radius: float) -> np.ndarray:
    r = max(1, round(radius))
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * r + 1, 2 * r + 1))


def _erode(mask: NDArray[np.bool_], radius: float) -> NDArray[np.bool_]:
    return np.asarray(cv2.erode(mask.view(np.uint8), _disc(radius)), np.uint8).view(np.bool_)


def _dilate(mask: NDArray[np.bool_], radius: float) -> NDArray[np.bool_]:
    return np.asarray(cv2.dilate(mask.view(np.uint8), _disc(radius)), np.uint8).view(np.bool_)


def _main_part(person: Mask, face: Face) -> Mask:
    """Keep the connected part of the person that holds the face; others' arms go."""
    solid = (person > 0.5).astype(np.uint8)
    _, labels = cv2.connectedComponents(solid)
    h, w = solid.shape
    x, y = np.clip(face.points.mean(0), 0, [w - 1, h - 1]).astype(int)
    label = labels[y, x]
    if label == 0:
        return person
    keep = cv2.dilate((labels == label).astype(np.uint8), _disc(face.ied * 0.35))
    return person * keep


def draw_trimap(person: Mask, face: Face, fine: Mask | None = None) -> tuple[Mask, Mask]:
    """Sure foreground and sure background from a segmentation (H, W), 0..1.

    The unknown band is wide around the head, where hair is, and narrow along neck and shoulders:
    about 8 mm outside and 5 mm inside against 3.5 and 2.5.
    """
    mm = face.px_per_mm
    h, w = person.shape
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    eyes = face.eyes.mean(0)
    distance = np.hypot(x - eyes[0], (y - eyes[1]))
    # Head: within 2.9 inter-eye distances of the eyes, above the chin.
    chin = face.points[152, 1]
    near_head = (distance < 3.2 * face.ied) & (y < chin - 0.1 * face.ied)
    # Of bits, as an erosion above a level is the erosion of what lies above it.
    inside = _erode(person > 0.8, 2.5 * mm)
    inside_head = _erode(person > 0.85, 5 * mm)
    outside = ~_dilate(person >= 0.2, 3.5 * mm)
    outside_head = ~_dilate(person >= 0.12, 8 * mm)
    fg = np.where(near_head, inside_head, inside)
    bg = np.where(near_head, outside_head, outside)
    if fine is not None:
        fg = fg | ((fine > 0.97) & _dilate(person > 0.5, 6 * mm))
        bg = bg | ((fine < 0.02) & (person < 0.3) & ~_dilate(fine >= 0.1, 2 * mm))
    # The face itself is never in doubt.
    oval = geometry.fill_polygon(as_float(cv2.convexHull(face.points)[:, 0]), w, h)
    fg = fg | _erode(oval > 0.9, 3 * mm)
    return fg.astype(np.float32), (bg & ~fg).astype(np.float32)


def agree(fine: Mask, person: Mask) -> bool:
    """Whether the fine network looked at the same person as the segmentation."""
    return _agreement(fine, person) >= _AGREE


def estimate_cut(
    pixels: Pixels, person: Mask, face: Face, fine: Mask | None = None
) -> tuple[Mask, Mask]:
    """Alpha of a picture at about 1.2 pixels a millimetre.

    Parameters
    ----------
    pixels : (h, w, 3) linear P3
    person : (h, w) coarse segmentation of it
    face : Face in its pixels
    fine : (h, w) ISNet's answer, or None

    Returns
    -------
    alpha : (h, w)
    kept : (h, w), the part of the segmentation that hangs together with the face
    """
    main = _main_part(person, face)
    fg, bg = draw_trimap(main, face, fine)
    # The segmentation's haze is indecision, not transparency: sharpen it.
    decided = filters.smoothstep(main, 0.2, 0.8)
    guess = decided if fine is None else np.minimum(fine, cv2.dilate(decided, _disc(4)))
    alpha = matting.estimate_alpha(matting.root_code(pixels), fg, bg, as_float(guess))
    kept = np.divide(main, person, out=np.zeros_like(main), where=person > 0)
    return _tidy(alpha, fg, face.ied), as_float(kept)


def _tidy(alpha: Mask, fg: Mask, ied: float) -> Mask:
    """Drop islands that no strand joins to the person, and snap what is almost clear or solid.

    Haze joins a piece of wall to the hair as well as a strand does; what hangs on by less than a
    quarter of alpha goes, but for the finest strands within a tenth of the inter-eye distance.
    """
    alpha = np.clip((alpha - 0.07) / 0.88, 0, 1)
    solid = as_float(cv2.dilate(_joined(alpha > 0.25, fg), _disc(0.1 * ied)))
    near = _joined(alpha > 0.08, fg) * filters.blur(solid, 0.02 * ied)
    return np.asarray(alpha * near, np.float32)


def _joined(part: NDArray[np.bool_], fg: Mask) -> Mask:
    """The components of a mask that hold some of the sure person."""
    count, labels = cv2.connectedComponents(part.view(np.uint8))
    holds = np.bincount(labels[fg > 0.5], minlength=count) > 0
    holds[0] = False
    return as_float(holds[np.asarray(labels)])


def run_isnet(pixels: Pixels) -> Mask:
    """ISNet's saliency of a framed picture, (H, W) float32 in 0..1 (Qin et al. 2022, DIS)."""
    h, w = pixels.shape[:2]
    square = cv2.resize(pixels, (1024, 1024), interpolation=cv2.INTER_AREA)
    codes = colour.linear_to_srgb(np.clip(square, 0, 1)) * 255
    x = np.ascontiguousarray(((codes - 128) / 256).transpose(2, 0, 1)[None], np.float32)
    out = run_onnx("isnet_matte", x)[0, 0]
    return np.clip(filters.resize(out, w, h), 0, 1)
