"""How the file renders the face: sharpness, noise, resolution, compression."""

from __future__ import annotations

import math

import cv2
import numpy as np

from catchlight.analysis.face.landmarks import LEFT_BROW, LEFT_EYE, RIGHT_BROW, RIGHT_EYE
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.face_crop import FaceCrop
from catchlight.analysis.quality import estimate_noise
from catchlight.arrays import Float, Pixels, as_float
from catchlight.likeness.component import Finding, unseen
from catchlight.likeness.cuts import PIECE
from catchlight.pixels import colour, geometry
from catchlight.pixels.filters import ramp
from catchlight.polish.grade import sigmoid
from catchlight.polish.sight import Sight


def measure_sharpness(sight: Sight) -> Finding:
    """Width of the edges of the eyes, as a Gaussian sigma in millimetres of face.

    OFIQ's Sharpness is a random forest over Laplacians of the whole face, which reads beards and
    skin texture as sharpness; a width in millimetres at the eyes is not fooled, and does not change
    with skin. Sharp portraits measured 0.15-0.5 mm, photos seen as blurry 0.75-1.9. 0.5 mm cost
    nothing, 1.6 everything.
    """
    sigma = estimate_edges(*_cut_eyes(sight.observation.close_up))
    if math.isnan(sigma):
        why = "no edges are seen around the eyes"
        return unseen(why)
    return Finding(
        sigma,
        ramp(sigma, 1.6, 0.5),
        f"soft: the edges of the eyes are {sigma:.1f} mm wide",
        praise=f"sharp: edges {sigma:.2f} mm wide",
        high=0.5,
    )


def estimate_edges(pixels: Pixels, face: Face) -> float:
    """Width of the strongest edges around the eyes by blurring them again (Zhuo & Sim 2011).

    An edge of width s blurred by t has a slope of s / sqrt(s^2 + t^2) of what it had: from the
    ratio R of the slopes, s = t / sqrt(R^2 - 1). Taken over the steepest tenth of what lies within
    1.5 mm of the lids' opening; t is 0.4 mm, at least 0.9 pixels. Neither contrast nor what else is
    near enters, so it follows a blur up to 3 mm (0.6 mm and a blur of 1.3 measure 1.3).

    Returns
    -------
    float
        Sigma in mm, the 40th percentile; nan where the eyes show too few pixels.
    """
    mm = face.px_per_mm
    h, w = pixels.shape[:2]
    lids = (geometry.fill_polygon(face.points[r], w, h) for r in (RIGHT_EYE, LEFT_EYE))
    size = 2 * max(1, round(1.5 * mm)) + 1
    near = cv2.dilate(np.maximum(*lids), np.ones((size, size), np.uint8)) > 0.5
    if near.sum() < 20:
        return math.nan
    y = as_float(np.sqrt(np.clip(colour.luminance(pixels), 0, 1)))
    again = max(0.9, 0.4 * mm)
    steep, softer = _slope(y), _slope(as_float(cv2.GaussianBlur(y, (0, 0), again)))
    chosen = near & (steep >= np.percentile(steep[near], 90)) & (steep > 1e-4)
    if chosen.sum() < 5:
        return math.nan
    ratio = np.maximum(steep[chosen] / np.maximum(softer[chosen], 1e-6), 1.0001)
    return float(np.percentile(again / np.sqrt(ratio**2 - 1), 40) / mm)


def _slope(y: Float) -> Float:
    return as_float(np.hypot(cv2.Sobel(y, cv2.CV_32F, 1, 0), cv2.Sobel(y, cv2.CV_32F, 0, 1)) / 8)


def _cut_eyes(face_crop: FaceCrop) -> tuple[Pixels, Face]:
    """The part of the face crop around both eyes and brows, and the face in its pixels."""
    face = face_crop.face
    ring = face.points[[*RIGHT_EYE, *LEFT_EYE, *RIGHT_BROW, *LEFT_BROW]]
    box = geometry.box_around(ring, 4.0 * face.px_per_mm, face_crop.alpha.shape, least=2)
    moved = face.moved(geometry.translation(-box[1].start, -box[0].start))
    return np.ascontiguousarray(face_crop.pixels[box]), moved


def measure_noise(sight: Sight) -> Finding:
    """Fine noise on the flattest parts (Immerkaer 1996), at arm's length and at close range.

    Standard deviation of root-coded luminance, in 8-bit codes. 1.2 codes cost nothing, 8 all.
    """
    close = _face_piece(sight)
    codes = 255 * max(estimate_noise(sight.pixels), 0.0 if close is None else estimate_noise(close))
    return Finding(
        codes,
        ramp(codes, 8, 1.2),
        f"noisy: {codes:.1f} codes of grain on flat parts",
        praise=f"clean ({codes:.1f} codes)",
        high=1.2,
    )


def measure_resolution(sight: Sight) -> Finding:
    """Pixels between the eyes in the photo that the picture came from.

    OFIQ's InterEyeDistance: 1 / (1 + exp((70 - x) / 20)), corrected for yaw. Enlarging does not
    raise it.
    """
    ied = sight.observation.source_ied
    return Finding(
        ied,
        sigmoid(ied, 70, 20),
        f"only {ied:.0f} px between the eyes; 100 are good, 240 the best practice",
        praise=f"{ied:.0f} px between the eyes",
        low=100,
    )


def measure_compression(sight: Sight) -> Finding:
    """Height of the steps that JPEG left at its blocks' borders, wherever its grid lies.

    Steps between neighbours, capped so that real edges count little, form a regular grid in a
    compressed picture: lines in its spectrum, whose place gives the grid's period and turn and
    whose height the steps. It survives resizing and a turn of up to 20 degrees, unlike a test at
    multiples of 8 pixels. (OFIQ's CompressionArtifacts is a network.) 0.10 codes cost nothing (JPEG
    quality 50 on four faces: 0.04-0.10; 75 and better: no grid, or one as faint), 0.26 everything
    (quality 20: 0.17-0.22). A picture of under 96 pixels shows too few blocks.
    """
    piece = _face_piece(sight)
    if piece is None:
        return unseen("the picture is too small to tell")
    luma = colour.linear_to_srgb(np.clip(colour.luminance(piece), 0, 1)) * np.float32(255)
    codes, period = find_grid(luma)
    return Finding(
        codes,
        ramp(codes, 0.26, 0.10),
        "the blocks of a JPEG are seen",
        praise="no blocks seen",
        high=0.10,
        details={"period": period},
    )


def _face_piece(sight: Sight) -> Pixels | None:
    """A square around the face; None where it would have under 96 pixels a side."""
    face_crop = sight.observation.close_up
    x0, y0, x1, y1 = face_crop.face.box
    h, w = face_crop.alpha.shape
    side = min(PIECE, h, w)
    if side < 96:
        return None
    left = int(np.clip((x0 + x1 - side) / 2, 0, w - side))
    top = int(np.clip((y0 + y1 - side) / 2, 0, h - side))
    return np.ascontiguousarray(face_crop.pixels[top : top + side, left : left + side])


def find_grid(luma: Float) -> tuple[float, float]:
    """Mean height of the steps along a grid of blocks in a square of ``luma`` codes (n, n).

    Returns
    -------
    codes : float
        Amplitude of the strongest line above what its ring of the spectrum shows elsewhere; 0
        where no line stands out six times.
    period : float, pixels; the grid's, or a whole fraction of it
    """
    n = luma.shape[0]
    window = np.outer(np.hanning(n), np.hanning(n)).astype(np.float32)
    total: Float = np.zeros((n, n // 2 + 1), np.float32)
    for turned in (luma, luma.T):
        step = np.abs(np.diff(turned, axis=1, append=turned[:, -1:]))
        # A step of 5 codes at a block's border is already coarse; edges of the face are larger.
        step = np.minimum(step, 5.0)
        step = as_float(step - cv2.blur(step, (31, 31)))
        total = total + np.abs(np.fft.rfft2(step * window)).astype(np.float32)
    fy, fx = np.fft.fftfreq(n)[:, None], np.fft.rfftfreq(n)[None]
    radius = np.hypot(fy, fx)
    turn = np.abs(np.degrees(np.arctan2(fy, fx)))
    near = (radius > 1 / 40) & (radius < 1 / 3.4)
    ring = np.round(np.log(np.maximum(radius, 1e-6)) * 12).astype(int)
    excess, stands = np.zeros_like(total), np.zeros_like(total)
    for k in np.unique(ring[near]):
        here = near & (ring == k)
        usual = float(np.median(total[here & (turn < 60)])) + 1e-9
        chosen = here & (turn < 22)
        excess[chosen] = total[chosen] - 2 * usual
        stands[chosen] = total[chosen] / usual
    at = np.unravel_index(int(stands.argmax()), stands.shape)
    if stands[at] < 6:
        return 0.0, 0.0
    return float(excess[at] / window.sum()), float(1 / radius[at])
