"""Backdrops: what stands behind the person, as a choice. Parsed once; painted by each kind itself.

Light on purpose: the schema of a Look and the help of the command read the names without loading a
vision stack. Painting is in :mod:`catchlight.ground`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
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

    def settle(self, scene: Scene) -> Settled:
        """Say what is painted for a scene: itself, but for ``auto``."""
        return Settled(self, self.name)

    def paint(self, scene: Scene, picture: Pixels | None) -> Ground | None:
        """Paint it for a scene; None where the photo's own background stays as it is.

        Parameters
        ----------
        scene : Scene
        picture : (h, w, 3) linear P3, what :attr:`picture` names; else None
        """
        raise NotImplementedError


@dataclass(frozen=True)
class Settled:
    """The backdrop that is painted for a scene.

    Attributes
    ----------
    backdrop : Backdrop
    name : str, for people
    why : str, one sentence; empty where a person chose it
    """

    backdrop: Backdrop
    name: str
    why: str = ""


@dataclass(frozen=True)
class Keep(Backdrop):
    """The photo's own background."""

    keeps_photo = True
    needs_matte = False

    def paint(self, scene: Scene, picture: Pixels | None) -> Ground | None:  # noqa: D102
        return None


@dataclass(frozen=True)
class Blur(Backdrop):
    """The photo's own background, out of focus.

    Attributes
    ----------
    gentle : bool, whether by less, as ``auto`` does it where nobody asked
    """

    gentle: bool = False

    keeps_photo = True

    def paint(self, scene: Scene, picture: Pixels | None) -> Ground | None:  # noqa: D102
        from catchlight.ground import blur_background
        from catchlight.pixels.defocus import GENTLE_MM, RADIUS_MM

        return blur_background(scene, GENTLE_MM if self.gentle else RADIUS_MM)


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
class Auto(Backdrop):
    """What the photo would be best with: its own background, that softened, or paper.

    Attributes
    ----------
    paper : Paper, whose family a painted paper comes from
    """

    paper: Paper

    keeps_photo = True

    def settle(self, scene: Scene) -> Settled:
        """Choose for a scene; the same every time, whatever else is asked for."""
        from catchlight.scenery import choose_scenery

        found = choose_scenery(scene, self.paper.rgb)
        if found.rgb is not None:
            painted = Paper(self.paper.name, found.rgb, self.paper.pool)
            return Settled(painted, f"{found.kind}, {self.paper.name}", found.why)
        drawn = Blur("blur", gentle=True) if found.kind == "blur" else _BY_NAME[found.kind]
        return Settled(drawn, found.kind, found.why)

    def paint(self, scene: Scene, picture: Pixels | None) -> Ground | None:  # noqa: D102
        return self.settle(scene).backdrop.paint(scene, picture)


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
    Paper("linen", "#d8c8b2", 0.60),
    Paper("pearl", "#dce2e5", 0.35),
    Paper("slate", "#757c84", 0.80),
    Paper("umber", "#54483e", 1.20),
)
_BY_NAME: dict[str, Backdrop] = {b.name: b for b in BACKDROPS}
# ``auto`` alone takes its paper from the first family; ``auto:charcoal`` from another.
_PAPERS = [b for b in BACKDROPS if isinstance(b, Paper)]
_BY_NAME |= {"auto": Auto("auto", _PAPERS[0])}
_BY_NAME |= {f"auto:{paper.name}": Auto(f"auto:{paper.name}", paper) for paper in _PAPERS}
NAMES: tuple[str, ...] = ("auto", *(b.name for b in BACKDROPS))


@lru_cache(maxsize=512)
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
