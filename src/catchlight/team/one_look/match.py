"""Matching: paper, crop and light taken from one headshot that somebody likes."""

from __future__ import annotations

from typing import Any

import numpy as np

from catchlight.arrays import as_float
from catchlight.errors import CrewError
from catchlight.pixels.colour import lab_to_p3, p3_to_hex
from catchlight.team.work.presence import Presence, measure_presence

#: A backdrop whose L* varies more than this is no paper: its colour would be nobody's.
_PLAIN = 9.0
_SIDE = 640


def take_after(data: bytes, *, max_megapixels: float) -> tuple[dict[str, Any], Presence]:
    """Take after a headshot.

    Parameters
    ----------
    data : bytes, of the picture
    max_megapixels : float

    Returns
    -------
    What it asks of a look (``backdrop`` where it stands before something plain), and its presence.

    Raises
    ------
    PictureError, FaceError
    """
    from catchlight.analysis.face.outline import draw_hull
    from catchlight.analysis.framing.head import measure_head
    from catchlight.analysis.parts.segment import PersonMask
    from catchlight.analysis.subject import open_subject
    from catchlight.images import open_picture
    from catchlight.pixels import colour, filters, geometry

    subject = open_subject(open_picture(data, max_megapixels=max_megapixels))
    picture = subject.picture
    factor = min(1.0, _SIDE / max(picture.width, picture.height))
    width, height = (round(side * factor) for side in (picture.width, picture.height))
    pixels = filters.resize(picture.linear(), width, height)
    face = subject.face.moved(geometry.rescaling((picture.height, picture.width), (height, width)))
    person = PersonMask(colour.p3_to_srgb_codes(pixels), face).over(np.eye(2, 3), width, height)
    extent = measure_head(face, person)
    skin = as_float(draw_hull(face, width, height) & (person > 0.5))
    seen = measure_presence(
        pixels, face, skin, person,
        head=extent.height / height, eyes=extent.eyes / height,
    )  # fmt: skip
    if not 0.12 <= seen.head <= 0.8:
        raise CrewError(
            f"--match: its head fills {seen.head:.0%} of the height; 12 to 80 % will do."
        )
    asked: dict[str, Any] = {}
    if seen.backdrop is not None and seen.unrest is not None and seen.unrest <= _PLAIN:
        light = lab_to_p3(np.array(seen.backdrop, np.float32)[None])[0]
        asked["backdrop"] = p3_to_hex(light)
    return asked, seen
