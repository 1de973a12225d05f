"""Restored detail: what a poor source most likely showed, as far as it can be had without guessing.

Vocabulary: the *source* is the part of the photo under the frame, in its own pixels and code
values (reduced only where the face is larger than the chart's 252 px between the eyes); *clean* is
the source without JPEG's steps, noise and small blur; *restored* is clean in the frame, through
the super-resolution network where the frame asks for more pixels than the photo has.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.chart import IED
from catchlight.analysis.faces import Detection
from catchlight.analysis.frame import Frame
from catchlight.analysis.identity import measure_identity
from catchlight.analysis.mesh import LEFT_IRIS, RIGHT_IRIS, Face, fit_mesh
from catchlight.analysis.quality import estimate_sharpness
from catchlight.analysis.sitting import Sitting
from catchlight.arrays import Float, Pixels, as_float
from catchlight.models import run_ncnn
from catchlight.pixels import colour, filters, geometry, restore

#: A frame this much larger than its source gets the network.
ENLARGED = 1.25
#: From so many pixels between the eyes on (2.5 px/mm) skin and hair are there; the network
#: would take half a minute.
_LARGE = 160.0
#: A JPEG below this quality shows its blocks in a portrait.
_JPEG = 85
#: Below this nothing is deconvolved.
_COARSE = 60
# Standard deviations in codes of 255: below the first nothing is done, above the second all. A
# clean 8-bit photo measures 0.3 to 1.5.
_NOISE = (2.0, 4.0)
#: Share of the luma noise that goes; what stays is grain, without which skin looks like wax.
_LUMA_SHARE = 0.6
#: The same for chroma, of which nothing is worth keeping.
_STAINED = 1.2
# What the sharpest edges of the eyes measure in a sharp photo, sigma in source pixels: so much, and
# so much for each pixel between the eyes (17 photographs at 40, 80, 160 and 250 px: 0.88, 1.18,
# 1.67, 2.1, spread 4 %; noise of 8 codes adds 8 %). A blur counts from 1.2 times that.
_SHARP = (0.65, 0.0062)
_SOFT = 1.2
#: Widest blur that is undone, in pixels of the source and in millimetres of face.
_WIDEST_PX, _WIDEST_MM = 2.5, 0.75
_TILE, _MARGIN = 256, 12


@dataclass(frozen=True)
class Restored:
    """The frame with restored detail.

    Attributes
    ----------
    pixels : (H, W, 3) linear P3, at frame size
    steps : tuple of str, what was done, for a person to read
    share : float, 0..1, how much of it was kept; below 1 where all of it changed the sitter
    """

    pixels: Pixels
    steps: tuple[str, ...]
    share: float


@dataclass(frozen=True)
class _Source:
    codes: Float
    to_source: geometry.Transform
    face: Face
    quality: int | None


def _cut_source(sitting: Sitting, frame: Frame) -> _Source:
    """Cut the source out of the photo, on the grid of its JPEG blocks where it has one."""
    picture = sitting.picture
    back = geometry.invert(frame.transform)
    w, h = frame.width, frame.height
    reach = geometry.apply(back, np.array([[0, 0], [w, 0], [0, h], [w, h]], np.float32))
    limit = np.array([picture.width, picture.height])
    low = np.floor(reach.min(0) - 16).astype(int).clip(0, limit - 16)
    high = np.ceil(reach.max(0) + 16).astype(int).clip(low + 16, limit)
    if picture.format == "JPEG":
        # Upright after a turn by quarters, the grid begins at what the last block left over.
        rest = limit % 8
        for start in [(0, 0), (rest[0], 0), (0, rest[1]), (rest[0], rest[1])]:
            at = np.where(low > 0, (low - start) // 8 * 8 + start, start)
            at = np.where(at < 0, at + 8, at)
            codes = _read(sitting, at, high)
            quality = restore.estimate_jpeg(restore.to_ycc(codes)[..., 0])
            if quality is not None:
                return _reduce(codes, at, sitting.face, quality)
            if not rest.any():
                break
    return _reduce(_read(sitting, low, high), low, sitting.face, None)


def _read(sitting: Sitting, low: NDArray[np.int_], high: NDArray[np.int_]) -> Float:
    box = (int(low[0]), int(low[1]), int(high[0]), int(high[1]))
    return colour.linear_to_srgb(sitting.picture.linear_native(box))


def _reduce(codes: Float, at: NDArray[np.int_], face: Face, quality: int | None) -> _Source:
    """Bring the source to the chart's scale at most; a reduced picture has no blocks left."""
    scale = min(1.0, IED / face.ied)
    move = np.array([[1.0, 0, -at[0]], [0, 1.0, -at[1]]])
    if scale > 0.8:
        return _Source(codes, move, face.moved(move), quality)
    h, w = (max(16, round(n * scale)) for n in codes.shape[:2])
    grow = np.array([[w / codes.shape[1], 0, 0], [0, h / codes.shape[0], 0]], np.float64)
    grow[:, 2] = (np.diag(grow) - 1) / 2
    to_source = np.column_stack([grow[:, :2], grow[:, 2] - grow[:, :2] @ at])
    small = cv2.resize(codes, (w, h), interpolation=cv2.INTER_AREA)
    return _Source(as_float(small), to_source, face.moved(to_source), None)


def _estimate_blur(source: _Source) -> float:
    """Sigma, in source pixels, of the sharpest edges around the eyes; 0 where it cannot be told."""
    # The estimate wants light, of which it takes the root; primaries do not matter to it.
    sigma = estimate_sharpness(colour.srgb_to_linear(source.codes), source.face)
    return 0.0 if math.isnan(sigma) else sigma * source.face.px_per_mm


def _draw_irises(face: Face, shape: tuple[int, ...]) -> Float:
    """Soft discs over both irises, 1 within 1.1 radii and 0 beyond 1.5."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    out = np.zeros(shape[:2], np.float32)
    for centre in (RIGHT_IRIS, LEFT_IRIS):
        middle = face.points[centre]
        radius = float(np.linalg.norm(face.points[centre + 1 : centre + 5] - middle, axis=1).mean())
        far = np.hypot(x - middle[0], y - middle[1]) / radius
        out = np.maximum(out, filters.smoothstep(as_float(far), 1.5, 1.1))
    return out


def _clean(source: _Source) -> tuple[Float, Float | None, list[str]]:
    """The clean source in codes, the grain that was taken out to be put back, what was done."""
    steps: list[str] = []
    ycc = restore.to_ycc(source.codes)
    luma, chroma = np.ascontiguousarray(ycc[..., 0]), [ycc[..., 1], ycc[..., 2]]
    noise = restore.estimate_noise(luma) * 255
    stained = max(restore.estimate_noise(c) for c in chroma) * 255
    blur = _estimate_blur(source)
    left = max(noise, 0.5)
    eyes = chroma
    quality = source.quality
    if quality is not None and quality < _JPEG:
        luma = restore.deblock(luma, quality)
        eyes, chroma = chroma, [restore.deblock_chroma(c, quality) for c in chroma]
        left = max(left, 0.25 * float(restore.jpeg_table(quality)[1, 1]))
        steps.append(f"JPEG of quality {quality}: blocks and ringing")
    # 2.7 sigma: the usual factor of hard thresholding in BM3D (Dabov 2007).
    if stained > _STAINED:
        chroma = [restore.shrink_dct(c, 2.7 * stained / 255, step=2) for c in chroma]
        eyes = chroma
        steps.append(f"colour noise of {stained:.1f} codes")
    grain: Float | None = None
    amount = float(np.clip((noise - _NOISE[0]) / (_NOISE[1] - _NOISE[0]), 0, 1))
    if amount > 0:
        smooth = restore.shrink_dct(luma, 2.7 * noise / 255, step=2)
        grain = as_float(amount * (luma - smooth))
        luma = as_float(luma - grain)
        grain = as_float(grain * (1 - _LUMA_SHARE))
        left = noise * max(0.4, 1 - amount)
        steps.append(f"noise of {noise:.1f} codes")
    sharp = _SHARP[0] + _SHARP[1] * source.face.ied
    # What a coarse JPEG left of an edge is its own: sharpened, it cost 1.5 dB at quality 30.
    if blur > _SOFT * sharp and (quality is None or quality >= _COARSE):
        sigma = min(math.sqrt(blur**2 - sharp**2), _WIDEST_PX)
        sigma = min(sigma, _WIDEST_MM * max(source.face.px_per_mm, 1.0))
        luma = restore.deconvolve(luma, sigma, left / 255)
        steps.append(f"a blur of {sigma:.1f} px")
    if not steps:
        return source.codes, None, steps
    if steps[0].startswith(("JPEG", "colour")):
        # What is left bleeds across luma's edges. Not in the irises, whose colour stays what the
        # file says: a dark rim tells nothing of it, and four pixels of radius moved it by 3
        # CIEDE2000.
        keep = _draw_irises(source.face, luma.shape)
        guided = [filters.guided_filter(luma, c, 2, 0.02**2) for c in chroma]
        chroma = [as_float(g + keep * (c - g)) for g, c in zip(guided, eyes, strict=True)]
    codes = restore.to_rgb(as_float(np.dstack([luma, *chroma])))
    return np.clip(codes, 0, 1), grain, steps


def enlarge(codes: Float, times: int, *, agreed: bool = True) -> Float:
    """Enlarge (h, w, 3) codes by the network, tile by tile, and hold it to what they say."""
    h, w = codes.shape[:2]
    out = np.empty((h * times, w * times, 3), np.float32)
    for y0, y1, top, bottom in restore.split_tiles(h, _TILE, _MARGIN):
        for x0, x1, left, right in restore.split_tiles(w, _TILE, _MARGIN):
            tile = codes[y0:y1, x0:x1]
            part = run_ncnn(f"super_resolution_x{times}", np.ascontiguousarray(tile))
            ys = slice((top - y0) * times, (bottom - y0) * times)
            xs = slice((left - x0) * times, (right - x0) * times)
            out[top * times : bottom * times, left * times : right * times] = part[ys, xs]
    return np.clip(restore.agree(out, codes) if agreed else out, 0, 1)


def restore_detail(sitting: Sitting, frame: Frame, pixels: Pixels) -> Restored | None:
    """Restore the detail of a poor source in its frame.

    Parameters
    ----------
    sitting : Sitting
    frame : Frame
    pixels : (H, W, 3) linear P3, the frame as it is

    Returns
    -------
    Restored, or None where the source is clean, sharp and large enough, or where even a quarter of
    the restoration would change the sitter.
    """
    source = _cut_source(sitting, frame)
    codes, grain, steps = _clean(source)
    back = geometry.invert(source.to_source)
    chain = np.column_stack(
        [
            frame.transform[:, :2] @ back[:, :2],
            frame.transform[:, :2] @ back[:, 2] + frame.transform[:, 2],
        ]
    )
    matrix = sitting.picture.encoding.matrix
    size = (frame.width, frame.height)

    def to_frame(light: Float, transform: geometry.Transform) -> Float:
        return colour.apply_matrix(geometry.resample(light, transform, *size), matrix)

    # Decided by the frame that was planned, not by a preview of it, so that both show the same.
    if frame.enlarged > ENLARGED and source.face.ied < _LARGE:
        times = 2 if frame.enlarged <= 2 else 4
        steps.append(f"enlarged {frame.enlarged:.1f} times by super-resolution")
        large = enlarge(codes, times)
        if grain is not None:
            shape = (large.shape[1], large.shape[0])
            large = large + cv2.resize(grain, shape, interpolation=cv2.INTER_CUBIC)[..., None]
        fit = np.array([[1 / times, 0, (1 / times - 1) / 2], [0, 1 / times, (1 / times - 1) / 2]])
        fit = np.column_stack([chain[:, :2] @ fit[:, :2], chain[:, :2] @ fit[:, 2] + chain[:, 2]])
        made = to_frame(colour.srgb_to_linear(np.clip(large, 0, 1)), fit)
    elif steps:
        if grain is not None:
            codes = np.clip(codes + grain[..., None], 0, 1)
        change = colour.srgb_to_linear(codes) - colour.srgb_to_linear(source.codes)
        made = pixels + to_frame(change, chain)
    else:
        return None
    return _step_back(sitting.face.moved(frame.transform), pixels, np.maximum(made, 0), steps)


#: Allowed distances from the plain frame: identity, and the mesh in inter-eye distances; each at
#: least this, and this many times what harmless changes cost on the same photo.
_IDENTITY, _MESH, _TIMES = 0.15, 0.012, 2.0


def _step_back(face: Face, plain: Pixels, made: Pixels, steps: list[str]) -> Restored | None:
    """Keep as much of the restoration as leaves the sitter who they are and how they look."""
    low = np.floor(face.points.min(0) - face.ied).astype(int).clip(0)
    high = np.ceil(face.points.max(0) + face.ied).astype(int)
    part = (slice(low[1], high[1]), slice(low[0], high[0]))
    here = face.moved(np.array([[1.0, 0, -low[0]], [0, 1.0, -low[1]]]))
    box = np.array(here.box, np.float32)
    found = Detection(box, here.eyes, here.score)

    def look(codes: NDArray[np.uint8]) -> tuple[Float, Float]:
        return measure_identity(codes, here), fit_mesh(codes, found).points

    codes = _to_srgb(plain[part])
    _, stored = cv2.imencode(".jpg", codes, [cv2.IMWRITE_JPEG_QUALITY, 90])
    again = np.asarray(cv2.imdecode(stored, cv2.IMREAD_UNCHANGED), np.uint8)
    who, mesh = look(codes)

    def compare(other: tuple[Float, Float]) -> tuple[float, float]:
        apart = np.linalg.norm(other[1] - mesh, axis=1).mean() / here.ied
        return float(np.linalg.norm(other[0] - who)), float(apart)

    harmless = np.maximum(
        compare(look(again)), compare(look(np.ascontiguousarray(np.roll(codes, 1, axis=1))))
    )
    limit = np.maximum([_IDENTITY, _MESH], _TIMES * harmless)
    for share in (1.0, 0.5, 0.25):
        mixed = made if share == 1 else as_float(plain + np.float32(share) * (made - plain))
        if (np.array(compare(look(_to_srgb(mixed[part])))) <= limit).all():
            return Restored(mixed, tuple(steps), share)
    return None


def _to_srgb(pixels: Pixels) -> NDArray[np.uint8]:
    linear = colour.apply_matrix(np.ascontiguousarray(pixels), colour.P3_TO_SRGB)
    codes = colour.linear_to_srgb(np.clip(linear, 0, 1)) * 255
    return np.asarray(np.round(codes), np.uint8)
