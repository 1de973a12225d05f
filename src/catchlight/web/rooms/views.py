"""Views: small pictures of a visitor's photo and of what was made of it, as JPEG or PNG."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Pixels
from catchlight.pixels import colour, filters
from catchlight.studio.clock import Clock
from catchlight.web.rooms.room import Room

#: A provisional crop: its height in heights of the mesh, forehead to chin, and the share of it
#: above the mesh's middle. About what a headshot has.
_TALL, _ABOVE = 2.6, 0.5
#: A JPEG of 800 pixels takes 60 to 130 kB at this quality.
_QUALITY = 86
#: Encoded again with less where it is larger, bytes.
MOST_BYTES = 150_000


def preview(room: Room, clock: Clock, *, photo: str, longest: int) -> bytes:
    """A plain crop by the face, at once, nothing changed: provisional."""
    subject = clock("find faces", lambda: room.subject(photo, _face_of(room, photo)))
    picture = subject.picture
    x0, y0, x1, y1 = subject.face.box
    height = min(_TALL * (y1 - y0), picture.height)
    width = min(0.8 * height, picture.width)
    left = float(np.clip((x0 + x1) / 2 - width / 2, 0, picture.width - width))
    top = float(np.clip((y0 + y1) / 2 - _ABOVE * height, 0, picture.height - height))
    box = np.s_[int(top) : int(top + height) + 1, int(left) : int(left + width) + 1]
    return to_jpeg(replace(picture, codes=picture.codes[box]).preview(longest))


def _face_of(room: Room, photo: str) -> int | None:
    return room.shelf.face if photo == room.shelf.source else None


def show(pixels: Pixels, longest: int) -> bytes:
    """A rendered picture as a small JPEG."""
    small = filters.resize_to(pixels, longest)
    return to_jpeg(colour.p3_to_srgb_codes(colour.compress_gamut(small)))


def to_jpeg(codes: NDArray[np.uint8]) -> bytes:
    """Codes of sRGB as a JPEG of at most 150 kB."""
    for quality in (_QUALITY, 75, 60, 45):
        options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
        done, data = cv2.imencode(".jpg", np.ascontiguousarray(codes[..., ::-1]), options)
        assert done
        if len(data) <= MOST_BYTES:
            break
    return bytes(data.tobytes())


def to_png(codes: NDArray[np.uint8]) -> bytes:
    """Codes of sRGB as a PNG."""
    done, data = cv2.imencode(".png", np.ascontiguousarray(codes[..., ::-1]))
    assert done
    return bytes(data.tobytes())
