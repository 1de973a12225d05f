"""The matte: how much of every pixel of a frame is the sitter, and what colour that part has."""

from __future__ import annotations

from dataclasses import dataclass

from catchlight.analysis.cutout.cutout import Cutout
from catchlight.arrays import Mask, Pixels
from catchlight.pixels import filters, geometry, matting
from catchlight.pixels.foreground import clean_foreground

#: Longer side below which a frame is not shrunk to the cut-out's scale.
_LEAST = 320


@dataclass(frozen=True)
class Matte:
    """Alpha and foreground colours at frame size.

    Attributes
    ----------
    alpha : (H, W) float32, 0..1
    foreground : (H, W, 3) float32 linear P3, free of the old background's colour; equal to the
        frame's pixels where alpha is 1
    engine : str, "fast" or "fine"; fast too where the fine network looked at something else
    """

    alpha: Mask
    foreground: Pixels
    engine: str


def lay_matte(
    pixels: Pixels, cutout: Cutout, frame: geometry.Transform, *, covered: Mask | None = None
) -> Matte:
    """Alpha and foreground colours of a framed picture, of the subject's cut-out.

    Parameters
    ----------
    pixels : (H, W, 3) linear P3
    cutout : Cutout
    frame : (2, 3) similarity from photo pixels to those of ``pixels``
    covered : (H, W), 1 where the photo reaches, or None; beyond it nothing is person

    Returns
    -------
    Matte

    Notes
    -----
    Where the frame is finer than the cut-out, alpha is carried along the colour lines of a picture
    at the cut-out's scale to the frame's own pixels.
    """
    h, w = pixels.shape[:2]
    px_per_mm = geometry.scale_of(geometry.chain(cutout.grid.matrix, frame))
    factor = min(1.0, max(1 / px_per_mm, _LEAST / max(h, w)))
    sw, sh = max(1, round(w * factor)), max(1, round(h * factor))
    small = filters.resize(pixels, sw, sh)
    to_small = geometry.chain(frame, geometry.rescaling((h, w), (sh, sw)))
    alpha_small = cutout.over(to_small, sw, sh)
    if (sw, sh) == (w, h):
        alpha = alpha_small
    else:
        alpha = matting.upsample_alpha(pixels, matting.root_code(small), alpha_small)
    if covered is not None:
        alpha = alpha * covered
    ied = cutout.face.ied * px_per_mm
    tone = clean_foreground(pixels, alpha, small, alpha_small, ied)
    return Matte(alpha, tone, cutout.engine)
