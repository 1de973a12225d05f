"""A stroke of a hand in the cut-out, as data: *keep* is the sitter, *remove* is not.

Told in millimetres of the face, from between the eyes, so it holds in any frame, at any size and in
another copy of the photo.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from catchlight.params import Params

#: What lies farther from the face than this is no part of a portrait, in mm.
_FAR = 2000.0

Coordinate = Annotated[float, Field(ge=-_FAR, le=_FAR)]


class Stroke(Params):
    """A stroke of a round brush.

    Attributes
    ----------
    kind : {"keep", "remove"}
    points : (x, y) in mm of the face; the origin lies midway between the eyes, x runs along them to
        the viewer's right, y down the face
    radius : float, mm
    """

    kind: Literal["keep", "remove"]
    points: tuple[tuple[Coordinate, Coordinate], ...] = Field(min_length=1, max_length=2000)
    radius: float = Field(ge=0.5, le=100.0)
