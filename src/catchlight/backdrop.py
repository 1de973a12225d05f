"""Backdrops: what stands behind the person, as a choice. Parsed once; painted by each kind itself.

Light on purpose: the schema of a Look and the help of the command read the names without loading a
vision stack. Painting is in :mod:`catchlight.ground`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from catchlight.formats import SUFFIXES

if TYPE_CHECKING:
    from catchlight.analysis.scene import Scene
    from catchlight.arrays import Pixels
    from catchlight.ground import Ground


@dataclass(frozen=True)
class Backdrop:
    """One kind of backdrop; its subclasses say what each is.

    Attributes
    ----------
    name : str, as a person writes it
    """

    name: str

    #: Whether the photo's own background is shown: the frame then stays inside the photo.
    keeps_photo = False
    #: Whether the person has to be cut out.
    needs_matte = True

    @property
    def picture(self) -> Path | None:
        """The file that has to be read for it; None where there is none."""
        return None

    def paint(self, scene: Scene, picture: Pixels | None) -> Ground | None:
        """Paint it for a scene; None where the photo's own background stays as it is.

        Parameters
        ----------
        scene : Scene
        picture : (h, w, 3) linear P3, what :attr:`picture` names; else None
        """
        raise NotImplementedError


@dataclass(frozen=True)
class Keep(Backdrop):
    """The photo's own background."""

    keeps_photo = True
    needs_matte = False

    def paint(self, scene: Scene, picture: Pixels | None) -> Ground | None:  # noqa: D102
        return None


@dataclass(frozen=True)
class Blur(Backdrop):
    """The photo's own background, out of focus."""

    keeps_photo = True

    def paint(self, scene: Scene, picture: Pixels | None) -> Ground | None:  # noqa: D102
        from catchlight.ground import blur_background

        return blur_background(scene.pixels, scene.matte.alpha, scene.face.ied)


@dataclass(frozen=True)
class Paper(Backdrop):
    """A roll of studio paper.

    Attributes
    ----------
    rgb : str, sRGB of the paper at the pool's middle brightness
    pool : float, stops between the pool of light and the far corners
    """

    rgb: str
    pool: float

    def paint(self, scene: Scene, picture: Pixels | None) -> Ground | None:  # noqa: D102
        from catchlight.ground import paint_paper

        return paint_paper(scene, self.rgb, self.pool)


@dataclass(frozen=True)
class Colour(Backdrop):
    """One even colour, ``#rrggbb``."""

    def paint(self, scene: Scene, picture: Pixels | None) -> Ground | None:  # noqa: D102
        from catchlight.ground import paint_colour

        return paint_colour(self.name)


@dataclass(frozen=True)
class PictureFile(Backdrop):
    """A picture of one's own."""

    @property
    def picture(self) -> Path:
        """Its file."""
        return Path(self.name)

    def paint(self, scene: Scene, picture: Pixels | None) -> Ground | None:  # noqa: D102
        from catchlight.ground import fit_picture

        if picture is None:
            raise ValueError(f"the look asks for the picture {self.name}, but none was handed in")
        return fit_picture(picture, scene.pixels.shape)


# 0.5-0.9 stops of falloff are the 6-10 L* that lit seamless paper shows; white paper is lit evenly.
BACKDROPS: tuple[Backdrop, ...] = (
    Keep("keep"),
    Blur("blur"),
    Paper("studio-warm", "#cdc4b9", 0.70),
    Paper("studio-cool", "#bcc4cb", 0.70),
    Paper("charcoal", "#46474a", 1.10),
    Paper("white", "#f6f6f5", 0.06),
    Paper("navy", "#27364f", 1.00),
    Paper("sage", "#9aa58f", 0.80),
)
NAMES: tuple[str, ...] = tuple(b.name for b in BACKDROPS)
_BY_NAME = {b.name: b for b in BACKDROPS}


@cache
def parse_backdrop(text: str) -> Backdrop:
    """Read a backdrop as a person writes it: a name, ``#rrggbb``, or the path of a picture.

    Raises
    ------
    ValueError
        It is none of these.
    """
    if text in _BY_NAME:
        return _BY_NAME[text]
    if re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        return Colour(text)
    if text.lower().endswith(tuple(SUFFIXES)):
        return PictureFile(text)
    raise ValueError(
        f"no backdrop is called {text!r}; use {', '.join(NAMES)}, #rrggbb or the path of a picture"
    )
