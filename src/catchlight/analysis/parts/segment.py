"""Which pixels are the person: the coarse segmentation, looked at in windows around the face.

The network sees 256 x 256 pixels, so it is shown the person twice: once head and shoulders, once
the head alone, where the finer answer counts.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Mask, Points
from catchlight.models import run_litert
from catchlight.pixels import geometry

_SIDE = 256
# The head's window: its side in inter-eye distances, and how far above the eyes its middle lies. It
# must be smaller than this share of the frame's to be worth a look.
_HEAD, _ABOVE, _WORTH = 5.5, 0.15, 0.8
#: How many windows of one photo are remembered: three frames and the plan.
_KEPT = 6


@dataclass(frozen=True, eq=False)
class PersonMask:
    """Where the person of a face is in a picture, looked at when somebody asks.

    Attributes
    ----------
    picture : (H, W, 3) uint8 sRGB
    face : Face in its pixels
    """

    picture: NDArray[np.uint8]
    face: Face
    _seen: dict[tuple[float, ...], Mask] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def over(self, frame: geometry.Transform, width: int, height: int) -> Mask:
        """Probability of *person* over a frame.

        Parameters
        ----------
        frame : (2, 3) similarity from the picture to the frame
        width, height : int, size of the frame in pixels

        Returns
        -------
        (height, width) float32 in 0..1

        Notes
        -----
        Two runs of the network, 8 ms each; the head's is shared by all frames of a photo.
        """
        face, middle = self.face, self.face.eyes.mean(0)
        back = geometry.invert(frame)
        corners = geometry.apply(
            back, np.array([[0, 0], [width, 0], [0, height], [width, height]], np.float32)
        )
        # Far beyond the photo's borders the network would see only reflections.
        limit = np.array([self.picture.shape[1], self.picture.shape[0]], np.float32)
        slack = 0.08 * limit.max()
        low, high = np.maximum(corners.min(0), -slack), np.minimum(corners.max(0), limit + slack)
        span = float((high - low).max())
        body, to_body = self._look((low + high) / 2, span)
        mask = _into_frame(body, to_body, back, width, height)
        side = min(_HEAD * face.ied, span)
        if side < _WORTH * span:
            centre = middle - np.array([0, _ABOVE * face.ied], np.float32)
            head, to_head = self._look(centre, side)
            # Trust the close look inside its window, fading to the wide one over its outer fifth.
            y, x = np.mgrid[0:_SIDE, 0:_SIDE].astype(np.float32) / (_SIDE - 1)
            edge = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y))
            trust = np.clip((edge - 0.02) / 0.15, 0, 1).astype(np.float32)
            # Below the chin the wide look knows more (it sees the shoulders).
            trust *= np.clip((0.86 - y) / 0.16, 0, 1)
            weight = _into_frame(trust, to_head, back, width, height)
            mask = mask * (1 - weight) + weight * _into_frame(head, to_head, back, width, height)
        return mask

    def _look(self, centre: Points, side: float) -> tuple[Mask, geometry.Transform]:
        """What the network says of a square window, and the way from the picture to it."""
        to_window = geometry.similarity(
            _SIDE / side,
            0.0,
            np.asarray(centre, np.float32),
            np.full(2, (_SIDE - 1) / 2, np.float32),
        )
        key = tuple(float(v) for v in to_window.ravel())
        with self._lock:
            if key not in self._seen:
                while len(self._seen) >= _KEPT:
                    self._seen.pop(next(iter(self._seen)))
                self._seen[key] = _segment(self.picture, to_window)
            return self._seen[key], to_window


def _segment(picture: NDArray[np.uint8], to_window: geometry.Transform) -> Mask:
    """Run the network on one window."""
    scale = geometry.scale_of(to_window)
    window = cv2.warpAffine(
        picture, to_window, (_SIDE, _SIDE), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT_101
    )
    if scale < 0.7:  # warpAffine does not average: shrink first
        size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        up = geometry.rescaling(small.shape, picture.shape)
        window = cv2.warpAffine(
            small,
            geometry.chain(up, to_window),
            (_SIDE, _SIDE),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT_101,
        )
    (out,) = run_litert("selfie_segmentation", window[None].astype(np.float32) / 255).values()
    return np.asarray(out[0, :, :, 0], np.float32)


def _into_frame(
    seen: Mask, to_window: geometry.Transform, back: geometry.Transform, width: int, height: int
) -> Mask:
    """Carry a window's field into the frame; zero outside the window."""
    matrix = geometry.chain(back, to_window)
    out = cv2.warpAffine(
        seen, matrix, (width, height), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    )
    return np.clip(out, 0, 1).astype(np.float32)
