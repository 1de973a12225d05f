"""A picture: upright code values, how to read them as light, and what the file said about them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Codes, Mask, Pixels
from catchlight.images.encoding import Encoding, codes_to_linear
from catchlight.images.metadata import Metadata
from catchlight.pixels.colour import P3_TO_SRGB, apply_matrix, linear_to_srgb

#: x0, y0, x1, y1 in pixels; x1 and y1 are excluded.
Box = tuple[int, int, int, int]


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded picture. Codes are kept as they are in the file; light is made on demand."""

    #: (H, W, 3) uint8 or uint16, RGB, upright, read-only.
    codes: Codes
    #: Code values -> linear P3.
    encoding: Encoding
    #: (H, W) 0..1 if the file was really transparent; ``codes`` are then already on white.
    alpha: Mask | None
    #: One of JPEG, PNG, WebP, TIFF, HEIC, AVIF, BMP and GIF.
    format: str
    #: What the camera said, and what may be kept of it.
    metadata: Metadata
    #: File name without its folder, or ``"<stdin>"``.
    name: str
    #: Sentences a person should see: what was ignored, assumed or converted.
    notes: tuple[str, ...] = ()
    #: Of a JPEG file the quality 1..100 that its tables say, else None.
    quality: int | None = None

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.codes.shape[0])

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.codes.shape[1])

    def linear(self, box: Box | None = None) -> Pixels:
        """Linear P3 (h, w, 3) float32 of ``box``, or of the whole picture.

        Raises
        ------
        ValueError
            ``box`` is empty or leaves the picture.
        """
        native = self.linear_native(box)
        return native if self.encoding.is_p3 else apply_matrix(native, self.encoding.matrix)

    def linear_native(self, box: Box | None = None, *, halvings: int = 0) -> Pixels:
        """As :meth:`linear`, but in the file's own primaries, and halved in size so many times.

        For callers that resample first and apply ``encoding.matrix`` to fewer pixels.
        """
        x0, y0, x1, y1 = box if box is not None else (0, 0, self.width, self.height)
        if not (0 <= x0 < x1 <= self.width and 0 <= y0 < y1 <= self.height):
            raise ValueError(f"box {box} is not inside the picture, {self.width} x {self.height}")
        return codes_to_linear(self.codes[y0:y1, x0:x1], self.encoding, halvings=halvings)

    def preview(self, longest: int) -> NDArray[np.uint8]:
        """Small sRGB picture for networks, (h, w, 3) uint8; never larger than the original.

        Parameters
        ----------
        longest : int
            Pixels of its longer side.

        Notes
        -----
        Area-averaged on codes, as networks were trained; converted only if not sRGB. Colours
        outside sRGB are clipped: nothing here is ever shown or saved.
        """
        if longest < 1:
            raise ValueError(f"longest must be at least 1 pixel, not {longest}")
        scale = min(1.0, longest / max(self.height, self.width))
        size = (max(1, round(self.width * scale)), max(1, round(self.height * scale)))
        small = self.codes
        if scale < 1.0:
            small = np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_AREA))
        if not self.encoding.is_srgb:
            to_srgb = P3_TO_SRGB @ self.encoding.matrix
            light = apply_matrix(codes_to_linear(small, self.encoding), to_srgb)
            return np.asarray(np.clip(linear_to_srgb(light) * 255 + 0.5, 0, 255), np.uint8)
        if small.dtype == np.uint16:
            return np.asarray(cv2.convertScaleAbs(small, alpha=1 / 257), np.uint8)
        return small.copy() if small is self.codes else np.asarray(small, np.uint8)
