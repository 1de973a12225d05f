"""The matte: how much of every pixel of a frame is the sitter, and what colour that part has."""

from __future__ import annotations

from dataclasses import dataclass

from catchlight.analysis.cutout.cutout import Cutout
from catchlight.arrays import Mask, Pixels
from catchlight.measured import measured
from catchlight.pixels import filters, geometry, matting
from catchlight.pixels.foreground import clean_foreground

#: Longer side below which a frame is not shrunk to the cut-out's scale.
_LEAST = 320


@dataclass(frozen=True, eq=False)
class Matte:
    """Alpha and foreground colours at frame size.

    Attributes
    ----------
    alpha : (H, W) float32, 0..1
    engine : str, "fast" or "fine"; fast too where the fine network looked at something else
    pixels : (H, W, 3) linear P3, what it was laid over
    small : (h, w, 3) and (h, w), the same at the cut-out's scale with its alpha
    radius : float, pixels of 63 mm of the face
    cleaned : (H, W, 3) or None, the foreground where it is known already
    """

    alpha: Mask
    engine: str
    pixels: Pixels
    small: tuple[Pixels, Mask]
    radius: float
    cleaned: Pixels | None = None

    @measured
    def foreground(self) -> Pixels:
        """(H, W, 3) linear P3, free of the old background's colour; the pixels where alpha is 1.

        Only another ground asks for it: before the photo's own the person has its own colours.
        """
        return self.draw_foreground() if self.cleaned is None else self.cleaned

    def draw_foreground(self) -> Pixels:
        """The same anew, for whoever changes it."""
        if self.cleaned is not None:
            return self.cleaned.copy()
        return clean_foreground(self.pixels, self.alpha, *self.small, self.radius)

    def shrunk(self, pixels: Pixels) -> Matte:
        """The same over its pixels made smaller."""
        h, w = pixels.shape[:2]
        factor = w / self.alpha.shape[1]
        alpha = filters.resize(self.alpha, w, h)
        cleaned = None if self.cleaned is None else filters.resize(self.cleaned, w, h)
        return Matte(alpha, self.engine, pixels, self.small, self.radius * factor, cleaned)


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
    return Matte(alpha, cutout.engine, pixels, (small, alpha_small), ied)
