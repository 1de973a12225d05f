"""What an adjustment is to those who list, choose and describe it: words and numbers, no arrays.

Light on purpose: the help of the command, the schema of a Look and the settings read the catalogue
without loading a vision stack. The work is done by the function ``build`` of the module that has
the adjustment's name; it is loaded when somebody first builds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from catchlight.params import Params, slider

if TYPE_CHECKING:
    from catchlight.adjustments.edit import Edit
    from catchlight.analysis.scene import Scene

#: What touches the whole picture, and what moves it: no mask would do. All others name a region.
GLOBAL = ("white_balance", "exposure", "brightness", "warmth", "contrast", "detail", "lens")
#: What a person does by hand, and no guard holds: light and warmth, which always act, and another
#: colour of cloth, to choose by, where cloth is surely told.
MANUAL = ("brightness", "warmth", "garment_colour")
#: What puts a fault of the photo right. It does as much as the photo's evidence asks for, whatever
#: polish is wanted: a dial of taste has no say in it.
CORRECTIONS = ("white_balance", "exposure", "detail", "lens")
#: What is done to the photo's own ground, as the setting says: chosen once, whatever the polish.
GROUNDS = ("falloff", "ground_warmth", "ground_colour")
#: What the dial of polish moves, and nothing else: light as a studio sculpts it, skin, eyes, teeth,
#: hair and clothes. At 0 of the dial each of these is 0. Ground, frame, corrections and what a
#: person does by hand are chosen once, and the dial never moves them.
REFINING = (
    "shadows", "key_light", "dimension", "contrast", "blemishes", "skin_evenness", "shine",
    "under_eye", "eyes", "teeth", "texture", "stray_hair", "clothes",
)  # fmt: skip


@dataclass(frozen=True)
class Adjustment:
    """A row of the catalogue.

    Attributes
    ----------
    name : str
        What the sitter sees, and the module that builds it.
    text : str
        One sentence for a person who moves the slider.
    default : float
        Strength in the plain look, ``low``..1.
    region : str
        The region that masks it: a name of :data:`catchlight.analysis.parts.regions.NAMES` or of
        :data:`catchlight.analysis.scene.LIT`; ``all`` for those of :data:`GLOBAL`.
    about_colour : bool
        Whether it may change the colour of a neutral grey.
    params : type of Params
        The choices of its own, each a field of the Look; most have none.
    low : float
        Least strength: 0, or -1 for a control whose opposite is of use too.
    unit : str
        What its change is measured in: ``stops``, of a warp ``mm`` of the face.
    """

    name: str
    text: str
    default: float
    region: str
    about_colour: bool
    params: type[Params] = Params
    low: float = 0.0
    unit: str = "stops"

    @property
    def build(self) -> Callable[[Scene, Any], Edit | None]:
        """The function (scene, params) -> edit at full strength, None where there is nothing to do.

        ``params`` is an instance of :attr:`params`.
        """
        function: Callable[[Scene, Any], Edit | None]
        function = import_module(f"catchlight.adjustments.{self.name}").build
        return function

    @property
    def strength(self) -> tuple[type[float], Any]:
        """The slider of its strength, as a pydantic field."""
        return float, slider(self.default, self.low, 1.0, "strength", self.text)
