"""How near a restored portrait comes to the sharp original, in the measures of MEASURES.

identity   distance of dlib's vectors, both read with the original's mesh
PSNR-Y     of luma in the face oval, dB
dE00       mean CIEDE2000 over head and shoulders
edges      1 - error of luma's gradients over their energy in the face, the mean of blurs of
           0.25, 0.5 and 1 mm: 1 is the original, 0 as far from it as a blank
gain       coherent gain of luma's band of 0.5 to 2 mm in the face: 1 is all, and only, what was
           there; made-up texture does not raise it
coherence  of the same band: what is not coherent is invented
marks      contrast of the original's dark dots of the skin (analysis.dots), the median of 15
dots       dark dots that the original does not have, thousandths of the skin
iris       CIEDE2000 between the irises' mean colours
"""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.analysis.face.identity import ask_witness
from catchlight.analysis.face.landmarks import FACE_OVAL
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.restoration import dots
from catchlight.arrays import as_float
from catchlight.pixels import colour, geometry

MEASURES = (
    "identity", "PSNR-Y", "dE00", "edges", "gain", "coherence", "marks", "dots", "iris"
)  # fmt: skip
#: What the original itself measures; luma's PSNR would be infinite.
IDEALS = dict.fromkeys(MEASURES, 0.0) | dict.fromkeys(("edges", "gain", "coherence", "marks"), 1.0)
IDEALS["PSNR-Y"] = 1000.0
Bytes = np.ndarray


def to_bytes(pixels: np.ndarray) -> Bytes:
    """Linear P3 -> sRGB bytes."""
    srgb = colour.apply_matrix(np.ascontiguousarray(pixels), colour.P3_TO_SRGB)
    return np.round(colour.linear_to_srgb(np.clip(srgb, 0, 1)) * 255).astype(np.uint8)


def to_lab(picture: Bytes) -> np.ndarray:
    """sRGB bytes -> CIELAB."""
    light = colour.srgb_to_linear(picture / np.float32(255))
    return colour.p3_to_lab(colour.apply_matrix(light, colour.SRGB_TO_P3))


def measure(truth: Bytes, made: Bytes, face: Face) -> tuple[float, ...]:
    """The row of MEASURES."""
    h, w = truth.shape[:2]
    mm = face.px_per_mm
    oval = geometry.fill_polygon(face.points[FACE_OVAL], w, h) > 0.5
    far = float(np.linalg.norm(ask_witness(made, face) - ask_witness(truth, face)))
    weights = np.array([0.299, 0.587, 0.114], np.float32)
    a, b = (p.astype(np.float32) @ weights for p in (truth, made))
    psnr = float(10 * np.log10(255**2 / np.mean((a - b)[oval] ** 2)))
    labs = [to_lab(p) for p in (truth, made)]
    apart = float(colour.ciede2000(*labs).mean())
    edges = float(np.mean([_compare_edges(a, b, s * mm, oval) for s in (0.25, 0.5, 1.0)]))
    # A Gaussian pair whose band-pass is above half between wavelengths of 2 and 0.5 mm.
    fine, coarse = max(0.5 * mm / 5.34, 0.3), 2.0 * mm / 5.34
    p, q = (_blur(x, fine)[oval] - _blur(x, coarse)[oval] for x in (a, b))
    gain = float((p * q).mean() / (p * p).mean())
    coherence = float((p * q).mean() ** 2 / ((p * p).mean() * (q * q).mean()))
    iris = float(colour.ciede2000(*(iris_colour(lab, face) for lab in labs)))
    return far, psnr, apart, edges, gain, coherence, *_compare_dots(a, b, face), iris


def _blur(field: np.ndarray, sigma: float) -> np.ndarray:
    return cv2.GaussianBlur(field, (0, 0), sigma)


def _compare_edges(a: np.ndarray, b: np.ndarray, sigma: float, where: np.ndarray) -> float:
    kinds = ((1, 0), (0, 1))
    p, q = (
        np.stack([cv2.Sobel(_blur(x, sigma), cv2.CV_32F, *k)[where] for k in kinds]) for x in (a, b)
    )
    return 1 - float(((p - q) ** 2).sum() / (p**2).sum())


def _compare_dots(a: np.ndarray, b: np.ndarray, face: Face) -> tuple[float, float]:
    """Contrast kept of the dots of ``a``, and dots of ``b`` alone."""
    (rows, columns), was = dots.find_dots(a, face, finest=1.0, least=2.0)
    (_, _), now = dots.find_dots(b, face, finest=1.0, least=2.0)
    order = np.argsort(was[rows, columns])[:15]
    rows, columns = rows[order], columns[order]
    kept = float(np.median(now[rows, columns] / was[rows, columns])) if len(rows) else np.nan
    skin = dots.draw_skin(face, a.shape)
    spread = 1.4826 * float(np.median(np.abs(was[skin])))
    nowhere = cv2.erode(as_float(was), np.ones((5, 5))) > -2 * spread
    new = (now < -max(4 * spread, 2.0)) & nowhere & skin
    return kept, 1000 * float(new.sum() / max(skin.sum(), 1))


def iris_colour(lab: np.ndarray, face: Face) -> np.ndarray:
    """Mean CIELAB of both irises' rings: no pupil, no catchlight, no lid.

    The mean: a crisper iris has a darker median.
    """
    h, w = lab.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    chosen = np.zeros((h, w), bool)
    for centre in (468, 473):
        middle = face.points[centre]
        radius = float(np.linalg.norm(face.points[centre + 1 : centre + 5] - middle, axis=1).mean())
        far = np.hypot(x - middle[0], y - middle[1]) / radius
        chosen |= (far > 0.45) & (far < 0.9) & (np.abs(y - middle[1]) < 0.5 * radius)
    return lab[chosen].mean(axis=0)
