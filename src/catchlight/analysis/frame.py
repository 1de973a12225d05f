"""A frame: which part of a photo is shown, how it is turned, and at what size.

Numbers are the headshot norms of the trade: head (chin to crown) 36-46 % of the height of a 4:5
portrait and 42-52 % of a square, eyes 33-42 % from the top, headroom 7-14 %.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from catchlight.pixels import geometry


@dataclass(frozen=True)
class Crop:
    """A composition.

    Attributes
    ----------
    width, height : int, pixels of the full-size result
    head : float, chin to crown over the frame's height
    eyes : float, eye line from the top over the frame's height
    circle : bool, the head must fit the inscribed circle with 8 % to spare
    text : str
    """

    width: int
    height: int
    head: float
    eyes: float
    circle: bool
    text: str


CROPS = {
    "headshot": Crop(1600, 2000, 0.40, 0.36, circle=False, text="head and shoulders, 4:5"),
    "square": Crop(1600, 1600, 0.46, 0.42, circle=True, text="1:1, safe inside a circle"),
    "half": Crop(1600, 2400, 0.31, 0.29, circle=False, text="head to waist, 2:3"),
    "original": Crop(0, 0, 0.0, 0.0, circle=False, text="the photo's own frame"),
}
#: A source smaller than this on the longer side is enlarged to it, and flagged.
SMALLEST = 800


@dataclass(frozen=True)
class Frame:
    """The planned frame.

    Attributes
    ----------
    transform : (2, 3) similarity from photo pixels to frame pixels
    width, height : int
    crop : str
    turn : float, degrees the photo was turned
    enlarged : float, frame pixels per photo pixel where above 1, else 1
    inside : bool, whether the whole frame shows the photo
    notes : tuple of str, what a person should know about this frame
    head : float, chin to crown over the frame's height; 0 where no frame was composed
    asked : float, the same as it was asked for
    off_centre : float, how far the face stands right of the middle, share of the width
    why : tuple of str, why the frame is as it is, in words
    """

    transform: geometry.Transform
    width: int
    height: int
    crop: str
    turn: float
    enlarged: float
    inside: bool
    notes: tuple[str, ...] = ()
    head: float = 0.0
    asked: float = 0.0
    off_centre: float = 0.0
    why: tuple[str, ...] = ()

    def at(self, longest: int) -> Frame:
        """Return the same frame with its longer side at ``longest`` pixels (never larger)."""
        return self if longest >= max(self.width, self.height) else self.resized(longest)

    def resized(self, longest: int) -> Frame:
        """Return the same frame with its longer side at ``longest`` pixels."""
        factor = longest / max(self.width, self.height)
        w, h = max(1, round(self.width * factor)), max(1, round(self.height * factor))
        grow = geometry.rescaling((self.height, self.width), (h, w))
        return replace(self, transform=geometry.chain(self.transform, grow), width=w, height=h)
