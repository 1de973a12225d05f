"""Restored detail: what a poor source most likely showed, as far as it can be had without guessing.

Vocabulary: the *source* is the part of the photo under the frame, in its own pixels and code
values (reduced only where the face is larger than the face crop's 252 px between the eyes); *clean*
is the source without JPEG's steps, noise and small blur; *restored* is clean in the frame, through
the super-resolution network where the frame asks for more pixels than the photo has.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.frame import Frame
from catchlight.analysis.restoration.dots import draw_dots
from catchlight.analysis.restoration.identity_guard import draw_irises, keep_irises, step_back
from catchlight.analysis.restoration.overshoot import measure_trust, tell_enlarging
from catchlight.analysis.restoration.source_faults import Faults, SourceCut, cut_source
from catchlight.analysis.restoration.super_resolution import (
    enlarge_held,
    raise_marks,
    strengthen_marks,
)
from catchlight.arrays import Float, Pixels, as_float
from catchlight.images import Picture
from catchlight.pixels import colour, deconvolution, filters, geometry, jpeg, sliding_dct, ycc
from catchlight.pixels.strips import over_strips

#: A frame this much larger than its source gets the network.
ENLARGED = 1.25
#: From so many pixels between the eyes on (1.6 px/mm) a photo is enlarged less than three times and
#: holds eyes and hair; the network would take 12 s at 140 px, and takes about 4 at 95.
_LARGE = 100.0
#: Below this nothing is deconvolved: what a coarse JPEG left of an edge is its own; sharpened, it
#: cost 1.5 dB at quality 30.
_COARSE = 60
#: Share of the luma noise that goes; what stays is grain, without which skin looks like wax.
_LUMA_SHARE = 0.6
#: Widest blur that is undone, in pixels of the source and in millimetres of face.
_WIDEST_PX, _WIDEST_MM = 2.5, 0.75
#: Pixels per mm from which marks are raised without the network: a mark of 0.8 mm is a pixel then.
_MARKS_FROM = 1.25
# Share, and blur in source pixels, of what deblocking took from luma that is put back around the
# network: the coarse part of it, too, tells who somebody is. Of 12 photos reduced four times and
# stored at quality 30 the identity distance is 0.1715 without and 0.1684 with (bicubic 0.1739), for
# 0.06 dB; of the half or all of it the blocks come back.
_RESIDUE, _RESIDUE_PX = 0.7, 0.7


@dataclass(frozen=True)
class Restored:
    """The frame with restored detail.

    Attributes
    ----------
    pixels : (H, W, 3) linear P3, at frame size
    steps : tuple of str, what was done, for a person to read
    share : float, 0..1, how much of it was kept; below 1 where all of it changed the sitter
    network : bool, whether the super-resolution network painted pixels
    """

    pixels: Pixels
    steps: tuple[str, ...]
    share: float
    network: bool = False


def clean(source: SourceCut, faults: Faults, *, enlarged: bool) -> tuple[Float, Float, list[str]]:
    """Take the faults out of a source.

    Parameters
    ----------
    source : SourceCut
    faults : Faults
    enlarged : bool
        Whether the network comes next, which sharpens what blocks are left.

    Returns
    -------
    The clean codes (H, W, 3), what was taken out of luma (H, W) that is to be put back after the
    network, what was done.
    """
    steps: list[str] = []
    first = luma = ycc.to_luma(source.codes)
    said: list[Float] = []
    chroma = said
    left = max(faults.noise, 0.5)
    quality = faults.quality
    blocks = faults.enlarged_blocks if enlarged else faults.blocks
    room = 0.0
    if (quality is not None and blocks > 0) or faults.stains > 0:
        whole = ycc.to_ycc(source.codes)
        chroma = said = [np.ascontiguousarray(whole[..., i]) for i in (1, 2)]
    eyes = chroma
    grain = np.zeros((1, 1), np.float32)
    if quality is not None and blocks > 0:
        was = luma
        luma = _mix(luma, jpeg.deblock(luma, quality), blocks)
        chroma = [_mix(c, jpeg.deblock_chroma(c, quality), blocks) for c in chroma]
        left = max(left, 0.25 * float(jpeg.jpeg_table(quality)[1, 1]))
        room = _ROOM[0] * float(jpeg.jpeg_table(quality, chroma=True)[0, 1])
        if enlarged and faults.blocks > 0:
            grain = as_float(
                _RESIDUE * faults.blocks * filters.blur(as_float(was - luma), _RESIDUE_PX)
            )
        steps.append(f"JPEG of quality {quality}: blocks and ringing")
    if faults.stains > 0:
        noise = faults.stain / 255
        chroma = [_mix(c, sliding_dct.denoise_chroma(c, noise), faults.stains) for c in chroma]
        eyes = chroma
        room = max(room, _ROOM[1] * faults.stain)
        steps.append(f"colour noise of {faults.stain:.1f} codes")
    if faults.grain > 0:
        # 2.7 sigma: the usual factor of hard thresholding in BM3D (Dabov 2007).
        count = sliding_dct.choose_count(luma.size)
        smooth = sliding_dct.shrink_dct(luma, 2.7 * faults.noise / 255, count=count)
        taken = as_float(faults.grain * (luma - smooth))
        luma = as_float(luma - taken)
        grain = as_float(grain + taken * (1 - _LUMA_SHARE))
        left = faults.noise * max(0.4, 1 - faults.grain)
        steps.append(f"noise of {faults.noise:.1f} codes")
    if faults.softness > 0 and (quality is None or quality >= _COARSE):
        sigma = min(math.sqrt(faults.blur**2 - faults.sharp**2), _WIDEST_PX)
        sigma = min(sigma, _WIDEST_MM * max(source.face.px_per_mm, 1.0))
        luma = _mix(luma, deconvolution.deconvolve(luma, sigma, left / 255), faults.softness)
        steps.append(f"a blur of {sigma:.1f} px")
    if not steps:
        return source.codes, grain, steps
    if not said:
        return ycc.add_luma(source.codes, as_float(luma - first)), grain, steps
    chroma = _stop_bleeding(luma, chroma, eyes, source.face, faults.doubt)
    # Nor anywhere by more than the fault can have done: lips would go grey.
    room /= 255
    chroma = [np.clip(c, s - room, s + room) for c, s in zip(chroma, said, strict=True)]
    codes = ycc.to_rgb(as_float(cv2.merge([luma, *chroma])))
    return as_float(np.clip(codes, 0, 1, out=codes)), grain, steps


#: Radius in source pixels over which chroma follows luma, and the contrast that it follows.
_BLEED, _BLEED_EPS = 2, 0.02
#: Half the width of the finest dot whose colour is kept, in source pixels.
_DOT_PX = 0.7
#: How far chroma may move: shares of a JPEG's step of its lowest wave, and of the noise.
_ROOM = (0.25, 3.0)


def _stop_bleeding(
    luma: Float, chroma: list[Float], said: list[Float], face: Face, doubt: float
) -> list[Float]:
    """Let chroma follow luma, across whose edges what is left of the fault bleeds.

    Not in the irises, whose colour stays what the file ``said``: a dark rim tells nothing of it,
    and four pixels of radius moved it by 3 CIEDE2000. Nor in dots, for the same reason: red ones of
    2 px lost a third of their redness at quality 74.
    """
    marks = draw_dots(as_float(255 * luma), face, finest=_DOT_PX, least=doubt)
    keep = np.maximum(draw_irises(face, luma.shape), marks)
    guided = [filters.guided_filter(luma, c, _BLEED, _BLEED_EPS**2) for c in chroma]
    return [as_float(g + keep * (s - g)) for g, s in zip(guided, said, strict=True)]


def _mix(a: Float, b: Float, share: float) -> Float:
    return b if share == 1 else as_float(a + np.float32(share) * (b - a))


def restore_detail(
    picture: Picture, face: Face, faults: Faults, frame: Frame, plain: Callable[[], Pixels]
) -> Restored | None:
    """Restore the detail of a poor source in its frame.

    Parameters
    ----------
    picture : Picture
    face : Face, in photo pixels
    faults : Faults, of the photo
    frame : Frame
    plain : callable
        Gives the frame as it is, (H, W, 3) linear P3; asked late, so that it is drawn meanwhile.

    Returns
    -------
    Restored; None for a clean, sharp, large source, or where a quarter of it changes the sitter.
    """
    # Decided by the frame that was planned, not by a preview of it.
    network = frame.enlarged > ENLARGED and face.ied < _LARGE
    if faults.none and not network:
        return None
    source = cut_source(picture, face, frame, faults.start)
    codes, grain, steps = clean(source, faults, enlarged=network)
    chain = geometry.chain(geometry.invert(source.to_source), frame.transform)
    if network:
        times = 2 if frame.enlarged <= 2 else 4
        trust = measure_trust(source.codes, source.face.ied)
        steps.append(tell_enlarging(frame.enlarged, trust))
        large = enlarge_held(codes, times, trust)
        large = strengthen_marks(large, codes, source.face, faults.doubt)
        if grain.size > 1:
            shape = (large.shape[1], large.shape[0])
            large = large + cv2.resize(grain, shape, interpolation=cv2.INTER_CUBIC)[..., None]
        if faults.blocks > 0:
            large = raise_marks(large, source.codes, source.face, faults.doubt, share=faults.blocks)
        fit = geometry.scaling(1 / times, 1 / times)
        light = ycc.decode(np.clip(large, 0, 1))
        made = _to_frame(picture, frame, light, geometry.chain(fit, chain))
    elif steps:
        if grain.size > 1:
            codes = ycc.add_luma(codes, grain)
        if faults.blocks > 0 and source.face.px_per_mm > _MARKS_FROM:
            codes = raise_marks(codes, source.codes, source.face, faults.doubt, share=faults.blocks)
        light = ycc.decode_change(codes, source.codes)
        made = _to_frame(picture, frame, light, chain, plain=plain())
    else:
        return None
    framed, pixels = face.moved(frame.transform), plain()
    if faults.enlarged_blocks > 0:
        made = keep_irises(framed, pixels, made)
    finest = max(1.0, geometry.scale_of(chain))
    kept = step_back(framed, pixels, made, finest=finest, least=faults.doubt)
    return None if kept is None else Restored(kept[0], tuple(steps), kept[1], network)


def _to_frame(
    picture: Picture,
    frame: Frame,
    light: Float,
    transform: geometry.Transform,
    *,
    plain: Pixels | None = None,
) -> Float:
    """Light of the source in the frame, 0 or more; a difference is added to what is ``plain``."""
    size = (frame.width, frame.height)
    if geometry.scale_of(transform) < 0.95:
        out = geometry.resample(light, transform, *size)
    else:  # a difference, or the network's: no edges finer than cubics carry, at half the cost
        how, edge = cv2.INTER_CUBIC, cv2.BORDER_REPLICATE
        out = as_float(cv2.warpAffine(light, transform, size, flags=how, borderMode=edge))

    def finish(rows: slice) -> None:
        here = colour.apply_matrix(out[rows], picture.encoding.matrix)
        if plain is not None:
            here += plain[rows]
        np.maximum(here, 0, out=out[rows])

    over_strips(finish, *out.shape[:2])
    return out
