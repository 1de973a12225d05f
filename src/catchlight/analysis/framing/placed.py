"""A frame that a person placed: taken as it is, turned about its middle, and nothing decided."""

from __future__ import annotations

import numpy as np

from catchlight.analysis.frame import CROPS, SMALLEST, Frame
from catchlight.analysis.framing.finish import is_inside, say_enlarged
from catchlight.images import Picture
from catchlight.pixels import geometry

#: Left, top, width and height in shares of the photo's width and height.
Shares = tuple[float, float, float, float]


def place_frame(
    picture: Picture,
    crop: str,
    place: Shares,
    *,
    turn: float,
    size: tuple[int, int] | int | None,
) -> Frame:
    """The frame that a person placed on an upright photo.

    Parameters
    ----------
    picture : Picture
    crop : str, whose name the frame keeps, and how large it may become
    place : shares of the photo's width and height
    turn : float
        Degrees clockwise by which the photo is turned, about the middle of the place.
    size : (width, height), the longer side, or None
        Another shape than the place's keeps its height and its middle.
    """
    left, top, width, height = np.array(place) * np.tile([picture.width, picture.height], 2)
    middle = np.array([left + width / 2 - 0.5, top + height / 2 - 0.5])
    if isinstance(size, tuple):
        out_w, out_h = size
    else:
        full = max(CROPS[crop].width, CROPS[crop].height, SMALLEST)
        longest = size or int(min(max(width, height, SMALLEST), full))
        factor = longest / max(width, height)
        out_w, out_h = max(1, round(width * factor)), max(1, round(height * factor))
    scale = out_h / height
    target = np.array([(out_w - 1) / 2, (out_h - 1) / 2])
    transform = geometry.similarity(scale, turn, middle, target)
    inside = is_inside(transform, out_w, out_h, picture)
    notes = [*say_enlarged(scale)]
    if not inside:
        notes.append("part of the frame that you placed lies beyond the photo")
    why = ("the frame that you placed",)
    return Frame(
        transform, out_w, out_h, crop, turn, max(1.0, scale), inside, tuple(notes), why=why
    )
