"""The source: the part of the photo under the frame in its own pixels, and what is wrong with it.

Vocabulary: *codes* are sRGB-curved values 0..1 in the photo's own primaries; the *probe* is the
head alone, on which faults are told before anything costly is done.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.face_crop import IED
from catchlight.analysis.frame import Frame
from catchlight.analysis.quality import estimate_sharpness
from catchlight.arrays import Float, as_float
from catchlight.images import Picture
from catchlight.pixels import colour, filters, geometry, jpeg, sliding_dct, ycc

# Of a photo, a face wider than the face crop's is reduced to the face crop's before anything is
# judged; a reduction by less than this is not worth its softness.
_REDUCED = 0.8
#: The probe around the middle between the eyes, in inter-eye distances: beside, above, below.
_PROBE = (1.6, 1.6, 2.2)
# Shares of what is done over: JPEG quality; standard deviation of luma's and of chroma's noise in
# codes of 255; width of the eyes' edges over that of a sharp photo. All is done at the second. Of
# 130 ordinary photos none with 100 px between the eyes measured above 1.9, 0.9 and 1.2 but two
# blurred ones, and the network sharpens what blocks are left.
_JPEG, _ENLARGED_JPEG, _NOISE, _STAIN, _SOFT = (
    (60, 40),
    (90, 60),
    (2.5, 4.5),
    (1.5, 2.5),
    (1.2, 1.3),
)
# What the sharpest edges of the eyes measure in a sharp photo, sigma in source pixels: so much, and
# so much for each pixel between the eyes (17 photographs at 40, 80, 160 and 250 px: 0.88, 1.18,
# 1.67, 2.1, spread 4 %; noise of 8 codes adds 8 %).
_SHARP = (0.65, 0.0062)


@dataclass(frozen=True)
class Faults:
    """What is wrong with a source.

    Attributes
    ----------
    quality : int or None, at which it was saved as a JPEG whose blocks are still there
    noise, stain : float, standard deviations of luma's and chroma's noise, in codes of 255
    blur, sharp : float
        Sigma of the eyes' sharpest edges, in source pixels, and what it is in a sharp photo; 0
        where it cannot be told.
    start : (x, y), where in the photo the grid of its JPEG blocks begins
    """

    quality: int | None
    noise: float
    stain: float
    blur: float
    sharp: float
    start: tuple[int, int] = (0, 0)

    @property
    def blocks(self) -> float:
        """0..1, how much is to be done about JPEG."""
        return 0.0 if self.quality is None else _grade(self.quality, _JPEG)

    @property
    def enlarged_blocks(self) -> float:
        """The same where the network comes next."""
        return 0.0 if self.quality is None else _grade(self.quality, _ENLARGED_JPEG)

    @property
    def grain(self) -> float:
        """0..1, how much is to be done about noise."""
        return _grade(self.noise, _NOISE)

    @property
    def stains(self) -> float:
        """0..1, how much is to be done about colour noise."""
        return _grade(self.stain, _STAIN)

    @property
    def softness(self) -> float:
        """0..1, how much is to be done about blur."""
        return _grade(self.blur / self.sharp, _SOFT)

    @property
    def doubt(self) -> float:
        """Codes of 255 below which a dot of the skin may be noise or what a JPEG made of it."""
        step = 0.0 if self.quality is None else 0.5 * float(jpeg.jpeg_table(self.quality)[1, 1])
        return max(3.0, self.noise, step)

    @property
    def none(self) -> bool:
        """Whether there is nothing to do."""
        return max(self.blocks, self.grain, self.stains, self.softness) == 0


def _grade(value: float, ramp: tuple[float, float]) -> float:
    return float(np.clip((value - ramp[0]) / (ramp[1] - ramp[0]), 0, 1))


@dataclass(frozen=True)
class SourceCut:
    """Codes (H, W, 3), the way from photo pixels to theirs, and the face there."""

    codes: Float
    to_source: geometry.Transform
    face: Face


def find_faults(picture: Picture, face: Face) -> Faults:
    """Tell what is wrong with a photo as a source from the sitter's head alone.

    Parameters
    ----------
    picture : Picture
    face : Face, in photo pixels

    Notes
    -----
    20 to 60 ms, whatever the size of the photo.
    """
    limit = np.array([picture.width, picture.height])
    beside, above, below = (reach * face.ied for reach in _PROBE)
    middle = face.eyes.mean(0)
    low = np.floor(middle - np.array([beside, above])).astype(int).clip(0, limit - 16)
    high = np.ceil(middle + np.array([beside, below])).astype(int).clip(low + 16, limit)
    scale = min(1.0, IED / face.ied)
    quality, start = None, np.zeros(2, int)
    if scale > _REDUCED:
        codes = read_codes(picture, low, high)
        if picture.format == "JPEG":
            quality, start = _find_grid(ycc.to_luma(codes), low, limit, picture.quality)
        probe = SourceCut(
            codes,
            geometry.translation(-low[0], -low[1]),
            face.moved(geometry.translation(-low[0], -low[1])),
        )
    else:
        probe = reduce_source(picture, low, high, face)
    planes = cv2.split(ycc.to_ycc(probe.codes))
    noise, *stain = (sliding_dct.estimate_noise(as_float(plane)) for plane in planes)
    # The estimate wants light, of which it takes the root; primaries do not matter to it.
    sigma = estimate_sharpness(_square(probe.codes), probe.face)
    blur = 0.0 if math.isnan(sigma) else sigma * probe.face.px_per_mm
    sharp = _SHARP[0] + _SHARP[1] * probe.face.ied
    at = (int(start[0]), int(start[1]))
    return Faults(quality, noise * 255, max(stain) * 255, blur, sharp, at)


def _square(codes: Float) -> Float:
    """Nearly linear light, at a tenth of the cost."""
    return as_float(codes * codes)


def _find_grid(
    luma: Float, low: NDArray[np.int_], limit: NDArray[np.int_], told: int | None
) -> tuple[int | None, NDArray[np.int_]]:
    """Quality and grid of a JPEG whose luma is cut from ``low`` on, and whose tables ``told`` one.

    A coarse table is the file's last word. A fine one may store again what was coarse before: then
    the pixels are asked.
    """
    # Upright after a turn by quarters, the grid begins at what the last block left over.
    rest = limit % 8
    for start in {(0, 0), (int(rest[0]), 0), (0, int(rest[1])), (int(rest[0]), int(rest[1]))}:
        skip = (np.array(start) - low) % 8
        part = np.ascontiguousarray(luma[skip[1] :, skip[0] :])
        quality = told
        if told is None or told > _COARSE:
            quality = jpeg.estimate_jpeg(part)
        elif jpeg.match_lattice(part, told) < jpeg.LATTICE:
            quality = None
        if quality is not None:
            return quality, np.array(start)
    return None, np.zeros(2, int)


#: Up to this quality the tables are believed: what was stored before it was hardly coarser.
_COARSE = 60


def cut_source(picture: Picture, face: Face, frame: Frame, start: tuple[int, int]) -> SourceCut:
    """Cut the source out of the photo, on the grid of its JPEG blocks.

    Parameters
    ----------
    picture : Picture
    face : Face, in photo pixels
    frame : Frame
    start : (x, y), of :class:`Faults`
    """
    back = geometry.invert(frame.transform)
    w, h = frame.width, frame.height
    reach = geometry.apply(back, np.array([[0, 0], [w, 0], [0, h], [w, h]], np.float32))
    limit = np.array([picture.width, picture.height])
    low = np.floor(reach.min(0) - 16).astype(int).clip(0, limit - 16)
    high = np.ceil(reach.max(0) + 16).astype(int).clip(low + 16, limit)
    low = low + (np.array(start) - low) % 8
    if IED / face.ied > _REDUCED:
        shift = geometry.translation(-low[0], -low[1])
        return SourceCut(read_codes(picture, low, high), shift, face.moved(shift))
    return reduce_source(picture, low, high, face)


def read_codes(picture: Picture, low: NDArray[np.int_], high: NDArray[np.int_]) -> Float:
    """sRGB-curved codes 0..1 of a part of the photo, in its own primaries."""
    if picture.encoding.is_srgb and picture.codes.dtype == np.uint8:
        part = picture.codes[low[1] : high[1], low[0] : high[0]]
        return np.multiply(part, np.float32(1 / 255), dtype=np.float32)
    box = (int(low[0]), int(low[1]), int(high[0]), int(high[1]))
    return colour.linear_to_srgb(picture.linear_native(box))


#: Rows of the photo that are read at a time.
_ROWS = 256


def reduce_source(
    picture: Picture, low: NDArray[np.int_], high: NDArray[np.int_], face: Face
) -> SourceCut:
    """Bring a part of the photo to the face crop's scale, where no blocks are.

    Narrowed a strip at a time, then lowered: whole, the codes of 24 megapixels would take 290 MB.
    """
    scale = IED / face.ied
    whole = (int(high[1] - low[1]), int(high[0] - low[0]))
    h, w = (max(16, round(n * scale)) for n in whole)
    narrow = np.empty((whole[0], w, 3), np.float32)
    for top in range(0, whole[0], _ROWS):
        rows = slice(top, min(top + _ROWS, whole[0]))
        corners = [low[0], low[1] + rows.start], [high[0], low[1] + rows.stop]
        part = read_codes(picture, *(np.array(c) for c in corners))
        narrow[rows] = filters.resize(part, w, rows.stop - rows.start)
    codes = filters.resize(narrow, w, h)
    shift = geometry.translation(-low[0], -low[1])
    to_source = geometry.chain(shift, geometry.rescaling(whole, (h, w)))
    return SourceCut(codes, to_source, face.moved(to_source))
