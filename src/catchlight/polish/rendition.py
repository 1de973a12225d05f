"""How the file renders the face: sharpness, noise, resolution, compression."""

from __future__ import annotations

import math

import cv2
import numpy as np

from catchlight.analysis.chart import Chart
from catchlight.analysis.mesh import IED_MM, Face
from catchlight.analysis.quality import estimate_noise, estimate_sharpness
from catchlight.analysis.regions import LEFT_BROW, LEFT_EYE, RIGHT_BROW, RIGHT_EYE
from catchlight.arrays import Float, Pixels, as_float
from catchlight.likeness.component import Component, indeterminate
from catchlight.pixels import colour
from catchlight.polish.grade import judge, ramp, sigmoid
from catchlight.polish.sight import Sight

# What the sharpest edges of the eyes measure in a sharp photo, sigma in pixels: so much, and so
# much for each pixel between the eyes (17 photographs at 40, 80, 160 and 250 px).
_SHARP = (0.65, 0.0062)
#: Side of the piece of the chart, in pixels, in which JPEG's grid is looked for.
_PIECE = 448


def measure_sharpness(sight: Sight) -> Component:
    """Width of the sharpest edges of the eyes over what a sharp photo of that size shows.

    OFIQ's Sharpness is a random forest over Laplacians of the whole face, which reads beards and
    skin texture as sharpness; edge width in millimetres at the eyes is not fooled. The score is a
    product: 0.75 mm cost nothing and 2.4 mm everything, as a viewer sees it; 1.2 times a sharp
    photo's width nothing and 2.6 times everything, as a lens or a hand has it.
    """
    name, title, weight = "sharpness", "Sharpness", 2.0
    chart = sight.witness.chart
    sigma = estimate_sharpness(*_cut_eyes(chart))
    if math.isnan(sigma):
        why = "no edges are seen around the eyes"
        return indeterminate(name, title, "mm", weight, why)
    ied = min(sight.witness.source_ied, chart.face.ied)
    expected = (_SHARP[0] + _SHARP[1] * ied) * IED_MM / ied
    ratio = sigma / expected
    return judge(
        name,
        title,
        sigma,
        "mm",
        ramp(sigma, 2.4, 0.75) * ramp(ratio, 2.6, 1.2),
        weight,
        (
            f"sharp: edges {sigma:.2f} mm wide",
            f"soft: edges of the eyes are {sigma:.2f} mm wide, {ratio:.1f} times a sharp photo's",
        ),
        high=0.75,
        details={"times_a_sharp_photo": ratio},
    )


def _cut_eyes(chart: Chart) -> tuple[Pixels, Face]:
    """The part of the chart around both eyes and brows, and the face in its pixels."""
    face = chart.face
    ring = face.points[[*RIGHT_EYE, *LEFT_EYE, *RIGHT_BROW, *LEFT_BROW]]
    limit = np.array(chart.alpha.shape[::-1])
    margin = 4.0 * face.px_per_mm
    x0, y0 = np.floor(ring.min(0) - margin).astype(int).clip(0, limit - 2)
    x1, y1 = np.ceil(ring.max(0) + margin).astype(int).clip([x0 + 2, y0 + 2], limit)
    moved = face.moved(np.array([[1.0, 0, -x0], [0, 1.0, -y0]]))
    return np.ascontiguousarray(chart.pixels[y0:y1, x0:x1]), moved


def measure_noise(sight: Sight) -> Component:
    """Fine noise on the flattest parts (Immerkaer 1996), at arm's length and at close range.

    Standard deviation of root-coded luminance, in 8-bit codes. 1.2 codes cost nothing, 8 all.
    """
    close = _face_piece(sight)
    codes = 255 * max(estimate_noise(sight.pixels), 0.0 if close is None else estimate_noise(close))
    return judge(
        "noise",
        "Noise",
        codes,
        "codes",
        ramp(codes, 8, 1.2),
        1.0,
        (f"clean ({codes:.1f} codes)", f"noisy: {codes:.1f} codes of grain on flat parts"),
        high=1.2,
    )


def measure_resolution(sight: Sight) -> Component:
    """Pixels between the eyes in the photo that the picture came from.

    OFIQ's InterEyeDistance: 1 / (1 + exp((70 - x) / 20)), corrected for yaw. Enlarging does not
    raise it.
    """
    ied = sight.witness.source_ied
    return judge(
        "resolution",
        "Resolution",
        ied,
        "px",
        sigmoid(ied, 70, 20),
        1.5,
        (
            f"{ied:.0f} px between the eyes",
            f"only {ied:.0f} px between the eyes; 100 are good, 240 the best practice",
        ),
        low=100,
    )


def measure_compression(sight: Sight) -> Component:
    """Height of the steps that JPEG left at its blocks' borders, wherever its grid lies.

    Steps between neighbours, capped so that real edges count little, form a regular grid in a
    compressed picture: lines in its spectrum, whose place gives the grid's period and turn and
    whose height the steps. It survives resizing and a turn of up to 20 degrees, unlike a test at
    multiples of 8 pixels. (OFIQ's CompressionArtifacts is a network.) 0.06 codes cost nothing,
    0.5 everything. A picture of under 96 px shows too few blocks.
    """
    name, title, weight = "compression", "Compression", 1.0
    piece = _face_piece(sight)
    if piece is None:
        return indeterminate(name, title, "codes", weight, "the picture is too small to tell")
    luma = colour.linear_to_srgb(np.clip(colour.luminance(piece), 0, 1)) * np.float32(255)
    codes, period = find_grid(luma)
    return judge(
        name,
        title,
        codes,
        "codes",
        ramp(codes, 0.5, 0.06),
        weight,
        (
            "no blocks seen",
            f"blocks of {period:.0f} px with steps of about {codes:.2f} codes",
        ),
        high=0.06,
        details={"period": period},
    )


def _face_piece(sight: Sight) -> Pixels | None:
    """A square of the chart around the face; None where it would have under 96 pixels a side."""
    chart = sight.witness.chart
    x0, y0, x1, y1 = chart.face.box
    h, w = chart.alpha.shape
    side = min(_PIECE, h, w)
    if side < 96:
        return None
    left = int(np.clip((x0 + x1 - side) / 2, 0, w - side))
    top = int(np.clip((y0 + y1 - side) / 2, 0, h - side))
    return np.ascontiguousarray(chart.pixels[top : top + side, left : left + side])


def find_grid(luma: Float) -> tuple[float, float]:
    """Mean height of the steps along a grid of blocks in a square of ``luma`` codes (n, n).

    Returns
    -------
    codes : float
        Amplitude of the strongest line above what its ring of the spectrum shows elsewhere; 0
        where no line stands out six times.
    period : float, pixels
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
    return float(2 * excess[at] / window.sum() / 2), float(1 / radius[at])
